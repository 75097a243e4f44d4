import type { PoolClient } from 'pg';
import { Conductor } from '../../src/charging';
import { storeFreshOrders } from '../../src/ordering';
import type { OrderDraft } from '../../src/ordering/order-draft';
import type { Order } from '../../src/ordering/order.types';
import { Refusal } from '../../src/platform/errors';
import { SELECT_HELD, SELECT_HELD_NOW, TIDY } from '../../src/slice/sql/reservation.sql';
import { changeMasterData } from '../../src/tenant';
import { createTestDatabase, TestDatabase } from '../support';
import { agentKey, worldConductor, WorldAccount } from '../support/world';
import { expectSoundBooks } from './money-scenario';
import { add, agentOf, draft, modify, openOrderingBench, simulated, statesOf } from './ordering-world';
import { addSlice, AREA, openSliceShop, orderSlice, sliceOffering, SliceShop, sliceTerms } from './slice-world';

/** Slices from the order to the end: what is reserved, what is refused, and what is left of it. */
let db: TestDatabase;
let conductor: Conductor;
let shop: SliceShop;
let account: WorldAccount;

beforeAll(async () => {
  db = await createTestDatabase();
  conductor = worldConductor(db, { lanes: 1 });
});
beforeEach(async () => {
  shop = await openSliceShop(db, conductor);
  await shop.launch(sliceOffering('hospital'), sliceTerms());
  account = await shop.tenant();
});
afterEach(async () => {
  await expectSoundBooks(db);
  await shop.bench.close();
});
afterAll(async () => {
  await conductor.drain();
  await db.dispose();
});

const create = (given: OrderDraft): Promise<Order> => shop.bench.orders.create(agentOf(shop.s.tenantId), () => given);
const refusalOf = async (work: Promise<unknown>): Promise<unknown> => work.then(() => 'DONE', (error: Refusal) => error.userError ?? error);
const at = (text: string): number => Date.parse(text);
interface Reserved { state: string; from: string; until: string | null; downlink: string }
const reserved = (): Promise<Reserved[]> => db.appPool.query<Reserved>(
  `select state, to_char(valid_from at time zone 'UTC', 'MM-DD HH24:MI') as from, to_char(valid_until at time zone 'UTC', 'MM-DD HH24:MI') as until,
          downlink_kbps as downlink from slice_reservation where tenant_id = $1 order by product_id`, [shop.s.tenantId]).then(({ rows }) => rows);
const fees = () => shop.s.rows<{ net: string }>(account, `select net::text from charge where root_id = $1 and source = 'renewal' order by position`);

describe('an ordered slice', () => {
  it('holds its capacity from the order on, begins with its purchase order and pays its fee', async () => {
    const order = await create(draft(account, [addSlice('a', 'hospital')], { purchaseOrder: 'PO 4711/b' }));
    expect(await reserved()).toEqual([{ state: 'HELD', from: '01-01 00:00', until: null, downlink: '10000' }]);
    expect(statesOf(await shop.bench.runner().advance(order))).toEqual(['COMPLETED', 'COMPLETED']);
    expect(await shop.s.rows(account, 'select state, purchase_order, account_wide from product where root_id = $1'))
      .toEqual([{ state: 'ACTIVE', purchase_order: 'PO 4711/b', account_wide: false }]);
    expect(await fees()).toEqual([{ net: '600000000' }]);
    expect(order.purchaseOrder).toBe('PO 4711/b');
  });

  it('of six hours is a product of six hours', async () => {
    await shop.launch(sliceOffering('event', { periodKind: 'HOUR', periodLength: 6 }), sliceTerms({ snssai: { sst: 2 } }));
    await orderSlice(shop, account, 'event', { until: at('2031-01-01T06:00:00Z') });
    expect(await shop.s.product(account)).toMatchObject({ state: 'PENDING_TERMINATE', ended_at: new Date('2031-01-01T06:00:00Z') });
    await shop.s.moveTo('2031-01-01T07:00:00Z');
    await conductor.touch(shop.s.tenantId, [account]);
    expect(await shop.s.product(account)).toMatchObject({ state: 'TERMINATED' });
    expect(await fees()).toEqual([{ net: '600000000' }]);
  });

  it('with an end pays the days until then', async () => {
    await orderSlice(shop, account, 'hospital', { until: at('2031-01-11T00:00:00Z') });
    // Ten of the 31 days of January.
    expect(await fees()).toEqual([{ net: '193548387' }]);
  });

  it('that starts later holds its time only, and another fits before it', async () => {
    await shop.launch(sliceOffering('whole'), sliceTerms({ snssai: { sst: 3 } }, { downlinkThroughputGuaranteed: { amount: 100n, unit: 'MBIT_PER_SECOND' } }));
    await create(draft(account, [addSlice('a', 'whole')], { requestedStart: at('2031-02-01T00:00:00Z') }));
    await create(draft(account, [addSlice('a', 'whole', { until: at('2031-02-01T00:00:00Z') })]));
    expect(await refusalOf(create(draft(account, [addSlice('a', 'hospital', { until: at('2031-03-01T00:00:00Z') })])))).toMatchObject({
      code: 'SLICE_CAPACITY_EXCEEDED', area: AREA, measure: 'DOWNLINK_KBPS', wanted: 10_000n, free: 0n, path: ['items', '0', 'slice', 'area'],
    });
  });
});

