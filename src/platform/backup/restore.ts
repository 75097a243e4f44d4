import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClientBase, DatabaseError, escapeIdentifier } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { MIGRATION_LOCK } from '../db/migrate';
import { BACKUP_FORMAT, watch } from './backup';
import { BackupError, damaged } from './backup.error';
import type { BackupEnd, BackupHead, BackupTable, CopyProgress, RestoreReport, TableProof } from './backup.types';
import { withOwner } from './connection';
import { Frame, FrameKind, jsonOf, readFrames } from './frame';
import { proveTable } from './prove';
import { RowDigest } from './row-digest';
import { CopiedTable, listMigrations, listSequences, listTables, namedTable, refuseCluster } from './schema';

export interface RestoreOptions {
  readonly file: string;
  readonly progress?: (progress: CopyProgress) => void;
}

/**
 * Loads a backup into a migrated, empty database: all of it, proven table by table, or nothing. Needs the owner's login.
 * @throws BackupError
 */
export function restore(ownerUrl: string, { file, progress = () => undefined }: RestoreOptions): Promise<RestoreReport> {
  return withOwner(ownerUrl, 'tributary restore', async (client) => {
    await refuseCluster(client);
    const frames = readFrames(file);
    try {
      const head = headOf(await nextFrame(frames, 'H'));
      await client.query('begin');
      await refuseOtherMigrations(client, head);
      const tables = await listTables(client);
      await lockEmpty(client, tables);
      await setTriggers(client, tables, 'disable');
      const proofs: TableProof[] = [];
      const loaded: BackupTable[] = [];
      const tell = watch(tables, proofs, progress);
      for (const name of head.tables) {
        const table = await openTable(frames, name, tables);
        proofs.push(await loadTable(client, frames, table, tell));
        loaded.push(table);
      }
      const end = jsonOf<BackupEnd>(await nextFrame(frames, 'Z'));
      if (!(await frames.next()).done) throw damaged('something follows its end');
      await setTriggers(client, tables, 'enable');
      if (tables.length !== loaded.length) throw damaged('a table is missing');
      await prove(client, loaded, end);
      await setSequences(client, end.sequences);
      await client.query('commit');
      await client.query('analyze');
      return { file, createdAt: head.createdAt, ...end, rows: proofs.reduce((sum, { rows }) => sum + rows, 0) };
    } catch (error) {
      // Waited for, so that the server has let go of everything when the command ends.
      await client.query('rollback').catch(() => undefined);
      throw error;
    } finally {
      await frames.return(undefined);
    }
  });
}

async function nextFrame(frames: AsyncGenerator<Frame>, ...kinds: readonly FrameKind[]): Promise<Frame> {
  const { value, done } = await frames.next();
  if (done) throw damaged('it has no end');
  if (!kinds.includes((value as Frame).kind)) throw damaged('its parts are not in their order');
  return value as Frame;
}

function headOf(frame: Frame): BackupHead {
  const head = jsonOf<BackupHead>(frame);
  if (head.format !== BACKUP_FORMAT) {
    throw new BackupError(`The backup is of format ${head.format} and this program reads ${BACKUP_FORMAT}: restore it with the version that made it.`);
  }
  return head;
}

async function refuseOtherMigrations(client: ClientBase, { migrations }: BackupHead): Promise<void> {
  const here = await listMigrations(client);
  const only = (some: readonly string[], others: readonly string[]): string => some.filter((name) => !others.includes(name)).join(', ') || 'none';
  if (here.length === migrations.length && here.every((name) => migrations.includes(name))) return;
  throw new BackupError(`The backup and the database are of different versions (migrations of the backup alone: ${only(migrations, here)}; of the `
    + `database alone: ${only(here, migrations)}): restore with the version that made the backup, then migrate.`);
}

const GATE_TRIES = 50;

/** The gate of migrations. A restore that was killed a moment ago may hold it until the server notices. */
async function takeGate(client: ClientBase): Promise<boolean> {
  for (let tries = 1; ; tries += 1) {
    const { rows: [gate] } = await client.query<{ mine: boolean }>('select pg_try_advisory_xact_lock($1) as mine', [MIGRATION_LOCK]);
    if (gate!.mine || tries === GATE_TRIES) return gate!.mine;
    await sleep(100);
  }
}

