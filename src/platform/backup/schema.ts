import { ClientBase, escapeIdentifier } from 'pg';
import { BackupError } from './backup.error';

/** A table as it is copied. */
export interface CopiedTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** Rows that the planner expects. */
  readonly estimate: number;
}

/* The table of migrations is what a restore compares, never what it loads. A part of a partitioned table comes with its whole. */
const TABLES = `
select c.relname as name, greatest(c.reltuples, 0)::float8 as estimate,
       array(select a.attname::text from pg_attribute a
              where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns
  from pg_class c
 where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'migration'
   and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
 order by c.relname`;
const REFERENCES = `
select child.relname as child, parent.relname as parent
  from pg_constraint k join pg_class child on child.oid = k.conrelid join pg_class parent on parent.oid = k.confrelid
 where k.contype = 'f' and k.connamespace = 'public'::regnamespace and child.oid <> parent.oid`;

/** Every table, parents before children: so a restore needs no right to look away from foreign keys. */
export async function listTables(client: ClientBase): Promise<readonly CopiedTable[]> {
  const { rows: tables } = await client.query<CopiedTable>(TABLES);
  const { rows: references } = await client.query<{ child: string; parent: string }>(REFERENCES);
  const parents = new Map<string, string[]>();
  for (const { child, parent } of references) parents.set(child, [...(parents.get(child) ?? []), parent]);
  return inOrder(tables, (name) => parents.get(name) ?? []);
}

/** @throws where tables need each other in a ring, which no order of loading satisfies. */
export function inOrder<T extends { readonly name: string }>(tables: readonly T[], parentsOf: (name: string) => readonly string[]): T[] {
  const known = new Set(tables.map(({ name }) => name));
  const placed = new Set<string>();
  const ordered: T[] = [];
  for (let left = [...tables]; left.length > 0;) {
    const ready = left.filter(({ name }) => parentsOf(name).every((parent) => placed.has(parent) || !known.has(parent)));
    if (ready.length === 0) throw new Error(`Tables refer to each other in a ring: ${left.map(({ name }) => name).join(', ')}.`);
    for (const table of ready) placed.add(table.name);
    ordered.push(...ready);
    left = left.filter(({ name }) => !placed.has(name));
  }
  return ordered;
}

/** Names of the migrations that made the schema, sorted. @throws BackupError where there is none. */
export async function listMigrations(client: ClientBase): Promise<readonly string[]> {
  const { rows: [found] } = await client.query<{ there: boolean }>(`select to_regclass('public.migration') is not null as there`);
  if (!found?.there) throw new BackupError('The database has no schema yet: run "tributary migrate" first.');
  const { rows } = await client.query<{ name: string }>('select name from public.migration order by name collate "C"');
  if (rows.length === 0) throw new BackupError('The database has no schema yet: run "tributary migrate" first.');
  return rows.map(({ name }) => name);
}

const SEQUENCES = `
select s.sequencename as name, s.increment_by::text as step from pg_sequences s where s.schemaname = 'public' order by s.sequencename`;

/** The value that each sequence gives next. Read after the snapshot was taken, so it is beyond every id in it. */
export async function listSequences(client: ClientBase): Promise<Record<string, string>> {
  const next: Record<string, string> = {};
  for (const { name, step } of (await client.query<{ name: string; step: string }>(SEQUENCES)).rows) {
    const text = `select last_value::text as last, is_called as called from public.${escapeIdentifier(name)}`;
    const { rows: [row] } = await client.query<{ last: string; called: boolean }>(text);
    next[name] = row!.called ? (BigInt(row!.last) + BigInt(step)).toString() : row!.last;
  }
  return next;
}

/** A snapshot is not one over several machines, and what lies on them is not all seen from here. */
export async function refuseCluster(client: ClientBase): Promise<void> {
  const { rows: [found] } = await client.query<{ there: boolean }>(`select to_regclass('pg_catalog.pg_dist_partition') is not null as there`);
  if (!found?.there) return;
  const { rowCount } = await client.query('select from pg_dist_partition limit 1');
  if (rowCount !== 0) throw new BackupError('The tables are spread over a Citus cluster: back up its machines by their own means.');
}

/** A table with its columns, as COPY names it: quoted. */
export const namedTable = ({ name, columns }: Pick<CopiedTable, 'name' | 'columns'>): { readonly name: string; readonly columns: string } =>
  ({ name: `public.${escapeIdentifier(name)}`, columns: columns.map(escapeIdentifier).join(', ') });
