import type { AccountBalanceView, BucketView } from '../charging';
import { Amount, amount } from '../platform/money';
import type { BucketKind } from './bucket.types';

const DAY = 86_400_000;

/** The few numbers of an account that a person understands; null where the account has no money of that kind. */
export interface BalanceFigures {
  readonly money: Amount | null;
  readonly reserved: Amount;
  readonly promotional: Amount;
  /** Unbilled and billed but unpaid charges and live holds, tax included; below zero after an overpayment. */
  readonly exposure: Amount | null;
  /** Epoch ms; null where money does not lapse, or there is none of its own. */
  readonly spendableUntil: number | null;
  readonly graceUntil: number | null;
}

/** Sums an account's own buckets; a sharing group's units are no money and stay out. */
export function figuresOf({ accountId, buckets }: AccountBalanceView, graceDays: number): BalanceFigures {
  const own = buckets.filter((bucket) => bucket.accountId === accountId && bucket.kind !== 'UNIT');
  const of = (kind: BucketKind): BucketView[] => own.filter((bucket) => bucket.kind === kind);
  const [purses, credits] = [of('MONEY'), of('CREDIT')];
  const until = purses[0]?.validUntil ?? null;
  return {
    money: purses.length === 0 ? null : sum(purses, (bucket) => bucket.value),
    reserved: sum(own, (bucket) => bucket.reserved),
    promotional: sum(of('PROMOTION'), (bucket) => bucket.value),
    exposure: credits.length === 0 ? null : sum(credits, (bucket) => bucket.reserved - bucket.value),
    spendableUntil: until,
    graceUntil: until === null ? null : until + graceDays * DAY,
  };
}

/** The order in which buckets are spent as far as no usage is looked at (money-rules 3.1): priority, the sooner end, then age. */
export const byUse = (a: UseOrder, b: UseOrder): number =>
  a.priority - b.priority || endOf(a) - endOf(b) || a.id - b.id;

type UseOrder = Pick<BucketView, 'priority' | 'validUntil' | 'id'>;
const endOf = ({ validUntil }: UseOrder): number => validUntil ?? Number.MAX_SAFE_INTEGER;

const sum = (buckets: readonly BucketView[], of: (bucket: BucketView) => bigint): Amount =>
  amount(buckets.reduce((total, bucket) => total + of(bucket), 0n));
