import type { Config } from '../platform/config';
import { prepareDatabase } from '../platform/db/prepare';
import { openDatabase } from '../platform/embedded';
import { createLogger, Logger } from '../platform/observe';
import { StopStack } from '../platform/process';
import { openRooms, Rooms } from '../services';

/** Opens the configured database, checked and migrated, with the rooms on it; closes all when the work is done. */
export async function withRooms<T>(config: Config, work: (rooms: Rooms, log: Logger) => Promise<T>): Promise<T> {
  const stack = new StopStack();
  try {
    const database = await openDatabase(config);
    stack.push(() => database.close());
    await prepareDatabase({ ...database, test: config.test });
    // A command's answer goes to standard output, where the log would mix with it.
    const log = createLogger('silent');
    return await work(await openRooms(config, database, log, stack, { schedules: false, cachedRoots: 20_000 }), log);
  } finally {
    await stack.stop();
  }
}
