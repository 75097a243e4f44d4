import { Asset } from '../platform/money';

/** MONEY: prepaid; PROMOTION: given, spent first; CREDIT: a postpaid account's exposure (value = -exposure); UNIT: an allowance. */
export type BucketKind = 'MONEY' | 'PROMOTION' | 'CREDIT' | 'UNIT';
export type BucketState = 'ACTIVE' | 'SUSPENDED' | 'EXPIRED' | 'CLOSED';

/** The money bucket that is also its root's lock row. */
export const ROOT_BUCKET_ID = 0;

/** A bucket as read under its root's lock and changed in memory; instants are epoch ms. */
export interface Bucket {
  readonly shard: number;
  readonly rootId: bigint;
  readonly id: number;
  readonly tenantId: number;
  readonly accountId: bigint;
  readonly productId: bigint | null;
  readonly allowanceId: bigint | null;
  readonly kind: BucketKind;
  readonly asset: Asset;
  readonly priority: number;
  readonly isShared: boolean;
  readonly validFrom: number;
  value: bigint;
  reserved: bigint;
  /** What was put in for its period: the whole of a bar that shows how much is used. */
  granted: bigint;
  /** What lapsed at expiry; late usage may still take it. Of paid money it is forgotten at the next top-up. */
  expired: bigint;
  /** How far value - reserved may go below zero; null = unlimited. */
  creditLimit: bigint | null;
  overused: boolean;
  version: bigint;
  state: BucketState;
  validUntil: number | null;
}

/** Chart account of a bucket's own side. */
export function chartAccountOf(kind: BucketKind): string {
  switch (kind) {
    case 'MONEY': return 'prepaid_liability';
    case 'PROMOTION': return 'promotion_liability';
    case 'CREDIT': return 'unbilled_receivable';
    case 'UNIT': return 'allowance';
  }
}

/** What may still be taken: value minus holds plus the credit allowed; null = unlimited. */
export function availableIn(bucket: Pick<Bucket, 'value' | 'reserved' | 'creditLimit'>): bigint | null {
  if (bucket.creditLimit === null) return null;
  const available = bucket.value - bucket.reserved + bucket.creditLimit;
  return available > 0n ? available : 0n;
}
