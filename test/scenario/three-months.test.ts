import { CatalogService } from '../../src/catalog/catalog.service';
import { issueDocuments } from '../../src/invoicing/issue';
import { noteMove } from '../../src/invoicing/note.move';
import { paymentMove } from '../../src/invoicing/payment.move';
import { createTestDatabase, TestDatabase } from '../support';
import { agentKey, call, flatRate, WorldAccount } from '../support/world';
import { Billing, BILLS, BOOKS, LINES, OPEN, openBilling, untracedLines } from './billing-support';
import { euros, expectSoundBooks, voice } from './money-scenario';
import { openShareWorld, SharePartner, ShareScenario, ShareWorld } from './share-world';

/*
 * Three months of two subscribers who do the same things, one on account and one prepaid, and of two partners in what they
 * use: every figure of bills, statements, books and partners' statements was worked out by hand and stands here as a table.
 * Tax is 20 % until the end of February, 25 % from March; fees have it inside, usage bears it on top.
 */
let db: TestDatabase;
let world: ShareWorld;
let billing: Billing;
let s: ShareScenario;
let studio: SharePartner;
let label: SharePartner;
let postpaid: WorldAccount;
let prepaid: WorldAccount;
const NUMBERS: readonly [string, string] = ['353860000001', '353860000002'];

beforeAll(async () => {
  db = await createTestDatabase();
  world = await openShareWorld(db);
  billing = await openBilling(db, world.conductor);
  s = await world.open('2031-01-15T00:00:00Z');
  await s.offering({ code: 'small', period: 'BILL_CYCLE', fee: '28', feeProrated: true, feeTax: 'INCLUDED', recognition: 'OVER_PERIOD', usage: [{ ...voice('0.60'), taxed: true }] });
  await s.offering({ code: 'large', period: 'BILL_CYCLE', fee: '42', feeProrated: true, feeTax: 'INCLUDED', recognition: 'OVER_PERIOD', usage: [{ ...voice('0.30'), taxed: true }] });
  await s.offering({ code: 'pass', oneTime: '1.50', feeTax: 'INCLUDED', usage: [{ kind: 'SMS', unit: 'EVENT', per: '1', rates: flatRate('0.008'), taxed: true }] });
  [studio, label] = [await s.partner('Studio'), await s.partner('Label')];
  await s.agree('pass', [
    { offering: 'pass', kind: 'ONE_TIME_FEE', parts: [[studio, '70']] },
    { offering: 'pass', kind: 'SMS', basis: 'GROSS', parts: [[studio, '50'], [label, '0.001', 1n, 'EVENT']] },
  ]);
  [postpaid, prepaid] = [await s.account({ mode: 'POSTPAID', limit: null }), await s.account()];
  await s.topUp(prepaid, '200');
});
afterEach(async () => {
  await expectSoundBooks(db);
  expect(await untracedLines(db)).toEqual([]);
});
afterAll(async () => {
  await billing.close();
  await world.close();
  await db.dispose();
});

const both = async (work: (account: WorldAccount, number: string) => Promise<unknown>): Promise<void> => {
  await work(postpaid, NUMBERS[0]);
  await work(prepaid, NUMBERS[1]);
};
const done = async (outcome: Promise<{ readonly ok: boolean }>): Promise<void> => expect(await outcome).toMatchObject({ ok: true });
const calls = (seconds: bigint, at: string, gross: string): Promise<void> => both(async (_, number) =>
  expect(await s.charge(number, { seconds, at, delivered: true })).toMatchObject({ status: 'CHARGED', gross }));
const messages = (count: number, at: string): Promise<void> => both(async (_, number) => {
  const events = Array.from({ length: count }, () => call(number, 1n, { tenantId: s.tenantId, kind: 'SMS', unit: 'EVENT', startedAt: Date.parse(at) }));
  const results = await world.conductor.chargeUsage(events, { delivered: true, lateLimitDays: undefined });
  expect(results.map(({ status }) => status)).toEqual(events.map(() => 'CHARGED'));
});
const productId = async (account: WorldAccount): Promise<bigint> => BigInt((await s.product(account)).id);
const audited = (key: string) => agentKey(s.tenantId, key, 'finance');
const pay = (text: string, key: string) => done(world.conductor.settle(audited(key),
  paymentMove({ accountId: postpaid.id, amount: euros(text), currency: 'EUR', reference: 'bank', recordedBy: 'finance', told: [] })));
