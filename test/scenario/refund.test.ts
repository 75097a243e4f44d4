import { Conductor } from '../../src/charging';
import { createTestDatabase, TestDatabase } from '../support';
import { worldConductor, WorldAccount } from '../support/world';
import { euros, expectSoundBooks, openScenario, Scenario, subscriber, voice } from './money-scenario';

/** A charge is given back once at most, to where it came from; what ended meanwhile lapses again. */
let db: TestDatabase;
let conductor: Conductor;
let other: Conductor;
const NUMBER = '353860000001';
const minutes = { code: 'minutes', period: 'CALENDAR_MONTH' as const, fee: '5', usage: [{ ...voice('0.60'), taxed: true }],
  allowances: [{ code: 'min', kind: 'VOICE', unit: 'SECOND' as const, quantity: '100', step: '1' }] };

beforeAll(async () => {
  db = await createTestDatabase();
  conductor = worldConductor(db, { lanes: 1 });
  other = worldConductor(db, { lanes: 1 });
});
afterEach(() => expectSoundBooks(db));
afterAll(async () => {
  await Promise.all([conductor.drain(), other.drain()]);
  await db.dispose();
});

/** 150 s used: 100 of the allowance, 50 s for 0.50 and 0.10 tax. */
async function charged(money = '10'): Promise<{ s: Scenario; account: WorldAccount; position: bigint }> {
  const s = await openScenario(db, conductor, '2031-01-10T12:00:00Z');
  await s.offering(minutes);
  const account = await subscriber(s, NUMBER, 'minutes', money);
  const charge = await s.charge(NUMBER, { seconds: 150n });
  expect(charge).toMatchObject({ status: 'CHARGED', gross: '0.60' });
  return { s, account, position: charge.position! };
}
const REFUNDS = 'select net, tax, quantity, reason from charge where root_id = $1 and reverses is not null order by position';
const BUCKETS = 'select id, value, expired, state from bucket where root_id = $1 order by id';

it('in full brings back the units and the money with its tax', async () => {
  const { s, account, position } = await charged();
  expect(await s.refund(account, position)).toMatchObject({ ok: true, answer: { amount: '600000' } });
  expect([await s.units(account), await s.spendable(account)]).toEqual([100n, '5.00']);
  expect(await s.rows(account, REFUNDS)).toEqual([{ net: '-500000', tax: '-100000', quantity: '-150', reason: 'GOODWILL' }]);
});

it('of units whose bucket has ended lapses there again at once, the money stays', async () => {
  const { s, account, position } = await charged('20');
  await s.moveTo('2031-02-05T00:00:00Z');
  await s.refund(account, position);
  expect(await s.rows(account, BUCKETS)).toEqual([
    { id: 0, value: '10000000', expired: '0', state: 'ACTIVE' },
    { id: 1, value: '0', expired: '100', state: 'EXPIRED' },
    { id: 2, value: '100', expired: '0', state: 'ACTIVE' },
  ]);
});

it('of given money that has ended is no money again', async () => {
  const s = await openScenario(db, conductor, '2031-01-10T12:00:00Z');
  await s.offering({ code: 'payg', usage: [voice('0.60')] });
  const account = await subscriber(s, NUMBER, 'payg', '10');
  await s.topUp(account, '1', { promotionalUntil: '2031-01-20T00:00:00Z' });
  const { position } = await s.charge(NUMBER, { seconds: 150n });
  await s.moveTo('2031-01-21T00:00:00Z');
  expect(await s.refund(account, position!)).toMatchObject({ ok: true });
  expect(await s.spendable(account)).toBe('10.00');
  expect(await s.rows(account, BUCKETS)).toMatchObject([{ value: '10000000' }, { value: '0', expired: '1000000', state: 'EXPIRED' }]);
});

