import { Conductor } from '../../src/charging';
import { FulfilmentPort } from '../../src/ordering/fulfilment.port';
import { OrderDraft } from '../../src/ordering/order-draft';
import { readOrder } from '../../src/ordering/order.store';
import { Order } from '../../src/ordering/order.types';
import { Refusal } from '../../src/platform/errors';
import { createTestDatabase, TestDatabase } from '../support';
import { worldConductor, WorldAccount } from '../support/world';
import { expectSoundBooks, openScenario, Scenario, voice } from './money-scenario';
import { add, agentOf, draft, Hand, modify, msisdn, openOrderingBench, OrderingBench, remove, simulated, statesOf } from './ordering-world';

/** Orders from the wish to the product: whole, in parts, twice, killed between steps, cancelled, and refused. */
let db: TestDatabase;
let conductor: Conductor;
let bench: OrderingBench;
const small = { code: 'small', period: 'CALENDAR_MONTH' as const, fee: '10', usage: [voice('0.60')] };
const large = { code: 'large', period: 'CALENDAR_MONTH' as const, fee: '20', usage: [voice('0.30')] };
const addon = { code: 'addon', period: 'CALENDAR_MONTH' as const, fee: '1', allowances: [{ code: 'min', kind: 'VOICE', unit: 'SECOND' as const, quantity: '600' }] };
const NUMBER = '353860000001';

beforeAll(async () => {
  db = await createTestDatabase();
  conductor = worldConductor(db, { lanes: 1 });
  bench = await openOrderingBench(db, conductor);
});
afterEach(() => expectSoundBooks(db));
afterAll(async () => {
  await bench.close();
  await conductor.drain();
  await db.dispose();
});

async function shop(money: string | null = '100'): Promise<{ s: Scenario; account: WorldAccount }> {
  const s = await openScenario(db, conductor, '2031-01-01T00:00:00Z');
  for (const offering of [small, large, addon]) await s.offering(offering);
  const account = await s.account();
  if (money !== null) await s.topUp(account, money);
  return { s, account };
}

const create = (s: Scenario, given: OrderDraft): Promise<Order> => bench.orders.create(agentOf(s.tenantId), () => given);
const cancel = (s: Scenario, order: Order, version: number | null = null): Promise<Order> => bench.orders.cancel(agentOf(s.tenantId), order.id, version);
const codeOf = async (work: Promise<unknown>): Promise<unknown> => work.then(() => 'DONE', (error: Refusal) => error.userError?.code ?? error);
const products = (s: Scenario, account: WorldAccount) => s.rows<{ id: string; state: string; attached_to: string | null }>(account,
  'select id, state, attached_to from product where root_id = $1 order by id');
const steps = async (s: Scenario, account: WorldAccount) => (await s.rows<{ state: string }>(account,
  'select h.state from product_order_history h join product_order o on o.shard = h.shard and o.id = h.order_id where o.root_id = $1 order by h.order_id, h.version')).map(({ state }) => state);
/** Everything that an order could have changed. */
const everything = async (s: Scenario, account: WorldAccount) => JSON.stringify([
  await s.rows(account, 'select * from product where root_id = $1'), await s.rows(account, 'select * from product_order where root_id = $1'),
  await s.rows(account, 'select count(*) from charge where root_id = $1'), await s.rows(account, 'select value, position from bucket where root_id = $1 and id = 0'),
]);

const report = (s: Scenario, order: Order, itemKey: string, outcome: Parameters<typeof bench.orders.report>[0]['outcome'], note: string | null = null) =>
  bench.orders.report({ tenantId: s.tenantId, orderId: order.id, itemKey, outcome, note });

