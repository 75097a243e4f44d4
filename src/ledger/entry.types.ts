import { Asset } from '../platform/money';

/** Why a bucket moved. */
export type EntryKind =
  | 'CHARGE' | 'REFUND' | 'FEE' | 'TOP_UP' | 'ADJUST' | 'TRANSFER' | 'GRANT' | 'ROLL_OVER' | 'EXPIRE' | 'REVIVE' | 'MIGRATE'
  | 'PAYMENT' | 'CREDIT_NOTE' | 'ROUNDING';

/**
 * One move of one bucket: one row that holds both sides. The bucket's side is (account, amount), the other side
 * (contra, -(amount + tax)), and the tax that was part of the amount stands on tax_payable:<taxCode>. Positive amounts
 * are credits: what the operator owes grows.
 */
export interface EntryRow {
  readonly shard: number;
  readonly rootId: bigint;
  readonly bucketId: number;
  /** The bucket's version after this move: 1, 2, 3 ... without a hole. */
  readonly version: bigint;
  /** The root's position of the request that moved it. */
  readonly position: bigint;
  readonly tenantId: number;
  readonly kind: EntryKind;
  readonly amount: bigint;
  readonly balanceAfter: bigint;
  readonly asset: Asset;
  /** Chart account of the bucket's side. */
  readonly account: string;
  readonly contra: string;
  readonly tax: bigint;
  readonly taxCode: string | null;
}
