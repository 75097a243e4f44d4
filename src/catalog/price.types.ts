import { RoundingMode, Unit } from '../platform/money';
import type { UsageKind } from '../usage/usage.types';

/**
 * What a launched price says, as stored in `price_version.definition` (JSON). Decimals and quantities are strings,
 * because JSON numbers are floats. Immutable once launched.
 */
export interface UsagePriceDefinition {
  readonly usageKind: UsageKind;
  /** Zone of the time windows, an IANA name. */
  readonly timeZone: string;
  /** All must hold. A condition on an attribute that the event lacks does not match (money-rules 1.5). */
  readonly conditions: readonly PriceCondition[];
  /** Tried by longest prefix; "*" stands below every prefix. One rate without prefixes prices usage that has no destination. */
  readonly rates: readonly PriceRate[];
  /** Default: six decimals, HALF_UP. */
  readonly rounding?: { readonly digits: number; readonly mode: RoundingMode };
  /** Decimal money texts, applied to the whole session. */
  readonly minimumCharge?: string;
  readonly maximumCharge?: string;
  /** Units of the session that are free before charging starts. */
  readonly freeUnits?: string;
  /** Present: unit price by what the product already used in its bill cycle. Then `steps` give increments only. */
  readonly tiers?: PriceTiers;
}

export interface PriceCondition {
  readonly attribute: string;
  readonly in: readonly string[];
}

export interface PriceRate {
  /** Name of the destination zone, shown in explanations: "Landline", "World 1". */
  readonly zone: string;
  /** Digits of E.164, or "*"; empty where the price does not look at the destination. */
  readonly prefixes: readonly string[];
  /** Decimal money text, charged once a session. */
  readonly connectFee: string;
  readonly steps: readonly PriceStep[];
  /** Windows that replace connectFee and steps while they hold. */
  readonly windows?: readonly PriceWindow[];
}

export interface PriceStep {
  /** Units since the session's start at which this step begins; the first is "0". */
  readonly from: string;
  /** Decimal money per `per` units of the price. */
  readonly amount: string;
  /** Billing increment in units, at least "1". */
  readonly increment: string;
}

export interface PriceWindow {
  readonly name: string;
  /** ISO weekdays 1 (Monday) to 7; empty = all. */
  readonly weekdays: readonly number[];
  /** Local dates "2026-12-25"; not empty makes the window dated, which outweighs weekly ones. */
  readonly dates: readonly string[];
  /** Local "HH:MM", half-open; until before from wraps midnight; "00:00" to "00:00" is the whole day. */
  readonly from: string;
  readonly until: string;
  /** Heavier wins, then the later start. */
  readonly weight: number;
  readonly connectFee: string;
  readonly steps: readonly PriceStep[];
}

export interface PriceTiers {
  readonly mode: 'GRADUATED' | 'VOLUME';
  /** Tier k covers (previous upTo, upTo]; the last has upTo null. Quantities in the price's unit, decimals in money per `per`. */
  readonly tiers: readonly { readonly upTo: string | null; readonly amount: string; readonly flatAmount: string }[];
}

/** When a price's revenue is earned (money-rules 10). */
export type Recognition = 'AT_POINT' | 'OVER_PERIOD';

/** The columns every price version carries from its first day. */
export interface PriceVersionHead {
  readonly id: string;
  readonly priceId: string;
  readonly version: number;
  readonly name: string;
  readonly currency: string;
  readonly unit: Unit;
  /** The amount is money per this many units, at least 1. */
  readonly per: bigint;
  readonly taxClass: string;
  readonly taxIncluded: boolean;
  readonly revenueAccount: string;
  readonly recognition: Recognition;
  /** The catalog version in force at the event's time decides, not the product's assignment (money-rules 1.2). */
  readonly listPriced: boolean;
}

export interface UsagePriceVersion extends PriceVersionHead {
  readonly priceType: 'USAGE';
  readonly definition: UsagePriceDefinition;
}