describe('an order', () => {
  it('of a bundle makes its products one after the other, attached, and charges them', async () => {
    const { s, account } = await shop();
    const order = await create(s, draft(account, [add('extra', 'addon', { attachedToKey: 'line' }), add('line', 'small', msisdn(NUMBER))]));
    expect(statesOf(order)).toEqual(['ACKNOWLEDGED', 'ACKNOWLEDGED', 'ACKNOWLEDGED']);
    const done = await bench.runner().advance(order);
    expect(statesOf(done)).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED']);
    expect(done!.completedAt).not.toBeNull();
    const [extra, line] = done!.items;
    expect(await products(s, account)).toEqual(expect.arrayContaining([
      { id: line!.productId.toString(), state: 'ACTIVE', attached_to: null },
      { id: extra!.productId.toString(), state: 'ACTIVE', attached_to: line!.productId.toString() }]));
    expect(await s.spendable(account)).toBe('89.00');
    expect(await s.charge(NUMBER, { seconds: 600n })).toMatchObject({ status: 'CHARGED', gross: '0.00' });
    expect(await steps(s, account)).toEqual(['ACKNOWLEDGED', 'IN_PROGRESS', 'COMPLETED']);
  });

  it('changes and ends products, now and at the end of the period', async () => {
    const { s, account } = await shop();
    const first = await bench.runner().advance(await create(s, draft(account, [add('a', 'small', msisdn(NUMBER)), add('b', 'small'), add('c', 'small')])));
    const [a, b, c] = first!.items.map(({ productId }) => productId);
    await s.moveTo('2031-01-21T10:00:00Z');
    const second = await bench.runner().advance(await create(s, draft(account, [
      modify('a', a!, 'large'), modify('b', b!, 'large', { takesEffect: 'PERIOD_END' }), remove('c', c!, { takesEffect: 'PERIOD_END', reliesOn: ['a'] })])));
    expect(statesOf(second)).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED', 'COMPLETED']);
    expect(await s.spendable(account)).toBe('66.451613');
    expect((await products(s, account)).map(({ state }) => state)).toEqual(['ACTIVE', 'ACTIVE', 'PENDING_TERMINATE']);
    await s.moveTo('2031-02-01T00:00:01Z');
    await s.charge(NUMBER);
    expect((await products(s, account)).map(({ state }) => state)).toEqual(['ACTIVE', 'ACTIVE', 'TERMINATED']);
  });

  it('waits for its start, and starts when the tenant\'s clock says so', async () => {
    const { s, account } = await shop();
    const order = await create(s, draft(account, [add('a', 'small')], { requestedStart: Date.parse('2031-01-10T00:00:00Z') }));
    expect(statesOf(await bench.runner().advance(order))).toEqual(['ACKNOWLEDGED', 'ACKNOWLEDGED']);
    const queue = bench.queue(bench.runner());
    expect(await db.appPool.query('select from graphile_worker._private_jobs where key = $1', [`order:${order.id}`])).toMatchObject({ rowCount: 0 });
    await s.moveTo('2031-01-10T00:00:01Z');
    expect(await queue.sweep()).toBeGreaterThan(0);
    expect(await db.appPool.query('select from graphile_worker._private_jobs where key = $1', [`order:${order.id}`])).toMatchObject({ rowCount: 1 });
    expect(statesOf(await bench.runner().advance(order))).toEqual(['COMPLETED', 'COMPLETED']);
  });

  it('that fails says why, gives up what was prepared, and drops what relies on it', async () => {
    const { s, account } = await shop('5');
    const order = await create(s, draft(account, [add('free', 'addon'), add('line', 'small', msisdn(NUMBER)), add('extra', 'addon', { attachedToKey: 'line' })]));
    const done = await bench.runner().advance(order);
    expect(statesOf(done)).toEqual(['PARTIAL', 'COMPLETED', 'FAILED', 'FAILED']);
    expect(done!.items.map(({ errorCode }) => errorCode)).toEqual([null, 'INSUFFICIENT_BALANCE', 'DEPENDENCY_FAILED']);
    expect((await products(s, account)).map(({ state }) => state)).toEqual(['ACTIVE']);
    const again = await create(s, draft(account, [add('line', 'addon')], { restarts: order.id }));
    expect(again.restarts).toBe(order.id);
    await bench.runner().advance(again);
  });

  it('takes what is changed or ended in its turn, and new products together, the first of them first', async () => {
    const { s, account } = await shop('20');
    const first = await bench.runner().advance(await create(s, draft(account, [add('a', 'large')])));
    expect(await s.spendable(account)).toBe('0.00');
    // What the change gives back pays for the first of what follows; the second was prepared too and is given up.
    const order = await create(s, draft(account, [modify('less', first!.items[0]!.productId, 'small'), add('new', 'small'), add('more', 'small')]));
    const done = await bench.runner().advance(order);
    expect(done!.items.map(({ key, state, errorCode }) => [key, state, errorCode])).toEqual([
      ['less', 'COMPLETED', null], ['new', 'COMPLETED', null], ['more', 'FAILED', 'INSUFFICIENT_BALANCE']]);
    expect(await s.spendable(account)).toBe('0.00');
    expect((await products(s, account)).map(({ state }) => state)).toEqual(['ACTIVE', 'ACTIVE', 'ABORTED']);
  });

  it('that the network fails leaves no product behind', async () => {
    const { s, account } = await shop();
    const order = await create(s, draft(account, [add('line', 'small', msisdn(NUMBER))]));
    expect(statesOf(await bench.runner(simulated(db, { failPerMille: 1000 })).advance(order))).toEqual(['FAILED', 'FAILED']);
    expect((await products(s, account)).map(({ state }) => state)).toEqual(['ABORTED']);
    expect(await s.spendable(account)).toBe('100.00');
    expect(statesOf(await bench.runner().advance(await create(s, draft(account, [add('line', 'small', msisdn(NUMBER))]))))).toEqual(['COMPLETED', 'COMPLETED']);
  });
});

