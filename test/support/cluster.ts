import { ownerDataSource } from '../../src/platform/db/data-source';
import { Embedded, startEmbedded } from '../../src/platform/embedded';
import { temporaryFolder } from './folder';
import { asOwner, inDatabase } from './owner';

/** Database that every test database is a copy of: migrated, without seeds. */
export const TEMPLATE = 'test_template';

/** npm packages of the PostgreSQL majors that the SQL tests run on. */
const PACKAGES: Record<string, string | undefined> = { 15: 'pg15' };

let cluster: Embedded | undefined;
let folder: ReturnType<typeof temporaryFolder> | undefined;

/** Starts the run's throw-away cluster and prepares the template; tells the workers by the environment. */
export async function startCluster(): Promise<void> {
  process.env.TRIBUTARY_TEST = '1';
  folder = temporaryFolder();
  const major = process.env.TRIBUTARY_TEST_PG ?? '18';
  cluster = await startEmbedded({ dataDir: folder.path, binaries: PACKAGES[major], durable: false, database: 'postgres' });
  process.env.TRIBUTARY_TEST_URL = cluster.url;
  await migrateTemplate(cluster.url);
}

async function migrateTemplate(url: string): Promise<void> {
  await asOwner(url, (owner) => owner.query(`create database ${TEMPLATE}`));
  const source = await ownerDataSource(inDatabase(url, TEMPLATE)).initialize();
  try {
    await source.runMigrations();
  } finally {
    await source.destroy();
  }
}

/** Ends the run's cluster and removes its files. */
export async function stopCluster(): Promise<void> {
  await cluster?.stop();
  folder?.remove();
}
