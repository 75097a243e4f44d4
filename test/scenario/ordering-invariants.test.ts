import { checkInvariants } from '../../src/audit';
import { createTestDatabase, TestDatabase } from '../support';
import { agentKey, worldConductor, WorldAccount } from '../support/world';
import { openScenario } from './money-scenario';
import { add, agentOf, draft, launchBundle, modify, msisdn, openOrderingBench, OrderingBench, remove } from './ordering-world';

/** What the audit must find of orders and products: each row here spoils the books, and its invariant says so. */
let db: TestDatabase;
let bench: OrderingBench;
let account: WorldAccount;

beforeAll(async () => {
  db = await createTestDatabase();
  const conductor = worldConductor(db);
  const s = await openScenario(db, conductor, '2031-01-01T00:00:00Z');
  for (const code of ['small', 'large']) await s.offering({ code, period: 'CALENDAR_MONTH', fee: '1' });
  account = await s.account();
  await s.topUp(account, '50');
  bench = await openOrderingBench(db, conductor);
  const run = async (items: Parameters<typeof draft>[1]) =>
    bench.runner().advance(await bench.orders.create(agentOf(s.tenantId), () => draft(account, items)));
  const first = await run([add('a', 'small', msisdn('353860000001')), add('b', 'small'), add('c', 'small')]);
  await launchBundle(db, s.tenantId, { code: 'pair', components: [{ code: 'small', lower: 1, upper: 2 }] });
  await run([add('pair', 'pair'), add('one', 'small', { bundledInKey: 'pair' }), add('two', 'small', { bundledInKey: 'pair' })]);
  const [a, b, c] = first!.items.map(({ productId }) => productId);
  await s.moveTo('2031-01-10T00:00:00Z');
  await run([modify('a', a!, 'large'), remove('b', b!)]);
  await conductor.products.suspend(agentKey(s.tenantId, 's'), { productId: c!, reason: 'FRAUD', level: 'ALL' });
  await conductor.drain();
});
afterAll(async () => {
  await bench.close();
  await db.dispose();
});

it('the sound books have no violation, whole and shard by shard', async () => {
  expect(await checkInvariants(db.appPool)).toEqual([]);
  expect(await checkInvariants(db.appPool, { shard: account.shard, since: '-infinity' })).toEqual([]);
});

const ORDER = '(select min(id) from product_order where root_id = $root)';
it.each([
  ['24', 'a product that turned up from nowhere', `update product_history set from_state = 'TERMINATED' where root_id = $root and version > 1`],
  ['24', 'a step that products do not take', `update product_history set state = 'CANCELLED' where root_id = $root and state = 'ACTIVE'`],
  ['24', 'a product that is not what it became', `update product set state = 'ACTIVE' where root_id = $root and state = 'TERMINATED'`],
  ['24', 'a product of an offering that it never got', `update product set offering_version_id = (select max(id) from product_offering_version) where root_id = $root and state = 'TERMINATED'`],
  ['24', 'a suspension that the state does not show', `update product_suspension set valid_until = now() where root_id = $root`],
  ['24', 'an order that jumped', `update product_order_history set state = 'HELD' where order_id = ${ORDER} and state = 'ACKNOWLEDGED'`],
  ['24', 'an order that its items contradict', `update product_order set state = 'PARTIAL' where id = ${ORDER}`],
  ['24', 'a completed order with an item that is not', `update product_order_item set state = 'HELD' where order_id = ${ORDER} and key = 'a'`],
  ['24', 'a completed order without its product', `update product set state = 'ABORTED' where id = (select product_id from product_order_item where order_id = ${ORDER} and key = 'a');
    update product_history set state = 'ABORTED' where product_id = (select product_id from product_order_item where order_id = ${ORDER} and key = 'a') and version = 4`],
  ['24', 'a change that was ordered, completed and never made', `update product_order_item set offering_version_id = (select min(id) from product_offering_version),
    product_id = (select product_id from product_suspension limit 1) where order_id <> ${ORDER} and action = 'MODIFY';
    update product_history set offering_version_id = (select max(id) from product_offering_version) where product_id = (select product_id from product_suspension limit 1);
    update product set offering_version_id = (select max(id) from product_offering_version) where id = (select product_id from product_suspension limit 1)`],
  ['24', 'an end that was ordered, completed and never came', `update product_order_item set product_id = (select product_id from product_suspension limit 1) where action = 'DELETE'`],
  ['24', 'a component that outlives its bundle', `update product set state = 'TERMINATED', ended_at = now() where id = (select min(bundled_in) from product)`],
  ['24', 'a component that is not in the bundle that was ordered', `update product set bundled_in = null where bundled_in is not null`],
  ['22', 'a component of a bundle that is not there', `update product set bundled_in = 4096 where bundled_in is not null`],
  ['24', 'a product of an item that failed', `update product_order_item set state = 'FAILED' where order_id = ${ORDER} and key = 'a'`],
  ['22', 'an item of another account\'s product', `update product_order_item set product_id = 4096 where action = 'DELETE'`],
])('invariant %s catches %s', async (number, _, statement) => {
  const client = await db.ownerPool.connect();
  try {
    await client.query('begin');
    for (const part of statement.replaceAll('$root', account.rootId.toString()).split(';')) await client.query({ text: part });
    const pool = { connect: async () => ({ query: client.query.bind(client), release: () => undefined }) } as unknown as TestDatabase['ownerPool'];
    expect((await checkInvariants(pool)).map((violation) => violation.invariant)).toContain(number);
  } finally {
    await client.query('rollback');
    client.release();
  }
});
