import * as fc from 'fast-check';
import { GraphQLScalarType, parseValue } from 'graphql';
import { BigIntScalar, CurrencyCodeScalar, CursorScalar, DateScalar, DateTimeScalar, DecimalScalar } from './scalars';

const reads = (scalar: GraphQLScalarType, input: unknown): unknown => scalar.parseValue(input);
const readsLiteral = (scalar: GraphQLScalarType, source: string): unknown => scalar.parseLiteral(parseValue(source), {});

describe('parse(print(x)) = x', () => {
  test('BigInt', () => {
    fc.assert(fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
      expect(reads(BigIntScalar, BigIntScalar.serialize(value))).toBe(value);
    }));
  });

  test('DateTime', () => {
    const instants = fc.date({ min: new Date('0001-01-01T00:00:00.000Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true });
    fc.assert(fc.property(instants, (value) => {
      expect(reads(DateTimeScalar, DateTimeScalar.serialize(value))).toEqual(value);
    }));
  });

  test('Decimal', () => {
    const decimals = fc.tuple(fc.boolean(), fc.bigInt({ min: 1n, max: 10n ** 30n - 1n }), fc.option(fc.stringMatching(/^\d{1,18}$/)))
      .map(([negative, whole, fraction]) => `${negative ? '-' : ''}${whole}${fraction === null ? '' : `.${fraction}`}`);
    fc.assert(fc.property(decimals, (value) => {
      expect(reads(DecimalScalar, DecimalScalar.serialize(value))).toBe(value);
    }));
  });

  test('Date', () => {
    const days = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }).map((day) => day.toISOString().slice(0, 10));
    fc.assert(fc.property(days, (value) => {
      expect(reads(DateScalar, DateScalar.serialize(value))).toBe(value);
    }));
  });

  test('CurrencyCode and Cursor', () => {
    fc.assert(fc.property(fc.constantFrom('EUR', 'SEK', 'JPY', 'KWD'), (value) => {
      expect(reads(CurrencyCodeScalar, CurrencyCodeScalar.serialize(value))).toBe(value);
    }));
    fc.assert(fc.property(fc.stringMatching(/^[A-Za-z0-9_-]{1,512}$/), (value) => {
      expect(reads(CursorScalar, CursorScalar.serialize(value))).toBe(value);
    }));
  });
});

const refused: [string, GraphQLScalarType, unknown[]][] = [
  ['BigInt', BigIntScalar, [5, 5n, '', '-0', '007', '1.0', '1e3', ' 1', '9223372036854775808', '-9223372036854775809', null, [], '１']],
  ['Decimal', DecimalScalar, [1, 1.5, '', '.5', '5.', '-0', '-0.00', '+1', '1e3', '01', '1,5', 'NaN', 'Infinity', '1'.repeat(31), `0.${'1'.repeat(19)}`]],
  ['DateTime', DateTimeScalar, [0, '', '2026-02-30T00:00:00Z', '2026-11-21', '2026-11-21T08:30:00', '2026-11-21T24:00:00Z',
    '2026-11-21T08:30:60Z', '2026-11-21T08:30:00.0000Z', '0000-01-01T00:00:00Z', '2026-11-21 08:30:00Z', '2026-13-01T00:00:00Z']],
  ['Date', DateScalar, ['2026-02-29', '2026-00-01', '2026-1-1', '2026-11-21T00:00:00Z', 20261121]],
  ['CurrencyCode', CurrencyCodeScalar, ['eur', 'EURO', 'XYZ', '', 978]],
  ['Cursor', CursorScalar, ['', 'a b', 'a'.repeat(513), 7]],
];

describe.each(refused)('%s refuses', (name, scalar, inputs) => {
  test.each(inputs.map((input) => [input]))('%p, in words that do not repeat it', (input) => {
    expect(() => reads(scalar, input)).toThrow(`${name} must be`);
  });
});

test('an instant with an offset is the same instant in UTC', () => {
  expect(DateTimeScalar.serialize(reads(DateTimeScalar, '2026-11-21T10:30:00.5+02:00'))).toBe('2026-11-21T08:30:00.500Z');
});

test('literals are strings too: a number in the document is refused', () => {
  expect(readsLiteral(BigIntScalar, '"9007199254740993"')).toBe(9007199254740993n);
  expect(() => readsLiteral(BigIntScalar, '5')).toThrow('BigInt must be');
  expect(() => readsLiteral(DecimalScalar, '1.5')).toThrow('Decimal must be');
});

test('a resolver that gives a number where text belongs is a fault of ours', () => {
  expect(() => DecimalScalar.serialize(1.5)).toThrow(TypeError);
  expect(() => BigIntScalar.serialize(5)).toThrow(TypeError);
  expect(() => DateTimeScalar.serialize(new Date(Number.NaN))).toThrow(TypeError);
});

test('a bigint beyond the floats survives JSON', () => {
  const text = JSON.stringify({ amount: BigIntScalar.serialize(9223372036854775807n) });
  expect(reads(BigIntScalar, (JSON.parse(text) as { amount: string }).amount)).toBe(9223372036854775807n);
});
