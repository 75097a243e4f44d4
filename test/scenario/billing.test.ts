import { Conductor } from '../../src/charging';
import { progressOf } from '../../src/invoicing/bill-run.store';
import { noteMove } from '../../src/invoicing/note.move';
import { issueDocuments } from '../../src/invoicing/issue';
import { paymentMove } from '../../src/invoicing/payment.move';
import { previewBill } from '../../src/invoicing/preview';
import { createTestDatabase, TestDatabase } from '../support';
import { agentKey, WorldAccount, worldConductor } from '../support/world';
import { Billing, BILLS, BOOKS, LINES, OPEN, openBilling, untracedLines } from './billing-support';
import { euros, expectSoundBooks, openScenario, Scenario, voice } from './money-scenario';

/** Money rules 5, 6 and 10: three months of bills to the last cent, and what the books show of them. */
let db: TestDatabase;
let conductor: Conductor;
let billing: Billing;
let keys = 0;

beforeAll(async () => {
  db = await createTestDatabase();
  conductor = worldConductor(db);
  billing = await openBilling(db, conductor);
});
afterEach(async () => {
  await expectSoundBooks(db);
  expect(await untracedLines(db)).toEqual([]);
});
afterAll(async () => {
  await billing.close();
  await conductor.drain();
  await db.dispose();
});

const NUMBER = '353860000001';
const taxedVoice = { ...voice('0.60'), taxed: true };
const plan = { code: 'plan', period: 'BILL_CYCLE' as const, fee: '28', feeProrated: true, feeTax: 'INCLUDED' as const, usage: [taxedVoice] };

const audited = (s: Scenario, name?: string) => ({ tenantId: s.tenantId, caller: 'finance', key: name ?? `b${(keys += 1)}`, audit: {
  tenantId: s.tenantId, actor: 'finance', role: 'FINANCE', operation: 'bill', objectType: 'BillingAccount', objectId: '0', requestId: 'r' } });
const pay = (s: Scenario, account: WorldAccount, text: string, key?: string, told: { sequence: number; amount: bigint }[] = []) =>
  conductor.settle(audited(s, key), paymentMove({ accountId: account.id, amount: euros(text), currency: 'EUR', reference: 'bank', recordedBy: 'finance', told }));
const note = async (s: Scenario, account: WorldAccount, sequence: number, lines: [number, string | null][], key?: string) => {
  const outcome = await conductor.settle(audited(s, key), noteMove({ accountId: account.id, sequence, reason: 'wrong', lines: lines.map(([lineNo, text]) => ({ lineNo, amount: text === null ? null : euros(text) })) }));
  const answer = outcome.ok ? outcome.answer : null;
  if (answer) await issueDocuments(db.appPool, { tenantId: s.tenantId, timeZone: 'Europe/Dublin', paymentTermDays: 14 }, 'CREDIT_NOTE', [{ shard: account.shard, accountId: account.id, sequence: answer.noteSequence }]);
  return outcome;
};
const bills = (s: Scenario, account: WorldAccount) => s.rows<Record<string, string | number>>(account, BILLS);
const lines = async (s: Scenario, account: WorldAccount, bill: number) => (await s.rows<{ bill: number; kind: string; from: string; until: string; amount: string }>(account, LINES))
  .filter((row) => row.bill === bill).map((row) => [row.kind, row.from, row.until, row.amount]);
const books = async (s: Scenario, account: WorldAccount) => Object.fromEntries((await s.rows<{ account: string; balance: string }>(account, BOOKS)).map((row) => [row.account, row.balance]));
const open = async (s: Scenario, account: WorldAccount) => (await s.rows<{ remaining: string }>(account, OPEN)).map((row) => row.remaining);
const exposure = async (s: Scenario, account: WorldAccount) =>
  (await s.rows<{ value: string }>(account, `select trim_scale(-value / 1e6)::text as value from bucket where root_id = $1 and kind = 'CREDIT'`))[0]!.value;

