import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkInvariants } from '../../src/audit';
import { cutOver, CutoverSummary, isComplete } from '../../src/cli/cutover';
import { openCutoverFile, readControl } from '../../src/cutover';
import { encodeId } from '../../src/platform/graphql';
import { proveTables, TableProof } from '../../src/platform/backup';
import { withOwner } from '../../src/platform/backup/connection';
import type { Rooms } from '../../src/services';
import type { Tenant } from '../../src/tenant';
import { createTestDatabase, runTributary, temporaryFolder, TestDatabase } from '../support';
import { flatRate, WorldAccount, worldConductor } from '../support/world';
import { euros, expectSoundBooks, openScenario, Scenario } from './money-scenario';

jest.setTimeout(60_000);

const folder = temporaryFolder();
let db: TestDatabase;
let scenario: Scenario;
let conductor: ReturnType<typeof worldConductor>;
const accounts: Record<string, WorldAccount> = {};

const HEAD = 'kind,key,customer,accountName,amount,currency,quantity,unit,events,offering,line,allowance,price,identifiers,validFrom,validUntil,startedAt,billedUntil,contractEndsAt';
type Row = Readonly<Record<string, string>>;
const csv = (rows: readonly Row[]): string =>
  `${HEAD}\n${rows.map((row) => HEAD.split(',').map((column) => row[column] ?? '').join(',')).join('\n')}\n`;

/** What the old system says. */
const ROWS: readonly Row[] = [
  { kind: 'PRODUCT', key: 'line-1', customer: 'P1', accountName: 'Main', offering: 'talk', identifiers: '353860020001', startedAt: '2024-03-15', billedUntil: '2026-12-01', contractEndsAt: '2027-03-15' },
  { kind: 'MONEY', key: 'purse', customer: 'P1', accountName: 'Main', amount: '12.345678', currency: 'EUR', validUntil: '2027-01-31' },
  { kind: 'PROMOTION', key: 'gift-7', customer: 'P1', accountName: 'Main', amount: '0.30', currency: 'EUR', validUntil: '2026-12-24T00:00:00Z' },
  { kind: 'UNITS', key: 'min-1', customer: 'P1', accountName: 'Main', quantity: '1234', unit: 'SECOND', offering: 'talk', allowance: 'min' },
  { kind: 'PRODUCT', key: 'line-1', customer: 'Q1', offering: 'tiered', identifiers: '353860020002', startedAt: '2025-01-01', billedUntil: '2026-12-01' },
  { kind: 'RECEIVABLE', key: 'bill-2026-10', customer: 'Q1', amount: '30.10', currency: 'EUR' },
  { kind: 'RECEIVABLE', key: 'paid-too-much', customer: 'Q1', amount: '-0.10', currency: 'EUR' },
  { kind: 'UNBILLED', key: 'november', customer: 'Q1', amount: '4.905', currency: 'EUR' },
  { kind: 'COUNTER', key: 'tier', customer: 'Q1', quantity: '990', unit: 'SECOND', amount: '9.90', events: '12', offering: 'tiered', line: '353860020002', price: 'usage-0' },
  { kind: 'SPEND', key: 'spend', customer: 'M1', amount: '1.50', currency: 'EUR', events: '3' },
  { kind: 'MONEY', key: 'purse', customer: 'N1', amount: '-0.25', currency: 'EUR' },
];
const TOTALS = [
  { kind: 'COUNTER', asset: 'SECOND', count: 1, sum: '990' }, { kind: 'MONEY', asset: 'EUR', count: 2, sum: '12.095678' },
  { kind: 'PRODUCT', asset: '', count: 2, sum: '' }, { kind: 'PROMOTION', asset: 'EUR', count: 1, sum: '0.30' },
  { kind: 'RECEIVABLE', asset: 'EUR', count: 2, sum: '30.00' }, { kind: 'SPEND', asset: 'EUR', count: 1, sum: '1.50' },
  { kind: 'UNBILLED', asset: 'EUR', count: 1, sum: '4.905' }, { kind: 'UNITS', asset: 'SECOND', count: 1, sum: '1234' },
];

const place = (name: string, content: string): string => {
  const path = join(folder.path, name);
  writeFileSync(path, content);
  return path;
};

