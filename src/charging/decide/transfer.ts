import { createHash } from 'node:crypto';
import { availableIn, Bucket, staysInRange } from '../../balance';
import type { TenantSettings } from '../../tenant';
import { formatAmount, parseAmount } from '../../platform/money';
import { isoInstant, Statement } from '../../platform/db';
import { MoveKey, TransferInput } from '../charging.api';
import { RootState } from '../work/root-state';
import { Work } from '../work/work';
import { MoveDecision, ReadRows, refused } from './move';
import { hasLapsed } from './prepaid-life';
import { moveError } from './refusals';
import { moveAnswer, prepaidBucket } from './top-up';

/** What the account already sent since a day ago: read under the lock, because the limit of a day is a promise. */
export const sentToday = (root: { readonly shard: number; readonly rootId: bigint }, tenantId: number): Statement => ({
  name: 'transfers-sent',
  text: `select e.bucket_id, sum(-e.amount) as sent from entry e
          where e.shard = $1 and e.root_id = $2 and e.kind = 'TRANSFER' and e.amount < 0
            and e.booked_at > (select clock_timestamp() + t.clock_offset_ms * interval '1 millisecond' - interval '1 day' from tenant t where t.id = $3)
          group by e.bucket_id`,
  values: [root.shard, root.rootId.toString(), tenantId],
});

/**
 * Paid money from one prepaid account to another of the same currency, through the transfer account; promotional money
 * never. The sender's own side is judged first and the receiver by one answer, so that nobody learns whose account it is.
 */
export function decideTransfer(work: Work, from: RootState, to: RootState | null, key: MoveKey, input: TransferInput, rows: ReadRows): MoveDecision {
  const source = from.setup.accounts.get(input.fromAccountId);
  if (!source || source.state !== 'ACTIVE') return refused([moveError('NOT_FOUND', 'No such account.', ['fromAccountId'])], false);
  const purse = prepaidBucket(from, source);
  if (!purse || input.fromAccountId === input.toAccountId) return refused([moveError('NOT_ALLOWED', 'Money is transferred between two different prepaid accounts.')], false);
  if (source.currency !== input.currency) {
    return refused([moveError('CURRENCY_MISMATCH', `The account is kept in ${source.currency}.`, ['amount', 'currency'])], false);
  }
  const bounds = boundsPassed(work.factsOf(from.setup.tenantId).settings.transferLimits, input, sentOf(purse, rows));
  if (bounds !== null) return refused([moveError('LIMIT_EXCEEDED', bounds, ['amount'])], false);
  const now = work.now(from.setup.tenantId);
  const spendable = purse.validUntil === null || now < purse.validUntil;
  if (!spendable || (availableIn(purse) ?? input.amount) < input.amount) return refused([moveError('INSUFFICIENT_BALANCE', undefined, ['amount'])]);
  const goal = to && receiving(work, to, input, now);
  if (!to || !goal || goal.asset !== purse.asset || !staysInRange(goal, input.amount)) {
    return refused([moveError('NOT_FOUND', `No such account that receives transfers in ${input.currency}.`, ['toAccountId'])], false);
  }
  return book(work, from, to, key, input, purse, goal, now);
}

const sentOf = (purse: Bucket, rows: ReadRows): bigint =>
  BigInt((rows[0]?.find((row) => row.bucket_id === purse.id)?.sent as string | undefined) ?? '0');

/** The tenant's limits in words where the transfer passes one; null where it stays within. */
function boundsPassed(limits: TenantSettings['transferLimits'], { amount, currency }: TransferInput, sent: bigint): string | null {
  const perMove = limits && parseAmount(limits.perMove);
  const perDay = limits && parseAmount(limits.perDay);
  if (perMove === null || perDay === null) return 'Transfers are not offered.';
  if (amount <= perMove && sent + amount <= perDay) return null;
  return `At most ${formatAmount(perMove, currency)} a transfer and ${formatAmount(perDay, currency)} in 24 hours.`;
}

/** The receiver's prepaid money while it lives; expired money is opened again by a top-up alone. */
function receiving(work: Work, to: RootState, { toAccountId }: TransferInput, now: number): Bucket | null {
  const target = to.setup.accounts.get(toAccountId);
  const goal = target?.state === 'ACTIVE' ? prepaidBucket(to, target) : null;
  return goal && !hasLapsed(goal, now, work.factsOf(to.setup.tenantId).settings.graceDays) ? goal : null;
}

function book(
  work: Work, from: RootState, to: RootState, key: MoveKey, input: TransferInput, purse: Parameters<Work['move']>[0],
  goal: Parameters<Work['move']>[0], now: number,
): MoveDecision {
  const position = from.nextPosition();
  work.move(purse, from, position, { kind: 'TRANSFER', amount: -input.amount, contra: 'transfer' });
  const arrival = from === to ? position : to.nextPosition();
  work.move(goal, to, arrival, { kind: 'TRANSFER', amount: input.amount, contra: 'transfer' });
  const answer = {
    from: moveAnswer(from, purse, position, -input.amount, now), to: moveAnswer(to, goal, arrival, input.amount, now),
  };
  // The receiving root's own row: every position of a root has a request or a charge.
  if (from !== to) {
    work.requests.push({
      shard: to.shard, tenantId: to.setup.tenantId, operation: 'TRANSFER_IN', caller: key.caller, key: `${from.rootId}:${position}`,
      rootId: to.rootId, position: arrival, bodyHash: createHash('sha256').update(isoInstant(now)).digest(), answer: JSON.stringify(answer.to),
    });
  }
  return { kind: 'DONE', position, answer };
}

