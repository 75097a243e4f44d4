import type { PoolClient } from 'pg';
import { Refusal, refuse } from '../platform/errors';
import { BundleFacts, bundlesAmong, changesOf } from './bundle-changes';
import { countProblem, defaultItems, endOfBundle, Member } from './bundle.rules';
import { ItemDraft, MOST_ITEMS } from './order-draft';
import { BundleCountOutOfRange } from './order.errors';
import { OrderAccount, readSold, readTouched, requireSold, Sold, Touched } from './order-facts';
import { MemberRow, SELECT_MEMBERS } from './sql/bundle.sql';

/** An order's items with those that follow from its bundles behind them, and the versions on sale of all that they name. */
export interface Planned {
  readonly items: readonly ItemDraft[];
  readonly sold: Sold;
}

/**
 * Completes an order by what its bundles bring along, and counts what each bundle would hold. Where no bundle is touched,
 * nothing is read.
 * @throws Refusal INVALID_INPUT (BundleCountOutOfRange), CONFLICT, OFFERING_NOT_SOLD
 */
export async function planBundles(
  tx: PoolClient, tenantId: number, account: OrderAccount, given: readonly ItemDraft[], facts: BundleFacts,
): Promise<Planned> {
  const bundles = bundlesAmong(given, facts);
  const touched = await withBundles(tx, account, facts.touched, bundles);
  const members = await membersOf(tx, account, bundles);
  const made = defaultsOf(given, facts.sold);
  const ended = endsOf(given, touched, members);
  const items = [...ended.items, ...made, ...ended.added];
  if (items.length > MOST_ITEMS) refuse('INVALID_INPUT', `With what its bundles bring along the order has ${items.length} items; it has at most ${MOST_ITEMS}.`, ['items']);
  requireKeys(items, given.length);
  const codes = made.flatMap(({ offeringCode }) => (offeringCode === null || facts.sold.has(offeringCode) ? [] : [offeringCode]));
  const sold = codes.length === 0 ? facts.sold : new Map([...facts.sold, ...await readSold(tx, tenantId, codes)]);
  requireSold(made, sold);
  for (const { index, change } of changesOf(items, { sold, touched }, members)) {
    const problem = countProblem(change);
    if (problem) throw new Refusal(new BundleCountOutOfRange(problem, ['items', `${index}`]));
  }
  return { items, sold };
}

/** The bundles of what the order touches, beside it. */
async function withBundles(tx: PoolClient, account: OrderAccount, touched: Touched, bundles: ReadonlySet<bigint>): Promise<Touched> {
  const missing = [...bundles].filter((id) => !touched.has(id.toString()));
  return missing.length === 0 ? touched : new Map([...touched, ...await readTouched(tx, account, missing)]);
}

async function membersOf(tx: PoolClient, account: OrderAccount, bundles: ReadonlySet<bigint>): Promise<readonly Member[]> {
  if (bundles.size === 0) return [];
  const { rows } = await tx.query<MemberRow>(SELECT_MEMBERS, [account.shard, account.rootId, account.id, [...bundles].map(String)]);
  return rows.map((row) => ({
    productId: BigInt(row.product_id), bundleId: BigInt(row.bundle_id), code: row.code, ends: row.ends, outlasts: row.outlasts, isMade: row.is_made,
  }));
}

/** The components of new bundles of which the order names none. */
function defaultsOf(items: readonly ItemDraft[], sold: Sold): ItemDraft[] {
  const named = new Set(items.map(({ bundledInKey }) => bundledInKey));
  return items.flatMap((item) => {
    const components = item.action === 'ADD' ? sold.get(item.offeringCode!)?.components : null;
    return components && !named.has(item.key) ? defaultItems(item, components) : [];
  });
}

/** Bundles that end take everything in them along. */
function endsOf(items: readonly ItemDraft[], touched: Touched, members: readonly Member[]): { readonly items: readonly ItemDraft[]; readonly added: readonly ItemDraft[] } {
  const added: ItemDraft[] = [];
  const whole = items.map((item, index) => {
    if (item.action !== 'DELETE' || !touched.get(item.productId!.toString())?.components) return item;
    const inside = members.filter(({ bundleId }) => bundleId === item.productId);
    requireEndable(item, index, inside, items);
    const end = endOfBundle(item, inside, items);
    added.push(...end.added);
    return end.bundle;
  });
  return { items: whole, added };
}

function requireEndable(bundle: ItemDraft, index: number, inside: readonly Member[], items: readonly ItemDraft[]): void {
  if (inside.some(({ isMade }) => !isMade)) {
    refuse('CONFLICT', 'Another open order adds to this bundle; wait for it or cancel it.', ['items', `${index}`, 'productId']);
  }
  const ids = new Set(inside.map(({ productId }) => productId));
  items.forEach((item, at) => {
    if (item.bundledIn === bundle.productId) refuse('INVALID_INPUT', 'The order ends this bundle.', ['items', `${at}`, 'bundledInProductId']);
    if (item.productId === null || !ids.has(item.productId)) return;
    if (item.action !== 'DELETE') refuse('INVALID_INPUT', 'The order ends the bundle of this product, and the product with it.', ['items', `${at}`, 'action']);
    if (item.takesEffect === 'PERIOD_END' && bundle.takesEffect === 'NOW') refuse('INVALID_INPUT', 'A component ends no later than its bundle.', ['items', `${at}`, 'when']);
  });
}

/** The keys of items that follow from others are free. */
function requireKeys(items: readonly ItemDraft[], given: number): void {
  const keys = new Map<string, number>();
  items.forEach(({ key }, index) => {
    const other = keys.get(key);
    if (other !== undefined && index >= given) refuse('INVALID_INPUT', `The key ${key} is that of an item which a bundle brings along; take another.`, ['items', `${other}`, 'key']);
    keys.set(key, index);
  });
}