async function run(contents: readonly string[], over: { dry?: boolean; control?: string; ext?: string; by?: typeof conductor } = {}): Promise<CutoverSummary> {
  const files = [];
  for (const [index, content] of contents.entries()) files.push(await openCutoverFile(place(`run-${index}.${over.ext ?? 'csv'}`, content)));
  return cutOver({
    rooms: { pool: db.appPool, charging: over.by ?? conductor } as unknown as Rooms, tenant: { id: scenario.tenantId, code: 'world' } as Tenant, files,
    isDryRun: over.dry ?? false, control: over.control === undefined ? null : await readControl(place('control.csv', over.control)),
    rejectsPath: ({ path, format }) => `${path}.rejects.${format}`, showsProgress: false, pauseMs: 1,
  });
}
const rejectsOf = (summary: CutoverSummary): string[] => summary.rejectsFiles.flatMap((path) => readFileSync(path, 'utf8').trim().split('\n'));

/** Every table but the audit log, to which each run adds two rows. */
const books = async (): Promise<TableProof[]> =>
  (await withOwner(db.ownerUrl, 'test', proveTables)).filter(({ table }) => !table.startsWith('audit_'));

async function nameCustomer(account: WorldAccount, externalId: string, name: string): Promise<void> {
  accounts[externalId] = account;
  await db.ownerPool.query(`with a as (update billing_account set name = $3 where id = $1 returning customer_id)
    update customer set external_id = $2 where id = (select customer_id from a)`, [account.id.toString(), externalId, name]);
}

beforeAll(async () => {
  db = await createTestDatabase();
  conductor = worldConductor(db);
  scenario = await openScenario(db, conductor, '2026-11-10T12:00:00Z');
  await scenario.offering({
    code: 'talk', period: 'BILL_CYCLE', fee: '10', usage: [{ kind: 'VOICE', unit: 'SECOND', per: '60', rates: flatRate('0.60') }],
    allowances: [{ code: 'min', kind: 'VOICE', unit: 'SECOND', quantity: '3000', step: '1' }],
  });
  await scenario.offering({ code: 'tiered', period: 'BILL_CYCLE', fee: '5', usage: [{
    kind: 'VOICE', unit: 'SECOND', per: '1', rates: flatRate('0'),
    tiers: { mode: 'GRADUATED', tiers: [{ upTo: '1000', amount: '0.01', flatAmount: '0' }, { upTo: null, amount: '0.005', flatAmount: '0' }] },
  }] });
  await scenario.offering({ code: 'once', usage: [{ kind: 'VOICE', unit: 'SECOND', per: '60', rates: flatRate('0.60') }] });
  await nameCustomer(await scenario.account(), 'P1', 'Main');
  await nameCustomer(await scenario.account({ mode: 'POSTPAID', limit: 100_000_000n }), 'Q1', 'Main');
  const payer = await scenario.account({ mode: 'POSTPAID', limit: 50_000_000n });
  await nameCustomer(await scenario.account({ mode: 'POSTPAID', limit: 2_000_000n, within: payer, payer }), 'M1', 'Member');
  await nameCustomer(await scenario.account(), 'N1', 'Main');
});
afterAll(async () => {
  await conductor.drain();
  await db.dispose();
  folder.remove();
});

const control = `kind,asset,count,sum\n${TOTALS.map(({ kind, asset, count, sum }) => `${kind},${asset},${count},${sum}`).join('\n')}\n`;

it('a dry run tells what would be brought and changes nothing at all', async () => {
  const everything = () => withOwner(db.ownerUrl, 'test', proveTables);
  const [before, sequence] = [await everything(), await db.ownerPool.query('select last_value from product_number')];
  const summary = await run([csv(ROWS)], { dry: true, control });
  expect(summary).toMatchObject({ dryRun: true, rows: 11, brought: 11, repeated: 0, rejected: 0, totals: TOTALS, differences: [], rejectsFiles: [] });
  expect(await everything()).toEqual(before);
  expect((await db.ownerPool.query('select last_value from product_number')).rows).toEqual(sequence.rows);
});

