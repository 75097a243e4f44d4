import type { Pool } from 'pg';

/**
 * On Citus every hot statement names the shards it touches, and they lie in one of the cluster's own shards: a *place*.
 * On one PostgreSQL the list is not compared: PostgreSQL 18 prepares it anew for every probe of the index (430 values:
 * 48 µs instead of 2 µs each, measured), and with it the planner prefers one scan of all the shards' rows to a probe for
 * each root.
 */
let places: readonly number[] | null = null;

const IS_SPREAD = `
select exists (select from pg_class c where c.oid = to_regclass('pg_catalog.pg_dist_partition')) as found`;
const PLACES = `
select shard, dense_rank() over (order by get_shard_id_for_distribution_column('bucket', shard)) - 1 as place
  from generate_series(0, 4095) shard order by shard`;

/** Looks once, at start, whether the hot tables are spread over a Citus cluster, and which shards lie together. */
export async function detectDistribution(pool: Pool): Promise<void> {
  places = null;
  if (!(await pool.query<{ found: boolean }>(IS_SPREAD)).rows[0]!.found) return;
  const { rowCount } = await pool.query(`select from pg_dist_partition where logicalrelid = 'bucket'::regclass`);
  if (rowCount === 0) return;
  const { rows } = await pool.query<{ place: string }>(PLACES);
  places = rows.map(({ place }) => +place);
}

/** Whether the hot tables are spread over a Citus cluster. */
export const isSpread = (): boolean => places !== null;

/** Where a shard lies: equal numbers lie together. Without a cluster everything does. */
export const placeOf = (shard: number): number => (places === null ? 0 : places[shard]!);

/** The rows of each place, in the order in which places are locked; without a cluster they stay as they are. */
export function byPlace<T>(rows: readonly T[], shardOf: (row: T) => number): readonly (readonly T[])[] {
  if (places === null || rows.length < 2) return rows.length === 0 ? [] : [rows];
  const groups = new Map<number, T[]>();
  for (const row of rows) {
    const place = placeOf(shardOf(row));
    const group = groups.get(place);
    if (group) group.push(row);
    else groups.set(place, [row]);
  }
  return [...groups].sort(([a], [b]) => a - b).map(([, group]) => group);
}

/** A statement's text in both forms, chosen when it is sent. */
export const routed = ({ local, spread }: { readonly local: string; readonly spread: string }): (() => string) =>
  () => (places === null ? local : spread);

/** The forms of a statement that differ in nothing but the predicate on $1, the list of shards. */
export const routedText = (column: string, build: (where: string) => string): (() => string) =>
  routed({ local: build('$1::smallint[] is not null'), spread: build(`${column} = any($1::smallint[])`) });
