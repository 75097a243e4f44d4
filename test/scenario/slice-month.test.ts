import { billDocument } from '../../src/invoicing';
import { createTestDatabase, TestDatabase } from '../support';
import type { WorldAccount } from '../support/world';
import { BILLS, Billing, BOOKS, openBilling, untracedLines } from './billing-support';
import { expectSoundBooks } from './money-scenario';
import { openShareWorld, ShareScenario, ShareWorld } from './share-world';
import { devices, devicesAbove, down, openSlices, OBJECTIVE, SliceSpec, SliceWorld, upDays, volume, volumePerGb } from './slice-support';

/** A hospital's slice through its months: what is measured, what the bill says of it, and what the edge partner is owed. */
jest.setTimeout(120_000);

let db: TestDatabase;
let world: ShareWorld;
let billing: Billing;
let s: ShareScenario;
let slices: SliceWorld;

beforeAll(async () => {
  db = await createTestDatabase();
  world = await openShareWorld(db);
  billing = await openBilling(db, world.conductor, (tenantId, closings) => slices.settlement.settleDue(tenantId, closings));
});
afterAll(async () => {
  await expectSoundBooks(db);
  await slices.close();
  await billing.close();
  await world.close();
  await db.dispose();
});

const open = async (at: string): Promise<void> => {
  s = await world.open(at);
  await slices?.close();
  slices = await openSlices(db, world.conductor, s);
};
const hospital = (over: Partial<SliceSpec> = {}): SliceSpec => ({
  code: 'hospital', fee: '10000', usage: [devicesAbove(100n, '2.50'), volumePerGb('1.20')], ...over,
});
const LINES = `select kind, description, start_date::text as from, trim_scale(quantity::numeric)::text as quantity, trim_scale(net / 1e6)::text as net, purchase_order as po
  from customer_bill_line where root_id = $1 order by bill_sequence, line_no`;
const linesOf = async (account: WorldAccount): Promise<string[]> => (await s.rows<Record<string, string | null>>(account, LINES))
  .map((line) => [line.kind, line.description, line.from, line.quantity, line.net, line.po].join(' | '));
const revisions = async (account: WorldAccount) => (await s.rows<{ text: string }>(account, `
  select concat_ws(' ', revision, verdict, trim_scale(credit_percent), peak, device_status, settled_at is not null) as text from slice_period where root_id = $1 order by period_start, revision`)).map(({ text }) => text);
const GB = 1_000_000_000n;

