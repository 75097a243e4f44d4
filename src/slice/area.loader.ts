import DataLoader from 'dataloader';
import type { RequestContext } from '../context';
import { isExternalId } from '../party';
import { isoInstant } from '../platform/db';
import { encodeCursor, foreignCursor, keysAfter, Page, pageOf } from '../platform/graphql';
import { businessNow } from '../tenant';
import { SliceArea, SliceAreasArgs, sliceAreaOf, Window } from './area.type';
import { peakOf } from './peak.rules';
import { amountsOf, capacityOf, heldRow } from './reservation.store';
import { Capacity, HeldCapacity, SLICE_MEASURES } from './reservation.types';
import { AREA_COLUMNS, AreaRow, HeldRow, SELECT_HELD_NOW } from './sql/reservation.sql';

const SCOPE = 'sliceArea';
const SELECT_PAGE = `select ${AREA_COLUMNS} from slice_area where tenant_id = $1 and code collate "C" > $2 order by code collate "C" limit $3::integer + 1`;

/** The tenant's areas by code, each with the window that it is asked for. */
export async function readAreas({ caller, services }: RequestContext, page: SliceAreasArgs): Promise<Page<SliceArea>> {
  const [after = ''] = keysAfter(page.after, SCOPE, caller.tenantId, 1) ?? [];
  if (after !== '' && !isExternalId(after)) throw foreignCursor();
  const window = windowOf(page, (await businessNow(services.pool, caller.tenantId)).getTime());
  const { rows } = await services.pool.query<AreaRow>(SELECT_PAGE, [caller.tenantId, after, page.first]);
  return pageOf(rows, page, (row) => sliceAreaOf({ id: row.id, code: row.code, name: row.name, version: row.version, capacity: capacityOf(row) }, window),
    (row) => encodeCursor(SCOPE, caller.tenantId, row.code));
}

/** Without both ends: this instant. */
export const windowOf = ({ from, until }: Pick<SliceAreasArgs, 'from' | 'until'>, now: number): Window =>
  (from || until ? { from: from?.getTime() ?? now, until: until?.getTime() ?? null } : { from: now, until: now + 1 });

/** What is reserved of areas that the caller was shown, at the highest instant of a window; by area key. */
export function reservedLoader({ caller, loader, services }: RequestContext, { from, until }: Window): DataLoader<string, Capacity> {
  return loader(`slice.reserved.${from}.${until ?? ''}`, () => new DataLoader(async (keys: readonly string[]) => {
    const { rows } = await services.pool.query<HeldRow>(SELECT_HELD_NOW, [caller.tenantId, keys, isoInstant(from)]);
    const held = rows.map(heldRow);
    return keys.map((key) => highestOf(held.filter(({ areaId }) => areaId === key), { from, until }));
  }));
}

const highestOf = (held: readonly HeldCapacity[], { from, until }: Window): Capacity =>
  Object.fromEntries(SLICE_MEASURES.map((measure) => [measure, peakOf(amountsOf(held, measure), from, until).highest])) as Capacity;
