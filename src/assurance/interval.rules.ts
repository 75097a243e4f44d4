/** A stretch of time, half-open, in epoch milliseconds. */
export interface Interval {
  readonly from: number;
  readonly until: number;
}

/** The same time as intervals in order that neither touch nor overlap. */
export function union(intervals: readonly Interval[]): Interval[] {
  const merged: { from: number; until: number }[] = [];
  for (const { from, until } of [...intervals].sort((a, b) => a.from - b.from)) {
    if (until <= from) continue;
    const last = merged.at(-1);
    if (last && from <= last.until) last.until = until > last.until ? until : last.until;
    else merged.push({ from, until });
  }
  return merged;
}

/** What of intervals lies in one. */
export function cut(intervals: readonly Interval[], { from, until }: Interval): Interval[] {
  return intervals.flatMap((one) => {
    const part = { from: one.from > from ? one.from : from, until: one.until < until ? one.until : until };
    return part.from < part.until ? [part] : [];
  });
}

/** What two unions have in common: one walk over both. */
export function inside(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  const common: Interval[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    common.push(...cut([a[i]!], b[j]!));
    if (a[i]!.until < b[j]!.until) i += 1;
    else j += 1;
  }
  return common;
}

/** What of the first union is not in the second. */
export function without(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  const rest: Interval[] = [];
  for (const whole of a) {
    let from = whole.from;
    for (const hole of cut(b, whole)) {
      if (hole.from > from) rest.push({ from, until: hole.from });
      from = hole.until;
    }
    if (from < whole.until) rest.push({ from, until: whole.until });
  }
  return rest;
}

/** Milliseconds of a union. */
export const lengthOf = (intervals: readonly Interval[]): bigint => intervals.reduce((sum, { from, until }) => sum + BigInt(until - from), 0n);
