import type { Pool } from 'pg';
import type { AuditScope, Violation } from '../../src/audit';
import { checkBooks } from '../../src/charging';
import { citusMachines } from './citus';

/** What breaks an invariant; nothing is looked for on a cluster, where the audit does not run. */
export const violationsOf = async (pool: Pool, scope?: AuditScope): Promise<Violation[]> =>
  (citusMachines().length > 0 ? [] : checkBooks(pool, scope));