async function note(sequence: number, lineNo: number, text: string, key: string): Promise<void> {
  const made = await world.conductor.settle(audited(key), noteMove({ accountId: postpaid.id, sequence, reason: 'promised lower', lines: [{ lineNo, amount: euros(text) }] }));
  if (!made.ok) throw new Error(JSON.stringify(made));
  await issueDocuments(db.appPool, { tenantId: s.tenantId, timeZone: 'Europe/Dublin', paymentTermDays: 14 }, 'CREDIT_NOTE',
    [{ shard: postpaid.shard, accountId: postpaid.id, sequence: made.answer.noteSequence }]);
}

const linesOf = async (account: WorldAccount, bill: number) => (await s.rows<{ bill: number; kind: string; from: string; until: string; amount: string }>(account, LINES))
  .filter((row) => row.bill === bill).map(({ kind, from, until, amount }) => `${kind} ${from} ${until} ${amount}`);
const billOf = async (account: WorldAccount, bill: number) => (await s.rows<{ kind: string; net: string; tax: string; total: string; due: string }>(account, BILLS))
  .slice(bill - 1, bill).map(({ kind, net, tax, total, due }) => ({ kind, net, tax, total, due }))[0];
const taxesOf = async (account: WorldAccount, bill: number) => (await s.rows<{ text: string }>(account, `select concat_ws(' ', tax_code, case when tax_included then 'inside' else 'on top' end,
  trim_scale(base / 1e6), trim_scale(amount / 1e6)) as text from bill_tax_item where root_id = $1 and bill_sequence = ${bill} order by 1`)).map(({ text }) => text);
const books = async (account: WorldAccount) => Object.fromEntries((await s.rows<{ account: string; balance: string }>(account, BOOKS)).map((row) => [row.account, row.balance]));
const open = async () => (await s.rows<{ remaining: string }>(postpaid, OPEN)).map(({ remaining }) => remaining);
const exposure = async () =>
  (await s.rows<{ value: string }>(postpaid, `select trim_scale(-value / 1e6)::text as value from bucket where root_id = $1 and kind = 'CREDIT'`))[0]!.value;
const credit = async () => (await s.rows<{ credit: string }>(postpaid, `select trim_scale((select coalesce(sum(amount), 0) from bill_payment where root_id = $1) / 1e6
  - (select coalesce(sum(amount), 0) from payment_allocation where root_id = $1) / 1e6)::text as credit`))[0]!.credit;
const partnersStatement = async (partner: SharePartner, periodFrom: string) => {
  const id = await s.closeMonth(partner.account, periodFrom);
  await s.publish(id);
  const { share, rounding, carried_in: carriedIn, payable, carried_forward: carried } = await s.statement(id);
  return { lines: await s.lines(id), figures: [share, rounding, carriedIn, payable, carried].join(' ') };
};

/** One month's bill and statement: lines, taxes and sums of both are the same but for what is due. */
async function expectMonth(bill: number, lines: readonly string[], taxes: readonly string[], [net, tax, total]: readonly [string, string, string]): Promise<void> {
  for (const account of [postpaid, prepaid]) {
    expect(await linesOf(account, bill)).toEqual(lines);
    expect(await taxesOf(account, bill)).toEqual(taxes);
  }
  expect(await billOf(postpaid, bill)).toEqual({ kind: 'BILL', net, tax, total, due: total });
  expect(await billOf(prepaid, bill)).toEqual({ kind: 'STATEMENT', net, tax, total, due: '0' });
}

