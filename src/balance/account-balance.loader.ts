import DataLoader from 'dataloader';
import { accountViewLoader, type BucketView } from '../charging';
import type { RequestContext } from '../context';
import type { BucketKey } from '../ledger';
import { accountFilter } from '../party';
import { wholePart } from '../platform/graphql';
import type { Asset } from '../platform/money';
import { shardOfId } from '../platform/root';
import { byUse } from './account-balance.rules';
import { Bucket, bucketOf } from './bucket.type';

/** Balances as they stand now, by account: the reading that products are shown from too. */
export const balanceLoader = accountViewLoader;

interface OwnerRow { readonly account_id: string; readonly asset: string }

export interface OwnedBucket {
  readonly accountId: bigint;
  readonly asset: Asset;
}

const ownerText = (filter: string): string => `
  select b.account_id, b.asset
    from bucket b
    join billing_account account on account.shard = b.shard and account.id = b.account_id
   where b.shard = $1 and b.root_id = $2 and b.id = $3 and ${filter}`;

/** The account and the asset of a bucket, closed ones too; null for what is unknown or not the caller's. */
export async function ownerOfBucket({ caller, services }: RequestContext, { shard, rootId, bucketId }: BucketKey): Promise<OwnedBucket | null> {
  const filter = accountFilter(caller, 4);
  const text = ownerText(filter.sql);
  const { rows: [row] } = await services.pool.query<OwnerRow>(text, [shard, rootId.toString(), bucketId, ...filter.parameters]);
  return row ? { accountId: BigInt(row.account_id), asset: row.asset } : null;
}

/** A live bucket as it stands now; null for what is closed, unknown or not the caller's. */
export async function findBucket(context: RequestContext, key: BucketKey): Promise<{ readonly bucket: BucketView; readonly at: number } | null> {
  const owner = await ownerOfBucket(context, key);
  const view = owner && await balanceLoader(context).load(owner.accountId);
  const bucket = view?.buckets.find((one) => one.id === key.bucketId);
  return view && bucket ? { bucket, at: view.at } : null;
}

/** The key in a bucket's id; null where it is malformed. */
export function bucketKeyOf([root, bucket]: readonly (string | undefined)[]): BucketKey | null {
  const rootId = wholePart(root);
  if (rootId === null || bucket === undefined || !BUCKET_ID.test(bucket)) return null;
  return { shard: shardOfId(rootId), rootId, bucketId: parseInt(bucket, 10) };
}

/** A bucket's number within its root. */
const BUCKET_ID = /^(?:0|[1-9]\d{0,8})$/;

/** The live buckets of products that the caller was shown, by product and its account, in the order of their use. */
export async function bucketsOfProduct(context: RequestContext, productKey: bigint, accountKey: bigint): Promise<Bucket[]> {
  const view = await balanceLoader(context).load(accountKey);
  return (view?.buckets ?? []).filter((bucket) => bucket.productId === productKey).sort(byUse).map((bucket) => bucketOf(bucket, view?.at ?? 0));
}

/** Names of allowances, by id. */
export function allowanceNameLoader({ loader, services }: RequestContext): DataLoader<bigint, string | null, string> {
  return loader('balance.allowance', () => new DataLoader(async (ids: readonly bigint[]) => {
    const { rows } = await services.pool.query<{ id: string; name: string }>(
      'select id, name from allowance where id = any($1::bigint[])', [ids.map(String)]);
    const names = new Map(rows.map((row) => [row.id, row.name]));
    return ids.map((id) => names.get(id.toString()) ?? null);
  }, { cacheKeyFn: String }));
}
