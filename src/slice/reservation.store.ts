import type { PoolClient } from 'pg';
import { isoInstant } from '../platform/db';
import { Refusal, refuse } from '../platform/errors';
import type { RootRef } from '../platform/root';
import type { Queryable } from '../tenant';
import { snssaiText } from '../usage/snssai.rules';
import { peakOf } from './peak.rules';
import { Capacity, HeldCapacity, LockedArea, SLICE_MEASURES, SliceMeasure } from './reservation.types';
import { SliceCapacityExceeded } from './slice.errors';
import type { SliceTerms } from './slice.types';
import { AreaRow, HeldRow, INSERT_RESERVATIONS, LOCK_AREAS, RELEASE, SELECT_HELD, TIDY } from './sql/reservation.sql';

/** The order that reserves, and the instant from which its slices may begin (epoch ms). */
export interface ReservingOrder extends RootRef {
  readonly tenantId: number;
  readonly accountId: string;
  readonly orderId: bigint;
  readonly from: number;
}

/** One slice of an order. */
export interface SliceWish {
  readonly itemKey: string;
  readonly productId: bigint;
  readonly terms: SliceTerms;
  readonly area: string;
  /** Epoch ms; null = without end. */
  readonly until: number | null;
  /** Of the item's `slice` in the input. */
  readonly path: readonly string[];
}

/**
 * Reserves for the whole time of each slice what its profile guarantees, under the areas' locks in the order's own
 * transaction: so what is reserved never passes what an area has, however many orders come at once.
 * @throws Refusal NOT_FOUND (no such area), SLICE_CAPACITY_EXCEEDED
 */
export async function reserveSlices(tx: PoolClient, order: ReservingOrder, wishes: readonly SliceWish[]): Promise<void> {
  const areas = new Map((await lockAreas(tx, order.tenantId, wishes.map(({ area }) => area), order.from)).map((area) => [area.code, area]));
  for (const { area, path } of wishes) if (!areas.has(area)) refuse('NOT_FOUND', 'There is no area of this code.', [...path, 'area']);
  const held = [...await heldOf(tx, order.tenantId, [...areas.values()], order.from)];
  for (const wish of wishes) {
    const area = areas.get(wish.area)!;
    const wanted = guaranteedBy(wish.terms);
    const window = { from: order.from, until: wish.until };
    requireRoom(area, held.filter(({ areaId }) => areaId === area.id), window, wanted, wish.path);
    held.push({ areaId: area.id, ...window, held: wanted });
  }
  await tx.query(INSERT_RESERVATIONS, [order.tenantId, order.shard, order.rootId.toString(), order.accountId, order.orderId.toString(), isoInstant(order.from),
    JSON.stringify(wishes.map((wish) => rowOf(wish, areas.get(wish.area)!)))]);
}

/** Gives back what was held for products that never came. In the transaction in which that is known. */
export async function releaseSlices(tx: Queryable, tenantId: number, productIds: readonly bigint[]): Promise<void> {
  if (productIds.length > 0) await tx.query(RELEASE, [tenantId, productIds.map(String)]);
}

/** The areas of these codes, locked, with what is held from an instant on of ended products given back; a code without an area has no entry. */
export async function lockAreas(tx: PoolClient, tenantId: number, codes: readonly string[], from: number): Promise<LockedArea[]> {
  const { rows } = await tx.query<AreaRow>(LOCK_AREAS, [tenantId, [...new Set(codes)]]);
  await tx.query(TIDY, [tenantId, rows.map(({ id }) => id), isoInstant(from)]);
  return rows.map((row) => ({ id: row.id, code: row.code, name: row.name, version: row.version, capacity: capacityOf(row) }));
}

/** What is held of locked areas from an instant on. */
export async function heldOf(tx: Queryable, tenantId: number, areas: readonly LockedArea[], from: number): Promise<HeldCapacity[]> {
  const { rows } = await tx.query<HeldRow>(SELECT_HELD, [tenantId, areas.map(({ id }) => id), isoInstant(from)]);
  return rows.map(heldRow);
}

export const heldRow = (row: HeldRow): HeldCapacity => ({ areaId: row.area_id, from: row.from, until: row.until, held: capacityOf(row) });

export const capacityOf = (row: Pick<AreaRow, 'downlink_kbps' | 'uplink_kbps' | 'devices'>): Capacity =>
  ({ DOWNLINK_KBPS: BigInt(row.downlink_kbps), UPLINK_KBPS: BigInt(row.uplink_kbps), DEVICES: BigInt(row.devices) });

/** Of one measure. */
export const amountsOf = (held: readonly HeldCapacity[], measure: SliceMeasure): { from: number; until: number | null; amount: bigint }[] =>
  held.map(({ from, until, held: capacity }) => ({ from, until, amount: capacity[measure] }));

function requireRoom(
  area: LockedArea, held: readonly HeldCapacity[], { from, until }: { readonly from: number; readonly until: number | null }, wanted: Capacity, path: readonly string[],
): void {
  for (const measure of SLICE_MEASURES) {
    const { highest, at } = peakOf(amountsOf(held, measure), from, until);
    const free = area.capacity[measure] - highest;
    if (wanted[measure] > free) {
      throw new Refusal(new SliceCapacityExceeded({ area: area.code, measure, wanted: wanted[measure], free: free < 0n ? 0n : free, from: new Date(at) }, [...path, 'area']));
    }
  }
}

const guaranteedBy = ({ profile }: SliceTerms): Capacity => ({
  DOWNLINK_KBPS: BigInt(profile.downlinkGuaranteedKbps), UPLINK_KBPS: BigInt(profile.uplinkGuaranteedKbps), DEVICES: BigInt(profile.maximumDevices),
});

function rowOf({ itemKey, productId, terms, until }: SliceWish, area: LockedArea): object {
  const wanted = guaranteedBy(terms);
  return {
    product_id: productId.toString(), item_key: itemKey, area_id: area.id, offering_version_id: terms.offeringVersionId, snssai: snssaiText(terms.snssai),
    valid_until: until === null ? null : isoInstant(until), downlink_kbps: wanted.DOWNLINK_KBPS.toString(), uplink_kbps: wanted.UPLINK_KBPS.toString(),
    devices: wanted.DEVICES.toString(),
  };
}