it('January: a month that begins on the 15th, calls, a one-time fee, messages', async () => {
  await both((account, number) => done(s.activate(account, 'small', { number, at: '2031-01-15T00:00:00Z' })));
  await s.moveTo('2031-01-20T10:00:00Z');
  await both(async (account) => done(s.activate(account, 'pass', { attachedTo: await productId(account) })));
  await calls(127n, '2031-01-20T10:00:00Z', '1.524');
  await messages(125, '2031-01-20T10:00:01Z');
  await s.moveTo('2031-01-31T23:59:59Z');
  await messages(1, '2031-01-31T23:59:59Z');
  await s.moveTo('2031-02-03T09:00:00Z');
  await billing.bill(s.tenantId, '2031-02-01');
  await expectMonth(1, [
    'RECURRING_FEE 2031-01-15 2031-02-01 15.35', // 17 of 31 days of 28.00 = 15.354839
    'VOICE 2031-01-01 2031-02-01 1.27', //          127 s at 0.60 a minute
    'ONE_TIME_FEE 2031-01-01 2031-02-01 1.5',
    'SMS 2031-01-01 2031-02-01 1.01', //            126 × 0.008 = 1.008
  ], [
    'S20 inside 14.04 2.81', // 16.85 × 0.20 ÷ 1.20 = 2.808333
    'S20 on top 2.28 0.46', //   2.28 × 0.20 = 0.456
  ], ['16.32', '3.27', '19.59']);
  // Charged are 15.354839 + 1.524 + 1.50 + 1.2096 = 19.588439; the bill is 0.001561 more, of prepaid money it is exact.
  expect(await exposure()).toBe('47.59'); // 19.59 and February's fee
  expect(await s.spendable(prepaid)).toBe('152.411561'); // 200.00 - 19.588439 - 28.00
  // 15.354839 has 2.559140 of tax: 12.795699, and 1.27, 1.25 and 1.008 of the others; 28.00 has 4.666667.
  expect(await books(postpaid)).toMatchObject({ billed_receivable: '-19.59', unbilled_receivable: '-28', revenue: '16.323699', deferred_revenue: '23.333333' });
});

it('January\'s statements of the partners: exact shares, each line rounded once', async () => {
  // Both subscribers: 2 × 70 % of 1.25; 252 × 50 % of 0.0096, 252 × 0.001.
  expect(await partnersStatement(studio, '2031-01-01')).toEqual({
    lines: ['ONE_TIME_FEE 2500000 2 1750000 1750000', 'SMS 2419200 252 1209600 1210000'], figures: '2960000 400 0 2960000 0' });
  expect(await partnersStatement(label, '2031-01-01')).toEqual({ lines: ['SMS 2419200 252 252000 250000'], figures: '250000 -2000 0 250000 0' });
});

it('February: late usage, part of a bill paid, a line taken back, a change of plan, a refund after the bill', async () => {
  await s.moveTo('2031-02-10T12:00:00Z');
  await calls(60n, '2031-01-25T12:00:00Z', '0.72');
  await calls(100n, '2031-02-10T12:00:00Z', '1.20');
  await pay('10.00', 'bank-1');
  expect([await open(), await credit()]).toEqual([['9.59'], '0']);
  await note(1, 2, '0.50', 'note-1'); // and 0.10 of tax
  expect(await open()).toEqual(['8.99']);
  await s.moveTo('2031-02-15T10:00:00Z');
  await both(async (account) => done(world.conductor.products.changeOffering(agentKey(s.tenantId, `change-${account.id}`), {
    productId: await productId(account), offeringCode: 'large', offeringVersion: null, when: 'NOW', expectedVersion: null })));
  await s.moveTo('2031-02-16T10:00:00Z');
  await both(async (account) => {
    const [fee] = await s.rows<{ position: string }>(account, `select position from charge where root_id = $1 and kind = 'ONE_TIME_FEE'`);
    await done(s.refund(account, BigInt(fee!.position)));
  });
  await s.moveTo('2031-02-20T10:00:00Z');
  await calls(200n, '2031-02-20T10:00:00Z', '1.20');
  await messages(50, '2031-02-20T10:00:00Z');
  await new CatalogService(world.data, () => []).taxRateSet(s.catalog, { taxClass: 'standard', taxCode: 's25', rate: '0.25', validFrom: new Date('2031-03-01T00:00:00Z') });
  await s.moveTo('2031-03-03T09:00:00Z');
  await billing.bill(s.tenantId, '2031-03-01');
  await expectMonth(2, [
    'RECURRING_FEE 2031-02-01 2031-03-01 28',
    'RECURRING_FEE 2031-02-15 2031-03-01 21', //  14 of 28 days of 42.00: the day of the change is on the new price
    'RECURRING_FEE 2031-02-15 2031-03-01 -14', // 14 of 28 days of 28.00 back
    'VOICE 2031-01-01 2031-02-01 0.6', //         late: January's, at its own price
    'VOICE 2031-02-01 2031-03-01 1', //           200 s at 0.30
    'VOICE 2031-02-01 2031-03-01 1', //           100 s at 0.60
    'ONE_TIME_FEE 2031-01-01 2031-02-01 -1.5',
    'SMS 2031-02-01 2031-03-01 0.4', //           50 × 0.008
  ], [
    'S20 inside 27.92 5.58', // 33.50 × 0.20 ÷ 1.20 = 5.583333
    'S20 on top 3 0.6',
  ], ['30.92', '6.18', '37.1']);
  expect(await open()).toEqual(['8.99', '37.1']);
  expect(await exposure()).toBe('88.09'); // 8.99 + 37.10 and March's fee of 42.00
  expect(await s.spendable(prepaid)).toBe('101.311561'); // 152.411561 - 0.72 - 1.20 + 14.00 - 21.00 + 1.50 - 1.20 - 0.48 - 42.00
  // 16.323699 - 0.50; 23.333333 - 11.666667 + 17.50 of fees, 3.00 of usage, 1.25 back; March's fee has 25 %: 33.60.
  expect(await books(postpaid)).toMatchObject({ cash: '-10', billed_receivable: '-46.09', unbilled_receivable: '-42', revenue: '46.740365', deferred_revenue: '33.6' });
});

