import { listInvariants } from '../../src/audit';
import { checkBooks } from '../../src/charging';
import { amount } from '../../src/platform/money';
import { createTestDatabase, TestDatabase } from '../support';
import { call, createWorld, flatRate, World, WorldAccount } from '../support/world';

/*
 * A checker counts only when a planted violation is caught: each row here spoils the books as the owner, in a database of
 * its own state, and expects exactly its invariant to say so.
 */
let db: TestDatabase;
let world: World;
let account: WorldAccount;
const key = (name: string) => ({ tenantId: 1, caller: 'finance', key: name });
const audit = { tenantId: 1, actor: 'finance', role: 'FINANCE', operation: 'balanceAdjust', objectType: 'Bucket', objectId: '0', requestId: 'r' };

beforeAll(async () => {
  db = await createTestDatabase();
  world = await createWorld(db);
  await world.offering({
    code: 'minutes', period: 'MONTH', fee: '5', usage: [{ kind: 'VOICE', unit: 'SECOND', per: '60', rates: flatRate('0.10'), taxIncluded: true }],
    allowances: [{ code: 'min', kind: 'VOICE', unit: 'SECOND', quantity: '90', step: '1' }],
  });
  account = await world.account();
  const other = await world.account();
  const { conductor } = world;
  const agent = { kind: 'AGENT' as const, amount: amount(40_000_000n), currency: 'EUR', promotional: false, validUntil: null };
  await conductor.topUp(key('t'), { accountId: account.id, funding: agent });
  await conductor.topUp(key('t2'), { accountId: other.id, funding: agent });
  const activated = await conductor.activate(key('a'), { accountId: account.id, offeringCode: 'minutes', startedAt: Date.now() - 40 * 86_400_000,
    identifiers: [{ kind: 'MSISDN', value: '353860000001' }], attachedTo: null });
  expect(activated).toMatchObject({ ok: true });
  await conductor.chargeUsage([call('353860000001', 300n), call('353860000001', 80_000n)], { delivered: false, lateLimitDays: undefined });
  await conductor.chargeUsage([call('353869999999', 5n)], { delivered: true, lateLimitDays: undefined });
  expect(await conductor.transfer(key('x'), { fromAccountId: account.id, toAccountId: other.id, amount: amount(1_000_000n), currency: 'EUR' })).toMatchObject({ ok: true });
  expect(await conductor.adjust({ ...key('adj'), audit }, { accountId: account.id, bucketId: 0, amount: 500_000n, reason: 'x' })).toMatchObject({ ok: true });
  await conductor.drain();
});
afterAll(() => db.dispose());

it('the sound books have no violation, as the application role, whole and shard by shard', async () => {
  expect(await checkBooks(db.appPool)).toEqual([]);
  expect(await checkBooks(db.appPool, { shard: account.shard, since: new Date(Date.now() - 3_600_000).toISOString() })).toEqual([]);
});

it('lists every invariant that the product owes by now', () => {
  expect(listInvariants().map(({ number }) => number)).toEqual(['01', '02', '03', '04', '05', '06', '07', '10', '12', '20', '21', '22', '23', '25']);
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

it.each(PLANTED)('invariant %s catches %s', async (number, _, statement) => expect(await violatedBy(statement)).toContain(number));

it('a dearer call on which all else agrees is seen by pricing it again alone', async () => expect(await violatedBy(RAISED)).toEqual(['12']));

/** The invariants that a spoiling statement breaks, one for each violation. */
async function violatedBy(statement: string): Promise<string[]> {
  // The spoiled state lives in one transaction of a connection that the checker shares, and is rolled back after it.
  const client = await db.ownerPool.connect();
  try {
    await client.query('begin');
    for (const part of statement.replaceAll('$root', account.rootId.toString()).split(';')) await client.query({ text: part });
    const pool = { connect: async () => ({ query: client.query.bind(client), release: () => undefined }) } as unknown as TestDatabase['ownerPool'];
    const found = await checkBooks(pool);
    return found.map((violation) => violation.invariant);
  } finally {
    await client.query('rollback');
    client.release();
  }
}
