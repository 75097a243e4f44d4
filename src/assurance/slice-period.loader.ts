import DataLoader from 'dataloader';
import type { RequestContext } from '../context';
import { isoInstant } from '../platform/db';
import { encodeCursor, foreignCursor, keysAfter, ownedPlace, Page, PageArgs, pageOf, pagesByOwner, wholeAfter, wholePart } from '../platform/graphql';
import { shardOfId } from '../platform/root';
import type { Verdict } from './availability.rules';
import { revisionOf } from './slice-period';
import { periodShown, SlicePeriod } from './slice-period.type';
import { PeriodRecord, SELECT_PERIOD_PAGES, SELECT_PERIODS_BY_VERDICT } from './sql/period.sql';

const SCOPE = 'slicePeriod';
const LAST_INSTANT = 253_402_300_799_999n;
const shown = (row: PeriodRecord): SlicePeriod => periodShown(revisionOf(row));

/** Pages of the settled periods of slices, newest first; all slices of one field in one statement. */
export function periodPageLoader(context: RequestContext, page: PageArgs): DataLoader<bigint, Page<SlicePeriod>, string> {
  const place = ownedPlace(page.after, SCOPE, 1);
  const before = wholeAfter(place, LAST_INSTANT);
  if (before > LAST_INSTANT) throw foreignCursor();
  return context.loader(`assurance.periods.${page.first}.${page.after ?? ''}`, () => new DataLoader(async (keys: readonly bigint[]) => {
    const { rows } = await context.services.pool.query<PeriodRecord>(SELECT_PERIOD_PAGES,
      [keys.map(shardOfId), keys.map(String), isoInstant(+before.toString()), page.first]);
    return pagesByOwner(keys, place, String, (key) => pageOf(rows.filter((row) => row.product_id === key.toString()), page, shown,
      (row) => encodeCursor(SCOPE, row.product_id, row.period_start)));
  }, { cacheKeyFn: String }));
}

const LIST = 'slicePeriods';

/** Settled periods of a tenant, oldest first. */
export async function readPeriods({ services, caller }: RequestContext, page: PageArgs, verdict: Verdict | null, isDecided: boolean | null): Promise<Page<SlicePeriod>> {
  const keys = keysAfter(page.after, LIST, caller.tenantId, 3)?.map((key) => wholePart(key));
  if (keys?.some((key) => key === null || key < 0n || key >= 2n ** 63n) || (keys && (keys[0]! > LAST_INSTANT || keys[2]! > LAST_INSTANT))) throw foreignCursor();
  const [end, product, start] = keys ?? [0n, 0n, 0n];
  const { rows } = await services.pool.query<PeriodRecord>(SELECT_PERIODS_BY_VERDICT, [caller.tenantId, verdict, isoInstant(+end!.toString()), product!.toString(),
    isoInstant(+start!.toString()), page.first + 1, isDecided]);
  return pageOf(rows, page, shown, (row) => encodeCursor(LIST, caller.tenantId, row.period_end, row.product_id, row.period_start));
}