describe('three months of a postpaid account', () => {
  let s: Scenario;
  let account: WorldAccount;

  it('January: a prorated fee and usage are on the first bill', async () => {
    s = await openScenario(db, conductor, '2031-01-15T00:00:00Z');
    await s.offering(plan);
    account = await s.account({ mode: 'POSTPAID' });
    expect(await s.activate(account, 'plan', { number: NUMBER, at: '2031-01-15T00:00:00Z' })).toMatchObject({ ok: true });
    await s.moveTo('2031-01-20T12:00:00Z');
    expect(await s.charge(NUMBER, { seconds: 127n })).toMatchObject({ status: 'CHARGED', gross: '1.524' });
    await s.moveTo('2031-02-03T09:00:00Z');
    await billing.bill(s.tenantId, '2031-02-01');
    // 17 of 31 days of 28.00 are 15.354839; tax inside 15.35 is 2.56. The call is 1.27 and 0.25 of tax.
    expect(await lines(s, account, 1)).toEqual([['RECURRING_FEE', '2031-01-15', '2031-02-01', '15.35'], ['VOICE', '2031-01-01', '2031-02-01', '1.27']]);
    expect(await bills(s, account)).toEqual([{ sequence: 1, kind: 'BILL', lines: 2, net: '14.06', tax: '2.81', total: '16.87', due: '16.87', rounding: '0.008839' }]);
    // Bill 1 and February's fee, which is booked and on no bill yet.
    expect(await exposure(s, account)).toBe('44.87');
    expect(await books(s, account)).toMatchObject({ billed_receivable: '-16.87', unbilled_receivable: '-28' });
  });

  it('a second run of the same day changes nothing', async () => {
    const before = [await s.rows(account, 'select * from customer_bill where root_id = $1'), await s.rows(account, 'select * from issued_document where root_id = $1'),
      await s.rows(account, 'select position, value from bucket where root_id = $1')];
    await billing.bill(s.tenantId, '2031-02-01');
    expect([await s.rows(account, 'select * from customer_bill where root_id = $1'), await s.rows(account, 'select * from issued_document where root_id = $1'),
      await s.rows(account, 'select position, value from bucket where root_id = $1')]).toEqual(before);
  });

  it('February: late usage of January waits for the next bill; a part is paid and a part taken back', async () => {
    await s.moveTo('2031-02-10T12:00:00Z');
    expect(await s.charge(NUMBER, { seconds: 60n, at: '2031-01-25T12:00:00Z', delivered: true })).toMatchObject({ status: 'CHARGED', gross: '0.72' });
    expect(await s.charge(NUMBER, { seconds: 100n })).toMatchObject({ gross: '1.20' });
    expect(await pay(s, account, '10.00', 'bank-1')).toMatchObject({ ok: true });
    expect(await open(s, account)).toEqual(['6.87']);
    expect(await note(s, account, 1, [[2, '0.50']])).toMatchObject({ ok: true });
    expect(await open(s, account)).toEqual(['6.27']);
    // 44.87 and 1.92 of usage, less 10.00 and less 0.60.
    expect(await exposure(s, account)).toBe('36.19');
    await s.moveTo('2031-03-02T00:00:00Z');
    await billing.bill(s.tenantId, '2031-03-01');
    expect(await lines(s, account, 2)).toEqual([['RECURRING_FEE', '2031-02-01', '2031-03-01', '28'], ['VOICE', '2031-01-01', '2031-02-01', '0.6'], ['VOICE', '2031-02-01', '2031-03-01', '1']]);
    expect((await bills(s, account))[1]).toEqual({ sequence: 2, kind: 'BILL', lines: 3, net: '24.93', tax: '4.99', total: '29.92', due: '29.92', rounding: '0' });
  });

  it('the same payment and the same note again do nothing; another body under their key is refused', async () => {
    const before = await exposure(s, account);
    expect(await pay(s, account, '10.00', 'bank-1')).toMatchObject({ ok: true, replayed: true });
    expect(await pay(s, account, '11.00', 'bank-1')).toMatchObject({ ok: false, errors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }] });
    const twenty = await Promise.all(Array.from({ length: 20 }, () => note(s, account, 2, [[3, '0.20']], 'note-2')));
    expect(twenty.filter((one) => one.ok && !one.replayed)).toHaveLength(1);
    expect(twenty.every((one) => one.ok)).toBe(true);
    expect(Number(before) - Number(await exposure(s, account))).toBeCloseTo(0.24, 6);
  });

  it('March: a refund is its own line with its own period, and what was paid too much pays the next bill', async () => {
    await s.moveTo('2031-03-05T00:00:00Z');
    const [late] = await s.rows<{ position: string }>(account, `select position from charge where root_id = $1 and event_at = '2031-01-25T12:00:00Z'`);
    expect(await s.refund(account, BigInt(late!.position))).toMatchObject({ ok: true });
    // 6.27 and 29.68 are open: of 40.00 4.05 are left.
    expect(await pay(s, account, '40.00')).toMatchObject({ ok: true });
    expect(await open(s, account)).toEqual(['0', '0']);
    await s.moveTo('2031-04-01T00:00:01Z');
    await billing.bill(s.tenantId, '2031-04-01');
    expect(await lines(s, account, 3)).toEqual([['RECURRING_FEE', '2031-03-01', '2031-04-01', '28'], ['VOICE', '2031-01-01', '2031-02-01', '-0.6']]);
    expect((await bills(s, account))[2]).toMatchObject({ total: '27.28', due: '27.28' });
    expect(await open(s, account)).toEqual(['0', '0', '23.23']);
    expect(await exposure(s, account)).toBe('51.23');
    expect(await books(s, account)).toMatchObject({ billed_receivable: '-23.23', unbilled_receivable: '-28', cash: '-50' });
  });

  it('numbers run without a gap, each kind in its series', async () => {
    const { rows } = await db.appPool.query<{ series: string; numbers: string[] }>(
      'select series, array_agg(number order by number) as numbers from document_number where tenant_id = $1 group by series order by series', [s.tenantId]);
    expect(rows).toEqual([{ series: `${s.tenantId}:B-2031`, numbers: ['1', '2', '3'] }, { series: `${s.tenantId}:C-2031`, numbers: ['1', '2'] }]);
  });

  it('nothing may be paid or taken back beyond what is there, and a refusal changes nothing', async () => {
    const state = async () => [await exposure(s, account), await open(s, account), await s.rows(account, 'select count(*) from credit_note where root_id = $1'), await s.rows(account, 'select position from bucket where root_id = $1 and id = 0')];
    const before = await state();
    expect(await note(s, account, 3, [[1, '28.01']])).toMatchObject({ ok: false, errors: [{ code: 'CONFLICT' }] });
    expect(await note(s, account, 3, [[2, '0.10']])).toMatchObject({ ok: false, errors: [{ code: 'CONFLICT' }] });
    expect(await note(s, account, 3, [[9, '0.10']])).toMatchObject({ ok: false, errors: [{ code: 'NOT_FOUND' }] });
    expect(await note(s, account, 3, [[1, '0.001']])).toMatchObject({ ok: false, errors: [{ code: 'INVALID_INPUT' }] });
    expect(await note(s, account, 9, [])).toMatchObject({ ok: false, errors: [{ code: 'NOT_FOUND' }] });
    // Line 2 gave 0.72 with tax back, at a tax sense of its own.
    expect(await note(s, account, 3, [[1, '28']])).toMatchObject({ ok: false, errors: [{ code: 'CONFLICT' }] });
    expect(await pay(s, account, '1.001')).toMatchObject({ ok: false, errors: [{ code: 'INVALID_INPUT' }] });
    expect(await pay(s, account, '10', undefined, [{ sequence: 3, amount: euros('23.24') }])).toMatchObject({ ok: false, errors: [{ code: 'CONFLICT' }] });
    expect(await pay(s, account, '10', undefined, [{ sequence: 1, amount: euros('1') }])).toMatchObject({ ok: false, errors: [{ code: 'CONFLICT' }] });
    expect(await pay(s, account, '10', undefined, [{ sequence: 3, amount: euros('10.01') }])).toMatchObject({ ok: false, errors: [{ code: 'INVALID_INPUT' }] });
    expect(await pay(s, account, '1000000000100')).toMatchObject({ ok: false, errors: [{ code: 'LIMIT_EXCEEDED' }] });
    expect(await state()).toEqual(before);
  });

  it('a note on a paid bill becomes credit that pays an open one at the next payment of bills', async () => {
    expect(await note(s, account, 2, [[1, '6.00']])).toMatchObject({ ok: true });
    expect(await open(s, account)).toEqual(['0', '0', '23.23']);
    expect(await exposure(s, account)).toBe('45.23');
    await s.moveTo('2031-05-01T00:00:01Z');
    await billing.bill(s.tenantId, '2031-05-01');
    // 6.00 of credit go to bill 3, the oldest.
    expect(await open(s, account)).toEqual(['0', '0', '17.23', '28']);
  });
});

