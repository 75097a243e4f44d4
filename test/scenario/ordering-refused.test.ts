import { Conductor } from '../../src/charging';
import { OrderDraft } from '../../src/ordering/order-draft';
import { Order } from '../../src/ordering/order.types';
import { Refusal } from '../../src/platform/errors';
import { createTestDatabase, TestDatabase } from '../support';
import { agentKey, worldConductor, WorldAccount } from '../support/world';
import { expectSoundBooks, openScenario, Scenario, voice } from './money-scenario';
import { add, agentOf, draft, modify, openOrderingBench, OrderingBench, remove, statesOf } from './ordering-world';

/** Orders that come too late, twice, or for another day (domain rules 36 to 38, 40 and 41; 39 stands with the bundles). */
let db: TestDatabase;
let conductor: Conductor;
let bench: OrderingBench;
let s: Scenario;
let account: WorldAccount;
const START = '2031-01-01T00:00:00Z';

beforeAll(async () => {
  db = await createTestDatabase();
  conductor = worldConductor(db, { lanes: 1 });
  bench = await openOrderingBench(db, conductor);
});
beforeEach(async () => {
  s = await openScenario(db, conductor, START);
  await s.offering({ code: 'small', period: 'CALENDAR_MONTH', fee: '10', usage: [voice('0.60')] });
  await s.offering({ code: 'large', period: 'CALENDAR_MONTH', fee: '20', usage: [voice('0.30')] });
  account = await s.account();
  await s.topUp(account, '100');
});
afterEach(() => expectSoundBooks(db));
afterAll(async () => {
  await bench.close();
  await conductor.drain();
  await db.dispose();
});

const create = (items: OrderDraft['items'], more: Partial<OrderDraft> = {}): Promise<Order> => bench.orders.create(agentOf(s.tenantId), () => draft(account, items, more));
const run = async (items: OrderDraft['items'], more: Partial<OrderDraft> = {}): Promise<Order> => (await bench.runner().advance(await create(items, more)))!;
const refusalOf = async (work: Promise<unknown>): Promise<object | string> => work.then(() => 'DONE', (error: Refusal) => error.userError ?? error);
const product = async (): Promise<bigint> => (await run([add('x', 'small')])).items[0]!.productId;
const everything = async () => JSON.stringify([
  await s.rows(account, 'select * from product where root_id = $1'), await s.rows(account, 'select * from product_order where root_id = $1'),
  await s.rows(account, 'select * from product_order_item where root_id = $1')]);

describe('36: what is no longer sold', () => {
  it.each<[string, (id: bigint) => OrderDraft['items'], object]>([
    ['a retired offering', () => [add('a', 'large')], { soldVersion: null, path: ['items', '0', 'offering'] }],
    ['a change to a retired offering', (id) => [modify('a', id, 'large')], { soldVersion: null, path: ['items', '0', 'offering'] }],
    ['a version that was replaced', () => [add('a', 'small', { offeringVersion: 2 })], { soldVersion: 1, path: ['items', '0', 'offeringVersion'] }],
  ])('%s', async (_, items, expected) => {
    const id = await product();
    await db.ownerPool.query(`update product_offering_version set state = 'RETIRED', valid_until = '2030-12-31' where tenant_id = $1 and name = 'large'`, [s.tenantId]);
    const before = await everything();
    expect(await refusalOf(create(items(id)))).toMatchObject({ code: 'OFFERING_NOT_SOLD', ...expected });
    expect(await everything()).toBe(before);
  });

  it('what was sold when it was ordered is fulfilled later', async () => {
    const order = await create([add('a', 'large')], { requestedStart: Date.parse('2031-01-05T00:00:00Z') });
    await db.ownerPool.query(`update product_offering_version set state = 'RETIRED', valid_until = '2031-01-02' where tenant_id = $1 and name = 'large'`, [s.tenantId]);
    await s.moveTo('2031-01-05T00:00:01Z');
    expect(statesOf(await bench.runner().advance(order))).toEqual(['COMPLETED', 'COMPLETED']);
  });
});

