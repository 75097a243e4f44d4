import { ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { StartupError } from '../config/startup-error';
import { findBinaries } from './binaries';
import { ClusterPlaces, ensureCluster, KEEPER, livingServer, OWNER, placesOf, PROGRAM_ENVIRONMENT } from './cluster';
import { Account, accountToDropTo, give, reachableFolder, reachablePrograms } from './run-as';

export interface EmbeddedOptions {
  /** Folder for the cluster; each major version gets its own inside. */
  readonly dataDir: string;
  /** npm package with the programs; the platform's own by default. */
  readonly binaries?: string;
  /** False only for throw-away test clusters: nothing then waits for the disk. */
  readonly durable: boolean;
  /** Database of the url, made where missing. */
  readonly database?: string;
}

export interface Embedded {
  /** Owner's connection url on loopback, password inside. */
  readonly url: string;
  /** Where the cluster really is: under /var/tmp where the project is closed to PostgreSQL's account. */
  readonly folder: string;
  /** True where another living process started the server; it then also stops it. */
  readonly shared: boolean;
  /** Shuts the server down in order; resolves when it has ended. Callers close their connections first. */
  stop(): Promise<void>;
}

/**
 * The shell leaves a watcher that holds a pipe from this process, then becomes postgres. When this process ends, however
 * hard, the pipe closes and the watcher asks postgres for a fast shutdown: no orphan is left. The watcher is detached
 * twice, so that postgres does not find a child it did not make.
 */
const WATCHED = 'exec 3<&0; ( ( cat <&3 >/dev/null; kill -INT $$ ) 2>/dev/null & ); exec 3<&-; exec "$@" </dev/null';

const ATTEMPTS = 3;
/** Crash recovery of some gigabytes of log takes a while. */
const PATIENCE_MS = 120_000;
const LOG_LIMIT_BYTES = 10 * 1024 * 1024;

/** Starts the cluster of the folder (made at the first start), or shares the living server that holds it. */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const binaries = findBinaries(options.binaries);
  const name = `postgres-${binaries.major}`;
  const account = accountToDropTo(join(options.dataDir, name));
  const places = placesOf(join(reachableFolder(resolve(options.dataDir), account), name));
  const programs = reachablePrograms(binaries, account);
  await ensureCluster(places, { programs, account, major: binaries.major, durable: options.durable });
  for (let attempt = 1; ; attempt += 1) {
    const server = await shareOrLaunch(places, programs, account, options.durable);
    const url = server && await firstConnection(urlOf(places, server.port, 'postgres'), server.child);
    if (server && url) return opened(server, places, options.database);
    if (attempt === ATTEMPTS) throw new StartupError(`The embedded PostgreSQL did not start: ${lastWords(places)}`);
  }
}

interface Server {
  readonly port: number;
  /** Undefined where the server is another process's. */
  readonly child: ChildProcess | undefined;
}

async function shareOrLaunch(
  places: ClusterPlaces, programs: string, account: Account | undefined, durable: boolean,
): Promise<Server> {
  const living = await serverToShare(places);
  if (living !== undefined) return { port: living, child: undefined };
  const port = await freePort();
  const log = openLog(places, account);
  const child = spawn('sh', ['-c', WATCHED, 'sh', join(programs, 'postgres'), '-D', places.data, ...settings(port, durable)],
    // A process group of its own: Ctrl-C reaches us alone, and we drain before we stop it.
    { ...account, cwd: '/', env: PROGRAM_ENVIRONMENT, detached: true, stdio: ['pipe', log, log] });
  closeSync(log);
  child.on('exit', () => child.stdin?.destroy());
  return { port, child };
}

function settings(port: number, durable: boolean): string[] {
  const set: Record<string, string | number> = {
    listen_addresses: '127.0.0.1', port, unix_socket_directories: '', max_connections: 200, timezone: 'UTC',
    max_wal_size: '4GB', checkpoint_timeout: '15min', shared_buffers: '256MB', log_timezone: 'UTC', lc_messages: 'C',
    [KEEPER]: process.pid,
    fsync: durable ? 'on' : 'off', full_page_writes: durable ? 'on' : 'off', synchronous_commit: durable ? 'on' : 'off',
  };
  return Object.entries(set).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
}

/** Port of a living server whose keeper lives too. One whose keeper ended is going down: it is waited for, then asked. */
async function serverToShare(places: ClusterPlaces): Promise<number | undefined> {
  const until = Date.now() + PATIENCE_MS;
  for (let round = 0; Date.now() < until; round += 1) {
    const living = livingServer(places);
    if (!living) return undefined;
    if (living.keeperLives && living.status === 'ready') return living.port;
    if (round === 50 && !living.keeperLives) process.kill(living.pid, 'SIGINT');
    await sleep(100);
  }
  throw new StartupError(`A PostgreSQL that neither serves nor ends holds ${places.data}: end it, then start again.`);
}

function freePort(): Promise<number> {
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

function lastWords(places: ClusterPlaces): string {
  const lines = readFileSync(places.log, 'utf8').trim().split('\n');
  const said = lines.filter((line) => /FATAL|PANIC|ERROR|error/.test(line)).at(-1) ?? lines.at(-1);
  return `${said ?? 'it said nothing'} (see ${places.log})`;
}

function urlOf(places: ClusterPlaces, port: number, database: string): string {
  return `postgres://${OWNER}:${readFileSync(places.password, 'utf8')}@127.0.0.1:${port}/${database}`;
}

/** The url once it answers; undefined where the server ended instead, so that another attempt may share or relaunch. */
async function firstConnection(url: string, child: ChildProcess | undefined): Promise<string | undefined> {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until;) {
    if (child && (child.exitCode !== null || child.signalCode !== null)) return undefined;
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 2000 });
    try {
      await client.connect();
      return url;
    } catch (error) {
      const code = (error as { code?: string }).code ?? '';
      // 57P03: recovering from a crash, or starting. Anything else (a wrong password) would not mend by waiting.
      if (!['ECONNREFUSED', 'ECONNRESET', '57P03'].includes(code)) throw error;
      await sleep(10);
    } finally {
      await client.end();
    }
  }
  return undefined;
}

async function opened(server: Server, places: ClusterPlaces, database = 'tributary'): Promise<Embedded> {
  await ensureDatabase(urlOf(places, server.port, 'postgres'), database);
  const { child } = server;
  return {
    url: urlOf(places, server.port, database),
    folder: places.folder,
    shared: child === undefined,
    stop: () => (child ? ended(child) : Promise.resolve()),
  };
}

async function ensureDatabase(url: string, database: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const found = await client.query('select from pg_database where datname = $1', [database]);
    if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(database)}`);
  } catch (error) {
    // 42P04, 23505: the process that shares this server made it in the same moment.
    if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error;
  } finally {
    await client.end();
  }
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.stdin?.end();
  });
}
