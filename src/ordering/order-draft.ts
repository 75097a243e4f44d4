import { createHash } from 'node:crypto';
import { isExternalId, normaliseIdentifier } from '../party';
import { refuse } from '../platform/errors';
import { holdsCardNumber } from '../platform/text';
import { graphProblem } from './item-graph.rules';
import { checkedSlice, SliceDraft } from './order-slices';
import { EffectTime, ItemAction, ItemIdentifier } from './order.types';

/** An order as a caller sends it, ids decoded. */
export interface OrderDraft {
  readonly channel: string;
  readonly externalId: string;
  readonly accountId: bigint;
  readonly requestedStart: number | null;
  readonly restarts: bigint | null;
  /** The customer's own number of the order; absent where none was given. */
  readonly purchaseOrder?: string;
  readonly items: readonly ItemDraft[];
}
export interface ItemDraft {
  readonly key: string;
  readonly action: ItemAction;
  readonly offeringCode: string | null;
  readonly offeringVersion: number | null;
  readonly productId: bigint | null;
  readonly productVersion: number | null;
  readonly takesEffect: EffectTime;
  readonly attachedToKey: string | null;
  readonly attachedTo: bigint | null;
  /** The ADD item of this order that makes the bundle whose component the new product is, or a bundle that is there. */
  readonly bundledInKey: string | null;
  readonly bundledIn: bigint | null;
  readonly reliesOn: readonly string[];
  readonly identifiers: readonly ItemIdentifier[];
  /** Of the slice that it makes; absent where it makes none. */
  readonly slice?: SliceDraft;
}

export const MOST_ITEMS = 50;
const MOST_IDENTIFIERS = 20;
const TOKEN = /^[\x21-\x7e]{1,64}$/;
const EXTERNAL = /^[\x21-\x7e]{1,128}$/;

/**
 * Checks what can be seen without looking anything up, and spells identifiers as they are stored.
 * @throws Refusal INVALID_INPUT with the path of the first fault.
 */
export function checkedDraft(draft: OrderDraft): OrderDraft {
  if (!TOKEN.test(draft.channel)) refuse('INVALID_INPUT', 'A channel has 1 to 64 printable ASCII characters without blanks.', ['channel']);
  if (!EXTERNAL.test(draft.externalId)) refuse('INVALID_INPUT', 'An external id has 1 to 128 printable ASCII characters without blanks.', ['externalId']);
  if (draft.purchaseOrder !== undefined && !isPurchaseOrder(draft.purchaseOrder)) {
    refuse('INVALID_INPUT', 'A purchase order number has 1 to 64 printable ASCII characters, without blanks at its ends, and is no card number.', ['purchaseOrderNumber']);
  }
  if (draft.items.length === 0 || draft.items.length > MOST_ITEMS) refuse('INVALID_INPUT', `An order has 1 to ${MOST_ITEMS} items.`, ['items']);
  const items = draft.items.map(checkedItem);
  const problem = graphProblem(items);
  if (problem) refuse('INVALID_INPUT', problem.message, ['items', `${problem.index}`, 'reliesOn']);
  requireAttachable(items);
  requireOnce(items);
  return { ...draft, items };
}

const PURCHASE_ORDER = /^(?=.{1,64}$)[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
const isPurchaseOrder = (text: string): boolean => PURCHASE_ORDER.test(text) && !holdsCardNumber(text);

function checkedItem(item: ItemDraft, index: number): ItemDraft {
  const no = (message: string, field: string): never => refuse('INVALID_INPUT', message, ['items', `${index}`, field]);
  if (!TOKEN.test(item.key)) no('A key has 1 to 64 printable ASCII characters without blanks.', 'key');
  if (item.action === 'DELETE') {
    if (item.offeringCode !== null || item.offeringVersion !== null) no('What ends a product names no offering.', 'offering');
  } else if (item.offeringCode === null) no('The item names the offering.', 'offering');
  else if (!isExternalId(item.offeringCode)) no('A code has 1 to 100 printable ASCII characters without blanks.', 'offering');
  if (item.action === 'ADD') {
    if (item.productId !== null) no('What makes a product names none.', 'productId');
    if (item.takesEffect !== 'NOW') no('A new product begins when it is ready; requestedStart says when the order starts.', 'when');
  } else {
    if (item.productId === null) no('The item names the product.', 'productId');
    if (item.identifiers.length > 0) no('Only a new product brings identifiers.', 'identifiers');
    if (item.attachedToKey !== null || item.attachedTo !== null) no('Only a new product can be attached.', 'attachedTo');
    if (item.bundledInKey !== null || item.bundledIn !== null) no('Only a new product joins a bundle.', 'bundledIn');
  }
  if (item.attachedToKey !== null && item.attachedTo !== null) no('It is attached to an item or to a product, not both.', 'attachedTo');
  if (item.bundledInKey !== null && item.bundledIn !== null) no('It is a component of an item\'s bundle or of a product, not both.', 'bundledIn');
  if (item.identifiers.length > MOST_IDENTIFIERS) no(`At most ${MOST_IDENTIFIERS} identifiers.`, 'identifiers');
  // What is attached to a product, or is a component of it, waits until that is there.
  const before = [item.attachedToKey, item.bundledInKey].filter((key) => key !== null);
  return { ...item, reliesOn: [...new Set([...item.reliesOn, ...before])], identifiers: item.identifiers.map((given, at) => spelled(given, index, at)),
    ...(item.slice && { slice: checkedSlice(item, index)! }) };
}

function spelled({ kind, value }: ItemIdentifier, item: number, index: number): ItemIdentifier {
  const stored = normaliseIdentifier(kind, value);
  if (stored === null) refuse('INVALID_INPUT', `The value is no ${kind}.`, ['items', `${item}`, 'identifiers', `${index}`, 'value']);
  return { kind, value: stored };
}

function requireAttachable(items: readonly ItemDraft[]): void {
  const makes = new Set(items.filter(({ action }) => action === 'ADD').map(({ key }) => key));
  items.forEach(({ attachedToKey, bundledInKey }, index) => {
    if (attachedToKey !== null && !makes.has(attachedToKey)) {
      refuse('INVALID_INPUT', 'An add-on is attached to an item that makes a product.', ['items', `${index}`, 'attachedTo']);
    }
    if (bundledInKey !== null && !makes.has(bundledInKey)) {
      refuse('INVALID_INPUT', 'A component names the item that makes its bundle.', ['items', `${index}`, 'bundledIn']);
    }
  });
}

/** No product and no identifier stands in an order twice. */
function requireOnce(items: readonly ItemDraft[]): void {
  const [products, identifiers] = [new Set<bigint>(), new Set<string>()];
  items.forEach((item, index) => {
    if (item.productId !== null) {
      if (products.has(item.productId)) refuse('INVALID_INPUT', 'The product stands in the order twice.', ['items', `${index}`, 'productId']);
      products.add(item.productId);
    }
    item.identifiers.forEach(({ kind, value }, at) => {
      const name = `${kind}:${value}`;
      if (identifiers.has(name)) refuse('INVALID_INPUT', 'The identifier stands in the order twice.', ['items', `${index}`, 'identifiers', `${at}`, 'value']);
      identifiers.add(name);
    });
  });
}

/** What is compared where an external id comes again. What was ordered before there were bundles names none, and compares the same. */
export const draftHash = (draft: OrderDraft): Buffer => createHash('sha256').update(JSON.stringify(draft, (name, value: unknown) => {
  if (value === null && (name === 'bundledInKey' || name === 'bundledIn')) return undefined;
  return typeof value === 'bigint' ? value.toString() : value;
})).digest();
