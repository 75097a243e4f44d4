import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pool, PoolClient } from 'pg';
import { StartupError } from '../platform/config/startup-error';
import { projectRoot } from '../platform/config/project-root';

/** One invariant of invariants.sql. */
export interface Invariant {
  readonly number: string;
  /** The sentence above its function. */
  readonly promise: string;
}

/** A row that breaks an invariant. */
export interface Violation {
  readonly invariant: string;
  readonly object: string;
  readonly what: string;
}

/** An invariant that no statement can check; it runs in the session of the others. */
export interface ProgramCheck extends Invariant {
  /** What breaks it, at most `most` rows of it. */
  violations(client: PoolClient, scope: AuditScope, most: number): Promise<readonly Pick<Violation, 'object' | 'what'>[]>;
}

export interface AuditScope {
  /** Null = every shard, and what only the whole can show. */
  readonly shard: number | null;
  /** Checks what changed since, RFC 3339; null = everything. */
  readonly since: string | null;
}

/** Violations listed per invariant; one is enough to stop, a thousand help nobody. */
const LISTED = 20;

/**
 * A check takes as long as it takes, but not longer than somebody waits: the back end of a client that is gone ends its
 * statement (where its system can tell). The whole books are joined by hashing: just after a large import there are no
 * statistics yet, and a nested loop would be taken for a handful of rows. A shard is few rows, found by its keys.
 */
export async function prepareSession(client: Pick<PoolClient, 'query'>, { shard }: AuditScope): Promise<void> {
  await client.query('set statement_timeout = 0');
  await client.query(`select set_config('enable_nestloop', $1, false)`, [shard === null ? 'off' : 'on']);
  await client.query(`do $$ begin
    perform set_config('client_connection_check_interval', '2s', false);
  exception when invalid_parameter_value then null;
  end $$`);
}

const source = (): string => readFileSync(join(projectRoot(), 'invariants.sql'), 'utf8');

/** The invariants of the file, in its order. @throws where a function does not stand below its sentence: it would never be called. */
export function listInvariants(text = source()): Invariant[] {
  return [...text.matchAll(/^(.*)\ncreate or replace function pg_temp\.invariant_(\d+)/gm)].map(([, above, number]) => {
    const [, told, promise] = /^-- (\d+)\. (.+)$/.exec(above!) ?? [];
    if (promise === undefined || told?.padStart(2, '0') !== number) throw new Error(`invariants.sql: the line above invariant ${number} is not its sentence.`);
    return { number: number!, promise };
  });
}

/** Checks every invariant in one session of its own; calls `checked` after each. Empty = the books are sound. */
export async function checkInvariants(
  pool: Pool, scope: AuditScope = { shard: null, since: null }, checked: (invariant: Invariant, violations: readonly Violation[], ms: number) => void = () => undefined,
  programs: readonly ProgramCheck[] = [],
): Promise<Violation[]> {
  const client = await pool.connect();
  try {
    await refuseSpread(client);
    await prepareSession(client, scope);
    await client.query(source());
    const found: Violation[] = [];
    for (const invariant of [...listInvariants(), ...programs]) {
      const startedAt = performance.now();
      const rows = await checkOne(client, invariant, scope);
      const violations = rows.map((row) => ({ invariant: invariant.number, ...row }));
      found.push(...violations);
      checked(invariant, violations, performance.now() - startedAt);
    }
    return found;
  } finally {
    // The session holds functions and a setting of its own: it is not given back.
    client.release(true);
  }
}

/** The planner of a cluster takes no functions over spread tables. */
async function refuseSpread(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ found: boolean }>(`select to_regclass('pg_catalog.pg_dist_partition') is not null as found`);
  if (!rows[0]!.found) return;
  const { rowCount } = await client.query(`select from pg_dist_partition where logicalrelid = 'bucket'::regclass`);
  if (rowCount === 0) return;
  throw new StartupError('The tables are spread over a Citus cluster, where the audit does not run yet: restore a copy into one '
    + 'PostgreSQL and audit that.');
}

async function checkOne(client: PoolClient, invariant: Invariant | ProgramCheck, scope: AuditScope): ReturnType<ProgramCheck['violations']> {
  if ('violations' in invariant) return invariant.violations(client, scope, LISTED);
  const call = `select object, what from pg_temp.invariant_${invariant.number}($1, $2) limit ${LISTED}`;
  return (await client.query<{ object: string; what: string }>({ text: call, values: [scope.shard, scope.since ?? '-infinity'] })).rows;
}
