import { availableIn, Bucket } from '../../balance';
import { RootState } from '../work/root-state';
import { Work } from '../work/work';

/** Where lapsed value goes, and where it comes back from. */
const LAPSED_TO: Record<Bucket['kind'], string> = {
  UNIT: 'expired_units', MONEY: 'breakage', PROMOTION: 'promotion_expense', CREDIT: 'suspense',
};

/** Value that lapses unused: a ledger move, remembered on the bucket because late usage may still take it. */
export function lapse(work: Work, root: RootState, bucket: Bucket, value: bigint, position: bigint): void {
  bucket.expired += value;
  work.move(bucket, root, position, { kind: 'EXPIRE', amount: -value, contra: LAPSED_TO[bucket.kind] });
}

/** What a money bucket can give to a usage of its validity, lapsed money included; null = unlimited. */
export function moneyLeft(bucket: Bucket): bigint | null {
  const held = availableIn(bucket);
  return held === null ? null : held + bucket.expired;
}

/** Reverses an expiry by what usage of the bucket's validity takes beyond what it holds now (money-rules 3.3). */
export function reviveFor(work: Work, root: RootState, bucket: Bucket, take: { readonly value: bigint; readonly at: number }, position: bigint): void {
  if (bucket.validUntil === null || take.at >= bucket.validUntil) return;
  const held = bucket.state === 'EXPIRED' ? 0n : availableIn(bucket);
  if (held === null || take.value <= held || bucket.expired === 0n) return;
  const missing = take.value - held;
  const value = missing < bucket.expired ? missing : bucket.expired;
  bucket.expired -= value;
  work.move(bucket, root, position, { kind: 'REVIVE', amount: value, contra: LAPSED_TO[bucket.kind] });
}
