import type { AuditEntry } from '../audit';
import { bigints, bytes, isoInstant, texts } from '../platform/db';
import { refuse } from '../platform/errors';
import { RootRef, shardedId } from '../platform/root';
import { Actor, businessNow, Change } from '../tenant';
import { Planned, planBundles } from './bundle-plan';
import { itemRows, nextNumbers, productsOf } from './order-create';
import { checkedDraft, draftHash, OrderDraft } from './order-draft';
import { readSold, requireSold, Touched } from './order-facts';
import { refuseSlices } from './order-slices';
import { OrderRef } from './order.types';
import { INSERT_ITEMS_OF_MANY, INSERT_KEYS, INSERT_ORDERS, INSERT_STEPS } from './sql/order.sql';

/** An order of new products alone, for an account that the caller has just opened in the same transaction. */
export interface FreshOrder {
  readonly account: RootRef & { readonly id: bigint };
  readonly draft: OrderDraft;
}

/** An order of a new account touches no product that is there. */
const NOTHING: Touched = new Map();

/**
 * Stores orders of new products for new accounts, a statement a table, in the caller's transaction. No job is added: the
 * caller runs them, and where it goes away the sweep of a running node takes them up within half a minute. The audit
 * entries are for the caller to append, last.
 * @throws Refusal INVALID_INPUT, OFFERING_NOT_SOLD, ALREADY_EXISTS (an external id is taken)
 */
export async function storeFreshOrders(
  { client: tx }: Change, actor: Actor, fresh: readonly FreshOrder[],
): Promise<{ readonly orders: readonly OrderRef[]; readonly audit: AuditEntry[] }> {
  if (fresh.length === 0) return { orders: [], audit: [] };
  const { tenantId } = actor;
  const drafts = fresh.map(({ draft, account }) => ({ account, given: draft, draft: freshDraft(draft) }));
  const sold = await readSold(tx, tenantId, drafts.flatMap(({ draft }) => draft.items.flatMap(({ offeringCode }) => offeringCode ?? [])));
  const planned: Planned[] = [];
  for (const { account, draft } of drafts) {
    requireSold(draft.items, sold);
    const place = { shard: account.shard, rootId: account.rootId.toString(), id: account.id.toString() };
    planned.push(await planBundles(tx, tenantId, place, draft.items, { sold, touched: NOTHING }));
  }
  await refuseSlices(tx, planned);
  const numbers = await nextNumbers(tx, drafts.length, planned.reduce((sum, { items }) => sum + items.length, 0));
  const products = [...numbers.products];
  const at = isoInstant((await businessNow(tx, tenantId)).getTime());
  const orders = drafts.map(({ account, given, draft }, index) => ({
    shard: account.shard, id: shardedId(numbers.orders[index]!, account.shard), account, given, draft,
    items: itemRows(planned[index]!, NOTHING, productsOf(planned[index]!.items, products.splice(0, planned[index]!.items.length), account.shard)),
  }));
  const taken = await tx.query(INSERT_KEYS, [tenantId, texts(orders, (o) => o.draft.channel), texts(orders, (o) => o.draft.externalId),
    bytes(orders, (o) => draftHash(o.given)), bigints(orders, (o) => o.id)]);
  if (taken.rowCount !== orders.length) refuse('ALREADY_EXISTS', 'An order with this external id exists in this channel.', ['externalId']);
  await tx.query(INSERT_ORDERS, [tenantId, at, JSON.stringify(orders.map(({ shard, id, account, draft }) => (
    { shard, root_id: account.rootId.toString(), id: id.toString(), account_id: account.id.toString(), channel: draft.channel, external_id: draft.externalId })))]);
  await tx.query(INSERT_ITEMS_OF_MANY, [tenantId, JSON.stringify(orders.flatMap(({ shard, id, account, items }) =>
    items.map((item) => ({ shard, root_id: account.rootId.toString(), order_id: id.toString(), ...item }))))]);
  await tx.query(INSERT_STEPS, [JSON.stringify(orders.map(({ shard, id }) => (
    { shard, order_id: id.toString(), version: 1, tenant_id: tenantId, from_state: null, state: 'ACKNOWLEDGED', at })))]);
  return { orders: orders.map(({ shard, id }) => ({ shard, id })), audit: orders.map((order) => entryOf(actor, order)) };
}

function freshDraft(given: OrderDraft): OrderDraft {
  const draft = checkedDraft(given);
  const isFresh = draft.purchaseOrder === undefined && draft.requestedStart === null && draft.restarts === null && draft.items.every(({ action, attachedTo, bundledIn }) => action === 'ADD' && attachedTo === null && bundledIn === null);
  return isFresh ? draft : refuse('INVALID_INPUT', 'An order of a new account makes new products, now.', ['items']);
}

const entryOf = (actor: Actor, { id, draft, account, items }: { readonly id: bigint; readonly items: readonly object[]; readonly draft: OrderDraft; readonly account: FreshOrder['account'] }): AuditEntry => ({
  tenantId: actor.tenantId, actor: actor.subject, role: actor.role, requestId: actor.requestId, result: 'DONE', operation: 'productOrderCreate',
  objectType: 'ProductOrder', objectId: id.toString(),
  after: { accountId: account.id.toString(), channel: draft.channel, state: 'ACKNOWLEDGED', version: 1, items: items.length },
});
