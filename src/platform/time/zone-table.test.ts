import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { DAY_MS } from './local-date';
import { instantOfLocal } from './local-instant';
import { isTimeZone, localParts, offsetAt, timeZoneName, zoneSpanAt } from './zone-table';

const HOUR = 3_600_000;
const at = Date.parse;
const localOf = (text: string): number => at(`${text}Z`);

test.each<[string, string, number]>([
  ['Europe/Dublin', '2026-03-29T00:59:59.999Z', 0],
  ['Europe/Dublin', '2026-03-29T01:00:00Z', HOUR],
  ['Europe/Dublin', '2026-10-25T00:59:59.999Z', HOUR],
  ['Europe/Dublin', '2026-10-25T01:00:00Z', 0],
  ['America/New_York', '2026-07-01T00:00:00Z', -4 * HOUR],
  ['Asia/Kolkata', '2026-07-01T00:00:00Z', 5.5 * HOUR],
  ['Australia/Lord_Howe', '2026-01-01T00:00:00Z', 11 * HOUR],
  ['Australia/Lord_Howe', '2026-07-01T00:00:00Z', 10.5 * HOUR],
  ['UTC', '2026-07-01T00:00:00Z', 0],
  ['Africa/Casablanca', '2014-07-01T00:00:00Z', 0],
])('%s at %s', (zone, instant, expected) => expect(offsetAt(zone, at(instant))).toBe(expected));

test('a span is half-open and ends at the next jump', () => {
  expect(zoneSpanAt('Europe/Dublin', at('2026-03-29T01:00:00Z'))).toEqual({
    from: at('2026-03-29T01:00:00Z'), until: at('2026-10-25T01:00:00Z'), offset: HOUR,
  });
});

test.each([['Europe/Dublin', true], ['Etc/UTC', true], ['Etc/GMT+5', true], ['Europe/Atlantis', false], ['+01:00', false], ['', false]])('%s is a zone: %s', (zone, expected) => {
  expect(isTimeZone(zone)).toBe(expected);
});

test.each([
  ['Europe/Dublin', 'Europe/Dublin'], ['europe/dublin', 'Europe/Dublin'], ['ASIA/KOLKATA', 'Asia/Kolkata'], ['us/eastern', 'US/Eastern'],
  ['america/port-au-prince', 'America/Port-au-Prince'], ['utc', 'UTC'], ['Europe/Atlantis', null], ['+01:00', null],
])('the name of %s is %s', (zone, name) => {
  expect(timeZoneName(zone)).toBe(name);
});

test('an unknown zone is refused', () => expect(() => offsetAt('Europe/Atlantis', 0)).toThrow(RangeError));

test('local parts before 1970', () => {
  expect(localParts('America/New_York', -1)).toEqual({ epochDay: -1, millisOfDay: 19 * HOUR - 1 });
});

test.each<[string, string, string, string]>([
  ['winter', 'Europe/Dublin', '2026-01-14T12:00:00', '2026-01-14T12:00:00Z'],
  ['summer', 'Europe/Dublin', '2026-07-14T12:00:00', '2026-07-14T11:00:00Z'],
  ['skipped: the next valid instant', 'Europe/Dublin', '2026-03-29T01:30:00', '2026-03-29T01:00:00Z'],
  ['skipped, to the edge', 'Europe/Dublin', '2026-03-29T01:00:00', '2026-03-29T01:00:00Z'],
  ['after the gap', 'Europe/Dublin', '2026-03-29T02:00:00', '2026-03-29T01:00:00Z'],
  ['doubled: the first', 'Europe/Dublin', '2026-10-25T01:30:00', '2026-10-25T00:30:00Z'],
  ['after the doubled hour', 'Europe/Dublin', '2026-10-25T02:00:00', '2026-10-25T02:00:00Z'],
  ['midnight that is skipped', 'America/Sao_Paulo', '2018-11-04T00:00:00', '2018-11-04T03:00:00Z'],
  ['a whole day that is skipped', 'Pacific/Apia', '2011-12-30T12:00:00', '2011-12-30T10:00:00Z'],
  ['half an hour forward', 'Australia/Lord_Howe', '2026-10-04T02:15:00', '2026-10-03T15:30:00Z'],
])('%s', (_, zone, local, instant) => {
  expect(new Date(instantOfLocal(zone, localOf(local))).toISOString()).toBe(new Date(instant).toISOString());
});

const zones = fc.constantFrom('Europe/Dublin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Auckland', 'UTC');
const instants = fc.integer({ min: at('1990-01-01'), max: at('2049-12-31') });

test('the table shows what the calendar library shows', () => {
  fc.assert(fc.property(zones, instants, (zone, instant) => {
    const expected = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
    const { epochDay, millisOfDay } = localParts(zone, instant);
    const local = at(`${expected.toPlainDateTime().toString({ smallestUnit: 'millisecond' })}Z`);
    expect(epochDay * DAY_MS + millisOfDay).toBe(local);
  }), { numRuns: 300 });
});

test('a local time leads back to an instant that shows it, the first one', () => {
  fc.assert(fc.property(zones, instants, (zone, instant) => {
    const { epochDay, millisOfDay } = localParts(zone, instant);
    const local = epochDay * DAY_MS + millisOfDay;
    const back = instantOfLocal(zone, local);
    expect(back).toBeLessThanOrEqual(instant);
    expect(back + offsetAt(zone, back)).toBe(local);
  }), { numRuns: 300 });
});
