import DataLoader from 'dataloader';
import type { BucketKind } from '../balance';
import { bucketNodeId } from '../balance/bucket.type';
import type { RequestContext } from '../context';
import { Amount, amount, Asset, currencyOf, formatAmount } from '../platform/money';
import { shardOfId } from '../platform/root';
import type { Charge, ChargePayment, PayingBucket } from './charge.type';

interface BucketKey {
  readonly rootId: bigint;
  readonly bucketId: number;
}
interface BucketRecord {
  readonly root_id: string;
  readonly id: number;
  readonly kind: BucketKind;
  readonly asset: Asset;
  readonly name: string | null;
}

/** A bucket that paid, with the asset that it holds. */
interface Payer {
  readonly bucket: PayingBucket;
  readonly asset: Asset;
}

const SELECT_BUCKETS = `
  select bucket.root_id, bucket.id, bucket.kind, bucket.asset, allowance.name
    from unnest($1::smallint[], $2::bigint[], $3::integer[]) asked (shard, root_id, id)
    join bucket on bucket.shard = asked.shard and bucket.root_id = asked.root_id and bucket.id = asked.id
    left join allowance on allowance.id = bucket.allowance_id`;

const textOf = ({ rootId, bucketId }: BucketKey): string => `${rootId}:${bucketId}`;

function payerLoader({ loader, services }: RequestContext): DataLoader<BucketKey, Payer, string> {
  return loader('charging.payer', () => new DataLoader(async (keys: readonly BucketKey[]) => {
    const { rows } = await services.pool.query<BucketRecord>(SELECT_BUCKETS,
      [keys.map(({ rootId }) => shardOfId(rootId)), keys.map(({ rootId }) => rootId.toString()), keys.map(({ bucketId }) => bucketId)]);
    const found = new Map(rows.map((row) => [`${row.root_id}:${row.id}`, payerOf(row)]));
    return keys.map((key) => found.get(textOf(key)) ?? new Error(`Bucket ${textOf(key)} paid for a charge and is not there.`));
  }, { cacheKeyFn: textOf }));
}

const payerOf = ({ root_id: rootId, id, kind, asset, name }: BucketRecord): Payer =>
  ({ bucket: { id: bucketNodeId(BigInt(rootId), id), kind, name }, asset });

/** One bucket's part of a charge: units or money (six decimals), positive where it was taken. */
export interface PaidPart extends Payer {
  readonly amount: bigint;
}

/** What each bucket paid for a charge, in the order in which they were used. */
export async function paidParts(charge: Charge, context: RequestContext): Promise<PaidPart[]> {
  const paid = charge.explained.b ?? [];
  const loader = payerLoader(context);
  const payers = await Promise.all(paid.map(([bucketId]) => loader.load({ rootId: charge.rootId, bucketId })));
  return payers.map((payer, index) => ({ ...payer, amount: BigInt(paid[index]![1]) }));
}

export function shownPart({ bucket, asset, amount: taken }: PaidPart): ChargePayment {
  const currency = currencyOf(asset);
  return { bucket, amount: currency === null ? taken.toString() : formatAmount(amount(taken), currency), unit: currency ?? asset };
}

/** A part that is money, as an amount; null for units. */
export const moneyOfPart = (part: PaidPart): Amount | null => (currencyOf(part.asset) === null ? null : amount(part.amount));
