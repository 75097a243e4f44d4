import type { SuspensionLevel, SuspensionReason } from '../../src/product';
import { createTestDatabase, TestDatabase } from '../support';
import { agentKey, WorldAccount } from '../support/world';
import { expectSoundBooks } from './money-scenario';
import { openShareWorld, ShareScenario, ShareWorld } from './share-world';
import { devices, devicesAbove, openSlices, SliceSpec, SliceWorld, volume, volumePerGb } from './slice-support';

/** The device counts of a slice's periods: each is priced by itself, and what stops usage does not unmake what was registered. */
jest.setTimeout(60_000);

let db: TestDatabase;
let world: ShareWorld;
let s: ShareScenario;
let slices: SliceWorld;
let account: WorldAccount;
let product: bigint;

beforeAll(async () => {
  db = await createTestDatabase();
  world = await openShareWorld(db);
});
afterEach(async () => {
  await expectSoundBooks(db);
  await slices.close();
});
afterAll(async () => {
  await world.close();
  await db.dispose();
});

/** A slice whose first 100 devices are free, each other one 2.50; of an account with bill cycles from the 15th. */
async function begin(cut: SliceSpec['cut'] = {}, until?: string): Promise<void> {
  s = await world.open('2031-01-01T00:00:00Z');
  slices = await openSlices(db, world.conductor, s);
  await slices.offering({ code: 'port', fee: '10', usage: [devicesAbove(100n, '2.50'), volumePerGb('1')], cut, terms: { objective: null } });
  account = await s.account({ mode: 'POSTPAID', limit: null, cycleDay: 15 });
  product = await slices.begin(account, 'port', until === undefined ? {} : { until });
}
const counts = async (): Promise<string[]> => (await s.rows<{ text: string }>(account, `
  select concat_ws(' ', quantity, trim_scale(net / 1e6), status) as text from charge where root_id = $1 and kind = 'GENERIC' order by position`)).map(({ text }) => text);
const TIERS = `select quantity, events from counter where root_id = $1 and key like 'price:%'`;

describe('periods that end in one bill cycle do not add up', () => {
  it.each<[string, SliceSpec['cut'], readonly string[]]>([
    ['hours', { periodKind: 'HOUR', periodLength: 6 }, ['2031-01-20T01:00:00Z', '2031-01-20T07:00:00Z', '2031-01-20T13:00:00Z']],
    ['days', { periodKind: 'DAY', periodLength: 1 }, ['2031-01-20T01:00:00Z', '2031-01-21T01:00:00Z', '2031-01-22T01:00:00Z']],
    ['weeks', { periodKind: 'WEEK', periodLength: 1 }, ['2031-01-16T01:00:00Z', '2031-01-23T01:00:00Z', '2031-01-30T01:00:00Z']],
  ])('of %s', async (_, cut, times) => {
    await begin(cut);
    await s.moveTo('2031-02-08T00:00:00Z');
    await slices.report(product, times.flatMap((at, index) => [devices(at, 90n), devices(at.replace('01:00Z', '02:00Z'), [100n, 100n, 104n][index]!)]));
    for (const at of times) await slices.settle(product, at);
    expect(await counts()).toEqual(['100 0 CHARGED', '100 0 CHARGED', '104 10 CHARGED']);
  });

  it('nor does a month that is shorter because the slice ended', async () => {
    await begin({}, '2031-02-05T00:00:00Z');
    await s.moveTo('2031-02-10T00:00:00Z');
    await slices.report(product, [devices('2031-01-20T00:00:00Z', 100n), devices('2031-02-03T00:00:00Z', 100n)]);
    await slices.settle(product, '2031-01-20T00:00:00Z');
    await slices.settle(product, '2031-02-03T00:00:00Z');
    expect(await counts()).toEqual(['100 0 CHARGED', '100 0 CHARGED']);
  });

  it('and a later revision, or what an agent gives back, changes its own count alone', async () => {
    await begin({ periodKind: 'DAY', periodLength: 1 });
    await s.moveTo('2031-01-23T00:00:00Z');
    const [first, second] = ['2031-01-20T08:00:00Z', '2031-01-21T08:00:00Z'];
    // Events of devices that the same price counted in the cycle.
    await db.ownerPool.query(`insert into counter (shard, root_id, owner_id, key, period_start, tenant_id, amount, quantity, events)
      select p.shard, p.root_id, p.id, 'price:' || v.id, '2031-01-15T00:00:00Z', p.tenant_id, 0, 7, 7
        from product p join price v on v.tenant_id = p.tenant_id and v.code = 'devices' where p.id = $1`, [product.toString()]);
    expect(await s.rows(account, TIERS)).toHaveLength(1);
    await slices.report(product, [devices(first, 150n), devices(second, 110n)]);
    await slices.settle(product, first);
    await slices.settle(product, second);
    await slices.report(product, [devices('2031-01-20T09:00:00Z', 200n)]);
    await slices.settle(product, first);
    expect(await counts()).toEqual(['150 125 CHARGED', '110 25 CHARGED', '-150 -125 CHARGED', '200 250 CHARGED']);
    const [{ position }] = (await s.rows<{ position: string }>(account, `select position from charge where root_id = $1 and kind = 'GENERIC' and quantity = 110`)) as [{ position: string }];
    expect(await s.refund(account, BigInt(position))).toMatchObject({ ok: true });
    await slices.report(product, [devices('2031-01-22T08:00:00Z', 101n)]);
    await s.moveTo('2031-01-24T00:00:00Z');
    await slices.settle(product, '2031-01-22T08:00:00Z');
    expect((await counts()).slice(4)).toEqual(['-110 -25 CHARGED', '101 2.5 CHARGED']);
    expect(await s.rows(account, TIERS)).toEqual([{ quantity: '7', events: '7' }]);
  });
});

