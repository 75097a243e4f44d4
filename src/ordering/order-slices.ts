import type { PoolClient } from 'pg';
import { normaliseIdentifier } from '../party';
import { isoInstant } from '../platform/db';
import { refuse } from '../platform/errors';
import type { RootRef } from '../platform/root';
import { DAY_MS } from '../platform/time';
import { loadSliceTerms, reserveSlices, SliceTerms, SliceWish, snssaiOf } from '../slice';
import type { Planned } from './bundle-plan';
import type { ItemDraft } from './order-draft';
import type { Sold } from './order-facts';
import type { ItemIdentifier } from './order.types';

/** What an item says of the slice that it makes. */
export interface SliceDraft {
  readonly area: string;
  /** Epoch ms; null = without end. */
  readonly until: number | null;
  readonly devices: readonly ItemIdentifier[];
}

const MOST_DEVICES = 100;
const FURTHEST_MS = 3_660 * DAY_MS;
const AREA = /^[\x21-\x7e]{1,100}$/;

const pathOf = (index: number, ...rest: readonly string[]): string[] => ['items', `${index}`, 'slice', ...rest];

/** Checks what can be seen of an item's slice without looking anything up, and spells its devices as they are stored. */
export function checkedSlice(item: ItemDraft, index: number): SliceDraft | undefined {
  const { slice, action } = item;
  if (slice === undefined) return undefined;
  if (action !== 'ADD') refuse('INVALID_INPUT', 'Only a new product is a slice of an area; to change one, end it and order the other.', pathOf(index));
  if (!AREA.test(slice.area)) refuse('INVALID_INPUT', 'A code has 1 to 100 printable ASCII characters without blanks.', pathOf(index, 'area'));
  if (slice.devices.length > MOST_DEVICES) refuse('INVALID_INPUT', `At most ${MOST_DEVICES} devices come with an order; sliceDeviceAdmit admits more.`, pathOf(index, 'devices'));
  const seen = new Set<string>();
  const devices = slice.devices.map(({ kind, value }, at) => {
    const stored = normaliseIdentifier(kind, value) ?? refuse('INVALID_INPUT', `The value is no ${kind}.`, pathOf(index, 'devices', `${at}`, 'value'));
    if (seen.has(`${kind}:${stored}`)) refuse('INVALID_INPUT', 'The device stands in the item twice.', pathOf(index, 'devices', `${at}`, 'value'));
    seen.add(`${kind}:${stored}`);
    return { kind, value: stored };
  });
  return { ...slice, devices };
}

/** The order that is about to be stored. */
export interface NewOrder extends RootRef {
  readonly tenantId: number;
  readonly accountId: string;
  readonly orderId: bigint;
  /** First instant of its slices. */
  readonly from: number;
  readonly sold: Sold;
  /** The product of every item, by its key. */
  readonly products: ReadonlyMap<string, bigint>;
}

/**
 * Reserves the capacity of an order's slices, before it is stored and in its transaction.
 * @throws Refusal INVALID_INPUT, NOT_FOUND, CONFLICT (a slice is not changed), ALREADY_EXISTS (a device), SLICE_CAPACITY_EXCEEDED
 */
export async function reserveForOrder(tx: PoolClient, items: readonly ItemDraft[], order: NewOrder): Promise<void> {
  const terms = await loadSliceTerms(tx, [...order.sold.values()].map(({ id }) => id));
  await requireUnchanged(tx, items, order, terms);
  const wishes = items.flatMap((item, index): SliceWish[] => {
    if (item.action !== 'ADD') return [];
    const found = terms.get(order.sold.get(item.offeringCode!)!.id);
    if (!found && item.slice) refuse('INVALID_INPUT', 'The offering is no slice.', pathOf(index));
    if (!found) return [];
    if (!item.slice) return refuse('INVALID_INPUT', 'A slice needs an area: give the item its `slice`.', pathOf(index));
    requireFits(item.slice, found, order.from, index);
    return [{ itemKey: item.key, productId: order.products.get(item.key)!, terms: found, area: item.slice.area, until: item.slice.until, path: pathOf(index) }];
  });
  if (wishes.length === 0) return;
  await requireFreeDevices(tx, items, order, wishes);
  await reserveSlices(tx, order, wishes);
}

