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

/** ISO 4217 minor digits, where they are not two. Intl tells how people write amounts, which has fewer for HUF, IQD and others. */
const MINOR_DIGITS: ReadonlyMap<string, number> = new Map([
  ...['BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'].map((code) => [code, 0] as const),
  ...['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].map((code) => [code, 3] as const),
  ...['CLF', 'UYW'].map((code) => [code, 4] as const),
]);

/** Decimals of the currency's smallest coin (ISO 4217). */
export const minorDigits = (currency: string): number => MINOR_DIGITS.get(currency) ?? 2;

/** Whether an amount can be paid: it is a whole number of the currency's smallest coins. */
export const isPayable = (value: Amount, currency: string): boolean => value % pow10(MONEY_SCALE - minorDigits(currency)) === 0n;

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
