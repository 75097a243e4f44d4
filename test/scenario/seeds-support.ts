import { loadConfig } from '../../src/platform/config';
import { createLogger } from '../../src/platform/observe';
import { StopStack } from '../../src/platform/process';
import { openRooms, Rooms } from '../../src/services';
import { createTestDatabase, TestDatabase } from '../support';

/** A database with the stories in it, and the rooms of a process on it, without its scheduler. */
export interface SeededRooms {
  readonly database: TestDatabase;
  readonly rooms: Rooms;
  close(): Promise<void>;
}

export async function openSeededRooms(): Promise<SeededRooms> {
  const database = await createTestDatabase({ seeded: true });
  const stack = new StopStack();
  const { ownerUrl } = database;
  const open = { ownerUrl, appUrl: ownerUrl, setRole: true, folder: undefined, close: () => Promise.resolve() };
  const config = loadConfig({ DATABASE_URL: ownerUrl, TRIBUTARY_DEMO: '1', TRIBUTARY_TEST: '1' });
  const rooms = await openRooms(config, open, createLogger('silent'), stack, { schedules: false });
  const close = async (): Promise<void> => {
    await stack.stop();
    await database.dispose();
  };
  return { database, rooms, close };
}

/** The first account of a seeded customer. */
export async function accountOf({ database }: SeededRooms, externalId: string): Promise<bigint> {
  const { rows } = await database.ownerPool.query<{ id: string }>(
    'select min(a.id)::text as id from billing_account a join customer c on c.id = a.customer_id where c.external_id = $1', [externalId]);
  return BigInt(rows[0].id);
}
