import { changeLimit } from '../../src/balance';
import { Conductor } from '../../src/charging';
import { voucherHash } from '../../src/charging/decide/top-up';
import { createTestDatabase, TestDatabase } from '../support';
import { agentKey, call, flatRate, tell, worldConductor } from '../support/world';
import { euros, expectSoundBooks, openScenario, Scenario, subscriber, voice } from './money-scenario';

/** Money rules 3: who pays, in which order, how far; and 5.10: the life of prepaid money. */
let db: TestDatabase;
let conductor: Conductor;
const NUMBER = '353860000001';
const MEMBER = '353860000002';
const payg = { code: 'payg', usage: [voice('0.60')] };
const pool = { code: 'pool', period: 'CALENDAR_MONTH' as const, fee: '5', usage: [voice('0.60')],
  allowances: [{ code: 'shared', kind: 'VOICE', unit: 'SECOND' as const, quantity: '100', step: '1', shared: true }] };

beforeAll(async () => {
  db = await createTestDatabase();
  conductor = worldConductor(db);
});
afterEach(() => expectSoundBooks(db));
afterAll(async () => {
  await conductor.drain();
  await db.dispose();
});

async function open(offering: Parameters<Scenario['offering']>[0] = payg): Promise<Scenario> {
  const s = await openScenario(db, conductor, '2031-01-10T12:00:00Z');
  await s.offering(offering);
  return s;
}
const MONEY = `select id, kind, value, state, overused from bucket where root_id = $1 and kind <> 'UNIT' order by id`;
const key = (s: Scenario, name: string) => agentKey(s.tenantId, name);
const entries = (kind: string): string => `select amount, contra from entry where root_id = $1 and kind = '${kind}' order by position, bucket_id`;

describe('prepaid money', () => {
  it('may be spent until its class ends, is kept through its grace, and goes to breakage after it', async () => {
    const s = await open();
    const account = await subscriber(s, NUMBER, 'payg', '10');
    await s.moveTo('2031-03-11T11:59:00Z');
    expect(await s.charge(NUMBER)).toMatchObject({ status: 'CHARGED', gross: '0.10' });
    await s.moveTo('2031-03-11T12:01:00Z');
    expect(await s.spendable(account)).toBe('0.00');
    expect(await s.charge(NUMBER)).toMatchObject({ status: 'REFUSED', code: 'INSUFFICIENT_BALANCE' });
    await s.moveTo('2031-04-11T00:00:00Z');
    await conductor.touch(s.tenantId, [account]);
    expect(await s.rows(account, entries('EXPIRE'))).toEqual([{ amount: '-9900000', contra: 'breakage' }]);
    expect(await s.rows(account, MONEY)).toMatchObject([{ value: '0', state: 'ACTIVE' }]);
  });

  it('is revived, all of it, by a top-up in grace, however small', async () => {
    const s = await open();
    const account = await subscriber(s, NUMBER, 'payg', '10');
    await s.moveTo('2031-03-20T00:00:00Z');
    await s.topUp(account, '1');
    expect(await s.spendable(account)).toBe('11.00');
    await s.moveTo('2031-05-18T00:00:00Z');
    expect(await s.spendable(account)).toBe('11.00');
  });

  it('is never shortened, nor prolonged by an amount below every class', async () => {
    const s = await open();
    const account = await subscriber(s, NUMBER, 'payg', '10');
    await s.moveTo('2031-03-10T00:00:00Z');
    await s.topUp(account, '4.99');
    expect(await s.spendable(account)).toBe('14.99');
    await s.moveTo('2031-03-12T00:00:00Z');
    expect(await s.spendable(account)).toBe('0.00');
  });

  it('that expired stays lost at the next top-up, but pays late usage of its own time before it', async () => {
    const s = await open();
    const account = await subscriber(s, NUMBER, 'payg', '10');
    await s.moveTo('2031-04-20T00:00:00Z');
    expect(await s.charge(NUMBER, { at: '2031-03-11T11:00:00Z', seconds: 60n })).toMatchObject({ status: 'CHARGED', gross: '0.60' });
    expect(await s.rows(account, entries('REVIVE'))).toEqual([{ amount: '600000', contra: 'breakage' }]);
    expect(await s.charge(NUMBER, { seconds: 60n })).toMatchObject({ code: 'INSUFFICIENT_BALANCE' });
    await s.topUp(account, '10');
    expect(await s.spendable(account)).toBe('10.00');
    await s.charge(NUMBER, { at: '2031-03-11T11:00:00Z', seconds: 60n });
    expect(await s.spendable(account)).toBe('9.40');
  });

  it('over-used after its end is owed, without touching what lapsed', async () => {
    const s = await open();
    const account = await subscriber(s, NUMBER, 'payg', '10');
    await s.moveTo('2031-04-20T00:00:00Z');
    expect(await s.charge(NUMBER, { delivered: true, seconds: 60n })).toMatchObject({ status: 'CHARGED' });
    expect(await s.rows(account, MONEY)).toMatchObject([{ value: '-600000', overused: true }]);
    expect(await s.rows(account, entries('REVIVE'))).toEqual([]);
    await s.topUp(account, '10');
    expect(await s.spendable(account)).toBe('9.40');
  });

  it('is moved to another account in its grace, but not after it; and corrected as little', async () => {
    const s = await open();
    const account = await subscriber(s, NUMBER, 'payg', '10');
    const other = await s.account();
    await s.topUp(other, '10');
    await s.moveTo('2031-04-05T00:00:00Z');
    await s.topUp(other, '10');
    const send = (name: string) => conductor.transfer(key(s, name), { fromAccountId: other.id, toAccountId: account.id, amount: euros('2'), currency: 'EUR' });
    expect(await send('in-grace')).toMatchObject({ ok: true });
    await s.moveTo('2031-04-20T00:00:00Z');
    expect(await send('too-late')).toMatchObject({ ok: false, errors: [{ code: 'NOT_FOUND' }] });
    expect(await s.adjust(account, 0, 1n)).toMatchObject({ ok: false, errors: [{ code: 'BUCKET_EXPIRED' }] });
    expect([await s.spendable(account), await s.spendable(other)]).toEqual(['0.00', '18.00']);
  });
});