describe('what does not fit', () => {
  it.each([
    ['downlink', { downlinkThroughputGuaranteed: { amount: 101n, unit: 'MBIT_PER_SECOND' as const } }, 'DOWNLINK_KBPS', 101_000n, 90_000n],
    ['uplink', { uplinkThroughputGuaranteed: { amount: 1n, unit: 'GBIT_PER_SECOND' as const } }, 'UPLINK_KBPS', 1_000_000n, 99_000n],
    ['devices', { maxNumberOfUEs: 98n }, 'DEVICES', 98n, 97n],
  ])('of %s is told with what is free and from when', async (_, profile, measure, wanted, free) => {
    await shop.launch(sliceOffering('large'), sliceTerms({}, profile));
    const order = await create(draft(account, [addSlice('a', 'hospital')], { requestedStart: at('2031-01-05T00:00:00Z') }));
    expect(await refusalOf(create(draft(account, [addSlice('a', 'large')])))).toMatchObject({ measure, wanted, free, from: new Date('2031-01-05T00:00:00Z') });
    // One that is cancelled before it began gives all of it back.
    await shop.bench.orders.cancel(agentOf(shop.s.tenantId), order.id, null);
    expect(await reserved()).toMatchObject([{ state: 'RELEASED' }]);
  });

  it('counts the items of one order together', async () => {
    const items = Array.from({ length: 11 }, (_, index) => addSlice(`i${index}`, 'hospital'));
    expect(await refusalOf(create(draft(account, items)))).toMatchObject({ code: 'SLICE_CAPACITY_EXCEEDED', free: 0n, path: ['items', '10', 'slice', 'area'] });
    expect(await reserved()).toEqual([]);
    expect((await create(draft(account, items.slice(0, 10)))).state).toBe('ACKNOWLEDGED');
  });

  it('64 orders at once over two services never oversell', async () => {
    const other = await openOrderingBench(db, conductor);
    const accounts = await Promise.all(Array.from({ length: 8 }, () => shop.tenant()));
    const told = await Promise.all(Array.from({ length: 64 }, (_, index) => refusalOf((index % 2 === 0 ? shop.bench : other).orders.create(
      agentOf(shop.s.tenantId), () => draft(accounts[index % 8]!, [addSlice('a', 'hospital')])))));
    await other.close();
    // 100 Mbit/s hold ten times ten.
    expect(told.filter((answer) => answer === 'DONE')).toHaveLength(10);
    expect(told.filter((answer) => (answer as { code?: string }).code === 'SLICE_CAPACITY_EXCEEDED')).toHaveLength(54);
    expect(await reserved()).toHaveLength(10);
  }, 60_000);
});

