import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Pool } from 'pg';
import { checkBooks } from '../../src/charging';
import { startEmbedded, Embedded } from '../../src/platform/embedded';
import { livingServer, placesOf } from '../../src/platform/embedded/cluster';
import { createPool } from '../../src/platform/db';
import { NodeProcess, startNode, temporaryFolder } from '../support';
import { judge, KEPT, runLoad, Send, Verdict } from '../support/load-client';
import { codesOfTwice, httpSender, tokenOf } from './http-sender';
import { randomOf, startKiller } from './killer';

/** `npm run faults` asks for more rounds, may name a seed, and gets a table. */
const ASKED = process.env.TRIBUTARY_FAULT_ROUNDS;
const NODE_ROUNDS = Number(ASKED ?? 2);
const DATABASE_ROUNDS = Number(ASKED ?? 1);
const SEED = Number(process.env.TRIBUTARY_FAULT_SEED ?? 1);
jest.setTimeout(60_000 + NODE_ROUNDS * 30_000);

const table: string[] = [];

afterAll(() => {
  if (ASKED) process.stdout.write(`\nseed ${SEED}\n${table.join('\n')}\n`);
});

function noted(what: string, killed: number, { acknowledged, unknown, slowestMs }: Verdict, more = ''): void {
  table.push(`${what}  killed ${killed}  acknowledged ${acknowledged}  unknown ${unknown}  slowest ${slowestMs.toFixed(0)} ms  ${more}`);
}

/** Keys of one and the same length alternate the subscribers by a letter more. */
const keysOf = (round: string, count: number): string[] => Array.from({ length: count }, (_, index) => `${round}-${1000 + index}${index % 2 ? 'b' : ''}`);

const storedOf = (pool: Pool) => async (): Promise<readonly string[]> =>
  (await pool.query<{ event_id: string }>(`select event_id from charge where source = 'fault'`)).rows.map((row) => row.event_id);

const pause = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });

describe('kill -9 of a node under load', () => {
  const folder = temporaryFolder();
  let database: Embedded;
  let pool: Pool;
  let env: Record<string, string>;
  let node: NodeProcess;
  let at = { address: '', token: '' };
  const start = async (): Promise<void> => {
    node = await startNode(env);
    at = { address: node.address, token: tokenOf(node, 'network') };
  };

  beforeAll(async () => {
    database = await startEmbedded({ dataDir: folder.path, durable: true });
    pool = createPool({ url: database.url, max: 2, name: 'verdict', setRole: false });
    env = { DATABASE_URL: database.url, TRIBUTARY_DEMO: '1', DATA_DIR: folder.path };
    await start();
  });
  afterAll(async () => {
    await node.end('SIGKILL');
    await pool.end();
    await database.stop();
    folder.remove();
  });

  it('the same charge twice in one document is refused as a whole', async () => {
    expect(await codesOfTwice(at, 'twice-by-alias')).toEqual(['QUERY_TOO_COMPLEX']);
    expect(await storedOf(pool)()).toEqual([]);
  });

  it(`${NODE_ROUNDS} random moments: nothing acknowledged is lost or doubled, what is unknown is settled by a repeat`, async () => {
    const random = randomOf(SEED);
    const send = httpSender(() => at);
    let unknown = 0;
    for (let round = 0; round < NODE_ROUNDS; round++) {
      const killer = await startKiller('process', node.child.pid!, Math.floor(150 + random() * 700));
      const [log, killed] = await Promise.all([runLoad(send, { keys: keysOf(`node${round}`, 1_500), width: 32 }), killer.go()]);
      expect(killed).toBe(1);
      await start();
      const verdict = await judge(log, storedOf(pool), send);
      noted('node', killed, verdict);
      expect(verdict).toMatchObject(KEPT);
      expect(verdict.acknowledged).toBeGreaterThan(0);
      expect(await checkBooks(pool)).toEqual([]);
      unknown += verdict.unknown;
    }
    expect(unknown).toBeGreaterThan(0);
  });
});

describe('kill -9 of all PostgreSQL processes under load', () => {
  const folder = temporaryFolder();
  const places = placesOf(join(folder.path, 'postgres-18'));
  let node: NodeProcess;
  let pool: Pool;
  let send: Send;

  beforeAll(async () => {
    node = await startNode({ DATA_DIR: folder.path });
    const at = { address: node.address, token: tokenOf(node, 'network') };
    send = httpSender(() => at);
    const url = `postgres://tributary:${readFileSync(places.password, 'utf8')}@127.0.0.1:${livingServer(places)!.port}/tributary`;
    pool = createPool({ url, max: 2, name: 'verdict', setRole: false });
  });
  afterAll(async () => {
    await pool.end();
    await node.end('SIGTERM');
    folder.remove();
  });

  /** When readiness was first false, and when it was true again after that; ms since the call. */
  async function watchReadiness(until: () => boolean): Promise<{ downAt: number; upAt: number }> {
    const startedAt = performance.now();
    let downAt = NaN;
    while (!until()) {
      const { status } = await fetch(`${node.address}/health/ready`);
      const now = performance.now() - startedAt;
      if (status === 503 && Number.isNaN(downAt)) downAt = now;
      if (status === 200 && !Number.isNaN(downAt)) return { downAt, upAt: now };
      await pause(50);
    }
    return { downAt, upAt: NaN };
  }

  it(`${DATABASE_ROUNDS} random moments: the node lives, is ready again within 10 s, and nothing is lost or doubled`, async () => {
    const random = randomOf(SEED);
    await runLoad(send, { keys: keysOf('warm', 50), width: 32 });
    const memory = memoryOf(node);
    for (let round = 0; round < DATABASE_ROUNDS; round++) {
      const struckFor = 1_500;
      const killer = await startKiller('database', join(places.data, 'postmaster.pid'), Math.floor(100 + random() * 500), struckFor);
      let backAt = NaN;
      let isOver = false;
      const since = performance.now();
      const readiness = watchReadiness(() => isOver && performance.now() - since > 20_000);
      const blows = killer.go().then((killed) => { backAt = performance.now() - since; isOver = true; return killed; });
      const log = await runLoad(send, { keys: keysOf(`db${round}`, ASKED ? 800 : 400), width: 32 });
      const [killed, { downAt, upAt }] = await Promise.all([blows, readiness]);
      expect(killed).toBeGreaterThan(1);
      const verdict = await judge(log, storedOf(pool), send);
      noted('database', killed, verdict, `not ready after ${downAt.toFixed(0)} ms, ready ${(upAt - backAt).toFixed(0)} ms after the last blow`);
      expect(verdict).toMatchObject(KEPT);
      expect(downAt).toBeGreaterThan(0);
      expect(upAt - backAt).toBeLessThan(10_000);
      expect(verdict.slowestMs).toBeLessThan(11_000);
      expect(await checkBooks(pool)).toEqual([]);
      expect(node.child.exitCode).toBeNull();
    }
    const { rows } = await pool.query<{ open: number }>(`select count(*)::int as open from pg_stat_activity where application_name like 'tributary%'`);
    expect(rows[0]!.open).toBeLessThanOrEqual(16);
    expect(memoryOf(node) - memory).toBeLessThan(150);
  });
});

/** Resident memory of a node in MB; 0 where there is no /proc. */
function memoryOf({ child }: NodeProcess): number {
  if (process.platform !== 'linux') return 0;
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}
