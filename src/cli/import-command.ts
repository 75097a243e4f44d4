import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { StartupError } from '../platform/config';
import { firstSignal } from '../platform/process';
import type { Rooms } from '../services';
import type { Tenant } from '../tenant';
import { ImportError, ImportStopped, isConnectionLost } from '../usage/import';
import { CommandArgs, UsageError } from './command';

/** What the commands that import files have in common. */

/** What a shell shows for a program that Ctrl-C ended: 128 + 2. */
export const INTERRUPTED = 130;

/** Aborted at the first SIGINT or SIGTERM; a second one ends the process. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  void firstSignal().then(() => stop.abort());
  return stop.signal;
}

/** One sentence for what an operator can mend; anything else is a fault of the product and goes on. */
export function complaintOf(error: unknown, outcome: string): string {
  if (error instanceof ImportError || error instanceof ImportStopped) return error.message;
  if (!isConnectionLost(error)) throw error;
  return `The database went away. ${outcome}; run the same command again to go on.`;
}

/** @throws UsageError */
export function requireOneFile({ positionals }: CommandArgs, what: string): string {
  if (positionals.length !== 1) throw new UsageError(`Name one file to ${what}.`);
  return positionals[0]!;
}

/** @throws UsageError */
export function requireText(args: CommandArgs, name: string): string {
  const text = args.text(name);
  if (text === undefined || text === '') throw new UsageError(`--${name} is required.`);
  return text;
}

/** Where rejects go, if it was said; the file is made anew, so it must not take the place of what is read. @throws UsageError */
export function rejectsOf(args: CommandArgs, read: readonly string[]): string | undefined {
  const rejects = args.text('rejects');
  if (rejects !== undefined && read.some((path) => resolve(path) === resolve(rejects))) {
    throw new UsageError('--rejects must name another file than those that are read.');
  }
  return rejects;
}

/** The text of a mapping file. @throws ImportError where it cannot be read */
export function mappingText(file: string): Promise<string> {
  return readFile(resolve(file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (!['ENOENT', 'EISDIR', 'EACCES'].includes(error.code ?? '')) throw error;
    throw new ImportError({ file }, 'there is no such mapping file that can be read.');
  });
}

/** @throws StartupError */
export async function tenantOf({ tenants }: Rooms, code: string): Promise<Tenant> {
  const tenant = await tenants.findByCode(code);
  if (!tenant) throw new StartupError(`There is no tenant with the code "${code}"; the demo's are made at the first start.`);
  return tenant;
}