it('February\'s statements: what was given back adjusts January\'s, and what is below zero is carried', async () => {
  expect(await partnersStatement(studio, '2031-02-01')).toEqual({
    lines: ['SMS 960000 100 480000 480000', 'ONE_TIME_FEE -2500000 2 -1750000 -1750000 of 1'], figures: '-1270000 0 0 0 -1270000' });
  expect(await partnersStatement(label, '2031-02-01')).toEqual({ lines: ['SMS 960000 100 100000 100000'], figures: '100000 0 0 100000 0' });
});

it('March: a payment above what is owed, a note on a paid bill, another tax, usage of before it at the old one', async () => {
  await s.moveTo('2031-03-05T09:00:00Z');
  await pay('60.00', 'bank-2');
  expect([await open(), await credit()]).toEqual([['0', '0'], '13.91']); // 60.00 - 8.99 - 37.10
  await note(2, 2, '3.00', 'note-2'); // with 0.50 of tax inside
  expect([await open(), await credit()]).toEqual([['0', '0'], '16.91']);
  await s.moveTo('2031-03-10T12:00:00Z');
  await done(s.topUp(prepaid, '10')); // prolongs the life of its money
  await calls(60n, '2031-02-25T12:00:00Z', '0.36');
  await calls(200n, '2031-03-10T12:00:00Z', '1.25');
  await messages(25, '2031-03-10T12:00:00Z');
  await s.moveTo('2031-04-01T09:00:00+01:00');
  await billing.bill(s.tenantId, '2031-04-01');
  await expectMonth(3, [
    'RECURRING_FEE 2031-03-01 2031-04-01 42',
    'VOICE 2031-02-01 2031-03-01 0.3', // late: February's, at 20 %
    'VOICE 2031-03-01 2031-04-01 1',
    'SMS 2031-03-01 2031-04-01 0.2',
  ], [
    'S20 on top 0.3 0.06',
    's25 inside 33.6 8.4',
    's25 on top 1.2 0.3',
  ], ['35.1', '8.76', '43.86']);
  expect([await open(), await credit()]).toEqual([['0', '0', '26.95'], '0']); // 43.86 - 16.91
  expect(await exposure()).toBe('68.95'); // and April's fee
  expect(await s.spendable(prepaid)).toBe('67.451561'); // 101.311561 + 10.00 - 0.36 - 1.25 - 0.25 - 42.00
});

it('March\'s statements: what was carried is taken off what is owed', async () => {
  expect(await partnersStatement(studio, '2031-03-01')).toEqual({ lines: ['SMS 500000 50 250000 250000'], figures: '250000 0 -1270000 0 -1020000' });
  expect(await partnersStatement(label, '2031-03-01')).toEqual({ lines: ['SMS 500000 50 50000 50000'], figures: '50000 0 0 50000 0' });
});

