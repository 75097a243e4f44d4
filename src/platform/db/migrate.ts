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
      const before = await doneIn(source);
      await run(source);
      return (await doneIn(source)).filter((name) => !before.includes(name));
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

/** How long a migration that finds a table held by somebody tries again before it gives up. */
const PATIENCE_MS = 600_000;
const LONGEST_PAUSE_MS = 5_000;

/**
 * A migration waits for a table for no longer than `lock_timeout`, because everybody who comes after it waits behind it;
 * then it lets them pass and comes again. What was done of it is rolled back.
 */
async function run(source: DataSource): Promise<void> {
  const startedAt = performance.now();
  for (let pause = 500; ; pause = pause * 2 > LONGEST_PAUSE_MS ? LONGEST_PAUSE_MS : pause * 2) {
    try {
      await source.runMigrations();
      return;
    } catch (error) {
      if (!(error instanceof QueryFailedError)) throw error;
      const { code } = error.driverError as { code?: string };
      // 42501: a right is missing. 55P03: a lock was not to be had. Anything else is a fault of the migration itself.
      if (code === '42501') throw missingRight(error);
      if (code !== '55P03') throw error;
      if (performance.now() - startedAt > PATIENCE_MS) throw tableHeld();
    }
    await sleep(pause);
  }
}

const missingRight = (error: Error): StartupError => new StartupError(
  `The login of DATABASE_URL lacks a right that the migrations need (${error.message}): make it the owner of the database.`);

const tableHeld = (): StartupError => new StartupError(
  'A migration could not have a table for ten minutes, because a long transaction holds it: end that one (pg_stat_activity shows it), then start again.');

/** Names of the migrations that the database has, in their order. */
async function doneIn(source: DataSource): Promise<readonly string[]> {
  const [{ there }] = await source.query<{ there: string | null }[]>("select to_regclass('migration') as there");
  if (there === null) return [];
  return (await source.query<{ name: string }[]>('select name from migration order by id')).map(({ name }) => name);
}

/** An older program would write rows that the newer one's schema does not expect. */
async function refuseNewer(source: DataSource): Promise<void> {
  const known = new Set(source.migrations.map(({ name, constructor }) => name ?? constructor.name));
  const unknown = (await doneIn(source)).filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new StartupError(`The database was migrated by another version of this program (${unknown.join(', ')}): `
      + 'install that version, or change DATABASE_URL.');
  }
}
