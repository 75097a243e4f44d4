import { violationsOf } from '../support';
import { Conductor } from '../../src/charging';
import type { UsageResult } from '../../src/charging/charging.api';
import { createPool } from '../../src/platform/db';
import { call, worldConductor } from '../support/world';
import { DELIVERED, FaultWorld, numberOf, openFaultWorld } from './fault-world';

jest.setTimeout(60_000);

const SUBSCRIBERS = 24;
let fault: FaultWorld;
beforeAll(async () => { fault = await openFaultWorld(SUBSCRIBERS, 1_000n); });
afterAll(() => fault.close());

/** Charges one minute of a subscriber; with how long it took. */
async function charge(node: Conductor, index: number): Promise<{ readonly result: UsageResult; readonly ms: number }> {
  const startedAt = performance.now();
  const [result] = await node.chargeUsage([call(numberOf(index), 60n)], DELIVERED);
  return { result: result!, ms: performance.now() - startedAt };
}

const percentile = (values: readonly number[], share: number): number => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * share)]!;

/** Another session holds the root of a subscriber for so long. */
async function lockedFor<T>(index: number, ms: number, work: () => Promise<T>): Promise<T> {
  const other = await fault.db.ownerPool.connect();
  const { shard, rootId } = fault.accounts[index]!;
  await other.query('begin');
  await other.query('select 1 from bucket where shard = $1 and root_id = $2 and id = 0 for update', [shard, rootId.toString()]);
  const timer = setTimeout(() => void other.query('rollback').then(() => other.release()), ms);
  try {
    return await work();
  } catch (error) {
    clearTimeout(timer);
    other.release(true);
    throw error;
  }
}

it('a full queue says so at once, and what was taken in is done', async () => {
  const node = fault.node(fault.db.ownerUrl, { queueMax: 200, batchMax: 50 });
  // What a node does not know yet it asks for one by one, which would hold the load back.
  for (let index = 0; index < SUBSCRIBERS; index++) await charge(node, index);
  const sent = await Promise.all(Array.from({ length: 2_000 }, (_, index) => charge(node, index % SUBSCRIBERS)));
  const turned = sent.filter(({ result }) => result.error?.code === 'OVERLOADED');
  const done = sent.filter(({ result }) => result.status === 'CHARGED');
  expect(turned.length).toBeGreaterThan(500);
  expect(done.length).toBeGreaterThanOrEqual(200);
  expect(turned.length + done.length).toBe(2_000);
  const firstDone = Math.min(...done.map(({ ms }) => ms));
  expect(percentile(turned.map(({ ms }) => ms), 0.5)).toBeLessThan(firstDone + 500);
  expect(turned[0]!.result).toMatchObject({ status: 'FAILED', error: { retryable: true } });
  expect((await charge(node, 0)).result.status).toBe('CHARGED');
  expect(node.queued).toBe(0);
});

it('a root that another session holds for three seconds delays itself alone', async () => {
  const node = fault.node(fault.db.ownerUrl);
  await Promise.all(Array.from({ length: SUBSCRIBERS }, (_, index) => charge(node, index)));
  const { held, neighbours } = await lockedFor(0, 3_000, async () => {
    const waiting: ReturnType<typeof charge>[] = [];
    const others: Awaited<ReturnType<typeof charge>>[] = [];
    const until = performance.now() + 2_500;
    // New work of the held root keeps coming, which once took connection after connection.
    while (performance.now() < until) {
      waiting.push(charge(node, 0));
      others.push(...(await Promise.all(Array.from({ length: SUBSCRIBERS - 1 }, (_, index) => charge(node, index + 1)))));
    }
    return { held: await Promise.all(waiting), neighbours: others };
  });
  expect(held.length).toBeGreaterThan(10);
  expect(held.map(({ result }) => result.status)).toEqual(held.map(() => 'CHARGED'));
  expect(Math.max(...held.map(({ ms }) => ms))).toBeLessThan(6_000);
  expect(neighbours.every(({ result }) => result.status === 'CHARGED')).toBe(true);
  expect(percentile(neighbours.map(({ ms }) => ms), 0.99)).toBeLessThan(700);
});

it('a root that is never given back answers by its deadline, in words, and blocks nobody after it', async () => {
  const node = fault.node(fault.db.ownerUrl, { deadlineMs: 1_500 });
  await charge(node, 1);
  await lockedFor(0, 3_500, async () => {
    const late = await Promise.all(Array.from({ length: 5 }, () => charge(node, 0)));
    for (const { result, ms } of late) {
      expect(result.status).toBe('FAILED');
      expect(['OUTCOME_UNKNOWN', 'DEADLINE_EXCEEDED']).toContain(result.error!.code);
      expect(ms).toBeLessThan(2_200);
    }
    expect((await charge(node, 1)).result.status).toBe('CHARGED');
    await new Promise((resolve) => { setTimeout(resolve, 2_200); });
  });
  expect((await charge(node, 0)).result.status).toBe('CHARGED');
});

it('back ends that are ended every few moments cost latency alone', async () => {
  const hotPool = createPool({ url: fault.db.ownerUrl, max: 4, name: 'test ended', setRole: true, hot: true });
  const node = worldConductor(fault.db, { hotPool });
  let ended = 0;
  const ender = setInterval(() => void fault.db.ownerPool.query<{ count: number }>(
    `select count(pg_terminate_backend(pid))::int as count from pg_stat_activity where application_name = 'test ended'`)
    .then(({ rows }) => { ended += rows[0]!.count; }), 100);
  const results: UsageResult[] = [];
  for (let round = 0; round < 60; round++) {
    results.push(...(await Promise.all(Array.from({ length: SUBSCRIBERS }, (_, index) => charge(node, index)))).map(({ result }) => result));
  }
  clearInterval(ender);
  expect(ended).toBeGreaterThan(0);
  expect(results.filter(({ status }) => status !== 'CHARGED')).toEqual([]);
  await node.drain();
  expect(hotPool.totalCount - hotPool.idleCount).toBe(0);
  expect(hotPool.totalCount).toBeLessThanOrEqual(4);
  await hotPool.end();
});

it('leaves the books sound', async () => expect(await violationsOf(fault.db.ownerPool)).toEqual([]));
