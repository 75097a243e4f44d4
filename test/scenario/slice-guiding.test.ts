import type { Pool } from 'pg';
import { Conductor } from '../../src/charging';
import { Refusal } from '../../src/platform/errors';
import { quantity } from '../../src/platform/money';
import { HAS_OVERLAPS, SELECT_OVERLAPS } from '../../src/slice/sql/device.sql';
import type { UsageEvent } from '../../src/usage/usage.types';
import { createTestDatabase, TestDatabase } from '../support';
import { agentKey, call, flatRate, worldConductor, WorldAccount } from '../support/world';
import { expectSoundBooks } from './money-scenario';
import { agentOf, draft } from './ordering-world';
import { addSlice, openSliceShop, orderSlice, sliceOffering, SliceShop, sliceTerms } from './slice-world';

/** Who pays what a device uses in a slice: its tenant or the device, by the usage's own time, never both, whichever node is asked. */
let db: TestDatabase;
let conductor: Conductor;
let other: Conductor;
let shop: SliceShop;
let tenant: WorldAccount;
let owner: WorldAccount;
let slice: bigint;
const DEVICE = '353860000007';
const SNSSAI = '1-00AB3F';

beforeAll(async () => {
  db = await createTestDatabase();
  [conductor, other] = [worldConductor(db, { lanes: 1 }), worldConductor(db, { lanes: 1 })];
});
beforeEach(async () => {
  shop = await openSliceShop(db, conductor);
  await shop.launch(sliceOffering('hospital'), sliceTerms());
  await shop.s.offering({ code: 'mobile', usage: [{ kind: 'DATA', unit: 'BYTE', per: '1000000', rates: flatRate('1') }] });
  tenant = await shop.tenant();
  owner = await shop.tenant();
  expect(await shop.s.activate(owner, 'mobile', { number: DEVICE })).toMatchObject({ ok: true });
  slice = await orderSlice(shop, tenant, 'hospital');
});
afterEach(async () => {
  await expectSoundBooks(db);
  await shop.bench.close();
});
afterAll(async () => {
  await Promise.all([conductor.drain(), other.drain()]);
  await db.dispose();
});

const data = (more: Partial<UsageEvent> = {}): Partial<UsageEvent> => ({
  kind: 'DATA', unit: 'BYTE', quantity: quantity(1_000_000n), direction: null, otherParty: null, attributes: { snssai: SNSSAI }, ...more });
/** A megabyte: 0.10 of the slice, 1 of the device. */
const use = (more: Partial<UsageEvent> = {}, by = conductor, at?: string) => shop.s.charge(DEVICE, { over: data(more), by, at });
const admission = (more: object = {}) => ({ productId: slice, kind: 'MSISDN' as const, value: DEVICE, from: null, until: null, ...more });
const admit = (more: object = {}) => shop.services.sliceDevices.admit(agentOf(shop.s.tenantId), shop.caller, admission(more));
const remove = (at: Date | null = null) => shop.services.sliceDevices.remove(agentOf(shop.s.tenantId), shop.caller, { ...admission(), at });
const refusalOf = async (work: Promise<unknown>): Promise<unknown> => work.then(() => 'DONE', (error: Refusal) => error.userError ?? error);
/** How many usages each of the two accounts paid. */
const paid = async (): Promise<[number, number]> => {
  const of = async (account: WorldAccount) => (await shop.s.rows<{ n: number }>(account,
    `select count(*)::int as n from charge where root_id = $1 and source = 'test' and status = 'CHARGED'`))[0]!.n;
  return [await of(tenant), await of(owner)];
};

it('the tenant pays for an admitted device in the slice, the device for everything else', async () => {
  await admit();
  expect(await use()).toMatchObject({ status: 'CHARGED', gross: '0.10' });
  expect(await use({ attributes: {} })).toMatchObject({ status: 'CHARGED', gross: '1.00' });
  expect(await use({ attributes: { snssai: '1' } })).toMatchObject({ status: 'CHARGED', gross: '1.00' });
  expect(await use({ attributes: { snssai: '200-FFFFFE' } })).toMatchObject({ status: 'CHARGED', gross: '1.00' });
  expect(await paid()).toEqual([1, 3]);
});

it('the device pays in a slice whose offering says so', async () => {
  await shop.launch(sliceOffering('gaming'), sliceTerms({ snssai: { sst: 2 }, payer: 'DEVICE' }));
  slice = await orderSlice(shop, tenant, 'gaming', { devices: [{ kind: 'MSISDN', value: DEVICE }] });
  expect(await use({ attributes: { snssai: '2' } })).toMatchObject({ status: 'CHARGED', gross: '1.00' });
  expect(await paid()).toEqual([0, 1]);
});

