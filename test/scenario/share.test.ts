import { createTestDatabase, TestDatabase } from '../support';
import { call } from '../support/world';
import { expectSoundBooks, subscriber } from './money-scenario';
import { content, openShareWorld, ShareWorld, sms } from './share-world';

/** What is owed of each charge: exactly, by the version in force at its own time, and taken back with it. */
let db: TestDatabase;
let world: ShareWorld;
const NUMBER = '353860000001';

beforeAll(async () => {
  db = await createTestDatabase();
  world = await openShareWorld(db);
});
afterEach(() => expectSoundBooks(db));
afterAll(async () => {
  await world.close();
  await db.dispose();
});

it('shares what a message cost, without and with its tax, in parts that sum to it', async () => {
  const s = await world.open('2031-01-10T12:00:00Z');
  await s.offering(content('net', '0.008', { taxed: true }));
  await s.offering(content('gross', '0.008', { taxed: true }));
  const [studio, label] = [await s.partner('Studio'), await s.partner('Label')];
  await s.agree('net', [{ offering: 'net', kind: 'SMS', parts: [[studio, '33.333333'], [label, '33.333333']] }]);
  await s.agree('gross', [{ offering: 'gross', basis: 'GROSS', parts: [[studio, '70']], residual: label }]);
  const net = await subscriber(s, NUMBER, 'net', '10');
  await s.charge(NUMBER, sms);
  const gross = await subscriber(s, '353860000002', 'gross', '10');
  await s.charge('353860000002', sms);
  expect(await s.shares(net.rootId)).toEqual([`${studio.id}:2667 ${label.id}:2667 0:2666`]);
  expect(await s.shares(gross.rootId)).toEqual([`${studio.id}:6720 ${label.id}:2880`]);
});

it('shares a one-time fee, and nothing of what no agreement is about', async () => {
  const s = await world.open('2031-01-10T12:00:00Z');
  await s.offering(content('pass', '0.10', { oneTime: '1.50' }));
  await s.offering(content('other', '0.10', { oneTime: '1.50' }));
  const studio = await s.partner('Studio');
  await s.agree('pass', [{ offering: 'pass', kind: 'ONE_TIME_FEE', parts: [[studio, '70']] }]);
  const account = await subscriber(s, NUMBER, 'pass', '10');
  await s.charge(NUMBER, sms);
  const other = await subscriber(s, '353860000002', 'other', '10');
  expect(await s.shares(account.rootId)).toEqual([`${studio.id}:1050000 0:450000`, null]);
  expect(await s.shares(other.rootId)).toEqual([null]);
});

it('owes per unit and no percentage of what an allowance paid', async () => {
  const s = await world.open('2031-01-10T12:00:00Z');
  await s.offering(content('pack', '0.10', { allowance: '1' }));
  const [studio, label] = [await s.partner('Studio'), await s.partner('Label')];
  await s.agree('pack', [{ offering: 'pack', kind: 'SMS', parts: [[studio, '70'], [label, '0.002', 1n, 'EVENT']] }]);
  const account = await subscriber(s, NUMBER, 'pack', '10');
  expect(await s.charge(NUMBER, sms)).toMatchObject({ status: 'CHARGED', gross: '0.00' });
  expect(await s.charge(NUMBER, sms)).toMatchObject({ status: 'CHARGED', gross: '0.10' });
  expect(await s.shares(account.rootId)).toEqual([`${studio.id}:0 ${label.id}:2000 0:-2000`, `${studio.id}:70000 ${label.id}:2000 0:28000`]);
});

it('takes the version in force at the charge\'s own time, for late usage too', async () => {
  const s = await world.open('2031-01-10T12:00:00Z');
  await s.offering(content('pass', '0.10'));
  const studio = await s.partner('Studio');
  await s.agree('pass', [{ offering: 'pass', parts: [[studio, '70']] }]);
  const account = await subscriber(s, NUMBER, 'pass', '10', { at: '2031-01-01T00:00:00Z' });
  await s.agree('pass', [{ offering: 'pass', parts: [[studio, '60']] }], '2031-01-20T00:00:00Z');
  await s.moveTo('2031-01-25T12:00:00Z');
  await s.charge(NUMBER, { ...sms, at: '2031-01-10T11:00:00Z' });
  await s.charge(NUMBER, { ...sms, at: '2031-01-19T23:59:59.999Z' });
  await s.charge(NUMBER, { ...sms, at: '2031-01-20T00:00:00Z' });
  await s.charge(NUMBER, sms);
  expect(await s.shares(account.rootId)).toEqual([
    null, `${studio.id}:70000 0:30000`, `${studio.id}:60000 0:40000`, `${studio.id}:60000 0:40000`]);
});

