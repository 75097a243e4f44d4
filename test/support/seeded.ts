import { plantDemo } from '../../src/demo';
import { loadConfig } from '../../src/platform/config';
import { createLogger } from '../../src/platform/observe';
import { StopStack } from '../../src/platform/process';
import { openRooms } from '../../src/services';
import { TEMPLATE } from './cluster';
import { asOwner, inDatabase } from './owner';

const SEEDED = 'test_template_seeded';

/** Any number that no other advisory lock of the test cluster uses. */
const LOCK = 7_301_842;

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

/** Plants the stories of seeds/ in a migrated database. */
export async function runSeeds(ownerUrl: string): Promise<void> {
  const config = loadConfig({ DATABASE_URL: ownerUrl, TRIBUTARY_DEMO: '1', TRIBUTARY_TEST: '1' });
  const stack = new StopStack();
  const database = { ownerUrl, appUrl: ownerUrl, setRole: true, folder: undefined, close: () => Promise.resolve() };
  const log = createLogger('silent');
  try {
    await plantDemo(await openRooms(config, database, log, stack, { schedules: false }), log);
  } finally {
    await stack.stop();
  }
}