it('a prepaid account gets a statement with the same lines and nothing due', async () => {
  const s = await openScenario(db, conductor, '2031-01-15T00:00:00Z');
  await s.offering(plan);
  const account = await s.account();
  await s.topUp(account, '40');
  await s.activate(account, 'plan', { number: NUMBER, at: '2031-01-15T00:00:00Z' });
  await s.moveTo('2031-01-20T12:00:00Z');
  await s.charge(NUMBER, { seconds: 127n });
  const before = await s.spendable(account);
  await s.moveTo('2031-02-01T00:00:01Z');
  await billing.bill(s.tenantId, '2031-02-01');
  expect(await lines(s, account, 1)).toEqual([['RECURRING_FEE', '2031-01-15', '2031-02-01', '15.35'], ['VOICE', '2031-01-01', '2031-02-01', '1.27']]);
  expect(await bills(s, account)).toEqual([{ sequence: 1, kind: 'STATEMENT', lines: 2, net: '14.06', tax: '2.81', total: '16.87', due: '0', rounding: '0' }]);
  // Prepaid money keeps its six decimals; February's fee could not be paid and moved nothing.
  expect([before, await s.spendable(account)]).toEqual(['23.121161', '23.121161']);
  expect(await s.rows(account, 'select * from journal where root_id = $1')).toEqual([]);
  expect(await pay(s, account, '10')).toMatchObject({ ok: false, errors: [{ code: 'NOT_ALLOWED' }] });
  expect(await note(s, account, 1, [])).toMatchObject({ ok: false, errors: [{ code: 'CONFLICT' }] });
});