it('a voucher is spent once, by whomever of ten accounts on two nodes comes first, and says by whom', async () => {
  const s = await open();
  const second = worldConductor(db);
  await db.ownerPool.query(`insert into voucher (tenant_id, code_hash, batch, amount, currency, valid_until) values ($1, $2, 'b', 10000000, 'EUR', '2032-01-01')`,
    [s.tenantId, voucherHash('1234-5678')]);
  await tell(db, s.tenantId, [['voucherBatchCreate', 'b']]);
  const accounts = await Promise.all(Array.from({ length: 10 }, () => s.account()));
  const spent = await Promise.all(accounts.map(({ id }, i) =>
    (i % 2 ? second : conductor).topUp(key(s, `v${i}`), { accountId: id, funding: { kind: 'VOUCHER', code: '1234 5678' } })));
  await second.drain();
  const winner = accounts[spent.findIndex(({ ok }) => ok)]!;
  expect(spent.filter(({ ok }) => ok)).toHaveLength(1);
  expect(spent.filter((outcome) => !outcome.ok && outcome.errors[0]!.code === 'VOUCHER_INVALID')).toHaveLength(9);
  expect(await s.spendable(winner)).toBe('10.00');
  const { rows } = await db.ownerPool.query('select state, used_root_id, used_position from voucher where tenant_id = $1', [s.tenantId]);
  expect(rows).toEqual([{ state: 'USED', used_root_id: winner.rootId.toString(), used_position: '1' }]);
});

