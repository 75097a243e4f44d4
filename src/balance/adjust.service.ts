import type { MoveAnswer } from '../charging';
import type { RequestContext } from '../context';
import { refuse } from '../platform/errors';
import { decodeId, decodeNumericId } from '../platform/graphql';
import { currencyOf } from '../platform/money';
import { auditRefusal, conductMove, MoveAudit } from '../product/move-mutation';
import { bucketKeyOf, ownerOfBucket, OwnedBucket } from './account-balance.loader';
import type { BalanceAdjustInput, BalanceTransferInput } from './balance.input';
import { checkedReason } from '../platform/text';
import { checkedAmount, checkedPayable, Limits, requireWithin } from './move.rules';
import { limitsOf, requireAccount } from './visible.service';

/**
 * Corrects one bucket: finance without a limit, a care agent money within the token's limit.
 * @throws Refusal INVALID_INPUT, NOT_FOUND, NOT_ALLOWED, CURRENCY_MISMATCH, LIMIT_EXCEEDED, and what the engine refuses.
 */
export async function adjust(context: RequestContext, input: BalanceAdjustInput): Promise<MoveAnswer> {
  const audit: MoveAudit = { operation: 'balanceAdjust', objectType: 'Bucket', objectId: '' };
  const checked = await auditRefusal(context, audit, async () => {
    const key = bucketKeyOf(decodeId(input.bucketId, 'Bucket') ?? []);
    const owner = key && await ownerOfBucket(context, key);
    if (!owner) return refuse('NOT_FOUND', 'No such object.', ['bucketId']);
    return { reason: checkedReason(input.reason), accountId: owner.accountId, bucketId: key.bucketId, amount: changeOf(await limitsOf(context), context.caller.role === 'FINANCE', input, owner), key };
  });
  const { key: { rootId, bucketId }, ...move } = checked;
  const named = { ...audit, objectId: `${rootId}:${bucketId}`, reason: move.reason };
  return conductMove(context, input.idempotencyKey, named, (key) => context.services.charging.adjust(key, move));
}

/** What to add, in the bucket's own asset. */
function changeOf(limits: Limits, isFinance: boolean, { money, quantity }: BalanceAdjustInput, { asset }: OwnedBucket): bigint {
  const currency = currencyOf(asset);
  if (money && !quantity) {
    const value = checkedAmount(money, ['money']);
    if (money.currency !== currency) refuse('CURRENCY_MISMATCH', `The bucket is kept in ${currency ?? asset}.`, ['money', 'currency']);
    if (!isFinance) requireWithin(limits, value, money.currency, ['money', 'amount']);
    return value;
  }
  if (quantity && !money) {
    if (!isFinance) refuse('NOT_ALLOWED', 'Units are corrected by finance.', ['quantity']);
    if (quantity.unit !== asset) refuse('CURRENCY_MISMATCH', `The bucket is kept in ${currency ?? asset}.`, ['quantity', 'unit']);
    if (quantity.amount === 0n || quantity.amount >= MOST_UNITS || quantity.amount <= -MOST_UNITS) {
      refuse('INVALID_INPUT', 'A correction is not zero and has at most 18 digits.', ['quantity', 'amount']);
    }
    return quantity.amount;
  }
  return refuse('INVALID_INPUT', 'Give exactly one of money and quantity.');
}

const MOST_UNITS = 10n ** 18n;

/**
 * Moves paid money between prepaid accounts: a subscriber from an own account within the tenant's limits, a care agent
 * within the token's limit too.
 * @throws Refusal INVALID_INPUT, NOT_FOUND, LIMIT_EXCEEDED, and what the engine refuses.
 */
export async function transfer(context: RequestContext, input: BalanceTransferInput): Promise<MoveAnswer> {
  const { caller, services } = context;
  const audit: MoveAudit | null = caller.role === 'SUBSCRIBER' ? null : { operation: 'balanceTransfer', objectType: 'BillingAccount', objectId: '' };
  const move = await auditRefusal(context, audit, async () => {
    const from = await requireAccount(context, input.fromAccountId, 'fromAccountId', 'READ');
    const amount = checkedPayable(input.amount, ['amount']);
    if (audit) requireWithin(await limitsOf(context), amount, input.amount.currency, ['amount', 'amount']);
    return { fromAccountId: from.accountId, toAccountId: receiverOf(input.toAccountId), amount, currency: input.amount.currency };
  });
  const named = audit && { ...audit, objectId: move.fromAccountId.toString(), after: { toAccountId: move.toAccountId.toString() } };
  const answer = await conductMove(context, input.idempotencyKey, named, (key) => services.charging.transfer(key, move));
  return answer.from;
}

/** The engine looks for it in the caller's tenant only. */
const receiverOf = (id: string): bigint => decodeNumericId(id, 'BillingAccount') ?? refuse('NOT_FOUND', 'No such account.', ['toAccountId']);