describe('what is wrong with an order', () => {
  const CASES: readonly [string, () => OrderDraft, string, string[]][] = [
    ['a slice without its area', () => draft(account, [add('a', 'hospital')]), 'INVALID_INPUT', ['items', '0', 'slice']],
    ['an area that is not there', () => draft(account, [addSlice('a', 'hospital', { area: 'atlantis' })]), 'NOT_FOUND', ['items', '0', 'slice', 'area']],
    ['an area of broken letters', () => draft(account, [addSlice('a', 'hospital', { area: 'dub lin' })]), 'INVALID_INPUT', ['items', '0', 'slice', 'area']],
    ['an end at the start', () => draft(account, [addSlice('a', 'hospital', { until: at('2031-02-01T00:00:00Z') })], { requestedStart: at('2031-02-01T00:00:00Z') }), 'INVALID_INPUT', ['items', '0', 'slice', 'until']],
    ['an end in a mistyped year', () => draft(account, [addSlice('a', 'hospital', { until: at('2301-02-01T00:00:00Z') })]), 'INVALID_INPUT', ['items', '0', 'slice', 'until']],
    ['a device that is none', () => draft(account, [addSlice('a', 'hospital', { devices: [{ kind: 'IMSI', value: '12' }] })]), 'INVALID_INPUT', ['items', '0', 'slice', 'devices', '0', 'value']],
    ['a device twice', () => draft(account, [addSlice('a', 'hospital', { devices: ['353861', '+353 861'].map((value) => ({ kind: 'MSISDN' as const, value })) })]), 'INVALID_INPUT', ['items', '0', 'slice', 'devices', '1', 'value']],
    ['more devices than it admits', () => draft(account, [addSlice('a', 'hospital', { devices: ['1', '2', '3', '4'].map((value) => ({ kind: 'DEVICE_ID' as const, value })) })]), 'DEVICE_LIMIT_REACHED', ['items', '0', 'slice', 'devices']],
    ['a purchase order of a line break', () => draft(account, [addSlice('a', 'hospital')], { purchaseOrder: 'a\nb' }), 'INVALID_INPUT', ['purchaseOrderNumber']],
    ['a purchase order of 65', () => draft(account, [addSlice('a', 'hospital')], { purchaseOrder: 'x'.repeat(65) }), 'INVALID_INPUT', ['purchaseOrderNumber']],
  ];
  it.each(CASES)('%s', async (_, given, code, path) => {
    expect(await refusalOf(create(given()))).toMatchObject({ code, path });
    expect(await reserved()).toEqual([]);
  });

  it('an area for what is no slice', async () => {
    await shop.s.offering({ code: 'plain', period: 'CALENDAR_MONTH', fee: '1' });
    expect(await refusalOf(create(draft(account, [addSlice('a', 'plain')])))).toMatchObject({ code: 'INVALID_INPUT', path: ['items', '0', 'slice'] });
  });

  it('a change from a slice, or to one', async () => {
    await shop.s.offering({ code: 'plain', period: 'CALENDAR_MONTH', fee: '1' });
    const slice = await orderSlice(shop, account, 'hospital');
    const plain = BigInt(((await conductor.activate(agentKey(shop.s.tenantId, 'p'), {
      accountId: account.id, offeringCode: 'plain', startedAt: null, identifiers: [], attachedTo: null })) as { answer: { productId: string } }).answer.productId);
    expect(await refusalOf(create(draft(account, [modify('a', slice, 'plain')])))).toMatchObject({ code: 'CONFLICT', path: ['items', '0', 'productId'] });
    expect(await refusalOf(create(draft(account, [modify('a', plain, 'hospital')])))).toMatchObject({ code: 'CONFLICT', path: ['items', '0', 'offering'] });
    const change = (productId: bigint, offeringCode: string) => conductor.products.changeOffering(agentKey(shop.s.tenantId, `c${productId}`),
      { productId, offeringCode, offeringVersion: null, when: 'NOW', expectedVersion: null });
    expect(await change(slice, 'plain')).toMatchObject({ ok: false, errors: [{ code: 'CONFLICT', path: ['productId'] }] });
    expect(await change(plain, 'hospital')).toMatchObject({ ok: false, errors: [{ code: 'CONFLICT', path: ['offeringCode'] }] });
  });
});

