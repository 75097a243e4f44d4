import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { backup } from '../platform/backup';
import { projectRoot } from '../platform/config';
import { openDatabase } from '../platform/embedded';
import { Command, UsageError } from './command';
import { copyBar, copyComplaint, peakMemoryBytes, secondsSince } from './copy-bar';

/** Writes the whole database into one file, as it stands at one instant, while charging goes on. */
export const command: Command = {
  name: 'backup',
  summary: 'Write the whole database into one file, while charging goes on.',
  usage: '--out FOLDER|FILE',
  options: {
    out: { type: 'string', placeholder: 'FOLDER|FILE', description: 'Folder for the file, which is named by the time, or the file; never one that is there.' },
  },
  async run(args, io) {
    const out = args.text('out') ?? '';
    if (out === '') throw new UsageError('--out is required.');
    if (args.positionals.length > 0) throw new UsageError('Name the folder or file by --out.');
    const database = await openDatabase(io.config());
    const bar = copyBar(args, io);
    const startedAt = performance.now();
    try {
      const report = await backup(database.ownerUrl, { out, program: programVersion(), progress: bar.tell });
      bar.stop();
      io.out(args.json ? JSON.stringify({ ...report, seconds: secondsSince(startedAt), peakMemoryBytes: peakMemoryBytes() })
        : `${report.file}: ${report.rows} rows of ${report.tables.length} tables in ${report.bytes} bytes, as of ${report.createdAt}.`);
      return 0;
    } catch (error) {
      bar.stop();
      io.err(copyComplaint(error, 'No file was made'));
      return 1;
    } finally {
      await database.close();
    }
  },
};

const programVersion = (): string => (JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')) as { version: string }).version;
