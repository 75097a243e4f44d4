import type { PoolClient } from 'pg';
import { isoInstant } from '../platform/db';
import { Refusal, refuse } from '../platform/errors';
import { shardedId, shardOfId } from '../platform/root';
import { businessNow, Change } from '../tenant';
import { OrderDraft } from './order-draft';
import { OfferingVersionNotSold } from './order.errors';
import { addAdvance, readOrder } from './order.store';
import { Order } from './order.types';
import { INSERT_ITEMS, INSERT_KEY, INSERT_ORDER, INSERT_STEPS, SELECT_BUSY } from './sql/order.sql';

/** The external id was taken by another request meanwhile: what it made is the answer. */
export class Twin extends Error {}

const FURTHEST_START_MS = 366 * 86_400_000;

/**
 * Stores an order with the job that runs it, in the caller's transaction.
 * @throws Refusal before the first write; Twin where the external id is taken.
 */
export async function storeOrder({ client: tx }: Change, tenantId: number, draft: OrderDraft, hash: Buffer): Promise<Order> {
  const account = await requireAccount(tx, tenantId, draft.accountId);
  const now = (await businessNow(tx, tenantId)).getTime();
  requireStart(draft.requestedStart, now);
  if (draft.restarts !== null) await requireRestartable(tx, account, draft.restarts);
  const offerings = await requireSold(tx, tenantId, draft.items);
  await requireProducts(tx, account, draft);
  const numbers = await nextNumbers(tx, 1, draft.items.filter(({ action }) => action === 'ADD').length);
  const id = shardedId(numbers.orders[0]!, account.shard);
  const taken = await tx.query(INSERT_KEY, [tenantId, draft.channel, draft.externalId, hash, id.toString()]);
  if (taken.rowCount === 0) throw new Twin();
  const place = [account.shard, account.rootId, id.toString(), tenantId];
  await tx.query(INSERT_ORDER, [...place, account.id, draft.channel, draft.externalId, draft.requestedStart === null ? null : isoInstant(draft.requestedStart),
    draft.restarts?.toString() ?? null, isoInstant(now)]);
  await tx.query(INSERT_ITEMS, [...place, JSON.stringify(itemRows(draft, offerings, numbers.products.map((number) => shardedId(number, account.shard))))]);
  await tx.query(INSERT_STEPS, [JSON.stringify([{ shard: account.shard, order_id: id.toString(), version: 1, tenant_id: tenantId, from_state: null, state: 'ACKNOWLEDGED', at: isoInstant(now) }])]);
  if (draft.requestedStart === null) await addAdvance(tx, { shard: account.shard, id });
  return (await readOrder(tx, { shard: account.shard, id }))!;
}

interface AccountRow { readonly shard: number; readonly rootId: string; readonly id: string }

async function requireAccount(tx: PoolClient, tenantId: number, id: bigint): Promise<AccountRow> {
  const { rows } = await tx.query<AccountRow & { state: string }>(
    'select shard, root_id::text as "rootId", id::text, state from billing_account where shard = $1 and id = $2 and tenant_id = $3',
    [shardOfId(id), id.toString(), tenantId]);
  if (!rows[0]) return refuse('NOT_FOUND', 'No such account.', ['accountId']);
  if (rows[0].state !== 'ACTIVE') return refuse('CONFLICT', 'The account is not active.', ['accountId']);
  return rows[0];
}

function requireStart(start: number | null, now: number): void {
  if (start === null) return;
  if (start < now) refuse('INVALID_INPUT', 'An order starts now (null) or later; what began in the past is activated by productActivate.', ['requestedStart']);
  if (start > now + FURTHEST_START_MS) refuse('INVALID_INPUT', 'An order starts within a year.', ['requestedStart']);
}

async function requireRestartable(tx: PoolClient, account: AccountRow, id: bigint): Promise<void> {
  const { rows } = await tx.query<{ state: string }>('select state from product_order where shard = $1 and id = $2 and account_id = $3',
    [account.shard, id.toString(), account.id]);
  if (!rows[0]) refuse('NOT_FOUND', 'No such order of this account.', ['restarts']);
  if (!['FAILED', 'PARTIAL'].includes(rows[0].state)) refuse('CONFLICT', 'Only an order that failed, in whole or part, is taken up again.', ['restarts']);
}

interface SoldRow { readonly code: string; readonly id: string; readonly version: number }

