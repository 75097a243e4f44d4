import { Amount, amount, ceilToMultiple, floorToMultiple, minBigint, Quantity, quantity } from '../platform/money';
import { availableIn, Bucket } from './bucket.types';

/** A unit bucket that serves a usage, with what decides its turn. */
export interface ServingBucket {
  readonly bucket: Bucket;
  /** Length of the matched prefix plus the number of conditions: the higher the narrower. */
  readonly scope: number;
  readonly isOwn: boolean;
  /** Units are taken in whole steps; null = the increment of the price that governs. */
  readonly step: Quantity | null;
  readonly isBlocking: boolean;
}

/** The order in which unit buckets are spent (money-rules 3.1); the tenant's switch puts scope before priority. */
export function byTurn(scopeBeforePriority: boolean): (a: ServingBucket, b: ServingBucket) => number {
  return (a, b) => {
    const scope = b.scope - a.scope;
    const priority = a.bucket.priority - b.bucket.priority;
    return (scopeBeforePriority ? scope || priority : priority)
      || expiryOf(a.bucket) - expiryOf(b.bucket)
      || scope
      || (a.isOwn === b.isOwn ? 0 : a.isOwn ? -1 : 1)
      || a.bucket.id - b.bucket.id;
  };
}

const expiryOf = (bucket: Bucket): number => bucket.validUntil ?? Number.MAX_SAFE_INTEGER;

export interface UnitTake {
  readonly bucket: Bucket;
  /** Units that leave the bucket: whole steps. */
  readonly units: Quantity;
  /** Units of the usage that this pays for. */
  readonly covers: Quantity;
}

export interface UnitPlan {
  readonly takes: readonly UnitTake[];
  readonly remaining: Quantity;
  /** A blocking bucket could not cover the rest: nothing behind it may be used. */
  readonly blockedBy: Bucket | null;
}

/** What each bucket gives, in turn, until the usage is covered. `incrementAt` gives the price's increment at an offset. */
export function planUnits(
  serving: readonly ServingBucket[], used: Quantity, available: (bucket: Bucket) => bigint,
  incrementAt: (offset: Quantity) => Quantity,
): UnitPlan {
  const takes: UnitTake[] = [];
  let remaining: bigint = used;
  for (const { bucket, step, isBlocking } of serving) {
    if (remaining === 0n) break;
    const whole = step ?? incrementAt(quantity(used - remaining));
    const asked = ceilToMultiple(remaining, whole);
    const has = available(bucket);
    const units = has >= asked ? asked : floorToMultiple(has > 0n ? has : 0n, whole);
    const covers = minBigint(units, remaining);
    if (units > 0n) takes.push({ bucket, units: quantity(units), covers: quantity(covers) });
    remaining -= covers;
    if (isBlocking && remaining > 0n) return { takes, remaining: quantity(remaining), blockedBy: bucket };
  }
  return { takes, remaining: quantity(remaining), blockedBy: null };
}

/** Promotional before paid money, paid money before credit; then priority, expiry, age. */
export function byMoneyTurn(a: Bucket, b: Bucket): number {
  return MONEY_TURN[a.kind] - MONEY_TURN[b.kind] || a.priority - b.priority || expiryOf(a) - expiryOf(b) || a.id - b.id;
}
const MONEY_TURN: Record<Bucket['kind'], number> = { UNIT: 0, PROMOTION: 1, MONEY: 2, CREDIT: 3 };

export interface MoneyTake {
  readonly bucket: Bucket;
  readonly gross: Amount;
}

export interface MoneyPlan {
  readonly takes: readonly MoneyTake[];
  /** What no bucket covers; zero where the plan pays all, negative where nobody is there to be given back to. */
  readonly short: Amount;
}

/** What each money bucket pays, in turn; nothing is taken that is not there. A negative due is given back to the last. */
export function planMoney(
  buckets: readonly Bucket[], due: Amount, availableOf: (bucket: Bucket) => bigint | null = availableIn,
): MoneyPlan {
  const last = buckets.at(-1);
  if (due < 0n && last) return { takes: [{ bucket: last, gross: due }], short: amount(0n) };
  const takes: MoneyTake[] = [];
  let rest: bigint = due;
  for (const bucket of buckets) {
    if (rest === 0n) break;
    const available = availableOf(bucket);
    const gross = available === null ? rest : minBigint(available, rest);
    if (gross <= 0n) continue;
    takes.push({ bucket, gross: amount(gross) });
    rest -= gross;
  }
  return { takes, short: amount(rest) };
}

/** Delivered over-use: the last bucket in turn (credit before money) takes the shortage below its limit. */
export function withOverUse(plan: MoneyPlan, buckets: readonly Bucket[]): MoneyPlan {
  const last = buckets.filter((bucket) => bucket.kind !== 'PROMOTION').at(-1);
  if (plan.short === 0n || !last) return plan;
  const takes = plan.takes.filter((take) => take.bucket !== last);
  const before = plan.takes.find((take) => take.bucket === last)?.gross ?? amount(0n);
  return { takes: [...takes, { bucket: last, gross: amount(before + plan.short) }], short: amount(0n) };
}

/** A charge's tax spread over the buckets that pay it, in proportion, rounded down; the last bears the remainder. */
export function spreadTax(takes: readonly MoneyTake[], gross: Amount, tax: Amount): readonly Amount[] {
  let left: bigint = tax;
  return takes.map((take, index) => {
    const part = index === takes.length - 1 ? left : (tax * take.gross) / gross;
    left -= part;
    return amount(part);
  });
}
