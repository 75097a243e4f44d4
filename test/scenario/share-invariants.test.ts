import { checkInvariants } from '../../src/audit';
import { createTestDatabase, TestDatabase } from '../support';
import { WorldAccount } from '../support/world';
import { subscriber } from './money-scenario';
import { content, openShareWorld, SharePartner, ShareScenario, ShareWorld, sms } from './share-world';

/* Each row spoils the shares or the statements as the owner, and expects its invariant to say so. */
let db: TestDatabase;
let world: ShareWorld;
let s: ShareScenario;
let studio: SharePartner;
let account: WorldAccount;
const NUMBER = '353860000001';

beforeAll(async () => {
  db = await createTestDatabase();
  world = await openShareWorld(db);
  s = await world.open('2031-01-10T12:00:00Z');
  await s.offering(content('pass', '0.008', { taxed: true }));
  studio = await s.partner('Studio');
  await s.agree('pass', [{ offering: 'pass', basis: 'GROSS', parts: [[studio, '70']] }]);
  account = await subscriber(s, NUMBER, 'pass', '10');
  const first = await s.charge(NUMBER, sms);
  await s.charge(NUMBER, sms);
  await s.moveTo('2031-02-10T00:00:00Z');
  await s.publish(await s.closeMonth(studio.account, '2031-01-01'));
  await s.charge(NUMBER, sms);
  await s.refund(account, first.position!);
  await s.moveTo('2031-03-10T00:00:00Z');
  await s.publish(await s.closeMonth(studio.account, '2031-02-01'));
  await world.services.statements.accept({ ...s.finance, role: 'PARTNER' }, { statementId: await idOf(1), expectedVersion: 2, partnerId: studio.id });
  await world.services.statements.settle(s.finance, { statementId: await idOf(1) }, { key: 'k', reference: 'TRANSFER-1' });
});
afterAll(async () => {
  await world.close();
  await db.dispose();
});

const idOf = async (number: number): Promise<bigint> =>
  BigInt((await db.appPool.query<{ id: string }>('select id from share_statement where number = $1', [number])).rows[0]!.id);

it('the sound books have no violation', async () => expect(await checkInvariants(db.appPool)).toEqual([]));

const SHARED = 'root_id = $root and shares is not null and reverses is null';
/** [invariant, what is planted, statement]; $root is the account's root. The triggers that would refuse it are off. */
const PLANTED: readonly (readonly [string, string, string])[] = [
  ['18', 'a charge that costs more than is shared', `update charge set net = net + 1 where ${SHARED}`],
  ['18', 'a share that is too high', `update charge set shares = replace(shares::text, '"6720"', '"6721"')::json where ${SHARED}`],
  ['18', 'an operator who lost its part', `update charge set shares = json_build_object('v', shares ->> 'v', 'i', 0, 's', json_build_array(shares -> 's' -> 0)) where ${SHARED}`],
  ['18', 'a share of an unknown agreement', `update charge set shares = json_build_object('v', '999', 'i', 0, 's', shares -> 's') where ${SHARED}`],
  ['18', 'a share from before the agreement', `update agreement_version set valid_from = valid_from + interval '1 day'`],
  ['18', 'a refund that takes no share back', `update charge set shares = null where root_id = $root and reverses is not null`],
  ['18', 'a total that no charge gives', `update share_total set share = share + 1`],
  ['18', 'a lost total', `delete from share_total`],
  ['02', 'an accrual that the books do not know', `delete from ledger_account where code = 'share_cost'`],
  ...['settlement_account', 'share_statement', 'settlement_entry', 'agreement_part', 'share_total'].map((table): [string, string, string] => (
    ['22', `a row of ${table} of another tenant`, `update ${table} set tenant_id = tenant_id + 1`])),
  ['22', 'a statement of another partner', `update share_statement set partner_id = partner_id + 1`],
  ['19', 'a statement that is not the sum of its lines', `update share_statement set share = share + 10000, payable = payable + 10000 where number = 1`],
  ['19', 'a line that is not rounded', `update share_statement_line set share = share + 1`],
  ['19', 'a line that leaves shares out', `update share_statement_line set exact = exact - 5600, events = events - 1 where line = 1`],
  ['19', 'a share that came in after the period was closed', `update share_total set day = '2031-01-31' where day > '2031-02-01'`],
  ['19', 'a hole in the numbers', `update share_statement set number = 3 where number = 2`],
  ['19', 'a hole between the periods', `update share_statement set period_from = '2031-02-02' where number = 2`],
  ['19', 'a carried amount out of nowhere', `update share_statement set carried_in = -10000, payable = payable - 10000 where number = 1`],
  ['19', 'an adjustment of a later statement', `update share_statement_line set adjusts_id = statement_id where adjusts_id is not null`],
  ['19', 'a rounding that was not posted', `delete from settlement_entry where kind = 'SHARE_ROUNDING'`],
  ['19', 'a payment that is not that of the statement', `update settlement_entry set amount = amount + 10000 where kind = 'SETTLEMENT'`],
];

it.each(PLANTED)('invariant %s catches %s', async (number, _, statement) => {
  const client = await db.ownerPool.connect();
  try {
    await client.query('begin');
    await client.query('set local session_replication_role = replica');
    await client.query({ text: statement.replaceAll('$root', account.rootId.toString()) });
    const pool = { connect: async () => ({ query: client.query.bind(client), release: () => undefined }) } as unknown as TestDatabase['ownerPool'];
    expect((await checkInvariants(pool)).map((violation) => violation.invariant)).toContain(number);
  } finally {
    await client.query('rollback');
    client.release();
  }
});
