import { Amount, ExactDecimal, Quantity, Unit } from '../platform/money';
import type { UsageKind } from '../usage/usage.types';
import { PriceCondition, PriceVersionHead, UsagePriceVersion } from './price.types';

/** How a product's periods are cut (money-rules 5). NONE: the product has no period and never renews. */
export type PeriodKind = 'NONE' | 'BILL_CYCLE' | 'CALENDAR_MONTH' | 'MONTH' | 'WEEK' | 'DAY' | 'HOUR';
export const PERIOD_KINDS: readonly PeriodKind[] = ['NONE', 'BILL_CYCLE', 'CALENDAR_MONTH', 'MONTH', 'WEEK', 'DAY', 'HOUR'];

/** What becomes of a product whose fee could not be paid at renewal. */
export type UnpaidRenewal = 'SUSPEND' | 'CONTINUE_AT_USAGE_PRICES';
/** Where the period starts that follows a late payment. */
export type PaidRenewalStart = 'WHEN_PAID' | 'ANNIVERSARY';
export type PaymentMode = 'PREPAID' | 'POSTPAID' | 'HYBRID';
export const PAYMENT_MODES: readonly PaymentMode[] = ['PREPAID', 'POSTPAID', 'HYBRID'];

export type FirstGrant = 'FULL' | 'PRORATED';
export type AllowanceRenewal = 'RESET' | 'ROLL_OVER';
export type WhenUsedUp = 'CHARGE' | 'BLOCK';

/** A one-time or recurring price: `amount` per occurrence or per period, in the price's own tax sense. */
export interface FeePrice extends PriceVersionHead {
  readonly priceType: 'ONE_TIME' | 'RECURRING';
  readonly amount: Amount;
  /** A partial first period pays its share by days (money-rules 5.2); otherwise it pays in full. */
  readonly isProrated: boolean;
  /** A period that begins with a bill cycle is billed with the cycle that ends there (money-rules 5.4). */
  readonly isBilledInAdvance: boolean;
}

export type PriceVersion = FeePrice | UsagePriceVersion;
export type PriceType = PriceVersion['priceType'];

/** What a product receives at each period start. Quantities in `unit`. */
export interface AllowanceTerms {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly usageKind: UsageKind;
  readonly unit: Unit;
  readonly quantity: Quantity;
  /** Whole steps in which it is consumed; null = the increment of the price that governs the usage. */
  readonly step: Quantity | null;
  readonly priority: number;
  /** E.164 prefixes of the other party that it serves; empty = any. */
  readonly prefixes: readonly string[];
  readonly conditions: readonly PriceCondition[];
  /** Serves every account of the root: a shared pool. */
  readonly isShared: boolean;
  readonly firstGrant: FirstGrant;
  readonly renewal: AllowanceRenewal;
  /** Most that rolls over; null = no bound. */
  readonly rollOverMaximum: Quantity | null;
  readonly whenUsedUp: WhenUsedUp;
}

/** Everything a launched offering version promises, as the charging path reads it. Immutable, so it may be cached for ever. */
export interface OfferingTerms {
  readonly versionId: string;
  readonly offeringId: string;
  readonly tenantId: number;
  readonly code: string;
  readonly name: string;
  /** Order among the products of one identifier, lower first. */
  readonly priority: number;
  readonly periodKind: PeriodKind;
  /** Periods of the kind that make one period of the product. */
  readonly periodLength: number;
  readonly autoRenew: boolean;
  readonly unpaidRenewal: UnpaidRenewal;
  readonly paidRenewalStarts: PaidRenewalStart;
  readonly paymentModes: readonly PaymentMode[];
  /** Whether it is a network slice: its capacity is reserved by an order, so that an order alone makes its product. */
  readonly isSlice: boolean;
  readonly recurring: readonly FeePrice[];
  readonly oneTime: readonly FeePrice[];
  readonly usage: readonly UsagePriceVersion[];
  readonly allowances: readonly AllowanceTerms[];
}

/** A list-priced version with the time in which it decides: epoch ms, half-open; null = without end. */
export interface ListedPrice {
  readonly price: PriceVersion;
  readonly validFrom: number;
  readonly validUntil: number | null;
}

/** One tax rate of a class: `rate` is a fraction (0.23), instants are epoch ms, the range half-open. */
export interface TaxRateTerms {
  readonly taxClass: string;
  readonly taxCode: string;
  readonly rate: ExactDecimal;
  readonly validFrom: number;
  readonly validUntil: number | null;
}
