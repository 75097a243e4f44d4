import { Bucket, byMoneyTurn } from '../../balance';
import { divideRounded } from '../../platform/money';
import { Statement } from '../../platform/db';
import { MoveKey, RefundInput } from '../charging.api';
import { billPeriodOf } from './periods';
import { RootState } from '../work/root-state';
import { Work } from '../work/work';
import { MoveDecision, ReadRows, refused } from './move';
import { moveError } from './refusals';
import { moveAnswer } from './top-up';

/** The charge, what was given back of it before, and the buckets it took from. */
export const refundReads = (shard: number, input: RefundInput): readonly Statement[] => [
  { name: 'refund-charge',
    text: `select c.*, floor(extract(epoch from c.event_at) * 1000)::float8 as event_ms from charge c
            where c.shard = $1 and c.root_id = $2 and (c.position = $3 or c.reverses = $3)`,
    values: [shard, input.rootId.toString(), input.position.toString()] },
  { name: 'refund-entries',
    text: `select e.bucket_id, e.amount, e.kind, e.contra, e.tax, e.tax_code from entry e
            where e.shard = $1 and e.root_id = $2 and e.position = $3 and e.kind in ('CHARGE', 'FEE') order by e.bucket_id, e.version`,
    values: [shard, input.rootId.toString(), input.position.toString()] },
];

interface PaidPart { readonly bucket: Bucket; readonly amount: bigint; readonly tax: bigint; readonly taxCode: string | null; readonly contra: string }

/**
 * Gives a charge back, in full with its units or a part of its money: an opposite charge that names the first, opposite
 * entries into the buckets that paid. The parts given back never exceed the charge.
 */
export function decideRefund(work: Work, root: RootState, key: MoveKey, input: RefundInput, rows: ReadRows): MoveDecision {
  const found = rows[0] ?? [];
  const original = found.find((row) => row.position === input.position.toString() && row.tenant_id === root.setup.tenantId);
  if (!original || original.status !== 'CHARGED' || original.reverses !== null) return refused([moveError('NOT_FOUND', 'No such charge.', ['chargeId'])], false);
  const gross = grossOf(original);
  const back = found.filter((row) => row.reverses !== null).reduce((sum, row) => sum - grossOf(row), 0n);
  const wanted = input.amount ?? gross;
  const isWhole = input.amount === null;
  if (back > 0n && (isWhole || back + wanted > gross)) return refused([moveError('CONFLICT', 'The charge was given back before, in part or in full.', ['chargeId'])]);
  if (isWhole && found.length > 1) return refused([moveError('CONFLICT', 'The charge was given back before.', ['chargeId'])]);
  if (!isWhole && (wanted <= 0n || wanted > gross)) return refused([moveError('INVALID_INPUT', 'A refund is above zero and at most the charge.', ['amount'])], false);
  const parts = paidParts(root, rows[1] ?? [], isWhole, wanted, gross);
  return book(work, root, key, input, original, parts, isWhole);
}

const grossOf = (row: Record<string, unknown>): bigint => BigInt(row.net as string) + BigInt(row.tax as string);

/** What goes back to which bucket: everything, or the money in proportion with the remainder to the last. */
function paidParts(root: RootState, entries: readonly Record<string, unknown>[], isWhole: boolean, wanted: bigint, gross: bigint): readonly PaidPart[] {
  const paid = entries
    .map((row) => ({ bucket: root.buckets.get(row.bucket_id as number), amount: -BigInt(row.amount as string), tax: BigInt(row.tax as string),
      taxCode: row.tax_code as string | null, contra: row.contra as string }))
    .filter((part): part is PaidPart => part.bucket !== undefined);
  if (isWhole) return paid;
  const money = paid.filter((part) => part.bucket.kind !== 'UNIT').sort((a, b) => byMoneyTurn(a.bucket, b.bucket));
  let left = wanted;
  return money.map((part, index) => {
    const share = index === money.length - 1 ? left : (part.amount * wanted) / gross;
    left -= share;
    return { ...part, amount: share, tax: divideRounded(part.tax * share, part.amount, 'HALF_UP') };
  });
}

function book(
  work: Work, root: RootState, key: MoveKey, input: RefundInput, original: Record<string, unknown>, parts: readonly PaidPart[], isWhole: boolean,
): MoveDecision {
  const now = work.now(root.setup.tenantId);
  const account = root.setup.accounts.get(BigInt(original.account_id as string))!;
  const payer = root.setup.accounts.get(account.payerId) ?? account;
  const position = root.nextPosition();
  for (const part of parts) giveBack(work, root, position, part);
  const money = parts.filter((part) => part.bucket.kind !== 'UNIT');
  const total = money.reduce((sum, part) => sum + part.amount, 0n);
  const tax = money.reduce((sum, part) => sum + part.tax, 0n);
  work.charges.push({
    shard: root.shard, rootId: root.rootId, position, tenantId: root.setup.tenantId, source: 'refund', eventId: `${key.caller}:${key.key}`,
    role: 'RETAIL', party: 0n, bodyHash: original.body_hash as Buffer, status: 'CHARGED', reason: input.reason, accountId: account.id,
    productId: original.product_id === null ? null : BigInt(original.product_id as string), kind: original.kind as string, identifier: null,
    otherParty: null, eventAt: original.event_ms as number, billPeriod: billPeriodOf(root, payer, now), unit: original.unit as string,
    quantity: isWhole ? -BigInt(original.quantity as string) : 0n, net: tax - total, tax: -tax, asset: original.asset as string,
    priceVersionId: original.price_version_id === null ? null : BigInt(original.price_version_id as string), reverses: input.position,
    explanation: JSON.stringify({ b: parts.map((part) => [part.bucket.id, (-part.amount).toString()]) }),
  });
  const purse = (money.at(-1) ?? parts.at(-1))?.bucket ?? root.rootBucket;
  return { kind: 'DONE', position, answer: moveAnswer(root, purse, position, money.length > 0 ? total : 0n, now) };
}

/** Units return to the bucket they came from, even an expired one: there they lapse again at once. */
function giveBack(work: Work, root: RootState, position: bigint, part: PaidPart): void {
  const { bucket } = part;
  if (bucket.kind === 'UNIT') {
    work.move(bucket, root, position, { kind: 'REFUND', amount: part.amount, contra: 'consumption' });
    if (bucket.state !== 'EXPIRED') return;
    bucket.expired += part.amount;
    work.move(bucket, root, position, { kind: 'EXPIRE', amount: -part.amount, contra: 'expired_units' });
    return;
  }
  work.move(bucket, root, position, { kind: 'REFUND', amount: part.amount, contra: part.contra, tax: -part.tax, taxCode: part.taxCode });
}