describe('a step may be taken twice, and a run may end between any two', () => {
  it('an order completes however often its runner is killed', async () => {
    const { s, account } = await shop();
    const order = await create(s, draft(account, [add('line', 'small', msisdn(NUMBER)), add('extra', 'addon', { attachedToKey: 'line' })]));
    const [taken, limit] = [[] as string[], 40];
    for (let kill = 1; kill <= limit; kill += 1) {
      const killed = new Error('killed');
      let left = 1;
      const runner = bench.runner(simulated(db), (step) => { taken.push(step); if (left-- === 0) throw killed; });
      const done = await runner.advance(order).catch((error: unknown) => { if (error !== killed) throw error; return null; });
      if (done) break;
    }
    expect(statesOf(await readOrder(db.appPool, order))).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED']);
    expect(taken.length).toBeGreaterThan(6);
    expect(await s.spendable(account)).toBe('89.00');
    expect(await products(s, account)).toHaveLength(2);
  });

  it('an order that runs twenty times at once happens once', async () => {
    const { s, account } = await shop();
    const order = await create(s, draft(account, [add('line', 'small', msisdn(NUMBER)), add('extra', 'addon', { attachedToKey: 'line' })]));
    await Promise.all(Array.from({ length: 20 }, () => bench.runner().advance(order)));
    expect(statesOf(await bench.runner().advance(order))).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED']);
    expect([await s.spendable(account), (await products(s, account)).length]).toEqual(['89.00', 2]);
  });

  it('a charging move that was done and not recorded is found done', async () => {
    const { s, account } = await shop();
    const order = await create(s, draft(account, [add('line', 'small', msisdn(NUMBER))]));
    const failing = simulated(db);
    const runner = bench.runner(Object.assign(Object.create(failing) as FulfilmentPort, {
      fulfil: async () => { throw new Error('cut after the product was prepared'); } }));
    await expect(runner.advance(order)).rejects.toThrow('cut after');
    expect((await products(s, account)).map(({ state }) => state)).toEqual(['PENDING_ACTIVE']);
    expect(statesOf(await bench.runner().advance(order))).toEqual(['COMPLETED', 'COMPLETED']);
    expect(await s.spendable(account)).toBe('90.00');
  });

  it('what a silent runner left is woken, by the queue of the database', async () => {
    const { s, account } = await shop();
    const order = await create(s, draft(account, [add('line', 'small', msisdn(NUMBER))]));
    // A worker took the job and was killed: its lock would last for hours.
    await db.ownerPool.query(`update graphile_worker._private_jobs set locked_at = now(), locked_by = 'dead', attempts = 1 where key = $1`, [`order:${order.id}`]);
    const queue = bench.queue(bench.runner());
    await queue.start();
    try {
      expect(statesOf(await readOrder(db.appPool, order))).toEqual(['ACKNOWLEDGED', 'ACKNOWLEDGED']);
      await db.ownerPool.query(`update product_order set wakes_at = now() - interval '1 second' where id = $1`, [order.id.toString()]);
      await until(async () => (await readOrder(db.appPool, order))!.state === 'COMPLETED');
    } finally {
      await queue.stop();
    }
    expect(await s.spendable(account)).toBe('90.00');
  });

  it('a network that reports late, fails some and repeats itself ends every order, each once', async () => {
    const { s, account } = await shop('1000');
    const network = simulated(db, { delayMs: 20, failPerMille: 300, duplicates: 2 });
    const queue = bench.queue(bench.runner(network));
    await queue.start();
    try {
      const made = await Promise.all(Array.from({ length: 12 }, () => create(s, draft(account, [add('a', 'small')]))));
      await until(async () => (await Promise.all(made.map((order) => readOrder(db.appPool, order)))).every((order) => ['COMPLETED', 'FAILED'].includes(order!.state)));
      const states = (await products(s, account)).map(({ state }) => state);
      expect([...new Set(states)].sort()).toEqual(['ABORTED', 'ACTIVE']);
      expect(await s.spendable(account)).toBe(`${1000 - 10 * states.filter((state) => state === 'ACTIVE').length}.00`);
    } finally {
      await queue.stop();
    }
  });
});

