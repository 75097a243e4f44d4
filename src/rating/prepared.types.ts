import { Amount, Quantity, RoundingMode } from '../platform/money';

/**
 * A price version as the rater reads it: texts parsed once, prefixes as a tree, windows as a schedule of the day.
 *
 * Money inside is a numerator over `denominator`: price × units needs no division before the one rounding at the end.
 */
export interface PreparedPrice {
  readonly conditions: readonly PreparedCondition[];
  /** Whether a condition asks for `numberKind`, so that its prefixes may be beginnings of codes. */
  readonly asksNumberKind: boolean;
  readonly destinations: Destinations;
  readonly rates: readonly PreparedRate[];
  readonly timeZone: string;
  readonly freeUnits: Quantity;
  /** Numerators; null where the price has no such bound. */
  readonly minimumCharge: bigint | null;
  readonly maximumCharge: bigint | null;
  readonly tiers: PreparedTiers | null;
  readonly rounding: PreparedRounding;
}

export interface PreparedCondition {
  readonly attribute: string;
  readonly accepted: ReadonlySet<string>;
}

/** A rate and the prefix that leads to it ("" without prefixes, "*" below every prefix). */
export interface RateMatch {
  readonly rateIndex: number;
  readonly prefix: string;
  /** Digits of the prefix; zero for "" and "*". */
  readonly length: number;
}

export interface Destinations {
  /** Tree over digits: child of node n for digit d stands at n × 10 + d; 0 is none. */
  readonly children: Int32Array;
  /** By node: where a prefix ends. */
  readonly ends: readonly (RateMatch | null)[];
  readonly fallback: RateMatch | null;
  readonly bare: RateMatch | null;
  /** Whether any rate names a destination ("*" included). */
  readonly hasPrefixes: boolean;
}

export interface PreparedRate {
  readonly base: PreparedTariff;
  /** By window of the definition. */
  readonly windows: readonly PreparedTariff[];
  /** Null where the rate has no windows. */
  readonly schedule: WindowSchedule | null;
}

/** Connect fee and steps that hold together, for one window or outside all. */
export interface PreparedTariff {
  readonly window: string | null;
  readonly connectFee: Amount;
  readonly steps: readonly PreparedStep[];
}

export interface PreparedStep {
  readonly from: bigint;
  /** Numerator of the price of one unit. */
  readonly amount: bigint;
  readonly increment: Quantity;
}

/** The local day cut at the points where another window takes over; -1 is no window. */
export interface DayPlan {
  /** Milliseconds of the day, ascending, the first 0. */
  readonly starts: readonly number[];
  readonly windows: readonly number[];
}

export interface WindowSchedule {
  /** By ISO weekday - 1. */
  readonly weekly: readonly DayPlan[];
  /** By epoch day, for days that a dated window touches. */
  readonly dated: ReadonlyMap<number, DayPlan>;
  /** The keys of `dated`, ascending. */
  readonly datedDays: readonly number[];
  /** The same window all week, so that only a dated day can change it. */
  readonly steady: boolean;
}

export interface PreparedTiers {
  readonly mode: 'GRADUATED' | 'VOLUME';
  readonly tiers: readonly PreparedTier[];
}

/** Tier over (above, upTo]; the last one is open. Money as numerators. */
export interface PreparedTier {
  readonly above: bigint;
  readonly upTo: bigint | null;
  readonly amount: bigint;
  readonly flatAmount: bigint;
  /** What all tiers before this one cost when full, flat amounts included (GRADUATED). */
  readonly before: bigint;
}

export interface PreparedRounding {
  readonly digits: number;
  readonly mode: RoundingMode;
  /** A numerator over this is money in currency units. */
  readonly denominator: bigint;
  /** 10^digits, and what brings a figure of that scale to millionths. */
  readonly scale: bigint;
  readonly toAmount: bigint;
}