describe('past the order room', () => {
  it('many orders of new accounts make none, which is asked once for all of them', async () => {
    await shop.s.offering({ code: 'plain', period: 'CALENDAR_MONTH', fee: '1' });
    const accounts = [account, await shop.tenant(), await shop.tenant()];
    const orders = accounts.map((fresh, index) =>
      ({ account: fresh, draft: draft(fresh, [add('a', 'plain'), add('b', index === 2 ? 'hospital' : 'plain')]) }));
    const asked: string[] = [];
    const stored = changeMasterData(shop.data, (change) => {
      const query = (...args: Parameters<PoolClient['query']>) => {
        asked.push(JSON.stringify(args[0]));
        return change.client.query(...args);
      };
      return storeFreshOrders({ ...change, client: Object.create(change.client, { query: { value: query } }) as PoolClient }, agentOf(shop.s.tenantId), orders);
    });
    expect(await refusalOf(stored)).toMatchObject({ code: 'INVALID_INPUT', path: ['items', '1'], message: 'A slice is ordered by itself: its capacity must be reserved.' });
    expect(asked.filter((text) => text.includes('slice_terms'))).toHaveLength(1);
    expect(await shop.s.rows(account, 'select id from product_order where root_id = $1')).toEqual([]);
  });

  it('no slice is made, by activation or from another system', async () => {
    expect(await shop.s.activate(account, 'hospital')).toMatchObject({ ok: false, errors: [{ code: 'NOT_ALLOWED', message: expect.stringContaining('productOrderCreate') as unknown }] });
    expect(await conductor.migrate(agentKey(shop.s.tenantId, 'm'), { kind: 'PRODUCT', accountId: account.id, offering: 'hospital', startedAt: at('2030-12-01T00:00:00Z'),
      billedUntil: at('2031-02-01T00:00:00Z'), contractEndsAt: null, identifiers: [], attachedTo: null })).toMatchObject({ ok: false, errors: [{ code: 'NOT_ALLOWED', path: ['offering'] }] });
  });

  it('an end is not taken back, and moves to an earlier instant only', async () => {
    const productId = await orderSlice(shop, account, 'hospital', { until: at('2031-01-11T00:00:00Z') });
    const key = (name: string) => agentKey(shop.s.tenantId, name);
    expect(await conductor.products.withdrawEnd(key('w'), { productId })).toMatchObject({ ok: false, errors: [{ code: 'CONFLICT', path: ['productId'] }] });
    expect(await conductor.terminate(key('l'), { productId, at: at('2031-01-12T00:00:00Z') })).toMatchObject({ ok: false, errors: [{ code: 'CONFLICT', path: ['at'] }] });
    expect(await conductor.terminate(key('e'), { productId, at: at('2031-01-05T00:00:00Z') })).toMatchObject({ ok: true });
    // What is free from the earlier end on can be sold from there on.
    await shop.launch(sliceOffering('whole'), sliceTerms({ snssai: { sst: 3 } }, { downlinkThroughputGuaranteed: { amount: 100n, unit: 'MBIT_PER_SECOND' } }));
    await create(draft(account, [addSlice('a', 'whole')], { requestedStart: at('2031-01-05T00:00:00Z') }));
    expect(await reserved()).toMatchObject([{ until: '01-05 00:00' }, { state: 'HELD' }]);
  });
});

describe('an order that is interrupted', () => {
  it('between the beginning and the naming of the end still ends rightly', async () => {
    const order = await create(draft(account, [addSlice('a', 'hospital', { until: at('2031-01-11T00:00:00Z') })]));
    const killed = { ...conductor, products: conductor.products, now: conductor.now.bind(conductor), terminate: () => { throw new Error('killed'); } } as unknown as Conductor;
    const half = await openOrderingBench(db, killed);
    await expect(half.runner().advance(order)).rejects.toThrow('killed');
    await half.close();
    expect(await shop.s.product(account)).toMatchObject({ state: 'ACTIVE', ended_at: new Date('2031-01-11T00:00:00Z') });
    await shop.s.moveTo('2031-01-20T00:00:00Z');
    expect(statesOf(await shop.bench.runner().advance(order))).toEqual(['COMPLETED', 'COMPLETED']);
    expect(await shop.s.product(account)).toMatchObject({ state: 'TERMINATED', ended_at: new Date('2031-01-11T00:00:00Z') });
  });

  it('until its end has passed fails with a note and gives all back', async () => {
    const order = await create(draft(account, [addSlice('a', 'hospital', { until: at('2031-01-02T00:00:00Z') })]));
    await shop.s.moveTo('2031-01-03T00:00:00Z');
    const done = await shop.bench.runner().advance(order);
    expect(done).toMatchObject({ state: 'FAILED', items: [{ state: 'FAILED', errorCode: 'CONFLICT', note: expect.stringContaining('end has passed') as unknown }] });
    expect(await reserved()).toMatchObject([{ state: 'RELEASED' }]);
  });

  it('by the network gives all back in the moment of its failure', async () => {
    const order = await create(draft(account, [addSlice('a', 'hospital')]));
    expect(statesOf(await shop.bench.runner(simulated(db, { failPerMille: 1000 })).advance(order))).toEqual(['FAILED', 'FAILED']);
    expect(await reserved()).toMatchObject([{ state: 'RELEASED' }]);
  });

  it('because what it relies on failed gives all back', async () => {
    const order = await create(draft(account, [addSlice('a', 'hospital'), { ...addSlice('b', 'hospital'), reliesOn: ['a'] }]));
    const done = await shop.bench.runner(simulated(db, { failPerMille: 1000 })).advance(order);
    expect(done!.items.map(({ errorCode }) => errorCode)).toEqual(['FULFILMENT_FAILED', 'DEPENDENCY_FAILED']);
    expect(await reserved()).toMatchObject([{ state: 'RELEASED' }, { state: 'RELEASED' }]);
  });
});