it('devices of the order are in it from its first instant to its end', async () => {
  await shop.launch(sliceOffering('event'), sliceTerms({ snssai: { sst: 2 } }));
  const product = await orderSlice(shop, tenant, 'event', { until: Date.parse('2031-01-01T06:00:00Z'), devices: [{ kind: 'MSISDN', value: DEVICE }] });
  await shop.s.moveTo('2031-01-01T07:00:00Z');
  const at = async (instant: string) => (await use({ attributes: { snssai: '2' } }, conductor, instant)).gross;
  expect([await at('2031-01-01T05:59:59.999Z'), await at('2031-01-01T06:00:00Z')]).toEqual(['0.10', '1.00']);
  expect(product).not.toBe(slice);
});

it('the usage\'s own time decides: before, in and after the admission', async () => {
  await admit({ from: new Date('2031-01-02T00:00:00Z'), until: new Date('2031-01-03T00:00:00Z') });
  await shop.s.moveTo('2031-01-04T00:00:00Z');
  const at = async (instant: string) => (await use({}, conductor, instant)).gross;
  expect([await at('2031-01-01T23:59:59.999Z'), await at('2031-01-02T00:00:00Z'), await at('2031-01-02T23:59:59.999Z'), await at('2031-01-03T00:00:00Z')])
    .toEqual(['1.00', '0.10', '0.10', '1.00']);
  expect(await paid()).toEqual([2, 2]);
});

it('a device that was removed pays itself, also on a node that remembers it in the slice', async () => {
  await admit();
  for (const by of [conductor, other]) expect(await use({}, by)).toMatchObject({ gross: '0.10' });
  await remove();
  for (const by of [other, conductor]) expect(await use({}, by)).toMatchObject({ gross: '1.00' });
  await admit();
  for (const by of [other, conductor]) expect(await use({}, by)).toMatchObject({ gross: '0.10' });
  expect(await paid()).toEqual([4, 2]);
});

it('moves to another slice of the S-NSSAI on nodes that remember the first', async () => {
  await admit();
  for (const by of [conductor, other]) await use({}, by);
  await remove();
  const [second] = [await shop.tenant()];
  slice = await orderSlice(shop, second, 'hospital');
  await admit();
  for (const by of [other, conductor]) expect(await use({}, by)).toMatchObject({ gross: '0.10' });
  expect(await paid()).toEqual([2, 0]);
  expect(await shop.s.rows(second, `select count(*)::int as n from charge where root_id = $1 and source = 'test'`)).toEqual([{ n: 2 }]);
});

it('a usage that starts a little ahead of an admission that is still to come is the device\'s own', async () => {
  await admit({ from: new Date(await conductor.now(shop.s.tenantId) + 60_000) });
  expect(await use({ startedAt: await conductor.now(shop.s.tenantId) + 90_000 })).toMatchObject({ status: 'CHARGED', gross: '1.00' });
});

it('a suspended slice refuses, and the device does not pay instead', async () => {
  await admit();
  await conductor.products.suspend(agentKey(shop.s.tenantId, 's'), { productId: slice, reason: 'FRAUD', level: 'ALL' });
  expect(await use()).toMatchObject({ status: 'REFUSED', code: 'PRODUCT_SUSPENDED' });
  expect(await paid()).toEqual([0, 0]);
});

it('a slice that has ended pays no more; what it used before, late, it still does', async () => {
  await admit();
  await shop.s.moveTo('2031-01-05T00:00:00Z');
  await conductor.terminate(agentKey(shop.s.tenantId, 't'), { productId: slice, at: null });
  expect(await use()).toMatchObject({ gross: '1.00' });
  expect(await use({}, other, '2031-01-04T00:00:00Z')).toMatchObject({ gross: '0.10' });
});

it('each of many usages at once is charged once over both accounts, over two nodes, sent twice', async () => {
  await admit();
  const now = await conductor.now(shop.s.tenantId);
  const events = Array.from({ length: 40 }, (_, index) => call(DEVICE, 1n, {
    tenantId: shop.s.tenantId, usageId: `many-${shop.s.tenantId}-${index}`, startedAt: now, ...data(index % 2 === 0 ? {} : { attributes: {} }) }));
  const options = { delivered: false, lateLimitDays: undefined };
  const answers = (await Promise.all([conductor.chargeUsage(events, options), other.chargeUsage(events, options)])).flat();
  expect(answers.filter(({ status }) => status === 'CHARGED')).toHaveLength(80);
  expect(answers.filter(({ duplicate }) => duplicate)).toHaveLength(40);
  expect(await paid()).toEqual([20, 20]);
});