/** Orders whose capacity nobody reserves make no slices; asked once for all of them. @throws Refusal INVALID_INPUT */
export async function refuseSlices(tx: PoolClient, orders: readonly Planned[]): Promise<void> {
  const slices = await loadSliceTerms(tx, [...new Set(orders.flatMap(({ sold }) => [...sold.values()].map(({ id }) => id)))]);
  for (const { items, sold } of orders) {
    const index = items.findIndex(({ slice, offeringCode }) => slice !== undefined || slices.has(sold.get(offeringCode ?? '')?.id ?? ''));
    if (index >= 0) refuse('INVALID_INPUT', 'A slice is ordered by itself: its capacity must be reserved.', ['items', `${index}`]);
  }
}

function requireFits({ until, devices }: SliceDraft, { profile }: SliceTerms, from: number, index: number): void {
  if (until !== null && until <= from) refuse('INVALID_INPUT', 'A slice ends after it starts.', pathOf(index, 'until'));
  if (until !== null && until > from + FURTHEST_MS) refuse('INVALID_INPUT', 'A slice ends within ten years.', pathOf(index, 'until'));
  if (BigInt(devices.length) > BigInt(profile.maximumDevices)) {
    refuse('DEVICE_LIMIT_REACHED', `The slice admits ${profile.maximumDevices} devices.`, pathOf(index, 'devices'));
  }
}

/** What capacity was reserved for stays what it is. */
async function requireUnchanged(tx: PoolClient, items: readonly ItemDraft[], order: NewOrder, terms: ReadonlyMap<string, SliceTerms>): Promise<void> {
  const changed = items.flatMap(({ action, productId }) => (action === 'MODIFY' ? productId! : []));
  if (changed.length === 0) return;
  const { rows } = await tx.query<{ id: string; version: string }>(
    'select id::text, offering_version_id::text as version from product where shard = $1 and id = any($2::bigint[])', [order.shard, changed.map(String)]);
  const slices = await loadSliceTerms(tx, rows.map(({ version }) => version));
  items.forEach(({ action, productId, offeringCode }, index) => {
    if (action !== 'MODIFY') return;
    const version = rows.find(({ id }) => id === productId!.toString())?.version ?? '';
    const field = slices.has(version) ? 'productId' : 'offering';
    if (field === 'offering' && !terms.has(order.sold.get(offeringCode!)!.id)) return;
    refuse('CONFLICT', 'A slice is not changed: end the product and order the other offering.', ['items', `${index}`, field]);
  });
}

/** Which of devices, each with the end of its slice, are in a slice of their S-NSSAI at any time from an instant ($6) on. */
const SELECT_TAKEN = `
  select (x.n - 1)::int as at from unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[]) with ordinality x(snssai, kind, value, until, n)
   where exists (select from slice_device d where d.tenant_id = $1 and d.snssai = x.snssai and d.kind = x.kind and d.value = x.value
                    and tstzrange(d.valid_from, d.valid_until) && tstzrange($6, x.until))
   order by x.n limit 1`;

/** What is in another slice of the S-NSSAI while this one lasts is told now; whoever comes between is told by the beginning. */
async function requireFreeDevices(tx: PoolClient, items: readonly ItemDraft[], { tenantId, from }: NewOrder, wishes: readonly SliceWish[]): Promise<void> {
  const wanted = wishes.flatMap(({ itemKey, terms, until, path }) => items.find(({ key }) => key === itemKey)!.slice!.devices.map((device, at) =>
    ({ ...device, snssai: snssaiOf(terms), until: until === null ? null : isoInstant(until), path: [...path, 'devices', `${at}`, 'value'] })));
  if (wanted.length === 0) return;
  requireOnce(wanted);
  const { rows: [taken] } = await tx.query<{ at: number }>(SELECT_TAKEN, [tenantId, wanted.map(({ snssai }) => snssai), wanted.map(({ kind }) => kind),
    wanted.map(({ value }) => value), wanted.map(({ until }) => until), isoInstant(from)]);
  if (taken) refuse('ALREADY_EXISTS', 'The device is in a slice of this S-NSSAI at that time.', wanted[taken.at]!.path);
}

/** The slices of an order begin together, so that none of an S-NSSAI has a device of another. */
function requireOnce(wanted: readonly (ItemIdentifier & { readonly snssai: string; readonly path: readonly string[] })[]): void {
  const seen = new Set<string>();
  for (const { snssai, kind, value, path } of wanted) {
    const key = `${snssai} ${kind}:${value}`;
    if (seen.has(key)) refuse('INVALID_INPUT', 'The device stands in two slices of this S-NSSAI; it is in one at a time.', path);
    seen.add(key);
  }
}