it('the books say the same: charged is billed and unbilled, shares and own part are what was shared', async () => {
  expect(await books(postpaid)).toEqual({
    cash: '-70', billed_receivable: '-26.95', unbilled_receivable: '-42',
    revenue: '79.340365', //     16.323699 + 30.916666 + 35.10 - 0.50 - 2.50
    deferred_revenue: '33.6', // April's fee without its tax
    'tax_payable:S20': '8.91', // bills 3.27 + 6.18 + 0.06, notes 0.10 + 0.50
    'tax_payable:s25': '17.1', // the third bill 8.70, April's fee 8.40
    rounding: '-0.000365', //    nets of the bills 82.34, exact 82.340365
    // Studio 0.875 + 0.6048 + 0.24 - 0.875 + 0.125, Label 0.126 + 0.05 + 0.025.
    partner_payable: '1.1708', share_cost: '-1.1708',
  });
  expect(await books(prepaid)).toEqual({
    cash: '-210', prepaid_liability: '67.451561', revenue: '82.340365', deferred_revenue: '33.6',
    'tax_payable:S20': '9.508074', // exact: 3.264740 + 6.183334 + 0.06
    'tax_payable:s25': '17.1',
    partner_payable: '1.1708', share_cost: '-1.1708',
  });
  const [sums] = await s.rows<{ charged: string; billed: string }>(postpaid, `select trim_scale(sum(net + tax) / 1e6)::text as charged,
    (select trim_scale(sum(due + rounding) / 1e6)::text from customer_bill where root_id = $1) as billed from charge where root_id = $1`);
  expect(sums).toEqual({ charged: '142.548439', billed: '100.548439' }); // April's fee of 42.00 is unbilled
  const { rows: parts } = await db.appPool.query(`select (part ->> 0) <> '0' as is_partner, trim_scale(sum((part ->> 1)::bigint) / 1e6)::text as share
    from charge cross join lateral json_array_elements(shares -> 's') part where tenant_id = $1 group by 1 order by 1`, [s.tenantId]);
  // Messages gross: 252 × 0.0096 + 100 × 0.0096 + 50 × 0.01 = 3.8792; one-time fees came and went.
  expect(parts).toEqual([{ is_partner: false, share: '1.5376' }, { is_partner: true, share: '2.3416' }]);
});

it('documents are numbered without a gap, each kind in its series', async () => {
  const { rows } = await db.appPool.query<{ text: string }>(`select split_part(series, ':', 2) || ' ' || string_agg(number::text, ' ' order by number) as text
    from document_number where tenant_id = $1 group by series order by 1`, [s.tenantId]);
  expect(rows.map(({ text }) => text)).toEqual(['B-2031 1 2 3', 'C-2031 1 2', 'S-2031 1 2 3']);
});

it('two changes in the last days of a month: each rest and each new fee has a line of its own, and its charges', async () => {
  await s.moveTo('2031-05-01T09:00:00+01:00');
  await billing.bill(s.tenantId, '2031-05-01');
  const change = async (offeringCode: string, at: string): Promise<void> => {
    await s.moveTo(at);
    await done(world.conductor.products.changeOffering(agentKey(s.tenantId, `change-${at}`), {
      productId: await productId(postpaid), offeringCode, offeringVersion: null, when: 'NOW', expectedVersion: null }));
  };
  await change('small', '2031-05-29T10:00:00+01:00');
  await change('large', '2031-05-30T10:00:00+01:00');
  await s.moveTo('2031-06-01T09:00:00+01:00');
  await billing.bill(s.tenantId, '2031-06-01');
  expect(await linesOf(postpaid, 5)).toEqual([
    'RECURRING_FEE 2031-05-01 2031-06-01 42',
    'RECURRING_FEE 2031-05-29 2031-06-01 -4.06', // 3 of 31 days of 42.00 = 4.064516
    'RECURRING_FEE 2031-05-29 2031-06-01 2.71', //  3 of 31 days of 28.00 = 2.709677
    'RECURRING_FEE 2031-05-30 2031-06-01 2.71', //  2 of 31 days of 42.00 = 2.709677
    'RECURRING_FEE 2031-05-30 2031-06-01 -1.81', // 2 of 31 days of 28.00 = 1.806452
  ]);
});
