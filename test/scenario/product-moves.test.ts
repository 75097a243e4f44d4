import { Conductor } from '../../src/charging';
import { createTestDatabase, TestDatabase } from '../support';
import { agentKey, tell, worldConductor, WorldAccount } from '../support/world';
import { expectSoundBooks, openScenario, Scenario, subscriber, voice } from './money-scenario';

/** Suspensions, ends taken back, and changes of offering (money rules 3.8, 5.3, 5.5, 5.11), to the last millionth. */
let db: TestDatabase;
let conductor: Conductor;
const NUMBER = '353860000001';
const allowance = (code: string, quantity: string, step = '1') => [{ code, kind: 'VOICE', unit: 'SECOND' as const, quantity, step }];
const small = { code: 'small', period: 'CALENDAR_MONTH' as const, fee: '10', usage: [voice('0.60')], allowances: allowance('small', '310', '10') };
const large = { code: 'large', period: 'CALENDAR_MONTH' as const, fee: '20', usage: [voice('0.30')], allowances: allowance('large', '1000', '60') };

beforeAll(async () => {
  db = await createTestDatabase();
  conductor = worldConductor(db, { lanes: 1 });
});
afterEach(() => expectSoundBooks(db));
afterAll(async () => {
  await conductor.drain();
  await db.dispose();
});

let keys = 0;
const key = (s: Scenario, name?: string) => agentKey(s.tenantId, name ?? `p${(keys += 1)}`);
const open = (at = '2031-01-01T00:00:00Z') => openScenario(db, conductor, at);
const productId = async (s: Scenario, account: WorldAccount): Promise<bigint> => BigInt((await s.product(account)).id);
const change = async (s: Scenario, account: WorldAccount, offeringCode: string, more: { when?: 'NOW' | 'PERIOD_END'; version?: number; expected?: number; key?: string } = {}) =>
  conductor.products.changeOffering(key(s, more.key), {
    productId: await productId(s, account), offeringCode, offeringVersion: more.version ?? null, when: more.when ?? 'NOW', expectedVersion: more.expected ?? null,
  });
const suspend = async (s: Scenario, account: WorldAccount, reason: 'CUSTOMER' | 'FRAUD' | 'LOST' | 'NON_PAYMENT', level: 'ALL' | 'DATA' | 'OUTGOING' = 'ALL', name?: string) =>
  conductor.products.suspend(key(s, name), { productId: await productId(s, account), reason, level });
const resume = async (s: Scenario, account: WorldAccount, reason: 'CUSTOMER' | 'FRAUD' | 'LOST' | 'NON_PAYMENT') =>
  conductor.products.resume(key(s), { productId: await productId(s, account), reason });
const FEES = `select source, net, tax, reverses is not null as back, event_at from charge where root_id = $1 and kind = 'RECURRING_FEE' order by position`;
const STEPS = `select from_state, state, at from product_history where root_id = $1 order by product_id, version`;
const fees = async (s: Scenario, account: WorldAccount) => (await s.rows<{ source: string; net: string; tax: string; back: boolean }>(account, FEES))
  .map(({ source, net, tax, back }) => [source, back, net, tax]);
const steps = async (s: Scenario, account: WorldAccount) => (await s.rows<{ state: string; at: Date }>(account, STEPS)).map(({ state, at }) => [state, at.toISOString()]);