describe('promotional money', () => {
  it('is spent before paid money, never transferred, and ends as the expense it was', async () => {
    const s = await open();
    const account = await subscriber(s, NUMBER, 'payg', '10');
    await s.topUp(account, '1', { promotionalUntil: '2031-01-20T00:00:00Z' });
    const other = await s.account();
    expect((await s.charge(NUMBER, { seconds: 20n })).gross).toBe('0.20');
    expect(await s.rows(account, MONEY)).toMatchObject([{ kind: 'MONEY', value: '10000000' }, { kind: 'PROMOTION', value: '800000' }]);
    expect(await conductor.transfer(key(s, 't'), { fromAccountId: account.id, toAccountId: other.id, amount: euros('10.50'), currency: 'EUR' }))
      .toMatchObject({ ok: false, errors: [{ code: 'INSUFFICIENT_BALANCE' }] });
    expect((await s.charge(NUMBER, { seconds: 100n })).gross).toBe('1.00');
    expect(await s.rows(account, MONEY)).toMatchObject([{ value: '9800000' }, { value: '0' }]);
    await s.topUp(account, '1', { promotionalUntil: '2031-01-20T00:00:00Z' });
    await s.moveTo('2031-01-21T00:00:00Z');
    expect(await s.charge(NUMBER, { at: '2031-01-19T00:00:00Z', seconds: 30n })).toMatchObject({ gross: '0.30' });
    expect(await s.rows(account, entries('EXPIRE'))).toEqual([{ amount: '-1000000', contra: 'promotion_expense' }]);
    expect(await s.rows(account, entries('REVIVE'))).toEqual([{ amount: '300000', contra: 'promotion_expense' }]);
    expect(await s.spendable(account)).toBe('9.80');
  });

  it('is not for an account that another one pays for, nor ended before it begins', async () => {
    const s = await open();
    const payer = await s.account({ mode: 'POSTPAID' });
    const member = await s.account({ mode: 'POSTPAID', within: payer, payer });
    expect(await s.topUp(member, '1', { promotionalUntil: null })).toMatchObject({ ok: false, errors: [{ code: 'NOT_ALLOWED' }] });
    expect(await s.topUp(payer, '1', { promotionalUntil: '2031-01-10T00:00:00Z' })).toMatchObject({ ok: false, errors: [{ code: 'INVALID_INPUT' }] });
    expect(await s.topUp(payer, '1', { promotionalUntil: null })).toMatchObject({ ok: true });
    expect(await s.spendable(payer)).toBe('101.00');
  });
});

describe('credit', () => {
  it('hybrid: prepaid money first, then credit up to its limit', async () => {
    const s = await open();
    const account = await subscriber(s, NUMBER, 'payg', '1', { mode: 'HYBRID', limit: euros('2') });
    expect(await s.charge(NUMBER, { seconds: 200n })).toMatchObject({ status: 'CHARGED', gross: '2.00' });
    expect(await s.rows(account, MONEY)).toMatchObject([{ kind: 'MONEY', value: '0' }, { kind: 'CREDIT', value: '-1000000' }]);
    expect(await s.charge(NUMBER, { seconds: 101n })).toMatchObject({ status: 'REFUSED', code: 'CREDIT_LIMIT_REACHED' });
    expect(await s.charge(NUMBER, { seconds: 101n, delivered: true })).toMatchObject({ status: 'CHARGED' });
    expect(await s.rows(account, MONEY)).toMatchObject([{ value: '0' }, { value: '-2010000', overused: true }]);
  });

  it('postpaid: exposure grows to the limit and no further, tax included', async () => {
    const s = await open({ code: 'payg', usage: [{ ...voice('0.60'), taxed: true }] });
    const account = await subscriber(s, NUMBER, 'payg', null, { mode: 'POSTPAID', limit: euros('1.20') });
    expect(await s.charge(NUMBER, { seconds: 90n })).toMatchObject({ status: 'CHARGED', gross: '1.08' });
    expect(await s.charge(NUMBER, { seconds: 11n })).toMatchObject({ status: 'REFUSED', code: 'CREDIT_LIMIT_REACHED' });
    expect(await s.charge(NUMBER, { seconds: 10n })).toMatchObject({ status: 'CHARGED', gross: '0.12' });
    expect([await s.spendable(account), await s.rows(account, MONEY)]).toMatchObject(['0.00', [{ kind: 'CREDIT', value: '-1200000', overused: false }]]);
  });

  it('a limit below what is owed refuses what comes, and marks what stands; a higher one makes room', async () => {
    const s = await open();
    const account = await subscriber(s, NUMBER, 'payg', null, { mode: 'POSTPAID', limit: euros('2') });
    await s.charge(NUMBER, { seconds: 100n });
    const limit = async (amount: bigint | null): Promise<void> => {
      await changeLimit(db.ownerPool, { ...account, tenantId: s.tenantId, accountId: account.id, payerId: account.id, currency: 'EUR',
        paymentMode: 'POSTPAID', creditLimit: amount === null ? { kind: 'UNLIMITED' } : { kind: 'AMOUNT', amount }, at: 0 });
      await expectSoundBooks(db);
    };
    for (const [amount, overused, status] of [[euros('0.50'), true, 'REFUSED'], [euros('1.10'), false, 'CHARGED'], [euros('1.10'), false, 'REFUSED'], [null, false, 'CHARGED']] as const) {
      await limit(amount);
      expect(await s.rows(account, MONEY)).toMatchObject([{ overused }]);
      expect(await s.charge(NUMBER)).toMatchObject({ status });
    }
  });

  it('UNLIMITED is never reached', async () => {
    const s = await open();
    const account = await subscriber(s, NUMBER, 'payg', null, { mode: 'POSTPAID', limit: null });
    expect(await s.charge(NUMBER, { seconds: 86_400n })).toMatchObject({ status: 'CHARGED', gross: '864.00' });
    expect(await s.spendable(account)).toBeNull();
  });
});

