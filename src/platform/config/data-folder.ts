import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { StartupError } from './startup-error';

/**
 * Makes the folder and those above it where they are missing, one by one: node's own way of making all of them never
 * returns where the system takes none, as in /proc.
 */
export function makeFolder(path: string): void {
  if (existsSync(path) && statSync(path).isDirectory()) return;
  const above = dirname(path);
  if (above !== path && !existsSync(above)) makeFolder(above);
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process was quicker.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' && statSync(path).isDirectory()) return;
    throw error;
  }
}

const IN_THE_WAY = 'something that is no folder is in the way';
const CLOSED = 'this account may not write there';
const REASONS: Readonly<Record<string, string>> = {
  EEXIST: IN_THE_WAY, ENOTDIR: IN_THE_WAY, EACCES: CLOSED, EPERM: CLOSED, EROFS: 'the disk cannot be written to', ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up', ENOENT: 'the system makes no folder there', ENAMETOOLONG: 'the name is too long', ELOOP: 'its links lead in a circle',
};

/** Runs what works in the data folder. @throws StartupError where the folder, or a way to it, cannot be used. */
export async function inDataFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    const reason = REASONS[code ?? ''];
    if (reason === undefined || path === undefined || !isOnWay(resolve(path), resolve(folder))) throw error;
    throw new StartupError(`The data folder ${folder} cannot be used: ${reason} (${path}). Set DATA_DIR to a folder that this account may write to.`);
  }
}

const isOnWay = (path: string, folder: string): boolean => `${folder}/`.startsWith(`${path}/`) || path.startsWith(`${folder}/`);
