import { createHash } from 'node:crypto';
import { availableIn } from '../../balance';
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

/** Paid money from one prepaid account to another of the same currency, through the transfer account; promotional money never. */
export function decideTransfer(work: Work, from: RootState, to: RootState, key: MoveKey, input: TransferInput, rows: ReadRows): MoveDecision {
  const source = from.setup.accounts.get(input.fromAccountId);
  const target = to.setup.accounts.get(input.toAccountId);
  if (!source || source.state !== 'ACTIVE') return refused([moveError('NOT_FOUND', 'No such account.', ['fromAccountId'])], false);
  if (!target || target.state !== 'ACTIVE') return refused([moveError('NOT_FOUND', 'No such account.', ['toAccountId'])], false);
  const [purse, goal] = [prepaidBucket(from, source), prepaidBucket(to, target)];
  if (!purse || !goal || purse === goal) return refused([moveError('NOT_ALLOWED', 'Money is transferred between two different prepaid accounts.')], false);
  if (purse.asset !== goal.asset || source.currency !== input.currency) {
    return refused([moveError('CURRENCY_MISMATCH', `The accounts are kept in ${source.currency} and ${target.currency}.`, ['amount', 'currency'])], false);
  }
  const limits = work.factsOf(from.setup.tenantId).settings.transferLimits;
  const perMove = limits && parseAmount(limits.perMove);
  const perDay = limits && parseAmount(limits.perDay);
  const sent = BigInt((rows[0]?.find((row) => row.bucket_id === purse.id)?.sent as string | undefined) ?? '0');
  if (perMove === null || perDay === null || input.amount > perMove || sent + input.amount > perDay) {
    const bounds = perMove === null ? 'Transfers are not offered.'
      : `At most ${formatAmount(perMove, input.currency)} a transfer and ${formatAmount(perDay ?? perMove, input.currency)} in 24 hours.`;
    return refused([moveError('LIMIT_EXCEEDED', bounds, ['amount'])], false);
  }
  const now = work.now(from.setup.tenantId);
  if (hasLapsed(goal, now, work.factsOf(to.setup.tenantId).settings.graceDays)) {
    return refused([moveError('BUCKET_EXPIRED', 'The receiving account has expired; a top-up opens it again.', ['toAccountId'])], false);
  }
  const spendable = purse.validUntil === null || now < purse.validUntil;
  if (!spendable || (availableIn(purse) ?? input.amount) < input.amount) return refused([moveError('INSUFFICIENT_BALANCE', undefined, ['amount'])]);
  return book(work, from, to, key, input, purse, goal, now);
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