it('what the product counts itself is the slice\'s, by the id of its product', async () => {
  const counted = (value: string) => shop.s.charge('', { over: data({ subscriber: { kind: 'SLICE', value }, source: 'slice', attributes: {} }) });
  expect(await counted(slice.toString())).toMatchObject({ status: 'CHARGED', gross: '0.10' });
  expect(await counted((slice + 4096n).toString())).toMatchObject({ status: 'QUARANTINED', code: 'UNKNOWN_SUBSCRIBER' });
});

describe('a device', () => {
  const at = (day: string) => new Date(`2031-01-${day}T00:00:00Z`);

  it('is in one slice of an S-NSSAI at a time', async () => {
    await admit({ from: at('02'), until: at('05') });
    slice = await orderSlice(shop, await shop.tenant(), 'hospital');
    expect(await refusalOf(admit({ from: at('04') }))).toMatchObject({ code: 'ALREADY_EXISTS', path: ['identifier'] });
    expect(await admit({ from: at('05') })).toMatchObject({ valid_from: at('05'), valid_until: null });
    const order = () => draft(tenant, [addSlice('a', 'hospital', { devices: [{ kind: 'MSISDN', value: DEVICE }] })]);
    expect(await refusalOf(shop.bench.orders.create(agentOf(shop.s.tenantId), order))).toMatchObject({ code: 'ALREADY_EXISTS', path: ['items', '0', 'slice', 'devices', '0', 'value'] });
  });

  it('that comes to another slice later is free until then', async () => {
    await admit({ from: at('08') });
    await shop.launch(sliceOffering('event', { periodKind: 'HOUR', periodLength: 6 }), sliceTerms());
    const order = (until: Date) => shop.bench.orders.create(agentOf(shop.s.tenantId),
      () => draft(tenant, [addSlice('a', 'event', { until: until.getTime(), devices: [{ kind: 'MSISDN', value: DEVICE }] })]));
    expect(await refusalOf(order(new Date(at('08').getTime() + 1)))).toMatchObject({ code: 'ALREADY_EXISTS', path: ['items', '0', 'slice', 'devices', '0', 'value'] });
    expect(await shop.bench.runner().advance(await order(at('08')))).toMatchObject({ state: 'COMPLETED' });
  });

  it('stands in one slice of an S-NSSAI in an order', async () => {
    await shop.launch(sliceOffering('other'), sliceTerms({ snssai: { sst: 2 } }));
    const order = (...offerings: string[]) => shop.bench.orders.create(agentOf(shop.s.tenantId), () => draft(tenant, offerings.map((offering, index) =>
      addSlice(`i${index}`, offering, { devices: [{ kind: 'DEVICE_ID', value: `own-${index}` }, { kind: 'MSISDN', value: DEVICE }] }))));
    expect(await refusalOf(order('other', 'hospital', 'hospital'))).toMatchObject({ code: 'INVALID_INPUT', path: ['items', '2', 'slice', 'devices', '1', 'value'] });
    expect(await shop.bench.runner().advance(await order('other', 'hospital'))).toMatchObject({ state: 'COMPLETED' });
  });

  it('that is taken between order and beginning fails the item, and nothing of the slice is left', async () => {
    const order = await shop.bench.orders.create(agentOf(shop.s.tenantId), () => draft(tenant, [addSlice('a', 'hospital', { devices: [{ kind: 'MSISDN', value: DEVICE }] })]));
    await admit();
    expect(await shop.bench.runner().advance(order)).toMatchObject({ state: 'FAILED', items: [{ errorCode: 'ALREADY_EXISTS' }] });
    expect(await db.appPool.query('select state from slice_reservation where product_id = $1', [order.items[0]!.productId.toString()]).then(({ rows }) => rows)).toEqual([{ state: 'RELEASED' }]);
  });

  it('comes no more than the profile admits at any instant', async () => {
    for (const [value, from, until] of [['1', '02', '04'], ['2', '03', '05'], ['3', '03', '04']] as const) {
      await admit({ kind: 'DEVICE_ID', value, from: at(from), until: at(until) });
    }
    expect(await refusalOf(admit({ from: at('03') }))).toMatchObject({ code: 'DEVICE_LIMIT_REACHED', message: 'From 2031-01-03T00:00:00.000Z on 3 devices are in the slice; it admits 3.' });
    expect(await refusalOf(admit({ from: at('04') }))).toBe('DONE');
  });

  it('reads the others only where so many overlap that it might not fit', async () => {
    const asked: unknown[] = [];
    const { master } = shop.data.driver as unknown as { readonly master: Pool };
    master.on('acquire', (client) => {
      const query = client.query.bind(client) as (...args: unknown[]) => unknown;
      Object.assign(client, { query: (...args: unknown[]) => {
        asked.push(args[0]);
        return query(...args);
      } });
    });
    const reads = (): boolean => asked.includes(SELECT_OVERLAPS);
    for (const value of ['1', '2', '3']) await admit({ kind: 'DEVICE_ID', value, from: at('02'), until: at('03') });
    await admit({ from: at('03') });
    expect([asked.includes(HAS_OVERLAPS), reads()]).toEqual([true, false]);
    expect(await refusalOf(admit({ kind: 'DEVICE_ID', value: '4', from: at('02') }))).toMatchObject({ code: 'DEVICE_LIMIT_REACHED' });
    expect(reads()).toBe(true);
  });

  it.each([
    ['a number that is none', { value: '12' }, 'INVALID_INPUT', ['identifier', 'value']],
    ['the past', { from: at('01') }, 'INVALID_INPUT', ['from']],
    ['an end before its start', { from: at('03'), until: at('03') }, 'INVALID_INPUT', ['until']],
    ['a product that is not there', { productId: 4096n }, 'NOT_FOUND', ['productId']],
  ])('is refused for %s', async (_, more, code, path) => {
    await shop.s.moveTo('2031-01-01T12:00:00Z');
    expect(await refusalOf(admit(more))).toMatchObject({ code, path });
  });

  it('leaves no later than the slice, and is not admitted to one that has ended', async () => {
    await conductor.terminate(agentKey(shop.s.tenantId, 't'), { productId: slice, at: at('05').getTime() });
    expect(await refusalOf(admit({ until: at('06') }))).toMatchObject({ code: 'INVALID_INPUT', path: ['until'] });
    expect(await admit()).toMatchObject({ valid_until: at('05') });
    await shop.s.moveTo('2031-01-05T00:00:00Z');
    expect(await refusalOf(admit({ value: '353860000008' }))).toMatchObject({ code: 'CONFLICT' });
  });

  it('that was to come later and was taken back may be admitted again', async () => {
    await admit({ from: at('05') });
    expect(await remove(at('03'))).toMatchObject({ valid_until: at('05') });
    expect(await refusalOf(remove())).toMatchObject({ code: 'NOT_FOUND', path: ['identifier'] });
    expect(await admit({ from: at('05') })).toMatchObject({ valid_until: null });
  });
});