describe('a month to the last cent', () => {
  let account: WorldAccount;
  let product: bigint;

  beforeAll(async () => {
    await open('2031-01-01T00:00:00Z');
    await slices.offering(hospital());
    const edge = await s.partner('Edge');
    await s.agree('edge', [{ offering: 'hospital', parts: [[edge, '30']] }]);
    account = await s.account({ mode: 'POSTPAID', limit: null });
    product = await slices.begin(account, 'hospital', { purchaseOrder: 'PO-4711' });
    // Two hours are agreed; the hour of them that is down does not count.
    await slices.maintenance('2031-01-10T00:00:00Z', '2031-01-10T02:00:00Z');
  });

  it('takes in what is measured and charges volume at once', async () => {
    await s.moveTo('2031-01-31T23:30:00Z');
    const results = await slices.report(product, [
      devices('2031-01-05T08:00:00Z', 120n), devices('2031-01-12T08:00:00Z', 342n), devices('2031-01-20T08:00:00Z', 300n),
      volume('2031-01-05T08:00:00Z', '2031-01-05T09:00:00Z', 1n * GB, 4n * GB), volume('2031-01-06T08:00:00Z', '2031-01-06T09:00:00Z', 0n, 7n * GB),
      // 31 January is not reported at all: 24 of 742 served hours are a gap.
      ...upDays('2031-01-01T00:00:00Z', '2031-01-31T00:00:00Z'), down('2031-01-10T01:00:00Z', '2031-01-10T02:00:00Z'), down('2031-01-15T00:00:00Z', '2031-01-15T08:00:00Z'),
    ]);
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['ACCEPTED']));
    expect(results.slice(3, 5).map(({ usage }) => [usage?.status, usage?.charge?.net])).toEqual([['CHARGED', 6_000_000n], ['CHARGED', 8_400_000n]]);
  });

  it('bills fee, credit, devices and volume of the month, with tax', async () => {
    await s.moveTo('2031-02-01T01:00:00Z');
    await billing.bill(s.tenantId, '2031-02-01');
    // 8 h down of 718 h measured: 98.89 % is below 99, so 10 % of the fee. 242 devices above 100 at 2.50; 12 GB at 1.20.
    expect(await linesOf(account)).toEqual([
      'RECURRING_FEE | hospital: fee | 2031-01-01 | 1 | 10000 | PO-4711',
      'SLA_CREDIT | hospital: availability credit 10 % | 2031-01-01 | 0 | -1000 | PO-4711',
      'DATA | hospital: volume | 2031-01-01 | 12000000000 | 14.4 | PO-4711',
      'GENERIC | hospital: devices | 2031-01-01 | 342 | 605 | PO-4711',
    ]);
    expect(await s.rows(account, BILLS)).toEqual([{ sequence: 1, kind: 'BILL', lines: 4, net: '9619.4', tax: '1923.88', total: '11543.28', due: '11543.28', rounding: '0' }]);
    expect(await revisions(account)).toEqual(['1 MISSED 10 342 CHARGED t']);
    const printed = await billDocument(db.appPool, { accountId: account.id, sequence: 1 });
    expect(printed!.lines.map(({ description }) => description)[1]).toBe('hospital: availability credit 10 %\nPurchase order PO-4711');
    expect(await untracedLines(db)).toEqual([]);
  });

  it('owes the edge partner 30 % of what was charged, the credit taken off', async () => {
    const { rows } = await db.appPool.query<{ account_id: string }>('select id as account_id from settlement_account where tenant_id = $1', [s.tenantId]);
    const statement = await s.closeMonth(BigInt(rows[0]!.account_id), '2031-01-01');
    // Booked in January: fee and volume. The fee of February, the count and the credit are of the next statement.
    expect(await s.lines(statement)).toEqual(['DATA 14400000 2 4320000 4320000', 'RECURRING_FEE 10000000000 1 3000000000 3000000000']);
    const { rows: credit } = await db.appPool.query<{ net: string; shares: string; reverses: string }>(
      `select net, shares::text, reverses from charge where tenant_id = $1 and kind = 'SLA_CREDIT'`, [s.tenantId]);
    expect(credit.map(({ net, shares }) => [net, (JSON.parse(shares) as { s: [string, string][] }).s.map(([, share]) => share)])).toEqual([['-1000000000', ['-300000000', '-700000000']]]);
  });

  it('corrects on the next bill what comes late, and changes nothing without it', async () => {
    await s.moveTo('2031-02-10T00:00:00Z');
    const before = await s.rows(account, 'select count(*)::int as n from charge where root_id = $1');
    await slices.settle(product, '2031-01-15T00:00:00Z');
    await slices.settle(product, '2031-01-15T00:00:00Z');
    expect(await s.rows(account, 'select count(*)::int as n from charge where root_id = $1')).toEqual(before);
    // A forgotten peak, and the reports of the 31st: 8 of 742 hours are still below 99 %.
    const late = await slices.report(product, [devices('2031-01-25T08:00:00Z', 400n), ...upDays('2031-01-31T00:00:00Z', '2031-02-01T00:00:00Z')]);
    expect(late.map(({ status, isLate }) => [status, isLate])).toEqual([['ACCEPTED', true], ['ACCEPTED', true]]);
    await slices.report(product, [...upDays('2031-02-01T00:00:00Z', '2031-02-10T00:00:00Z'), devices('2031-02-02T00:00:00Z', 90n)]);
    await s.moveTo('2031-03-01T01:00:00Z');
    await slices.report(product, upDays('2031-02-10T00:00:00Z', '2031-03-01T00:00:00Z'));
    await billing.bill(s.tenantId, '2031-03-01');
    // 8 / 742 = 1.078 %: the credit stands. 342 devices are given back, 400 are charged: (300 - 242) × 2.50 = 145.
    expect((await linesOf(account)).slice(4)).toEqual([
      'RECURRING_FEE | hospital: fee | 2031-02-01 | 1 | 10000 | PO-4711',
      'GENERIC | hospital: devices | 2031-01-01 | 58 | 145 | PO-4711',
      'GENERIC | hospital: devices | 2031-02-01 | 90 | 0 | PO-4711',
    ]);
    expect(await revisions(account)).toEqual(['1 MISSED 10 342 CHARGED t', '2 MISSED 10 400 CHARGED t', '1 MET 0 90 CHARGED t']);
    // Booked in February: the fee, the count of January, and the credit of January's fee, which adjusts January's statement. In March: the corrections.
    const { rows } = await db.appPool.query<{ account_id: string }>('select id as account_id from settlement_account where tenant_id = $1', [s.tenantId]);
    const statement = await s.closeMonth(BigInt(rows[0]!.account_id), '2031-02-01');
    expect((await s.lines(statement)).sort()).toEqual([
      'GENERIC 605000000 1 181500000 181500000', 'RECURRING_FEE 10000000000 1 3000000000 3000000000', 'SLA_CREDIT -1000000000 1 -300000000 -300000000',
    ]);
    expect(await untracedLines(db)).toEqual([]);
    await expectSoundBooks(db);
  });
});