test.each([
  ['JPY', '1000', '7', ['548', '12', '2', '562']],
  ['KWD', '3.5', '0.0125', ['1.919', '0.021', '0.004', '1.944']],
])('an account in %s is billed in its own minor unit', async (currency, fee, perMinute, [feeLine, usage, tax, total]) => {
  const s = await openScenario(db, conductor, '2031-01-15T00:00:00Z');
  await s.offering({ code: 'plan', period: 'BILL_CYCLE', fee, feeProrated: true, currency, usage: [{ ...voice(perMinute), taxed: true }] });
  const account = await s.account({ mode: 'POSTPAID', currency, limit: null });
  await s.activate(account, 'plan', { number: NUMBER, at: '2031-01-15T00:00:00Z' });
  await s.moveTo('2031-01-20T12:00:00Z');
  await s.charge(NUMBER, { seconds: 100n });
  await s.moveTo('2031-02-01T00:00:01Z');
  await billing.bill(s.tenantId, '2031-02-01');
  expect((await lines(s, account, 1)).map(([, , , amount]) => amount)).toEqual([feeLine, usage]);
  expect(await bills(s, account)).toMatchObject([{ tax, total, due: total }]);
});

it('a member\'s usage is on the payer\'s bill; two payers of one root are closed by their own cycles', async () => {
  const s = await openScenario(db, conductor, '2031-01-05T00:00:00Z');
  await s.offering({ code: 'payg', usage: [taxedVoice] });
  const payer = await s.account({ mode: 'POSTPAID', cycleDay: 1 });
  const member = await s.account({ mode: 'POSTPAID', cycleDay: 20, within: payer, payer });
  const other = await s.account({ mode: 'POSTPAID', cycleDay: 15, within: payer });
  for (const [index, account] of [payer, member, other].entries()) await s.activate(account, 'payg', { number: `35386000000${index}` });
  await s.moveTo('2031-01-10T00:00:00Z');
  for (const index of [0, 1, 2]) await s.charge(`35386000000${index}`, { seconds: 60n });
  await s.moveTo('2031-02-01T00:00:01Z');
  await billing.bill(s.tenantId, '2031-02-01');
  expect(await s.rows(payer, `select account_id, net from customer_bill where root_id = $1`)).toEqual([{ account_id: payer.id.toString(), net: '1200000' }]);
  // The other payer's period is open, so January may still be charged for him.
  expect(await s.rows(payer, `select open_period from bucket where root_id = $1 and id = 0`)).toEqual([{ open_period: null }]);
  await s.charge('353860000002', { seconds: 60n, at: '2031-01-12T00:00:00Z', delivered: true });
  await billing.bill(s.tenantId, '2031-01-15');
  expect(await s.rows(payer, `select account_id, net from customer_bill where root_id = $1 and account_id <> root_id`)).toEqual([{ account_id: other.id.toString(), net: '1200000' }]);
  expect(await s.rows(payer, `select open_period from bucket where root_id = $1 and id = 0`)).toEqual([{ open_period: new Date('2031-01-15T00:00:00Z') }]);
});

