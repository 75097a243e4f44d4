import { prepareDatabase } from '../platform/db/prepare';
import { openDatabase } from '../platform/embedded';
import type { Command } from './command';

/** Brings the database's schema up to date; safe to run while nodes of the same version are up. */
export const command: Command = {
  name: 'migrate',
  summary: 'Bring the schema of the database up to date.',
  usage: '',
  options: {},
  async run(args, io) {
    const config = io.config();
    const database = await openDatabase(config);
    try {
      const done = await prepareDatabase({ ...database, test: config.test });
      if (args.json) io.out(JSON.stringify({ migrations: done }));
      else io.out(done.length === 0 ? 'The schema is up to date.' : `Migrated: ${done.join(', ')}.`);
      return 0;
    } finally {
      await database.close();
    }
  },
};
