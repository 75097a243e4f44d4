import { SingleBar } from 'cli-progress';
import { BackupError, CopyProgress } from '../platform/backup';
import { isConnectionLost } from '../usage/import';
import type { CommandArgs, CommandIo } from './command';

/** A bar over the rows of all tables on a terminal; says nothing elsewhere. */
export function copyBar(args: CommandArgs, io: CommandIo): { tell(progress: CopyProgress): void; stop(): void } {
  if (!io.isTerminal || args.json) return { tell: () => undefined, stop: () => undefined };
  const bar = new SingleBar({ format: '{bar} {percentage} % | {value} rows | {table}', hideCursor: true });
  bar.start(1, 0, { table: '' });
  return {
    tell: ({ table, rows, ofAbout }) => {
      bar.setTotal(rows > ofAbout ? rows : ofAbout);
      bar.update(rows, { table });
    },
    stop: () => bar.stop(),
  };
}

/** Seconds since an instant of performance.now, with one decimal. */
export const secondsSince = (startedAt: number): number => Math.round((performance.now() - startedAt) / 100) / 10;

/** Most memory that this process has held. */
export const peakMemoryBytes = (): number => process.resourceUsage().maxRSS * 1024;

/** One sentence for what an operator can mend; anything else is a fault of the product and is thrown. */
export function copyComplaint(error: unknown, outcome: string): string {
  if (error instanceof BackupError) return error.message;
  if (!isConnectionLost(error)) throw error;
  return `The database went away. ${outcome}; run the same command again.`;
}
