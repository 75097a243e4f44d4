import * as fc from 'fast-check';
import { figuresOf, roundedLine, ShareSum, STATEMENT_STATES, statementAfter, StatementState, StatementStep } from './statement.rules';

const LEGAL: Readonly<Record<string, StatementState>> = {
  'CALCULATED PUBLISH': 'PUBLISHED', 'PUBLISHED ACCEPT': 'ACCEPTED', 'PUBLISHED DISPUTE': 'DISPUTED', 'ACCEPTED SETTLE': 'SETTLED', 'DISPUTED SETTLE': 'SETTLED',
};
const STEPS: readonly StatementStep[] = ['PUBLISH', 'ACCEPT', 'DISPUTE', 'SETTLE'];

it.each(STATEMENT_STATES.flatMap((state) => STEPS.map((step) => [state, step] as const)))('%s, %s', (state, step) => {
  const expected = LEGAL[`${state} ${step}`];
  if (expected) expect(statementAfter(state, step)).toBe(expected);
  else expect(() => statementAfter(state, step)).toThrow('CONFLICT');
});

test.each<[bigint, string, bigint]>([
  [560_000_000n, 'EUR', 560_000_000n], [5_600n, 'EUR', 10_000n], [4_999n, 'EUR', 0n], [5_000n, 'EUR', 10_000n], [-5_000n, 'EUR', -10_000n],
  [-4_999n, 'EUR', 0n], [500_000n, 'JPY', 1_000_000n], [499_999n, 'JPY', 0n], [1_499n, 'KWD', 1_000n], [1_500n, 'KWD', 2_000n],
])('%s millionths of %s round to %s', (exact, currency, expected) => expect(roundedLine(exact, currency)).toBe(expected));

const sumOf = (share: bigint, over: Partial<ShareSum> = {}): ShareSum =>
  ({ versionId: '1', item: 0, offeringId: '1', kind: 'SMS', adjustsId: null, basis: share * 2n, share, events: 1n, ...over });

// money-rules 7.3 and 7.4: exact sums, carried in; then share, rounding, payable, carried forward.
test.each<[string, readonly bigint[], bigint, readonly [bigint, bigint, bigint, bigint]]>([
  ['nothing', [], 0n, [0n, 0n, 0n, 0n]],
  ['one line', [1_004_999n], 0n, [1_000_000n, -4_999n, 1_000_000n, 0n]],
  ['each line is rounded by itself', [5_000n, 5_000n], 0n, [20_000n, 10_000n, 20_000n, 0n]],
  ['a negative total is carried, never clipped', [-3_000_000n], 0n, [-3_000_000n, 0n, 0n, -3_000_000n]],
  ['what was carried is taken off', [10_000_000n], -3_000_000n, [10_000_000n, 0n, 7_000_000n, 0n]],
  ['more was carried than is owed', [1_000_000n], -3_000_000n, [1_000_000n, 0n, 0n, -2_000_000n]],
  ['an adjustment beside a line', [10_000_000n, -700_000n], 0n, [9_300_000n, 0n, 9_300_000n, 0n]],
])('%s', (_, exact, carriedIn, [share, rounding, payable, carriedForward]) => {
  const sums = exact.map((value, index) => sumOf(value, { item: index }));
  expect(figuresOf(sums, carriedIn, 'EUR')).toMatchObject({ share, rounding, carriedIn, payable, carriedForward });
});

test('adjustments come last, and the order of the facts does not matter', () => {
  const sums = [sumOf(1n, { adjustsId: '4' }), sumOf(2n, { item: 1 }), sumOf(3n), sumOf(4n, { versionId: '2' }), sumOf(5n, { kind: 'MMS' })];
  const places = figuresOf(sums, 0n, 'EUR').lines.map(({ exact }) => exact);
  expect(places).toEqual([5n, 3n, 2n, 4n, 1n]);
  expect(figuresOf([...sums].reverse(), 0n, 'EUR').lines.map(({ exact }) => exact)).toEqual(places);
});

test('exact = rounded - difference, payable and carried are what is left, whatever is owed', () => {
  const owed = fc.array(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), { maxLength: 20 });
  fc.assert(fc.property(owed, fc.bigInt({ min: -(10n ** 6n), max: 0n }), fc.constantFrom('EUR', 'JPY', 'KWD'), (exact, carried, currency) => {
    const carriedIn = roundedLine(carried, currency);
    const figures = figuresOf(exact.map((value, index) => sumOf(value, { item: index })), carriedIn, currency);
    expect(figures.share - figures.rounding).toBe(exact.reduce((sum, value) => sum + value, 0n));
    expect(figures.payable + figures.carriedForward).toBe(figures.share + carriedIn);
    expect(figures.payable >= 0n && figures.carriedForward <= 0n && (figures.payable === 0n || figures.carriedForward === 0n)).toBe(true);
  }));
});