describe('a change of offering now', () => {
  it('credits the unused rest, charges the rest of the period, each rounded by itself, the change day on the new price', async () => {
    const s = await open();
    await s.offering(small);
    await s.offering(large);
    const account = await subscriber(s, NUMBER, 'small', '40');
    await s.charge(NUMBER, { seconds: 100n });
    await s.moveTo('2031-01-21T10:00:00Z');
    expect(await change(s, account, 'large')).toMatchObject({ ok: true });
    // 11 of 31 days are left: 10 * 11/31 = 3.548387, 20 * 11/31 = 7.096774.
    expect(await fees(s, account)).toEqual([
      ['renewal', false, '10000000', '0'], ['change', true, '-3548387', '0'], ['change', false, '7096774', '0']]);
    expect(await s.spendable(account)).toBe('26.451613');
    // 1000 * 11/31 = 354.8, up to a whole step of 60: 360; what was left of the old 310 is gone.
    expect(await s.units(account)).toBe(360n);
    expect((await s.product(account)).period_end).toEqual(new Date('2031-02-01T00:00:00Z'));
    await s.moveTo('2031-02-01T00:00:00Z');
    expect([await s.units(account), await s.spendable(account)]).toEqual([1000n, '6.451613']);
    expect(await steps(s, account)).toEqual([['ACTIVE', expect.stringContaining('2031-01-01T00:00:0')], ['ACTIVE', expect.stringContaining('2031-01-21T10:00:0')]]);
  });

  it('prices usage by what the product was at the usage\'s own time, and late usage takes the old allowance', async () => {
    const s = await open();
    await s.offering(small);
    await s.offering(large);
    const account = await subscriber(s, NUMBER, 'small', '60');
    await s.moveTo('2031-01-21T10:00:00Z');
    await change(s, account, 'large');
    expect(await s.charge(NUMBER, { seconds: 400n, at: '2031-01-20T10:00:00Z' })).toMatchObject({ status: 'CHARGED', gross: '0.90' });
    expect(await s.charge(NUMBER, { seconds: 420n })).toMatchObject({ status: 'CHARGED', gross: '0.30' });
  });

  it('with tax on top gives back and takes tax with each part', async () => {
    const s = await open();
    await s.offering({ ...small, feeTax: 'ON_TOP' });
    await s.offering({ ...large, feeTax: 'INCLUDED' });
    const account = await subscriber(s, NUMBER, 'small', '40');
    await s.moveTo('2031-01-21T10:00:00Z');
    await change(s, account, 'large');
    expect(await fees(s, account)).toEqual([
      ['renewal', false, '10000000', '2000000'], ['change', true, '-3548387', '-709677'], ['change', false, '5913978', '1182796']]);
  });

  it('twice on one day credits the first change in full, and back again works', async () => {
    const s = await open();
    await s.offering(small);
    await s.offering(large);
    const account = await subscriber(s, NUMBER, 'small', '60');
    await s.moveTo('2031-01-21T10:00:00Z');
    await change(s, account, 'large');
    await s.moveTo('2031-01-21T12:00:00Z');
    expect(await change(s, account, 'small')).toMatchObject({ ok: true });
    expect((await fees(s, account)).slice(3)).toEqual([['change', true, '-7096774', '0'], ['change', false, '3548387', '0']]);
    expect(await s.units(account)).toBe(110n);
    await s.moveTo('2031-01-22T12:00:00Z');
    expect(await change(s, account, 'large')).toMatchObject({ ok: true });
    expect((await fees(s, account)).slice(5)).toEqual([['change', true, '-3225806', '0'], ['change', false, '6451613', '0']]);
  });

  it('of a partial first period, prorated or paid in full, credits the days that are left of what was billed', async () => {
    const s = await open('2031-01-16T09:00:00Z');
    await s.offering({ ...small, feeProrated: true });
    await s.offering({ ...small, code: 'full', feeProrated: false });
    await s.offering(large);
    const [prorated, full] = [await subscriber(s, NUMBER, 'small', '40'), await subscriber(s, '353860000002', 'full', '40')];
    await s.moveTo('2031-01-24T09:00:00Z');
    for (const account of [prorated, full]) expect(await change(s, account, 'large')).toMatchObject({ ok: true });
    // 16 of 31 days paid: 5.161290; 8 left: 10 * 8/31 = 2.580645. Paid in full: 10 * 8/16.
    expect((await fees(s, prorated)).slice(0, 2)).toEqual([['renewal', false, '5161290', '0'], ['change', true, '-2580645', '0']]);
    expect((await fees(s, full)).slice(0, 2)).toEqual([['renewal', false, '10000000', '0'], ['change', true, '-5000000', '0']]);
  });

  it('credits no more than a refund left, and a refund after it no more than it left', async () => {
    const s = await open();
    await s.offering(small);
    await s.offering(large);
    const account = await subscriber(s, NUMBER, 'small', '40');
    const [fee] = await s.rows<{ position: string }>(account, `select position from charge where root_id = $1 and kind = 'RECURRING_FEE'`);
    expect(await s.refund(account, BigInt(fee!.position), '8')).toMatchObject({ ok: true });
    await s.moveTo('2031-01-21T10:00:00Z');
    await change(s, account, 'large');
    expect((await fees(s, account))[2]).toEqual(['change', true, '-2000000', '0']);
    expect(await s.refund(account, BigInt(fee!.position), '1')).toMatchObject({ ok: false });
  });

  it('that is not paid for changes nothing', async () => {
    const s = await open();
    await s.offering(small);
    await s.offering(large);
    const account = await subscriber(s, NUMBER, 'small', '11');
    await s.moveTo('2031-01-02T10:00:00Z');
    const before = await s.rows(account, `select p.*, b.position, b.value from product p join bucket b on b.root_id = p.root_id and b.id = 0 where p.root_id = $1`);
    expect(await change(s, account, 'large')).toMatchObject({ ok: false, errors: [{ code: 'INSUFFICIENT_BALANCE' }] });
    expect(await s.rows(account, `select p.*, b.position, b.value from product p join bucket b on b.root_id = p.root_id and b.id = 0 where p.root_id = $1`)).toEqual(before);
  });

  it('is done once, however often it is asked', async () => {
    const s = await open();
    await s.offering(small);
    await s.offering(large);
    const account = await subscriber(s, NUMBER, 'small', '60');
    await s.moveTo('2031-01-21T10:00:00Z');
    const answers = await Promise.all(Array.from({ length: 20 }, () => change(s, account, 'large', { key: 'once' })));
    expect(new Set(answers.map((answer) => JSON.stringify({ ...answer, replayed: null }))).size).toBe(1);
    expect(await fees(s, account)).toHaveLength(3);
    expect(await change(s, account, 'small', { key: 'once' })).toMatchObject({ ok: false, errors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }] });
  });

  it('to other periods begins one at once, prorated by days', async () => {
    const s = await open();
    await s.offering(small);
    await s.offering({ ...large, period: 'HOUR', periodLength: 48 });
    await s.offering({ ...large, code: 'weekly', period: 'WEEK', allowances: allowance('w', '700', '1') });
    const account = await subscriber(s, NUMBER, 'small', '60');
    await s.moveTo('2031-01-21T10:00:00Z');
    await change(s, account, 'large');
    expect((await fees(s, account)).slice(1)).toEqual([['change', true, '-3548387', '0'], ['change', false, '20000000', '0']]);
    expect((await s.product(account)).period_end.getTime() - (await s.product(account)).period_start.getTime()).toBe(48 * 3_600_000);
    await s.moveTo('2031-01-22T10:00:00Z');
    // Half of the 48 hours is left (less what the clock ran); Wednesday to Sunday are 5 of 7 days.
    await change(s, account, 'weekly');
    const [, , , credit, fee] = await fees(s, account);
    expect(+credit![2]! / -1e6).toBeCloseTo(10, 2);
    expect(fee).toEqual(['change', false, '14285714', '0']);
    expect(await s.units(account)).toBe(500n);
  });
});

