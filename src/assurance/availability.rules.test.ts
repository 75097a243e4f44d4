import fc from 'fast-check';
import type { AvailabilityObjective } from '../slice/slice.types';
import { availabilityOf, coverageOf, isBelow, judge, measure, Measured, StateInterval } from './availability.rules';
import type { Interval } from './interval.rules';

const at = (from: number, until: number): Interval => ({ from, until });
const up = (from: number, until: number): StateInterval => ({ from, until, isUp: true });
const down = (from: number, until: number): StateInterval => ({ from, until, isUp: false });
const shown = ({ measured, down: off, gaps, maintenance }: Measured) => [measured, off, gaps, maintenance];

/** A period of 1,000 ms. */
const PERIOD = at(0, 1_000);

test.each<[string, Interval[], StateInterval[], bigint[]]>([
  ['all up', [], [up(0, 1_000)], [1_000n, 0n, 0n, 0n]],
  ['nothing reported is a gap', [], [], [0n, 0n, 1_000n, 0n]],
  ['a hole in the reports is a gap', [], [up(0, 400), up(600, 1_000)], [800n, 0n, 200n, 0n]],
  ['DOWN wins where both claim', [], [up(0, 1_000), down(100, 150)], [1_000n, 50n, 0n, 0n]],
  ['overlapping, twice and out of order', [], [down(500, 600), up(0, 700), up(0, 700), down(550, 620), up(650, 1_000)], [1_000n, 120n, 0n, 0n]],
  ['reports reach beyond the period', [], [up(-500, 500), down(900, 5_000)], [600n, 100n, 400n, 0n]],
  ['down in maintenance is not down', [at(100, 300)], [down(50, 200), up(200, 1_000)], [750n, 50n, 50n, 200n]],
  ['maintenance overlaps and reaches beyond', [at(-50, 100), at(50, 200)], [up(0, 1_000)], [800n, 0n, 0n, 200n]],
  ['all maintenance', [at(0, 1_000)], [down(0, 1_000)], [0n, 0n, 0n, 1_000n]],
  ['empty and turned intervals say nothing', [at(300, 300)], [up(0, 1_000), down(700, 700)], [1_000n, 0n, 0n, 0n]],
])('%s', (_, maintenance, reports, expected) => expect(shown(measure(PERIOD, maintenance, reports))).toEqual(expected));

const objective = (over: Partial<AvailabilityObjective> = {}): AvailabilityObjective => ({
  targetPercent: '99.95', minimumCoveragePercent: '90', capPercent: '20', lowersSharing: true,
  bands: [{ below: '99.95', creditPercent: '5' }, { below: '99', creditPercent: '10' }, { below: '95', creditPercent: '25' }], ...over,
});
const measured = (of: bigint, off: bigint, gaps = 0n, maintenance = 0n): Measured => ({ period: of + gaps + maintenance, maintenance, gaps, measured: of, down: off });

test.each<[string, Measured, string, string | null]>([
  ['on the target', measured(10_000n, 5n), 'MET', '0'],
  ['one ten-thousandth below', measured(10_000n, 6n), 'MISSED', '5'],
  ['on a bound it is not below it', measured(100n, 1n), 'MISSED', '5'],
  ['below two bounds the last decides', measured(10_000n, 101n), 'MISSED', '10'],
  ['capped', measured(100n, 50n), 'MISSED', '20'],
  ['coverage on the least', measured(90n, 0n, 10n), 'MET', '0'],
  ['coverage below the least', measured(899n, 0n, 101n), 'CASE', null],
  ['maintenance is no gap', measured(90n, 0n, 10n, 900n), 'MET', '0'],
  ['nothing was measured', measured(0n, 0n, 100n), 'CASE', null],
  ['all was maintenance', measured(0n, 0n, 0n, 100n), 'NOT_MEASURED', '0'],
])('%s', (_, facts, verdict, creditPercent) => expect(judge(facts, objective())).toEqual({ verdict, creditPercent }));

test('a target above every bound misses without a credit', () => {
  expect(judge(measured(1_000n, 2n), objective({ targetPercent: '99.99', bands: [{ below: '99', creditPercent: '10' }] }))).toEqual({ verdict: 'MISSED', creditPercent: '0' });
});
test('even where nothing need be covered, what was not measured is a case', () => {
  expect(judge(measured(0n, 0n, 100n), objective({ minimumCoveragePercent: '0' })).verdict).toBe('CASE');
});
test.each<[bigint, bigint, string, boolean]>([
  [9_995n, 10_000n, '99.95', false], [99_949_999_999_999n, 100_000_000_000_000n, '99.95', true], [1n, 3n, '33.333333333333333333', false],
  [1n, 3n, '33.333333333333333334', true], [0n, 1n, '0', false], [1n, 1n, '100', false],
])('%s of %s is below %s %%: %s', (numerator, denominator, percent, expected) => expect(isBelow({ numerator, denominator }, percent)).toBe(expected));

const interval = fc.tuple(fc.integer({ min: -50, max: 250 }), fc.integer({ min: 0, max: 80 })).map(([from, length]) => at(from, from + length));
const report = fc.tuple(interval, fc.boolean()).map(([one, isUp]) => ({ ...one, isUp }));
const SHORT = at(0, 200);

test('it is what a count of single milliseconds gives, in whatever order reports come', () => {
  fc.assert(fc.property(fc.array(interval, { maxLength: 6 }), fc.array(report, { maxLength: 12 }), (maintenance, reports) => {
    const has = (some: readonly Interval[], ms: number): boolean => some.some(({ from, until }) => ms >= from && ms < until);
    const counts = { measured: 0n, down: 0n, gaps: 0n, maintenance: 0n };
    for (let ms = 0; ms < 200; ms += 1) {
      if (has(maintenance, ms)) counts.maintenance += 1n;
      else if (!has(reports, ms)) counts.gaps += 1n;
      else {
        counts.measured += 1n;
        if (has(reports.filter(({ isUp }) => !isUp), ms)) counts.down += 1n;
      }
    }
    expect(measure(SHORT, maintenance, reports)).toEqual({ ...counts, period: 200n });
    expect(measure(SHORT, [...maintenance].reverse(), [...reports, ...reports].reverse())).toEqual({ ...counts, period: 200n });
  }));
});

test('shares lie between nothing and all, and more reports never cover less', () => {
  fc.assert(fc.property(fc.array(interval, { maxLength: 4 }), fc.array(report, { maxLength: 8 }), report, (maintenance, reports, more) => {
    const facts = measure(SHORT, maintenance, reports);
    for (const share of [availabilityOf(facts), coverageOf(facts)]) {
      if (share) expect(share.numerator >= 0n && share.numerator <= share.denominator).toBe(true);
    }
    expect(measure(SHORT, maintenance, [...reports, more]).measured >= facts.measured).toBe(true);
  }));
});
