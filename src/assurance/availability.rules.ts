import { ExactDecimal, parseDecimal, pow10 } from '../platform/money';
import type { Fraction } from '../platform/time';
import type { AvailabilityObjective } from '../slice/slice.types';
import { cut, inside, Interval, lengthOf, union, without } from './interval.rules';

/** What a report says of a stretch of time. */
export interface StateInterval extends Interval {
  readonly isUp: boolean;
}

/**
 * MET or MISSED: the objective; CASE: too little was measured, a person decides; NOT_MEASURED: all of the period was agreed
 * maintenance, so that nothing was promised.
 */
export type Verdict = 'MET' | 'MISSED' | 'CASE' | 'NOT_MEASURED';

/** Lengths in milliseconds. What is served is the period without maintenance: measured and gaps together. */
export interface Measured {
  readonly period: bigint;
  readonly maintenance: bigint;
  readonly gaps: bigint;
  readonly measured: bigint;
  readonly down: bigint;
}

/** What the reports cover of a period, and how much of it was down. Where two reports differ, DOWN holds. */
export function measure(period: Interval, maintenance: readonly Interval[], reports: readonly StateInterval[]): Measured {
  const agreed = cut(union(maintenance), period);
  const served = without([period], agreed);
  const covered = inside(union(reports), served);
  const down = inside(union(reports.filter(({ isUp }) => !isUp)), served);
  const measured = lengthOf(covered);
  return {
    period: lengthOf([period]), maintenance: lengthOf(agreed), gaps: lengthOf(served) - measured, measured, down: lengthOf(down),
  };
}

/** (measured - down) ÷ measured; null where nothing was measured. */
export const availabilityOf = ({ measured, down }: Measured): Fraction | null =>
  (measured === 0n ? null : { numerator: measured - down, denominator: measured });

/** measured ÷ (period - maintenance); null where all of it was maintenance. */
export const coverageOf = ({ measured, period, maintenance }: Measured): Fraction | null =>
  (period === maintenance ? null : { numerator: measured, denominator: period - maintenance });

/** A verdict with the percent of the fee that is credited: decimal text as the terms have it; null where a person decides. */
export interface Judged {
  readonly verdict: Verdict;
  readonly creditPercent: string | null;
}

export function judge(measured: Measured, objective: AvailabilityObjective): Judged {
  const [availability, coverage] = [availabilityOf(measured), coverageOf(measured)];
  if (coverage === null) return { verdict: 'NOT_MEASURED', creditPercent: '0' };
  if (availability === null || isBelow(coverage, objective.minimumCoveragePercent)) return { verdict: 'CASE', creditPercent: null };
  if (!isBelow(availability, objective.targetPercent)) return { verdict: 'MET', creditPercent: '0' };
  const band = objective.bands.filter(({ below }) => isBelow(availability, below)).at(-1);
  return { verdict: 'MISSED', creditPercent: band ? lesser(band.creditPercent, objective.capPercent) : '0' };
}

/** Whether a share is less than a percent: compared crosswise, so that nothing is rounded. */
export function isBelow({ numerator, denominator }: Fraction, percent: string): boolean {
  const { unscaled, scale } = decimal(percent);
  return numerator * 100n * pow10(scale) < unscaled * denominator;
}

/** The smaller of two percents, as it is written. */
export const lesser = (one: string, other: string): string => (compare(decimal(one), decimal(other)) <= 0n ? one : other);

const compare = (a: ExactDecimal, b: ExactDecimal): bigint => a.unscaled * pow10(b.scale) - b.unscaled * pow10(a.scale);

function decimal(text: string): ExactDecimal {
  const read = parseDecimal(text);
  if (!read) throw new Error(`Terms hold "${text}" as a percent.`);
  return read;
}