describe('a sharing group', () => {
  it('charges the payer, and holds a member to his own tighter limit in each bill cycle', async () => {
    const s = await open();
    const payer = await s.account({ mode: 'POSTPAID', limit: euros('100') });
    const member = { mode: 'POSTPAID' as const, within: payer, payer };
    await subscriber(s, MEMBER, 'payg', null, { ...member, limit: euros('1') });
    await subscriber(s, NUMBER, 'payg', null, { ...member, limit: null });
    expect(await s.charge(MEMBER, { seconds: 90n })).toMatchObject({ status: 'CHARGED' });
    const last = await s.charge(MEMBER, { seconds: 11n });
    expect(last).toMatchObject({ status: 'REFUSED', code: 'CREDIT_LIMIT_REACHED' });
    expect(await s.charge(NUMBER, { seconds: 600n })).toMatchObject({ status: 'CHARGED' });
    const fitting = await s.charge(MEMBER, { seconds: 10n });
    expect(fitting).toMatchObject({ status: 'CHARGED' });
    expect(await s.spendable(payer)).toBe('93.00');
    expect(await s.refund(payer, fitting.position!)).toMatchObject({ ok: true });
    expect(await s.charge(MEMBER, { seconds: 11n })).toMatchObject({ status: 'REFUSED' });
    expect(await s.charge(MEMBER, { seconds: 10n })).toMatchObject({ status: 'CHARGED' });
    await s.moveTo('2031-02-01T00:00:00Z');
    expect(await s.charge(MEMBER, { seconds: 100n })).toMatchObject({ status: 'CHARGED' });
  });

  it('lets the usages of one batch see what each of them spent', async () => {
    const s = await open();
    const payer = await s.account({ mode: 'POSTPAID', limit: euros('100') });
    await subscriber(s, MEMBER, 'payg', null, { mode: 'POSTPAID', within: payer, payer, limit: euros('1'), at: '2031-01-01T00:00:00Z' });
    const at = { tenantId: s.tenantId, startedAt: Date.parse('2031-01-10T12:00:00Z') };
    const results = await conductor.chargeUsage(Array.from({ length: 8 }, () => call(MEMBER, 20n, at)), { delivered: false, lateLimitDays: undefined });
    expect(results.map(({ status }) => status)).toEqual([...Array(5).fill('CHARGED'), ...Array(3).fill('REFUSED')]);
  });

  it('holds everybody to the payer\'s limit, and books delivered over-use', async () => {
    const s = await open();
    const payer = await s.account({ mode: 'POSTPAID', limit: euros('1') });
    await subscriber(s, MEMBER, 'payg', null, { mode: 'POSTPAID', within: payer, payer, limit: euros('50') });
    expect(await s.charge(MEMBER, { seconds: 101n })).toMatchObject({ status: 'REFUSED', code: 'CREDIT_LIMIT_REACHED' });
    expect(await s.charge(MEMBER, { seconds: 101n, delivered: true })).toMatchObject({ status: 'CHARGED' });
  });

  it('spends a member\'s own allowance before the shared one, and the shared one before money', async () => {
    const s = await open(pool);
    await s.offering({ ...pool, code: 'own', allowances: [{ ...pool.allowances[0]!, code: 'own', shared: false }] });
    const payer = await s.account({ mode: 'POSTPAID' });
    expect(await s.activate(payer, 'pool')).toMatchObject({ ok: true });
    const member = await subscriber(s, MEMBER, 'own', null, { mode: 'POSTPAID', within: payer, payer });
    await s.charge(MEMBER, { seconds: 30n });
    expect([await s.units(member), await s.units(payer)]).toEqual([70n, 100n]);
    expect(await s.charge(MEMBER, { seconds: 180n })).toMatchObject({ gross: '0.10' });
    expect([await s.units(member), await s.units(payer), await s.spendable(payer)]).toEqual([0n, 0n, '89.90']);
  });
});

