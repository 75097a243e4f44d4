import type { FeePrice, TaxRateTerms } from '../catalog';
import { addAmount, Amount, timesDecimal, ZERO_AMOUNT } from '../platform/money';

/** A fee and the time for which it is assigned, epoch ms, half-open; null = open. */
export interface AssignedFee {
  readonly price: FeePrice;
  readonly from: number;
  readonly until: number | null;
}

const holdsAt = ({ from, until }: { readonly from: number; readonly until: number | null }, at: number): boolean =>
  at >= from && (until === null || at < until);

/**
 * What a renewal at an instant costs with its tax: the recurring prices in force then, each with the rate of its class
 * then. Null where nothing recurs, or where a class has no rate, because a tax is never guessed.
 */
export function renewalFee(fees: readonly AssignedFee[], rates: readonly TaxRateTerms[], at: number): Amount | null {
  const due = fees.filter((fee) => fee.price.priceType === 'RECURRING' && holdsAt(fee, at));
  if (due.length === 0) return null;
  let sum = ZERO_AMOUNT;
  for (const { price } of due) {
    const gross = grossOf(price, rates, at);
    if (gross === null) return null;
    sum = addAmount(sum, gross);
  }
  return sum;
}

function grossOf(price: FeePrice, rates: readonly TaxRateTerms[], at: number): Amount | null {
  if (price.taxIncluded) return price.amount;
  const found = rates.find((rate) => rate.taxClass === price.taxClass && holdsAt({ from: rate.validFrom, until: rate.validUntil }, at));
  return found ? addAmount(price.amount, timesDecimal(price.amount, found.rate, 'HALF_UP')) : null;
}