describe('a change of offering at the end of the period', () => {
  it('happens with the renewal and costs nothing before', async () => {
    const s = await open();
    await s.offering(small);
    await s.offering(large);
    const account = await subscriber(s, NUMBER, 'small', '40');
    expect(await change(s, account, 'large', { when: 'PERIOD_END' })).toMatchObject({ ok: true });
    expect(await fees(s, account)).toHaveLength(1);
    expect(await change(s, account, 'large')).toMatchObject({ ok: false, errors: [{ code: 'CONFLICT' }] });
    await s.moveTo('2031-02-01T00:00:00Z');
    expect(await s.charge(NUMBER, { seconds: 1020n })).toMatchObject({ gross: '0.30' });
    expect((await fees(s, account))[1]).toEqual(['renewal', false, '20000000', '0']);
    expect((await steps(s, account)).at(-1)).toEqual(['ACTIVE', '2031-02-01T00:00:00.000Z']);
  });

  it('can be taken back by changing to what the product has', async () => {
    const s = await open();
    await s.offering(small);
    await s.offering(large);
    const account = await subscriber(s, NUMBER, 'small', '40');
    expect(await change(s, account, 'small')).toMatchObject({ ok: false, errors: [{ code: 'INVALID_INPUT' }] });
    await change(s, account, 'large', { when: 'PERIOD_END' });
    expect(await change(s, account, 'small')).toMatchObject({ ok: true });
    await s.moveTo('2031-02-01T00:00:00Z');
    await s.charge(NUMBER);
    expect((await fees(s, account))[1]).toEqual(['renewal', false, '10000000', '0']);
  });

  it('waits with the renewal where that is not paid', async () => {
    const s = await open();
    await s.offering(small);
    await s.offering(large);
    const account = await subscriber(s, NUMBER, 'small', '15');
    await change(s, account, 'large', { when: 'PERIOD_END' });
    await s.moveTo('2031-02-03T09:00:00Z');
    expect(await s.charge(NUMBER)).toMatchObject({ status: 'REFUSED', code: 'PRODUCT_SUSPENDED' });
    await s.topUp(account, '30');
    expect(await s.charge(NUMBER, { seconds: 60n })).toMatchObject({ status: 'CHARGED', gross: '0.00' });
    expect((await fees(s, account)).at(-1)).toEqual(['renewal', false, '20000000', '0']);
    expect((await steps(s, account)).map(([state]) => state)).toEqual(['ACTIVE', 'SUSPENDED', 'ACTIVE']);
  });
});