it('a fee paid in advance is earned by the days of its period', async () => {
  const s = await openScenario(db, conductor, '2031-01-15T00:00:00Z');
  await s.offering({ code: 'monthly', period: 'MONTH', fee: '31', recognition: 'OVER_PERIOD' });
  const account = await s.account({ mode: 'POSTPAID' });
  await s.activate(account, 'monthly', { at: '2031-01-15T00:00:00Z' });
  await s.moveTo('2031-02-01T00:00:01Z');
  await billing.bill(s.tenantId, '2031-02-01');
  // 17 of 31 days until 1 February.
  expect(await books(s, account)).toEqual({ billed_receivable: '-31', deferred_revenue: '14', revenue: '17' });
  await s.moveTo('2031-03-01T00:00:01Z');
  await billing.bill(s.tenantId, '2031-03-01');
  // The other 14 days, and 14 of the 28 days from 15 February.
  expect(await books(s, account)).toEqual({ billed_receivable: '-62', deferred_revenue: '15.5', revenue: '46.5' });
  const fee = (await s.rows<{ position: string }>(account, `select max(position) as position from charge where root_id = $1`))[0]!;
  await s.refund(account, BigInt(fee.position));
  await s.moveTo('2031-04-01T00:00:01Z');
  await billing.bill(s.tenantId, '2031-04-01');
  // The fee of 15 February is given back whole; that of 15 March has 17 of its 31 days.
  expect(await books(s, account)).toEqual({ billed_receivable: '-62', deferred_revenue: '14', revenue: '48' });
});

it('a note on a fee in advance takes back what is deferred of it for the days to come, and revenue for those that are over', async () => {
  const s = await openScenario(db, conductor, '2031-01-15T00:00:00Z');
  await s.offering({ code: 'monthly', period: 'MONTH', fee: '37.20', feeTax: 'INCLUDED', recognition: 'OVER_PERIOD' });
  const account = await s.account({ mode: 'POSTPAID' });
  await s.activate(account, 'monthly', { at: '2031-01-15T00:00:00Z' });
  await s.moveTo('2031-02-01T00:00:01Z');
  await billing.bill(s.tenantId, '2031-02-01');
  // 31.00 net for 31 days from 15 January: 17 of them are over.
  expect(await books(s, account)).toEqual({ billed_receivable: '-37.2', deferred_revenue: '14', revenue: '17', 'tax_payable:S20': '6.2' });
  expect(await note(s, account, 1, [[1, '18.60']])).toMatchObject({ ok: true });
  // 15.50 net: 17 of 31 days are 8.50, the other 14 are 7.00.
  expect(await books(s, account)).toEqual({ billed_receivable: '-18.6', deferred_revenue: '7', revenue: '8.5', 'tax_payable:S20': '3.1' });
  await s.moveTo('2031-03-01T00:00:01Z');
  await billing.bill(s.tenantId, '2031-03-01');
  // The rest of it is earned, and 14 of the 28 days of the next.
  expect(await books(s, account)).toEqual({ billed_receivable: '-55.8', deferred_revenue: '15.5', revenue: '31', 'tax_payable:S20': '9.3' });
  expect(await note(s, account, 1, [])).toMatchObject({ ok: true });
  expect(await note(s, account, 2, [])).toMatchObject({ ok: true });
  // What is over comes off revenue alone; of the second fee 14 of 28 days were to come.
  expect(await books(s, account)).toEqual({});
  await s.moveTo('2031-04-01T00:00:01Z');
  await billing.bill(s.tenantId, '2031-04-01');
  // Only the fee of 15 March has earned anything: 17 of its 31 days.
  expect(await books(s, account)).toEqual({ billed_receivable: '-37.2', deferred_revenue: '14', revenue: '17', 'tax_payable:S20': '6.2' });
});

