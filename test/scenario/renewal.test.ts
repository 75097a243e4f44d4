import { Conductor } from '../../src/charging';
import { DueScheduler } from '../../src/charging/scheduler';
import { StoredUsage, usageOf } from '../../src/usage/usage.codec';
import { createTestDatabase, TestDatabase } from '../support';
import { agentKey, call, tell, worldConductor } from '../support/world';
import { expectSoundBooks, openScenario, Scenario, subscriber, voice } from './money-scenario';

/** Money rules 5.8 and 5.9: a period is renewed once, fee first, grant second, and what cannot be paid grants nothing. */
let db: TestDatabase;
let conductor: Conductor;
let other: Conductor;
const minutes = { code: 'minutes', period: 'CALENDAR_MONTH' as const, fee: '5', usage: [voice('0.60')],
  allowances: [{ code: 'min', kind: 'VOICE', unit: 'SECOND' as const, quantity: '100', step: '1' }] };
const NUMBER = '353860000001';

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

const open = async (at: string): Promise<Scenario> => openScenario(db, conductor, at);
const periods = (rows: readonly { key: string }[]): string[] => rows.map(({ key }) => key.split(/:(.*)/)[1]!);
const RENEWALS = `select key, position from request where root_id = $1 and operation = 'RENEWAL' order by position`;
const FEES = `select kind, event_at, net, tax, position, explanation from charge where root_id = $1 and kind in ('RECURRING_FEE', 'ONE_TIME_FEE') order by position`;

