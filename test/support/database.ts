import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { createPool } from '../../src/platform/db/pool';
import { citusMachines, createSpreadDatabase, dropSpreadDatabase } from './citus';
import { TEMPLATE } from './cluster';
import { asOwner, inDatabase } from './owner';
import { ensureSeededTemplate } from './seeded';

/** A database of one test file's own, with the pools that the product uses. */
export interface TestDatabase {
  readonly name: string;
  /** The owner's url: may do everything. */
  readonly ownerUrl: string;
  readonly ownerPool: Pool;
  /** Works as tributary_app, as the running product does in its cold rooms. */
  readonly appPool: Pool;
  /** Works as tributary_app with the settings of the charging lanes. */
  readonly hotPool: Pool;
  /** Ends the pools and drops the database; throws where a connection was not given back or not ended. */
  dispose(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** With the numbered stories of seeds/ in it. */
  readonly seeded?: boolean;
}

/** Clones the migrated (or seeded) template: about 40 ms. Call it in beforeAll and dispose in afterAll. */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const clusterUrl = citusMachines()[0] ?? process.env.TRIBUTARY_TEST_URL;
  if (!clusterUrl) throw new Error('No test cluster: run by jest with the global set-up of test/support.');
  const name = `test_${process.pid}_${randomBytes(4).toString('hex')}`;
  const ownerUrl = citusMachines().length > 0
    ? await createSpreadDatabase(name, options.seeded ?? false) : await cloneTemplate(clusterUrl, name, options);
  const pools = {
    ownerPool: createPool({ url: ownerUrl, max: 4, name: 'test owner', setRole: false }),
    appPool: createPool({ url: ownerUrl, max: 8, name: 'test app', setRole: true }),
    hotPool: createPool({ url: ownerUrl, max: 4, name: 'test hot', setRole: true, hot: true }),
  };
  return { name, ownerUrl, ...pools, dispose: () => dispose(clusterUrl, name, Object.values(pools)) };
}

async function cloneTemplate(clusterUrl: string, name: string, options: TestDatabaseOptions): Promise<string> {
  const template = options.seeded ? await ensureSeededTemplate(clusterUrl) : TEMPLATE;
  await asOwner(clusterUrl, (owner) => owner.query(`create database ${name} template ${template} strategy file_copy`));
  return inDatabase(clusterUrl, name);
}

async function dispose(clusterUrl: string, name: string, pools: readonly Pool[]): Promise<void> {
  const unreturned = pools.reduce((sum, pool) => sum + pool.totalCount - pool.idleCount, 0);
  // A pool with a connection out never ends: its connections are then ended by the forced drop below.
  const ends = pools.map((pool) => pool.end());
  if (unreturned === 0) await Promise.all(ends);
  const left = await asOwner(clusterUrl, async (owner) => {
    const found = await connectionsLeft(owner, name);
    if (citusMachines().length === 0) await owner.query(`drop database ${name} with (force)`);
    return found;
  });
  await dropSpreadDatabase(name);
  if (left.length > 0) throw new Error(`Connections of ${name} were not ended: ${left.join('; ')}`);
}

interface Queryable {
  query(text: string, values: unknown[]): Promise<{ rows: { what: string }[] }>;
}

/** What still runs in the database after the pools ended; a back end takes a moment to notice that its client went. */
async function connectionsLeft(owner: Queryable, name: string): Promise<string[]> {
  const text = `select format('%s: %s', application_name, left(query, 80)) as what
    from pg_stat_activity where datname = $1 and backend_type = 'client backend' and application_name not like 'citus%'`;
  for (let round = 0; ; round += 1) {
    const { rows } = await owner.query(text, [name]);
    if (rows.length === 0 || round === 20) return rows.map(({ what }) => what);
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}
