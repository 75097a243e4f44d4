import type { Pool } from 'pg';

/**
 * On Citus every hot statement names the shards it touches, so that it is sent to one place. On one PostgreSQL the list
 * is not compared: PostgreSQL 18 prepares it anew for every probe of the index (430 values: 48 µs instead of 2 µs each,
 * measured), and with it the planner prefers one scan of all the shards' rows to a probe for each root.
 */
let isDistributed = false;

/** Looks once, at start, whether the hot tables are distributed. */
export async function detectDistribution(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ found: boolean }>(`select to_regclass('pg_catalog.pg_dist_partition') is not null as found`);
  isDistributed = rows[0]!.found;
}

/** A statement's text in both forms; `where` holds the predicate on $1, the list of shards. */
export function routedText(column: string, build: (where: string) => string): () => string {
  const spread = build(`${column} = any($1::smallint[])`);
  const local = build('$1::smallint[] is not null');
  return () => (isDistributed ? spread : local);
}
