import { Amount, ceilToMultiple, minBigint, quantity, Quantity, ZERO_AMOUNT, ZERO_QUANTITY } from '../platform/money';
import { PreparedPrice, PreparedRate } from './prepared.types';
import { PricedPiece, PricingSpan, UsageToRate } from './rating.types';
import { stepIndexAt, tariffStretch } from './tariff';

/** What cutting found: the pieces, the units billed, their price as a numerator and the first piece's connect fee. */
export interface CutSpan {
  readonly pieces: readonly PricedPiece[];
  readonly billed: Quantity;
  readonly cost: bigint;
  readonly connectFee: Amount;
}

/** Far beyond any call; what has more pieces is corrupt, and a batch must not be held up by it. */
const MAX_PIECES = 10_000;

/**
 * Cuts what lies beyond the free units at steps and, for voice, at window boundaries. Each piece rounds up to its step's
 * increment and the excess is taken out of the piece that follows, which may vanish in it. The work grows with the
 * number of pieces, never with the quantity. Throws RangeError beyond 10,000 pieces.
 */
export function cutSpan(usage: UsageToRate, price: PreparedPrice, rate: PreparedRate, span: PricingSpan): CutSpan {
  const end = quantity(span.offset + span.quantity);
  const pieces: PricedPiece[] = [];
  let position = span.offset > price.freeUnits ? span.offset : price.freeUnits;
  let billedTotal = 0n;
  let cost = 0n;
  let connectFee = ZERO_AMOUNT;
  while (position < end) {
    if (pieces.length === MAX_PIECES) throw new RangeError(`A usage crosses more than ${MAX_PIECES} price boundaries.`);
    const { tariff, until } = tariffStretch(usage, price, rate, position, end);
    const step = stepIndexAt(tariff.steps, position);
    const { amount, increment } = tariff.steps[step];
    const cut = step + 1 < tariff.steps.length ? minBigint<bigint>(until, tariff.steps[step + 1].from) : until;
    const billed = quantity(ceilToMultiple(cut - position, increment));
    if (pieces.length === 0) connectFee = tariff.connectFee;
    pieces.push({ window: tariff.window, step, quantity: coveredBy(billed, position, end), billed, increment });
    cost += amount * billed;
    billedTotal += billed;
    position = quantity(position + billed);
  }
  return { pieces, billed: billedTotal === 0n ? ZERO_QUANTITY : quantity(billedTotal), cost, connectFee };
}

const coveredBy = (billed: Quantity, position: Quantity, end: Quantity): Quantity =>
  minBigint(billed, quantity(end - position));
