import { ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ClusterPlaces, KEEPER, PROGRAM_ENVIRONMENT } from './cluster';
import { Account, give } from './run-as';

/** What it takes to run one cluster's server. */
export interface ServerPlan {
  readonly places: ClusterPlaces;
  /** Folder of the programs. */
  readonly programs: string;
  readonly account: Account | undefined;
  /** False: nothing waits for the disk. */
  readonly durable: boolean;
}

/**
 * The shell leaves a watcher that holds a pipe from this process, then becomes postgres. When this process ends, however
 * hard, the pipe closes and the watcher asks postgres for a fast shutdown: no orphan is left. The watcher is detached
 * twice, so that postgres does not find a child it did not make.
 */
const WATCHED = 'exec 3<&0; ( ( cat <&3 >/dev/null; kill -INT $$ ) 2>/dev/null & ); exec 3<&-; exec "$@" </dev/null';

const LOG_LIMIT_BYTES = 10 * 1024 * 1024;

/** Starts the server on a loopback port; it may end at once where the cluster is held by another. */
export function launch({ places, programs, account, durable }: ServerPlan, port: number): ChildProcess {
  const log = openLog(places, account);
  const args = ['-c', WATCHED, 'sh', join(programs, 'postgres'), '-D', places.data, ...settings(port, durable)];
  // A process group of its own: Ctrl-C reaches us alone, and we drain before we stop it.
  const child = spawn('sh', args, { ...account, cwd: '/', env: PROGRAM_ENVIRONMENT, detached: true, stdio: ['pipe', log, log] });
  closeSync(log);
  whenEnded(child, () => child.stdin?.destroy());
  // The shell may end before it read the pipe's end; there is nobody left to tell.
  child.stdin?.on('error', () => undefined);
  return child;
}

/** True once the process has ended. */
export function hasEnded(child: ChildProcess): boolean {
  // Without an id it never began: the machine could not spawn it.
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

/** Calls back once the process has ended, or could not be spawned. */
export function whenEnded(child: ChildProcess, then: () => void): void {
  child.once('exit', then);
  child.once('error', then);
}

/** Asks for a fast shutdown by closing the pipe; resolves when the server has ended. */
export function shutDown(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return Promise.resolve();
  return new Promise((resolve) => {
    whenEnded(child, resolve);
    child.stdin?.end();
  });
}

function settings(port: number, durable: boolean): string[] {
  const safe = durable ? 'on' : 'off';
  const set: Record<string, string | number> = {
    listen_addresses: '127.0.0.1', port, unix_socket_directories: '', max_connections: 200, shared_buffers: '256MB',
    max_wal_size: '4GB', checkpoint_timeout: '15min', timezone: 'UTC', log_timezone: 'UTC', lc_messages: 'C',
    fsync: safe, full_page_writes: safe, synchronous_commit: safe, [KEEPER]: process.pid,
  };
  return Object.entries(set).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
}

/** A loopback port that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((found, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (typeof address === 'object' && address ? found(address.port) : reject(new Error('no port'))));
    });
  });
}

function openLog(places: ClusterPlaces, account: Account | undefined): number {
  if (existsSync(places.log) && statSync(places.log).size > LOG_LIMIT_BYTES) truncateSync(places.log);
  const log = openSync(places.log, 'a', 0o600);
  give(places.log, account);
  return log;
}

/** The last complaint in the server's log, for a message. */
export function lastWords(places: ClusterPlaces): string {
  const lines = readFileSync(places.log, 'utf8').trim().split('\n');
  const said = lines.filter((line) => /FATAL|PANIC|ERROR|error/.test(line)).at(-1) ?? lines.at(-1);
  return `${said ?? 'it said nothing'} (see ${places.log})`;
}
