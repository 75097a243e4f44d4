import type { Amount } from '../../platform/money';
import type { UsageEvent } from '../usage.types';

/** What became of one usage that was sent; the charging path's answer has this form. */
export interface SentUsage {
  readonly status: 'CHARGED' | 'COMPARED' | 'REFUSED' | 'QUARANTINED' | 'INVALID' | 'FAILED';
  /** True where the same usage was taken in before. */
  readonly duplicate: boolean;
  readonly charge: { readonly net: Amount; readonly tax: Amount; readonly currency: string } | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** Where usages go: the charging path, or the calculation of a dry run. One answer a usage, in order. */
export type SendUsages = (events: readonly UsageEvent[]) => Promise<readonly SentUsage[]>;

/** How far an import came: kept in its row of `usage_import`. */
export interface Checkpoint {
  /** Rows of the file, from its first, that are done. */
  readonly rowsDone: number;
  readonly counts: StoredCounts;
}

/** Money of one currency in millionths, as text for JSON. */
export interface StoredMoney {
  readonly net: string;
  readonly tax: string;
}

/** The tally of an import as JSON. Reasons are error codes; each row counts once. */
export interface StoredCounts {
  readonly charged: number;
  /** Absent in what an older version kept. */
  readonly compared?: number;
  readonly duplicates: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly quarantined: Readonly<Record<string, number>>;
  readonly rejected: Readonly<Record<string, number>>;
  /** By currency: what this import charged, and what its duplicates had been charged before. */
  readonly money: Readonly<Record<string, { readonly charged: StoredMoney; readonly duplicates: StoredMoney }>>;
  /** Bytes of the rejects file that belong to these rows. */
  readonly rejectsBytes: number;
}