describe('counters', () => {
  const messages = (mode: 'GRADUATED' | 'VOLUME') => ({ code: 'sms', usage: [{
    kind: 'SMS', unit: 'EVENT' as const, per: '1', rates: flatRate('0'),
    tiers: { mode, tiers: [{ upTo: '3', amount: '0.10', flatAmount: '0' }, { upTo: null, amount: '0.05', flatAmount: '0' }] },
  }] });
  const sms = (s: Scenario, at: string) => call(NUMBER, 1n, { tenantId: s.tenantId, kind: 'SMS', unit: 'EVENT', startedAt: Date.parse(at) });
  const send = async (s: Scenario, times: readonly string[]) => (await conductor.chargeUsage(times.map((at) => sms(s, at)), { delivered: false, lateLimitDays: undefined }))
    .map(({ charge }) => charge?.net);

  it('of one batch see each other, belong to the period of the event, and give back by a negative charge', async () => {
    const s = await open(messages('VOLUME'));
    await subscriber(s, NUMBER, 'sms', '10', { at: '2030-12-01T00:00:00Z' });
    const [january, december] = ['2031-01-05T00:00:00Z', '2030-12-20T00:00:00Z'];
    expect(await send(s, [january, january, december, january, january])).toEqual([100_000n, 100_000n, 100_000n, 100_000n, -100_000n]);
    expect(await send(s, [january, december])).toEqual([50_000n, 100_000n]);
  });

  it('lose what a reversal takes back', async () => {
    const s = await open(messages('GRADUATED'));
    const account = await subscriber(s, NUMBER, 'sms', '10', { at: '2031-01-01T00:00:00Z' });
    const at = '2031-01-10T12:00:00Z';
    expect(await send(s, [at, at, at])).toEqual([100_000n, 100_000n, 100_000n]);
    const [charge] = await s.rows<{ position: string }>(account, `select position from charge where root_id = $1 and kind = 'SMS' order by position`);
    await s.refund(account, BigInt(charge!.position));
    expect(await s.rows(account, 'select amount, quantity, events from counter where root_id = $1')).toEqual([{ amount: '200000', quantity: '2', events: '2' }]);
    expect(await send(s, [at, at])).toEqual([100_000n, 50_000n]);
  });

  it('a negative charge goes to a purse whose life has ended, and the books hold', async () => {
    const s = await open(messages('VOLUME'));
    const account = await subscriber(s, NUMBER, 'sms', '10', { at: '2031-01-01T00:00:00Z' });
    await send(s, Array(3).fill('2031-01-10T12:00:00Z'));
    await s.moveTo('2031-03-12T00:00:00Z');
    expect(await send(s, ['2031-01-30T00:00:00Z'])).toEqual([-100_000n]);
    expect(await s.rows(account, MONEY)).toMatchObject([{ value: '9800000' }]);
  });

  it('a period that is billed takes late usage into the open one', async () => {
    const s = await open();
    const account = await subscriber(s, NUMBER, 'payg', '10');
    await db.ownerPool.query(`update bucket set open_period = '2031-02-01T00:00:00Z', setup_version = setup_version + 1 where root_id = $1 and id = 0`, [account.rootId.toString()]);
    await s.moveTo('2031-02-03T00:00:00Z');
    await s.charge(NUMBER, { at: '2031-01-20T00:00:00Z' });
    await s.charge(NUMBER);
    expect(await s.rows(account, `select bill_period from charge where root_id = $1 order by position`)).toEqual([
      { bill_period: new Date('2031-02-01T00:00:00Z') }, { bill_period: new Date('2031-02-01T00:00:00Z') }]);
  });
});

