import { checkedPayable, checkedPositive, requireWithin } from '../balance/move.rules';
import { limitsOf, requireAccount } from '../balance/visible.service';
import type { RequestContext } from '../context';
import type { VisibleAccount } from '../party';
import { refuse } from '../platform/errors';
import { decodeId } from '../platform/graphql';
import { refuseCardNumber } from '../platform/text';
import { auditRefusal, conductMove, MoveAudit } from '../product/move-mutation';
import { documentKeyOf, paymentLoader } from './bill.loader';
import type { BillPaymentRecordInput } from './bill.input';
import { paymentMove, PaymentToRecord } from './payment.move';
import type { BillPayment } from './payment.type';

const AUDIT: MoveAudit = { operation: 'billPaymentRecord', objectType: 'BillingAccount', objectId: '' };
const MOST_TOLD = 100;
/** Controls (U+0000 included) and halves of surrogate pairs. */
const NOT_TEXT = /[\p{Cc}\p{Cs}]/u;

/**
 * Records a payment of bills, once a key; a channel within its token's limit.
 * @throws Refusal INVALID_INPUT, NOT_FOUND, NOT_ALLOWED, CONFLICT, CURRENCY_MISMATCH, LIMIT_EXCEEDED, and what the engine refuses.
 */
export async function recordPayment(context: RequestContext, input: BillPaymentRecordInput): Promise<BillPayment> {
  const { caller, services } = context;
  const payment = await auditRefusal(context, AUDIT, () => checked(context, input));
  const audit = { ...AUDIT, objectId: payment.accountId.toString() };
  const answer = await conductMove(context, input.idempotencyKey, audit, (key) => services.charging.settle(key, paymentMove({ ...payment, recordedBy: caller.subject })));
  const found = await paymentLoader(context).load({ rootId: BigInt(answer.rootId), position: BigInt(answer.position) });
  if (!found) throw new Error('A payment that was just recorded is not there.');
  return found;
}

async function checked(context: RequestContext, input: BillPaymentRecordInput): Promise<Omit<PaymentToRecord, 'recordedBy'>> {
  const { caller } = context;
  const account = await requireAccount(context, input.accountId, 'accountId', caller.role === 'CHANNEL' ? 'TOP_UP' : 'READ');
  const amount = checkedPayable(input.amount, ['amount']);
  if (input.amount.currency !== account.currency) refuse('CURRENCY_MISMATCH', `The account is kept in ${account.currency}.`, ['amount', 'currency']);
  if (caller.role === 'CHANNEL') requireWithin(await limitsOf(context), amount, account.currency, ['amount', 'amount']);
  const reference = input.reference.trim();
  if (reference.length < 1 || reference.length > 140 || NOT_TEXT.test(reference)) {
    refuse('INVALID_INPUT', 'A reference has 1 to 140 characters, without control characters.', ['reference']);
  }
  refuseCardNumber(reference, ['reference']);
  return { accountId: account.accountId, amount, currency: account.currency, reference, told: toldOf(input, account) };
}

function toldOf({ allocations }: BillPaymentRecordInput, account: VisibleAccount): PaymentToRecord['told'] {
  const told = allocations ?? [];
  if (told.length > MOST_TOLD) refuse('INVALID_INPUT', `A payment names at most ${MOST_TOLD} bills.`, ['allocations']);
  return told.map(({ billId, amount }, index) => {
    const path = ['allocations', `${index}`];
    const key = documentKeyOf(decodeId(billId, 'CustomerBill'));
    // A bill of another account is told like one that is not there.
    if (!key || key.accountId !== account.accountId) return refuse('NOT_FOUND', 'No such bill of this account.', [...path, 'billId']);
    if (amount.currency !== account.currency) refuse('CURRENCY_MISMATCH', `The account is kept in ${account.currency}.`, [...path, 'amount', 'currency']);
    return { sequence: key.sequence, amount: checkedPositive(amount, [...path, 'amount']) };
  });
}
