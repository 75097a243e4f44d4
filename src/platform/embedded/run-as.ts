import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, cpSync, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { makeFolder } from '../config/data-folder';
import { StartupError } from '../config/startup-error';
import type { Binaries } from './binaries';

/** The account that PostgreSQL runs as where we are root, because PostgreSQL refuses root; undefined = our own. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** `postgres` where the machine has it, else `nobody`: accounts that exist already, so none is made. */
export function accountToDropTo(clusterFolder: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = existsSync(clusterFolder) ? statSync(clusterFolder) : undefined;
  // A cluster made by another ordinary user stays that user's: PostgreSQL only opens folders of its own account.
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n').map((line) => line.split(':'));
  const found = lines.find(([name]) => name === 'postgres') ?? lines.find(([name]) => name === 'nobody');
  if (!found) {
    throw new StartupError('PostgreSQL refuses to run as root and this machine has neither a postgres nor a nobody account: '
      + 'start as an ordinary user, or set DATABASE_URL.');
  }
  return { uid: Number.parseInt(found[2], 10), gid: Number.parseInt(found[3], 10) };
}

/** Gives a path to the account; nothing to do where we run as ourselves. */
export function give(path: string, account: Account | undefined): void {
  if (account) chownSync(path, account.uid, account.gid);
}

function canReach(path: string, account: Account | undefined): boolean {
  return !account || spawnSync('test', ['-x', path], { ...account, cwd: '/', stdio: 'ignore' }).status === 0;
}

/**
 * Folder for the cluster. Made with the usual mode: a parent closed to the account would force the fallback needlessly.
 * Where the account cannot come there (a project under /root), a folder of /var/tmp named after the wanted one is used.
 */
export function reachableFolder(wanted: string, account: Account | undefined): string {
  makeFolder(wanted);
  return canReach(wanted, account) ? wanted : fallbackFolder(wanted);
}

/** The programs where the account can run them: as installed, or a copy of about 60 MB under /var/tmp. */
export function reachablePrograms(binaries: Binaries, account: Account | undefined): string {
  const installed = join(binaries.native, 'bin');
  if (canReach(join(installed, 'postgres'), account)) return installed;
  const copy = join(fallbackFolder(binaries.native), `native-${binaries.version}`);
  if (!existsSync(copy)) {
    const staged = `${copy}.${process.pid}`;
    cpSync(binaries.native, staged, { recursive: true, verbatimSymlinks: true });
    moveInto(staged, copy);
  }
  return join(copy, 'bin');
}

/** Renames a finished folder into place; where another process was quicker, its folder stays and ours goes. */
export function moveInto(staged: string, final: string): void {
  try {
    renameSync(staged, final);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    rmSync(staged, { recursive: true });
  }
}

function fallbackFolder(wanted: string): string {
  const name = createHash('sha256').update(resolve(wanted)).digest('hex').slice(0, 12);
  const folder = join('/var/tmp', `tributary-${process.getuid?.() ?? 0}-${name}`);
  mkdirSync(dirname(folder), { recursive: true });
  try {
    mkdirSync(folder, { mode: 0o755 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const found = lstatSync(folder);
  // Anyone may write to /var/tmp: a folder laid there by somebody else would hand them our data.
  if (!found.isDirectory() || found.uid !== process.getuid?.()) {
    throw new StartupError(`The folder ${folder} belongs to another user: remove it, or set DATA_DIR to a folder that the `
      + 'postgres account can reach.');
  }
  return folder;
}