it('in parts never passes the charge, and the parts sum to it with their tax', async () => {
  const { s, account, position } = await charged();
  for (const part of ['0.000001', '0.000001', '0.333333', '0.266664']) expect(await s.refund(account, position, part)).toMatchObject({ ok: true });
  expect(await s.refund(account, position, '0.000002')).toMatchObject({ ok: false, errors: [{ code: 'CONFLICT' }] });
  expect(await s.refund(account, position)).toMatchObject({ ok: false, errors: [{ code: 'CONFLICT' }] });
  expect(await s.refund(account, position, '0.000001')).toMatchObject({ ok: true });
  expect(await s.rows(account, `select sum(net) as net, sum(tax) as tax from charge where root_id = $1 and (position = ${position} or reverses = ${position})`))
    .toEqual([{ net: '0', tax: '0' }]);
  expect([await s.units(account), await s.spendable(account)]).toEqual([0n, '5.00']);
});

it('in part returns credit first, then paid money, then what was given', async () => {
  const s = await openScenario(db, conductor, '2031-01-10T12:00:00Z');
  await s.offering({ code: 'payg', usage: [voice('0.60')] });
  const account = await subscriber(s, NUMBER, 'payg', '1', { mode: 'HYBRID', limit: euros('5') });
  await s.topUp(account, '1', { promotionalUntil: null });
  const { position } = await s.charge(NUMBER, { seconds: 300n });
  const kinds = async () => (await s.rows<{ value: string }>(account, 'select value from bucket where root_id = $1 order by id')).map(({ value }) => value);
  expect(await kinds()).toEqual(['0', '-1000000', '0']);
  await s.refund(account, position!, '1.50');
  expect(await kinds()).toEqual(['500000', '0', '0']);
  await s.refund(account, position!, '1.50');
  expect(await kinds()).toEqual(['1000000', '0', '1000000']);
});

it.each([['0.00', 'INVALID_INPUT'], ['-0.10', 'INVALID_INPUT'], ['0.600001', 'INVALID_INPUT']])('of %s is refused', async (part, code) => {
  const { s, account, position } = await charged();
  expect(await s.refund(account, position, part)).toMatchObject({ ok: false, errors: [{ code }] });
  expect(await s.spendable(account)).toBe('4.40');
});

it('of a refund, of a refused usage and of what is not there is refused', async () => {
  const { s, account, position } = await charged();
  const refused = await s.charge(NUMBER, { seconds: 8_000n });
  await s.refund(account, position);
  const [refund] = await s.rows<{ position: string }>(account, 'select position from charge where root_id = $1 and reverses is not null');
  const [last] = await s.rows<{ position: string }>(account, `select position from charge where root_id = $1 and status = 'REFUSED'`);
  expect(refused.status).toBe('REFUSED');
  for (const wrong of [BigInt(refund!.position), BigInt(last!.position), 999n]) {
    expect(await s.refund(account, wrong)).toMatchObject({ ok: false, errors: [{ code: 'NOT_FOUND' }] });
  }
});

it('sent 20 times at once on two nodes, by keys of its own each, is done once; by one key it is one', async () => {
  const { s, account, position } = await charged();
  const all = await Promise.all(Array.from({ length: 20 }, (_, i) => s.refund(account, position, undefined, { by: i % 2 ? other : conductor })));
  expect(all.filter(({ ok }) => ok)).toHaveLength(1);
  expect(await s.spendable(account)).toBe('5.00');
  const second = await s.charge(NUMBER, { seconds: 100n });
  const same = await Promise.all(Array.from({ length: 10 }, (_, i) => s.refund(account, second.position!, undefined, { key: 'one', by: i % 2 ? other : conductor })));
  expect(same.every(({ ok }) => ok)).toBe(true);
  expect(same.filter((outcome) => outcome.ok && !outcome.replayed)).toHaveLength(1);
});

it('of a fee gives back the fee, not the allowance', async () => {
  const { s, account } = await charged();
  const [fee] = await s.rows<{ position: string }>(account, `select position from charge where root_id = $1 and kind = 'RECURRING_FEE'`);
  expect(await s.refund(account, BigInt(fee!.position))).toMatchObject({ ok: true });
  expect([await s.units(account), await s.spendable(account)]).toEqual([0n, '9.40']);
});
