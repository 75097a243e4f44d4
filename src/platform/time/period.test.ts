import * as fc from 'fast-check';
import { Period, periodOf, PeriodRule, shareOfPeriod, shareOfPeriodByTime } from './period';

const DUBLIN = 'Europe/Dublin';
const iso = (instant: number): string => new Date(instant).toISOString().replace(':00.000Z', 'Z');
const cycle = (day: number): PeriodRule => ({ kind: 'BILL_CYCLE', day });

test.each<[string, PeriodRule, string, string, string]>([
  ['the day itself opens the cycle', cycle(14), '2026-01-14T00:00:00Z', '2026-01-14', '2026-02-14'],
  ['the instant before belongs to the last', cycle(14), '2026-01-13T23:59:59.999Z', '2025-12-14', '2026-01-14'],
  ['31: clamped to 28 February', cycle(31), '2026-02-01T12:00:00Z', '2026-01-31', '2026-02-28'],
  ['31: never carried on from the clamped day', cycle(31), '2026-03-01T12:00:00Z', '2026-02-28', '2026-03-31'],
  ['31: April has 30', cycle(31), '2026-04-30T12:00:00Z', '2026-04-30', '2026-05-31'],
  ['29: a leap year', cycle(29), '2028-02-29T12:00:00Z', '2028-02-29', '2028-03-29'],
  ['29: another year', cycle(29), '2027-02-28T12:00:00Z', '2027-02-28', '2027-03-29'],
  ['local midnight, not UTC', cycle(1), '2026-06-30T23:30:00Z', '2026-07-01', '2026-08-01'],
  ['calendar month', { kind: 'CALENDAR_MONTH' }, '2026-02-28T12:00:00Z', '2026-02-01', '2026-03-01'],
  ['week from Monday', { kind: 'WEEK' }, '2026-01-18T12:00:00Z', '2026-01-12', '2026-01-19'],
  ['week on its Monday', { kind: 'WEEK' }, '2026-01-12T00:00:00Z', '2026-01-12', '2026-01-19'],
  ['day', { kind: 'DAY' }, '2026-01-18T23:59:00Z', '2026-01-18', '2026-01-19'],
])('%s', (_, rule, instant, startDate, endDate) => {
  expect(periodOf(rule, DUBLIN, Date.parse(instant))).toMatchObject({ startDate, endDate });
});

test.each<[string, PeriodRule, string, string, string, string]>([
  ['a day of 23 hours', { kind: 'DAY' }, DUBLIN, '2026-03-29T12:00:00Z', '2026-03-29T00:00Z', '2026-03-29T23:00Z'],
  ['a day of 25 hours', { kind: 'DAY' }, DUBLIN, '2026-10-25T12:00:00Z', '2026-10-24T23:00Z', '2026-10-26T00:00Z'],
  ['a month from summer time to winter time', { kind: 'CALENDAR_MONTH' }, DUBLIN, '2026-10-02T12:00:00Z', '2026-09-30T23:00Z', '2026-11-01T00:00Z'],
  ['a day whose midnight is skipped', { kind: 'DAY' }, 'America/Sao_Paulo', '2018-11-04T12:00:00Z', '2018-11-04T03:00Z', '2018-11-05T02:00Z'],
  ['24 hours from first use, over a clock change', { kind: 'HOURS', hours: 24, firstUse: Date.parse('2026-03-28T20:00:00Z') }, DUBLIN, '2026-03-29T12:00:00Z', '2026-03-28T20:00Z', '2026-03-29T20:00Z'],
  ['the next 24 hours', { kind: 'HOURS', hours: 24, firstUse: Date.parse('2026-03-28T20:00:00Z') }, DUBLIN, '2026-03-29T20:00:00Z', '2026-03-29T20:00Z', '2026-03-30T20:00Z'],
])('%s', (_, rule, zone, instant, start, end) => {
  const period = periodOf(rule, zone, Date.parse(instant));
  expect([iso(period.start), iso(period.end)]).toEqual([start, end]);
});

test('dates of an hourly period are local', () => {
  const firstUse = Date.parse('2026-06-30T23:30:00Z');
  expect(periodOf({ kind: 'HOURS', hours: 24, firstUse }, DUBLIN, firstUse)).toMatchObject({ startDate: '2026-07-01', endDate: '2026-07-02' });
});

test.each<[string, PeriodRule]>([
  ['day 0', cycle(0)], ['day 32', cycle(32)], ['day 1.5', cycle(1.5)], ['no hours', { kind: 'HOURS', hours: 0, firstUse: 0 }],
])('%s is refused', (_, rule) => expect(() => periodOf(rule, DUBLIN, 0)).toThrow(RangeError));

const rules = fc.oneof(
  fc.integer({ min: 1, max: 31 }).map(cycle),
  fc.constantFrom<PeriodRule>({ kind: 'CALENDAR_MONTH' }, { kind: 'WEEK' }, { kind: 'DAY' }, { kind: 'HOURS', hours: 7, firstUse: 1e12 }),
);
const zones = fc.constantFrom(DUBLIN, 'America/Sao_Paulo', 'Pacific/Apia', 'Asia/Kolkata');

test('periods hold their instant and meet without gap or overlap', () => {
  const instants = fc.integer({ min: Date.parse('2010-01-01'), max: Date.parse('2030-01-01') });
  fc.assert(fc.property(rules, zones, instants, (rule, zone, instant) => {
    const period = periodOf(rule, zone, instant);
    expect(period.start <= instant && instant < period.end).toBe(true);
    const next: Period = periodOf(rule, zone, period.end);
    expect([next.start, next.startDate]).toEqual([period.end, period.endDate]);
    expect(periodOf(rule, zone, period.end - 1)).toEqual(period);
  }), { numRuns: 300 });
});

test.each<[string, string, string, bigint, bigint]>([
  ['the second half of February', '2026-02-15', '2026-03-01', 14n, 28n],
  ['one day', '2026-02-28', '2026-03-01', 1n, 28n],
  ['all of it', '2026-02-01', '2026-03-01', 28n, 28n],
])('share by days: %s', (_, startDate, endDate, numerator, denominator) => {
  const natural = periodOf({ kind: 'CALENDAR_MONTH' }, DUBLIN, Date.parse('2026-02-10T00:00:00Z'));
  expect(shareOfPeriod({ startDate, endDate }, natural)).toEqual({ numerator, denominator });
});

test('a day counts as a day though it has 23 hours; by exact time it counts less', () => {
  const month = periodOf({ kind: 'CALENDAR_MONTH' }, DUBLIN, Date.parse('2026-03-10T00:00:00Z'));
  const day = periodOf({ kind: 'DAY' }, DUBLIN, Date.parse('2026-03-29T12:00:00Z'));
  expect(shareOfPeriod(day, month)).toEqual({ numerator: 1n, denominator: 31n });
  expect(shareOfPeriodByTime(day, month)).toEqual({ numerator: 23n * 3_600_000n, denominator: (31n * 24n - 1n) * 3_600_000n });
});

test('a share of no dates is refused', () => {
  const month = periodOf({ kind: 'CALENDAR_MONTH' }, DUBLIN, 0);
  expect(() => shareOfPeriod({ startDate: '2026-02-30', endDate: '2026-03-01' }, month)).toThrow(RangeError);
});
