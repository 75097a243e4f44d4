import type { Pool } from 'pg';

const TABLES = `
  select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition order by 1`;

/** The audit trail may grow by refusals, and is looked at by itself. */
const APART = ['audit_log', 'audit_head'];
/** A bill run goes on after its answer; that it was started is in the audit trail. */
const GOES_ON = ['bill_run', 'bill_run_part'];

/** A digest of every row of every table, by table; without one table where that is named. */
export async function digestOf(pool: Pool, without?: string): Promise<Record<string, string>> {
  const { rows } = await pool.query<{ name: string }>(TABLES);
  const names = rows.map(({ name }) => name).filter((name) => name !== without && ![...APART, ...GOES_ON].includes(name));
  return digests(pool, names.map((name) => [name, name]));
}

const TENANT_TABLES = `
  select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
   where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition and a.attname = 'tenant_id' order by 1`;

/** A digest of every row of every tenant but one, the audit trail included. */
export async function digestBeyond(pool: Pool, tenant: string): Promise<Record<string, string>> {
  const { rows } = await pool.query<{ name: string }>(TENANT_TABLES);
  const { rows: [own] } = await pool.query<{ id: number }>('select id from tenant where code = $1', [tenant]);
  if (!own || rows.length < 10) throw new Error(`No tenant ${tenant}, or no tables of tenants.`);
  return digests(pool, rows.filter(({ name }) => !GOES_ON.includes(name)).map(({ name }) => [name, `(select * from ${name} where tenant_id <> ${own.id})`]));
}

async function digests(pool: Pool, sources: readonly (readonly [name: string, source: string])[]): Promise<Record<string, string>> {
  const parts = sources.map(([name, source]) =>
    `select '${name}' as name, md5(coalesce(string_agg(t::text, chr(10) order by t::text), '')) as digest from ${source} t`);
  const { rows } = await pool.query<{ name: string; digest: string }>(parts.join(' union all '));
  return Object.fromEntries(rows.map(({ name, digest }) => [name, digest]));
}

/** How many audit rows there are of changes that were made. */
export async function changesAudited(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ done: number }>(`select count(*)::integer as done from audit_log where result = 'DONE'`);
  return rows[0]!.done;
}
