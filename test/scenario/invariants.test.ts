import type { PoolClient } from 'pg';
import { listInvariants, recordAudit, Violation } from '../../src/audit';
import { checkBooks } from '../../src/charging';
import { amount } from '../../src/platform/money';
import { createTestDatabase, TestDatabase } from '../support';
import { agentKey, call, createWorld, flatRate, World, WorldAccount } from '../support/world';

/*
 * A checker counts only when a planted violation is caught: each row here spoils the books as the owner, in a database of
 * its own state, and expects exactly its invariant to say so.
 */
let db: TestDatabase;
let world: World;
let account: WorldAccount;
let postpaid: WorldAccount;
const key = (name: string) => agentKey(1, name, 'finance');

beforeAll(async () => {
  db = await createTestDatabase();
  world = await createWorld(db);
  await world.offering({
    code: 'minutes', period: 'MONTH', fee: '5', usage: [{ kind: 'VOICE', unit: 'SECOND', per: '60', rates: flatRate('0.10'), taxIncluded: true }],
    allowances: [{ code: 'min', kind: 'VOICE', unit: 'SECOND', quantity: '90', step: '1' }],
  });
  account = await world.account();
  const other = await world.account();
  postpaid = await world.account({ mode: 'POSTPAID', limit: 10_000_000n });
  expect(await world.conductor.adjust(key('debit'), { accountId: postpaid.id, bucketId: 0, amount: -8_000_000n, reason: 'x' })).toMatchObject({ ok: true });
  const { conductor } = world;
  const agent = { kind: 'AGENT' as const, amount: amount(40_000_000n), currency: 'EUR', promotional: false, validUntil: null };
  await conductor.topUp(key('t'), { accountId: account.id, funding: agent });
  await conductor.topUp(key('t2'), { accountId: other.id, funding: agent });
  const activated = await conductor.activate(key('a'), { accountId: account.id, offeringCode: 'minutes', startedAt: Date.now() - 40 * 86_400_000,
    identifiers: [{ kind: 'MSISDN', value: '353860000001' }], attachedTo: null });
  expect(activated).toMatchObject({ ok: true });
  await conductor.chargeUsage([call('353860000001', 300n), call('353860000001', 80_000n)], { delivered: false, lateLimitDays: undefined });
  await conductor.chargeUsage([call('353869999999', 5n)], { delivered: true, lateLimitDays: undefined });
  const linked = { chargingId: 'c1', usageId: 'online' };
  const record = { isRecord: true as const, source: 'cdr' };
  expect(await conductor.chargeUsage([call('353860000001', 9n, linked), call('353860000001', 8n, { ...record, chargingId: 'c1' }), call('353860000001', 7n, { ...record, chargingId: 'c2' })],
    { delivered: true, lateLimitDays: undefined })).toMatchObject([{ status: 'CHARGED' }, { status: 'COMPARED' }, { status: 'CHARGED' }]);
  expect(await conductor.transfer(key('x'), { fromAccountId: account.id, toAccountId: other.id, amount: amount(1_000_000n), currency: 'EUR' })).toMatchObject({ ok: true });
  expect(await conductor.adjust(key('adj'), { accountId: account.id, bucketId: 0, amount: 500_000n, reason: 'x' })).toMatchObject({ ok: true });
  await conductor.drain();
});
afterAll(() => db.dispose());

it('the sound books have no violation, as the application role, whole and shard by shard', async () => {
  expect(await checkBooks(db.appPool)).toEqual([]);
  expect(await checkBooks(db.appPool, { shard: account.shard, since: new Date(Date.now() - 3_600_000).toISOString() })).toEqual([]);
});

it('lists every invariant that the product owes by now', () => {
  expect(listInvariants().map(({ number }) => number)).toEqual(['01', '02', '03', '04', '05', '06', '07', '10', '11', '12', '13', '14', '15', '16', '17', '18', '19', '20', '21', '22', '23', '24', '25']);
  // A sentence of two lines would hide its function.
  expect(() => listInvariants('-- 1. A bucket is\n-- its entries.\ncreate or replace function pg_temp.invariant_01')).toThrow('the line above invariant 01 is not its sentence');
});

/** Takes seven millionths more for the call, and lets everything that hangs on it agree. */
const RAISED = `update charge set net = net + 7 where root_id = $root and position = (select min(position) from charge where root_id = $root and kind = 'VOICE');
  update entry set balance_after = balance_after - 7 where root_id = $root and bucket_id = 0 and position > (select min(position) from charge where root_id = $root and kind = 'VOICE');
  update entry set amount = amount - 7, balance_after = balance_after - 7 where root_id = $root and bucket_id = 0 and position = (select min(position) from charge where root_id = $root and kind = 'VOICE');
  update bucket set value = value - 7 where root_id = $root and id = 0`;

