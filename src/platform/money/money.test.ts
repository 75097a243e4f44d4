import * as fc from 'fast-check';
import {
  addAmount, addQuantity, amount, ceilToMultiple, currencyOf, divideRounded, floorToMultiple, formatAmount, formatScaled, isCurrency,
  isPayable, isUnit, maxBigint, minBigint, minorDigits, moneyAsset, parseAmount, parseDecimal, pow10, quantity, RoundingMode, subAmount,
  subQuantity, timesDecimal,
} from '.';

test.each<[string, bigint | null]>([
  ['0', 0n], ['5', 5_000_000n], ['0.000001', 1n], ['-1.5', -1_500_000n], ['1.500000000', 1_500_000n],
  ['123456789012345678901234.000001', 123_456_789_012_345_678_901_234_000_001n],
  ['0.0000001', null], ['1,5', null], ['1e3', null], ['+1', null], ['', null], ['.5', null], ['1.', null], [' 1', null], ['1\n', null],
  ['NaN', null], ['Infinity', null], ['0x10', null], ['--1', null], [`${'9'.repeat(31)}`, null],
])('parseAmount(%j)', (text, expected) => expect(parseAmount(text)).toBe(expected));

test.each<[string, { unscaled: bigint; scale: number } | null]>([
  ['0.10', { unscaled: 10n, scale: 2 }], ['-12.340', { unscaled: -12_340n, scale: 3 }], ['007', { unscaled: 7n, scale: 0 }],
  ['0.0000000000000000001', null],
])('parseDecimal(%j)', (text, expected) => expect(parseDecimal(text)).toEqual(expected));

test.each<[bigint, string, string]>([
  [5_000_000n, 'EUR', '5.00'], [21_000n, 'EUR', '0.021'], [-1n, 'EUR', '-0.000001'], [0n, 'EUR', '0.00'], [5_000_000n, 'JPY', '5'],
  [1_500_000n, 'JPY', '1.5'], [5_000_000n, 'KWD', '5.000'], [-3_950_000n, 'EUR', '-3.95'],
])('formatAmount(%s, %s)', (value, currency, expected) => expect(formatAmount(amount(value), currency)).toBe(expected));

test.each<[bigint, number, string]>([[12n, 0, '12'], [12n, 3, '0.012'], [1200n, 3, '1.2'], [-5n, 1, '-0.5']])(
  'formatScaled(%s, %i)', (value, scale, expected) => expect(formatScaled(value, scale)).toBe(expected),
);

test.each([['JPY', 0], ['XAF', 0], ['EUR', 2], ['HUF', 2], ['IDR', 2], ['KWD', 3], ['IQD', 3], ['ISK', 0], ['UGX', 0], ['CLF', 4]])('%s has %i minor digits', (currency, digits) => {
  expect(minorDigits(currency)).toBe(digits);
});

test.each<[string, string, boolean]>([
  ['10', 'JPY', true], ['10.5', 'JPY', false], ['0.01', 'EUR', true], ['0.001', 'EUR', false], ['0.001', 'KWD', true], ['0.0001', 'KWD', false],
  ['-0.01', 'EUR', true], ['-0.005', 'EUR', false], ['0', 'JPY', true],
])('%s %s can be paid: %s', (text, currency, expected) => expect(isPayable(parseAmount(text)!, currency)).toBe(expected));

test.each([['EUR', true], ['eur', false], ['XYZ', false], ['', false]])('%s is a currency: %s', (code, expected) => {
  expect(isCurrency(code)).toBe(expected);
});

test.each<[RoundingMode, readonly bigint[]]>([
  // -2.5, -1.5, -1.4, -0.5, 0.5, 1.4, 1.5, 2.5
  ['HALF_UP', [-3n, -2n, -1n, -1n, 1n, 1n, 2n, 3n]],
  ['UP', [-3n, -2n, -2n, -1n, 1n, 2n, 2n, 3n]],
  ['DOWN', [-2n, -1n, -1n, 0n, 0n, 1n, 1n, 2n]],
  ['HALF_EVEN', [-2n, -2n, -1n, 0n, 0n, 1n, 2n, 2n]],
])('%s', (mode, expected) => {
  const tenths = [-25n, -15n, -14n, -5n, 5n, 14n, 15n, 25n];
  expect(tenths.map((value) => divideRounded(value, 10n, mode))).toEqual(expected);
  expect(tenths.map((value) => divideRounded(-value, -10n, mode))).toEqual(expected);
});

test.each<[bigint, bigint, bigint, bigint]>([[0n, 60n, 0n, 0n], [1n, 60n, 60n, 0n], [60n, 60n, 60n, 60n], [61n, 60n, 120n, 60n]])(
  '%s in steps of %s', (value, step, up, down) => {
    expect([ceilToMultiple(value, step), floorToMultiple(value, step)]).toEqual([up, down]);
  },
);

test('no division by zero, no step of nothing', () => {
  expect(() => divideRounded(1n, 0n, 'UP')).toThrow(RangeError);
  expect(() => ceilToMultiple(1n, 0n)).toThrow(RangeError);
  expect(() => floorToMultiple(1n, -1n)).toThrow(RangeError);
});

test('a rate of an amount', () => {
  const tax = parseDecimal('0.23') ?? { unscaled: 0n, scale: 0 };
  expect(timesDecimal(amount(100_003n), tax, 'HALF_UP')).toBe(23_001n);
  expect(timesDecimal(amount(100_003n), tax, 'DOWN')).toBe(23_000n);
});

test('sums keep their kind', () => {
  expect([addAmount(amount(1n), amount(2n)), subAmount(amount(1n), amount(2n))]).toEqual([3n, -1n]);
  expect([addQuantity(quantity(1n), quantity(2n)), subQuantity(quantity(1n), quantity(2n))]).toEqual([3n, -1n]);
  expect([minBigint(1n, 2n), maxBigint(1n, 2n), pow10(3)]).toEqual([1n, 2n, 1000n]);
});

test('assets', () => {
  expect([moneyAsset('EUR'), currencyOf('EUR/6'), currencyOf('BYTE')]).toEqual(['EUR/6', 'EUR', null]);
  expect(['BYTE', 'SECOND', 'EVENT', 'EUR/6'].map(isUnit)).toEqual([true, true, true, false]);
});

const anyAmount = fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n });

test('what is written is read back', () => {
  fc.assert(fc.property(anyAmount, fc.constantFrom('EUR', 'JPY', 'KWD'), (value, currency) => {
    expect(parseAmount(formatAmount(amount(value), currency))).toBe(value);
  }));
});

test('rounding is never a whole unit away, and a refund mirrors its charge', () => {
  const modes = fc.constantFrom<RoundingMode>('HALF_UP', 'UP', 'DOWN', 'HALF_EVEN');
  fc.assert(fc.property(anyAmount, fc.bigInt({ min: 1n, max: 10n ** 12n }), modes, (n, d, mode) => {
    const off = divideRounded(n, d, mode) * d - n;
    expect(off < d && off > -d).toBe(true);
    expect(divideRounded(-n, d, mode)).toBe(-divideRounded(n, d, mode));
  }));
});
