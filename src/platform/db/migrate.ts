import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { DataSource, QueryFailedError } from 'typeorm';
import { StartupError } from '../config/startup-error';
import { withConnection } from './connect';
import { ownerDataSource } from './data-source';

/** Key of the advisory lock that admits one migrating process: the letters `trib`. */
export const MIGRATION_LOCK = 0x74726962;

/** Runs what is missing, one process at a time; returns the names of the migrations that ran, in order. */
export function migrate(ownerUrl: string): Promise<readonly string[]> {
  return withConnection(ownerUrl, 'DATABASE_URL', async (gate) => {
    await waitForTurn(gate);
    const source = await ownerDataSource(ownerUrl).initialize();
    try {
      await refuseNewer(source);
      return await run(source);
    } finally {
      await source.destroy();
    }
  });
}

/** Asked again and again, because a waiting `pg_advisory_lock` would block an index that is built concurrently. */
async function waitForTurn(gate: Client): Promise<void> {
  for (;;) {
    const { rows } = await gate.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [MIGRATION_LOCK]);
    if (rows[0].mine) return;
    await sleep(100);
  }
}

async function run(source: DataSource): Promise<readonly string[]> {
  try {
    return (await source.runMigrations()).map(({ name }) => name);
  } catch (error) {
    // 42501: a right is missing. Anything else is a fault of the migration itself.
    if (!(error instanceof QueryFailedError) || (error.driverError as { code?: string }).code !== '42501') throw error;
    throw new StartupError(`The login of DATABASE_URL lacks a right that the migrations need (${error.message}): make it the owner `
      + 'of the database.');
  }
}

/** An older program would write rows that the newer one's schema does not expect. */
async function refuseNewer(source: DataSource): Promise<void> {
  const known = new Set(source.migrations.map(({ name, constructor }) => name ?? constructor.name));
  const [{ there }] = await source.query<{ there: string | null }[]>("select to_regclass('migration') as there");
  if (there === null) return;
  const done = await source.query<{ name: string }[]>('select name from migration order by id');
  const unknown = done.map(({ name }) => name).filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new StartupError(`The database was migrated by another version of this program (${unknown.join(', ')}): `
      + 'install that version, or change DATABASE_URL.');
  }
}
