import { dateOfEpochDay, epochDayOf, minuteOfDay, weekdayOf } from './local-date';
import { afterSeconds, secondsBegunUntil } from './elapsed';
import { parseLocal } from './parse-local';

const LOG = ['DD/MM/YY HH:mm', 'D/M/YYYY H:mm'];

test.each<[string, string, readonly string[], string | null]>([
  ['two digits each', '15/10/14 06:58', LOG, '2014-10-15T05:58:00.000Z'],
  ['as few as needed', '1/11/2014 6:58', LOG, '2014-11-01T06:58:00.000Z'],
  ['skipped hour', '29/03/26 01:30', LOG, '2026-03-29T01:00:00.000Z'],
  ['doubled hour: the first', '25/10/26 01:30', LOG, '2026-10-25T00:30:00.000Z'],
  ['an offset settles the doubled hour', '2026-10-25 01:30+00:00', ['YYYY-MM-DD HH:mmZZ'], '2026-10-25T01:30:00.000Z'],
  ['an offset west', '2026-10-25 01:30:05 -0430', ['YYYY-MM-DD HH:mm:ss ZZ'], '2026-10-25T06:00:05.000Z'],
  ['UTC by letter', '2026-10-25T01:30:05Z', ['YYYY-MM-DDTHH:mm:ssZZ'], '2026-10-25T01:30:05.000Z'],
  ['a date alone is its midnight', '20260714', ['YYYYMMDD'], '2026-07-13T23:00:00.000Z'],
  ['the dot is a dot', '14.07.2026', ['DD.MM.YYYY'], '2026-07-13T23:00:00.000Z'],
  ['and nothing else', '14-07-2026', ['DD.MM.YYYY'], null],
  ['no such day', '30/02/26 10:00', LOG, null],
  ['no such month', '10/13/26 10:00', LOG, null],
  ['no such hour', '10/12/26 24:00', LOG, null],
  ['no such minute', '10/12/26 10:60', LOG, null],
  ['something after it', '15/10/14 06:58 pm', LOG, null],
  ['nothing', '', LOG, null],
  ['no format', '15/10/14 06:58', [], null],
])('%s', (_, text, formats, expected) => {
  const instant = parseLocal(text, formats, 'Europe/Dublin');
  expect(instant === null ? null : new Date(instant).toISOString()).toBe(expected);
});

test.each([['HH:mm'], ['DD/MM HH:mm'], ['YYYY-MM-DD YY'], ['DD/DD/MM/YYYY']])('format %s is refused', (format) => {
  expect(() => parseLocal('x', [format], 'UTC')).toThrow(format);
});

test.each<[string, number | null]>([
  ['1970-01-01', 0], ['1969-12-31', -1], ['2026-02-28', 20512], ['2026-02-29', null], ['2026-2-28', null], ['0099-01-01', -683368],
])('epoch day of %s', (date, expected) => {
  expect(epochDayOf(date)).toBe(expected);
  if (expected !== null) expect(dateOfEpochDay(expected)).toBe(date);
});

test.each([['1970-01-01', 4], ['1969-12-28', 7], ['2026-01-12', 1]])('weekday of %s', (date, expected) => {
  expect(weekdayOf(epochDayOf(date) ?? NaN)).toBe(expected);
});

test.each([['00:00', 0], ['23:59', 1439], ['24:00', null], ['9:00', null], ['09:60', null]])('minute of %s', (text, expected) => {
  expect(minuteOfDay(text)).toBe(expected);
});

test.each([[0, 0n], [1, 1n], [999, 1n], [1000, 1n], [1001, 2n], [60_000, 60n]])('%i ms hold %s begun seconds', (millis, expected) => {
  expect(secondsBegunUntil(500, 500 + millis)).toBe(expected);
});

test('seconds after an instant', () => expect(afterSeconds(500, 90n)).toBe(90_500));
