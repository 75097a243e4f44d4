import DataLoader from 'dataloader';
import type { RequestContext } from '../context';
import { accountFilter, BillingAccount } from '../party';
import { encodeCursor, ownedPlace, Page, PageArgs, pageOf, pagesByOwner, wholeAfter } from '../platform/graphql';
import { shardOfId } from '../platform/root';
import { ProductOrder, productOrderOf } from './order.type';
import { OrderRow, orderOf, selectOrderPages, selectOrders } from './sql/order.sql';

const SCOPE = 'productOrder';
const NEWEST = 2n ** 63n - 1n;

/** Orders by key; null for what is unknown and for what is not the caller's. */
export function orderLoader(context: RequestContext): DataLoader<bigint, ProductOrder | null, string> {
  return context.loader('ordering.order', () => new DataLoader(async (keys: readonly bigint[]) => {
    const filter = accountFilter(context.caller, 3);
    const { rows } = await context.services.pool.query<OrderRow>(selectOrders(filter.sql), [keys.map(shardOfId), keys.map(String), ...filter.parameters]);
    const found = new Map(rows.map((row) => [row.id, productOrderOf(orderOf(row))]));
    return keys.map((key) => found.get(key.toString()) ?? null);
  }, { cacheKeyFn: String }));
}

/** Pages of the orders of accounts, the newest first; all accounts of one field in one statement. */
export function orderPageLoader(context: RequestContext, page: PageArgs): DataLoader<BillingAccount, Page<ProductOrder>, string> {
  const place = ownedPlace(page.after, SCOPE, 1);
  const before = wholeAfter(place, NEWEST);
  return context.loader(`ordering.page.${page.first}.${page.after ?? ''}`, () => new DataLoader(async (accounts: readonly BillingAccount[]) => {
    const filter = accountFilter(context.caller, 6);
    const { rows } = await context.services.pool.query<OrderRow>(selectOrderPages(filter.sql), [
      accounts.map(({ root }) => root.shard), accounts.map(({ root }) => root.rootId.toString()),
      accounts.map(({ accountId }) => accountId.toString()), before.toString(), page.first, ...filter.parameters,
    ]);
    return pagesByOwner(accounts, place, keyOf, (account) => pageOf(rows.filter((row) => row.account_id === keyOf(account)), page,
      (row) => productOrderOf(orderOf(row)), (row) => encodeCursor(SCOPE, row.account_id, row.id)));
  }, { cacheKeyFn: keyOf }));
}

const keyOf = ({ accountId }: BillingAccount): string => accountId.toString();
