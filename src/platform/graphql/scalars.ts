import { GraphQLError, GraphQLScalarType, Kind, ValueNode } from 'graphql';
import { isCurrency, parseDecimal } from '../money';

/**
 * The product's scalars. All travel as strings, because a JSON number is a binary float. Each refuses what it would not
 * print itself (but for instants, whose zone is normalised to UTC), so that parse(print(x)) = x. Messages never repeat the value.
 */
interface StringScalar<T> {
  readonly name: string;
  readonly description: string;
  /** The text's value, or null where the text is not of the stated form. */
  readonly parse: (text: string) => T | null;
  /** The value's text, or null where the value is not one of this scalar. */
  readonly print: (value: unknown) => string | null;
  /** Ends the sentence "… must be". */
  readonly form: string;
}

function stringScalar<T>(spec: StringScalar<T>): GraphQLScalarType<T, string> {
  const read = (text: unknown): T => {
    const value = typeof text === 'string' ? spec.parse(text) : null;
    if (value === null) throw new GraphQLError(`${spec.name} must be ${spec.form}.`);
    return value;
  };
  return new GraphQLScalarType<T, string>({
    name: spec.name,
    description: spec.description,
    parseValue: read,
    parseLiteral: (node: ValueNode) => read(node.kind === Kind.STRING ? node.value : null),
    serialize: (value) => {
      const text = spec.print(value);
      if (text === null) throw new TypeError(`A resolver gave ${spec.name} a value of the wrong form.`);
      return text;
    },
  });
}

const WHOLE = /^(?:0|-?[1-9]\d{0,18})$/;
const DECIMAL_TEXT = /^-?(?:0|[1-9]\d{0,29})(?:\.\d{1,18})?$/;
const NEGATIVE_ZERO = /^-0(?:\.0+)?$/;
const INSTANT = /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,3})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const CURSOR = /^[A-Za-z0-9_-]{1,512}$/;
const INT8_MIN = -(2n ** 63n);
const INT8_MAX = 2n ** 63n - 1n;
/** 0001-01-01 and 9999-12-31, the years that RFC 3339 and PostgreSQL both write with four digits. */
const FIRST_INSTANT = Date.parse('0001-01-01T00:00:00.000Z');
const LAST_INSTANT = Date.parse('9999-12-31T23:59:59.999Z');

const daysInMonth = (year: number, month: number): number =>
  month === 2 ? (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;

function isDay(parts: RegExpExecArray): boolean {
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

function parseInstant(text: string): Date | null {
  const parts = INSTANT.exec(text);
  if (!parts || !isDay(parts)) return null;
  const instant = new Date(text);
  return isInstant(instant) ? instant : null;
}

const isInstant = (value: unknown): value is Date =>
  value instanceof Date && value.getTime() >= FIRST_INSTANT && value.getTime() <= LAST_INSTANT;

const inRange = (value: bigint): boolean => value >= INT8_MIN && value <= INT8_MAX;

function parseWhole(text: string): bigint | null {
  const value = WHOLE.test(text) ? BigInt(text) : null;
  return value !== null && inRange(value) ? value : null;
}

const isDecimalText = (text: string): boolean =>
  DECIMAL_TEXT.test(text) && !NEGATIVE_ZERO.test(text) && parseDecimal(text) !== null;

const textIf = (accepts: (text: string) => boolean) => (value: unknown): string | null =>
  typeof value === 'string' && accepts(value) ? value : null;

const isDayText = (text: string): boolean => {
  const parts = DAY.exec(text);
  return parts !== null && isDay(parts);
};

/** Exact decimal text; inside the product it stays text until the money floor reads it. */
export const DecimalScalar = stringScalar<string>({
  name: 'Decimal',
  description: 'An exact decimal number as a string, such as "12.50": at most 30 digits before and 18 after the point.',
  parse: textIf(isDecimalText),
  print: textIf(isDecimalText),
  form: 'a string holding a plain decimal such as "12.50"',
});

/** A 64-bit whole number; a bigint inside the product. */
export const BigIntScalar = stringScalar<bigint>({
  name: 'BigInt',
  description: 'A whole number of 64 bits as a string, such as "5000000000".',
  parse: parseWhole,
  print: (value) => (typeof value === 'bigint' && inRange(value) ? value.toString() : null),
  form: 'a string holding a whole number of at most 64 bits, such as "5000000000"',
});

/** An instant; a Date inside the product, always printed in UTC with milliseconds. */
export const DateTimeScalar = stringScalar<Date>({
  name: 'DateTime',
  description: 'An instant by RFC 3339 with at most milliseconds; answers are always in UTC: "2026-11-21T08:30:00.000Z".',
  parse: parseInstant,
  print: (value) => (isInstant(value) ? value.toISOString() : null),
  form: 'an RFC 3339 instant with a zone, such as "2026-11-21T08:30:00.000Z"',
});

/** A calendar day without a zone; text inside the product. */
export const DateScalar = stringScalar<string>({
  name: 'Date',
  description: 'A calendar day without a zone: "2026-11-21".',
  parse: textIf(isDayText),
  print: textIf(isDayText),
  form: 'a calendar day such as "2026-11-21"',
});

/** A currency in use by ISO 4217. */
export const CurrencyCodeScalar = stringScalar<string>({
  name: 'CurrencyCode',
  description: 'A currency code of ISO 4217 in capital letters, such as "EUR".',
  parse: textIf(isCurrency),
  print: textIf(isCurrency),
  form: 'a currency code of ISO 4217, such as "EUR"',
});

/** A place in a list or a stream; made and read by `cursor.ts` alone. */
export const CursorScalar = stringScalar<string>({
  name: 'Cursor',
  description: 'An opaque place in a list or a stream: hand back what you were given.',
  parse: textIf((text) => CURSOR.test(text)),
  print: textIf((text) => CURSOR.test(text)),
  form: 'a cursor that this API gave out',
});
