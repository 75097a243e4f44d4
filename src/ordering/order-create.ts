import type { PoolClient } from 'pg';
import { isoInstant } from '../platform/db';
import { refuse } from '../platform/errors';
import { shardedId } from '../platform/root';
import { businessNow } from '../tenant';
import { Planned, planBundles } from './bundle-plan';
import { ItemDraft, OrderDraft } from './order-draft';
import { readSold, requireAccount, requireFree, requireProducts, requireRestartable, requireSold, Touched } from './order-facts';
import { reserveForOrder } from './order-slices';
import { addAdvance, readOrder } from './order.store';
import { Order, Orderer } from './order.types';
import { INSERT_ITEMS, INSERT_KEY, INSERT_ORDER, INSERT_STEPS } from './sql/order.sql';

/** The external id was taken by another request meanwhile: what it made is the answer. */
export class Twin extends Error {}

const FURTHEST_START_MS = 366 * 86_400_000;

/** The external id of an order, in whose channel, and the hash of what was asked. */
export interface OrderKey {
  readonly space: string;
  readonly externalId: string;
  readonly hash: Buffer;
}

/**
 * Stores an order with the job that runs it, in the caller's transaction.
 * @throws Refusal before the first write; Twin where the external id is taken.
 */
export async function storeOrder(tx: PoolClient, by: Orderer, draft: OrderDraft, key: OrderKey): Promise<Order> {
  const { tenantId } = by;
  const account = await requireAccount(tx, by, draft.accountId);
  const now = (await businessNow(tx, tenantId)).getTime();
  requireStart(draft.requestedStart, now);
  if (draft.restarts !== null) await requireRestartable(tx, account, draft.restarts);
  const sold = await readSold(tx, tenantId, draft.items.flatMap(({ offeringCode }) => offeringCode ?? []));
  requireSold(draft.items, sold);
  const touched = await requireProducts(tx, account, draft);
  const planned = await planBundles(tx, tenantId, account, draft.items, { sold, touched });
  await requireFree(tx, account, planned.items, draft.items.length, touched);
  const numbers = await nextNumbers(tx, 1, planned.items.filter(({ action }) => action === 'ADD').length);
  const id = shardedId(numbers.orders[0]!, account.shard);
  const taken = await tx.query(INSERT_KEY, [tenantId, key.space, key.externalId, key.hash, id.toString()]);
  if (taken.rowCount === 0) throw new Twin();
  const place = [account.shard, account.rootId, id.toString(), tenantId];
  const products = productsOf(planned.items, numbers.products, account.shard);
  await reserveForOrder(tx, planned.items, {
    shard: account.shard, rootId: BigInt(account.rootId), tenantId, accountId: account.id, orderId: id, from: draft.requestedStart ?? now, sold: planned.sold, products,
  });
  await tx.query(INSERT_ORDER, [...place, account.id, draft.channel, draft.externalId, draft.requestedStart === null ? null : isoInstant(draft.requestedStart),
    draft.restarts?.toString() ?? null, isoInstant(now), by.role === 'SUBSCRIBER', draft.purchaseOrder ?? null]);
  await tx.query(INSERT_ITEMS, [...place, JSON.stringify(itemRows(planned, touched, products))]);
  await tx.query(INSERT_STEPS, [JSON.stringify([{ shard: account.shard, order_id: id.toString(), version: 1, tenant_id: tenantId, from_state: null, state: 'ACKNOWLEDGED', at: isoInstant(now) }])]);
  if (draft.requestedStart === null) await addAdvance(tx, { shard: account.shard, id });
  return (await readOrder(tx, { shard: account.shard, id }))!;
}

function requireStart(start: number | null, now: number): void {
  if (start === null) return;
  if (start < now) refuse('INVALID_INPUT', 'An order starts now (null) or later; what began in the past is activated by productActivate.', ['requestedStart']);
  if (start > now + FURTHEST_START_MS) refuse('INVALID_INPUT', 'An order starts within a year.', ['requestedStart']);
}

/** Fresh numbers for orders and for every product that they make. */
export async function nextNumbers(tx: PoolClient, orders: number, products: number): Promise<{ readonly orders: readonly bigint[]; readonly products: readonly bigint[] }> {
  const { rows } = await tx.query<{ orders: string[]; products: string[] }>(
    `select array(select nextval('product_order_number')::text from generate_series(1, $1::int)) as orders,
            array(select nextval('product_number')::text from generate_series(1, $2::int)) as products`, [orders, products]);
  return { orders: rows[0]!.orders.map(BigInt), products: rows[0]!.products.map(BigInt) };
}

/** The product of every item, by its key: its own, or the one that it makes. */
export function productsOf(items: readonly ItemDraft[], numbers: readonly bigint[], shard: number): ReadonlyMap<string, bigint> {
  const fresh = [...numbers];
  return new Map(items.map(({ key, productId }) => [key, productId ?? shardedId(fresh.shift()!, shard)]));
}

export function itemRows({ items, sold }: Planned, touched: Touched, products: ReadonlyMap<string, bigint>): object[] {
  return items.map((item, ordinal) => ({
    key: item.key, ordinal, action: item.action, offering_version_id: item.offeringCode === null ? null : sold.get(item.offeringCode)!.id,
    product_id: products.get(item.key)!.toString(), product_version: item.productVersion, takes_effect: item.takesEffect,
    attached_to_key: item.attachedToKey, attached_to: item.attachedTo?.toString() ?? null, bundled_in: bundleOf(item, touched, products),
    relies_on: item.reliesOn, identifiers: item.identifiers,
    slice: item.slice ? { until: item.slice.until, devices: item.slice.devices } : null,
  }));
}

/** The bundle whose component the item's product is, or will be. */
function bundleOf({ bundledInKey, bundledIn, productId }: ItemDraft, touched: Touched, products: ReadonlyMap<string, bigint>): string | null {
  if (bundledInKey !== null) return products.get(bundledInKey)!.toString();
  return bundledIn?.toString() ?? (productId === null ? null : touched.get(productId.toString())?.bundled_in ?? null);
}
