import { Amount, ExactDecimal, parseAmount, parseDecimal, quantity, Quantity } from '../platform/money';

const WHOLE = /^\d{1,18}$/;

/** Reads "3600" as a whole, not negative quantity of at most 18 digits; null otherwise. */
export const parseQuantity = (text: string): Quantity | null => (WHOLE.test(text) ? quantity(BigInt(text)) : null);

/** Reads a price: an exact decimal that is not negative; null otherwise. */
export function parsePrice(text: string): ExactDecimal | null {
  const decimal = parseDecimal(text);
  return decimal && decimal.unscaled >= 0n ? decimal : null;
}

/** Reads money of at most six decimals that is not negative; null otherwise. */
export function parseFee(text: string): Amount | null {
  const fee = parseAmount(text);
  return fee !== null && fee >= 0n ? fee : null;
}

/** For texts that were checked before: the value, or an error that names the text. */
export function checked<T>(value: T | null, text: string): T {
  if (value === null) throw new RangeError(`"${text}" should have been refused before.`);
  return value;
}
