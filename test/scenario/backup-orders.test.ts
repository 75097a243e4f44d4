import { backup, restore } from '../../src/platform/backup';
import { Order } from '../../src/ordering/order.types';
import { createTestDatabase, temporaryFolder, TestDatabase, violationsOf } from '../support';
import { createWorld, flatRate, World, WorldAccount, worldConductor } from '../support/world';
import { add, agentOf, draft, msisdn, openOrderingBench, OrderingBench, simulated } from './ordering-world';

jest.setTimeout(120_000);

/*
 * The queue's jobs are in a schema of its own and not in a backup. What is restored must go on without them: an order says
 * itself when somebody must look at it.
 */
const TENANT = 1;
const HOUR = 3_600_000;
const folder = temporaryFolder();
let source: TestDatabase;
let target: TestDatabase;
let world: World;
let bench: OrderingBench;
let account: WorldAccount;

beforeAll(async () => {
  source = await createTestDatabase();
  target = await createTestDatabase();
  world = await createWorld(source);
  await world.offering({ code: 'minutes', usage: [{ kind: 'VOICE', unit: 'SECOND', per: '60', rates: flatRate('0.60') }] });
  account = await world.account({ mode: 'POSTPAID' });
  bench = await openOrderingBench(source, world.conductor);
});
afterAll(async () => {
  await bench.close();
  await world.close();
  await source.dispose();
  await target.dispose();
  folder.remove();
});

let numbers = 353_860_070_000;
const place = async (over: Parameters<typeof draft>[2] = {}): Promise<Order> =>
  bench.orders.create(agentOf(TENANT), () => draft(account, [add('line', 'minutes', msisdn(`${numbers += 1}`))], over));
const jobs = async (db: TestDatabase): Promise<number> =>
  (await db.ownerPool.query<{ jobs: number }>('select count(*)::integer as jobs from graphile_worker._private_jobs')).rows[0]!.jobs;
const stateOf = async (db: TestDatabase, { shard, id }: Order): Promise<string> => (await db.ownerPool.query<{ state: string }>(
  'select state from product_order where shard = $1 and id = $2', [shard, id.toString()])).rows[0]!.state;
const until = async (db: TestDatabase, order: Order, state: string): Promise<void> => {
  for (let round = 0; round < 600 && await stateOf(db, order) !== state; round += 1) await new Promise((resolve) => { setTimeout(resolve, 50); });
  expect(await stateOf(db, order)).toBe(state);
};

it('orders under way go on by themselves after a restore, though the jobs of the queue are not in the backup', async () => {
  const delayed = bench.runner(simulated(source, { delayMs: 2 * HOUR }));
  const queued = await place();
  const asked = await place();
  await delayed.advance(asked);
  const later = await place({ requestedStart: Date.now() + HOUR });
  const killed = await place();
  await bench.runner(simulated(source), (step) => { if (step === 'APPLY') throw new Error('killed'); }).advance(killed).catch(() => undefined);
  const done = await place();
  await bench.runner().advance(done);
  expect(await jobs(source)).toBeGreaterThanOrEqual(3);
  expect(await Promise.all([queued, asked, later, killed, done].map((order) => stateOf(source, order)))).toEqual(
    ['ACKNOWLEDGED', 'IN_PROGRESS', 'ACKNOWLEDGED', 'IN_PROGRESS', 'COMPLETED']);

  // The file is three hours old when it is needed: by then every promise of silence has run out.
  await source.ownerPool.query(`update product_order set wakes_at = wakes_at - interval '3 hours' where wakes_at is not null`);
  const { file } = await backup(source.ownerUrl, { out: `${folder.path}/orders.gz`, program: 'test' });
  await restore(target.ownerUrl, { file });
  expect(await jobs(target)).toBe(0);

  const conductor = worldConductor(target);
  const there = await openOrderingBench(target, conductor);
  const queue = there.queue(there.runner(simulated(target, { delayMs: 50 })));
  await queue.start();
  for (const order of [queued, asked, killed]) await until(target, order, 'COMPLETED');
  expect(await stateOf(target, later)).toBe('ACKNOWLEDGED');
  await target.ownerPool.query('update tenant set clock_offset_ms = clock_offset_ms + $2 where id = $1', [TENANT, 2 * HOUR]);
  await until(target, later, 'COMPLETED');
  await queue.stop();
  const { rows } = await target.ownerPool.query<{ state: string; products: number }>('select state, count(*)::integer as products from product group by state');
  expect(rows).toEqual([{ state: 'ACTIVE', products: 5 }]);
  await conductor.drain();
  await there.close();
  expect(await violationsOf(target.appPool)).toEqual([]);
});
