import type { Pool } from 'pg';
import type { Statement } from '../platform/db';
import type { ChargeRow } from './charge.types';

/**
 * What another room adds to a batch, registered where the rooms are opened. Charging knows no such room: it loads what the
 * step must know of a tenant beside the tenant's other facts, checks both by the catalog version under the lock, and lets
 * the decision see the batch's charges when all of them are decided.
 */
export interface BatchStep {
  /** The step's decision for a tenant, with all that it must know; null where the tenant has nothing to be decided. */
  load(pool: Pool, tenantId: number): Promise<BatchDecision | null>;
}

/** Pure: no clock, no input, no output. */
export interface BatchDecision {
  /** May fill in the charges' `shares`; answers what is to be written last in the batch. */
  decide(charges: readonly ChargeRow[], batch: BatchFacts): readonly Statement[];
}

export interface BatchFacts {
  readonly tenantId: number;
  /** Business time of the batch, epoch ms. */
  readonly now: number;
  /** The offering whose product the charge is for; null where it is for none. */
  offeringOf(charge: ChargeRow): string | null;
}

/** The charge that a refund takes back, and what was taken back before, for who shares in it. */
export interface ReversedCharge {
  /** Whether all of it is taken back at once, units included. */
  readonly isWhole: boolean;
  readonly net: bigint;
  readonly tax: bigint;
  /** Business time at which it was booked, epoch ms. */
  readonly bookedAt: number;
  /** `charge.shares` as read; null where nobody shared. */
  readonly shares: unknown;
  /** Earlier refunds of it. */
  readonly before: readonly { readonly net: bigint; readonly tax: bigint; readonly shares: unknown }[];
}
