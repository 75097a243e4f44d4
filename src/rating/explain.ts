import { ChosenPrice, PricedPiece, PricedSpan, PricingSpan } from './rating.types';

/**
 * Why a span costs what it costs, as compact facts to be stored with the charge: everything else is in the price version,
 * which never changes. Quantities and amounts (in millionths) are decimal texts. Absent keys stand for zero or "".
 */
export interface RatingExplanation {
  /** Price version id. */
  readonly v: string;
  /** Place of the rate, and the prefix that matched. */
  readonly r: number;
  readonly x?: string;
  /** Units priced, starting `o` units after the session's start, with `c` units on the tier counter before. */
  readonly q: string;
  readonly o?: string;
  readonly c?: string;
  /** Connect fee charged. */
  readonly f?: string;
  readonly p: readonly ExplainedPiece[];
  /** The amount, rounded. */
  readonly a: string;
}

/** Step, units used, units billed, and the window's name where one held; pieces of one step and window are summed. */
export type ExplainedPiece = readonly [step: number, used: string, billed: string, window?: string];

/** The facts of a priced span, about 60 to 120 bytes as JSON. */
export function explainFacts(chosen: ChosenPrice, priced: PricedSpan, span: PricingSpan): RatingExplanation {
  return {
    v: chosen.candidate.price.version.id,
    r: chosen.rateIndex,
    ...(chosen.matchedPrefix !== '' && { x: chosen.matchedPrefix }),
    q: span.quantity.toString(),
    ...(span.offset !== 0n && { o: span.offset.toString() }),
    ...(span.counterBefore !== 0n && { c: span.counterBefore.toString() }),
    ...(priced.connectFee !== 0n && { f: priced.connectFee.toString() }),
    p: priced.pieces.length > 1 ? summed(priced.pieces) : priced.pieces.map(factsOf),
    a: priced.amount.toString(),
  };
}

/** Pieces that share a step and a window. */
interface PieceSum {
  readonly step: number;
  readonly window: string | null;
  quantity: bigint;
  billed: bigint;
}

const factsOf = ({ step, quantity, billed, window }: Readonly<PieceSum>): ExplainedPiece =>
  window === null ? [step, quantity.toString(), billed.toString()] : [step, quantity.toString(), billed.toString(), window];

/** Price is linear in what is billed, so the sum explains a week-long call as exactly as its pieces, and stays short. */
function summed(pieces: readonly PricedPiece[]): ExplainedPiece[] {
  const sums = new Map<string, PieceSum>();
  for (const { step, window, quantity, billed } of pieces) {
    const key = `${step} ${window ?? ''}`;
    const sum = sums.get(key);
    if (!sum) sums.set(key, { step, window, quantity, billed });
    else {
      sum.quantity += quantity;
      sum.billed += billed;
    }
  }
  return [...sums.values()].map(factsOf);
}
