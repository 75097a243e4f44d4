import type { Pool } from 'pg';

const TABLES = `
  select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition order by 1`;

/** The audit trail may grow by refusals, and is looked at by itself. */
const APART = ['audit_log', 'audit_head'];

/** A digest of every row of every table, by table; without one table where that is named. */
export async function digestOf(pool: Pool, without?: string): Promise<Record<string, string>> {
  const { rows } = await pool.query<{ name: string }>(TABLES);
  const names = rows.map(({ name }) => name).filter((name) => name !== without && !APART.includes(name));
  const parts = names.map((name) => `select '${name}' as name, md5(coalesce(string_agg(t::text, chr(10) order by t::text), '')) as digest from ${name} t`);
  const { rows: digests } = await pool.query<{ name: string; digest: string }>(parts.join(' union all '));
  return Object.fromEntries(digests.map(({ name, digest }) => [name, digest]));
}

/** How many audit rows there are of changes that were made. */
export async function changesAudited(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ done: number }>(`select count(*)::integer as done from audit_log where result = 'DONE'`);
  return rows[0]!.done;
}
