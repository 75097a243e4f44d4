import { Statement } from '../../platform/db';
import { isDeviceCount } from '../../usage/device-count.rules';
import type { ReversedCharge } from '../batch-step';
import { RefundInput } from '../charging.api';
import { RootState } from '../work/root-state';
import { Work } from '../work/work';
import { lapse } from './lapse';
import { MoveDecision, ReadRows, refused } from './move';
import { billPeriodOf } from './periods';
import { billedUnits, countersRead, takeBackCounters } from './refund-counters';
import { EntryOfCharge, paidParts, partOf, ReturnedPart, wholeOf } from './refund-parts';
import { moveError } from './refusals';
import { moveAnswer } from './top-up';

/** The charge with its refunds before, the entries of all of them, and the counters that the charge added to. */
export const refundReads = (shard: number, input: RefundInput): readonly Statement[] => {
  const values = [shard, input.rootId.toString(), input.position.toString()];
  return [
    { name: 'refund-charge',
      text: `select c.*, floor(extract(epoch from c.event_at) * 1000)::float8 as event_ms from charge c
              where c.shard = $1 and c.root_id = $2 and (c.position = $3 or c.reverses = $3)`,
      values },
    { name: 'refund-entries',
      text: `select e.bucket_id, e.amount, e.kind, e.contra, e.tax, e.tax_code from entry e
              where e.shard = $1 and e.root_id = $2 and e.kind in ('CHARGE', 'FEE', 'REFUND')
                and e.position in (select c.position from charge c where c.shard = $1 and c.root_id = $2 and (c.position = $3 or c.reverses = $3))
              order by e.bucket_id, e.version`,
      values },
    countersRead(shard, input.rootId, input.position),
  ];
};

/**
 * Gives a charge back, in full with its units or a part of its money: an opposite charge that names the first, opposite
 * entries into the buckets that paid. The parts given back never exceed the charge.
 */
export function decideRefund(work: Work, root: RootState, input: RefundInput, rows: ReadRows): MoveDecision {
  const [found = [], entries = [], counters = []] = rows;
  const original = found.find((row) => row.position === input.position.toString() && row.tenant_id === root.setup.tenantId);
  if (!original || original.status !== 'CHARGED' || original.reverses !== null) return refused([moveError('NOT_FOUND', 'No such charge.', ['chargeId'])], false);
  const refunds = found.filter((row) => row.reverses !== null);
  const left = refunds.reduce((sum, row) => sum + grossOf(row), grossOf(original));
  if (input.amount === null ? refunds.length > 0 : refunds.length > 0 && input.amount > left) {
    return refused([moveError('CONFLICT', 'The charge was given back before, in part or in full.', ['chargeId'])]);
  }
  if (input.amount !== null && (input.amount <= 0n || input.amount > left)) {
    return refused([moveError('INVALID_INPUT', 'A refund is above zero and at most the charge.', ['amount'])], false);
  }
  const paid = paidParts(root, entries as unknown as readonly EntryOfCharge[]);
  const parts = input.amount === null ? wholeOf(paid) : partOf(paid, input.amount);
  return book(work, root, input, original, parts, counters, refunds);
}

const grossOf = (row: Record<string, unknown>): bigint => BigInt(row.net as string) + BigInt(row.tax as string);
const idOf = (value: unknown): bigint | null => (value === null ? null : BigInt(value as string));

function book(
  work: Work, root: RootState, input: RefundInput, original: Record<string, unknown>, parts: readonly ReturnedPart[],
  counters: readonly Record<string, unknown>[], refunds: readonly Record<string, unknown>[],
): MoveDecision {
  const now = work.now(root.setup.tenantId);
  const account = root.setup.accounts.get(BigInt(original.account_id as string))!;
  const payer = root.setup.accounts.get(account.payerId) ?? account;
  const isWhole = input.amount === null;
  const position = root.nextPosition();
  const taken = parts.map((part) => [part.bucket.id, (-part.amount).toString(), part.bucket.value.toString()]);
  for (const part of parts) giveBack(work, root, position, part);
  const money = parts.filter((part) => part.bucket.kind !== 'UNIT');
  const total = money.reduce((sum, part) => sum + part.amount, 0n);
  const tax = money.reduce((sum, part) => sum + part.tax, 0n);
  const eventAt = original.event_ms as number;
  work.charges.push({
    shard: root.shard, rootId: root.rootId, position, tenantId: root.setup.tenantId, source: 'refund', eventId: `${root.rootId}:${position}`,
    role: 'RETAIL', party: 0n, bodyHash: original.body_hash as Buffer, status: 'CHARGED', reason: input.reason, accountId: account.id,
    productId: idOf(original.product_id), kind: original.kind as string, identifier: null, otherParty: null, eventAt,
    billPeriod: billPeriodOf(root, payer, input.ofOwnPeriod ? eventAt : now), unit: original.unit as string,
    quantity: isWhole ? -BigInt(original.quantity as string) : 0n, net: tax - total, tax: -tax, asset: original.asset as string,
    priceVersionId: idOf(original.price_version_id), reverses: input.position, explanation: JSON.stringify({ b: taken }),
    shares: null, reversed: reversedOf(original, refunds, isWhole),
  });
  takeBackCounters(work, root, counters, {
    payer, eventAt, gross: total, billed: isWhole ? billedUnits(original.explanation) : null,
    isByItself: isDeviceCount({ source: original.source as string, unit: original.unit as string }),
  });
  const purse = (money.at(-1) ?? parts.at(-1))?.bucket ?? root.rootBucket;
  return { kind: 'DONE', position, answer: moveAnswer(root, purse, position, total, now) };
}

const taxedOf = (row: Record<string, unknown>): { net: bigint; tax: bigint; shares: unknown } =>
  ({ net: BigInt(row.net as string), tax: BigInt(row.tax as string), shares: row.shares });

const reversedOf = (original: Record<string, unknown>, refunds: readonly Record<string, unknown>[], isWhole: boolean): ReversedCharge =>
  ({ ...taxedOf(original), isWhole, bookedAt: (original.booked_at as Date).getTime(), before: refunds.map(taxedOf) });

/** Units and given money return to the bucket they came from, even an ended one: there they lapse again at once. */
export function giveBack(work: Work, root: RootState, position: bigint, { bucket, amount, tax, taxCode, contra }: ReturnedPart): void {
  work.move(bucket, root, position, { kind: 'REFUND', amount, contra, tax: -tax, taxCode });
  if (bucket.state === 'EXPIRED') lapse(work, root, bucket, amount, position);
}