/** Keeps writers and migrations away until the end. @throws BackupError where a table has a row, or somebody holds one. */
async function lockEmpty(client: ClientBase, tables: readonly CopiedTable[]): Promise<void> {
  if (!await takeGate(client)) throw new BackupError('A migration or another restore is under way: wait for its end.');
  const all = tables.map((table) => namedTable(table).name);
  const lock = `lock table ${all.join(', ')} in share row exclusive mode`;
  await client.query(lock).catch((error: unknown) => {
    if ((error as { code?: string }).code !== '55P03') throw error;
    throw new BackupError('Somebody is writing to the database: stop every node that works on it first.');
  });
  for (const table of tables) {
    const look = `select from ${namedTable(table).name} limit 1`;
    const { rowCount } = await client.query(look);
    if (rowCount !== 0) {
      throw new BackupError(`The database is not empty (${table.name} has rows): restore into one that was migrated and never used.`);
    }
  }
}

const TRIGGERED = `
select c.relname as name from pg_class c
 where c.relnamespace = 'public'::regnamespace and c.relname = any($1)
   and exists (select from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal)`;

/** What our triggers would add is in the file. The owner may switch them, in the transaction; foreign keys stay on. */
async function setTriggers(client: ClientBase, tables: readonly CopiedTable[], change: 'disable' | 'enable'): Promise<void> {
  const { rows } = await client.query<{ name: string }>(TRIGGERED, [tables.map(({ name }) => name)]);
  for (const { name } of rows) {
    const text = `alter table public.${escapeIdentifier(name)} ${change} trigger user`;
    await client.query(text);
  }
}

/** The next table of the file, whose columns may stand in another order than here. */
async function openTable(frames: AsyncGenerator<Frame>, name: string, tables: readonly CopiedTable[]): Promise<BackupTable> {
  const table = jsonOf<BackupTable>(await nextFrame(frames, 'T'));
  const here = tables.find((found) => found.name === name);
  if (!here || table.table !== name || !sameColumns(here.columns, table.columns)) throw damaged(`table ${name} does not fit the schema`);
  return table;
}

async function loadTable(
  client: ClientBase, frames: AsyncGenerator<Frame>, { table: name, columns }: BackupTable, tell: (table: string, rows: number) => void,
): Promise<TableProof> {
  const digest = new RowDigest();
  let stated: TableProof | null = null;
  const rows = async function* rowsOfFile(): AsyncGenerator<Buffer> {
    for (;;) {
      const frame = await nextFrame(frames, 'D', 'E');
      if (frame.kind === 'E') {
        stated = jsonOf<TableProof>(frame);
        return;
      }
      digest.update(frame.payload);
      tell(name, digest.rows);
      yield frame.payload;
    }
  };
  const named = namedTable({ name, columns });
  await pipeline(rows, client.query(copyFrom(`copy ${named.name} (${named.columns}) from stdin`))).catch((error: unknown) => {
    throw error instanceof DatabaseError && /^2[23]/.test(error.code ?? '') ? damaged(`rows of ${name} that the schema refuses`) : error;
  });
  const loaded: TableProof = { table: name, digest: digest.digest, rows: digest.rows };
  requireSame(loaded, stated);
  return loaded;
}

const sameColumns = (here: readonly string[], there: readonly string[]): boolean =>
  here.length === there.length && here.every((column) => there.includes(column));

function requireSame(found: TableProof, stated: TableProof | null | undefined): void {
  if (stated?.digest !== found.digest || stated.rows !== found.rows) throw damaged(`rows of ${found.table} are not those that were backed up`);
}

/** Reads every table again and compares it with what was backed up. */
async function prove(client: ClientBase, loaded: readonly BackupTable[], { tables: stated }: BackupEnd): Promise<void> {
  for (const { table, columns } of loaded) {
    requireSame(await proveTable(client, { name: table, columns }), stated.find((proof) => proof.table === table));
  }
}

/** By restart, which a rollback takes back, unlike setval. */
async function setSequences(client: ClientBase, sequences: BackupEnd['sequences']): Promise<void> {
  const here = Object.keys(await listSequences(client));
  if (here.length !== Object.keys(sequences).length || here.some((name) => !/^-?\d{1,19}$/.test(sequences[name] ?? ''))) throw damaged('its sequences');
  for (const name of here) {
    const text = `alter sequence public.${escapeIdentifier(name)} restart with ${sequences[name]}`;
    await client.query(text);
  }
}
