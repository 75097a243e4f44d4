import type { SetupAccount } from '../guiding';
import type { EntryKind } from '../ledger';
import type { Statement } from '../platform/db';
import type { RootRef } from '../platform/root';
import type { MoveError } from './charging.api';

/** Writes the rows of one table, all of a batch at once. Tables of lower order are written first. */
export interface RowWriter<R = unknown> {
  readonly order: number;
  readonly make: (rows: readonly R[]) => Statement;
}

/** What a settle room may know of an account. */
export type SettleAccount = Pick<SetupAccount, 'id' | 'payerId' | 'currency' | 'timeZone' | 'billCycleDay' | 'paymentMode' | 'state'>;

export type ReadRow = Readonly<Record<string, unknown>>;

/** One move of an account's exposure; positive amounts lower it. */
export interface ExposureMove {
  readonly kind: EntryKind;
  readonly amount: bigint;
  /** Chart accounts of both sides. */
  readonly account: string;
  readonly contra: string;
  readonly tax?: bigint;
  readonly taxCode?: string | null;
}

/**
 * What a settle room's decision works with: its root as locked, with everything applied that fell due. A decision looks
 * first and moves then: after its first move it refuses nothing.
 */
export interface SettleDesk extends RootRef {
  readonly tenantId: number;
  /** Business time of the batch, epoch ms. */
  readonly now: number;
  /** Every account of the root. */
  readonly accounts: ReadonlyMap<bigint, SettleAccount>;
  /** Start of the oldest bill period that is still open, epoch ms; null = none was closed yet. */
  readonly openPeriod: number | null;
  /** The place of this move in the root's order; takes it where it is not taken yet. */
  readonly position: bigint;
  /** The bucket that carries what the account owes; null for an account without credit. */
  creditBucket(accountId: bigint): { readonly id: number; readonly value: bigint } | null;
  /** Moves what the account owes, at this move's place. */
  moveExposure(accountId: bigint, move: ExposureMove): void;
  /** Closes every bill period that begins before: charges that come late belong to the one that begins then. */
  raiseOpenPeriod(start: number): void;
  write<R>(writer: RowWriter<R>, row: R): void;
}

/** Done with an answer, or refused; a stored refusal is final for its key. */
export type SettleDecision<A> = { readonly answer: A } | { readonly errors: readonly MoveError[]; readonly stored: boolean };

/** A move that a settle room decides. Its statements read rows of its own root alone. */
export interface SettleMove<A> {
  readonly operation: 'BILL_CLOSE' | 'BILL_ROUNDING' | 'BILL_CREDIT' | 'PAYMENT' | 'CREDIT_NOTE';
  readonly accountId: bigint;
  /** What a repeat of the key must bring again. */
  readonly body: unknown;
  readonly reads: (root: RootRef) => readonly Statement[];
  readonly decide: (desk: SettleDesk, rows: readonly (readonly ReadRow[])[]) => SettleDecision<A>;
}