describe('a network that answers by reports', () => {
  it('is waited for; a report twice changes nothing, another one is refused', async () => {
    const { s, account } = await shop();
    const network = new Hand();
    const order = await create(s, draft(account, [add('line', 'small', msisdn(NUMBER))]));
    expect(statesOf(await bench.runner(network).advance(order))).toEqual(['IN_PROGRESS', 'IN_PROGRESS']);
    expect(network.calls).toMatchObject([['fulfil', { itemKey: 'line', action: 'ADD', offering: { code: 'small', version: 1 }, identifiers: [{ value: NUMBER }] }]]);
    expect((await products(s, account)).map(({ state }) => state)).toEqual(['PENDING_ACTIVE']);
    await report(s, order, 'line', 'COMPLETED');
    const { version } = await report(s, order, 'line', 'COMPLETED');
    expect(version).toBe((await readOrder(db.appPool, order))!.version);
    expect(await codeOf(report(s, order, 'line', 'FAILED'))).toBe('CONFLICT');
    expect(statesOf(await bench.runner(network).advance(order))).toEqual(['COMPLETED', 'COMPLETED']);
    expect((await report(s, order, 'line', 'COMPLETED')).state).toBe('COMPLETED');
    expect(await codeOf(report(s, order, 'line', 'BLOCKED'))).toBe('CONFLICT');
    expect(await codeOf(report(s, order, 'none', 'COMPLETED'))).toBe('NOT_FOUND');
    expect(network.calls).toHaveLength(1);
  });

  it('may report many items at once: steps that share a transaction follow each other, and a refused one fails alone', async () => {
    const { s, account } = await shop();
    const network = new Hand();
    const [order, other] = [await create(s, draft(account, [add('a', 'small'), add('b', 'small'), add('c', 'addon')])), await create(s, draft(account, [add('d', 'addon')]))];
    for (const each of [order, other]) while ((await readOrder(db.appPool, each))!.items.some(({ phase }) => phase !== 'WAIT')) await bench.runner(network).advance(each);
    const before = (await readOrder(db.appPool, order))!.version;
    const outcomes = await Promise.all([
      codeOf(report(s, order, 'a', 'COMPLETED')), codeOf(report(s, order, 'a', 'CANCELLATION_ALLOWED')), codeOf(report(s, order, 'b', 'COMPLETED')), codeOf(report(s, order, 'none', 'COMPLETED')),
      codeOf(report(s, other, 'd', 'COMPLETED')), codeOf(report(s, order, 'c', 'COMPLETED')), codeOf(report(s, order, 'b', 'COMPLETED'))]);
    expect(outcomes).toEqual(['DONE', 'CONFLICT', 'DONE', 'NOT_FOUND', 'DONE', 'DONE', 'DONE']);
    expect((await readOrder(db.appPool, order))!).toMatchObject({ version: before + 3, items: [{ phase: 'APPLY' }, { phase: 'APPLY' }, { phase: 'APPLY' }] });
    expect(statesOf(await bench.runner(network).advance(order))).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED', 'COMPLETED']);
    expect(statesOf(await bench.runner(network).advance(other))).toEqual(['COMPLETED', 'COMPLETED']);
    expect((await products(s, account)).map(({ state }) => state)).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE', 'ACTIVE']);
  });

  it('may need information, or be blocked, and go on', async () => {
    const { s, account } = await shop();
    const order = await create(s, draft(account, [add('line', 'small')]));
    await bench.runner(new Hand()).advance(order);
    expect(statesOf(await report(s, order, 'line', 'INFORMATION_NEEDED', 'Which floor?'))).toEqual(['PENDING', 'PENDING']);
    expect((await readOrder(db.appPool, order))!.items[0]!.note).toBe('Which floor?');
    expect(await codeOf(report(s, order, 'line', 'BLOCKED'))).toBe('CONFLICT');
    expect(statesOf(await report(s, order, 'line', 'RESUMED'))).toEqual(['IN_PROGRESS', 'IN_PROGRESS']);
    expect(statesOf(await report(s, order, 'line', 'BLOCKED'))).toEqual(['HELD', 'HELD']);
    expect(statesOf(await report(s, order, 'line', 'COMPLETED'))).toEqual(['IN_PROGRESS', 'IN_PROGRESS']);
    expect(statesOf(await bench.runner(new Hand()).advance(order))).toEqual(['COMPLETED', 'COMPLETED']);
    expect(await steps(s, account)).toEqual(['ACKNOWLEDGED', 'IN_PROGRESS', 'PENDING', 'IN_PROGRESS', 'HELD', 'IN_PROGRESS', 'COMPLETED']);
  });

  it('that does not take a call is asked again, later', async () => {
    const { s, account } = await shop();
    const order = await create(s, draft(account, [add('line', 'small')]));
    const deaf: FulfilmentPort = Object.assign(new Hand(), { fulfil: async () => { throw new Error('503'); } });
    expect(statesOf(await bench.runner(deaf).advance(order))).toEqual(['IN_PROGRESS', 'IN_PROGRESS']);
    const [row] = await s.rows<{ attempts: number; wakes: boolean }>(account,
      'select i.attempts, o.wakes_at > now() as wakes from product_order o join product_order_item i on i.order_id = o.id where o.root_id = $1');
    expect(row).toEqual({ attempts: 1, wakes: true });
    await db.ownerPool.query(`update product_order_item set asked_at = now() - interval '25 hours' where order_id = $1`, [order.id.toString()]);
    await bench.runner(deaf).advance(order);
    const held = await readOrder(db.appPool, order);
    expect([held!.state, held!.items[0]!.note]).toEqual(['HELD', 'The network was not reached within a day: 503']);
  });
});