it('a bill with a line that gives back is taken back whole; one line of it, no further than the bill goes', async () => {
  const s = await openScenario(db, conductor, '2031-01-01T00:00:00Z');
  await s.offering({ code: 'small', period: 'BILL_CYCLE', fee: '31', feeProrated: true, feeTax: 'INCLUDED', recognition: 'OVER_PERIOD' });
  await s.offering({ code: 'free', period: 'BILL_CYCLE', fee: '0', feeProrated: true, feeTax: 'INCLUDED' });
  const account = await s.account({ mode: 'POSTPAID' });
  await s.activate(account, 'small', { at: '2031-01-01T00:00:00Z' });
  await s.moveTo('2031-01-22T00:00:00Z');
  const [product] = await s.rows<{ id: string }>(account, 'select id from product where root_id = $1');
  expect(await conductor.products.changeOffering(agentKey(s.tenantId, 'to-free', 'care'),
    { productId: BigInt(product!.id), offeringCode: 'free', offeringVersion: null, when: 'NOW', expectedVersion: null })).toMatchObject({ ok: true });
  await s.moveTo('2031-02-01T00:00:01Z');
  await billing.bill(s.tenantId, '2031-02-01');
  // 31.00 for January, 10.00 of it given back from the 22nd on.
  expect((await lines(s, account, 1)).map(([, , , amount]) => amount).sort()).toEqual(['-10', '0', '31']);
  expect(await bills(s, account)).toMatchObject([{ total: '21', due: '21' }]);
  const [fee] = await s.rows<{ line_no: number }>(account, 'select line_no from customer_bill_line where root_id = $1 and amount > 0');
  expect(await note(s, account, 1, [[fee!.line_no, '21.01']])).toMatchObject({ ok: false, errors: [{ code: 'CONFLICT', path: ['lines', '0', 'amount'] }] });
  expect(await note(s, account, 1, [[fee!.line_no, '1']])).toMatchObject({ ok: true });
  expect(await note(s, account, 1, [])).toMatchObject({ ok: true });
  expect(await s.rows(account, `select trim_scale(sum(total) / 1e6)::text as total, count(*)::int as notes from credit_note where root_id = $1`)).toEqual([{ total: '21', notes: 2 }]);
  expect(await note(s, account, 1, [])).toMatchObject({ ok: false, errors: [{ code: 'CONFLICT' }] });
  expect(await open(s, account)).toEqual(['0']);
  expect(await books(s, account)).toEqual({});
});

it('hybrid: prepaid money paid its part when it was used; goodwill lowers what is due', async () => {
  const s = await openScenario(db, conductor, '2031-01-15T00:00:00Z');
  await s.offering(plan);
  const account = await s.account({ mode: 'HYBRID' });
  await s.topUp(account, '5');
  await s.activate(account, 'plan', { number: NUMBER, at: '2031-01-15T00:00:00Z' });
  const [credit] = await s.rows<{ id: number }>(account, `select id from bucket where root_id = $1 and kind = 'CREDIT'`);
  expect(await s.adjust(account, credit!.id, 2_000_000n)).toMatchObject({ ok: true });
  await s.moveTo('2031-02-01T00:00:01Z');
  await billing.bill(s.tenantId, '2031-02-01');
  expect(await bills(s, account)).toMatchObject([{ total: '15.35', due: '8.35', rounding: '0.004839' }]);
  expect(await books(s, account)).toMatchObject({ billed_receivable: '-8.35', unbilled_receivable: '-28' });
});

it('the preview says at any moment what the bill would be, writes nothing, and is the bill when the period ends', async () => {
  const s = await openScenario(db, conductor, '2031-01-15T00:00:00Z');
  await s.offering(plan);
  const account = await s.account({ mode: 'POSTPAID' });
  await s.activate(account, 'plan', { number: NUMBER, at: '2031-01-15T00:00:00Z' });
  await s.moveTo('2031-01-20T12:00:00Z');
  await s.charge(NUMBER, { seconds: 127n });
  const shown = (await previewBill(db.appPool, conductor, s.tenantId, account.id))!.bill;
  await s.moveTo('2031-02-01T00:00:01Z');
  const position = async () => (await s.rows<{ position: string }>(account, 'select position from bucket where root_id = $1 and id = 0'))[0]!.position;
  const before = await position();
  // The fee of February is due and nobody has booked it: the preview has it, with the January bill that is not made yet.
  const due = (await previewBill(db.appPool, conductor, s.tenantId, account.id))!.bill;
  expect([due.total, await position()]).toEqual([euros('44.87'), before]);
  await billing.bill(s.tenantId, '2031-02-01');
  expect(shown.total).toBe(euros('16.87'));
  expect(await bills(s, account)).toMatchObject([{ total: '16.87' }]);
  expect((await previewBill(db.appPool, conductor, s.tenantId, account.id))!.bill.total).toBe(euros('28'));
});

