/** An amount held for a time: epoch ms, half-open, null = without end. */
export interface HeldAmount {
  readonly from: number;
  readonly until: number | null;
  readonly amount: bigint;
}

/** The highest sum at any instant of a window, and the first instant at which it is reached. */
export interface Peak {
  readonly highest: bigint;
  readonly at: number;
}

/** Sweeps the window from its first instant on. What ends at an instant is gone before what begins there comes. */
export function peakOf(held: readonly HeldAmount[], from: number, until: number | null): Peak {
  const steps: { readonly at: number; readonly change: bigint }[] = [];
  let sum = 0n;
  for (const { from: start, until: end, amount } of held) {
    const isOutside = (end !== null && (end <= from || end <= start)) || (until !== null && start >= until);
    if (isOutside) continue;
    if (start <= from) sum += amount;
    else steps.push({ at: start, change: amount });
    if (end !== null) steps.push({ at: end, change: -amount });
  }
  steps.sort((a, b) => a.at - b.at || (a.change < b.change ? -1 : a.change > b.change ? 1 : 0));
  let peak: Peak = { highest: sum, at: from };
  for (const { at, change } of steps) {
    if (until !== null && at >= until) break;
    sum += change;
    if (sum > peak.highest) peak = { highest: sum, at };
  }
  return peak;
}