it('brings every figure exactly, against the account migration', async () => {
  const summary = await run([csv(ROWS.slice(0, 4)), csv(ROWS.slice(4))], { control });
  expect(summary).toMatchObject({ rows: 11, brought: 11, repeated: 0, rejected: 0, totals: TOTALS, differences: [] });
  expect(isComplete(summary)).toBe(true);
  const { rows } = await db.appPool.query(`select b.account_id, b.kind, e.kind as entry, e.amount, e.account, e.contra, b.valid_until
    from entry e join bucket b using (shard, root_id) where b.id = e.bucket_id and e.tenant_id = $1 order by e.account_id_order, 1`.replace('e.account_id_order', 'b.account_id, e.bucket_id, e.version'), [scenario.tenantId]);
  const of = (name: string, kind: string, amount: string, account: string, until: string | null) => ({ account_id: accounts[name]!.id.toString(), kind,
    entry: 'MIGRATE', amount, account, contra: 'migration', valid_until: until === null ? null : new Date(until) });
  expect(rows).toEqual(expect.arrayContaining([
    of('P1', 'MONEY', '12345678', 'prepaid_liability', '2027-01-31T00:00:00Z'),
    of('P1', 'PROMOTION', '300000', 'promotion_liability', '2026-12-24T00:00:00Z'),
    of('P1', 'UNIT', '1234', 'allowance', '2026-12-01T00:00:00Z'),
    of('Q1', 'CREDIT', '-30100000', 'billed_receivable', null), of('Q1', 'CREDIT', '100000', 'billed_receivable', null),
    of('Q1', 'CREDIT', '-4905000', 'unbilled_receivable', null),
    of('N1', 'MONEY', '-250000', 'prepaid_liability', null),
  ]));
  expect(rows).toHaveLength(7);
  expect(await scenario.spendable(accounts.P1!)).toBe('12.645678');
  expect(await scenario.spendable(accounts.Q1!)).toBe('65.095');
  expect(await scenario.spendable(accounts.M1!)).toBe('0.50');
  const { rows: products } = await db.appPool.query(`select started_at, period_start, period_end, next_renewal_at, contract_ends_at from product where account_id = $1`, [accounts.P1!.id.toString()]);
  expect(products).toEqual([{ started_at: new Date('2024-03-15'), period_start: new Date('2026-11-01'), period_end: new Date('2026-12-01'),
    next_renewal_at: new Date('2026-12-01'), contract_ends_at: new Date('2027-03-15') }]);
  await expectSoundBooks(db);
});

it('has the trial balance of the old system, turned, on the account migration', async () => {
  const { rows } = await db.appPool.query(`select asset, sum(amount)::text as sum from posting where account = 'migration' and tenant_id = $1 group by asset order by 1`, [scenario.tenantId]);
  // 12.345678 + 0.30 - 0.25 owed to customers, 34.905 owed by them.
  expect(rows).toEqual([{ asset: 'EUR/6', sum: '22509322' }, { asset: 'SECOND', sum: '-1234' }]);
  const { rows: entries } = await db.appPool.query(`select count(*)::int as n from entry where tenant_id = $1 and (kind = 'MIGRATE') <> (contra = 'migration')`, [scenario.tenantId]);
  expect(entries).toEqual([{ n: 0 }]);
});

it('brings nothing twice, whoever repeats it, in whatever pieces', async () => {
  const before = await books();
  expect(await run([csv(ROWS)], { control })).toMatchObject({ rows: 11, brought: 0, repeated: 11, rejected: 0, totals: TOTALS, differences: [] });
  expect(await run([csv(ROWS)], { dry: true })).toMatchObject({ brought: 0, repeated: 11, rejected: 0, totals: TOTALS });
  expect(await run([csv(ROWS.slice(3, 9))], { by: worldConductor(db) })).toMatchObject({ brought: 0, repeated: 6, rejected: 0 });
  expect(await books()).toEqual(before);
});

it('leaves two rows in the audit log for each run that stores', async () => {
  const { rows } = await db.appPool.query(`select operation, role, after from audit_log where tenant_id = $1 and operation like 'cutover%' order by sequence limit 2`, [scenario.tenantId]);
  expect(rows).toEqual([
    { operation: 'cutover start', role: 'ADMIN', after: { rowCount: '11' } },
    { operation: 'cutover end', role: 'ADMIN', after: { rowCount: '11', broughtCount: '11', repeatedCount: '0', rejectedCount: '0' } },
  ]);
});

