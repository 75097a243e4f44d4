import type { Pool } from 'pg';
import { AuditScope, checkInvariants, Invariant, Violation } from '../audit';
import { RE_RATING } from './re-rating/re-rating.check';

/** Checks all that must be true of the books: the statements of invariants.sql, and what only the rating engine can tell. */
export const checkBooks = (
  pool: Pool, scope?: AuditScope, checked?: (invariant: Invariant, violations: readonly Violation[], ms: number) => void,
): Promise<Violation[]> => checkInvariants(pool, scope, checked, [RE_RATING]);
