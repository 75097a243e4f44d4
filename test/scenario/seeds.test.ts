import { plantDemo } from '../../src/demo';
import type { UsageResult } from '../../src/charging';
import { divideRounded, formatAmount, quantity } from '../../src/platform/money';
import { createLogger } from '../../src/platform/observe';
import { bodyHashOf } from '../../src/usage/usage.codec';
import type { UsageEvent } from '../../src/usage/usage.types';
import { NUMBERS } from '../../seeds/people';
import { accountOf, openSeededRooms, SeededRooms } from './seeds-support';

const DEMO = 1;
const ARCHIVE = 3;
const DAY_MS = 86_400_000;

describe('after the seeds', () => {
  let seeded: SeededRooms;

  beforeAll(async () => {
    seeded = await openSeededRooms();
  });

  afterAll(() => seeded.close());

  async function spendable(tenantId: number, who: string): Promise<string | null> {
    const [view] = await seeded.rooms.charging.balances(tenantId, [await accountOf(seeded, who)]);
    if (!view) throw new Error(`${who} has no account.`);
    return view.spendable === null ? null : formatAmount(view.spendable, view.currency);
  }

  /** What fees of whole months cost from the day of the account's first product to the first of the next month. */
  async function prorated(who: string, ...fees: bigint[]): Promise<bigint> {
    const { rows } = await seeded.database.ownerPool.query<{ started: Date }>(
      'select min(started_at) as started from product where account_id = $1', [(await accountOf(seeded, who)).toString()]);
    const local = new Date(rows[0].started.toLocaleString('en-US', { timeZone: 'Europe/Dublin' }));
    const days = new Date(Date.UTC(local.getFullYear(), local.getMonth() + 1, 0)).getUTCDate();
    const left = BigInt(days - local.getDate() + 1);
    return fees.reduce((sum, fee) => sum + divideRounded(fee * left, BigInt(days), 'HALF_UP'), 0n);
  }

  async function owed(who: string): Promise<bigint> {
    const { rows } = await seeded.database.ownerPool.query<{ value: string }>(
      `select value::text from bucket where kind = 'CREDIT' and account_id = $1`, [(await accountOf(seeded, who)).toString()]);
    return -BigInt(rows[0].value);
  }

  const call = async (
    usageId: string, units: bigint, more: Partial<UsageEvent> = {}, lateLimitDays?: null,
  ): Promise<UsageResult> => {
    const startedAt = await seeded.rooms.charging.now(DEMO);
    const event = {
      tenantId: DEMO, source: 'msc1', usageId, kind: 'VOICE', direction: 'OUTGOING', subscriber: { kind: 'MSISDN', value: NUMBERS.alice },
      startedAt, endedAt: null, quantity: quantity(units), unit: 'SECOND', otherParty: NUMBERS.bob, otherNetwork: null, attributes: {},
      emergency: false, ...more,
    } as const;
    const [result] = await seeded.rooms.charging.chargeUsage([{ ...event, bodyHash: bodyHashOf(event) }], { delivered: true, lateLimitDays });
    return result;
  };

  it('Alice can spend her top-up', async () => {
    expect(await spendable(DEMO, 'alice')).toBe('20.00');
    expect(await spendable(2, 'zoe')).toBe('10.00');
  });

  it('Bob owes his connection, his installation, and his fees by days', async () => {
    expect(await owed('bob')).toBe(60_000_000n + await prorated('bob', 20_000_000n, 40_000_000n));
  });

  it('Carol owes the fees of the whole family', async () => {
    expect(await owed('carol')).toBe(await prorated('carol', 40_000_000n, 10_000_000n, 10_000_000n, 10_000_000n));
  });

  it('the subscriber of 2014 owes six monthly fees, without a limit', async () => {
    expect(await owed('one-subscriber')).toBe(150_000_000n);
    expect(await spendable(ARCHIVE, 'one-subscriber')).toBeNull();
  });

  it('a second planting changes no row of money', async () => {
    const rows = async (): Promise<unknown> => (await seeded.database.ownerPool.query(`
      select (select json_agg(b order by root_id, id) from bucket b) as buckets, (select count(*) from entry) as entries,
             (select count(*) from request) as requests, (select count(*) from product) as products,
             (select count(*) from price_assignment) as assignments`)).rows;
    const before = await rows();
    await plantDemo(seeded.rooms, createLogger('silent'));
    expect(await rows()).toEqual(before);
  });

  it('Alice pays 0.075 for 90 s to Bob', async () => {
    const result = await call('seeds-1', 90n);
    expect(result).toMatchObject({ status: 'CHARGED', error: null });
    expect(result.charge && result.charge.net + result.charge.tax).toBe(75_000n);
    expect(await spendable(DEMO, 'alice')).toBe('19.925');
  });

  it('a call that began before the seeds were planted finds Alice too', async () => {
    const startedAt = await seeded.rooms.charging.now(DEMO) - 600_000;
    expect(await call('seeds-1b', 1n, { startedAt })).toMatchObject({ status: 'CHARGED', error: null });
  });

  it('Bob\'s call is paid by his minutes, the family\'s data by the pool', async () => {
    const before = await owed('bob');
    const minutes = await call('seeds-2', 60n, { subscriber: { kind: 'MSISDN', value: NUMBERS.bob }, otherParty: NUMBERS.alice });
    expect(minutes.charge && minutes.charge.net + minutes.charge.tax).toBe(0n);
    expect(await owed('bob')).toBe(before);
    const pooled = await call('seeds-3', 1_000_000_000n, {
      source: 'upf1', kind: 'DATA', unit: 'BYTE', direction: null, otherParty: null, subscriber: { kind: 'MSISDN', value: NUMBERS.erin },
    });
    expect(pooled).toMatchObject({ status: 'CHARGED', charge: { net: 0n, tax: 0n } });
    const { rows } = await seeded.database.ownerPool.query(`select value::text from bucket where is_shared`);
    expect(rows).toEqual([{ value: '49000000000' }]);
  });

  it('a call of October 2014 is too late by itself, and paid by October\'s minutes in a historical run', async () => {
    const october: Partial<UsageEvent> = {
      tenantId: ARCHIVE, source: 'import', startedAt: Date.parse('2014-10-20T12:00:00Z'), otherParty: null,
      subscriber: { kind: 'MSISDN', value: NUMBERS.oneSubscriber }, attributes: { networkType: 'mobile', network: 'Vodafone' },
    };
    expect(await call('seeds-4', 600n, october)).toMatchObject({ status: 'QUARANTINED', error: { code: 'USAGE_TOO_LATE' } });
    expect(await call('seeds-5', 600n, october, null)).toMatchObject({ status: 'CHARGED', charge: { net: 0n, tax: 0n } });
    expect(await owed('one-subscriber')).toBe(150_000_000n);
    // 200 minutes are gone: the next hour costs 0.25 a minute.
    await call('seeds-6', 11_400n, october, null);
    await call('seeds-7', 3_600n, october, null);
    expect(await owed('one-subscriber')).toBe(165_000_000n);
  });

  it('every product renews where it should', async () => {
    const { rows } = await seeded.database.ownerPool.query<{ code: string; days: number | null }>(`
      select o.code, round(extract(epoch from p.next_renewal_at - p.period_start) / ${DAY_MS / 1000})::int as days
        from product p join product_offering_version v on v.id = p.offering_version_id join product_offering o on o.id = v.offering_id
       where o.code in ('mobile-prepaid', 'irish-bill-2014') order by o.code, p.tenant_id`);
    expect(rows).toEqual([{ code: 'irish-bill-2014', days: 31 }, { code: 'mobile-prepaid', days: null }, { code: 'mobile-prepaid', days: null }]);
  });
});
