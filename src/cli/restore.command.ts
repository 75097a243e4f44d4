import { restore } from '../platform/backup';
import { openDatabase } from '../platform/embedded';
import { Command, UsageError } from './command';
import { copyBar, copyComplaint, peakMemoryBytes, secondsSince } from './copy-bar';

/** Loads a backup into a migrated and empty database: all of it or nothing. */
export const command: Command = {
  name: 'restore',
  summary: 'Load a backup into a migrated, empty database: all of it, proven, or nothing.',
  usage: 'FILE',
  options: {},
  async run(args, io) {
    const [file, ...more] = args.positionals;
    if (file === undefined || more.length > 0) throw new UsageError('Name one file to restore.');
    const database = await openDatabase(io.config());
    const bar = copyBar(args, io);
    const startedAt = performance.now();
    try {
      const report = await restore(database.ownerUrl, { file, progress: bar.tell });
      bar.stop();
      io.out(args.json ? JSON.stringify({ ...report, seconds: secondsSince(startedAt), peakMemoryBytes: peakMemoryBytes() })
        : `Restored ${report.rows} rows of ${report.tables.length} tables, each with the digest of the backup of ${report.createdAt}.`);
      return 0;
    } catch (error) {
      bar.stop();
      io.err(copyComplaint(error, 'Nothing was restored'));
      return 1;
    } finally {
      await database.close();
    }
  },
};
