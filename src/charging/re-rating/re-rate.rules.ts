import type { TaxRateTerms } from '../../catalog';
import { amount, Amount, currencyOf, formatAmount, quantity, Unit, ZERO_AMOUNT } from '../../platform/money';
import { CompiledPrice, findRate, priceSpan, PricedSpan, RatingExplanation, UsageToRate } from '../../rating';
import { taxed } from '../work/facts';

/** What a stored usage charge says: what was used, what it cost, and the facts it was priced by. */
export interface StoredPricing {
  readonly usage: UsageToRate;
  readonly net: Amount;
  readonly tax: Amount;
  readonly asset: string;
  /** Null where allowances paid all of it. */
  readonly facts: RatingExplanation | null;
  readonly taxCode: string | null;
}

/** Prices a stored usage again, by its facts, its price version and the tax rates; what differs, or null where nothing does. */
export function reRate(stored: StoredPricing, price: CompiledPrice, taxRates: readonly TaxRateTerms[]): string | null {
  const { usage, facts } = stored;
  const misled = facts && misleading(stored, facts, price);
  if (misled) return misled;
  const value = facts ? priceAgain(usage, facts, price)?.amount : ZERO_AMOUNT;
  if (value === undefined) return 'the price version does not price it';
  const due = taxed({ taxRates }, price.version, value, usage.startedAt);
  if (!due) return `no rate of tax class ${price.version.taxClass} holds at its time`;
  if (due.gross !== 0n && currencyOf(stored.asset) !== price.version.currency) return `kept in ${stored.asset}, priced in ${price.version.currency}`;
  if (due.net === stored.net && due.tax === stored.tax && due.taxCode === stored.taxCode) return null;
  const text = (part: Amount): string => formatAmount(part, price.version.currency);
  return `net ${text(stored.net)}, tax ${text(stored.tax)} (${stored.taxCode}); priced again net ${text(due.net)}, tax ${text(due.tax)} (${due.taxCode})`;
}

/** Facts that do not belong to this usage and this version: of another version, another quantity, or another destination. */
function misleading({ usage }: StoredPricing, facts: RatingExplanation, { version, compiled }: CompiledPrice): string | null {
  if (facts.v !== version.id) return `charged by price version ${version.id}, explained by ${facts.v}`;
  if (BigInt(facts.q) + BigInt(facts.o ?? '0') !== usage.quantity) return `${usage.quantity} used, ${facts.q} priced behind ${facts.o ?? '0'}`;
  // Whether the other party was taken for a code, of which only the whole counts, is not stored.
  const isFound = [false, true].some((isWhole) => {
    const match = findRate(compiled.destinations, usage.otherParty, isWhole);
    return match?.rateIndex === facts.r && match.prefix === (facts.x ?? '');
  });
  return isFound ? null : `priced by rate ${facts.r} of prefix "${facts.x ?? ''}", its destination has another`;
}

/** Undefined where no call can have had so many pieces: the quantity is not what was priced. */
function priceAgain(usage: UsageToRate, facts: RatingExplanation, price: CompiledPrice): PricedSpan | undefined {
  const chosen = { candidate: { price, productPriority: 0, isAddOn: false, productStartedAt: 0, productId: '' }, rateIndex: facts.r, matchedPrefix: facts.x ?? '' };
  const span = {
    offset: quantity(BigInt(facts.o ?? '0')), quantity: quantity(BigInt(facts.q)), counterBefore: quantity(BigInt(facts.c ?? '0')),
    chargeConnectFee: true,
  };
  try {
    return priceSpan(usage, chosen, span);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

interface UsageFields {
  readonly kind: string;
  readonly unit: string;
  readonly startedAt: number;
  readonly quantity: string;
  readonly otherParty: string | null;
}

/** What pricing reads of a usage whose rate is known; attributes only led to the price. */
export const usageOf = ({ kind, unit, startedAt, quantity: used, otherParty }: UsageFields): UsageToRate => ({
  kind: kind as UsageToRate['kind'], unit: unit as Unit, startedAt, quantity: quantity(BigInt(used)), otherParty,
  otherNetwork: null, attributes: {}, direction: null,
});

export const amountOf = (text: string): Amount => amount(BigInt(text));
