import { checkAppRole, CheckedDatabase, checkServer } from './check';
import { migrate } from './migrate';

/** Checks the server, brings the schema up to date, checks the role; the names of the migrations that ran. */
export async function prepareDatabase(database: CheckedDatabase): Promise<readonly string[]> {
  await checkServer(database);
  const done = await migrate(database.ownerUrl);
  await checkAppRole(database);
  return done;
}
