/** The instant `seconds` whole seconds after another. Exact below 2^53 milliseconds, which is beyond the calendar. */
export const afterSeconds = (instant: number, seconds: bigint): number => instant + Number(seconds) * 1000;

/**
 * How many whole seconds, counted from `from`, begin before `until`. A second that has begun is whole: it belongs to
 * the side of a boundary on which it starts.
 */
export const secondsBegunUntil = (from: number, until: number): bigint => BigInt(Math.ceil((until - from) / 1000));
