import { DAY_MS, localParts, weekdayOf, zoneSpanAt } from '../platform/time';
import { DayPlan, WindowSchedule } from './prepared.types';

/** The window that holds at the instant by what the zone's clock shows: its index, or -1. */
export function windowAt(schedule: WindowSchedule, zone: string, instant: number): number {
  const { epochDay, millisOfDay } = localParts(zone, instant);
  const { starts, windows } = planOf(schedule, epochDay);
  let index = starts.length - 1;
  while (starts[index] > millisOfDay) index--;
  return windows[index];
}

/**
 * The first instant after `instant` and before `end` at which another window holds; `end` where there is none. A clock
 * change counts like a boundary: what the clock shows after it decides.
 */
export function windowChange(schedule: WindowSchedule, zone: string, instant: number, end: number): number {
  const current = windowAt(schedule, zone, instant);
  let at = nextEdge(schedule, zone, instant);
  while (at !== null && at < end) {
    if (windowAt(schedule, zone, at) !== current) return at;
    at = nextEdge(schedule, zone, at);
  }
  return end;
}

const planOf = (schedule: WindowSchedule, epochDay: number): DayPlan =>
  schedule.dated.get(epochDay) ?? schedule.weekly[weekdayOf(epochDay) - 1];

/** The next instant at which the window may change; null where it never does. */
function nextEdge(schedule: WindowSchedule, zone: string, instant: number): number | null {
  const span = zoneSpanAt(zone, instant);
  const { epochDay, millisOfDay } = localParts(zone, instant);
  const inDay = planOf(schedule, epochDay).starts.find((start) => start > millisOfDay);
  if (inDay !== undefined) return sooner(epochDay * DAY_MS + inDay - span.offset, span.until);
  const day = nextDay(schedule, epochDay);
  return day === null ? null : sooner(day * DAY_MS - span.offset, span.until);
}

/** The next day that may open with another window; a steady week is left only on a dated day, and entered after one. */
function nextDay(schedule: WindowSchedule, epochDay: number): number | null {
  if (!schedule.steady || schedule.dated.has(epochDay)) return epochDay + 1;
  return schedule.datedDays.find((day) => day > epochDay) ?? null;
}

const sooner = (a: number, b: number): number => (a < b ? a : b);