describe('the credit follows what is measured', () => {
  const bornByOperator = { ...OBJECTIVE, lowersSharing: false };
  it.each([[OBJECTIVE, ['-150000000', '-350000000']], [bornByOperator, null]] as const)('lowers shares or not: %#', async (objective, expected) => {
    await open('2031-01-01T00:00:00Z');
    await slices.offering(hospital({ terms: { objective } }));
    const edge = await s.partner('Edge');
    await s.agree('edge', [{ offering: 'hospital', parts: [[edge, '30']] }]);
    const account = await s.account({ mode: 'POSTPAID', limit: null });
    const product = await slices.begin(account, 'hospital');
    await s.moveTo('2031-02-01T00:30:00Z');
    await slices.report(product, [...upDays('2031-01-01T00:00:00Z', '2031-02-01T00:00:00Z'), down('2031-01-02T00:00:00Z', '2031-01-02T01:00:00Z')]);
    await slices.settle(product, '2031-01-15T00:00:00Z');
    const credits = await s.rows<{ net: string; tax: string; shares: { s: [string, string][] } | null }>(account, `select net, tax, shares from charge where root_id = $1 and kind = 'SLA_CREDIT'`);
    expect(credits.map(({ net, tax, shares }) => [net, tax, shares && shares.s.map(([, share]) => share)])).toEqual([['-500000000', '-100000000', expected]]);
    // What is given back of the fee afterwards is never more than is left, and of the shares what is theirs.
    const fee = (await s.rows<{ position: string }>(account, `select position from charge where root_id = $1 and kind = 'RECURRING_FEE' and reverses is null order by position`))[0]!;
    expect(await s.refund(account, BigInt(fee.position), '11400.01')).toMatchObject({ ok: false });
    expect(await s.refund(account, BigInt(fee.position), '11400')).toMatchObject({ ok: true });
    const left = await s.rows<{ left: string }>(account, `select sum(net + tax)::text as left from charge where root_id = $1 and event_at < '2031-02-01' and (kind = 'RECURRING_FEE' or kind = 'SLA_CREDIT')`);
    expect(left).toEqual([{ left: '0' }]);
    await expectSoundBooks(db);
  });

  it('a smaller credit is taken from what the account owes', async () => {
    await open('2031-01-01T00:00:00Z');
    await slices.offering(hospital());
    const account = await s.account({ mode: 'POSTPAID', limit: null });
    const product = await slices.begin(account, 'hospital');
    await s.moveTo('2031-02-01T00:30:00Z');
    await slices.report(product, [...upDays('2031-01-01T00:00:00Z', '2031-01-30T00:00:00Z'), down('2031-01-02T00:00:00Z', '2031-01-02T07:00:00Z')]);
    await billing.bill(s.tenantId, '2031-02-01');
    // 7 / 696 h is below 99 %: 10 %. With the last two days it is 7 / 744: 99.06 %, 5 %.
    await slices.report(product, upDays('2031-01-30T00:00:00Z', '2031-02-01T00:00:00Z'));
    await s.moveTo('2031-03-01T00:30:00Z');
    await slices.report(product, upDays('2031-02-01T00:00:00Z', '2031-03-01T00:00:00Z'));
    await billing.bill(s.tenantId, '2031-03-01');
    expect(await linesOf(account)).toEqual([
      'RECURRING_FEE | hospital: fee | 2031-01-01 | 1 | 10000 | ', 'SLA_CREDIT | hospital: availability credit 10 % | 2031-01-01 | 0 | -1000 | ',
      'RECURRING_FEE | hospital: fee | 2031-02-01 | 1 | 10000 | ', 'SLA_CREDIT | hospital: availability credit -5 % | 2031-01-01 | 0 | 500 | ',
    ]);
    expect(await revisions(account)).toEqual(['1 MISSED 10 t', '2 MISSED 5 t', '1 MET 0 t']);
    expect(await untracedLines(db)).toEqual([]);
  });
});

