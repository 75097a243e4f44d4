import DataLoader from 'dataloader';
import type { RequestContext } from '../context';
import { accountFilter, BillingAccount } from '../party';
import { encodeCursor, foreignCursor, OwnedPlace, ownedPlace, Page, PageArgs, pageOf, pagesByOwner, wholePart } from '../platform/graphql';
import { shardOfId } from '../platform/root';
import { Product, productOf } from './product.type';
import {
  AssignmentRow, OwnedProductRow, ProductRow, SELECT_ASSIGNMENTS, selectProductPages, selectProducts,
} from './sql/product.sql';

const SCOPE = 'product';

/** Products by key; null for what is unknown and for what is not the caller's. */
export function productLoader(context: RequestContext): DataLoader<bigint, Product | null, string> {
  return context.loader('product.product', () => new DataLoader(async (keys: readonly bigint[]) => {
    const filter = accountFilter(context.caller, 3);
    const { rows } = await context.services.pool.query<ProductRow>(
      selectProducts(filter.sql), [...places(keys), ...filter.parameters]);
    const found = new Map(rows.map((row) => [row.id, productOf(row)]));
    return keys.map((key) => found.get(key.toString()) ?? null);
  }, { cacheKeyFn: String }));
}

/** Pages of the products of accounts, in the order of their ids; all accounts of one field in one statement. */
export function productPageLoader(context: RequestContext, page: PageArgs): DataLoader<BillingAccount, Page<Product>, string> {
  const place = ownedPlace(page.after, SCOPE, 1);
  const after = keyAfter(place);
  return context.loader(`product.page.${page.first}.${page.after ?? ''}`, () => new DataLoader(async (accounts: readonly BillingAccount[]) => {
    const rows = await readPages(context, accounts, page.first, after);
    // What a page shows is not read again where another field names it.
    for (const row of rows) productLoader(context).prime(BigInt(row.id), productOf(row));
    return pagesByOwner(accounts, place, ownerKey, (account) => pageOf(
      rows.filter((row) => row.owner_key === ownerKey(account)), page, productOf, (row) => encodeCursor(SCOPE, row.owner_key, row.id)));
  }, { cacheKeyFn: ownerKey }));
}

const ownerKey = ({ accountId }: BillingAccount): string => accountId.toString();

async function readPages(
  { caller, services }: RequestContext, accounts: readonly BillingAccount[], first: number, after: bigint,
): Promise<OwnedProductRow[]> {
  const filter = accountFilter(caller, 6);
  const { rows } = await services.pool.query<OwnedProductRow>(selectProductPages(filter.sql), [
    accounts.map(({ root }) => root.shard), accounts.map(({ root }) => root.rootId.toString()),
    accounts.map(({ accountId }) => accountId.toString()), after.toString(), first, ...filter.parameters,
  ]);
  return rows;
}

function keyAfter(place: OwnedPlace | null): bigint {
  if (place === null) return 0n;
  const key = wholePart(place.keys[0]);
  if (key === null) throw foreignCursor();
  return key;
}

/** The dated price assignments by product key; asked for products that the caller was shown. */
export function assignmentsLoader({ loader, services }: RequestContext): DataLoader<bigint, AssignmentRow[], string> {
  return loader('product.assignments', () => new DataLoader(async (keys: readonly bigint[]) => {
    const { rows } = await services.pool.query<AssignmentRow>(SELECT_ASSIGNMENTS, places(keys));
    return keys.map((key) => rows.filter((row) => row.product_id === key.toString()));
  }, { cacheKeyFn: String }));
}

const places = (keys: readonly bigint[]): unknown[] => [keys.map(shardOfId), keys.map(String)];