it('stops with the end of an agreement, by the time of the charge', async () => {
  const s = await world.open('2031-01-10T12:00:00Z');
  await s.offering(content('pass', '0.10'));
  const studio = await s.partner('Studio');
  const agreementId = await s.agree('pass', [{ offering: 'pass', parts: [[studio, '70']] }]);
  const account = await subscriber(s, NUMBER, 'pass', '10', { at: '2031-01-01T00:00:00Z' });
  await world.services.agreements.terminate(s.finance, { agreementId, version: 1 }, new Date('2031-01-15T00:00:00Z'), 'over');
  await s.moveTo('2031-01-16T00:00:00Z');
  await s.charge(NUMBER, { ...sms, at: '2031-01-14T23:59:59Z' });
  await s.charge(NUMBER, sms);
  expect(await s.shares(account.rootId)).toEqual([`${studio.id}:70000 0:30000`, null]);
});

it('takes back with a refund: all of it exactly, a part in proportion', async () => {
  const s = await world.open('2031-01-10T12:00:00Z');
  await s.offering(content('pass', '0.10', { taxed: true }));
  const [studio, label] = [await s.partner('Studio'), await s.partner('Label')];
  await s.agree('pass', [{ offering: 'pass', kind: 'SMS', parts: [[studio, '33.333333'], [label, '0.01', 1n, 'EVENT']] }]);
  const account = await subscriber(s, NUMBER, 'pass', '10');
  const first = await s.charge(NUMBER, sms);
  const second = await s.charge(NUMBER, sms);
  await s.refund(account, first.position!);
  await s.refund(account, second.position!, '0.05');
  await s.refund(account, second.position!, '0.07');
  expect(await s.shares(account.rootId)).toEqual([
    `${studio.id}:33333 ${label.id}:10000 0:56667`, `${studio.id}:33333 ${label.id}:10000 0:56667`,
    `${studio.id}:-33333 ${label.id}:-10000 0:-56667`,
    `${studio.id}:-13889 ${label.id}:0 0:-27778`, `${studio.id}:-19444 ${label.id}:0 0:-38889`,
  ]);
  const { rows } = await db.appPool.query('select party_id, basis, share, events from share_total where tenant_id = $1 order by party_id', [s.tenantId]);
  expect(rows).toEqual([
    { party_id: studio.id.toString(), basis: '0', share: '0', events: '5' },
    { party_id: label.id.toString(), basis: '0', share: '10000', events: '5' }]);
});

it('shares a usage once, however often it is sent, and a batch like its single usages', async () => {
  const s = await world.open('2031-01-10T12:00:00Z');
  await s.offering(content('pass', '0.008'));
  const studio = await s.partner('Studio');
  await s.agree('pass', [{ offering: 'pass', parts: [[studio, '70']] }]);
  const account = await subscriber(s, NUMBER, 'pass', '10');
  const now = await world.conductor.now(s.tenantId);
  const events = Array.from({ length: 50 }, (_, n) => call(NUMBER, 1n, {
    tenantId: s.tenantId, usageId: `m${n}`, kind: 'SMS', unit: 'EVENT', startedAt: now }));
  const options = { delivered: false, lateLimitDays: undefined };
  await Promise.all(Array.from({ length: 20 }, () => world.conductor.chargeUsage(events, options)));
  expect(new Set(await s.shares(account.rootId))).toEqual(new Set([`${studio.id}:5600 0:2400`]));
  const { rows } = await db.appPool.query('select basis, share, events from share_total where tenant_id = $1', [s.tenantId]);
  expect(rows).toEqual([{ basis: '400000', share: '280000', events: '50' }]);
});

it('writes nothing more for a tenant without an agreement', async () => {
  const s = await world.open('2031-01-10T12:00:00Z');
  await s.offering(content('pass', '0.10'));
  await s.partner('Studio');
  const account = await subscriber(s, NUMBER, 'pass', '10');
  await s.charge(NUMBER, sms);
  expect(world.conductor.facts.get(s.tenantId)?.steps).toEqual([]);
  expect(await s.shares(account.rootId)).toEqual([null]);
});
