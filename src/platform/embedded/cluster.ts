import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartupError } from '../config/startup-error';
import { Account, give, moveInto } from './run-as';

/** Superuser and owner of the embedded cluster. */
export const OWNER = 'tributary';

/** The places of one cluster. They are made together and renamed into place, so a half-made cluster is never seen. */
export interface ClusterPlaces {
  readonly folder: string;
  readonly data: string;
  readonly password: string;
  readonly log: string;
}

/** Setting that names, on the server's own command line, the node process whose end ends the server. */
export const KEEPER = 'tributary.keeper';

/** Names the places under the cluster's folder. */
export function placesOf(folder: string): ClusterPlaces {
  const at = (name: string): string => join(folder, name);
  return { folder, data: at('cluster'), password: at('password'), log: at('server.log') };
}

export interface Initdb {
  readonly programs: string;
  readonly account: Account | undefined;
  readonly major: number;
  /** False for throw-away clusters: initdb then does not wait for the disk. */
  readonly durable: boolean;
}

/** The environment of PostgreSQL's programs: nothing of ours, so neither secrets nor PG* settings leak into it. */
export const PROGRAM_ENVIRONMENT = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** Makes the cluster where there is none. Two processes may try at once: the first to finish wins. */
export async function ensureCluster(places: ClusterPlaces, how: Initdb): Promise<void> {
  if (existsSync(places.data)) return;
  // Only for a person who waits: programs read standard error too.
  if (process.stderr.isTTY) process.stderr.write('The first start makes the embedded PostgreSQL and the demo, which takes 5 to 30 seconds.\n');
  removeLeftStages(places.folder);
  const staged = placesOf(`${places.folder}.making-${process.pid}-${randomBytes(4).toString('hex')}`);
  mkdirSync(staged.folder, { mode: 0o755 });
  mkdirSync(staged.data, { mode: 0o700 });
  writeFileSync(staged.password, randomBytes(24).toString('base64url'), { mode: 0o600 });
  for (const path of [staged.folder, staged.data, staged.password]) give(path, how.account);
  await runInitdb(staged, how);
  moveInto(staged.folder, places.folder);
}

/** Half-made clusters of processes that were killed. */
function removeLeftStages(folder: string): void {
  const parent = join(folder, '..');
  const prefix = `${folder.slice(folder.lastIndexOf('/') + 1)}.making-`;
  for (const name of readdirSync(parent).filter((entry) => entry.startsWith(prefix))) {
    if (!isAlive(Number.parseInt(name.slice(prefix.length), 10))) rmSync(join(parent, name), { recursive: true });
  }
}

/** True where a process of this id exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function runInitdb(places: ClusterPlaces, how: Initdb): Promise<void> {
  // A fixed locale: by the environment's, LANG=C would give SQL_ASCII and each machine its own sort order.
  const locale = how.major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : [];
  const args = ['-D', places.data, '-U', OWNER, `--pwfile=${places.password}`, '--auth=scram-sha-256',
    '--encoding=UTF8', '--locale=C', ...locale, '--no-instructions', ...(how.durable ? [] : ['--no-sync'])];
  const child = spawn(join(how.programs, 'initdb'), args,
    { ...how.account, cwd: '/', env: PROGRAM_ENVIRONMENT, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => { said += text; });
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new StartupError(`The embedded PostgreSQL cannot be run (${error.message}): `
      + 'run npm ci again, or set DATABASE_URL.')));
    child.on('close', (code) => {
      if (code === 0) return resolve();
      rmSync(places.folder, { recursive: true, force: true });
      const reason = said.split('\n').find((line) => /error/i.test(line)) ?? `exit code ${code}`;
      reject(new StartupError(`The embedded PostgreSQL could not make its data folder ${places.folder}: ${reason.trim()}`));
    });
  });
}

/** A server that holds the cluster, as its postmaster.pid says. */
export interface LivingServer {
  readonly pid: number;
  readonly port: number;
  /** `starting`, `ready`, `stopping`, … */
  readonly status: string;
  /** False where the process that started it is gone: the server is then about to end. */
  readonly keeperLives: boolean;
}

/** Reads postmaster.pid; undefined where no living postgres holds the cluster. */
export function livingServer(places: ClusterPlaces): LivingServer | undefined {
  const file = join(places.data, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, 'utf8').split('\n').map((line) => line.trim());
  const pid = Number.parseInt(lines[0], 10);
  if (!Number.isInteger(pid) || !isAlive(pid) || !isPostgres(pid)) return undefined;
  return { pid, port: Number.parseInt(lines[3] ?? '', 10), status: lines[7] ?? 'starting', keeperLives: keeperLives(places) };
}

function keeperLives(places: ClusterPlaces): boolean {
  const started = join(places.data, 'postmaster.opts');
  const keeper = existsSync(started) && new RegExp(`${KEEPER}=(\\d+)`).exec(readFileSync(started, 'utf8'));
  return keeper ? isAlive(Number.parseInt(keeper[1], 10)) : false;
}

/** After a crash of the machine the id may be another program's. Where /proc is missing a living id counts as postgres. */
function isPostgres(pid: number): boolean {
  if (!existsSync('/proc/self/cmdline')) return true;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}
