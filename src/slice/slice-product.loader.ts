import DataLoader from 'dataloader';
import type { RequestContext } from '../context';
import { accountFilter } from '../party';
import { encodeCursor, foreignCursor, OwnedPlace, ownedPlace, Page, PageArgs, pageOf, pagesByOwner, wholePart } from '../platform/graphql';
import { shardOfId } from '../platform/root';
import type { IdentifierKind } from '../usage/usage.types';
import { loadSliceTerms } from './slice-terms.store';
import { SliceDevice, SliceProduct, sliceProductOf, SliceProductRow } from './slice-product.type';
import { DeviceRow, SELECT_DEVICE_PAGES, selectSliceProducts } from './sql/slice-product.sql';

/** Slices by their product's key; null for what is unknown, no slice, and not the caller's. */
export function sliceProductLoader(context: RequestContext): DataLoader<bigint, SliceProduct | null, string> {
  return context.loader('slice.product', () => new DataLoader(async (keys: readonly bigint[]) => {
    const { pool } = context.services;
    const filter = accountFilter(context.caller, 3, 'account', 'SLICE');
    const { rows } = await pool.query<SliceProductRow>(selectSliceProducts(filter.sql), [keys.map(shardOfId), keys.map(String), ...filter.parameters]);
    const terms = await loadSliceTerms(pool, rows.map(({ offering_version_id: version }) => version));
    const found = new Map(rows.map((row) => [row.id, sliceProductOf(row, terms.get(row.offering_version_id)!)]));
    return keys.map((key) => found.get(key.toString()) ?? null);
  }, { cacheKeyFn: String }));
}

const SCOPE = 'sliceDevice';

/** Pages of the devices of slices, in the order in which they are admitted; all slices of one field in one statement. */
export function devicePageLoader(context: RequestContext, page: PageArgs): DataLoader<SliceProduct, Page<SliceDevice>, string> {
  const place = ownedPlace(page.after, SCOPE, 3);
  const after = keysOf(place);
  return context.loader(`slice.devices.${page.first}.${page.after ?? ''}`, () => new DataLoader(async (slices: readonly SliceProduct[]) => {
    const { rows } = await context.services.pool.query<DeviceRow>(SELECT_DEVICE_PAGES,
      [slices.map(({ shard }) => shard), slices.map(keyOf), page.first, ...after]);
    return pagesByOwner(slices, place, keyOf, (slice) => pageOf(rows.filter((row) => row.product_id === keyOf(slice)), page, sliceDeviceOf,
      (row) => encodeCursor(SCOPE, keyOf(slice), row.from_us, row.kind, row.value)));
  }, { cacheKeyFn: keyOf }));
}

const keyOf = ({ productKey }: SliceProduct): string => productKey.toString();

function keysOf(place: OwnedPlace | null): readonly string[] {
  if (place === null) return ['-1', '', ''];
  if (wholePart(place.keys[0]) === null || place.keys.join('').includes('\0')) throw foreignCursor();
  return place.keys;
}

export const sliceDeviceOf = (row: Pick<DeviceRow, 'kind' | 'value' | 'valid_from' | 'valid_until' | 'payer'>): SliceDevice =>
  Object.assign(new SliceDevice(), { kind: row.kind as IdentifierKind, identifier: row.value, admittedFrom: row.valid_from, admittedUntil: row.valid_until, payer: row.payer });
