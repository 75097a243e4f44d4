import type { Client } from 'pg';
import { withConnection } from './connect';
import { DISTRIBUTION, Spread } from './distribution.plan';
import { APP_ROLE } from './pool';

/** One thing that was done to a table, a foreign key that could not stay, or the role that may log in now. */
export interface DistributionStep {
  readonly table: string;
  readonly action: 'COPIED' | 'SPREAD' | 'KEY_DROPPED' | 'LOGIN';
  /** The column it is spread by, the name of the foreign key, or the role; null where it is copied. */
  readonly detail: string | null;
}

export type DistributionOutcome =
  | { readonly kind: 'NO_EXTENSION' }
  /** The coordinator is not in the cluster's list of machines, where tables that stay on it need it. */
  | { readonly kind: 'NO_COORDINATOR' }
  /** Empty where everything was spread before. */
  | { readonly kind: 'DONE'; readonly steps: readonly DistributionStep[] };

interface ForeignKey {
  readonly name: string;
  readonly table: string;
  readonly references: string;
  readonly definition: string;
}

/** Spreads the tables of a migrated database, empty or filled, in one transaction; what is spread already stays as it is. */
export function distribute(ownerUrl: string): Promise<DistributionOutcome> {
  return withConnection(ownerUrl, 'DATABASE_URL', async (owner) => {
    const { rows } = await owner.query(`select from pg_extension where extname = 'citus'`);
    if (rows.length === 0) return { kind: 'NO_EXTENSION' };
    const coordinator = await owner.query('select from pg_dist_node where groupid = 0');
    if (coordinator.rowCount === 0) return { kind: 'NO_COORDINATOR' };
    await owner.query('begin');
    // Tables made one after another in one transaction, some copied and some spread, need one way to each machine. The
    // triggers of copied tables only refuse: they may run on every machine.
    await owner.query('set local citus.multi_shard_modify_mode to sequential');
    await owner.query('set local citus.enable_unsafe_triggers to on');
    const steps = await spreadAll(owner);
    await owner.query('commit');
    return { kind: 'DONE', steps };
  });
}

async function spreadAll(owner: Client): Promise<DistributionStep[]> {
  const { rows } = await owner.query<{ table: string }>('select logicalrelid::text as table from pg_dist_partition');
  const done = new Set(rows.map((row) => row.table));
  const missing = Object.entries(DISTRIBUTION).filter(([table, { kind }]) => kind !== 'COORDINATOR' && !done.has(table));
  const keys = await keysOf(owner, missing.map(([table]) => table));
  // A table cannot be spread while a table that is not refers to it: all keys go, and come back when all tables are there.
  for (const key of keys) await dropKey(owner, key);
  const steps: DistributionStep[] = await letRoleIn(owner);
  for (const [table, spread] of missing) steps.push(await spreadOne(owner, table, spread));
  for (const key of keys) {
    if (mayStay(key)) await addKey(owner, key);
    else steps.push({ table: key.table, action: 'KEY_DROPPED', detail: key.name });
  }
  return steps;
}

/**
 * The machines of a cluster talk to each other as the role that asks, so the role must be one that may log in. It has no
 * password: who may come in as it stays a matter of each machine's pg_hba.conf.
 */
async function letRoleIn(owner: Client): Promise<DistributionStep[]> {
  const { rowCount } = await owner.query('select from pg_roles where rolname = $1 and not rolcanlogin', [APP_ROLE]);
  if (rowCount === 0) return [];
  const statement = `alter role ${owner.escapeIdentifier(APP_ROLE)} login`;
  await owner.query(statement);
  return [{ table: '', action: 'LOGIN', detail: APP_ROLE }];
}

async function spreadOne(owner: Client, table: string, spread: Spread): Promise<DistributionStep> {
  if (spread.kind !== 'DISTRIBUTED') {
    await owner.query('select create_reference_table($1::regclass)', [table]);
    return { table, action: 'COPIED', detail: null };
  }
  const beside = spread.group === table ? 'none' : spread.group;
  await owner.query(`select create_distributed_table($1::regclass, $2, 'hash', colocate_with => $3)`, [table, spread.by, beside]);
  return { table, action: 'SPREAD', detail: spread.by };
}

/** Foreign keys that begin or end at one of the tables. */
export async function keysOf(owner: Pick<Client, 'query'>, tables: readonly string[]): Promise<ForeignKey[]> {
  const { rows } = await owner.query<ForeignKey>(`
    select conname as name, conrelid::regclass::text as table, confrelid::regclass::text as references,
           pg_get_constraintdef(oid) as definition
      from pg_constraint
     where contype = 'f' and connamespace = current_schema()::regnamespace
       and (conrelid::regclass::text = any($1) or confrelid::regclass::text = any($1))
     order by conrelid::regclass::text, conname`, [tables]);
  return rows;
}

/** A spread table may only refer to copied tables and to its own group; the invariants check what no key can. */
export function mayStay({ table, references }: Pick<ForeignKey, 'table' | 'references'>): boolean {
  const [from, to] = [DISTRIBUTION[table], DISTRIBUTION[references]];
  if (from?.kind !== 'DISTRIBUTED' || to?.kind === 'REFERENCE') return true;
  return to?.kind === 'DISTRIBUTED' && to.group === from.group;
}

// Names and definitions come from the catalog of this very database, and DDL takes no parameters.
async function dropKey(owner: Client, { table, name }: ForeignKey): Promise<void> {
  const statement = `alter table ${owner.escapeIdentifier(table)} drop constraint ${owner.escapeIdentifier(name)}`;
  await owner.query(statement);
}

async function addKey(owner: Client, { table, name, definition }: ForeignKey): Promise<void> {
  const statement = `alter table ${owner.escapeIdentifier(table)} add constraint ${owner.escapeIdentifier(name)} ${definition}`;
  await owner.query(statement);
}
