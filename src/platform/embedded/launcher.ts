import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { inDataFolder } from '../config/data-folder';
import { StartupError } from '../config/startup-error';
import { findBinaries } from './binaries';
import { ClusterPlaces, ensureCluster, livingServer, OWNER, placesOf } from './cluster';
import { freePort, hasEnded, lastWords, launch, ServerPlan, shutDown, whenEnded } from './postgres';
import { accountToDropTo, reachableFolder, reachablePrograms } from './run-as';

export interface EmbeddedOptions {
  /** Folder for the cluster; each major version gets its own inside. */
  readonly dataDir: string;
  /** npm package with the programs; the platform's own by default. */
  readonly binaries?: string;
  /** False only for throw-away test clusters: nothing then waits for the disk. */
  readonly durable: boolean;
  /** Database of the url, made where missing. */
  readonly database?: string;
  /** Told each time the server ended by itself; it is started again on the same port. */
  readonly onCrash?: () => void;
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

const ATTEMPTS = 3;
/** Crash recovery of some gigabytes of log takes a while. */
const PATIENCE_MS = 120_000;
/** Rounds of 100 ms for which a server without keeper is left to end by itself. */
const ROUNDS_UNASKED = 50;
const RELAUNCH_MS = 500;

/** Starts the cluster of the folder (made at the first start), or shares the living server that holds it. */
export const startEmbedded = (options: EmbeddedOptions): Promise<Embedded> => inDataFolder(options.dataDir, () => startInFolder(options));

async function startInFolder(options: EmbeddedOptions): Promise<Embedded> {
  const plan = await prepare(options);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const living = await serverToShare(plan.places);
    const port = living ?? await freePort();
    const child = living === undefined ? launch(plan, port) : undefined;
    if (await answers(urlOf(plan.places, port, 'postgres'), child)) return opened(plan, port, child, options);
  }
  throw new StartupError(`The embedded PostgreSQL did not start: ${lastWords(plan.places)}`);
}

async function prepare({ dataDir, binaries: packageName, durable }: EmbeddedOptions): Promise<ServerPlan> {
  const binaries = findBinaries(packageName);
  const name = `postgres-${binaries.major}`;
  const account = accountToDropTo(join(dataDir, name));
  const places = placesOf(join(reachableFolder(resolve(dataDir), account), name));
  const programs = reachablePrograms(binaries, account);
  await ensureCluster(places, { programs, account, major: binaries.major, durable });
  return { places, programs, account, durable };
}

/** Port of a living server whose keeper lives too. One whose keeper ended is going down: it is waited for, then asked. */
async function serverToShare(places: ClusterPlaces): Promise<number | undefined> {
  const until = Date.now() + PATIENCE_MS;
  for (let round = 0; Date.now() < until; round += 1) {
    const living = livingServer(places);
    if (!living) return undefined;
    if (living.keeperLives && living.status === 'ready') return living.port;
    if (round === ROUNDS_UNASKED && !living.keeperLives) process.kill(living.pid, 'SIGINT');
    await sleep(100);
  }
  throw new StartupError(`A PostgreSQL that neither serves nor ends holds ${places.data}: end it, then start again.`);
}

/** True once a connection opens; false where the server ended instead, so that another attempt may share or launch. */
async function answers(url: string, child: ChildProcess | undefined): Promise<boolean> {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until && !(child && hasEnded(child));) {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 2000 });
    try {
      await client.connect();
      return true;
    } catch (error) {
      if (!mendsByWaiting(error as Error)) throw error;
      await sleep(10);
    } finally {
      await client.end();
    }
  }
  return false;
}

/** 57P03: recovering from a crash, or starting. A timeout has no code. A wrong password, say, would not mend. */
function mendsByWaiting(error: Error & { code?: string }): boolean {
  return ['ECONNREFUSED', 'ECONNRESET', '57P03'].includes(error.code ?? '') || /timeout/.test(error.message);
}

async function opened(
  plan: ServerPlan, port: number, child: ChildProcess | undefined, { database = 'tributary', onCrash }: EmbeddedOptions,
): Promise<Embedded> {
  await ensureDatabase(urlOf(plan.places, port, 'postgres'), database);
  const stop = child ? keepUp(child, () => launch(plan, port), onCrash) : () => Promise.resolve();
  return { url: urlOf(plan.places, port, database), folder: plan.places.folder, shared: child === undefined, stop };
}

/** Starts the server again, on the same port, whenever it ends unasked; returns how to stop it for good. */
function keepUp(first: ChildProcess, relaunch: () => ChildProcess, onCrash: (() => void) | undefined): () => Promise<void> {
  let child = first;
  let wanted = true;
  const watch = (): void => whenEnded(child, () => {
    if (!wanted) return;
    onCrash?.();
    setTimeout(again, RELAUNCH_MS);
  });
  const again = (): void => {
    if (!wanted) return;
    try {
      child = relaunch();
      watch();
    } catch (error) {
      // The folder or the disk is away: tried until it is back or we are stopped.
      if ((error as { syscall?: string }).syscall === undefined) throw error;
      setTimeout(again, RELAUNCH_MS);
    }
  };
  watch();
  return () => {
    wanted = false;
    return shutDown(child);
  };
}

function urlOf(places: ClusterPlaces, port: number, database: string): string {
  return `postgres://${OWNER}:${readFileSync(places.password, 'utf8')}@127.0.0.1:${port}/${database}`;
}

async function ensureDatabase(url: string, database: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const found = await client.query('select from pg_database where datname = $1', [database]);
    // A name cannot be a parameter; it comes from our own callers and is quoted.
    const create = `create database ${client.escapeIdentifier(database)}`;
    if (found.rowCount === 0) await client.query(create);
  } catch (error) {
    // 42P04, 23505: the process that shares this server made it in the same moment.
    if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error;
  } finally {
    await client.end();
  }
}