/** [invariant, what is planted, statement]; $root is the account's root. */
const PLANTED: readonly (readonly [string, string, string])[] = [
  ['01', 'a value without an entry', `update bucket set value = value + 1 where root_id = $root and id = 0`],
  ['02', 'an entry against an account that is not of the chart', `update entry set contra = 'pocket' where root_id = $root and version = 1 and bucket_id = 0`],
  ['02', 'one side of a transfer', `update entry set contra = 'cash' where root_id = $root and kind = 'TRANSFER'`],
  ['03', 'a version twice over a hole', `update entry set version = version + 100 where root_id = $root and bucket_id = 0 and version = (select max(version) from entry where root_id = $root and bucket_id = 0)`],
  ['03', 'a balance_after that does not chain', `update entry set balance_after = balance_after + 1 where root_id = $root and bucket_id = 0 and version = 1`],
  ['04', 'over-use that is not marked', `update bucket set overused = true where root_id = $root and id = 0`],
  ['05', 'a hold that never ends', `update bucket set reserved = 1 where root_id = $root and id = 0`],
  ['06', 'a lapse that nobody remembers', `update bucket set expired = expired + 1 where root_id = $root and kind = 'UNIT' and state = 'EXPIRED'`],
  ['07', 'a charge that nobody paid', `update charge set net = net + 1 where root_id = $root and kind = 'VOICE' and status = 'CHARGED'`],
  ['07', 'an entry without a cause', `update entry set position = 999 where root_id = $root and bucket_id = 0 and version = 1`],
  ['10', 'a quarantined usage closed without a charge', `update unguided_usage set state = 'CLOSED', closed_at = now()`],
  ['10', 'a comparison that holds more than was charged online', `update usage_comparison set online_quantity = online_quantity + 1`],
  ['10', 'a record that no comparison tells of', `delete from usage_comparison`],
  ['10', 'a record that was compared and charged', `update usage_record set position = null where position is not null`],
  ['10', 'online usage that is no charge', `update online_usage set position = 999`],
  ['22', 'a charging id of another tenant\'s root', `insert into tenant (id, code, name, currency, time_zone, settings) values (9, 'nine', 'Nine', 'EUR', 'UTC', '{}'); update usage_record set tenant_id = 9`],
  ['10', 'a usage that is charged and still put aside', `update unguided_usage u set (source, event_id, body_hash) = (select c.source, c.event_id, c.body_hash from charge c where c.root_id = $root and c.kind = 'VOICE' limit 1)`],
  ['12', 'a price that did not hold', `update price_assignment set valid_from = now() + interval '1 day' where root_id = $root`],
  ['12', 'a call dearer than its price', RAISED],
  ['12', 'a cost of what allowances paid', `update charge set explanation = (explanation::jsonb - 'r')::json where root_id = $root and kind = 'VOICE'`],
  ['12', 'tax at another rate', `update charge set net = net - 1, tax = tax + 1 where root_id = $root and kind = 'VOICE' and status = 'CHARGED'`],
  ['12', 'a cost without a price', `update charge set price_version_id = null where root_id = $root and kind = 'VOICE'`],
  ['20', 'a hole in the positions', `update bucket set position = position + 1 where root_id = $root and id = 0`],
  ['21', 'an entry booked before an earlier one', `update entry set booked_at = booked_at - interval '1 day' where root_id = $root and bucket_id = 0 and version = (select max(version) from entry where root_id = $root and bucket_id = 0)`],
  ['22', 'an account of another tenant\'s customer', `insert into tenant (id, code, name, currency, time_zone, settings) values (9, 'nine', 'Nine', 'EUR', 'UTC', '{}');
     update customer set tenant_id = 9 where id = (select customer_id from billing_account where id = $root)`],
  ['23', 'a booking in the future', `update charge set booked_at = now() + interval '1 day' where root_id = $root and kind = 'VOICE'`],
  ['23', 'a booking into a closed bill period', `update bucket set open_period = now() where root_id = $root and id = 0;
     update charge set event_at = now() - interval '2 days', bill_period = now() where root_id = $root and position = (select min(position) from charge where root_id = $root and kind = 'VOICE');
     update charge set bill_period = now() - interval '1 day' where root_id = $root and position = (select max(position) from charge where root_id = $root and kind = 'VOICE')`],
  ['23', 'a booking put off though no bill period was closed', `update charge set bill_period = event_at + interval '1 millisecond' where root_id = $root and kind = 'VOICE'`],
  ['25', 'a changed audit row', `update audit_log set reason = 'nothing' where sequence = 1`],
  ['25', 'a missing audit row', `delete from audit_log where sequence = 1; update audit_head set sequence = 0, hash = decode(repeat('00', 32), 'hex')`],
];