it('an account that cannot be prepared fails alone, and is billed when the run is started again', async () => {
  const s = await openScenario(db, conductor, '2031-01-15T00:00:00Z');
  await s.offering(plan);
  const accounts = [await s.account({ mode: 'POSTPAID' }), await s.account({ mode: 'POSTPAID' }), await s.account({ mode: 'POSTPAID' })];
  for (const account of accounts) await s.activate(account, 'plan', { at: '2031-01-15T00:00:00Z' });
  await s.moveTo('2031-02-01T00:00:01Z');
  let isBroken = true;
  const beforeClose = async (_: number, closings: readonly { readonly accountId: bigint }[]): Promise<void> => {
    if (isBroken && closings.some(({ accountId }) => accountId === accounts[1]!.id)) throw new Error('its slices cannot be settled');
  };
  const prepared = await openBilling(db, conductor, beforeClose);
  try {
    const run = await prepared.bill(s.tenantId, '2031-02-01', 'prepared');
    expect(await progressOf(db.appPool, run.id)).toMatchObject({ accounts: 3, done: 2, failed: 1 });
    expect(await bills(s, accounts[1]!)).toEqual([]);
    isBroken = false;
    await prepared.bill(s.tenantId, '2031-02-01', 'prepared');
    expect(await progressOf(db.appPool, run.id)).toMatchObject({ accounts: 3, done: 3, failed: 0 });
    expect(await bills(s, accounts[1]!)).toHaveLength(1);
  } finally {
    await prepared.close();
  }
});

it('a run of an older day finds nothing to do where a later period was closed, and nothing fails', async () => {
  const s = await openScenario(db, conductor, '2031-01-15T00:00:00Z');
  await s.offering(plan);
  const account = await s.account({ mode: 'POSTPAID' });
  await s.activate(account, 'plan', { number: NUMBER, at: '2031-01-15T00:00:00Z' });
  await s.moveTo('2031-03-02T00:00:00Z');
  await billing.bill(s.tenantId, '2031-03-01');
  // Nobody billed January in time: its fee is on the bill of February, with its own period.
  expect(await lines(s, account, 1)).toEqual([['RECURRING_FEE', '2031-01-15', '2031-02-01', '15.35'], ['RECURRING_FEE', '2031-02-01', '2031-03-01', '28']]);
  const run = await billing.bill(s.tenantId, '2031-02-01');
  expect(await progressOf(db.appPool, run.id)).toEqual({ accounts: 0, done: 0, failed: 0, bills: 0, issued: 0, net: [] });
  expect(await bills(s, account)).toHaveLength(1);
});

describe('what a cutover brought as unbilled', () => {
  let s: Scenario;
  let account: WorldAccount;
  const bring = (kind: 'UNBILLED' | 'RECEIVABLE', text: string) => conductor.migrate({ tenantId: s.tenantId, caller: 'cutover', key: `${account.id}:${kind}:${text}` },
    { kind, accountId: account.id, amount: euros(text), currency: 'EUR' });

  it('is the first line of the first bill, previewed before, and moves to what is billed with it', async () => {
    s = await openScenario(db, conductor, '2031-01-15T00:00:00Z');
    await s.offering(plan);
    account = await s.account({ mode: 'POSTPAID' });
    expect(await bring('UNBILLED', '12.345678')).toMatchObject({ ok: true });
    expect(await bring('UNBILLED', '-2')).toMatchObject({ ok: true });
    expect(await bring('RECEIVABLE', '7')).toMatchObject({ ok: true });
    await s.activate(account, 'plan', { number: NUMBER, at: '2031-01-15T00:00:00Z' });
    expect((await previewBill(db.appPool, conductor, s.tenantId, account.id))!.bill.total).toBe(euros('25.70'));
    await s.moveTo('2031-02-02T00:00:00Z');
    await billing.bill(s.tenantId, '2031-02-01');
    expect(await lines(s, account, 1)).toEqual([['BROUGHT_OVER', '2031-01-01', '2031-02-01', '10.35'], ['RECURRING_FEE', '2031-01-15', '2031-02-01', '15.35']]);
    // 10.345678 and 15.354839 were owed: a bill of 25.70 takes 0.000517 off.
    expect(await bills(s, account)).toEqual([{ sequence: 1, kind: 'BILL', lines: 2, net: '23.14', tax: '2.56', total: '25.7', due: '25.7', rounding: '0.000517' }]);
    // The old system's 7.00 are no bill of this one.
    expect(await books(s, account)).toMatchObject({ billed_receivable: '-32.7', unbilled_receivable: '-28', migration: '17.345678' });
    expect(await exposure(s, account)).toBe('60.7');
  });

  it('is on no other bill, is paid and is taken back like any line', async () => {
    await s.moveTo('2031-03-02T00:00:00Z');
    await billing.bill(s.tenantId, '2031-03-01');
    expect(await lines(s, account, 2)).toEqual([['RECURRING_FEE', '2031-02-01', '2031-03-01', '28']]);
    expect(await note(s, account, 1, [[1, '10.35']])).toMatchObject({ ok: true });
    expect(await pay(s, account, '15.35')).toMatchObject({ ok: true });
    expect(await open(s, account)).toEqual(['0', '28']);
  });
});

