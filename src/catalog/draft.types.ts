import { RoundingMode, Unit } from '../platform/money';
import type { UsageKind } from '../usage/usage.types';
import { PriceTiers, Recognition } from './price.types';
import {
  AllowanceRenewal, FirstGrant, PaidRenewalStart, PaymentMode, PeriodKind, UnpaidRenewal, WhenUsedUp,
} from './terms.types';

/** A new version of an offering as a catalog manager states it. Decimals are text, quantities bigint in the stated unit. */
export interface OfferingDraft {
  readonly code: string;
  readonly name: string;
  readonly description: string;
  readonly priority: number;
  readonly paymentModes: readonly PaymentMode[];
  readonly periodKind: PeriodKind;
  readonly periodLength: number;
  readonly autoRenew: boolean;
  readonly unpaidRenewal: UnpaidRenewal;
  readonly paidRenewalStarts: PaidRenewalStart;
  readonly prices: readonly PriceDraft[];
  readonly allowances: readonly AllowanceDraft[];
  /** What the offering is made of, where it is a bundle; absent or empty = it is none. */
  readonly components?: readonly ComponentDraft[];
}

/** One component of a bundle: how many products of the offering a bundle holds, and how many it gets where an order names none. */
export interface ComponentDraft {
  readonly offering: string;
  readonly lowerLimit: number;
  readonly upperLimit: number;
  readonly defaultCount: number;
}

/** One price; exactly one of `oneTime`, `recurring` and `usage` says what kind it is. */
export interface PriceDraft {
  readonly code: string;
  readonly name: string;
  readonly currency: string;
  readonly taxClass: string;
  readonly taxIncluded: boolean;
  readonly revenueAccount: string;
  readonly recognition: Recognition;
  readonly listPriced: boolean;
  readonly oneTime?: { readonly amount: string } | null;
  readonly recurring?: { readonly amount: string; readonly isProrated: boolean; readonly isBilledInAdvance?: boolean } | null;
  readonly usage?: UsagePriceDraft | null;
}

export interface UsagePriceDraft {
  readonly usageKind: UsageKind;
  readonly unit: Unit;
  readonly per: bigint;
  readonly timeZone: string;
  readonly conditions: readonly ConditionDraft[];
  readonly rates: readonly RateDraft[];
  readonly rounding?: { readonly digits: number; readonly mode: RoundingMode } | null;
  readonly minimumCharge?: string | null;
  readonly maximumCharge?: string | null;
  readonly freeUnits?: bigint | null;
  readonly tiers?: { readonly mode: PriceTiers['mode']; readonly tiers: readonly TierDraft[] } | null;
}

export interface ConditionDraft {
  readonly attribute: string;
  readonly in: readonly string[];
}

export interface RateDraft {
  readonly zone: string;
  readonly prefixes: readonly string[];
  readonly connectFee: string;
  readonly steps: readonly StepDraft[];
  readonly windows?: readonly WindowDraft[] | null;
}

export interface StepDraft {
  readonly from: bigint;
  readonly amount: string;
  readonly increment: bigint;
}

export interface WindowDraft {
  readonly name: string;
  readonly weekdays: readonly number[];
  readonly dates: readonly string[];
  readonly from: string;
  readonly until: string;
  readonly weight: number;
  readonly connectFee: string;
  readonly steps: readonly StepDraft[];
}

export interface TierDraft {
  readonly upTo?: bigint | null;
  readonly amount: string;
  readonly flatAmount: string;
}

export interface AllowanceDraft {
  readonly code: string;
  readonly name: string;
  readonly usageKind: UsageKind;
  readonly unit: Unit;
  readonly quantity: bigint;
  readonly step?: bigint | null;
  readonly priority: number;
  readonly prefixes: readonly string[];
  readonly conditions: readonly ConditionDraft[];
  readonly isShared: boolean;
  readonly firstGrant: FirstGrant;
  readonly renewal: AllowanceRenewal;
  readonly rollOverMaximum?: bigint | null;
  readonly whenUsedUp: WhenUsedUp;
}
