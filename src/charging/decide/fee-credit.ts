import { FeePrice } from '../../catalog';
import { SetupProduct } from '../../guiding';
import { amount, divideRounded, ExactDecimal, formatScaled, minBigint, parseDecimal, pow10 } from '../../platform/money';
import type { FeeCreditInput } from '../charging.api';
import { taxed } from '../work/facts';
import { RootState } from '../work/root-state';
import { Work } from '../work/work';
import { bookReturn, CREDIT_SOURCE, FeeCharge, feesOf, paidParts, PlannedCredit, returnOf, SLA_CREDIT } from './credit';
import { doneWith, MoveDecision, ReadRows, refused } from './move';
import { moneyTaken } from './refund-parts';
import { moveError } from './refusals';

/** The percent is null where what goes back is not that part of the whole fee. */
type Return = Omit<PlannedCredit, 'from'> & { readonly percent: bigint | null };

/** Percents are compared and told in this scale. */
const PERCENT_SCALE = 18;

/**
 * Brings what a period's fees are credited to a percent of them: each fee's credit is a charge of its own that reverses a
 * part of the fee, with the tax of the fee's own time, and never more than is left of it. Said again with another percent,
 * the difference is booked; a credit that becomes smaller is taken from what the account owes and never from prepaid money.
 */
export function decideFeeCredit(work: Work, root: RootState, input: FeeCreditInput, rows: ReadRows): MoveDecision {
  const product = root.products.get(input.productId);
  const account = product && root.setup.accounts.get(product.accountId);
  if (!product || !account) return refused([moveError('NOT_FOUND', 'No such product.', ['productId'])], false);
  const percent = percentOf(input.percent);
  if (percent === null) return refused([moveError('INVALID_INPUT', 'A percent is a decimal from "0" to "100".', ['percent'])], false);
  const charges = feesOf(work, root, product, rows[0] ?? []);
  const fees = charges.filter(({ kind, reverses, at }) => kind !== SLA_CREDIT && reverses === null && at >= input.periodStart && at < input.periodEnd);
  const returns = fees.flatMap((fee) => difference(work, root, product, fee, charges.filter(({ reverses }) => reverses === fee.position), percent) ?? []);
  const position = root.nextPosition();
  const payer = root.setup.accounts.get(account.payerId) ?? account;
  for (const { percent: change, ...back } of returns) {
    bookReturn(work, root, product, payer, back, {
      source: CREDIT_SOURCE, reason: input.lowersSharing ? 'SLA_CREDIT' : 'SLA_CREDIT_UNSHARED', kind: SLA_CREDIT,
      facts: change === null ? {} : { c: formatScaled(change, PERCENT_SCALE) }, isShared: input.lowersSharing, billAt: back.fee.at,
    });
  }
  return doneWith(root, product.id, position);
}

/** In its scale; null where it is no percent. */
function percentOf(text: string): bigint | null {
  const read: ExactDecimal | null = parseDecimal(text);
  if (!read || read.unscaled < 0n || read.unscaled > 100n * pow10(read.scale)) return null;
  return read.unscaled * pow10(PERCENT_SCALE - read.scale);
}

/** What one fee's credit must change by; null where it stands. */
function difference(work: Work, root: RootState, product: SetupProduct, fee: FeeCharge, returns: readonly FeeCharge[], percent: bigint): Return | null {
  const price = product.assignments.find((assignment) => assignment.price.id === fee.priceVersionId)?.price;
  if (!price || price.priceType !== 'RECURRING') return null;
  const credits = returns.filter(({ kind }) => kind === SLA_CREDIT);
  const others = returns.filter(({ kind }) => kind !== SLA_CREDIT);
  const of = (rows: readonly FeeCharge[], read: (row: FeeCharge) => bigint): bigint => rows.reduce((sum, row) => sum + read(row), 0n);
  // In the price's own sense of tax, as the fee was.
  const worth = (row: FeeCharge): bigint => row.net + (price.taxIncluded ? row.tax : 0n);
  const base = worth(fee) + of(others, worth);
  const value = amount(divideRounded(base * percent, 100n * pow10(PERCENT_SCALE), 'HALF_UP'));
  const wanted = taxed(work.factsOf(root.setup.tenantId), price, value, fee.at);
  if (!wanted || base <= 0n) return null;
  const due = { gross: wanted.gross + of(credits, (row) => row.net + row.tax), tax: wanted.tax + of(credits, (row) => row.tax) };
  const back = due.gross < 0n ? takenAgain(root, fee, returns, price, due) : returnOf(root, fee, returns, price, due);
  const isWhole = back !== null && others.length === 0 && back.net + back.tax === -due.gross;
  return back && { fee, before: returns, ...back, percent: isWhole ? percentAfter(credits, percent) : null };
}

/** By how many percent of the fee a credit changes what was credited; null where that was no such part. */
const percentAfter = (credits: readonly FeeCharge[], percent: bigint): bigint | null =>
  credits.reduce((left: bigint | null, { credited }) => (left === null || credited === null ? null : left - credited), percent);

/** A credit that was too large, taken back from what the account owes; what went to prepaid money stays given. */
function takenAgain(
  root: RootState, fee: FeeCharge, returns: readonly FeeCharge[], price: FeePrice, due: { readonly gross: bigint; readonly tax: bigint },
): Pick<PlannedCredit, 'net' | 'tax' | 'parts'> | null {
  const owed = paidParts(root, fee, returns, price).find(({ bucket }) => bucket.kind === 'CREDIT');
  const taken = owed ? minBigint(owed.returned, -due.gross) : 0n;
  if (!owed || taken <= 0n) return null;
  const tax = divideRounded(-due.tax * taken, -due.gross, 'HALF_UP');
  return { net: taken - tax, tax, parts: [moneyTaken(owed, taken, tax)] };
}
