import { ownerDataSource } from '../../src/platform/db/data-source';
import { distribute } from '../../src/platform/db/distribute';
import { detectDistribution } from '../../src/platform/db/routing';
import { createPool } from '../../src/platform/db/pool';
import { asOwner, inDatabase } from './owner';
import { runSeeds } from './seeded';

/**
 * Urls of a Citus cluster's machines, the coordinator's first, parted by blanks: the test databases are then made there
 * and spread. The machines trust each other's logins; `npm run test:citus` says in docs/scale-out.md how to make one.
 */
export const citusMachines = (): readonly string[] => process.env.TRIBUTARY_TEST_CITUS?.split(' ').filter(Boolean) ?? [];

/** Makes a database on every machine, joins them, migrates and spreads it; about five seconds. */
export async function createSpreadDatabase(name: string, seeded: boolean): Promise<string> {
  const machines = citusMachines();
  for (const machine of machines) {
    await asOwner(machine, (owner) => owner.query(`create database ${name}`));
    await asOwner(inDatabase(machine, name), (owner) => owner.query('create extension citus'));
  }
  const [coordinator, ...workers] = machines.map((machine) => inDatabase(machine, name));
  await asOwner(coordinator!, async (owner) => {
    await owner.query('select citus_set_coordinator_host($1, $2)', hostOf(coordinator!));
    for (const worker of workers) await owner.query('select citus_add_node($1, $2)', hostOf(worker));
  });
  const source = await ownerDataSource(coordinator!).initialize();
  await source.runMigrations();
  await source.destroy();
  await distribute(coordinator!);
  const pool = createPool({ url: coordinator!, max: 1, name: 'test spread', setRole: false });
  await detectDistribution(pool);
  await pool.end();
  if (seeded) await runSeeds(coordinator!);
  return coordinator!;
}

/** Drops the database from every machine, the coordinator's first. */
export async function dropSpreadDatabase(name: string): Promise<void> {
  for (const machine of citusMachines()) await asOwner(machine, (owner) => owner.query(`drop database ${name} with (force)`));
}

function hostOf(url: string): [string, number] {
  const { hostname, port } = new URL(url);
  return [hostname, Number(port)];
}
