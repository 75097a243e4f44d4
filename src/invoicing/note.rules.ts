import { Amount, amount, ExactDecimal } from '../platform/money';
import type { LocalDate } from '../platform/time';
import { earnedUntil } from './earn.rules';
import { byTax, taxKey, taxOf, TaxSense } from './bill.rules';

/** A line of an issued bill, with what credit notes took back of it so far, in its own tax sense. */
export interface CreditableLine extends TaxSense {
  readonly lineNo: number;
  readonly taxRate: ExactDecimal;
  readonly revenueAccount: string;
  readonly amount: bigint;
  readonly credited: bigint;
  /** The line's own period, end not included. */
  readonly startDate: LocalDate;
  readonly endDate: LocalDate;
  /** Whether it is earned by the days of its period, else at once. */
  readonly isOverPeriod: boolean;
}

/** The tax of a bill and what credit notes took back of it so far. */
export interface CreditableTax extends TaxSense {
  readonly amount: bigint;
  readonly credited: bigint;
}

export interface NoteLine {
  readonly line: CreditableLine;
  /** In the line's own tax sense. */
  readonly amount: Amount;
  readonly net: Amount;
  readonly tax: Amount;
}

export interface Note {
  readonly lines: readonly NoteLine[];
  readonly net: Amount;
  readonly tax: Amount;
  readonly total: Amount;
}

/**
 * A credit note: amounts of lines with the tax at their own rates, rounded as on the bill. The tax of the notes on a bill never
 * passes the bill's: the note that takes back the last of a tax's lines takes back what is left of it.
 */
export function noteOf(parts: readonly { readonly line: CreditableLine; readonly amount: bigint }[], all: readonly CreditableLine[], taxes: readonly CreditableTax[], currency: string): Note {
  const lines = byTax(parts.map((part) => ({ ...part, taxCode: part.line.taxCode, taxRate: part.line.taxRate, taxIncluded: part.line.taxIncluded })))
    .flatMap((same) => notedLines(same, all, taxes, currency));
  const net = lines.reduce((sum, line) => sum + line.net, 0n);
  const tax = lines.reduce((sum, line) => sum + line.tax, 0n);
  return { lines: [...lines].sort((a, b) => a.line.lineNo - b.line.lineNo), net: amount(net), tax: amount(tax), total: amount(net + tax) };
}

function notedLines(
  same: readonly (TaxSense & { readonly line: CreditableLine; readonly amount: bigint })[], all: readonly CreditableLine[],
  taxes: readonly CreditableTax[], currency: string,
): NoteLine[] {
  const key = taxKey(same[0]!);
  const ofTax = all.filter((line) => taxKey(line) === key);
  const item = taxes.find((one) => taxKey(one) === key);
  const left = item ? item.amount - item.credited : 0n;
  const open = ofTax.reduce((sum, line) => sum + line.amount - line.credited, 0n);
  const sum = same.reduce((total, one) => total + one.amount, 0n);
  const { tax: rounded } = taxOf(same.map((one) => one.amount), same[0]!, currency);
  const tax = sum === open || rounded > left ? left : rounded;
  return spreadTax(same, sum, tax);
}

/** What of a note's line takes back days that are still to come on a day: it was deferred, and nobody has earned it. */
export const unearnedOf = ({ line: { isOverPeriod, startDate, endDate }, net }: NoteLine, on: LocalDate): Amount =>
  amount(isOverPeriod ? net - earnedUntil({ startDate, endDate, amount: net }, on) : 0n);

/** The tax of one rate over its lines in proportion, rounded down; what is left goes to the last line. */
function spreadTax(same: readonly { readonly line: CreditableLine; readonly amount: bigint }[], sum: bigint, tax: bigint): NoteLine[] {
  let given = 0n;
  return same.map(({ line, amount: value }, index) => {
    const part = index === same.length - 1 ? tax - given : sum === 0n ? 0n : (tax * value) / sum;
    given += part;
    return { line, amount: amount(value), net: amount(line.taxIncluded ? value - part : value), tax: amount(part) };
  });
}
