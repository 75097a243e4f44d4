import { BundleCount } from './order.errors';
import { ItemDraft } from './order-draft';

/** A component of a bundle, as its offering version limits it. */
export interface ComponentTerms {
  readonly code: string;
  readonly lowerLimit: number;
  readonly upperLimit: number;
  readonly defaultCount: number;
}

/** A product in a bundle that is there. */
export interface Member {
  readonly productId: bigint;
  readonly bundleId: bigint;
  /** Code of the offering that it has, or will have. */
  readonly code: string;
  /** Whether its end was ordered: it counts no more. */
  readonly ends: boolean;
  /** Whether it would be there after the running period of its bundle. */
  readonly outlasts: boolean;
  /** False while an open order is to make it. */
  readonly isMade: boolean;
}

const ITEM: Omit<ItemDraft, 'key' | 'action' | 'takesEffect'> = {
  offeringCode: null, offeringVersion: null, productId: null, productVersion: null, attachedToKey: null, attachedTo: null, bundledInKey: null,
  bundledIn: null, reliesOn: [], identifiers: [],
};

/** Items for the components of a bundle of which the order names none: of each as many as it has by default. */
export function defaultItems(bundle: ItemDraft, components: readonly ComponentTerms[]): ItemDraft[] {
  return components.flatMap(({ code, defaultCount }) => Array.from({ length: defaultCount }, () => code)).map((offeringCode, index) => ({
    ...ITEM, key: `${bundle.key}/${index + 1}`, action: 'ADD', takesEffect: 'NOW', offeringCode, bundledInKey: bundle.key, reliesOn: [bundle.key],
  }));
}

/**
 * The end of a bundle with that of everything in it: an item for each product that the order does not name, and the bundle
 * ends when they have.
 */
export function endOfBundle(bundle: ItemDraft, members: readonly Member[], items: readonly ItemDraft[]): { readonly bundle: ItemDraft; readonly added: readonly ItemDraft[] } {
  const named = new Map(items.filter(({ action }) => action === 'DELETE').map(({ productId, key }) => [productId, key]));
  const left = members.filter(({ productId, ends, outlasts }) => !named.has(productId) && (!ends || bundle.takesEffect === 'NOW' || outlasts));
  const added = left.map(({ productId }, index): ItemDraft => (
    { ...ITEM, key: `${bundle.key}/${index + 1}`, action: 'DELETE', takesEffect: bundle.takesEffect, productId, bundledIn: bundle.productId }));
  const before = [...members.flatMap(({ productId }) => named.get(productId) ?? []), ...added.map(({ key }) => key)];
  return { bundle: { ...bundle, reliesOn: [...new Set([...bundle.reliesOn, ...before])] }, added };
}

/** What a bundle holds before and after an order, by offering code. */
export interface BundleChange {
  readonly code: string;
  /** What it may hold after the order; empty where it is no bundle any more. */
  readonly components: readonly ComponentTerms[];
  /** Whether the order makes the bundle, or gives it another offering. */
  readonly isNew: boolean;
  readonly before: ReadonlyMap<string, number>;
  readonly after: ReadonlyMap<string, number>;
}

/**
 * The first component of which the bundle would hold too many or too few. What stood outside the limits before, because an
 * order was done in part, may be mended step by step, and is no fault of an order that does not make it worse.
 */
export function countProblem({ code: bundleCode, components, isNew, before, after }: BundleChange): BundleCount | null {
  const limits = new Map(components.map((component) => [component.code, component]));
  for (const offeringCode of new Set([...limits.keys(), ...after.keys()])) {
    const { lowerLimit, upperLimit } = limits.get(offeringCode) ?? { lowerLimit: 0, upperLimit: 0 };
    const [was, count] = [before.get(offeringCode) ?? 0, after.get(offeringCode) ?? 0];
    const isTooMany = count > upperLimit && (isNew || count > was);
    const isTooFew = count < lowerLimit && (isNew || count < was);
    if (isTooMany || isTooFew) return { bundleCode, offeringCode, count, lowerLimit, upperLimit };
  }
  return null;
}
