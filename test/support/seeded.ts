import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TEMPLATE } from './cluster';
import { asOwner, inDatabase } from './owner';

const SEEDED = 'test_template_seeded';
const SEEDS = join(__dirname, '..', '..', 'seeds', 'index');

/** Any number that no other advisory lock of the test cluster uses. */
const LOCK = 7_301_842;

interface Seeds {
  seed(context: { ownerUrl: string }): Promise<unknown>;
}

/** Makes the template with the seeds at its first use in a run; workers that come at once wait for the first. */
export function ensureSeededTemplate(clusterUrl: string): Promise<string> {
  return asOwner(clusterUrl, async (owner) => {
    await owner.query('select pg_advisory_lock($1)', [LOCK]);
    const found = await owner.query('select from pg_database where datname = $1', [SEEDED]);
    if (found.rowCount === 0) {
      const making = `${SEEDED}_${process.pid}`;
      await owner.query(`create database ${making} template ${TEMPLATE} strategy file_copy`);
      await runSeeds(inDatabase(clusterUrl, making));
      // Renamed when complete, so that a failed seeding is never taken for the template.
      await owner.query(`alter database ${making} rename to ${SEEDED}`);
    }
    return SEEDED;
  });
}

async function runSeeds(ownerUrl: string): Promise<void> {
  if (!existsSync(`${SEEDS}.ts`)) return;
  const seeds = (await import(SEEDS)) as Seeds;
  await seeds.seed({ ownerUrl });
}
