import { Amount, Quantity, RoundingMode } from '../platform/money';
import type { UsagePriceVersion } from '../catalog/price.types';
import type { UsageEvent } from '../usage/usage.types';
import { PreparedPrice } from './prepared.types';

/** What the engine reads of a usage. */
export type UsageToRate = Pick<
  UsageEvent,
  'kind' | 'startedAt' | 'quantity' | 'unit' | 'otherParty' | 'otherNetwork' | 'attributes' | 'direction'
>;

/** A usage price of one product that may price an event, compiled once per price version (prefix trie, windows). */
export interface CompiledPrice {
  readonly version: UsagePriceVersion;
  /** What `compilePrice` prepared; for the rater alone. */
  readonly compiled: PreparedPrice;
}

/** A compiled price in the hands of one product. */
export interface PriceCandidate {
  readonly price: CompiledPrice;
  /** Order of trial: product priority (lower first), add-on before base, longer prefix, more conditions, later product start. */
  readonly productPriority: number;
  /** Whether the product is an add-on, attached to another. */
  readonly isAddOn: boolean;
  readonly productStartedAt: number;
  /** Handed back untouched: whose price it is. */
  readonly productId: string;
}

export interface ChosenPrice {
  readonly candidate: PriceCandidate;
  /** The rate's place in the definition, and the prefix that matched ("" where the price has no destinations). */
  readonly rateIndex: number;
  readonly matchedPrefix: string;
}

export type ChoiceFailure = 'NO_PRICE' | 'NO_DESTINATION';

/** How much of the session to price: `quantity` units starting `offset` units after the session's start. */
export interface PricingSpan {
  readonly offset: Quantity;
  readonly quantity: Quantity;
  /** Units of the bill cycle already counted on this price's tier counter; zero where the price has no tiers. */
  readonly counterBefore: Quantity;
  /** True for the first span of the session that money pays; the fee is then that of the span's first piece. */
  readonly chargeConnectFee: boolean;
}

/** One piece: constant price step and window. */
export interface PricedPiece {
  readonly window: string | null;
  readonly step: number;
  readonly quantity: Quantity;
  readonly billed: Quantity;
  readonly increment: Quantity;
}

export interface PricedSpan {
  /** Rounded once, on the total, in the price's own tax sense (net, or gross where the price is tax-included). */
  readonly amount: Amount;
  readonly billed: Quantity;
  readonly connectFee: Amount;
  /** Empty where nothing was used beyond the price's free units. */
  readonly pieces: readonly PricedPiece[];
  /** `difference` is rounded less exact in currency units: "0", or an exact fraction "numerator/denominator". */
  readonly rounding: { readonly digits: number; readonly mode: RoundingMode; readonly difference: string };
  /** What to add to the tier counter of the product's bill cycle; zero where the price has no tiers. */
  readonly counterAdds: Quantity;
}
