import { Amount, amount, isCurrency, parseAmount } from '../platform/money';
import { refuse } from '../platform/errors';
import { timeZoneName } from '../platform/time';
import type { BillingAccountEntity, CreditLimitKind, PaymentMode } from './billing-account.entity';

/** How far the exposure of an account may go: an amount, or explicitly without end. */
export type CreditLimit =
  | { readonly kind: 'AMOUNT'; readonly amount: Amount }
  | { readonly kind: 'UNLIMITED' };

/** A credit limit as a caller states it. */
export interface CreditLimitInput {
  readonly kind: CreditLimitKind;
  readonly amount?: { readonly amount: string; readonly currency: string } | null;
}

/** Twelve digits before the point: millionths of any currency then fit 64 bits with room to add up. */
const LARGEST_LIMIT = 10n ** 18n;

/** @throws Refusal INVALID_INPUT unless the currency is of ISO 4217. */
export function checkedCurrency(currency: string, path: readonly string[]): string {
  if (!isCurrency(currency)) refuse('INVALID_INPUT', 'The currency is a code of ISO 4217, such as "EUR".', path);
  return currency;
}

/**
 * The zone in the letters of the IANA table, because it is compared by them.
 * @throws Refusal INVALID_INPUT unless it is a name of the table: an offset would not know daylight saving.
 */
export function checkedTimeZone(zone: string, path: readonly string[]): string {
  const isName = zone.length <= 64 && /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/.test(zone);
  const name = isName ? timeZoneName(zone) : null;
  return name ?? refuse('INVALID_INPUT', 'The time zone is a name of the IANA table, such as "Europe/Dublin".', path);
}

/** @throws Refusal INVALID_INPUT unless the day is 1 to 31. */
export function checkedCycleDay(day: number, path: readonly string[]): number {
  if (!Number.isInteger(day) || day < 1 || day > 31) refuse('INVALID_INPUT', 'The bill cycle day is a day of the month, 1 to 31.', path);
  return day;
}

/**
 * The credit limit of an account of that mode: prepaid has none; postpaid and hybrid must say one, because an absent
 * limit must never be taken for an unlimited one.
 * @throws Refusal INVALID_INPUT, CURRENCY_MISMATCH at `path`.
 */
export function checkedCreditLimit(
  mode: PaymentMode, currency: string, input: CreditLimitInput | null | undefined, path: readonly string[],
): CreditLimit | null {
  if (mode === 'PREPAID') {
    return input ? refuse('INVALID_INPUT', 'A prepaid account has no credit limit.', path) : null;
  }
  if (!input) refuse('INVALID_INPUT', `A ${mode.toLowerCase()} account needs a credit limit: an amount, or UNLIMITED.`, path);
  if (input.kind === 'AMOUNT') return { kind: 'AMOUNT', amount: limitAmount(currency, input.amount, [...path, 'amount']) };
  return input.amount ? refuse('INVALID_INPUT', 'An UNLIMITED credit limit has no amount.', [...path, 'amount']) : { kind: 'UNLIMITED' };
}

function limitAmount(currency: string, money: CreditLimitInput['amount'], path: readonly string[]): Amount {
  if (!money) refuse('INVALID_INPUT', 'A credit limit of kind AMOUNT states its amount.', path);
  if (money.currency !== currency) refuse('CURRENCY_MISMATCH', 'The credit limit is in the currency of the account.', [...path, 'currency']);
  const limit = parseAmount(money.amount);
  if (limit === null || limit < 0n || limit > LARGEST_LIMIT) {
    refuse('INVALID_INPUT', 'A credit limit is not negative, has at most six decimals and at most twelve digits before them.', [...path, 'amount']);
  }
  return limit;
}

/** The limit as an account's row holds it. */
export function creditLimitOf(row: Pick<BillingAccountEntity, 'creditLimitKind' | 'creditLimit'>): CreditLimit | null {
  if (row.creditLimitKind === null) return null;
  return row.creditLimitKind === 'UNLIMITED' ? { kind: 'UNLIMITED' } : { kind: 'AMOUNT', amount: amount(row.creditLimit ?? 0n) };
}

/** A member's own limit may only be tighter than its payer's, which governs; a prepaid payer carries no credit at all. */
export function isWithin(own: CreditLimit | null, payers: CreditLimit | null): boolean {
  if (own === null) return true;
  if (payers === null) return false;
  return payers.kind === 'UNLIMITED' || (own.kind === 'AMOUNT' && own.amount <= payers.amount);
}
