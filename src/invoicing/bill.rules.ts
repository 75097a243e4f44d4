import { Amount, amount, divideRounded, ExactDecimal, MONEY_SCALE, minorDigits, pow10 } from '../platform/money';
import type { Bill, BillKind, BillLine, ChargeGroup, TaxItem } from './bill.types';

/** Millionths in the currency's minor unit: EUR 10,000, JPY 1,000,000, KWD 1,000. */
export const minorUnit = (currency: string): bigint => pow10(MONEY_SCALE - minorDigits(currency));

/** The one rounding of a bill line: to the currency's minor unit, half up (money-rules 6.1). */
export const toMinor = (value: bigint, currency: string): Amount => {
  const unit = minorUnit(currency);
  return amount(divideRounded(value, unit, 'HALF_UP') * unit);
};

/** round(net × rate) in minor units. */
export const taxOnTop = (net: bigint, rate: ExactDecimal, currency: string): Amount => {
  const unit = minorUnit(currency);
  return amount(divideRounded(net * rate.unscaled, pow10(rate.scale) * unit, 'HALF_UP') * unit);
};

/** round(gross × rate ÷ (1 + rate)) in minor units. */
export const taxInside = (gross: bigint, rate: ExactDecimal, currency: string): Amount => {
  const unit = minorUnit(currency);
  return amount(divideRounded(gross * rate.unscaled, (pow10(rate.scale) + rate.unscaled) * unit, 'HALF_UP') * unit);
};

/** Rounded down towards minus infinity, with what is left over. */
function floorOf(numerator: bigint, denominator: bigint): { readonly whole: bigint; readonly rest: bigint } {
  const rest = ((numerator % denominator) + denominator) % denominator;
  return { whole: (numerator - rest) / denominator, rest };
}

/**
 * The nets of tax-included amounts whose nets sum to `net`: each is its exact net rounded down, and the minor units that
 * are missing go to the largest remainders, among equals to the first (money-rules 6.3).
 */
export function spreadNet(grosses: readonly bigint[], net: bigint, rate: ExactDecimal, currency: string): Amount[] {
  const unit = minorUnit(currency);
  const divisor = (pow10(rate.scale) + rate.unscaled) * unit;
  const parts = grosses.map((gross, index) => ({ index, ...floorOf(gross * pow10(rate.scale), divisor) }));
  const missing = net / unit - parts.reduce((sum, part) => sum + part.whole, 0n);
  const turn = [...parts].sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1));
  const raised = new Set(turn.slice(0, parseInt(missing.toString(), 10)).map((part) => part.index));
  return parts.map((part) => amount((part.whole + (raised.has(part.index) ? 1n : 0n)) * unit));
}

/** What has one tax: code, rate, and whether prices have it in them. */
export interface TaxSense {
  readonly taxCode: string;
  readonly taxRate: ExactDecimal;
  readonly taxIncluded: boolean;
}

export const taxKey = ({ taxCode, taxRate, taxIncluded }: TaxSense): string =>
  `${taxCode}|${taxRate.unscaled * pow10(18 - taxRate.scale)}|${taxIncluded}`;

/** Items that share their tax, in the order in which a tax first appears. */
export function byTax<T extends TaxSense>(items: readonly T[]): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(taxKey(item));
    if (group) group.push(item);
    else groups.set(taxKey(item), [item]);
  }
  return [...groups.values()];
}

/** The tax on rounded amounts of one tax, and the net of each. */
export function taxOf(amounts: readonly bigint[], { taxRate, taxIncluded }: TaxSense, currency: string): { readonly base: Amount; readonly tax: Amount; readonly nets: Amount[] } {
  const sum = amounts.reduce((total, one) => total + one, 0n);
  if (!taxIncluded) return { base: amount(sum), tax: taxOnTop(sum, taxRate, currency), nets: amounts.map(amount) };
  const tax = taxInside(sum, taxRate, currency);
  return { base: amount(sum - tax), tax, nets: spreadNet(amounts, sum - tax, taxRate, currency) };
}

/** What of a bill's charges was not paid by credit. */
export interface Settlement {
  readonly kind: BillKind;
  readonly currency: string;
  /** Exact sum that prepaid and promotional money paid; of a statement all of it. */
  readonly prepaid: bigint;
  /** Exact sum of corrections of what the account owes; positive amounts lower it. */
  readonly adjusted: bigint;
}

/** A bill from the groups of its charges: lines rounded once, tax per rate on rounded nets, and what is due. */
export function billOf(groups: readonly ChargeGroup[], settlement: Settlement): Bill {
  const { kind, currency } = settlement;
  const { lines, taxes } = taxedLines(groups, currency);
  const [exactNet, exactTax] = [sumOf(groups, (group) => group.net), sumOf(groups, (group) => group.tax)];
  const [net, tax] = [sumOf(lines, (line) => line.netRounded), sumOf(taxes, (item) => item.amount)];
  const total = net + tax;
  const isStatement = kind === 'STATEMENT';
  const prepaid = isStatement ? total : toMinor(settlement.prepaid, currency);
  const adjusted = isStatement ? 0n : toMinor(settlement.adjusted, currency);
  const due = total - prepaid - adjusted;
  const credit = exactNet + exactTax - settlement.prepaid - settlement.adjusted;
  return {
    kind, currency, lines, taxes, exactNet: amount(exactNet), exactTax: amount(exactTax), net: amount(net), tax: amount(tax),
    total: amount(total), prepaid: amount(prepaid), adjusted: amount(adjusted), due: amount(due),
    rounding: amount(isStatement ? 0n : credit - due),
  };
}

function taxedLines(groups: readonly ChargeGroup[], currency: string): { readonly lines: BillLine[]; readonly taxes: TaxItem[] } {
  const nets = new Map<ChargeGroup, Amount>();
  const taxes = byTax(groups).map((same): TaxItem => {
    const { base, tax, nets: each } = taxOf(same.map((group) => lineAmount(group, currency)), same[0]!, currency);
    same.forEach((group, index) => nets.set(group, each[index]!));
    const { taxCode, taxRate, taxIncluded } = same[0]!;
    return { taxCode, taxRate, taxIncluded, base, amount: tax, exact: amount(sumOf(same, (group) => group.tax)) };
  });
  return { taxes, lines: groups.map((group) => ({ ...group, amount: lineAmount(group, currency), netRounded: nets.get(group)! })) };
}

const lineAmount = ({ net, tax, taxIncluded }: ChargeGroup, currency: string): Amount => toMinor(taxIncluded ? net + tax : net, currency);

const sumOf = <T>(items: readonly T[], of: (item: T) => bigint): bigint => items.reduce((sum, item) => sum + of(item), 0n);
