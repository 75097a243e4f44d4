import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import { AuditEntry, recordAudit } from '../audit';
import type { RequestContext } from '../context';
import { moneyLimitIn, type Role } from '../platform/auth/caller';
import { inTransaction } from '../platform/db';
import { refuse } from '../platform/errors';
import { decodeId, encodeId, MoneyInput, moneyOf, MoneyMove } from '../platform/graphql';
import { amount, Amount, parseAmount } from '../platform/money';
import { refuseCardNumber } from '../platform/text';
import { settle } from '../tenant';
import { checkedText, isSenderKey, UsageFault } from '../usage/text.rules';
import type { MoveAnswer, MoveOutcome } from './charging.api';
import { paidParts, shownPart } from './charge-payment.loader';
import { ChargeRefundInput } from './charge-refund.input';
import { ChargeRefundPayload, Refund } from './charge-refund.payload';
import { chargeKeyOf, chargeLoader } from './charge.loader';
import type { Charge } from './charge.type';

const LONGEST_KEY = 128;
const LONGEST_NOTE = 500;

/** Giving charges back. */
@Resolver()
export class ChargeRefundResolver {
  @Authorized<Role>(['CRM_AGENT', 'FINANCE'])
  @MoneyMove()
  @Mutation(() => ChargeRefundPayload, {
    description: 'Gives a charge back to the buckets that paid it, in full with its units or a part of its money; an agent within the limit of '
      + 'the token. Errors: NOT_FOUND, INVALID_INPUT, LIMIT_EXCEEDED, CURRENCY_MISMATCH, CONFLICT, IDEMPOTENCY_KEY_REUSED.',
  })
  chargeRefund(
    @Arg('input', () => ChargeRefundInput, { description: 'The charge and how much of it.' }) input: ChargeRefundInput,
    @Ctx() context: RequestContext,
  ): Promise<ChargeRefundPayload> {
    return settle(ChargeRefundPayload, 'refund', async () => {
      checkTexts(input);
      const key = chargeKeyOf(decodeId(input.chargeId, 'Charge'));
      const charge = key && await chargeLoader(context).load(key);
      if (!charge) return refuseUnknown(input, context);
      return refund(charge, wantedOf(charge, input.amount ?? null), input, context);
    });
  }
}

function checkTexts({ idempotencyKey, note }: ChargeRefundInput): void {
  if (!isSenderKey(idempotencyKey, LONGEST_KEY)) {
    refuse('INVALID_INPUT', `A key is 1 to ${LONGEST_KEY} printable ASCII characters.`, ['idempotencyKey']);
  }
  if (!note) return;
  refuseCardNumber(note, ['note']);
  try {
    checkedText(note, LONGEST_NOTE, ['note']);
  } catch (error) {
    if (!(error instanceof UsageFault)) throw error;
    refuse('INVALID_INPUT', error.message, error.path);
  }
}

/** A refused change is audited too. */
async function refuseUnknown(input: ChargeRefundInput, context: RequestContext): Promise<never> {
  const entry = { ...authorOf(input, context), objectId: '', after: { errorCode: 'NOT_FOUND' }, result: 'REFUSED' as const };
  await inTransaction(context.services.pool, (tx) => recordAudit(tx, entry));
  return refuse('NOT_FOUND', 'No such charge.', ['chargeId']);
}

/** The part to give back; null = all of it. */
function wantedOf(charge: Charge, wanted: MoneyInput | null): Amount | null {
  if (wanted === null) return null;
  if (wanted.currency !== charge.currency) refuse('CURRENCY_MISMATCH', `The charge is in ${charge.currency}.`, ['amount', 'currency']);
  return parseAmount(wanted.amount) ?? refuse('INVALID_INPUT', 'Must have at most six decimals.', ['amount', 'amount']);
}

async function refund(charge: Charge, wanted: Amount | null, input: ChargeRefundInput, context: RequestContext): Promise<Refund> {
  const { services, caller } = context;
  const value = wanted ?? amount(charge.grossAmount);
  const audit = auditOf(charge, value, input, context);
  if (!await mayMove(value, charge.currency, context)) {
    await inTransaction(services.pool, (tx) => recordAudit(tx, { ...audit, after: { ...audit.after, errorCode: 'LIMIT_EXCEEDED' }, result: 'REFUSED' }));
    refuse('LIMIT_EXCEEDED', 'This is more than your limit for one move.', wanted === null ? ['chargeId'] : ['amount']);
  }
  const outcome = await services.charging.refund(
    { tenantId: caller.tenantId, caller: caller.subject, key: input.idempotencyKey, audit },
    { rootId: charge.rootId, position: charge.position, amount: wanted, reason: input.reason });
  return shown(charge, outcome, context);
}

/** An agent's token says how much one move of a currency may be; finance has no limit. */
async function mayMove(value: Amount, currency: string, { caller, services }: RequestContext): Promise<boolean> {
  if (caller.role === 'FINANCE') return true;
  const text = moneyLimitIn(caller, currency, (await services.tenants.require(caller.tenantId)).currency);
  const limit = text === null ? null : parseAmount(text);
  return limit !== null && value <= limit;
}

/** Who refunds, and why: what every audit row of a refund begins with. */
const authorOf = ({ note }: ChargeRefundInput, { caller, requestId }: RequestContext): Omit<AuditEntry, 'result' | 'objectId'> => ({
  tenantId: caller.tenantId, actor: caller.subject, role: caller.role, operation: 'chargeRefund', objectType: 'Charge', requestId,
  ...(note ? { reason: note } : {}),
});

const auditOf = (charge: Charge, value: Amount, input: ChargeRefundInput, context: RequestContext): Omit<AuditEntry, 'result'> => ({
  ...authorOf(input, context), objectId: `${charge.rootId}:${charge.position}`,
  after: { refundAmount: value, currency: charge.currency, reasonCode: input.reason },
});

async function shown(charge: Charge, outcome: MoveOutcome<MoveAnswer>, context: RequestContext): Promise<Refund> {
  if (!outcome.ok) {
    const { code, message, path } = outcome.errors[0]!;
    return refuse(code, message, path);
  }
  const position = BigInt(outcome.answer.position);
  const reversal = await chargeLoader(context).load({ rootId: charge.rootId, position });
  if (!reversal) throw new Error('A refund was booked and its charge is not there.');
  const parts = (await paidParts(reversal, context)).map((part) => ({ ...part, amount: -part.amount }));
  return {
    id: encodeId('Refund', charge.rootId, position), charge, reversal, gross: moneyOf(amount(-reversal.grossAmount), charge.currency),
    returnedTo: parts.map(shownPart),
  };
}