it('twenty at once are one', async () => {
  const input = { kind: 'MONEY' as const, accountId: accounts.N1!.id, amount: euros('1'), currency: 'EUR', validUntil: null };
  const key = { tenantId: scenario.tenantId, caller: 'cutover', key: `${accounts.N1!.id}:once` };
  const others = [conductor, worldConductor(db)];
  const outcomes = await Promise.all(Array.from({ length: 20 }, (_, index) => others[index % 2]!.migrate(key, input)));
  expect(outcomes.filter((outcome) => outcome.ok && !outcome.replayed)).toHaveLength(1);
  expect(new Set(outcomes.map((outcome) => (outcome.ok ? JSON.stringify(outcome.answer) : 'refused'))).size).toBe(1);
  expect(await scenario.rows(accounts.N1!, 'select value from bucket where root_id = $1 and id = 0')).toEqual([{ value: '750000' }]);
  await expectSoundBooks(db);
});

describe('rows that cannot be', () => {
  const bad: readonly (readonly [string, Row, RegExp])[] = [
    ['another amount under the same key', { ...ROWS[1]!, amount: '13' }, /IDEMPOTENCY_KEY_REUSED/],
    ['an unknown customer', { ...ROWS[1]!, key: 'x', customer: 'nobody' }, /NOT_FOUND,customer: No such account\./],
    ['an unknown account name', { ...ROWS[1]!, key: 'x', accountName: 'Other' }, /NOT_FOUND/],
    ['another currency', { ...ROWS[1]!, key: 'x', currency: 'USD' }, /CURRENCY_MISMATCH,currency: The account is kept in EUR\./],
    ['money of nothing', { ...ROWS[1]!, key: 'x', amount: '0' }, /INVALID_INPUT,amount: Money is not zero/],
    ['money that has lapsed', { ...ROWS[1]!, customer: 'N1', key: 'x', validUntil: '2026-10-01' }, /^.*validUntil/],
    ['a debt of a prepaid account', { ...ROWS[5]!, key: 'x', customer: 'N1' }, /NOT_ALLOWED,accountId: The account has no credit of its own\./],
    ['money of a postpaid account', { ...ROWS[1]!, key: 'x', customer: 'Q1' }, /NOT_ALLOWED,accountId: The account has no prepaid money/],
    ['units of no product', { ...ROWS[3]!, key: 'x', customer: 'N1' }, /NOT_FOUND,offering: The account has no running product/],
    ['units of no allowance', { ...ROWS[3]!, key: 'x', allowance: 'mb' }, /NOT_FOUND,allowance/],
    ['units of another unit', { ...ROWS[3]!, key: 'x', unit: 'BYTE' }, /CURRENCY_MISMATCH,unit: The allowance counts in SECOND\./],
    ['units that have lapsed', { ...ROWS[3]!, key: 'x', validUntil: '2026-11-01' }, /INVALID_INPUT,validUntil: It has lapsed by now\./],
    ['a counter of no price', { ...ROWS[8]!, key: 'x', price: 'usage-9' }, /NOT_FOUND,price/],
    ['a counter of a price that counts nothing', { ...ROWS[8]!, key: 'x', customer: 'P1', offering: 'talk', line: '' }, /INVALID_INPUT,.*no tiers/],
    ['a counter of another line', { ...ROWS[8]!, key: 'x', line: '353860020001' }, /NOT_FOUND,line/],
    ['a limit that is none', { ...ROWS[9]!, key: 'x', customer: 'P1' }, /NOT_ALLOWED,.*no limit of its own/],
    ['an offering that is not sold', { ...ROWS[0]!, key: 'x', offering: 'gone', identifiers: '' }, /OFFERING_NOT_SOLD/],
    ['a number of somebody', { ...ROWS[0]!, key: 'x', customer: 'N1' }, /ALREADY_EXISTS,identifiers/],
    ['a product without its bill', { ...ROWS[0]!, key: 'x', identifiers: '', billedUntil: '' }, /INVALID_INPUT,.*say until when they are billed/],
    ['a product that has no bill', { ...ROWS[0]!, key: 'x', identifiers: '', offering: 'once' }, /INVALID_INPUT,.*no periods that could be billed/],
    ['a product of the future', { ...ROWS[0]!, key: 'x', identifiers: '', startedAt: '2026-11-20' }, /INVALID_INPUT,.*started in 1970 or later/],
    ['a contract that ends before', { ...ROWS[0]!, key: 'x', identifiers: '', contractEndsAt: '2024-01-01' }, /INVALID_INPUT,.*contract ends before/],
    ['a day that does not exist', { ...ROWS[0]!, key: 'x', identifiers: '', billedUntil: '2026-02-30' }, /INVALID_INPUT,billedUntil: billedUntil is a day/],
    ['a kind that does not exist', { ...ROWS[0]!, kind: 'GIFT' }, /INVALID_INPUT,kind: /],
  ];

  it.each([true, false])('are rejected with their row number and reason, and change nothing (dry run: %s)', async (dry) => {
    const before = await books();
    const summary = await run([csv(bad.map(([, row], index) => (row.key === 'x' ? { ...row, key: `x${index}` } : row)))], { dry });
    expect(summary).toMatchObject({ rows: bad.length, brought: 0, repeated: 0, rejected: bad.length, totals: [] });
    expect(isComplete(summary)).toBe(false);
    const lines = rejectsOf(summary).slice(1);
    const byRow = new Map(lines.map((line) => [+line.split(',')[0]!, line.replaceAll('"', '')]));
    bad.forEach(([name, , said], index) => expect({ name, line: byRow.get(index + 2) }).toEqual({ name, line: expect.stringMatching(said) }));
    expect(await books()).toEqual(before);
  });

  it('mended, are brought from the rejects file', async () => {
    const row = { kind: 'MONEY', key: 'late', customer: 'N1', amount: '0.x05', currency: 'EUR' };
    const summary = await run([csv([row])]);
    expect(summary).toMatchObject({ rejected: 1 });
    const mended = readFileSync(summary.rejectsFiles[0]!, 'utf8').replace('0.x05', '0.05');
    expect(mended).toMatch(/^row,reason,message,kind,key/);
    expect(await run([mended.replace('EUR', 'USD')])).toMatchObject({ rejected: 1 });
    expect(readFileSync(summary.rejectsFiles[0]!, 'utf8')).toMatch(/^row,reason,message,kind,key/);
    const value = async () => BigInt((await scenario.rows<{ value: string }>(accounts.N1!, 'select value from bucket where root_id = $1 and id = 0'))[0]!.value);
    const before = await value();
    expect(await run([mended])).toMatchObject({ brought: 1, rejected: 0 });
    expect(await value() - before).toBe(50_000n);
  });

  it('a line, its add-on and its units come in one run; where two lines have the offering, the line must be named', async () => {
    const line = (key: string, number: string) => ({ kind: 'PRODUCT', key, customer: 'N1', offering: 'talk', identifiers: number, startedAt: '2026-01-01', billedUntil: '2026-12-01' });
    const units = (key: string, of: string) => ({ kind: 'UNITS', key, customer: 'N1', quantity: '7', unit: 'SECOND', offering: 'talk', allowance: 'min', line: of });
    const rows = [line('l1', '353860020011'), line('l2', '353860020012'), units('u1', '353860020011'), units('u2', '353860020012'), units('u3', ''),
      { kind: 'PRODUCT', key: 'a1', customer: 'N1', offering: 'once', line: '353860020012', startedAt: '2026-02-01' },
      line('l3', '353860020011')];
    for (const dry of [true, false]) {
      const summary = await run([csv(rows)], { dry });
      expect(summary).toMatchObject({ brought: 5, rejected: 2, totals: [{ kind: 'PRODUCT', count: 3 }, { kind: 'UNITS', count: 2, sum: '14' }] });
      expect(rejectsOf(summary).slice(1).sort()).toEqual([expect.stringMatching(/^6,CONFLICT,line: The account has several products/), expect.stringMatching(/^8,ALREADY_EXISTS,identifiers/)]);
    }
    const { rows: products } = await db.appPool.query(`select attached_to is not null as attached, next_renewal_at is not null as renews from product
      where account_id = $1 order by id`, [accounts.N1!.id.toString()]);
    expect(products).toEqual([{ attached: false, renews: true }, { attached: false, renews: true }, { attached: true, renews: false }]);
    await expectSoundBooks(db);
  });

  it('two rows of one key in one run: the second is rejected, dry or not', async () => {
    const row = { kind: 'MONEY', key: 'double', customer: 'N1', amount: '0.10', currency: 'EUR' };
    for (const dry of [true, false]) {
      const summary = await run([csv([row, row])], { dry });
      expect(summary).toMatchObject({ brought: 1, rejected: 1 });
      expect(rejectsOf(summary)[1]).toMatch(/^3,CONFLICT,key: Another row of this run/);
    }
  });

  it('totals that differ are told to the last digit, and the run is not complete', async () => {
    const summary = await run([csv(ROWS)], { control: control.replace('12.095678', '12.095679') });
    expect(summary.differences).toEqual(['MONEY in EUR: the control says 2 rows and 12.095679, brought are 2 rows and 12.095678.']);
    expect(isComplete(summary)).toBe(false);
  });
});