describe('cancelling', () => {
  it('of what nobody started is done at once', async () => {
    const { s, account } = await shop();
    const order = await create(s, draft(account, [add('a', 'small'), add('b', 'small')]));
    expect(await codeOf(cancel(s, order, 7))).toBe('CONFLICT');
    expect(statesOf(await cancel(s, order, 1))).toEqual(['CANCELLED', 'CANCELLED', 'CANCELLED']);
    expect(statesOf(await bench.runner().advance(order))).toEqual(['CANCELLED', 'CANCELLED', 'CANCELLED']);
    expect(await products(s, account)).toEqual([]);
  });

  it('asks the network about every item and undoes all of them', async () => {
    const { s, account } = await shop();
    const network = new Hand();
    const order = await create(s, draft(account, [add('a', 'small', msisdn(NUMBER)), add('b', 'small'), add('c', 'addon', { attachedToKey: 'a' })]));
    await bench.runner(network).advance(order);
    expect(statesOf(await cancel(s, order))).toEqual(['ASSESSING_CANCELLATION', 'ASSESSING_CANCELLATION', 'ASSESSING_CANCELLATION', 'ACKNOWLEDGED']);
    expect(await codeOf(cancel(s, order))).toBe('CONFLICT');
    await bench.runner(network).advance(order);
    expect(statesOf(await report(s, order, 'a', 'CANCELLATION_ALLOWED'))).toEqual(['ASSESSING_CANCELLATION', 'ASSESSING_CANCELLATION', 'ASSESSING_CANCELLATION', 'ACKNOWLEDGED']);
    expect(statesOf(await report(s, order, 'b', 'CANCELLATION_ALLOWED'))).toEqual(['PENDING_CANCELLATION', 'PENDING_CANCELLATION', 'PENDING_CANCELLATION', 'CANCELLED']);
    expect(await codeOf(report(s, order, 'a', 'COMPLETED'))).toBe('CONFLICT');
    await bench.runner(network).advance(order);
    for (const key of ['a', 'b', 'a']) await report(s, order, key, 'CANCELLED');
    expect(statesOf(await bench.runner(network).advance(order))).toEqual(['CANCELLED', 'CANCELLED', 'CANCELLED', 'CANCELLED']);
    expect(network.calls.map(([question, { itemKey }]) => `${question} ${itemKey}`)).toEqual(
      ['fulfil a', 'fulfil b', 'mayCancel a', 'mayCancel b', 'cancel a', 'cancel b']);
    expect((await products(s, account)).map(({ state }) => state)).toEqual(['CANCELLED', 'CANCELLED']);
    expect(await s.spendable(account)).toBe('100.00');
    expect(await steps(s, account)).toEqual(['ACKNOWLEDGED', 'IN_PROGRESS', 'ASSESSING_CANCELLATION', 'PENDING_CANCELLATION', 'CANCELLED']);
  });

  it('that one item denies leaves all where they were', async () => {
    const { s, account } = await shop();
    const order = await create(s, draft(account, [add('a', 'small'), add('b', 'small')]));
    await bench.runner(new Hand()).advance(order);
    await report(s, order, 'b', 'BLOCKED');
    await cancel(s, order);
    await report(s, order, 'a', 'CANCELLATION_ALLOWED');
    expect(statesOf(await report(s, order, 'b', 'CANCELLATION_DENIED'))).toEqual(['IN_PROGRESS', 'IN_PROGRESS', 'HELD']);
  });

  it('that the network\'s readiness crosses comes too late', async () => {
    const { s, account } = await shop();
    const order = await create(s, draft(account, [add('a', 'small'), add('b', 'small')]));
    await bench.runner(new Hand()).advance(order);
    await cancel(s, order);
    expect(statesOf(await report(s, order, 'a', 'COMPLETED'))).toEqual(['IN_PROGRESS', 'IN_PROGRESS', 'IN_PROGRESS']);
    await bench.runner(new Hand()).advance(order);
    expect(await codeOf(cancel(s, order))).toBe('CONFLICT');
    expect((await products(s, account)).map(({ state }) => state).sort()).toEqual(['ACTIVE', 'PENDING_ACTIVE']);
  });

  it('of a completed order is denied', async () => {
    const { s, account } = await shop();
    const order = await create(s, draft(account, [add('a', 'small')]));
    await bench.runner().advance(order);
    const before = await everything(s, account);
    expect(await codeOf(cancel(s, order))).toBe('CONFLICT');
    expect(await everything(s, account)).toBe(before);
  });
});