describe('a renewal', () => {
  it('happens exactly once where 20 events on two nodes and the scheduler race for it at 00:00:01', async () => {
    const s = await open('2031-01-15T12:00:00Z');
    await s.offering(minutes);
    const account = await subscriber(s, NUMBER, 'minutes', '40');
    await s.moveTo('2031-02-01T00:00:01Z');
    const scheduler = new DueScheduler({ pool: db.appPool, charging: other, everyMs: 1_000, roundMax: 100, failed: (error) => { throw error; } });
    const [, ...answers] = await Promise.all([
      scheduler.runOnce(), ...Array.from({ length: 20 }, (_, i) => s.charge(NUMBER, { by: i % 2 ? other : conductor })),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill('CHARGED'));
    expect(periods(await s.rows(account, RENEWALS)).slice(1)).toEqual(['2031-02-01T00:00:00.000Z']);
    // 200 s used: 100 of the allowance, 100 s at 0.60 a minute. 40 - 5 - 5 - 1.
    expect([await s.units(account), await s.spendable(account)]).toEqual([0n, '29.00']);
  });

  it('is seen by a read and by an event although no scheduler ran, through every period in between', async () => {
    const s = await open('2031-01-15T12:00:00Z');
    await s.offering(minutes);
    const account = await subscriber(s, NUMBER, 'minutes', '18');
    await s.moveTo('2031-03-15T00:00:00Z');
    expect([await s.units(account), await s.spendable(account)]).toEqual([100n, '3.00']);
    expect(periods(await s.rows(account, RENEWALS))).toHaveLength(1);
    await s.charge(NUMBER);
    expect([await s.units(account), await s.spendable(account)]).toEqual([90n, '3.00']);
    expect(periods(await s.rows(account, RENEWALS)).slice(1)).toEqual(['2031-02-01T00:00:00.000Z', '2031-03-01T00:00:00.000Z']);
  });

  it('books the fee before the grant, the grant at the place of the renewal, with what each bucket held before', async () => {
    const s = await open('2031-01-15T12:00:00Z');
    await s.offering({ ...minutes, feeTax: 'ON_TOP' });
    const account = await subscriber(s, NUMBER, 'minutes', '40');
    const [renewal] = await s.rows<{ position: string }>(account, RENEWALS);
    const [fee] = await s.rows<{ net: string; tax: string; explanation: unknown }>(account, FEES);
    expect(fee).toMatchObject({ net: '5000000', tax: '1000000', explanation: { b: [[0, '6000000', '40000000']], t: 'S20' } });
    const entries = await s.rows(account, `select kind, position, amount, tax, contra from entry where root_id = $1 and kind in ('FEE', 'GRANT') order by kind`);
    expect(entries).toEqual([
      expect.objectContaining({ kind: 'FEE', amount: '-6000000', tax: '1000000', contra: 'revenue' }),
      expect.objectContaining({ kind: 'GRANT', position: renewal!.position, amount: '100', contra: 'allowance_grant' }),
    ]);
  });

  it('of a price with tax in it takes that price and no more', async () => {
    const s = await open('2031-01-15T12:00:00Z');
    await s.offering({ ...minutes, feeTax: 'INCLUDED', oneTime: '6' });
    const account = await subscriber(s, NUMBER, 'minutes', '40');
    expect(await s.rows(account, FEES)).toMatchObject([
      { kind: 'ONE_TIME_FEE', net: '5000000', tax: '1000000' }, { kind: 'RECURRING_FEE', net: '4166667', tax: '833333' }]);
    expect(await s.spendable(account)).toBe('29.00');
  });

  it('keeps the 31st as its day: 31 January, 28 February, 31 March', async () => {
    const s = await open('2031-01-31T15:00:00Z');
    await s.offering({ ...minutes, period: 'MONTH' });
    const account = await subscriber(s, NUMBER, 'minutes', '40', { at: '2031-01-31T15:00:00Z' });
    await s.moveTo('2031-04-02T00:00:00Z');
    await s.charge(NUMBER);
    // Dublin's summer time begins on 30 March: its midnight is 23:00 UTC from then on.
    expect(periods(await s.rows(account, RENEWALS))).toEqual(['2031-01-31T15:00:00.000Z', '2031-02-28T00:00:00.000Z', '2031-03-30T23:00:00.000Z']);
  });

  it('of 36 hours is counted from first use, also over a change of the clock', async () => {
    const s = await open('2031-03-29T15:00:00Z');
    await s.offering({ ...minutes, period: 'HOUR', periodLength: 36 });
    const account = await subscriber(s, NUMBER, 'minutes', '40', { at: '2031-03-29T15:00:00Z' });
    await s.moveTo('2031-03-31T03:00:00Z');
    await s.charge(NUMBER);
    expect(periods(await s.rows(account, RENEWALS))).toEqual(['2031-03-29T15:00:00.000Z', '2031-03-31T03:00:00.000Z']);
  });

  it('of a prorated fee takes the days of the natural period, 17 of 31, and grants the prorated first allowance up to a step', async () => {
    const s = await open('2031-01-15T12:00:00Z');
    await s.offering({ ...minutes, fee: '31', feeProrated: true, allowances: [{ ...minutes.allowances[0]!, firstGrant: 'PRORATED', step: '10' }] });
    const account = await subscriber(s, NUMBER, 'minutes', '40');
    expect([await s.units(account), await s.spendable(account)]).toEqual([60n, '23.00']);
  });

  it('uses a second dated price from its day on', async () => {
    const s = await open('2031-01-15T12:00:00Z');
    await s.offering(minutes);
    await s.offering({ ...minutes, code: 'dearer', fee: '7', usage: [voice('1.20')] });
    const account = await subscriber(s, NUMBER, 'minutes', '40');
    for (const [code, from] of [['fee', '2031-02-01T00:00:00Z'], ['usage-0', '2031-02-10T00:00:00Z']]) {
      await db.ownerPool.query(`update price_assignment a set valid_until = $2 from price p where p.id = a.price_id and p.code = $1 and a.root_id = $3`,
        [code, from, account.rootId.toString()]);
      await db.ownerPool.query(`
        insert into price_assignment (shard, root_id, product_id, tenant_id, price_id, price_version_id, valid_from)
        select a.shard, a.root_id, a.product_id, a.tenant_id, a.price_id, v.id, $2
          from price_assignment a join price p on p.id = a.price_id and p.code = $1
          join price vp on vp.code = $1 join price_version v on v.price_id = vp.id
          join product_offering o on o.id = vp.offering_id and o.code = 'dearer' and o.tenant_id = $4
         where a.root_id = $3`, [code, from, account.rootId.toString(), s.tenantId]);
    }
    await db.ownerPool.query('update bucket set setup_version = setup_version + 1 where root_id = $1 and id = 0', [account.rootId.toString()]);
    await s.moveTo('2031-02-12T00:00:00Z');
    expect((await s.charge(NUMBER, { at: '2031-02-09T23:59:50Z', seconds: 160n })).gross).toBe('0.60');
    expect((await s.charge(NUMBER, { at: '2031-02-10T00:00:00Z', seconds: 60n })).gross).toBe('1.20');
    expect((await s.rows<{ net: string }>(account, FEES)).map(({ net }) => net)).toEqual(['5000000', '7000000']);
  });
});

describe('late usage of an ended period', () => {
  it('takes the old bucket and reverses its expiry by that much', async () => {
    const s = await open('2031-01-15T12:00:00Z');
    await s.offering(minutes);
    const account = await subscriber(s, NUMBER, 'minutes', '40');
    await s.moveTo('2031-02-01T10:00:00Z');
    await s.charge(NUMBER);
    expect(await s.charge(NUMBER, { at: '2031-01-31T23:59:00Z', seconds: 70n })).toMatchObject({ status: 'CHARGED', gross: '0.00' });
    const buckets = await s.rows(account, `select id, value, expired, state from bucket where root_id = $1 and kind = 'UNIT' order by id`);
    expect(buckets).toEqual([{ id: 1, value: '0', expired: '30', state: 'EXPIRED' }, { id: 2, value: '90', expired: '0', state: 'ACTIVE' }]);
    expect((await s.charge(NUMBER, { at: '2031-01-31T23:59:00Z', seconds: 40n })).gross).toBe('0.10');
    expect(await s.units(account)).toBe(90n);
  });
});

describe('allowances', () => {
  const rolling = (rollOverMaximum?: string) => ({ ...minutes, allowances: [{ ...minutes.allowances[0]!, renewal: 'ROLL_OVER' as const, ...(rollOverMaximum && { rollOverMaximum }) }] });

  it.each([['are reset', minutes, 100n], ['roll over whole', rolling(), 190n], ['roll over up to a maximum', rolling('30'), 130n]])('%s', async (_, offering, left) => {
    const s = await open('2031-01-15T12:00:00Z');
    await s.offering(offering);
    const account = await subscriber(s, NUMBER, 'minutes', '40');
    await s.charge(NUMBER);
    await s.moveTo('2031-02-05T00:00:00Z');
    expect(await s.units(account)).toBe(left);
    await s.charge(NUMBER, { seconds: left });
    expect([await s.units(account), await s.spendable(account)]).toEqual([0n, '30.00']);
  });

  it('that roll over are spent oldest first, and a blocking one blocks only when all of it is used up', async () => {
    const s = await open('2031-01-15T12:00:00Z');
    await s.offering({ ...minutes, allowances: [{ ...minutes.allowances[0]!, renewal: 'ROLL_OVER', usedUp: 'BLOCK' }] });
    const account = await subscriber(s, NUMBER, 'minutes', '40');
    await s.charge(NUMBER, { seconds: 95n });
    await s.moveTo('2031-02-05T00:00:00Z');
    expect(await s.charge(NUMBER, { seconds: 20n })).toMatchObject({ status: 'CHARGED', gross: '0.00' });
    expect(await s.rows(account, `select id, value from bucket where root_id = $1 and kind = 'UNIT' order by id`)).toEqual([{ id: 1, value: '0' }, { id: 2, value: '85' }]);
    expect(await s.charge(NUMBER, { seconds: 86n })).toMatchObject({ status: 'REFUSED', code: 'BUCKET_BLOCKED' });
    expect(await s.units(account)).toBe(85n);
  });
});

describe('a product that does not renew by itself', () => {
  it('ends with its period, and its number may be given to somebody else', async () => {
    const s = await open('2031-01-15T12:00:00Z');
    await s.offering({ ...minutes, autoRenew: false });
    const first = await subscriber(s, NUMBER, 'minutes', '40');
    await s.moveTo('2031-02-03T00:00:00Z');
    expect(await s.charge(NUMBER)).toMatchObject({ status: 'QUARANTINED', code: 'UNKNOWN_SUBSCRIBER' });
    // Nobody came by the first account since its product ended.
    const second = await subscriber(s, NUMBER, 'minutes', '40');
    expect(await s.charge(NUMBER, { seconds: 100n })).toMatchObject({ status: 'CHARGED', gross: '0.00' });
    expect(await s.charge(NUMBER, { at: '2031-01-20T00:00:00Z', seconds: 100n })).toMatchObject({ status: 'CHARGED', gross: '0.00' });
    expect([await s.spendable(first), await s.spendable(second)]).toEqual(['35.00', '35.00']);
    expect(await s.product(first)).toMatchObject({ state: 'TERMINATED', ended_at: new Date('2031-02-01T00:00:00Z') });
  });
});

describe('a termination', () => {
  it('at a later day prorates the last fee to that day, which is served, and cuts the allowance there', async () => {
    const s = await open('2031-01-01T12:00:00Z');
    await s.offering({ ...minutes, fee: '28', feeProrated: true });
    const account = await subscriber(s, NUMBER, 'minutes', '80');
    const { id } = await s.product(account);
    const ended = await conductor.terminate(agentKey(s.tenantId, 'end'), { productId: BigInt(id), at: Date.parse('2031-02-10T12:00:00Z') });
    expect(ended).toMatchObject({ ok: true });
    await s.moveTo('2031-02-10T11:59:00Z');
    // 80 - 28, then 10 of February's 28 days.
    expect([await s.units(account), await s.spendable(account)]).toEqual([100n, '42.00']);
    await s.moveTo('2031-02-10T12:00:01Z');
    expect([await s.units(account), await s.spendable(account)]).toEqual([0n, '42.00']);
    expect(await s.charge(NUMBER)).toMatchObject({ status: 'QUARANTINED' });
  });
});

describe('the scheduler', () => {
  it('books what lapsed and ended although nobody came by, and then finds nothing more to do', async () => {
    const s = await open('2031-01-10T12:00:00Z');
    await s.offering({ ...minutes, code: 'weekly', period: 'WEEK', autoRenew: false });
    const account = await subscriber(s, NUMBER, 'weekly', '10');
    await s.topUp(account, '3', { promotionalUntil: '2031-01-12T00:00:00Z' });
    await s.moveTo('2031-04-14T12:00:00Z');
    const scheduler = new DueScheduler({ pool: db.appPool, charging: conductor, everyMs: 1_000, roundMax: 100, failed: (error) => { throw error; } });
    expect(await scheduler.runOnce()).toBeGreaterThanOrEqual(1);
    expect(await s.product(account)).toMatchObject({ state: 'TERMINATED' });
    const lapsed = await s.rows(account, `select amount, contra from entry where root_id = $1 and kind = 'EXPIRE' order by contra`);
    expect(lapsed).toEqual([{ amount: '-5000000', contra: 'breakage' }, { amount: '-100', contra: 'expired_units' }, { amount: '-3000000', contra: 'promotion_expense' }]);
    expect(await scheduler.runOnce()).toBe(0);
  });
});

describe('an end that was named', () => {
  const end = (s: Scenario, productId: string, at: string | null, name: string) =>
    conductor.terminate(agentKey(s.tenantId, name), { productId: BigInt(productId), at: at === null ? null : Date.parse(at) });

  it('moves while it has not come, with the allowance and the number', async () => {
    const s = await open('2031-01-10T12:00:00Z');
    await s.offering(minutes);
    const account = await subscriber(s, NUMBER, 'minutes', '80');
    const { id } = await s.product(account);
    expect(await end(s, id, '2031-01-20T12:00:00Z', 'first')).toMatchObject({ ok: true });
    expect(await end(s, id, '2031-03-20T12:00:00Z', 'later')).toMatchObject({ ok: true });
    await s.moveTo('2031-01-25T12:00:00Z');
    expect(await s.charge(NUMBER)).toMatchObject({ status: 'CHARGED', gross: '0.00' });
    await s.moveTo('2031-02-05T12:00:00Z');
    expect(await s.units(account)).toBe(100n);
    expect(await end(s, id, null, 'now')).toMatchObject({ ok: true });
    expect(await s.charge(NUMBER)).toMatchObject({ status: 'QUARANTINED' });
    expect(await end(s, id, null, 'again')).toMatchObject({ ok: false, errors: [{ code: 'CONFLICT' }] });
    const { rows } = await db.ownerPool.query('select valid_until from identifier where product_id = $1', [id]);
    expect(rows).toEqual([{ valid_until: (await s.product(account)).ended_at }]);
  });

  it('lies within ten years, and not before a number\'s next owner', async () => {
    const s = await open('2031-01-10T12:00:00Z');
    await s.offering(minutes);
    const account = await subscriber(s, NUMBER, 'minutes', '80');
    const { id } = await s.product(account);
    expect(await end(s, id, '9999-12-31T23:59:59Z', 'far')).toMatchObject({ ok: false, errors: [{ code: 'INVALID_INPUT', path: ['at'] }] });
    expect(await end(s, id, '2031-01-20T12:00:00Z', 'first')).toMatchObject({ ok: true });
    await s.moveTo('2031-01-20T11:00:00Z');
    const next = await s.account();
    await db.ownerPool.query(`insert into identifier (tenant_id, kind, value, valid_from, shard, root_id, account_id)
      values ($1, 'MSISDN', $2, '2031-01-20T12:00:00Z', $3, $4, $4)`, [s.tenantId, NUMBER, next.shard, next.id.toString()]);
    await tell(db, s.tenantId, [['identifierAssign', next.id.toString()]]);
    expect(await end(s, id, '2031-02-20T12:00:00Z', 'taken')).toMatchObject({ ok: false, errors: [{ code: 'ALREADY_EXISTS', path: ['at'] }] });
    expect(await end(s, id, '2031-01-20T11:30:00Z', 'sooner')).toMatchObject({ ok: true });
  });
});

describe('usage of a sender whose clock runs ahead', () => {
  it('is judged by when it came: the period that has not begun is not touched, and both instants are kept', async () => {
    const s = await open('2031-01-15T12:00:00Z');
    await s.offering(minutes);
    const account = await subscriber(s, NUMBER, 'minutes', '40');
    await s.moveTo('2031-01-31T23:58:00Z');
    expect(await s.charge(NUMBER, { at: '2031-02-01T00:00:30Z' })).toMatchObject({ status: 'CHARGED', gross: '0.00' });
    const [charge] = await s.rows<{ event_at: Date; booked_at: Date; reported: string }>(account,
      `select event_at, booked_at, explanation->>'s' as reported from charge where root_id = $1 and kind = 'VOICE'`);
    expect(charge!.event_at.getTime()).toBe(charge!.booked_at.getTime());
    expect(+charge!.reported).toBe(Date.parse('2031-02-01T00:00:30Z'));
    expect(await s.spendable(account)).toBe('35.00');
  });

  it('is put aside as it was told, so that the same usage again is the same', async () => {
    const s = await open('2031-01-15T12:00:00Z');
    await s.offering(minutes);
    const account = await subscriber(s, NUMBER, 'minutes', '40');
    const { id } = await s.product(account);
    expect(await conductor.terminate(agentKey(s.tenantId, 'end'), { productId: BigInt(id), at: null })).toMatchObject({ ok: true });
    // The number stays the account's for a while, as by hand.
    await db.ownerPool.query('update identifier set valid_until = null where product_id = $1', [id]);
    const usage = call(NUMBER, 10n, { tenantId: s.tenantId, startedAt: await conductor.now(s.tenantId) + 60_000 });
    await conductor.chargeUsage([usage], { delivered: true, lateLimitDays: undefined });
    const { rows } = await db.ownerPool.query<{ body: StoredUsage; body_hash: Buffer }>('select body, body_hash from unguided_usage where event_id = $1', [usage.usageId]);
    expect(usageOf(rows[0]!.body).bodyHash.equals(rows[0]!.body_hash)).toBe(true);
  });
});

describe('a prepaid fee that cannot be paid', () => {
  const broke = async (): Promise<{ s: Scenario; account: Awaited<ReturnType<typeof subscriber>> }> => {
    const s = await open('2031-01-15T12:00:00Z');
    await s.offering({ ...minutes, period: 'MONTH' });
    return { s, account: await subscriber(s, NUMBER, 'minutes', '9') };
  };

  it('grants nothing, suspends the product, and the next top-up starts the period on its day', async () => {
    const { s, account } = await broke();
    await s.moveTo('2031-02-15T00:00:01Z');
    expect(await s.charge(NUMBER)).toMatchObject({ status: 'REFUSED', code: 'PRODUCT_SUSPENDED' });
    expect([await s.units(account), await s.spendable(account), (await s.product(account)).state]).toEqual([0n, '4.00', 'SUSPENDED']);
    await s.moveTo('2031-02-18T17:00:00Z');
    await s.topUp(account, '6');
    expect([await s.units(account), await s.spendable(account)]).toEqual([100n, '5.00']);
    expect(await s.product(account)).toMatchObject({ state: 'ACTIVE', period_start: new Date('2031-02-18T00:00:00Z'), period_end: new Date('2031-03-18T00:00:00Z') });
    expect(await s.charge(NUMBER)).toMatchObject({ status: 'CHARGED' });
    expect(await s.charge(NUMBER, { at: '2031-02-16T12:00:00Z' })).toMatchObject({ status: 'REFUSED', code: 'PRODUCT_SUSPENDED' });
  });

  it('bars the add-ons of its line too', async () => {
    const { s, account } = await broke();
    await s.offering({ code: 'add-on', priority: 1, usage: [voice('0.06')] });
    const { id } = await s.product(account);
    expect(await s.activate(account, 'add-on', { attachedTo: BigInt(id) })).toMatchObject({ ok: true });
    expect(await s.charge(NUMBER, { seconds: 160n })).toMatchObject({ status: 'CHARGED', gross: '0.06' });
    await s.moveTo('2031-02-15T00:00:01Z');
    expect(await s.charge(NUMBER, { seconds: 60n })).toMatchObject({ status: 'REFUSED', code: 'PRODUCT_SUSPENDED' });
    await s.topUp(account, '6');
    expect(await s.charge(NUMBER, { seconds: 160n })).toMatchObject({ status: 'CHARGED', gross: '0.06' });
  });

  it('keeps the old anniversary where the offering says so', async () => {
    const s = await open('2031-01-15T12:00:00Z');
    await s.offering({ ...minutes, period: 'MONTH', paidStarts: 'ANNIVERSARY' });
    const account = await subscriber(s, NUMBER, 'minutes', '9');
    await s.moveTo('2031-02-18T17:00:00Z');
    await s.topUp(account, '6');
    expect(await s.product(account)).toMatchObject({ state: 'ACTIVE', period_start: new Date('2031-02-15T00:00:00Z'), period_end: new Date('2031-03-15T00:00:00Z') });
  });

  it('leaves the product usable at its prices where the offering says so', async () => {
    const s = await open('2031-01-15T12:00:00Z');
    await s.offering({ ...minutes, period: 'MONTH', unpaid: 'CONTINUE_AT_USAGE_PRICES' });
    const account = await subscriber(s, NUMBER, 'minutes', '9');
    await s.moveTo('2031-02-15T00:00:01Z');
    expect(await s.charge(NUMBER, { seconds: 60n })).toMatchObject({ status: 'CHARGED', gross: '0.60' });
    expect((await s.product(account)).state).toBe('ACTIVE');
    await s.topUp(account, '6');
    expect([await s.units(account), await s.spendable(account)]).toEqual([100n, '4.40']);
  });

  it('is tried again every day, with money that came by another way', async () => {
    const { s, account } = await broke();
    await s.moveTo('2031-02-15T06:00:00Z');
    await s.charge(NUMBER);
    expect(await s.adjust(account, 0, 2_000_000n)).toMatchObject({ ok: true });
    await s.moveTo('2031-02-15T23:59:00Z');
    expect((await s.product(account)).state).toBe('SUSPENDED');
    await s.moveTo('2031-02-16T00:00:00Z');
    expect(await s.charge(NUMBER)).toMatchObject({ status: 'CHARGED', gross: '0.00' });
  });

  it.each([[1, 'looked at once'], [40, 'looked at every day']])('ends the product after 30 days, %# %s', async (looks) => {
    const { s, account } = await broke();
    for (let day = 1; day <= looks; day++) {
      await s.moveTo(new Date(Date.parse('2031-02-15T00:00:01Z') + Math.trunc((day * 40) / looks) * 86_400_000).toISOString());
      await conductor.touch(s.tenantId, [account]);
    }
    expect(await s.product(account)).toMatchObject({ state: 'TERMINATED', ended_at: new Date('2031-03-17T00:00:00Z') });
    expect(await s.spendable(account)).toBe('0.00');
    await s.topUp(account, '20');
    expect([(await s.product(account)).state, await s.units(account)]).toEqual(['TERMINATED', 0n]);
    const heir = await s.account();
    await s.topUp(heir, '40');
    expect(await s.activate(heir, 'minutes', { number: NUMBER })).toMatchObject({ ok: true });
  });
});

describe('an activation', () => {
  it('in the past takes every fee since, grants every allowance, and old usage finds its period', async () => {
    const s = await open('2031-03-10T12:00:00Z');
    await s.offering({ ...minutes, oneTime: '2' });
    const account = await subscriber(s, NUMBER, 'minutes', '20', { at: '2031-01-15T12:00:00Z' });
    expect([await s.units(account), await s.spendable(account)]).toEqual([100n, '3.00']);
    expect(periods(await s.rows(account, RENEWALS))).toHaveLength(3);
    expect(await s.charge(NUMBER, { at: '2031-01-20T00:00:00Z', seconds: 100n })).toMatchObject({ status: 'CHARGED', gross: '0.00' });
    expect(await s.units(account)).toBe(100n);
  });

  it.each([['for its first fee', '4.99', undefined], ['for every period since its start', '14.99', '2031-01-02T00:00:00Z']])('without the money %s is refused and changes nothing', async (_, money, at) => {
    const s = await open('2031-03-10T12:00:00Z');
    await s.offering(minutes);
    const account = await s.account();
    await s.topUp(account, money);
    const before = await s.rows(account, 'select id, value, version, setup_version from bucket where root_id = $1 order by id');
    expect(await s.activate(account, 'minutes', { number: NUMBER, ...(at && { at }) })).toMatchObject({ ok: false, errors: [{ code: 'INSUFFICIENT_BALANCE' }] });
    expect(await s.rows(account, 'select id, value, version, setup_version from bucket where root_id = $1 order by id')).toEqual(before);
    expect(await s.rows(account, 'select id from product where root_id = $1')).toEqual([]);
  });

  it('in another currency than the payer\'s is refused', async () => {
    const s = await open('2031-03-10T12:00:00Z');
    await s.offering(minutes);
    const account = await s.account({ currency: 'USD', mode: 'POSTPAID' });
    expect(await s.activate(account, 'minutes')).toMatchObject({ ok: false, errors: [{ code: 'CURRENCY_MISMATCH' }] });
  });

  it('beyond the credit limit is refused, and a renewal beyond it is booked', async () => {
    const s = await open('2031-01-10T12:00:00Z');
    await s.offering(minutes);
    const account = await s.account({ mode: 'POSTPAID', limit: 9_000_000n });
    expect(await s.activate(account, 'minutes', { number: NUMBER })).toMatchObject({ ok: true });
    expect(await s.activate(account, 'minutes')).toMatchObject({ ok: false, errors: [{ code: 'CREDIT_LIMIT_REACHED' }] });
    await s.moveTo('2031-02-01T00:00:01Z');
    expect(await s.charge(NUMBER)).toMatchObject({ status: 'CHARGED', gross: '0.00' });
    expect(await s.rows(account, 'select value, overused from bucket where root_id = $1 and id = 0')).toEqual([{ value: '-10000000', overused: true }]);
  });
});

it('a tax rate that is missing keeps the period waiting, and nothing else of the account', async () => {
  const s = await open('2031-01-15T12:00:00Z');
  await s.offering({ ...minutes, feeTax: 'ON_TOP' });
  const account = await subscriber(s, NUMBER, 'minutes', '40');
  const rateUntil = async (until: string | null): Promise<void> => {
    await db.ownerPool.query(`update tax_rate set valid_until = $2 where tenant_id = $1 and tax_class = 'standard'`, [s.tenantId, until]);
    await db.ownerPool.query('update tenant set catalog_version = catalog_version + 1 where id = $1', [s.tenantId]);
  };
  await rateUntil('2031-01-31T00:00:00Z');
  await s.moveTo('2031-02-03T00:00:00Z');
  expect(await s.charge(NUMBER, { seconds: 10n })).toMatchObject({ status: 'CHARGED', gross: '0.10' });
  expect([await s.units(account), await s.spendable(account)]).toEqual([0n, '33.90']);
  const another = await s.account();
  await s.topUp(another, '40');
  expect(await s.activate(another, 'minutes')).toMatchObject({ ok: false, errors: [{ code: 'RATING_FAILED' }] });
  await rateUntil(null);
  expect([await s.units(account), await s.spendable(account)]).toEqual([100n, '27.90']);
});
