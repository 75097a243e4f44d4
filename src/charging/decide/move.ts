import { Statement } from '../../platform/db';
import { RootRef } from '../../platform/root';
import { MoveError, MoveKey } from '../charging.api';
import { Work } from '../work/work';

/** Rows that a move's own reads gave, one list a statement. */
export type ReadRows = readonly (readonly Record<string, unknown>[])[];

/** What a decision says: done at a position with an answer, or refused. A stored refusal is final for its key. */
export type MoveDecision =
  | { readonly kind: 'DONE'; readonly position: bigint; readonly answer: unknown }
  | { readonly kind: 'REFUSED'; readonly errors: readonly MoveError[]; readonly stored: boolean };

/** A money move as the lane conducts it: the same batch as usage, with another decision. */
export interface Move {
  readonly operation: string;
  readonly key: MoveKey;
  readonly bodyHash: Buffer;
  /** Where the request row lives. */
  readonly home: RootRef;
  /** Every root that the move touches, the home among them. */
  readonly roots: readonly RootRef[];
  /** Statements run after the locks and before the decision (a voucher taken for update). */
  readonly reads: readonly Statement[];
  /** True where the reads look at rows of the home root alone: such moves of different roots may share a batch. */
  readonly readsOwnRoot?: boolean;
  decide(work: Work, rows: ReadRows): MoveDecision;
}

/** The answer of a move of a product. */
export const doneWith = (root: RootRef, productId: bigint, position: bigint): MoveDecision =>
  ({ kind: 'DONE', position, answer: { rootId: root.rootId.toString(), position: position.toString(), productId: productId.toString() } });

export const refused = (errors: readonly MoveError[], stored = true): MoveDecision => ({ kind: 'REFUSED', errors, stored });
