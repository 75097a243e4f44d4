import { amount, Amount, divideRounded, maxBigint, quantity, Quantity, ZERO_AMOUNT, ZERO_QUANTITY } from '../platform/money';
import { CutSpan, cutSpan } from './cut';
import { PreparedPrice, PreparedRounding, PreparedTiers } from './prepared.types';
import { ChosenPrice, PricedSpan, PricingSpan, UsageToRate } from './rating.types';
import { stepIndexAt, tariffStretch } from './tariff';
import { cumulativeCost } from './tier';

/** Millionths in a currency unit, the scale of every Amount. */
const MILLION = 1_000_000n;

/** A charge, and how far its rounding moved it. */
interface Rounded {
  readonly amount: Amount;
  readonly difference: string;
}

/**
 * Prices a stretch of a usage (money-rules 2). Nothing used, or nothing beyond the free units, costs zero: no connect fee,
 * no minimum. With tiers the amount may be negative, where a volume tier makes the units before it cheaper.
 * Throws RangeError on negative quantities, or on a usage cut into more than 10,000 pieces.
 */
export function priceSpan(usage: UsageToRate, chosen: ChosenPrice, span: PricingSpan): PricedSpan {
  if (span.quantity < 0n || span.offset < 0n) throw new RangeError('A usage cannot be negative.');
  const price = chosen.candidate.price.compiled;
  const cut = cutSpan(usage, price, price.rates[chosen.rateIndex], span);
  const connectFee = span.chargeConnectFee ? cut.connectFee : ZERO_AMOUNT;
  const rounded = price.tiers ? tieredCharge(price.tiers, price.rounding, cut, connectFee, span) : charge(price, cut, connectFee);
  return {
    amount: rounded.amount,
    billed: cut.billed,
    connectFee,
    pieces: cut.pieces,
    rounding: { digits: price.rounding.digits, mode: price.rounding.mode, difference: rounded.difference },
    counterAdds: price.tiers ? cut.billed : ZERO_QUANTITY,
  };
}

/** The increment of the step in force `offset` units after the session's start. */
export function governingIncrement(usage: UsageToRate, chosen: ChosenPrice, offset: Quantity): Quantity {
  const price = chosen.candidate.price.compiled;
  const next = quantity(offset + 1n);
  const { tariff } = tariffStretch(usage, price, price.rates[chosen.rateIndex], offset, next);
  return tariff.steps[stepIndexAt(tariff.steps, offset)].increment;
}

function charge(price: PreparedPrice, cut: CutSpan, connectFee: Amount): Rounded {
  if (cut.pieces.length === 0) return { amount: ZERO_AMOUNT, difference: '0' };
  let total = cut.cost + feeNumerator(connectFee, price.rounding);
  if (price.minimumCharge !== null) total = maxBigint(total, price.minimumCharge);
  if (price.maximumCharge !== null && total > price.maximumCharge) total = price.maximumCharge;
  const rounded = roundOnce(total, price.rounding);
  return { amount: rounded, difference: differenceOf(rounded, total, price.rounding) };
}

/**
 * Cumulative-after less cumulative-before, each rounded as the period's total would be: so the charges of a period sum to
 * the rounded price of its total whatever their order.
 */
function tieredCharge(
  tiers: PreparedTiers,
  rounding: PreparedRounding,
  cut: CutSpan,
  connectFee: Amount,
  span: PricingSpan,
): Rounded {
  const before = cumulativeCost(tiers, span.counterBefore);
  const after = cumulativeCost(tiers, span.counterBefore + cut.billed);
  const rounded = amount(roundOnce(after, rounding) - roundOnce(before, rounding) + connectFee);
  const exact = after - before + feeNumerator(connectFee, rounding);
  return { amount: rounded, difference: differenceOf(rounded, exact, rounding) };
}

const feeNumerator = (fee: Amount, { denominator }: PreparedRounding): bigint =>
  fee === 0n ? 0n : (fee * denominator) / MILLION;

function roundOnce(numerator: bigint, rounding: PreparedRounding): Amount {
  return amount(divideRounded(numerator * rounding.scale, rounding.denominator, rounding.mode) * rounding.toAmount);
}

/** Rounded less exact, in currency units, as "0" or an exact fraction "numerator/denominator" that is not reduced. */
function differenceOf(rounded: Amount, exact: bigint, { denominator }: PreparedRounding): string {
  const numerator = rounded * denominator - exact * MILLION;
  return numerator === 0n ? '0' : `${numerator}/${denominator * MILLION}`;
}
