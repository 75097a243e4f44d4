import { endedPeriods, periodAt, periodFrom } from './period.rules';

type Timed = Parameters<typeof periodFrom>[0];
const ms = (text: string): number => Date.parse(text);
const slice = (over: Partial<Timed> = {}): Timed => ({
  periodKind: 'CALENDAR_MONTH', periodLength: 1, anchorAt: ms('2031-01-10T09:00:00Z'), timeZone: 'Europe/Dublin', billCycleDay: 1,
  startedAt: ms('2031-01-10T09:00:00Z'), endedAt: null, ...over,
});
const shown = (periods: readonly { start: number; end: number }[]) => periods.map(({ start, end }) => `${new Date(start).toISOString()} ${new Date(end).toISOString()}`);

test('the first begins with the product, the next with the month, the last ends with the product', () => {
  const ended = slice({ endedAt: ms('2031-03-05T12:00:00Z') });
  expect(shown(endedPeriods(ended, ended.startedAt, ms('2031-06-01T00:00:00Z')))).toEqual([
    '2031-01-10T09:00:00.000Z 2031-02-01T00:00:00.000Z', '2031-02-01T00:00:00.000Z 2031-03-01T00:00:00.000Z', '2031-03-01T00:00:00.000Z 2031-03-05T12:00:00.000Z',
  ]);
  expect(shown(endedPeriods(ended, ms('2031-02-01T00:00:00Z'), ms('2031-03-01T00:00:00Z')))).toHaveLength(1);
});
test('six hours are one period', () => {
  const six = slice({ periodKind: 'HOUR', periodLength: 6, endedAt: ms('2031-01-10T15:00:00Z') });
  expect(shown(endedPeriods(six, six.startedAt, ms('2031-01-10T15:00:00Z')))).toEqual(['2031-01-10T09:00:00.000Z 2031-01-10T15:00:00.000Z']);
  expect(endedPeriods(six, six.startedAt, ms('2031-01-10T14:59:59Z'))).toEqual([]);
});
test('what is not cut has one period, once its end is known', () => {
  expect(periodFrom(slice({ periodKind: 'NONE' }), ms('2031-01-10T09:00:00Z'))).toBeNull();
  const ended = slice({ periodKind: 'NONE', endedAt: ms('2031-04-01T00:00:00Z') });
  expect(shown(endedPeriods(ended, ended.startedAt, ms('2031-05-01T00:00:00Z')))).toEqual(['2031-01-10T09:00:00.000Z 2031-04-01T00:00:00.000Z']);
});
test.each([
  ['2031-01-10T08:59:59.999Z', null], ['2031-01-10T09:00:00Z', '2031-01-10T09:00:00.000Z 2031-02-01T00:00:00.000Z'],
  ['2031-03-30T12:00:00Z', '2031-03-01T00:00:00.000Z 2031-03-31T23:00:00.000Z'], ['2031-04-20T12:00:00Z', '2031-03-31T23:00:00.000Z 2031-04-20T13:00:00.000Z'],
  ['2031-04-20T13:00:00Z', null],
])('the period at %s is %s', (at, expected) => {
  const period = periodAt(slice({ endedAt: ms('2031-04-20T13:00:00Z') }), ms(at));
  expect(period && shown([period])[0]).toBe(expected);
});
