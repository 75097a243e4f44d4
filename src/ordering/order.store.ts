import type { Pool, PoolClient } from 'pg';
import { inTransaction, isoInstant } from '../platform/db';
import { accountFilter, Viewer } from '../party';
import { businessNow, Queryable } from '../tenant';
import { deriveOrderState, isFinal } from './order-state.rules';
import { ItemChange, Order, OrderItem, OrderRef } from './order.types';
import {
  ADD_JOB, INSERT_STEP, itemValues, LOCK_ORDER, OrderRow, orderOf, SELECT_ORDER, SELECT_ORDER_AT, selectOrders, UPDATE_ITEM, UPDATE_ORDER,
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
  const { rows } = await database.query<OrderRow>(SELECT_ORDER_AT, placeOf(ref));
  return rows[0] ? orderOf(rows[0]) : null;
}

/** What becomes of an order: changes by item key, and when somebody must look again (ms from now; null = never by itself). */
export interface OrderChange {
  readonly items: ReadonlyMap<string, ItemChange>;
  readonly wakesInMs: number | null;
  /** Milliseconds after which the job of the order runs; absent = no job. */
  readonly jobInMs?: number;
}

/**
 * One step of an order under its lock: `decide` sees it as it stands and says what changes, or null for nothing. State,
 * version and history follow from the items.
 */
export function changeOrder(pool: Pool, ref: OrderRef, decide: (order: Order) => OrderChange | null): Promise<Order | null> {
  return inTransaction(pool, async (tx) => {
    const order = await lockOrder(tx, ref);
    const change = order && decide(order);
    return order && change ? applyChange(tx, order, change) : order;
  });
}

export async function lockOrder(tx: PoolClient, ref: OrderRef): Promise<Order | null> {
  await tx.query(LOCK_ORDER, placeOf(ref));
  return readOrder(tx, ref);
}

export async function applyChange(tx: PoolClient, order: Order, { items, wakesInMs, jobInMs }: OrderChange): Promise<Order> {
  const changed = order.items.map((item): OrderItem => ({ ...item, ...items.get(item.key) }));
  const state = deriveOrderState(changed);
  const isEnded = isFinal(state);
  const now = state === order.state ? null : (await businessNow(tx, order.tenantId)).getTime();
  const after = { ...order, items: changed, state, version: order.version + 1, completedAt: isEnded ? order.completedAt ?? now : null };
  for (const item of changed) if (items.has(item.key)) await tx.query(UPDATE_ITEM, itemValues(order, item));
  await tx.query(UPDATE_ORDER, [...placeOf(order), state, after.version, after.completedAt === null ? null : isoInstant(after.completedAt), isEnded ? null : wakesInMs]);
  if (now !== null) await tx.query(INSERT_STEP, [...placeOf(order), after.version, order.tenantId, order.state, state, isoInstant(now)]);
  if (jobInMs !== undefined && !isEnded) await addAdvance(tx, order, jobInMs);
  return after;
}

/** Adds the job that runs the order's steps: one waiting job an order, however often it is asked for. */
export async function addAdvance(database: Queryable, { shard, id }: OrderRef, inMs = 0, overdue = false): Promise<void> {
  await database.query(ADD_JOB, [ADVANCE, JSON.stringify({ shard, id: id.toString(), overdue }), `order:${id}`, inMs]);
}
