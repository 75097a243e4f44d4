import type { PriceWindow } from '../catalog/price.types';
import { epochDayOf, minuteOfDay, MINUTE_MS, weekdayOf } from '../platform/time';
import { DayPlan, WindowSchedule } from './prepared.types';

export const NO_WINDOW = -1;
const DAY_MINUTES = 1440;
/** The epoch day before a Monday: adding an ISO weekday gives a day of that name. */
const MONDAY_BEFORE = 3;

/** A window in minutes: it starts on its own days and may run on into the next. */
interface WindowSpan {
  readonly weekdays: readonly number[];
  readonly days: readonly number[];
  readonly from: number;
  readonly length: number;
  readonly weight: number;
}

/**
 * Lays the windows over the days of a week and over every dated day. Among the windows that hold, dated ones come first,
 * then the heavier weight, then the later start, then the order of the definition. Times are local; what a clock change
 * does to them is the reader's matter (it asks by what the clock shows). Texts must have been checked.
 */
export function prepareSchedule(windows: readonly PriceWindow[]): WindowSchedule {
  const spans = windows.map(spanOf);
  const weeklyOnly = (day: number, minute: number): number => holder(spans, day, minute, false);
  const weekly = [1, 2, 3, 4, 5, 6, 7].map((weekday) => dayPlan(spans, weekday + MONDAY_BEFORE, weeklyOnly));
  const datedDays = [...new Set(spans.flatMap(daysTouched))].sort((a, b) => a - b);
  const everyWindow = (day: number, minute: number): number => holder(spans, day, minute, true);
  const dated = new Map(datedDays.map((day) => [day, dayPlan(spans, day, everyWindow)]));
  const steady = weekly.every((plan) => plan.windows.length === 1 && plan.windows[0] === weekly[0].windows[0]);
  return { weekly, dated, datedDays, steady };
}

/** The windows that never hold, by index: each minute they name goes to another. */
export function unreachableWindows(windows: readonly PriceWindow[]): number[] {
  const { weekly, dated } = prepareSchedule(windows);
  const reached = new Set([...weekly, ...dated.values()].flatMap((plan) => plan.windows));
  return windows.map((_, index) => index).filter((index) => !reached.has(index));
}

function spanOf(window: PriceWindow): WindowSpan {
  const from = minuteOfDay(window.from) ?? 0;
  const until = minuteOfDay(window.until) ?? 0;
  const length = until > from ? until - from : until - from + DAY_MINUTES;
  const days = window.dates.map(epochDayOf).filter((day) => day !== null);
  return { weekdays: window.weekdays, days, from, length, weight: window.weight };
}

function daysTouched(span: WindowSpan): number[] {
  const wraps = span.from + span.length > DAY_MINUTES;
  return span.days.flatMap((day) => (wraps ? [day, day + 1] : [day]));
}

const isDated = (span: WindowSpan): boolean => span.days.length > 0;

function startsOn(span: WindowSpan, day: number): boolean {
  const weekdayFits = span.weekdays.length === 0 || span.weekdays.includes(weekdayOf(day));
  return weekdayFits && (!isDated(span) || span.days.includes(day));
}

/** The minute, counted from the day's midnight, at which the span that holds began; null where it does not hold. */
function heldSince(span: WindowSpan, day: number, minute: number): number | null {
  const end = span.from + span.length;
  if (minute >= span.from && minute < end && startsOn(span, day)) return span.from;
  if (minute < end - DAY_MINUTES && startsOn(span, day - 1)) return span.from - DAY_MINUTES;
  return null;
}

function holder(spans: readonly WindowSpan[], day: number, minute: number, withDated: boolean): number {
  let best = NO_WINDOW;
  let bestSince = 0;
  spans.forEach((span, index) => {
    const since = withDated || !isDated(span) ? heldSince(span, day, minute) : null;
    if (since === null) return;
    if (best === NO_WINDOW || outranks(span, since, spans[best], bestSince)) {
      best = index;
      bestSince = since;
    }
  });
  return best;
}

function outranks(span: WindowSpan, since: number, other: WindowSpan, otherSince: number): boolean {
  if (isDated(span) !== isDated(other)) return isDated(span);
  if (span.weight !== other.weight) return span.weight > other.weight;
  return since > otherSince;
}

function dayPlan(spans: readonly WindowSpan[], day: number, at: (day: number, minute: number) => number): DayPlan {
  const edges = spans.flatMap((span) => [span.from, (span.from + span.length) % DAY_MINUTES]);
  const starts: number[] = [];
  const windows: number[] = [];
  for (const minute of [...new Set([0, ...edges])].sort((a, b) => a - b)) {
    const window = at(day, minute);
    if (windows.at(-1) === window) continue;
    starts.push(minute * MINUTE_MS);
    windows.push(window);
  }
  return { starts, windows };
}