describe('an anchor at the end of a month', () => {
  test.each<[string, number, string, readonly (readonly [string, string, string])[]]>([
    ['31', 31, '2031-01-31', [['2031-02-28', '2031-01-31', '28'], ['2031-03-31', '2031-02-28', '28'], ['2031-04-30', '2031-03-31', '28']]],
    ['29 in a common year', 29, '2031-01-29', [['2031-02-28', '2031-01-29', '28'], ['2031-03-29', '2031-02-28', '28']]],
    ['29 in a leap year', 29, '2032-01-29', [['2032-02-29', '2032-01-29', '28'], ['2032-03-29', '2032-02-29', '28']]],
    ['30 over February', 30, '2032-01-30', [['2032-02-29', '2032-01-30', '28'], ['2032-03-30', '2032-02-29', '28']]],
  ])('%s is clamped to the last day and comes back: each day is billed once', async (_, cycleDay, start, periods) => {
    const s = await openScenario(db, conductor, `${start}T00:00:00Z`);
    await s.offering({ code: 'plan', period: 'BILL_CYCLE', fee: '28', feeProrated: true });
    const account = await s.account({ mode: 'POSTPAID', cycleDay });
    await s.activate(account, 'plan', { at: `${start}T00:00:00Z` });
    for (const [index, [end, from, amount]] of periods.entries()) {
      await s.moveTo(`${end}T01:00:00Z`);
      await billing.bill(s.tenantId, end);
      expect([end, await lines(s, account, index + 1)]).toEqual([end, [['RECURRING_FEE', from, end, amount]]]);
    }
    expect(await bills(s, account)).toHaveLength(periods.length);
  });

  it('of a product of its own: 31 January, 28 February, 31 March', async () => {
    const s = await openScenario(db, conductor, '2031-01-31T00:00:00Z');
    await s.offering({ code: 'monthly', period: 'MONTH', fee: '31', feeProrated: true });
    const account = await s.account({ mode: 'POSTPAID' });
    await s.activate(account, 'monthly', { at: '2031-01-31T00:00:00Z' });
    await s.moveTo('2031-05-01T01:00:00+01:00');
    await billing.bill(s.tenantId, '2031-05-01');
    expect(await lines(s, account, 1)).toEqual([
      ['RECURRING_FEE', '2031-01-31', '2031-02-28', '31'], ['RECURRING_FEE', '2031-02-28', '2031-03-31', '31'],
      ['RECURRING_FEE', '2031-03-31', '2031-04-30', '31'], ['RECURRING_FEE', '2031-04-30', '2031-05-31', '31']]);
  });
});

it('a payment without a bill is credit of the account and pays the first one; money in another currency is refused', async () => {
  const s = await openScenario(db, conductor, '2031-01-15T00:00:00Z');
  await s.offering(plan);
  const account = await s.account({ mode: 'POSTPAID' });
  expect(await pay(s, account, '20')).toMatchObject({ ok: true });
  expect(await exposure(s, account)).toBe('-20');
  expect(await conductor.settle(audited(s), paymentMove({ accountId: account.id, amount: euros('5'), currency: 'USD', reference: 'bank', recordedBy: 'finance', told: [] })))
    .toMatchObject({ ok: false, errors: [{ code: 'CURRENCY_MISMATCH' }] });
  await s.activate(account, 'plan', { at: '2031-01-15T00:00:00Z' });
  await s.moveTo('2031-02-01T01:00:00Z');
  await billing.bill(s.tenantId, '2031-02-01');
  expect(await open(s, account)).toEqual(['0']);
  // 20.00 - 15.35 are left of it, and February's fee is owed.
  expect([await exposure(s, account), (await books(s, account)).billed_receivable]).toEqual(['23.35', '4.65']);
});

it('an offering in another currency than the payer\'s is not sold to the account', async () => {
  const s = await openScenario(db, conductor, '2031-01-15T00:00:00Z');
  await s.offering({ ...plan, currency: 'JPY' });
  const account = await s.account({ mode: 'POSTPAID' });
  expect(await s.activate(account, 'plan', { number: NUMBER })).toMatchObject({ ok: false, errors: [{ code: 'CURRENCY_MISMATCH' }] });
  expect(await s.rows(account, 'select from charge where root_id = $1')).toEqual([]);
});
