import type { PoolClient } from 'pg';
import { accountFilter, Viewer } from '../party';
import { bigints, ints, isoInstant, shardList } from '../platform/db';
import { shardOfId } from '../platform/root';
import { releaseSlices } from '../slice';
import { businessNow, Queryable } from '../tenant';
import { deriveOrderState, isFinal } from './order-state.rules';
import { ItemChange, Order, OrderItem, OrderRef } from './order.types';
import {
  ADD_JOB, INSERT_STEPS, itemValues, LOCK_ORDER, OrderRow, orderOf, SELECT_KEYS, SELECT_ORDER, SELECT_ORDERS_AT, selectOrders, updateItems, updateOrders,
} from './sql/order.sql';

/** The job that runs the steps of one order. */
export const ADVANCE = 'order_advance';

/** How long a runner may be silent before somebody else looks, real milliseconds. */
export const LEASE_MS = 30_000;

const placeOf = ({ shard, id }: OrderRef): unknown[] => [shard, id.toString()];

/** An order of a tenant; null where there is none. */
export async function findOrder(database: Queryable, tenantId: number, ref: OrderRef): Promise<Order | null> {
  const { rows } = await database.query<OrderRow>(SELECT_ORDER, [...placeOf(ref), tenantId]);
  return rows[0] ? orderOf(rows[0]) : null;
}

/** An order of an account that somebody may see; null where there is none. */
export async function findVisibleOrder(database: Queryable, by: Viewer, { shard, id }: OrderRef): Promise<Order | null> {
  const filter = accountFilter(by, 3);
  const { rows } = await database.query<OrderRow>(selectOrders(filter.sql), [[shard], [id.toString()], ...filter.parameters]);
  return rows[0] ? orderOf(rows[0]) : null;
}

/** As findOrder, by its place alone: for the runner. */
export async function readOrder(database: Queryable, ref: OrderRef): Promise<Order | null> {
  return (await readOrders(database, [ref])).get(ref.id) ?? null;
}

/** Orders by their places, by id. */
export async function readOrders(database: Queryable, refs: readonly OrderRef[]): Promise<Map<bigint, Order>> {
  const { rows } = await database.query<OrderRow>(SELECT_ORDERS_AT, [ints(refs, ({ shard }) => shard), bigints(refs, ({ id }) => id)]);
  return new Map(rows.map((row) => [BigInt(row.id), orderOf(row)]));
}

/** An order as its external id finds it. */
export interface KnownOrder {
  readonly externalId: string;
  readonly bodyHash: Buffer;
  readonly order: Order;
}

/** The orders of a channel with these external ids. */
export async function findOrders(database: Queryable, tenantId: number, channel: string, externalIds: readonly string[]): Promise<KnownOrder[]> {
  const { rows } = await database.query<{ external_id: string; body_hash: Buffer; order_id: string }>(SELECT_KEYS, [tenantId, channel, externalIds]);
  const ids = rows.map((row) => BigInt(row.order_id));
  const orders = await readOrders(database, ids.map((id) => ({ shard: shardOfId(id), id })));
  return rows.map((row, index) => ({
    externalId: row.external_id, bodyHash: row.body_hash, order: orders.get(ids[index]!)!,
  }));
}

/** What becomes of an order: changes by item key, and when somebody must look again (ms from now; null = never by itself). */
export interface OrderChange {
  readonly items: ReadonlyMap<string, ItemChange>;
  readonly wakesInMs: number | null;
  /** Milliseconds after which the job of the order runs; absent = no job. */
  readonly jobInMs?: number;
}

export async function lockOrder(tx: PoolClient, ref: OrderRef): Promise<Order | null> {
  await tx.query(LOCK_ORDER, placeOf(ref));
  return readOrder(tx, ref);
}

/** Writes the change of an order whose lock is held. */
export const applyChange = async (tx: PoolClient, order: Order, change: OrderChange): Promise<Order> =>
  (await applyChanges(tx, [{ order, change }]))[0]!;

/** Writes changes of orders whose locks are held, each order once: a statement a table. State, version and history follow from the items. */
export async function applyChanges(tx: PoolClient, changes: readonly { readonly order: Order; readonly change: OrderChange }[]): Promise<Order[]> {
  const clock = new Map<number, number>();
  for (const { order: { tenantId } } of changes) if (!clock.has(tenantId)) clock.set(tenantId, (await businessNow(tx, tenantId)).getTime());
  const written = changes.map(({ order, change }) => ({ order, change, after: changed(order, change, clock.get(order.tenantId)!) }));
  const items = written.flatMap(({ change, after }) => after.items.flatMap((item) => (change.items.has(item.key) ? [itemValues(after, item)] : [])));
  const shards = shardList(changes.map(({ order }) => order));
  if (items.length > 0) await tx.query(updateItems(), [shards, JSON.stringify(items)]);
  if (written.length > 0) await tx.query(updateOrders(), [shards, JSON.stringify(written.map(({ change, after }) => orderValues(after, change)))]);
  for (const { change, after } of written) await releaseSlices(tx, after.tenantId, lostSlices(after, change));
  const steps = written.filter(({ order, after }) => after.state !== order.state);
  if (steps.length > 0) await tx.query(INSERT_STEPS, [JSON.stringify(steps.map(({ order, after }) => stepValues(after, order.state, clock.get(order.tenantId)!)))]);
  for (const { change, after } of written) if (change.jobInMs !== undefined && !isFinal(after.state)) await addAdvance(tx, after, change.jobInMs);
  return written.map(({ after }) => after);
}

/** What an item that came to nothing reserved is free in the moment in which that is known. */
const lostSlices = ({ items }: Order, change: OrderChange): bigint[] => items.filter(({ key, slice, state }) =>
  slice !== null && change.items.has(key) && (state === 'FAILED' || state === 'CANCELLED')).map(({ productId }) => productId);

function changed(order: Order, { items: changes }: OrderChange, now: number): Order {
  const items = order.items.map((item): OrderItem => ({ ...item, ...changes.get(item.key) }));
  const state = deriveOrderState(items);
  return { ...order, items, state, version: order.version + 1, completedAt: isFinal(state) ? order.completedAt ?? now : null };
}

const orderValues = ({ shard, id, state, version, completedAt }: Order, { wakesInMs }: OrderChange): object => ({
  shard, id: id.toString(), state, version, completed_at: completedAt === null ? null : isoInstant(completedAt), wakes_in: isFinal(state) ? null : wakesInMs,
});
const stepValues = ({ shard, id, version, tenantId, state }: Order, from: Order['state'], at: number): object =>
  ({ shard, order_id: id.toString(), version, tenant_id: tenantId, from_state: from, state, at: isoInstant(at) });

/** Adds the job that runs the order's steps: one waiting job an order, however often it is asked for. */
export async function addAdvance(database: Queryable, { shard, id }: OrderRef, inMs = 0, overdue = false): Promise<void> {
  await database.query(ADD_JOB, [ADVANCE, JSON.stringify({ shard, id: id.toString(), overdue }), `order:${id}`, inMs]);
}
