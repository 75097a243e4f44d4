import { type Caller, moneyLimitIn } from '../platform/auth/caller';
import { Refusal, refuse } from '../platform/errors';
import type { MoneyInput } from '../platform/graphql';
import { Amount, amount, isPayable, minBigint, minorDigits, parseAmount } from '../platform/money';
import { LimitExceeded } from './balance.errors';

/** Money texts have at most 12 digits before the point. */
const MOST = 10n ** 18n;

/**
 * A signed amount from an input.
 * @throws Refusal INVALID_INPUT at `path` where it has more than six decimals or twelve digits, or is zero.
 */
export function checkedAmount(money: Pick<MoneyInput, 'amount'>, path: readonly string[]): Amount {
  const value = parseAmount(money.amount);
  const place = [...path, 'amount'];
  if (value === null) return refuse('INVALID_INPUT', 'An amount of money has at most six decimals.', place);
  if (value >= MOST || value <= -MOST) return refuse('INVALID_INPUT', 'An amount of money has at most twelve digits before the point.', place);
  if (value === 0n) return refuse('INVALID_INPUT', 'An amount of zero moves nothing.', place);
  return value;
}

/** As checkedAmount, for what must be above zero. */
export function checkedPositive(money: Pick<MoneyInput, 'amount'>, path: readonly string[]): Amount {
  const value = checkedAmount(money, path);
  return value > 0n ? value : refuse('INVALID_INPUT', 'The amount must be above zero.', [...path, 'amount']);
}

/**
 * As checkedPositive, for money that comes from outside or goes from one person to another: it can be paid in the
 * currency's coins. Charges and corrections have finer parts.
 */
export function checkedPayable(money: Pick<MoneyInput, 'amount' | 'currency'>, path: readonly string[]): Amount {
  const value = checkedPositive(money, path);
  if (isPayable(value, money.currency)) return value;
  const digits = minorDigits(money.currency);
  return refuse('INVALID_INPUT', `An amount of ${money.currency} has ${digits === 0 ? 'no' : `at most ${digits}`} decimals.`, [...path, 'amount']);
}

/** A caller, and what its tenant says of limits: they are in the tenant's currency. */
export interface Limits {
  readonly caller: Pick<Caller, 'moneyLimit' | 'moneyLimits'>;
  readonly tenantCurrency: string;
  /** The tenant's own limit of the move, where it has one. */
  readonly tenantLimit?: string;
}

/**
 * Holds a caller to its token's limit of a single move, and to the tenant's own where there is one. A limit counts in its
 * currency alone: 50 of EUR say nothing of KWD, so without a limit of the currency nothing is moved.
 * @throws Refusal LIMIT_EXCEEDED at `path`.
 */
export function requireWithin({ caller, tenantCurrency, tenantLimit }: Limits, value: Amount, currency: string, path: readonly string[]): void {
  const size = amount(value < 0n ? -value : value);
  const own = limitOf(moneyLimitIn(caller, currency, tenantCurrency));
  const tenants = tenantLimit === undefined ? own : limitOf(currency === tenantCurrency ? tenantLimit : null);
  const limit = minBigint(own, tenants);
  if (size > limit) throw new Refusal(new LimitExceeded(limit, currency, path));
}

const limitOf = (text: string | null): Amount => (text === null ? null : parseAmount(text)) ?? amount(0n);