describe('a subscriber', () => {
  const OWN = '353860000010';
  const FOREIGN = { code: 'NOT_ALLOWED', path: ['identifier'], message: 'You admit devices of your own accounts that are in no slice of this S-NSSAI then; the operator admits others.' };
  /** The tenant of the slice itself. */
  const by = async () => {
    const [row] = await shop.s.rows<{ id: string }>(tenant, 'select customer_id::text as id from billing_account where root_id = $1');
    const self = { subject: 'self', role: 'SUBSCRIBER' as const, customerId: BigInt(row!.id) };
    const actor = { ...agentOf(shop.s.tenantId), ...self };
    const caller = { ...shop.caller, ...self };
    return {
      admit: (more: object = {}) => shop.services.sliceDevices.admit(actor, caller, admission(more)),
      remove: (value: string) => shop.services.sliceDevices.remove(actor, caller, { productId: slice, kind: 'MSISDN', value, at: null }),
    };
  };

  it('admits and removes what belongs to the own accounts at that instant', async () => {
    await shop.s.activate(tenant, 'mobile', { number: OWN });
    const self = await by();
    expect(await self.admit({ value: OWN })).toMatchObject({ value: OWN, valid_until: null });
    expect(await self.remove(OWN)).toMatchObject({ value: OWN });
    await db.ownerPool.query(`update identifier set valid_until = '2031-01-05' where tenant_id = $1 and value = $2`, [shop.s.tenantId, OWN]);
    expect(await self.admit({ value: OWN, from: new Date('2031-01-04T00:00:00Z') })).toMatchObject({ value: OWN });
    await self.remove(OWN);
    expect(await refusalOf(self.admit({ value: OWN, from: new Date('2031-01-05T00:00:00Z') }))).toMatchObject(FOREIGN);
  });

  it('is told the same of a device that nobody has, that another has, and that is in another slice', async () => {
    await shop.s.activate(tenant, 'mobile', { number: OWN });
    const self = await by();
    expect(await refusalOf(self.admit({ value: '353860000099' }))).toMatchObject(FOREIGN);
    expect(await refusalOf(self.admit())).toMatchObject(FOREIGN);
    const own = slice;
    slice = await orderSlice(shop, owner, 'hospital');
    await admit();
    await admit({ value: OWN });
    slice = own;
    expect(await refusalOf(self.admit())).toMatchObject(FOREIGN);
    expect(await refusalOf(self.admit({ value: OWN }))).toMatchObject(FOREIGN);
    expect(await refusalOf(admit())).toMatchObject({ code: 'ALREADY_EXISTS' });
  });
});
