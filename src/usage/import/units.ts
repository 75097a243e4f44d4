import { parseDecimal, pow10, Quantity, quantity, Unit } from '../../platform/money';
import { RowProblem } from './import.error';

interface NamedUnit {
  readonly unit: Unit;
  /** Units in one of it, as a fraction of whole numbers. */
  readonly times: bigint;
  readonly over: bigint;
}

const whole = (unit: Unit, times: bigint): NamedUnit => ({ unit, times, over: 1n });

/** Units that files come in. Kilo, mega and giga are decimal; kibi, mebi and gibi are binary. */
const NAMED: Readonly<Record<string, NamedUnit>> = {
  byte: whole('BYTE', 1n), kilobyte: whole('BYTE', 10n ** 3n), megabyte: whole('BYTE', 10n ** 6n), gigabyte: whole('BYTE', 10n ** 9n),
  kibibyte: whole('BYTE', 1n << 10n), mebibyte: whole('BYTE', 1n << 20n), gibibyte: whole('BYTE', 1n << 30n),
  millisecond: { unit: 'SECOND', times: 1n, over: 1000n }, second: whole('SECOND', 1n), minute: whole('SECOND', 60n), hour: whole('SECOND', 3600n),
  event: whole('EVENT', 1n),
};
export const UNIT_NAMES: readonly string[] = Object.keys(NAMED);

/** Largest quantity that the database keeps. */
const MOST = (1n << 63n) - 1n;

/**
 * A decimal text in a named unit as whole bytes, seconds or events, exactly: "34.429" megabyte is 34,429,000 bytes.
 * @throws RowProblem where it is no decimal, negative, too large, or no whole number of units.
 */
export function convertQuantity(text: string, name: string): { readonly quantity: Quantity; readonly unit: Unit } {
  if (!Object.hasOwn(NAMED, name)) throw new RowProblem('WRONG_UNIT', `"${name}" is no unit; the units are ${UNIT_NAMES.join(', ')}.`);
  const { unit, times, over } = NAMED[name];
  const decimal = parseDecimal(text);
  if (!decimal || decimal.unscaled < 0n) {
    throw new RowProblem('INVALID_QUANTITY', `"${text}" is no decimal of zero or more with at most 18 decimals.`);
  }
  const divisor = pow10(decimal.scale) * over;
  const scaled = decimal.unscaled * times;
  if (scaled % divisor !== 0n) throw new RowProblem('INEXACT_QUANTITY', `"${text}" ${name} is no whole number of ${unit.toLowerCase()}s.`);
  const units = scaled / divisor;
  if (units > MOST) throw new RowProblem('INVALID_QUANTITY', `"${text}" ${name} is more than can be kept.`);
  return { quantity: quantity(units), unit };
}