describe('37: twice', () => {
  it('of orders that change one product at once, one is taken', async () => {
    const id = await product();
    const answers = await Promise.all(Array.from({ length: 10 }, (_, at) => refusalOf(create([at % 2 ? remove('a', id) : modify('a', id, 'large')]))));
    expect(answers.filter((answer) => answer === 'DONE')).toHaveLength(1);
    for (const answer of answers.filter((one) => one !== 'DONE')) {
      expect(answer).toMatchObject({ code: 'CONFLICT', message: 'Another open order changes this product; wait for it or cancel it.', path: ['items', '0', 'productId'] });
    }
  });
});

describe('38: of a product that ended', () => {
  it.each<[string, (id: bigint) => OrderDraft['items']]>([
    ['a change', (id) => [modify('a', id, 'large')]],
    ['an end', (id) => [remove('a', id)]],
    ['an add-on', (id) => [add('a', 'small', { attachedTo: id })]],
    ['a component', (id) => [add('a', 'small', { bundledIn: id })]],
  ])('%s is refused', async (_, items) => {
    const id = await product();
    await run([remove('x', id)]);
    const before = await everything();
    expect(await refusalOf(create(items(id)))).toMatchObject({ code: 'CONFLICT', message: 'The product has ended.' });
    expect(await everything()).toBe(before);
  });

  it('a version that was seen before is refused with the one it has', async () => {
    const id = await product();
    await conductor.products.suspend(agentKey(s.tenantId, 'v'), { productId: id, reason: 'LOST', level: 'ALL' });
    const { version } = await s.product(account);
    expect(await refusalOf(create([remove('a', id, { productVersion: version - 1 })])))
      .toMatchObject({ code: 'CONFLICT', message: `The product has version ${version}; read it again.`, path: ['items', '0', 'productVersion'] });
  });

  it('an order that waited while its product ended fails, and says why', async () => {
    const id = await product();
    const order = await create([modify('a', id, 'large')], { requestedStart: Date.parse('2031-01-05T00:00:00Z') });
    await conductor.terminate(agentKey(s.tenantId, 'end'), { productId: id, at: null });
    const spendable = await s.spendable(account);
    await s.moveTo('2031-01-05T00:00:01Z');
    const failed = await bench.runner().advance(order);
    expect([statesOf(failed), failed!.items[0]!.errorCode]).toEqual([['FAILED', 'FAILED'], 'CONFLICT']);
    expect([await s.spendable(account), (await s.product(account)).state]).toEqual([spendable, 'TERMINATED']);
  });
});

it('40: an order that is done is not cancelled; it is said what ends its products', async () => {
  const done = await run([add('a', 'small')]);
  const before = await everything();
  expect(await refusalOf(bench.orders.cancel(agentOf(s.tenantId), done.id, null))).toMatchObject({
    code: 'CONFLICT', message: 'The order has ended; products that it made are ended by an order of their own.', path: ['orderId'] });
  expect(await everything()).toBe(before);
});

describe('41: for another day', () => {
  it.each([
    ['before now', '2030-12-31T23:59:59Z', 'An order starts now (null) or later; what began in the past is activated by productActivate.'],
    ['further ahead than a year', '2032-01-03T00:00:00Z', 'An order starts within a year.'],
  ])('a start %s is refused', async (_, start, message) => {
    const before = await everything();
    expect(await refusalOf(create([add('a', 'small')], { requestedStart: Date.parse(start) }))).toMatchObject({ code: 'INVALID_INPUT', message, path: ['requestedStart'] });
    expect(await everything()).toBe(before);
  });

  it('the day on which it takes effect is not the day on which it came', async () => {
    const order = await create([add('a', 'small')], { requestedStart: Date.parse('2031-01-15T00:00:00Z') });
    expect(await s.spendable(account)).toBe('100.00');
    await s.moveTo('2031-01-15T09:00:00Z');
    const done = (await bench.runner().advance(order))!;
    const at = (instant: number | null) => instant === null ? null : new Date(instant).toISOString().slice(0, 10);
    expect([at(done.createdAt), at(done.requestedStart), at(done.completedAt)]).toEqual(['2031-01-01', '2031-01-15', '2031-01-15']);
    expect((await s.product(account)).started_at.toISOString().slice(0, 10)).toBe('2031-01-15');
    expect(await s.rows(account, `select event_at::date::text as day from charge where root_id = $1`)).toEqual([{ day: '2031-01-15' }]);
  });
});