it.each([
  ['an offering that is not sold', { code: 'none' }, 'OFFERING_NOT_SOLD'],
  ['a version that is not the one sold', { code: 'large', version: 7 }, 'OFFERING_NOT_SOLD'],
  ['a version of the product that was seen before', { code: 'large', expected: 1 }, 'CONFLICT'],
  ['no period', { code: 'large', when: 'PERIOD_END' as const, from: 'flat' }, 'INVALID_INPUT'],
])('a change is refused: %s', async (_, { code, from = 'small', ...more }: { code: string; from?: string; version?: number; expected?: number; when?: 'PERIOD_END' }, expected) => {
  const s = await open();
  await s.offering(small);
  await s.offering(large);
  await s.offering({ code: 'flat', usage: [voice('1')] });
  const account = await subscriber(s, NUMBER, from, '40');
  await s.moveTo('2031-01-05T00:00:00Z');
  const before = await s.product(account);
  expect(await change(s, account, code, more)).toMatchObject({ ok: false, errors: [{ code: expected }] });
  expect(await s.product(account)).toEqual(before);
});

describe('suspensions', () => {
  it('are a set: the product is active when none is left, and usage says why it is refused', async () => {
    const s = await open();
    await s.offering(small);
    const account = await subscriber(s, NUMBER, 'small', '40');
    expect(await suspend(s, account, 'FRAUD')).toMatchObject({ ok: true });
    expect(await suspend(s, account, 'LOST', 'DATA')).toMatchObject({ ok: true });
    expect(await suspend(s, account, 'LOST')).toMatchObject({ ok: false, errors: [{ code: 'CONFLICT' }] });
    expect(await s.charge(NUMBER)).toMatchObject({ status: 'REFUSED', code: 'PRODUCT_SUSPENDED' });
    expect(await s.charge(NUMBER, { delivered: true })).toMatchObject({ status: 'QUARANTINED', code: 'PRODUCT_SUSPENDED' });
    expect(await resume(s, account, 'FRAUD')).toMatchObject({ ok: true });
    expect((await s.product(account)).state).toBe('SUSPENDED');
    expect(await s.charge(NUMBER)).toMatchObject({ status: 'CHARGED' });
    expect(await resume(s, account, 'LOST')).toMatchObject({ ok: true });
    expect(await resume(s, account, 'LOST')).toMatchObject({ ok: false, errors: [{ code: 'CONFLICT' }] });
    expect((await s.product(account)).state).toBe('ACTIVE');
    expect((await steps(s, account)).map(([state]) => state)).toEqual(['ACTIVE', 'SUSPENDED', 'ACTIVE']);
    expect(await fees(s, account)).toHaveLength(1);
  });

  it('for fraud let the fee go on, through the renewal', async () => {
    const s = await open();
    await s.offering(small);
    const account = await subscriber(s, NUMBER, 'small', '40');
    await suspend(s, account, 'FRAUD');
    await s.moveTo('2031-02-02T00:00:00Z');
    await resume(s, account, 'FRAUD');
    expect(await fees(s, account)).toHaveLength(2);
  });

  it('by the customer stop the fee from the next day, and it starts with the day of resuming', async () => {
    const s = await open();
    await s.offering(small);
    const account = await subscriber(s, NUMBER, 'small', '40');
    await s.moveTo('2031-01-10T15:00:00Z');
    await suspend(s, account, 'CUSTOMER');
    // 21 of 31 days are left from the 11th: 10 * 21/31.
    expect((await fees(s, account))[1]).toEqual(['change', true, '-6774194', '0']);
    await s.moveTo('2031-01-22T15:00:00Z');
    await resume(s, account, 'CUSTOMER');
    // 22nd to 31st: 10 * 10/31.
    expect((await fees(s, account))[2]).toEqual(['change', false, '3225806', '0']);
    await s.moveTo('2031-02-01T00:00:01Z');
    await s.charge(NUMBER);
    expect((await fees(s, account))[3]).toEqual(['renewal', false, '10000000', '0']);
  });

  it('by the customer beyond the period let nothing renew; resuming begins a new one', async () => {
    const s = await open();
    await s.offering({ ...small, feeProrated: true });
    const account = await subscriber(s, NUMBER, 'small', '40');
    await s.moveTo('2031-01-10T15:00:00Z');
    await suspend(s, account, 'CUSTOMER');
    await s.moveTo('2031-02-25T15:00:00Z');
    expect(await s.charge(NUMBER)).toMatchObject({ code: 'PRODUCT_SUSPENDED' });
    expect(await fees(s, account)).toHaveLength(2);
    await resume(s, account, 'CUSTOMER');
    expect((await fees(s, account))[2]).toEqual(['renewal', false, '1428571', '0']);
    expect((await s.product(account)).period_end).toEqual(new Date('2031-03-01T00:00:00Z'));
  });

  it('taken and taken back on one day cost nothing', async () => {
    const s = await open();
    await s.offering(small);
    const account = await subscriber(s, NUMBER, 'small', '40');
    await s.moveTo('2031-01-10T15:00:00Z');
    await suspend(s, account, 'CUSTOMER');
    await resume(s, account, 'CUSTOMER');
    expect((await fees(s, account)).slice(1)).toEqual([['change', true, '-6774194', '0'], ['change', false, '6774194', '0']]);
    expect(await s.spendable(account)).toBe('30.00');
  });

  it('are asked for once, twenty at a time', async () => {
    const s = await open();
    await s.offering(small);
    const account = await subscriber(s, NUMBER, 'small', '40');
    const answers = await Promise.all(Array.from({ length: 20 }, () => suspend(s, account, 'FRAUD', 'ALL', 'twenty')));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(await s.rows(account, 'select 1 from product_suspension where root_id = $1')).toHaveLength(1);
  });
});

