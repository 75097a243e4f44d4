import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import type { PriceWindow } from '../catalog/price.types';
import { dateOfEpochDay, minuteOfDay, weekdayOf, epochDayOf } from '../platform/time';
import { priceSpan } from './price';
import { exampleChoice, exampleSpan, exampleUsage, flatRate } from './rating.examples';
import { prepareSchedule, unreachableWindows } from './schedule';
import { windowAt } from './window';

/**
 * The rule for windows told a second time, slowly and from the calendar library: for each minute ask every window whether
 * one of its days began a stretch that covers the minute, then rank.
 */
function slowWindowAt(windows: readonly PriceWindow[], zone: string, instant: number): number {
  const clock = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
  const today = epochDayOf(clock.toPlainDate().toString()) ?? NaN;
  const minute = clock.hour * 60 + clock.minute;
  const holding = windows.flatMap((window, index) => {
    const since = [today, today - 1].find((day) => covers(window, day, (today - day) * 1440 + minute));
    return since === undefined ? [] : [{ index, window, start: since * 1440 + (minuteOfDay(window.from) ?? NaN) }];
  });
  const isDated = (window: PriceWindow): number => (window.dates.length > 0 ? 1 : 0);
  holding.sort((a, b) =>
    isDated(b.window) - isDated(a.window) || b.window.weight - a.window.weight || b.start - a.start || a.index - b.index);
  return holding[0]?.index ?? -1;
}

function covers(window: PriceWindow, day: number, minute: number): boolean {
  const [from, until] = [minuteOfDay(window.from) ?? NaN, minuteOfDay(window.until) ?? NaN];
  const end = until > from ? until : until + 1440;
  const dayFits = window.dates.length === 0 || window.dates.includes(dateOfEpochDay(day));
  const weekdayFits = window.weekdays.length === 0 || window.weekdays.includes(weekdayOf(day));
  return dayFits && weekdayFits && minute >= from && minute < end;
}

/** Days around the clock changes of New York, Dublin and Lord Howe (half an hour). */
const DAYS = ['2026-03-08', '2026-03-28', '2026-03-29', '2026-04-04', '2026-10-03', '2026-10-24', '2026-10-25', '2026-11-01'];
const times = fc.constantFrom('00:00', '00:30', '01:00', '01:30', '02:00', '02:30', '06:00', '12:00', '22:00', '23:30');
const steps = (amount: string) => [{ from: '0', amount, increment: '1' }];
const windowOf = fc.record({
  name: fc.constant('W'),
  weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { maxLength: 3 }),
  dates: fc.oneof({ weight: 2, arbitrary: fc.constant<string[]>([]) }, fc.subarray(DAYS, { minLength: 1, maxLength: 2 })),
  from: times, until: times,
  weight: fc.integer({ min: 0, max: 1 }),
  connectFee: fc.constant('0'),
});
const someWindows = fc.array(windowOf, { minLength: 1, maxLength: 5 })
  .map((windows) => windows.map((window, index) => ({ ...window, name: `W${index}`, steps: steps(`0.00${index}`) })));
const zones = fc.constantFrom('Europe/Dublin', 'America/New_York', 'Australia/Lord_Howe');
const starts = fc.tuple(fc.constantFrom(...DAYS), fc.integer({ min: 0, max: 1439 }))
  .map(([day, minute]) => Date.parse(`${day}T00:00:00Z`) + minute * 60_000);

test('the schedule finds the window that the rule names', () => {
  fc.assert(fc.property(someWindows, zones, starts, (windows, zone, instant) => {
    expect(windowAt(prepareSchedule(windows), zone, instant)).toBe(slowWindowAt(windows, zone, instant));
  }), { numRuns: 1000 });
});

test('a call costs the sum of its minutes, each in its window', () => {
  fc.assert(fc.property(someWindows, zones, starts, fc.integer({ min: 1, max: 240 }), (windows, zone, startedAt, minutes) => {
    // A window that never holds is refused at launch, so there is nothing to price.
    fc.pre(unreachableWindows(windows).length === 0);
    const choice = exampleChoice({ per: 1n, timeZone: zone, rates: [{ ...flatRate('0.009'), windows }] });
    const thousandths = Array.from({ length: minutes }, (_, minute) => slowWindowAt(windows, zone, startedAt + minute * 60_000))
      .reduce((sum, window) => sum + 60 * (window === -1 ? 9 : window), 0);
    const usage = { ...exampleUsage(BigInt(minutes * 60)), startedAt };
    expect(priceSpan(usage, choice, exampleSpan(BigInt(minutes * 60))).amount).toBe(BigInt(thousandths) * 1000n);
  }), { numRuns: 150 });
});
