import { Asset } from '../platform/money';
import type { ReversedCharge } from './batch-step';

/** Roles a rated result may have: who it is for (money-rules 3.7). */
export type ChargeRole = 'RETAIL' | 'SPONSOR' | 'WHOLESALE' | 'INTERCONNECT';

/** A usage once rated and paid (or refused), a fee, or a refund: the request, its answer and its explanation in one row. */
export interface ChargeRow {
  readonly shard: number;
  readonly rootId: bigint;
  readonly position: bigint;
  readonly tenantId: number;
  readonly source: string;
  readonly eventId: string;
  readonly role: ChargeRole;
  /** 0 for the retail customer; the partner's or sponsor's party otherwise. */
  readonly party: bigint;
  readonly bodyHash: Buffer;
  readonly status: 'CHARGED' | 'REFUSED';
  readonly reason: string | null;
  readonly accountId: bigint;
  readonly productId: bigint | null;
  readonly kind: string;
  readonly identifier: string | null;
  readonly otherParty: string | null;
  readonly eventAt: number;
  /** Start of the bill period it belongs to: the event's, or the open one where that is closed. */
  readonly billPeriod: number;
  readonly unit: string;
  readonly quantity: bigint;
  readonly net: bigint;
  readonly tax: bigint;
  readonly asset: Asset;
  readonly priceVersionId: bigint | null;
  /** The position of the charge that this one takes back. */
  readonly reverses: bigint | null;
  readonly explanation: string | null;
  /** Who shares in it, as JSON; filled in by a step of the batch. */
  shares: string | null;
  /** With `reverses`: what is taken back; null where the operator alone bears it, whoever shared in the charge. */
  readonly reversed: ReversedCharge | null;
}

/** A money move or a system move (renewal, expiry): its key, and the answer that a repeat gets. */
export interface RequestRow {
  readonly shard: number;
  readonly tenantId: number;
  readonly operation: string;
  readonly caller: string;
  readonly key: string;
  readonly rootId: bigint;
  readonly position: bigint;
  readonly bodyHash: Buffer;
  readonly answer: string;
}

/** A counter of one owner and period, before or after a batch. */
export interface CounterState {
  readonly shard: number;
  readonly rootId: bigint;
  readonly ownerId: bigint;
  readonly key: string;
  readonly periodStart: number;
  readonly tenantId: number;
  amount: bigint;
  quantity: bigint;
  events: bigint;
}

/** A usage put aside: no root could be named, or no price. */
export interface QuarantineRow {
  readonly tenantId: number;
  readonly source: string;
  readonly eventId: string;
  readonly bodyHash: Buffer;
  readonly body: string;
  readonly reason: string;
  readonly message: string;
  readonly state: 'OPEN' | 'FREE';
}

/** What an online usage adds to its charging id. */
export interface OnlinePart {
  readonly shard: number;
  readonly rootId: bigint;
  readonly chargingId: string;
  /** The product that the identifier belongs to, or else the account. */
  readonly ownerId: bigint;
  readonly tenantId: number;
  readonly position: bigint;
  readonly unit: string;
  readonly quantity: bigint;
}

/** A record (CDR) that was taken in. `position`: its charge's, or null where it was compared. Instants are epoch ms. */
export interface RecordRow extends Omit<OnlinePart, 'position'> {
  readonly source: string;
  readonly eventId: string;
  readonly bodyHash: Buffer;
  readonly eventAt: number;
  readonly position: bigint | null;
  readonly bookedAt: number;
}

/** Quantity and number of usages charged online. */
export interface OnlineSum {
  readonly quantity: bigint;
  readonly usages: number;
}

/** What records of one source add to the comparison of their charging id. */
export interface ComparedPart extends Omit<OnlinePart, 'position'> {
  readonly source: string;
  readonly startedAt: number;
  /** What was charged online before this batch. */
  readonly online: OnlineSum;
  readonly records: number;
  readonly chargedQuantity: bigint;
  readonly chargedRecords: number;
}
