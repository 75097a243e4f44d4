import { Amount, amount, MONEY_SCALE } from './units';
import { divideRounded, RoundingMode } from './rounding';

/** An exact decimal: value = unscaled ÷ 10^scale. What prices and rates are kept in. */
export interface ExactDecimal {
  readonly unscaled: bigint;
  readonly scale: number;
}

const DECIMAL = /^(-?)(\d{1,30})(?:\.(\d{1,18}))?$/;

/** Reads "-12.340" exactly; null where the text is not a plain decimal of at most 30 digits and 18 decimals. */
export function parseDecimal(text: string): ExactDecimal | null {
  const parts = DECIMAL.exec(text);
  if (!parts) return null;
  const [, sign, whole, fraction = ''] = parts;
  const unscaled = BigInt(`${whole}${fraction}`);
  return { unscaled: sign ? -unscaled : unscaled, scale: fraction.length };
}

export const pow10 = (exponent: number): bigint => 10n ** BigInt(exponent);

/** Money text to an amount; null where it is no decimal or has more than six decimals. */
export function parseAmount(text: string): Amount | null {
  const decimal = parseDecimal(text);
  if (!decimal) return null;
  if (decimal.scale <= MONEY_SCALE) return amount(decimal.unscaled * pow10(MONEY_SCALE - decimal.scale));
  const divisor = pow10(decimal.scale - MONEY_SCALE);
  return decimal.unscaled % divisor === 0n ? amount(decimal.unscaled / divisor) : null;
}

/** ISO 4217 minor digits; Intl knows them for every currency in use. */
const digitsByCurrency = new Map<string, number>();
export function minorDigits(currency: string): number {
  let digits = digitsByCurrency.get(currency);
  if (digits === undefined) {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency });
    digits = format.resolvedOptions().maximumFractionDigits ?? 2;
    digitsByCurrency.set(currency, digits);
  }
  return digits;
}

/** Whether the text is a currency code in use (ISO 4217). */
export const isCurrency = (code: string): boolean => currencies.has(code);
const currencies = new Set(Intl.supportedValuesOf('currency'));

/** An amount as text: at least the currency's minor digits, at most six, no zeros beyond need ("5.00", "0.021"). */
export function formatAmount(value: Amount, currency: string): string {
  return formatScaled(value, MONEY_SCALE, minorDigits(currency));
}

/** An integer of the given scale as decimal text with at least `minDigits` decimals. */
export function formatScaled(value: bigint, scale: number, minDigits = 0): string {
  const sign = value < 0n ? '-' : '';
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = trimZeros(digits.slice(digits.length - scale), minDigits);
  return fraction ? `${sign}${whole}.${fraction}` : `${sign}${whole}`;
}

function trimZeros(fraction: string, minDigits: number): string {
  let end = fraction.length;
  while (end > minDigits && fraction.charCodeAt(end - 1) === 48) end--;
  return fraction.slice(0, end);
}

/** amount × rate, rounded to the asset's six decimals. */
export function timesDecimal(value: Amount, rate: ExactDecimal, mode: RoundingMode): Amount {
  return amount(divideRounded(value * rate.unscaled, pow10(rate.scale), mode));
}