describe('refused before anything starts', () => {
  const stranger = 4_096_000n;
  it.each<[string, (productId: bigint, ended: bigint) => Partial<OrderDraft>, string]>([
    ['an offering that nobody sells', () => ({ items: [add('a', 'none')] }), 'OFFERING_NOT_SOLD'],
    ['a version that is not the one sold', () => ({ items: [add('a', 'small', { offeringVersion: 2 })] }), 'OFFERING_NOT_SOLD'],
    ['a circle', () => ({ items: [add('a', 'small', { reliesOn: ['b'] }), add('b', 'small', { reliesOn: ['a'] })] }), 'INVALID_INPUT'],
    ['an item that is not there', () => ({ items: [add('a', 'small', { reliesOn: ['z'] })] }), 'INVALID_INPUT'],
    ['a key twice', () => ({ items: [add('a', 'small'), add('a', 'small')] }), 'INVALID_INPUT'],
    ['no items', () => ({ items: [] }), 'INVALID_INPUT'],
    ['an add-on of what makes no product', (id) => ({ items: [remove('a', id), add('b', 'addon', { attachedToKey: 'a' })] }), 'INVALID_INPUT'],
    ['a number twice', () => ({ items: [add('a', 'small', msisdn(NUMBER)), add('b', 'small', msisdn(`+${NUMBER}`))] }), 'INVALID_INPUT'],
    ['no number', () => ({ items: [add('a', 'small', msisdn('no number'))] }), 'INVALID_INPUT'],
    ['a product twice', (id) => ({ items: [remove('a', id), modify('b', id, 'large')] }), 'INVALID_INPUT'],
    ['a start in the past', () => ({ items: [add('a', 'small')], requestedStart: Date.parse('2030-12-31T00:00:00Z') }), 'INVALID_INPUT'],
    ['a foreign product', () => ({ items: [remove('a', stranger)] }), 'NOT_FOUND'],
    ['a product that ended', (_, ended) => ({ items: [modify('a', ended, 'large')] }), 'CONFLICT'],
    ['the end of what ended', (_, ended) => ({ items: [remove('a', ended)] }), 'CONFLICT'],
    ['another version of the product', (id) => ({ items: [modify('a', id, 'large', { productVersion: 9 })] }), 'CONFLICT'],
    ['an order to take up that did not fail', () => ({ items: [add('a', 'small')], restarts: stranger }), 'NOT_FOUND'],
    ['an account that is not there', () => ({ items: [add('a', 'small')], accountId: stranger }), 'NOT_FOUND'],
  ])('%s', async (_, given, code) => {
    const { s, account } = await shop();
    const done = await bench.runner().advance(await create(s, draft(account, [add('x', 'small'), add('y', 'small')])));
    const [living, ended] = done!.items.map(({ productId }) => productId);
    await bench.runner().advance(await create(s, draft(account, [remove('y', ended!)])));
    const before = await everything(s, account);
    expect(await codeOf(create(s, draft(account, [], given(living!, ended!))))).toBe(code);
    expect(await everything(s, account)).toBe(before);
  });

  it('says which version is sold now, and leaves the external id free', async () => {
    const { s, account } = await shop();
    const wrong = draft(account, [add('a', 'small', { offeringVersion: 4 })], { externalId: 'free-again' });
    await expect(create(s, wrong)).rejects.toMatchObject({ userError: { soldVersion: 1, path: ['items', '0', 'offeringVersion'] } });
    await create(s, { ...wrong, items: [add('a', 'small', { offeringVersion: 1 })] });
  });

  it('a change of a product that another open order changes', async () => {
    const { s, account } = await shop();
    const done = await bench.runner().advance(await create(s, draft(account, [add('x', 'small')])));
    const id = done!.items[0]!.productId;
    const open = await create(s, draft(account, [modify('a', id, 'large')]));
    expect(await codeOf(create(s, draft(account, [remove('a', id)])))).toBe('CONFLICT');
    await cancel(s, open);
    expect(await codeOf(create(s, draft(account, [remove('a', id)])))).toBe('DONE');
  });
});

describe('an external id', () => {
  it('that comes again, twenty at once, is the same order; with another content it is refused', async () => {
    const { s, account } = await shop();
    const given = draft(account, [add('a', 'small', msisdn(NUMBER))], { externalId: 'double-click' });
    const made = await Promise.all(Array.from({ length: 20 }, () => create(s, given)));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(await codeOf(create(s, { ...given, items: [add('a', 'large')] }))).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(await codeOf(create(s, { ...given, channel: 'shop', items: [add('a', 'large')] }))).toBe('DONE');
    const { rowCount } = await db.appPool.query(`select from audit_log where tenant_id = $1 and operation = 'productOrderCreate' and result = 'DONE'`, [s.tenantId]);
    expect(rowCount).toBe(2);
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let round = 0; round < 400; round += 1) {
    if (await holds()) return;
    await new Promise((resolve) => { setTimeout(resolve, 25); });
  }
  throw new Error('It did not come to be in time.');
}