describe('an end that was named', () => {
  it('is taken back: the product, its numbers and its allowances go on', async () => {
    const s = await open();
    await s.offering(small);
    const account = await subscriber(s, NUMBER, 'small', '40');
    const id = await productId(s, account);
    expect(await conductor.products.withdrawEnd(key(s), { productId: id })).toMatchObject({ ok: false, errors: [{ code: 'CONFLICT' }] });
    await conductor.terminate(key(s), { productId: id, at: Date.parse('2031-01-20T00:00:00Z') });
    expect((await s.product(account)).state).toBe('PENDING_TERMINATE');
    expect(await conductor.products.withdrawEnd(key(s), { productId: id })).toMatchObject({ ok: true });
    await s.moveTo('2031-01-25T00:00:00Z');
    expect(await s.charge(NUMBER, { seconds: 310n })).toMatchObject({ status: 'CHARGED', gross: '0.00' });
    await s.moveTo('2031-02-02T00:00:00Z');
    expect(await s.charge(NUMBER, { seconds: 310n })).toMatchObject({ status: 'CHARGED', gross: '0.00' });
    expect((await s.product(account)).ended_at).toBeNull();
    expect((await steps(s, account)).map(([state]) => state)).toEqual(['ACTIVE', 'PENDING_TERMINATE', 'ACTIVE']);
  });

  it('is not taken back where a number was given away from then on', async () => {
    const s = await open();
    await s.offering(small);
    const account = await subscriber(s, NUMBER, 'small', '40');
    const id = await productId(s, account);
    await conductor.terminate(key(s), { productId: id, at: Date.parse('2031-01-20T00:00:00Z') });
    const other = await s.account();
    await db.ownerPool.query(`insert into identifier (tenant_id, kind, value, valid_from, shard, root_id, account_id)
      values ($1, 'MSISDN', $2, '2031-01-20', $3, $4, $4)`, [s.tenantId, NUMBER, other.shard, other.id.toString()]);
    await tell(db, s.tenantId, [['identifierAssign', other.id.toString()]]);
    expect(await conductor.products.withdrawEnd(key(s), { productId: id })).toMatchObject({ ok: false, errors: [{ code: 'ALREADY_EXISTS' }] });
    expect((await s.product(account)).state).toBe('PENDING_TERMINATE');
  });
});

