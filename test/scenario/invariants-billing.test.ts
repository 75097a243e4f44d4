import { checkInvariants } from '../../src/audit';
import { Conductor } from '../../src/charging';
import { issueDocuments } from '../../src/invoicing/issue';
import { noteMove } from '../../src/invoicing/note.move';
import { paymentMove } from '../../src/invoicing/payment.move';
import { createTestDatabase, TestDatabase } from '../support';
import { WorldAccount, worldConductor } from '../support/world';
import { Billing, openBilling } from './billing-support';
import { euros, openScenario, Scenario, voice } from './money-scenario';

/* As in invariants.test.ts: each row spoils the books of bills, and its invariant must say so. */
let db: TestDatabase;
let conductor: Conductor;
let billing: Billing;
let s: Scenario;
let account: WorldAccount;

beforeAll(async () => {
  db = await createTestDatabase();
  conductor = worldConductor(db);
  billing = await openBilling(db, conductor);
  s = await openScenario(db, conductor, '2031-01-15T00:00:00Z');
  await s.offering({ code: 'plan', period: 'BILL_CYCLE', fee: '28', feeProrated: true, feeTax: 'INCLUDED', usage: [{ ...voice('0.60'), taxed: true }] });
  account = await s.account({ mode: 'POSTPAID' });
  const audit = { tenantId: s.tenantId, actor: 'finance', role: 'FINANCE', operation: 'bill', objectType: 'BillingAccount', objectId: '0', requestId: 'r' };
  const key = (name: string) => ({ tenantId: s.tenantId, caller: 'finance', key: name, audit });
  expect(await conductor.migrate({ tenantId: s.tenantId, caller: 'cutover', key: `${account.id}:u` }, { kind: 'UNBILLED', accountId: account.id, amount: euros('5'), currency: 'EUR' })).toMatchObject({ ok: true });
  await s.activate(account, 'plan', { number: '353860000001', at: '2031-01-15T00:00:00Z' });
  await s.charge('353860000001', { seconds: 127n });
  for (const end of ['2031-02-01', '2031-03-01']) {
    await s.moveTo(`${end}T00:00:01Z`);
    await billing.bill(s.tenantId, end);
  }
  const made = await conductor.settle(key('n'), noteMove({ accountId: account.id, sequence: 1, reason: 'wrong', lines: [{ lineNo: 2, amount: euros('0.50') }] }));
  expect(made).toMatchObject({ ok: true });
  await issueDocuments(db.appPool, { tenantId: s.tenantId, timeZone: 'Europe/Dublin', paymentTermDays: 14 }, 'CREDIT_NOTE', [{ shard: account.shard, accountId: account.id, sequence: 1 }]);
  expect(await conductor.settle(key('p'), paymentMove({ accountId: account.id, amount: euros('10'), currency: 'EUR', reference: 'x', recordedBy: 'f', told: [] }))).toMatchObject({ ok: true });
});
afterAll(async () => {
  await billing.close();
  await conductor.drain();
  await db.dispose();
});

it('the sound books have no violation, whole and shard by shard', async () => {
  expect(await checkInvariants(db.appPool)).toEqual([]);
  expect(await checkInvariants(db.appPool, { shard: account.shard, since: null })).toEqual([]);
});

