import type { Amount, ExactDecimal, Unit } from '../platform/money';
import type { Period } from '../platform/time';

/** BILL: owed by an account with credit. STATEMENT: what a prepaid account spent, nothing due. */
export type BillKind = 'BILL' | 'STATEMENT';

/** One bill of a payer: its account's key, and the number of the closed period, 1, 2, 3 and so on. */
export interface BillKey {
  readonly shard: number;
  readonly rootId: bigint;
  readonly accountId: bigint;
  readonly sequence: number;
}

/** Charges of one bill that have everything in common that a line shows. Amounts are exact sums. */
export interface ChargeGroup {
  /** The account whose product was used; the payer's own or one that it pays for. */
  readonly userAccountId: bigint;
  readonly productId: bigint | null;
  readonly priceVersionId: bigint | null;
  readonly kind: string;
  readonly unit: Unit;
  readonly description: string;
  /** The customer's own number of the order that made the product; null without one. */
  readonly purchaseOrder: string | null;
  /** The charges' own period: that of a fee, else the payer's bill cycle that holds them. */
  readonly period: Period;
  readonly taxCode: string;
  readonly taxRate: ExactDecimal;
  /** Whether the price has its tax in it. */
  readonly taxIncluded: boolean;
  readonly revenueAccount: string;
  readonly quantity: bigint;
  readonly chargeCount: bigint;
  readonly net: Amount;
  readonly tax: Amount;
}

/** A line: the exact sum, rounded once. */
export interface BillLine extends ChargeGroup {
  /** Rounded to the minor unit in the price's own tax sense: with its tax where that is in it, else without. */
  readonly amount: Amount;
  /** Without tax. */
  readonly netRounded: Amount;
}

/** The tax of one code, rate and tax sense. */
export interface TaxItem {
  readonly taxCode: string;
  readonly taxRate: ExactDecimal;
  readonly taxIncluded: boolean;
  /** Net amounts that the tax is on. */
  readonly base: Amount;
  readonly amount: Amount;
  /** Sum of the charges' own taxes, six decimals. */
  readonly exact: Amount;
}

/** Everything a bill says. */
export interface Bill {
  readonly kind: BillKind;
  readonly currency: string;
  readonly lines: readonly BillLine[];
  readonly taxes: readonly TaxItem[];
  readonly exactNet: Amount;
  readonly exactTax: Amount;
  readonly net: Amount;
  readonly tax: Amount;
  readonly total: Amount;
  /** What prepaid money paid for it, rounded. */
  readonly prepaid: Amount;
  /** Corrections that were given to what the account owes, rounded; positive amounts lower what is due. */
  readonly adjusted: Amount;
  /** total - prepaid - adjusted; negative where more was given than charged. */
  readonly due: Amount;
  /** What rounding takes off the exposure: the exact credit used less what is due. */
  readonly rounding: Amount;
}