describe('a product in two steps', () => {
  const prepare = async (s: Scenario, account: WorldAccount, number: string) => {
    const version = (await db.ownerPool.query<{ id: string }>(`select v.id from product_offering_version v join product_offering o on o.id = v.offering_id
      where o.tenant_id = $1 and o.code = 'small'`, [s.tenantId])).rows[0]!.id;
    const id = (await db.appPool.query<{ n: string }>(`select nextval('product_number') as n`)).rows[0]!.n;
    return conductor.products.prepare(key(s), {
      accountId: account.id, productId: (BigInt(id) << 12n) | BigInt(account.shard), offeringVersionId: version,
      identifiers: [{ kind: 'MSISDN', value: number }], attachedTo: null,
    });
  };

  it('holds its numbers, charges nothing, and begins when it is begun', async () => {
    const s = await open();
    await s.offering(small);
    const account = await s.account();
    expect(await prepare(s, account, NUMBER)).toMatchObject({ ok: false, errors: [{ code: 'INSUFFICIENT_BALANCE' }] });
    await s.topUp(account, '40');
    const [first, second] = [await prepare(s, account, NUMBER), await prepare(s, account, NUMBER)];
    expect([first, second]).toMatchObject([{ ok: true }, { ok: false, errors: [{ code: 'ALREADY_EXISTS' }] }]);
    expect([await s.spendable(account), (await s.product(account)).state]).toEqual(['40.00', 'PENDING_ACTIVE']);
    await s.moveTo('2031-01-03T12:00:00Z');
    expect(await s.charge(NUMBER)).toMatchObject({ status: 'QUARANTINED' });
    expect(await conductor.products.begin(key(s), { productId: await productId(s, account) })).toMatchObject({ ok: true });
    expect(await s.charge(NUMBER)).toMatchObject({ status: 'CHARGED' });
    expect([await s.spendable(account), (await s.product(account)).state]).toEqual(['30.00', 'ACTIVE']);
    expect((await s.product(account)).started_at.toISOString()).toContain('2031-01-03T12:00');
  });

  it('that is given up frees its numbers for another', async () => {
    const s = await open();
    await s.offering(small);
    const account = await s.account();
    await s.topUp(account, '40');
    await prepare(s, account, NUMBER);
    const id = await productId(s, account);
    await s.moveTo('2031-01-02T00:00:00Z');
    expect(await conductor.products.giveUp(key(s), { productId: id, state: 'CANCELLED' })).toMatchObject({ ok: true });
    expect(await conductor.products.begin(key(s), { productId: id })).toMatchObject({ ok: false, errors: [{ code: 'CONFLICT' }] });
    expect(await prepare(s, account, NUMBER)).toMatchObject({ ok: true });
    expect(await s.spendable(account)).toBe('40.00');
  });
});
