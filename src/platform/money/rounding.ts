/** Every division in the product goes through here and names its rounding. */
export type RoundingMode = 'HALF_UP' | 'UP' | 'DOWN' | 'HALF_EVEN';

/**
 * numerator ÷ denominator, rounded to an integer. HALF_UP and UP go away from zero, DOWN towards zero, so that the
 * rounding of a refund mirrors that of its charge.
 */
export function divideRounded(numerator: bigint, denominator: bigint, mode: RoundingMode): bigint {
  if (denominator === 0n) throw new RangeError('Division by zero.');
  const negative = numerator < 0n !== denominator < 0n;
  const n = numerator < 0n ? -numerator : numerator;
  const d = denominator < 0n ? -denominator : denominator;
  const whole = n / d;
  const rest = n % d;
  const rounded = whole + (roundsAway(whole, rest * 2n, d, rest, mode) ? 1n : 0n);
  return negative ? -rounded : rounded;
}

function roundsAway(whole: bigint, twiceRest: bigint, d: bigint, rest: bigint, mode: RoundingMode): boolean {
  if (rest === 0n) return false;
  if (mode === 'UP') return true;
  if (mode === 'DOWN') return false;
  if (twiceRest !== d) return twiceRest > d;
  return mode === 'HALF_UP' || whole % 2n === 1n;
}

/** The smallest multiple of `step` that is not below `value`; both not negative. Computed, never looped. */
export function ceilToMultiple(value: bigint, step: bigint): bigint {
  if (step <= 0n) throw new RangeError('A step must be positive.');
  return ((value + step - 1n) / step) * step;
}

/** The largest multiple of `step` that is not above `value`; both not negative. */
export function floorToMultiple(value: bigint, step: bigint): bigint {
  if (step <= 0n) throw new RangeError('A step must be positive.');
  return (value / step) * step;
}