describe('a slice that is suspended as its period ends', () => {
  const at = '2031-01-20T08:00:00Z';
  it.each<[Exclude<SuspensionReason, 'RENEWAL_UNPAID'>, SuspensionLevel]>([
    ['CUSTOMER', 'ALL'], ['NON_PAYMENT', 'OUTGOING'], ['FRAUD', 'ALL'], ['LOST', 'DATA'], ['REGULATOR', 'ALL'],
  ])('by %s at level %s: its count is charged and the period settles, its volume is put aside', async (reason, level) => {
    await begin({ periodKind: 'DAY', periodLength: 1 });
    await s.moveTo('2031-01-20T12:00:00Z');
    expect(await world.conductor.products.suspend(agentKey(s.tenantId, 'bar'), { productId: product, reason, level })).toMatchObject({ ok: true });
    await s.moveTo('2031-01-21T01:00:00Z');
    const results = await slices.report(product, [devices(at, 102n), volume('2031-01-20T23:00:00Z', '2031-01-20T23:30:00Z', 1n, 1n)]);
    expect(results.map(({ usage }) => usage?.error?.code ?? null)).toEqual([null, 'PRODUCT_SUSPENDED']);
    expect(await slices.settle(product, at)).toMatchObject({ isSettled: true });
    expect(await counts()).toEqual(['102 5 CHARGED']);
  });

  it('so is that of a suspended account', async () => {
    await begin({ periodKind: 'DAY', periodLength: 1 });
    await s.moveTo('2031-01-21T01:00:00Z');
    await slices.report(product, [devices(at, 102n)]);
    await db.ownerPool.query(`update billing_account set state = 'SUSPENDED' where shard = $1 and root_id = $2`, [account.shard, account.rootId.toString()]);
    await db.ownerPool.query('update bucket set setup_version = setup_version + 1 where shard = $1 and root_id = $2 and id = 0', [account.shard, account.rootId.toString()]);
    expect(await slices.settle(product, at)).toMatchObject({ isSettled: true });
    expect(await counts()).toEqual(['102 5 CHARGED']);
  });
});

it('a count above the bound of a usage is charged', async () => {
  await begin({ periodKind: 'DAY', periodLength: 1 });
  await s.moveTo('2031-01-21T01:00:00Z');
  await slices.report(product, [devices('2031-01-20T08:00:00Z', 1_000_100n)]);
  expect(await slices.settle(product, '2031-01-20T08:00:00Z')).toMatchObject({ isSettled: true });
  expect(await counts()).toEqual(['1000100 2500000 CHARGED']);
});