it('JSON lines say the same, by the id of the account, with every digit', async () => {
  const account = encodeId('BillingAccount', accounts.N1!.id);
  const line = `{"kind":"MONEY","key":"json","account":"${account}","amount":0.000001,"currency":"EUR"}`;
  const summary = await run([`${line}\n{"kind":"MONEY","key":"typo","account":"${account}","amount":1,"curency":"EUR"}\n`], { ext: 'jsonl' });
  expect(summary).toMatchObject({ brought: 1, rejected: 1, totals: [{ kind: 'MONEY', asset: 'EUR', count: 1, sum: '0.000001' }] });
  expect(rejectsOf(summary)).toEqual([expect.stringMatching(/^\{"row":2,"reason":"INVALID_INPUT","message":"curency: There is no member curency\.","kind"/)]);
});

it('goes on from there: units first, then money, tiers from the counter, the next fee at the end of the last bill', async () => {
  expect(await scenario.charge('353860020001', { seconds: 1234n, at: '2026-11-10T11:00:00Z' })).toMatchObject({ status: 'CHARGED', gross: '0.00' });
  expect(await scenario.units(accounts.P1!)).toBe(0n);
  // Promotional money first: 0.30 of it, then 0.30 of the paid.
  expect(await scenario.charge('353860020001', { seconds: 60n, at: '2026-11-10T11:30:00Z' })).toMatchObject({ gross: '0.60' });
  expect(await scenario.spendable(accounts.P1!)).toBe('12.045678');
  // 990 counted: ten more of the first tier, ten of the second.
  expect(await scenario.charge('353860020002', { seconds: 20n, at: '2026-11-10T11:30:00Z' })).toMatchObject({ gross: '0.15' });
  await scenario.moveTo('2026-12-01T00:00:01Z');
  await conductor.touch(scenario.tenantId, [accounts.P1!, accounts.Q1!]);
  expect(await scenario.spendable(accounts.P1!)).toBe('2.045678');
  expect(await scenario.units(accounts.P1!)).toBe(3000n);
  expect(await scenario.spendable(accounts.Q1!)).toBe('59.945');
  expect(await scenario.product(accounts.P1!)).toMatchObject({ period_start: new Date('2026-12-01'), period_end: new Date('2027-01-01') });
  await expectSoundBooks(db);
});

describe('the invariants', () => {
  it.each([
    ['02', 'an entry that was brought against another account', `update entry set contra = 'cash' where kind = 'MIGRATE' and bucket_id = 0`],
    ['02', 'an entry against migration that was not brought', `update entry set kind = 'ADJUST' where kind = 'MIGRATE' and bucket_id = 0`],
    ['07', 'a move that says another amount', `update request set answer = (replace(answer::text, '"booked":"12345678"', '"booked":"12345679"'))::json where operation = 'MIGRATE'`],
    ['06', 'more units used than were brought', `update entry set amount = amount - 1 where kind = 'MIGRATE' and account = 'allowance'`],
  ])('%s catch %s', async (number, _, statement) => {
    const client = await db.ownerPool.connect();
    try {
      await client.query('begin');
      await client.query({ text: statement });
      const pool = { connect: async () => ({ query: client.query.bind(client), release: () => undefined }) } as unknown as TestDatabase['ownerPool'];
      expect((await checkInvariants(pool)).map(({ invariant }) => invariant)).toContain(number);
    } finally {
      await client.query('rollback');
      client.release();
    }
  });
});

describe('tributary cutover', () => {
  const env = () => ({ DATABASE_URL: db.ownerUrl, TRIBUTARY_DEMO: '1', TRIBUTARY_TEST: '1' });
  const code = async (): Promise<string> => (await db.ownerPool.query<{ code: string }>('select code from tenant where id = $1', [scenario.tenantId])).rows[0]!.code;

  it('answers in JSON, and with 1 where a total differs', async () => {
    const file = place('cli.csv', csv(ROWS));
    const good = await runTributary(['cutover', file, '--tenant', await code(), '--json'], env());
    expect({ code: good.code, err: good.err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(good.out)).toMatchObject({ brought: 0, repeated: 11, rejected: 0, totals: TOTALS, differences: null });
    const control = place('cli-control.csv', 'kind,asset,count,sum\nMONEY,EUR,2,12.10\n');
    const bad = await runTributary(['cutover', file, '--tenant', await code(), '--dry-run', '--control', control], env());
    expect(bad.code).toBe(1);
    expect(bad.out).toContain('MONEY in EUR: the control says 2 rows and 12.10, brought are 2 rows and 12.095678.');
  });

  it('killed in the middle and run again brings each row once, and its totals are those of the whole file', async () => {
    const many = Array.from({ length: 800 }, (_, index) => ({ kind: 'MONEY', key: `killed-${index}`, customer: index % 2 ? 'N1' : 'P1', amount: '0.01', currency: 'EUR' }));
    const file = place('killed.csv', csv(many));
    const args = ['cutover', file, '--tenant', await code(), '--control', place('killed-control.csv', 'kind,asset,count,sum\nMONEY,EUR,800,8\n')];
    const done = async (): Promise<number> => (await db.ownerPool.query(`select from request where operation = 'MIGRATE' and key like '%:killed-%'`)).rowCount!;
    const child = spawn(process.execPath, [join(__dirname, '..', '..', 'bin', 'tributary.js'), ...args], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'production', ...env() }, stdio: 'ignore' });
    const ended = new Promise((resolve) => { child.once('close', resolve); });
    while (await done() < 50 && child.exitCode === null) await new Promise((resolve) => { setTimeout(resolve, 2); });
    child.kill('SIGKILL');
    await ended;
    const before = await done();
    expect(before).toBeGreaterThanOrEqual(50);
    expect(before).toBeLessThan(800);
    const again = await runTributary([...args, '--json'], env());
    expect(again).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(again.out)).toMatchObject({ brought: 800 - before, repeated: before, rejected: 0, totals: [{ count: 800, sum: '8.00' }], differences: [] });
    expect(await done()).toBe(800);
    await expectSoundBooks(db);
  });

  it.each<[string, () => string[], number, RegExp]>([
    ['a count that is none', () => [place('a.csv', csv(ROWS)), '--tenant', 'x', '--control', place('d.csv', 'kind,asset,count,sum\nMONEY,EUR,two,12.10\n')], 1, /column "count": a count is a whole number/],
    ['no file', () => ['--tenant', 'x'], 2, /^Name at least one file/],
    ['no tenant', () => [place('a.csv', csv(ROWS))], 2, /^--tenant is required/],
    ['an unknown tenant', () => [place('a.csv', csv(ROWS)), '--tenant', 'x'], 1, /no tenant with the code "x"/],
    ['a file that is not there', () => [join(folder.path, 'none.csv'), '--tenant', 'x'], 1, /no such file/],
    ['an unknown column', () => [place('b.csv', 'kind,key,colour\n'), '--tenant', 'x'], 1, /colour.*there is no such column/],
    ['a missing column', () => [place('c.csv', 'kind,customer\n'), '--tenant', 'x'], 1, /key.*missing/],
    ['a file twice', () => [place('a.csv', csv(ROWS)), place('a.csv', csv(ROWS)), '--tenant', 'x'], 2, /^A file is named twice/],
  ])('says in a sentence: %s', async (_, args, exit, said) => {
    expect(await runTributary(['cutover', ...args()], env())).toMatchObject({ code: exit, out: '', err: expect.stringMatching(said) });
  });
});
