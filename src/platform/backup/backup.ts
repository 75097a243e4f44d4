import { createWriteStream } from 'node:fs';
import { link, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { ClientBase } from 'pg';
import { BackupError, fileError } from './backup.error';
import type { BackupEnd, BackupHead, BackupReport, BackupTable, CopyProgress, TableProof } from './backup.types';
import { withOwner } from './connection';
import { framesOf, jsonFrame } from './frame';
import { rowsOf } from './prove';
import { RowDigest } from './row-digest';
import { CopiedTable, listMigrations, listSequences, listTables, refuseCluster } from './schema';

/** Raised where an older program could not read a file. */
export const BACKUP_FORMAT = 1;

/** Text that travels and is stored gains most from the first levels; the higher ones cost more time than they save. */
const GZIP_LEVEL = 4;

/** One backup as it is asked for. */
export interface BackupOptions {
  /** A folder, in which the file gets its name from the time, or the file to make. */
  readonly out: string;
  readonly program: string;
  readonly progress?: (progress: CopyProgress) => void;
}

/**
 * Writes the whole database into one file, as it stands at one instant; charging goes on meanwhile. The file has its name
 * only once it is complete and on disk. @throws BackupError
 */
export function backup(ownerUrl: string, { out, program, progress = () => undefined }: BackupOptions): Promise<BackupReport> {
  return withOwner(ownerUrl, 'tributary backup', async (client) => {
    await refuseCluster(client);
    await client.query('begin isolation level repeatable read read only');
    const createdAt = new Date();
    const file = await placeOf(out, createdAt);
    const migrations = await listMigrations(client);
    const tables = await listTables(client);
    const head: BackupHead = { format: BACKUP_FORMAT, program, createdAt: createdAt.toISOString(), migrations, tables: tables.map(({ name }) => name) };
    const end: { proofs: TableProof[]; sequences: BackupEnd['sequences'] } = { proofs: [], sequences: {} };
    await writeWhole(file, async function* contents() {
      yield* jsonFrame('H', head);
      for (const table of tables) yield* tableFrames(client, table, end.proofs, watch(tables, end.proofs, progress));
      end.sequences = await listSequences(client);
      yield* jsonFrame('Z', { tables: end.proofs, sequences: end.sequences } satisfies BackupEnd);
    });
    await client.query('rollback');
    return {
      file, bytes: (await stat(file)).size, createdAt: head.createdAt, migrations, tables: end.proofs, sequences: end.sequences,
      rows: end.proofs.reduce((sum, { rows }) => sum + rows, 0),
    };
  });
}

async function* tableFrames(
  client: ClientBase, table: CopiedTable, proofs: TableProof[], tell: (table: string, rows: number) => void,
): AsyncGenerator<Buffer> {
  yield* jsonFrame('T', { table: table.name, columns: table.columns } satisfies BackupTable);
  const digest = new RowDigest();
  for await (const chunk of rowsOf(client, table)) {
    digest.update(chunk);
    tell(table.name, digest.rows);
    yield* framesOf('D', chunk);
  }
  const proof = { table: table.name, digest: digest.digest, rows: digest.rows };
  proofs.push(proof);
  yield* jsonFrame('E', proof);
}

/** Turns the rows of the table under way into progress over all. */
export function watch(
  tables: readonly CopiedTable[], done: readonly TableProof[], progress: (progress: CopyProgress) => void,
): (table: string, rows: number) => void {
  const ofAbout = tables.reduce((sum, { estimate }) => sum + estimate, 0);
  return (table, rows) => progress({ table, rows: done.reduce((sum, proof) => sum + proof.rows, rows), ofAbout });
}

/** The file to make. @throws BackupError where it is there already: a backup never takes the place of another. */
async function placeOf(out: string, at: Date): Promise<string> {
  const isFolder = await stat(out).then((found) => found.isDirectory(), () => false);
  const file = isFolder ? join(out, `tributary-${at.toISOString().replace(/[-:]|\.\d+/g, '')}.backup.gz`) : out;
  if (await stat(file).then(() => true, () => false)) throw new BackupError(`${file} is there already: name another file.`);
  return file;
}

/** Written beside its place and put there when it is whole. It holds everything, so only its owner may read it. */
async function writeWhole(file: string, contents: () => AsyncGenerator<Buffer>): Promise<void> {
  const part = `${file}.part`;
  try {
    await pipeline(contents, createGzip({ level: GZIP_LEVEL }), createWriteStream(part, { mode: 0o600, flush: true }));
    // Unlike a rename, a link never replaces a file that came there meanwhile.
    await link(part, file);
  } catch (error) {
    // Only a change of the schema keeps readers waiting.
    if ((error as { code?: string }).code === '55P03') throw new BackupError('A migration holds a table of the database: make the backup again.');
    throw fileError(file, error);
  } finally {
    await rm(part, { force: true });
  }
}