it.each(PLANTED)('invariant %s catches %s', async (number, _, statement) =>
  expect((await violatedBy(statement)).map(({ invariant }) => invariant)).toContain(number));

it('a dearer call on which all else agrees is seen by pricing it again alone', async () =>
  expect((await violatedBy(RAISED)).map(({ invariant }) => invariant)).toEqual(['12']));

/** Moves the bucket by so many millionths at the one entry, and lets everything that hangs on it agree, its mark too. */
const OVERSPENT = (kind: string): string => `update entry set balance_after = balance_after - 1000000000 where root_id = $root and bucket_id = 0 and version > (select max(version) from entry where root_id = $root and bucket_id = 0 and kind = '${kind}');
  update entry set amount = amount - 1000000000, balance_after = balance_after - 1000000000 where root_id = $root and bucket_id = 0 and version = (select max(version) from entry where root_id = $root and bucket_id = 0 and kind = '${kind}');
  update bucket set value = value - 1000000000, overused = true where root_id = $root and id = 0`;

it.each([
  ['a correction', OVERSPENT('ADJUST')],
  ['a prepaid fee', `${OVERSPENT('FEE')}; update charge set net = net + 1000000000 where root_id = $root and position = (select max(position) from entry where root_id = $root and bucket_id = 0 and kind = 'FEE')`],
])('%s that overspends and marks itself is seen by its kind alone', async (_, spoil) =>
  expect(new Set((await violatedBy(spoil)).map(({ invariant }) => invariant))).toEqual(new Set(['04'])));

it.each([['lowered', '10.00', 0], ['never higher', '5.00', 1]])('what was owed within a limit that was %s is sound or not', async (_, before, violations) => {
  const found = await violatedBy(async (tx) => {
    await tx.query(`update bucket set credit_limit = 5000000, overused = true where root_id = $1 and id = 0`, [postpaid.rootId.toString()]);
    await tx.query(`update billing_account set credit_limit = 5000000, version = 2 where id = $1`, [postpaid.id.toString()]);
    const limit = (creditLimit: string) => ({ creditLimitKind: 'AMOUNT', creditLimit });
    await recordAudit(tx, { ...ROW, operation: 'billingAccountUpdate', objectId: postpaid.id.toString(), before: limit(before), after: limit('5.00') });
  });
  expect(found.map(({ invariant }) => invariant)).toEqual(violations ? ['04'] : []);
});

const ROW = { tenantId: 1, actor: 'finance', role: 'FINANCE', objectType: 'X', requestId: 'r', result: 'DONE' as const };
const told = (operation: string, objectId: string, after?: Record<string, string>) => async (tx: PoolClient): Promise<void> => {
  await recordAudit(tx, { ...ROW, operation, objectId: objectId.replace('$root', account.rootId.toString()), after });
};

