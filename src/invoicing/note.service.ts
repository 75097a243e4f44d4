import { checkedPositive } from '../balance/move.rules';
import type { RequestContext } from '../context';
import { refuse } from '../platform/errors';
import { decodeId, wholePart } from '../platform/graphql';
import { shardOfId } from '../platform/root';
import { checkedReason } from '../platform/text';
import { auditRefusal, conductMove, MoveAudit } from '../product/move-mutation';
import { billLoader, documentKeyOf, notesLoader } from './bill.loader';
import type { CreditNoteCreateInput } from './bill.input';
import type { CustomerBill } from './bill.type';
import { issueDocuments } from './issue';
import { noteMove, NoteToCreate } from './note.move';
import type { CreditNote } from './payment.type';

const AUDIT: MoveAudit = { operation: 'creditNoteCreate', objectType: 'CustomerBill', objectId: '' };
const MOST_LINES = 1_000;

/**
 * Corrects an issued bill by a credit note, once a key. The note gets its number in a step of its own: a repeat of a call that
 * ended between the two gives it.
 * @throws Refusal INVALID_INPUT, NOT_FOUND, CONFLICT, CURRENCY_MISMATCH, and what the engine refuses.
 */
export async function createNote(context: RequestContext, input: CreditNoteCreateInput): Promise<CreditNote> {
  const { caller, services } = context;
  const note = await auditRefusal(context, AUDIT, () => checked(context, input));
  const audit = { ...AUDIT, objectId: `${note.accountId}:${note.sequence}`, reason: note.reason };
  const answer = await conductMove(context, input.idempotencyKey, audit, (key) => services.charging.settle(key, noteMove(note)));
  const { timeZone, settings } = await services.tenants.require(caller.tenantId);
  await issueDocuments(services.pool, { tenantId: caller.tenantId, timeZone, paymentTermDays: settings.paymentTermDays }, 'CREDIT_NOTE',
    [{ shard: shardOfId(note.accountId), accountId: note.accountId, sequence: answer.noteSequence }]);
  // It was read before it was corrected.
  billLoader(context).clear(note);
  const found = (await notesLoader(context).load(note)).find((one) => one.sequence === answer.noteSequence);
  if (!found) throw new Error('A credit note that was just made is not there.');
  return found;
}

async function checked(context: RequestContext, input: CreditNoteCreateInput): Promise<NoteToCreate> {
  const key = documentKeyOf(decodeId(input.billId, 'CustomerBill'));
  const bill = key && await billLoader(context).load(key);
  if (!bill) return refuse('NOT_FOUND', 'No such object.', ['billId']);
  const lines = input.lines ?? [];
  if (input.lines?.length === 0) refuse('INVALID_INPUT', 'Name the lines to correct, or leave them out for all of the bill.', ['lines']);
  if (lines.length > MOST_LINES) refuse('INVALID_INPUT', `A credit note names at most ${MOST_LINES} lines.`, ['lines']);
  return { ...bill.key, reason: checkedReason(input.reason), lines: lines.map((line, index) => lineOf(line, bill, ['lines', `${index}`])) };
}

function lineOf(
  { lineId, amount }: NonNullable<CreditNoteCreateInput['lines']>[number], { key, total: { currency } }: CustomerBill, path: readonly string[],
): NoteToCreate['lines'][number] {
  const [account, sequence, line] = (decodeId(lineId, 'AppliedCustomerBillingRate') ?? []).map(wholePart);
  if (account !== key.accountId || sequence !== BigInt(key.sequence) || line === null || line === undefined) return refuse('NOT_FOUND', 'No such line of this bill.', [...path, 'lineId']);
  if (amount && amount.currency !== currency) refuse('CURRENCY_MISMATCH', `The bill is in ${currency}.`, [...path, 'amount', 'currency']);
  return { lineNo: parseInt(line.toString(), 10), amount: amount ? checkedPositive(amount, [...path, 'amount']) : null };
}
