import DataLoader from 'dataloader';
import type { AccountBalanceView, BucketView } from '../charging';
import type { RequestContext } from '../context';
import { accountFilter } from '../party';
import { shardOfId } from '../platform/root';
import { Bucket, bucketOf } from './bucket.type';
import type { BucketKey } from '../ledger';

/** Balances as they stand now, by account; one reading for all accounts of a request that the caller was shown. */
export function balanceLoader({ loader, caller, services }: RequestContext): DataLoader<bigint, AccountBalanceView | null, string> {
  return loader('balance.account', () => new DataLoader((ids: readonly bigint[]) => services.charging.balances(caller.tenantId, ids),
    { cacheKeyFn: String }));
}

interface OwnerRow { readonly root_id: string; readonly id: number; readonly account_id: string }

const ownersText = (filter: string): string => `
  select b.root_id, b.id, b.account_id
    from unnest($1::smallint[], $2::bigint[], $3::int[]) x(shard, root_id, id)
    join bucket b on b.shard = x.shard and b.root_id = x.root_id and b.id = x.id
    join billing_account account on account.shard = b.shard and account.id = b.account_id
   where ${filter}`;

/** The accounts that own the buckets, as far as they are the caller's, by `rootId:bucketId`. */
export async function ownersOfBuckets({ caller, services }: RequestContext, keys: readonly BucketKey[]): Promise<ReadonlyMap<string, bigint>> {
  const filter = accountFilter(caller, 4);
  const text = ownersText(filter.sql);
  const { rows } = await services.pool.query<OwnerRow>(text, [
    keys.map(({ shard }) => shard), keys.map(({ rootId }) => rootId.toString()), keys.map(({ bucketId }) => bucketId), ...filter.parameters]);
  return new Map(rows.map((row) => [`${row.root_id}:${row.id}`, BigInt(row.account_id)]));
}

/** A live bucket with the account that owns it; null for what is closed, unknown or not the caller's. */
export async function findBucket(context: RequestContext, rootId: bigint, bucketId: number): Promise<{ bucket: BucketView; at: number } | null> {
  const owners = await ownersOfBuckets(context, [{ shard: shardOfId(rootId), rootId, bucketId }]);
  const accountId = owners.get(`${rootId}:${bucketId}`);
  const view = accountId === undefined ? null : await balanceLoader(context).load(accountId);
  const bucket = view?.buckets.find((one) => one.id === bucketId);
  return view && bucket ? { bucket, at: view.at } : null;
}

/** The live buckets of products that the caller was shown, by product and its account. */
export async function bucketsOfProduct(context: RequestContext, productKey: bigint, accountKey: bigint): Promise<Bucket[]> {
  const view = await balanceLoader(context).load(accountKey);
  return (view?.buckets ?? []).filter((bucket) => bucket.productId === productKey).map((bucket) => bucketOf(bucket, view?.at ?? 0));
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