/** Privileged changes: the chain of the log is whole, and yet it is not the truth. [what, spoil, object, what is said of it] */
it.each<[string, string | ((tx: PoolClient) => Promise<void>), RegExp, RegExp]>([
  ['a correction by somebody else than the log says', `update request set caller = 'nobody' where operation = 'ADJUST'`, /^move /, /^ADJUST of nobody, 1 audit rows, of finance$/],
  ['a top-up without a row', `update request set position = position + 1000 where root_id = $root and operation = 'TOP_UP'`, /^move /, /^TOP_UP of finance, 0 audit rows/],
  ['an activation without a row', `update request set position = position + 1000 where root_id = $root and operation = 'ACTIVATE'`, /^move /, /^ACTIVATE of finance, 0 audit rows/],
  ['a move that is told and was not made', (tx) => told('balanceAdjust', '0', { rootId: account.rootId.toString(), positionAt: '777' })(tx), /^move /, /^nothing of , 1 audit rows/],
  ['a move that is told twice', (tx) => told('balanceTopUp', '0', { rootId: account.rootId.toString(), positionAt: '1' })(tx), /^move /, /^TOP_UP of finance, 2 audit rows/],
  ['a voucher top-up that is told twice', async (tx) => {
    await tx.query(`insert into voucher (tenant_id, code_hash, batch, amount, currency, valid_until, state, used_at, used_root_id, used_position)
      values (1, '\\x00', 'b', 1, 'EUR', now(), 'USED', now(), $1, 1)`, [account.rootId.toString()]);
    await told('balanceTopUp', '0', { rootId: account.rootId.toString(), positionAt: '1' })(tx);
  }, /^move /, /^TOP_UP of finance, 2 audit rows/],
  ['an account without a row', `update audit_log set operation = 'x' where operation = 'billingAccountCreate' and object_id = '$root'`, /^billingAccountCreate /, /done 1 times, 0 audit/],
  ['an account changed without a row', `update billing_account set version = 2 where id = $root`, /^billingAccountUpdate /, /done 1 times, 0 audit/],
  ['an account changed once and told twice', async (tx) => {
    await tx.query('update billing_account set version = 2 where id = $1', [account.rootId.toString()]);
    for (let row = 0; row < 2; row += 1) await told('billingAccountUpdate', '$root')(tx);
  }, /^billingAccountUpdate /, /done 1 times, 2 audit/],
  ['a customer without a row', `insert into customer (tenant_id, party_id) select 1, min(id) from party`, /^customerCreate /, /done 1 times, 0 audit/],
  ['a person without a row', `insert into party (tenant_id, kind, family_name) values (1, 'INDIVIDUAL', 'X')`, /^individualCreate /, /done 1 times, 0 audit/],
  ['an organization that is told and is not there', told('organizationCreate', '999999'), /^organizationCreate 999999 /, /done 0 times, 1 audit/],
  ['an identifier without a row', `insert into identifier (tenant_id, kind, value, valid_from, shard, root_id, account_id) values (1, 'MSISDN', '353869990000', now(), $root & 4095, $root, $root)`, /^identifierAssign /, /done 1 times, 0 audit/],
  ['a launch that is told twice', async (tx) => {
    const { rows: [version] } = await tx.query<{ id: string }>('select id from product_offering_version limit 1');
    await told('productOfferingLaunch', version!.id)(tx);
  }, /^productOfferingLaunch /, /done 1 times, 2 audit/],
  ['a tax rate without a row', `insert into tax_rate (tenant_id, tax_class, tax_code, rate, valid_from) values (1, 'low', 'L', 0, now())`, /^taxRateSet /, /done 1 times, 0 audit/],
  ['vouchers without a row', `insert into voucher (tenant_id, code_hash, batch, amount, currency, valid_until) values (1, '\\x01', 'b', 1, 'EUR', now()), (1, '\\x02', 'b', 1, 'EUR', now())`, /^voucherBatchCreate b /, /done 1 times, 0 audit/],
  ['a payment that another channel is told to have confirmed', async (tx) => {
    await tx.query(`insert into payment (tenant_id, channel, external_id, account_id, amount, currency, confirmed_at) values (1, 'bank', 'p1', $1, 1, 'EUR', now())`, [account.rootId.toString()]);
    await told('paymentConfirm', 'p1')(tx);
  }, /^paymentConfirm bank p1 /, /done 1 times, 0 audit/],
  ['a historical import without a row', `insert into usage_import (tenant_id, source, file_name, file_hash, mapping_hash, is_historical, started_by, started_at) values (1, 's', 'f', '\\x', '\\x', true, 'x', now())`, /^usage import /, /without an audit row/],
])('invariant 25 catches %s', async (_, spoil, object, what) => {
  const found = (await violatedBy(spoil)).filter(({ invariant }) => invariant === '25');
  expect(found).toContainEqual({ invariant: '25', object: expect.stringMatching(object) as string, what: expect.stringMatching(what) as string });
});

/** The violations found in books that are spoiled by a statement ($root is the account's root), or by hand. */
async function violatedBy(spoil: string | ((tx: PoolClient) => Promise<void>)): Promise<Violation[]> {
  // The spoiled state lives in one transaction of a connection that the checker shares, and is rolled back after it.
  const client = await db.ownerPool.connect();
  try {
    await client.query('begin');
    if (typeof spoil !== 'string') await spoil(client);
    else for (const part of spoil.replaceAll('$root', account.rootId.toString()).split(';')) await client.query({ text: part });
    const pool = { connect: async () => ({ query: client.query.bind(client), release: () => undefined }) } as unknown as TestDatabase['ownerPool'];
    return await checkBooks(pool);
  } finally {
    await client.query('rollback');
    client.release();
  }
}