describe('what was held in the past', () => {
  it('is left as it was by orders that come later', async () => {
    const productId = await orderSlice(shop, account, 'hospital', { until: at('2031-01-11T00:00:00Z') });
    expect(await conductor.terminate(agentKey(shop.s.tenantId, 'e'), { productId, at: at('2031-01-05T00:00:00Z') })).toMatchObject({ ok: true });
    await shop.s.moveTo('2031-02-01T00:00:00Z');
    await create(draft(account, [addSlice('a', 'hospital')]));
    expect(await reserved()).toMatchObject([{ state: 'HELD', until: '01-11 00:00' }, { state: 'HELD', from: '02-01 00:00' }]);
  });

  it('is not walked again: what is asked for is found by area and time', async () => {
    const owner = await db.ownerPool.connect();
    try {
      await owner.query('begin');
      await owner.query(`insert into slice_reservation (tenant_id, product_id, shard, root_id, account_id, order_id, item_key, area_id, offering_version_id, snssai,
          valid_from, valid_until, downlink_kbps, uplink_kbps, devices)
        select a.tenant_id, n * 4096, 0, 0, 0, 0, 'a', a.id, 0, '1', '2020-01-01'::timestamptz + n * interval '1 hour', '2020-01-01'::timestamptz + (n + 6) * interval '1 hour', 1, 1, 1
          from slice_area a, generate_series(1, 20000) n where a.tenant_id = $1`, [shop.s.tenantId]);
      await owner.query('analyze slice_reservation');
      const { rows: [area] } = await owner.query<{ id: string }>('select id from slice_area where tenant_id = $1', [shop.s.tenantId]);
      for (const text of [TIDY, SELECT_HELD, SELECT_HELD_NOW]) {
        const { rows } = await owner.query<{ 'QUERY PLAN': string }>(`explain ${text}`, [shop.s.tenantId, [area!.id], '2031-01-01T00:00:00Z']);
        const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
        expect(plan).toMatch(/Index Cond: \(\(area_id = .*\) AND \(tstzrange\(valid_from, valid_until\) && /);
        expect(plan).not.toContain('Seq Scan on slice_reservation');
      }
    } finally {
      await owner.query('rollback');
      owner.release();
    }
  });
});

describe('an area', () => {
  const set = (more: object) => shop.services.sliceAreas.set(shop.manager, { code: AREA, name: 'Dublin 4', downlinkKbps: 100_000n, uplinkKbps: 100_000n, devices: 100n, ...more });

  it('is never below what is reserved at a coming instant, and says when and how much', async () => {
    await create(draft(account, [addSlice('a', 'hospital', { until: at('2031-02-11T00:00:00Z') })], { requestedStart: at('2031-02-01T00:00:00Z') }));
    expect(await refusalOf(set({ downlinkKbps: 9_999n }))).toMatchObject({
      code: 'CONFLICT', path: ['downlinkKbps'], message: 'From 2031-02-01T00:00:00.000Z on 10000 kbit/s downlink are reserved.' });
    expect(await refusalOf(set({ devices: 2n }))).toMatchObject({ code: 'CONFLICT', path: ['devices'] });
    expect(await set({ downlinkKbps: 10_000n, devices: 3n })).toMatchObject({ version: 2 });
  });

  it('is changed by the version that was seen, and of whole amounts', async () => {
    expect(await refusalOf(set({ expectedVersion: 2 }))).toMatchObject({ code: 'CONFLICT', path: ['expectedVersion'] });
    expect(await refusalOf(set({ code: 'new', expectedVersion: 1 }))).toMatchObject({ code: 'NOT_FOUND', path: ['code'] });
    expect(await refusalOf(set({ uplinkKbps: -1n }))).toMatchObject({ code: 'INVALID_INPUT', path: ['uplinkKbps'] });
    expect(await refusalOf(set({ code: 'a b' }))).toMatchObject({ code: 'INVALID_INPUT', path: ['code'] });
    expect(await set({ expectedVersion: 1, name: 'Ballsbridge' })).toMatchObject({ version: 2, name: 'Ballsbridge' });
  });
});
