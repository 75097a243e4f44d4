import { BundleChange, Member } from './bundle.rules';
import type { ItemDraft } from './order-draft';
import type { Sold, Touched } from './order-facts';

/** What is known of an order's offerings and products. */
export interface BundleFacts {
  readonly sold: Sold;
  readonly touched: Touched;
}

/** The bundles that are there and that the order touches: it adds to them, changes or ends them, or what is in them. */
export function bundlesAmong(items: readonly ItemDraft[], { sold, touched }: BundleFacts): ReadonlySet<bigint> {
  const bundles = new Set<bigint>();
  for (const { bundledIn, productId, offeringCode } of items) {
    if (bundledIn !== null) bundles.add(bundledIn);
    const product = productId === null ? undefined : touched.get(productId.toString());
    if (!product) continue;
    if (product.bundled_in !== null) bundles.add(BigInt(product.bundled_in));
    if (product.components || (offeringCode !== null && sold.get(offeringCode)?.components)) bundles.add(productId!);
  }
  return bundles;
}

/** What becomes of every bundle, each with the first item of the order that touches it. */
export function* changesOf(
  items: readonly ItemDraft[], { sold, touched }: BundleFacts, members: readonly Member[],
): Iterable<{ readonly index: number; readonly change: BundleChange }> {
  for (const [index, item] of items.entries()) {
    if (item.action !== 'ADD') continue;
    const [components, inside] = [sold.get(item.offeringCode!)!.components, items.filter(({ bundledInKey }) => bundledInKey === item.key)];
    if (!components && inside.length === 0) continue;
    const after = counted(inside.map(({ offeringCode }) => offeringCode!));
    yield { index, change: { code: item.offeringCode!, components: components ?? [], isNew: true, before: new Map(), after } };
  }
  for (const bundleId of bundlesAmong(items, { sold, touched })) {
    const found = changeOf(bundleId, items, { sold, touched }, members.filter((member) => member.bundleId === bundleId));
    if (found) yield found;
  }
}

function changeOf(
  bundleId: bigint, items: readonly ItemDraft[], { sold, touched }: BundleFacts, inside: readonly Member[],
): { readonly index: number; readonly change: BundleChange } | null {
  const ids = new Set(inside.map(({ productId }) => productId));
  const own = items.find(({ productId }) => productId === bundleId);
  if (own?.action === 'DELETE') return null;
  const index = items.findIndex(({ productId, bundledIn }) => productId === bundleId || bundledIn === bundleId || (productId !== null && ids.has(productId)));
  const terms = own ? sold.get(own.offeringCode!)! : touched.get(bundleId.toString());
  if (!terms) return null;
  const lasting = inside.filter(({ ends }) => !ends);
  const stay = lasting.flatMap(({ productId, code }) => {
    const item = items.find((other) => other.productId === productId);
    return item?.action === 'DELETE' ? [] : [item?.offeringCode ?? code];
  });
  const joined = items.flatMap((item) => (item.action === 'ADD' && item.bundledIn === bundleId ? [item.offeringCode!] : []));
  return { index, change: {
    code: terms.code, components: terms.components ?? [], isNew: own !== undefined, before: counted(lasting.map(({ code }) => code)),
    after: counted([...stay, ...joined]),
  } };
}

function counted(codes: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  return counts;
}