test('a credit of what was left of a fee names no percent of the fee', async () => {
  await open('2031-01-01T00:00:00Z');
  await slices.offering(hospital({ usage: [] }));
  const account = await s.account({ mode: 'POSTPAID', limit: null });
  const product = await slices.begin(account, 'hospital');
  const [fee] = await s.rows<{ position: string }>(account, `select position from charge where root_id = $1 and kind = 'RECURRING_FEE'`);
  expect(await s.refund(account, BigInt(fee!.position), '6000')).toMatchObject({ ok: true });
  await s.moveTo('2031-02-01T00:30:00Z');
  await slices.report(product, [...upDays('2031-01-01T00:00:00Z', '2031-01-30T00:00:00Z'), down('2031-01-02T00:00:00Z', '2031-01-02T07:00:00Z')]);
  await billing.bill(s.tenantId, '2031-02-01');
  // 10 % of the 5,000.00 that were left; with the last two days it is 5 %, and half of it is taken again.
  expect((await linesOf(account)).slice(-1)).toEqual(['SLA_CREDIT | hospital: availability credit | 2031-01-01 | 0 | -500 | ']);
  await slices.report(product, upDays('2031-01-30T00:00:00Z', '2031-02-01T00:00:00Z'));
  await s.moveTo('2031-03-01T00:30:00Z');
  await slices.report(product, upDays('2031-02-01T00:00:00Z', '2031-03-01T00:00:00Z'));
  await billing.bill(s.tenantId, '2031-03-01');
  expect((await linesOf(account)).slice(-1)).toEqual(['SLA_CREDIT | hospital: availability credit | 2031-01-01 | 0 | 250 | ']);
  expect(await untracedLines(db)).toEqual([]);
});

test('a slice of six hours has its count and its verdict on the bill of its day', async () => {
  await open('2031-01-10T08:00:00Z');
  await slices.offering(hospital({ code: 'six', cut: { periodKind: 'HOUR', periodLength: 6 }, fee: '600', usage: [devicesAbove(10n, '3')] }));
  const account = await s.account({ mode: 'POSTPAID', limit: null });
  const product = await slices.begin(account, 'six', { until: '2031-01-10T14:00:00Z' });
  const { startedAt } = await slices.slice(product);
  await s.moveTo('2031-01-10T15:00:00Z');
  await slices.report(product, [devices('2031-01-10T09:00:00Z', 25n), up6(startedAt)]);
  await s.moveTo('2031-02-01T00:30:00Z');
  await billing.bill(s.tenantId, '2031-02-01');
  expect(await linesOf(account)).toEqual(['RECURRING_FEE | six: fee | 2031-01-10 | 1 | 600 | ', 'GENERIC | six: devices | 2031-01-01 | 25 | 45 | ']);
  expect(await revisions(account)).toEqual(['1 MET 0 25 CHARGED t']);
});
/** From before it began until after it ended. */
const up6 = (at: number) => ({ kind: 'AVAILABILITY' as const, from: at - 60_000, until: at + 6 * 3_600_000 + 60_000, isUp: true });