/** The version that is sold now of every offering that the items name, by code; another version that one names is refused with it. */
export async function requireSold(tx: PoolClient, tenantId: number, items: OrderDraft['items']): Promise<ReadonlyMap<string, string>> {
  const codes = [...new Set(items.flatMap(({ offeringCode }) => offeringCode ?? []))];
  const { rows } = codes.length === 0 ? { rows: [] } : await tx.query<SoldRow>(
    `select o.code, v.id, v.version from tenant t
       join product_offering o on o.tenant_id = t.id and o.code = any($2::text[])
       join product_offering_version v on v.offering_id = o.id and v.state = 'LAUNCHED'
        and tstzrange(v.valid_from, v.valid_until) @> clock_timestamp() + t.clock_offset_ms * interval '1 millisecond'
      where t.id = $1`, [tenantId, codes]);
  const sold = new Map(rows.map((row) => [row.code, row]));
  items.forEach(({ offeringCode, offeringVersion }, index) => {
    if (offeringCode === null) return;
    const found = sold.get(offeringCode);
    if (found && (offeringVersion === null || offeringVersion === found.version)) return;
    throw new Refusal(new OfferingVersionNotSold(offeringCode, found?.version ?? null, ['items', `${index}`, found ? 'offeringVersion' : 'offering']));
  });
  return new Map(rows.map(({ code, id }) => [code, id]));
}

const ENDED: ReadonlySet<string> = new Set(['TERMINATED', 'CANCELLED', 'ABORTED']);

/** The products that the order changes, ends or adds to: of this account, alive, as the caller saw them, free of other orders. */
async function requireProducts(tx: PoolClient, account: AccountRow, draft: OrderDraft): Promise<void> {
  const ids = draft.items.flatMap(({ productId, attachedTo }) => [productId, attachedTo].filter((id) => id !== null));
  if (ids.length === 0) return;
  const { rows } = await tx.query<{ id: string; state: string; version: number }>(
    'select id::text, state, version from product where shard = $1 and id = any($2::bigint[]) and account_id = $3', [account.shard, ids.map(String), account.id]);
  const found = new Map(rows.map((row) => [row.id, row]));
  draft.items.forEach((item, index) => {
    const [id, field] = item.productId === null ? [item.attachedTo, 'attachedToProductId'] : [item.productId, 'productId'];
    if (id === null) return;
    const product = found.get(id.toString());
    const path = ['items', `${index}`, field];
    if (!product) return refuse('NOT_FOUND', 'No such product of this account.', path);
    if (ENDED.has(product.state)) refuse('CONFLICT', 'The product has ended.', path);
    if (item.productVersion !== null && item.productVersion !== product.version) {
      refuse('CONFLICT', `The product has version ${product.version}; read it again.`, ['items', `${index}`, 'productVersion']);
    }
  });
  const changed = draft.items.flatMap(({ productId }) => productId ?? []);
  const busy = await tx.query<{ product_id: string }>(SELECT_BUSY, [account.shard, changed.map(String)]);
  const at = draft.items.findIndex(({ productId }) => productId?.toString() === busy.rows[0]?.product_id);
  if (busy.rows[0]) refuse('CONFLICT', 'Another open order changes this product; wait for it or cancel it.', ['items', `${at}`, 'productId']);
}

/** Fresh numbers for orders and for every product that they make. */
export async function nextNumbers(tx: PoolClient, orders: number, products: number): Promise<{ readonly orders: readonly bigint[]; readonly products: readonly bigint[] }> {
  const { rows } = await tx.query<{ orders: string[]; products: string[] }>(
    `select array(select nextval('product_order_number')::text from generate_series(1, $1::int)) as orders,
            array(select nextval('product_number')::text from generate_series(1, $2::int)) as products`, [orders, products]);
  return { orders: rows[0]!.orders.map(BigInt), products: rows[0]!.products.map(BigInt) };
}

export function itemRows(draft: OrderDraft, offerings: ReadonlyMap<string, string>, products: readonly bigint[]): object[] {
  const fresh = [...products];
  return draft.items.map((item, ordinal) => ({
    key: item.key, ordinal, action: item.action, offering_version_id: item.offeringCode === null ? null : offerings.get(item.offeringCode),
    product_id: (item.productId ?? fresh.shift()!).toString(), product_version: item.productVersion, takes_effect: item.takesEffect,
    attached_to_key: item.attachedToKey, attached_to: item.attachedTo?.toString() ?? null, relies_on: item.reliesOn, identifiers: item.identifiers,
  }));
}
