import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Conductor } from '../../src/charging';
import { encodeId } from '../../src/platform/graphql';
import { createTestDatabase, runTributary, temporaryFolder, TestDatabase, violationsOf } from '../support';
import { call, worldConductor } from '../support/world';
import { openScenario, Scenario, voice } from '../scenario/money-scenario';

/** F15: a bill run killed half way, twice; run twice at once; charges during it. */
jest.setTimeout(180_000);

const ACCOUNTS = 600;
const BIN = join(__dirname, '..', '..', 'bin', 'tributary.js');
const numberOf = (index: number): string => `35386${(7_000_000 + index).toString()}`;

let db: TestDatabase;
let conductor: Conductor;
let s: Scenario;
let env: Record<string, string>;
let code: string;

beforeAll(async () => {
  db = await createTestDatabase();
  conductor = worldConductor(db);
  env = { DATABASE_URL: db.ownerUrl, TRIBUTARY_DEMO: '1', TRIBUTARY_TEST: '1' };
  s = await openScenario(db, conductor, '2031-01-10T00:00:00Z');
  code = `world${s.tenantId}`;
  await s.offering({ code: 'plan', period: 'BILL_CYCLE', fee: '10', feeProrated: true, feeTax: 'INCLUDED', usage: [{ ...voice('0.60'), taxed: true }] });
  for (let index = 0; index < ACCOUNTS; index += 1) {
    const account = await s.account({ mode: index % 5 === 0 ? 'PREPAID' : 'POSTPAID' });
    if (index % 5 === 0) await s.topUp(account, '50');
    await s.activate(account, 'plan', { number: numberOf(index) });
  }
  await conductor.chargeUsage(Array.from({ length: ACCOUNTS }, (_, index) => call(numberOf(index), 61n + BigInt(index), { tenantId: s.tenantId, startedAt: Date.parse('2031-01-10T00:00:00Z') })),
    { delivered: true, lateLimitDays: undefined });
  await s.moveTo('2031-02-02T00:00:00Z');
});
afterAll(async () => {
  await conductor.drain();
  await db.dispose();
});

const run = ['bill', 'run', '--cycle-end', '2031-02-01', '--json'];
const counts = async () => (await db.ownerPool.query<{ periods: number; bills: number; issued: number }>(`
  select (select count(*)::int from bill_period) as periods, (select count(*)::int from customer_bill) as bills, (select count(*)::int from issued_document) as issued`)).rows[0]!;

/** Starts the run in a process of its own and kills it as soon as the books show that it is under way. */
async function killWhen(isUnderWay: (now: Awaited<ReturnType<typeof counts>>) => boolean): Promise<void> {
  const child = spawn(process.execPath, [BIN, ...run, '--tenant', code, '--key', 'f15'], { env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'production', ...env }, stdio: 'ignore' });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once('close', (_code, signal) => resolve(signal)));
  while (child.exitCode === null && !isUnderWay(await counts())) await new Promise((resolve) => { setTimeout(resolve, 5); });
  child.kill('SIGKILL');
  expect(await ended).toBe('SIGKILL');
}

it('ends with one bill an account, no gap, each charge on one bill or open, and a repeat changes nothing', async () => {
  // The first run of a test run compiles; the kills below should hit the work.
  await runTributary(['--help'], env);
  const late: Promise<unknown>[] = [];
  const charging = setInterval(() => {
    const index = late.length % ACCOUNTS;
    late.push(conductor.chargeUsage([call(numberOf(index), 60n, { tenantId: s.tenantId, startedAt: Date.parse('2031-01-10T01:00:00Z') + late.length * 1_000 })], { delivered: true, lateLimitDays: undefined }));
  }, 10);
  await killWhen(({ periods }) => periods > 50);
  const first = await counts();
  expect(first.periods).toBeLessThan(ACCOUNTS);
  await killWhen(({ bills }) => bills > first.bills + 100);
  const second = await counts();
  expect(second.issued).toBeLessThan(ACCOUNTS);
  // Two at once: one takes up the run, the other is a run of its own.
  const both = await Promise.all([runTributary([...run, '--tenant', code, '--key', 'f15'], env), runTributary([...run, '--tenant', code], env)]);
  clearInterval(charging);
  await Promise.all(late);
  expect(both.map(({ err }) => err).join('')).not.toMatch(/Error/);
  expect(both.map((one) => one.code)).toContain(0);
  const { rows } = await db.ownerPool.query(`select kind, count(*)::int as documents, max(number)::int as last from issued_document group by kind order by kind`);
  expect(rows).toEqual([{ kind: 'BILL', documents: 480, last: 480 }, { kind: 'STATEMENT', documents: 120, last: 120 }]);
  expect(late.length).toBeGreaterThan(50);
  expect(await violationsOf(db.appPool)).toEqual([]);
  const before = await digest();
  expect(await runTributary([...run, '--tenant', code], env)).toMatchObject({ code: 0 });
  expect(await digest()).toEqual(before);
});

it('a bill is written as PDF by its id, always the same; an unknown one is told in a sentence', async () => {
  const { rows: [bill] } = await db.ownerPool.query<{ account_id: string; sequence: number }>(`select account_id, sequence from issued_document where kind = 'BILL' order by number limit 1`);
  const folder = temporaryFolder();
  const id = encodeId('CustomerBill', bill!.account_id, bill!.sequence);
  const files = [join(folder.path, 'one.pdf'), join(folder.path, 'two.pdf')];
  for (const file of files) expect(await runTributary(['bill', 'pdf', id, '--out', file], env)).toMatchObject({ code: 0, out: `B-2031-000001 was written to ${file}.\n` });
  const [one, two] = files.map((file) => readFileSync(file));
  expect(one!.equals(two!) && one!.subarray(0, 5).toString() === '%PDF-').toBe(true);
  for (const unknown of ['nonsense', encodeId('CustomerBill', bill!.account_id, 99)]) {
    expect(await runTributary(['bill', 'pdf', unknown, '--out', files[0]!], env)).toMatchObject({ code: 1, out: '', err: 'There is no issued bill with this id.\n' });
  }
  folder.remove();
});

const digest = async (): Promise<unknown> => (await db.ownerPool.query(`
  select (select md5(string_agg(b::text, '' order by b.account_id, b.sequence)) from customer_bill b) as bills, (select md5(string_agg(d::text, '' order by d.series, d.number)) from document_number d) as documents,
         (select md5(string_agg(r::text, '' order by r.root_id, r.position)) from request r) as requests, (select md5(string_agg(l::text, '' order by l::text)) from journal_line l) as journals,
         (select sum(position) from bucket) as positions`)).rows[0];