describe('who is charged', () => {
  it('a recycled number is its owner\'s at the time of the usage', async () => {
    const s = await open();
    const first = await subscriber(s, NUMBER, 'payg', '10');
    await s.moveTo('2031-01-20T00:00:00Z');
    const { id } = await s.product(first);
    await conductor.terminate(key(s, 'end'), { productId: BigInt(id), at: null });
    const second = await subscriber(s, NUMBER, 'payg', '10');
    await s.moveTo('2031-01-25T00:00:00Z');
    await s.charge(NUMBER, { at: '2031-01-15T00:00:00Z' });
    await s.charge(NUMBER, { at: '2031-01-22T00:00:00Z', seconds: 20n });
    expect([await s.spendable(first), await s.spendable(second)]).toEqual(['9.90', '9.80']);
  });

  it('a price whose condition does not hold is not taken, nor one on what the usage lacks', async () => {
    const s = await open({ code: 'roam', usage: [{ ...voice('6'), conditions: [{ attribute: 'servingNetwork', in: ['20801'] }] }, voice('0.60')] });
    await subscriber(s, NUMBER, 'roam', '10');
    expect(await s.charge(NUMBER)).toMatchObject({ gross: '0.10' });
    expect(await s.charge(NUMBER, { over: { attributes: { servingNetwork: '20810' } } })).toMatchObject({ gross: '0.10' });
    expect(await s.charge(NUMBER, { over: { attributes: { servingNetwork: '20801' } } })).toMatchObject({ gross: '1.00' });
  });

  it('emergency calls are free for the broke and the suspended', async () => {
    const s = await open({ ...pool, period: 'MONTH' });
    const account = await subscriber(s, NUMBER, 'pool', '5');
    expect(await s.charge(NUMBER, { seconds: 101n })).toMatchObject({ status: 'REFUSED', code: 'INSUFFICIENT_BALANCE' });
    expect(await s.charge(NUMBER, { over: { emergency: true } })).toMatchObject({ status: 'CHARGED', gross: '0.00' });
    await s.moveTo('2031-02-10T12:00:00Z');
    expect(await s.charge(NUMBER)).toMatchObject({ status: 'REFUSED', code: 'PRODUCT_SUSPENDED' });
    expect(await s.charge(NUMBER, { over: { emergency: true } })).toMatchObject({ status: 'CHARGED', gross: '0.00' });
    expect([await s.spendable(account), await s.units(account)]).toEqual(['0.00', 0n]);
  });

  it('a price in another currency than the payer\'s is put aside, never converted', async () => {
    const s = await open();
    const account = await subscriber(s, NUMBER, 'payg', '10');
    await db.ownerPool.query(`update billing_account set currency = 'USD' where root_id = $1`, [account.rootId.toString()]);
    await db.ownerPool.query('update bucket set setup_version = setup_version + 1 where root_id = $1 and id = 0', [account.rootId.toString()]);
    expect(await s.charge(NUMBER)).toMatchObject({ status: 'QUARANTINED', code: 'CURRENCY_MISMATCH' });
  });

  it('the same unratable usage twice in one call is put aside once', async () => {
    const s = await open();
    await subscriber(s, NUMBER, 'payg', '10', { at: '2031-01-01T00:00:00Z' });
    const event = call(NUMBER, 1n, { tenantId: s.tenantId, kind: 'DATA', unit: 'BYTE', startedAt: Date.parse('2031-01-10T12:00:00Z') });
    const results = await conductor.chargeUsage([event, event], { delivered: false, lateLimitDays: undefined });
    expect(results.map(({ status }) => status)).toEqual(['QUARANTINED', 'QUARANTINED']);
    const { rows } = await db.appPool.query('select attempts from unguided_usage where tenant_id = $1', [s.tenantId]);
    expect(rows).toEqual([{ attempts: 1 }]);
  });
});

it('the tax in the entries of a charge sums to the charge, over several purses', async () => {
  const s = await open({ code: 'payg', usage: [{ ...voice('0.1003'), taxed: true }] });
  const account = await subscriber(s, NUMBER, 'payg', '1', { mode: 'HYBRID', limit: euros('5') });
  await s.topUp(account, '0.333333', { promotionalUntil: null });
  await s.charge(NUMBER, { seconds: 1_001n });
  const [sums] = await s.rows(account, `select c.net, c.tax, sum(-e.amount) as paid, sum(e.tax) as taxed, count(*)::int as purses, bool_and(abs(e.tax * 6 + e.amount) <= 18) as proportional
    from charge c join entry e on e.shard = c.shard and e.root_id = c.root_id and e.position = c.position where c.root_id = $1 group by c.net, c.tax`);
  expect(sums).toEqual({ net: '1673338', tax: '334668', paid: '2008006', taxed: '334668', purses: 3, proportional: true });
});
