import { periodRule } from '../charging';
import { periodOf } from '../platform/time';
import type { MeasuredSlice } from './measured-slice';

/** A period of a slice, half-open, in epoch ms. */
export interface SlicePeriodBounds {
  readonly start: number;
  readonly end: number;
}

type Timed = Pick<MeasuredSlice, 'periodKind' | 'periodLength' | 'anchorAt' | 'timeZone' | 'billCycleDay' | 'startedAt' | 'endedAt'>;

/**
 * The period that begins at `start`: to the end of the natural one that holds it, or to the product's end. A product whose
 * time is not cut has one period, from its start to its end. Null where none begins then, or none that ends.
 */
export function periodFrom(slice: Timed, start: number): SlicePeriodBounds | null {
  const { periodKind, periodLength, anchorAt, timeZone, billCycleDay, endedAt } = slice;
  if (endedAt !== null && start >= endedAt) return null;
  const rule = periodRule({ terms: { periodKind, periodLength }, anchorAt }, { billCycleDay, timeZone });
  const natural = rule ? periodOf(rule, timeZone, start).end : null;
  const end = natural === null || (endedAt !== null && endedAt < natural) ? endedAt : natural;
  return end === null ? null : { start, end };
}

/** The most that are looked through: a period an hour for eleven years. */
const MOST_PERIODS = 100_000;

/** The period that holds an instant; null before the product's start and after its end. */
export function periodAt(slice: Timed, at: number): SlicePeriodBounds | null {
  const { periodKind, periodLength, anchorAt, timeZone, billCycleDay, startedAt, endedAt } = slice;
  if (at < startedAt || (endedAt !== null && at >= endedAt)) return null;
  const rule = periodRule({ terms: { periodKind, periodLength }, anchorAt }, { billCycleDay, timeZone });
  if (!rule) return endedAt === null ? null : { start: startedAt, end: endedAt };
  const natural = periodOf(rule, timeZone, at);
  return {
    start: natural.start < startedAt ? startedAt : natural.start, end: endedAt !== null && endedAt < natural.end ? endedAt : natural.end,
  };
}

/** The periods that ended by an instant, from `from` (a period's start) on, in order. */
export function endedPeriods(slice: Timed, from: number, by: number): SlicePeriodBounds[] {
  const ended: SlicePeriodBounds[] = [];
  for (let next = periodFrom(slice, from); next !== null && next.end <= by && ended.length < MOST_PERIODS; next = periodFrom(slice, next.end)) ended.push(next);
  return ended;
}