test('a fee that is earned over its period takes its credit off what was earned', async () => {
  await open('2031-01-01T00:00:00Z');
  await slices.offering(hospital({ usage: [], recognition: 'OVER_PERIOD' }));
  const account = await s.account({ mode: 'POSTPAID', limit: null });
  const product = await slices.begin(account, 'hospital', { until: '2031-02-01T00:00:00Z' });
  await s.moveTo('2031-02-01T00:30:00Z');
  await slices.report(product, [...upDays('2031-01-01T00:00:00Z', '2031-02-01T00:00:00Z'), down('2031-01-02T00:00:00Z', '2031-01-02T01:00:00Z')]);
  await billing.bill(s.tenantId, '2031-02-01');
  expect(await linesOf(account)).toEqual(['RECURRING_FEE | hospital: fee | 2031-01-01 | 1 | 10000 | ', 'SLA_CREDIT | hospital: availability credit 5 % | 2031-01-01 | 0 | -500 | ']);
  // Nothing is left deferred: 10,000.00 less 500.00 is revenue.
  expect(await s.rows(account, BOOKS)).toEqual([
    { account: 'billed_receivable', balance: '-11400' }, { account: 'revenue:slices', balance: '9500' }, { account: 'tax_payable:S20', balance: '1900' },
  ]);
});

test('too little coverage is a case, without a credit until a person decides', async () => {
  await open('2031-01-01T00:00:00Z');
  await slices.offering(hospital({ usage: [] }));
  const account = await s.account({ mode: 'POSTPAID', limit: null });
  const product = await slices.begin(account, 'hospital');
  await s.moveTo('2031-02-01T00:30:00Z');
  await slices.report(product, upDays('2031-01-01T00:00:00Z', '2031-01-20T00:00:00Z'));
  await billing.bill(s.tenantId, '2031-02-01');
  expect(await revisions(account)).toEqual(['1 CASE t']);
  expect(await linesOf(account)).toEqual(['RECURRING_FEE | hospital: fee | 2031-01-01 | 1 | 10000 | ']);
});

test('an hour far back has its credit, however many fees came after it', async () => {
  await open('2031-01-01T00:00:00Z');
  await slices.offering(hospital({ code: 'hourly', cut: { periodKind: 'HOUR', periodLength: 1 }, fee: '100', usage: [] }));
  const account = await s.account({ mode: 'POSTPAID', limit: null });
  const product = await slices.begin(account, 'hourly');
  const { startedAt } = await slices.slice(product);
  await s.moveTo('2031-01-10T00:30:00Z');
  await slices.report(product, [{ kind: 'AVAILABILITY', from: startedAt, until: startedAt + 3_600_000, isUp: false }]);
  await world.conductor.touch(s.tenantId, [await slices.slice(product)]);
  const [fees] = await s.rows<{ n: number }>(account, `select count(*)::int as n from charge where root_id = $1 and kind = 'RECURRING_FEE'`);
  expect(fees!.n).toBeGreaterThan(200);
  await slices.settle(product, new Date(startedAt).toISOString());
  // The hour was down throughout: the cap of 20 %, with its tax, and a second asking changes nothing.
  const CREDITS = `select net::text, tax::text, floor(extract(epoch from event_at) * 1000)::float8 as at from charge where root_id = $1 and kind = 'SLA_CREDIT'`;
  expect(await s.rows(account, CREDITS)).toEqual([{ net: '-20000000', tax: '-4000000', at: startedAt }]);
  // Reported up by another source as well: what one source calls down is down, and the credit stands as it was booked.
  await slices.report(product, [{ kind: 'AVAILABILITY', from: startedAt, until: startedAt + 3_600_000, isUp: true }], 'upf');
  expect(await slices.settle(product, new Date(startedAt).toISOString())).toMatchObject({ revision: 2, facts: { creditPercent: '20' } });
  expect(await s.rows(account, CREDITS)).toHaveLength(1);
});