const PLANTED: readonly (readonly [string, string, string])[] = [
  ['02', 'one side of a journal', `update journal_line set amount = amount + 1 where line_no = 1`],
  ['02', 'a journal on an account that is not of the chart', `update journal_line set account = 'pocket' where line_no = 1`],
  ['11', 'a charge that came after its bill', `insert into charge select shard, root_id, 0, tenant_id, source, event_id || 'x', role, party, body_hash, status, reason, account_id, product_id, session_id, kind,
     identifier, other_party, event_at, booked_at, bill_period, unit, quantity, net, tax, asset, price_version_id, shares, reverses, explanation from charge where kind = 'VOICE';
     update charge set position = 1 where position = 0`],
  ['11', 'a bill that reaches into the next', `update bill_period set period_end = period_end + interval '1 day' where sequence = 1`],
  ['11', 'a period that overlaps the one before', `update bill_period set previous_position = 0 where sequence = 2`],
  ['11', 'a period that leaves a gap', `update bill_period set previous_end = previous_end - interval '1 day' where sequence = 2`],
  ['11', 'what was brought over on no bill', `delete from customer_bill_line where kind = 'BROUGHT_OVER'; update customer_bill set exact_net = exact_net - 5000000, net = net - 5000000, total = total - 5000000, due = due - 5000000 where sequence = 1`],
  ['11', 'a line that lost a charge', `update customer_bill_line set charge_count = 0 where line_no = 2`],
  ['11', 'unbilled money that was moved twice', `update journal_line set amount = amount * 2 where kind = 'BILL_ISSUE' and account in ('unbilled_receivable', 'billed_receivable')`],
  ['13', 'a net that is not its lines', `update customer_bill_line set net = net + 10000, amount = amount + 10000 where line_no = 2`],
  ['13', 'a tax rounded down', `update bill_tax_item set amount = amount - 10000; update customer_bill set tax = tax - 10000, total = total - 10000, due = due - 10000`],
  ['13', 'a line that is not the rounded sum', `update customer_bill_line set exact_net = exact_net + 10000 where line_no = 2`],
  ['13', 'another currency', `update customer_bill set currency = 'USD'`],
  ['14', 'a gap in the numbers', `update document_number set number = number + 1 where kind = 'BILL' and number = 2`],
  ['14', 'an issue time that goes back', `update document_number set issued_at = issued_at - interval '60 days' where kind = 'BILL' and number = 2;
     update issued_document set issued_at = issued_at - interval '60 days' where kind = 'BILL' and number = 2`],
  ['14', 'a bill without its number', `delete from document_number where kind = 'BILL' and number = 2; update document_series set last_number = 1 where series like '%B-%'`],
  ['15', 'a changed line of an issued bill', `update customer_bill_line set description = 'nothing'`],
  ['15', 'a changed tax of an issued bill', `update bill_tax_item set tax_code = 'Z1'`],
  ['15', 'a changed hash', `update document_number set hash = decode(repeat('11', 32), 'hex') where kind = 'BILL' and number = 1`],
  ['15', 'a bill whose content was exchanged with its hash', `update document_number set body_hash = decode(repeat('11', 32), 'hex') where kind = 'BILL' and number = 1`],
  ['15', 'a changed credit note', `update credit_note set reason = 'right'`],
  ['16', 'a credit note above its bill', `update credit_note set total = total + 100000000, net = net + 100000000`],
  ['16', 'a credit note on a bill that was not issued', `delete from issued_document where kind = 'BILL' and sequence = 1`],
  ['16', 'a credit note in another currency', `update credit_note set currency = 'USD'`],
  ['16', 'a bill paid beyond what is due', `update payment_allocation set amount = 10000000000`],
  ['16', 'a credit note that is not its lines', `update credit_note_line set net = net + 10000`],
  ['16', 'a line taken back beyond what it was', `update credit_note_line set amount = amount + 100000000`],
  ['16', 'a payment that paid more than came in', `update bill_payment set amount = 10000`],
  ['14', 'a series that stands elsewhere', `update document_series set last_number = last_number + 1`],
  ['15', 'a series with another end', `update document_series set last_hash = decode(repeat('11', 32), 'hex')`],
  ['17', 'a fee that was charged twice', `insert into charge select shard, root_id, 999, tenant_id, source, event_id || 'x', role, party, body_hash, status, reason, account_id, product_id, session_id, kind,
     identifier, other_party, event_at, booked_at, bill_period, unit, quantity, net, tax, asset, price_version_id, shares, reverses, explanation from charge
     where kind = 'RECURRING_FEE' and position = (select max(position) from charge where kind = 'RECURRING_FEE')`],
  ['17', 'a fee for days that were paid', `update charge set event_at = event_at - interval '3 days' where kind = 'RECURRING_FEE' and position = (select max(position) from charge where kind = 'RECURRING_FEE')`],
  ['22', 'a bill of another tenant', `insert into tenant (id, code, name, currency, time_zone, settings) values (99, 'other', 'Other', 'EUR', 'UTC', '{}'); update customer_bill set tenant_id = 99`],
  ...['bill_period', 'customer_bill_line', 'credit_note', 'payment_allocation', 'bill_payment', 'journal'].map((table): [string, string, string] => (
    ['22', `a row of ${table} of another tenant`, `insert into tenant (id, code, name, currency, time_zone, settings) values (99, 'other', 'Other', 'EUR', 'UTC', '{}'); update ${table} set tenant_id = 99`])),
  ['22', 'a line that nobody used', `update customer_bill_line set user_account_id = 4096`],
  ['22', 'a deferral of another tenant', `insert into tenant (id, code, name, currency, time_zone, settings) values (99, 'other', 'Other', 'EUR', 'UTC', '{}');
     insert into deferral (shard, root_id, account_id, position, bill_sequence, tenant_id, start_date, end_date, amount, asset, revenue_account)
     select shard, root_id, account_id, 1, 1, 99, '2031-01-01', '2031-02-01', 1, 'EUR/6', 'revenue' from customer_bill where sequence = 1`],
  ['23', 'a charge in a closed period', `update charge set bill_period = bill_period - interval '60 days' where position = (select max(position) from charge)`],
  ['25', 'a credit note without an audit row', `delete from audit_log where after ->> 'positionAt' = (select position::text from credit_note)`],
];

it.each(PLANTED)('invariant %s catches %s', async (number, _, statement) => {
  const client = await db.ownerPool.connect();
  try {
    await client.query('begin');
    for (const part of statement.split(';')) await client.query({ text: part });
    const pool = { connect: async () => ({ query: client.query.bind(client), release: () => undefined }) } as unknown as TestDatabase['ownerPool'];
    const found = await checkInvariants(pool);
    expect(found.map((violation) => violation.invariant)).toContain(number);
  } finally {
    await client.query('rollback');
    client.release();
  }
});

it.each(['customer_bill', 'customer_bill_line', 'bill_tax_item', 'bill_period', 'document_number', 'issued_document', 'credit_note', 'credit_note_line', 'journal', 'journal_line',
  'bill_payment', 'payment_allocation', 'deferral'])('the application may neither change nor take away what stands in %s', async (table) => {
  const names: Record<string, string> = { update: `update ${table} set tenant_id = tenant_id`, delete: `delete from ${table}`, truncate: `truncate ${table}` };
  if (table === 'journal_line') names.update = `update ${table} set amount = amount`;
  for (const text of Object.values(names)) await expect(db.appPool.query({ text })).rejects.toMatchObject({ code: '42501' });
});
