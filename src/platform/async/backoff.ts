/** Resolves after so many milliseconds. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });

/** Milliseconds to wait before attempt n (from 0): doubling from `base` up to 32 times it, give or take half. */
export const doublingDelay = (attempt: number, base: number): number => spread(base * 2 ** Math.min(attempt, 5));

/** A time give or take half, so that those who failed together do not come back together. */
export const spread = (ms: number): number => ms * (0.5 + Math.random());
