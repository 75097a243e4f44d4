import { DAY_MS } from './local-date';
import { offsetAt, zoneSpanAt } from './zone-table';

/**
 * The instant at which a zone's clock shows `local` (milliseconds as if the clock were UTC). A local time that is
 * skipped moves to the next valid instant, which is the jump itself; of a time shown twice the first is meant.
 * The two offsets looked at are those a day to either side, so two jumps within two days are not told apart.
 */
export function instantOfLocal(zone: string, local: number): number {
  const before = local - offsetAt(zone, local - DAY_MS);
  if (local - before === offsetAt(zone, before)) return before;
  const after = local - offsetAt(zone, local + DAY_MS);
  if (local - after === offsetAt(zone, after)) return after;
  return zoneSpanAt(zone, before).from;
}

/** The first instant of a local date; where midnight is skipped, the first instant that exists. */
export const startOfEpochDay = (zone: string, epochDay: number): number => instantOfLocal(zone, epochDay * DAY_MS);
