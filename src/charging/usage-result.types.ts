import type { Amount } from '../platform/money';
import type { MoveError } from './charging.api';

export type UsageStatus = 'CHARGED' | 'COMPARED' | 'REFUSED' | 'QUARANTINED' | 'INVALID' | 'FAILED';

/** What became of one usage. CHARGED, COMPARED and REFUSED are final; QUARANTINED may change by a re-drive; FAILED was not handled and may be repeated. */
export interface UsageResult {
  readonly usageId: string;
  readonly status: UsageStatus;
  /** True where the same usage was taken in before: the first answer is given again. */
  readonly duplicate: boolean;
  readonly charge: ChargeResult | null;
  readonly error: (MoveError & { readonly retryable: boolean }) | null;
}

export interface ChargeResult {
  readonly shard: number;
  readonly rootId: bigint;
  readonly position: bigint;
  readonly role: 'RETAIL' | 'SPONSOR' | 'WHOLESALE' | 'INTERCONNECT';
  readonly net: Amount;
  readonly tax: Amount;
  readonly currency: string;
}

export interface ChargeUsageOptions {
  /** The usage was already delivered: it is charged in full, below zero if need be, never refused for lack of money. */
  readonly delivered: boolean;
  /** Days after which a usage is quarantined as late; null = no limit (an audited historical import). */
  readonly lateLimitDays: number | null | undefined;
}
