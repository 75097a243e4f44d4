import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CustomersSummary } from '../../src/cli/customers-import';
import { CustomerMapping, isReconciled, readCustomerMapping } from '../../src/onboarding';
import { OrderRunner } from '../../src/ordering/order-runner';
import { OrderTopics } from '../../src/ordering/order-topics';
import { proveTables, TableProof } from '../../src/platform/backup';
import { withOwner } from '../../src/platform/backup/connection';
import { runTributary, violationsOf } from '../support';
import { bill, importFile, moveClock, reconcileFile, SAMPLE, TELCO, telco } from './customers-support';
import { ImportBench, openImportBench, ROOT } from './import-support';
import { simulated } from './ordering-world';

jest.setTimeout(60_000);

const HEAD = readFileSync(SAMPLE, 'utf8').split('\n')[0]!;
const NONE = ['No internet service', 'No internet service', 'No internet service', 'No internet service', 'No internet service', 'No internet service'];
interface Over { readonly phone?: string; readonly lines?: string; readonly internet?: string; readonly extras?: readonly string[]; readonly charge?: string }
const line = (id: string, { phone = 'Yes', lines = 'No', internet = 'No', extras = NONE, charge = '20.00' }: Over = {}): string =>
  [id, 'Female', '4', phone, lines, internet, ...extras, 'One year', 'Mailed check', charge].join(',');
const csv = (...lines: string[]): string => [HEAD, ...lines, ''].join('\n');

let bench: ImportBench;
let files = 0;
const file = (...lines: string[]): string => bench.file(`customers-${(files += 1)}.csv`, csv(...lines));
const rejectsOf = (path: string): string[] => readFileSync(path, 'utf8').trim().split('\n').map((row) => row.split(',').slice(0, 3).join(','));
/** What customers have: external id, account, offerings with state, state of the order. */
const having = async (prefix: string): Promise<Record<string, string>> => {
  const { rows } = await bench.db.ownerPool.query<{ id: string; has: string }>(`
    select c.external_id as id, a.name || ' ' || a.payment_mode || ' ' || a.bill_cycle_day || ' ' || coalesce((select min(o.state) from product_order o where o.account_id = a.id), 'no order') || ':'
           || coalesce((select string_agg(f.code || case p.state when 'ACTIVE' then '' else ' ' || p.state end, ' ' order by p.id)
                from product p join product_offering_version v on v.id = p.offering_version_id join product_offering f on f.id = v.offering_id where p.account_id = a.id), '') as has
      from customer c join billing_account a on a.customer_id = c.id where c.external_id like $1 || '%' order by 1`, [prefix]);
  return Object.fromEntries(rows.map(({ id, has }) => [id, has]));
};
/** Every table; a repeated import leaves all of them as they are. */
const everything = (): Promise<TableProof[]> => withOwner(bench.db.ownerUrl, 'test', proveTables);

beforeAll(async () => {
  bench = await openImportBench();
});
afterAll(() => bench.dispose());

it('a dry run says what is missing, and stores nothing', async () => {
  await expect(importFile(bench.rooms, SAMPLE, { isDryRun: true })).rejects.toThrow('does not sell phone, multiple-lines');
  await expect(importFile(bench.rooms, SAMPLE, { createsOfferings: false })).rejects.toThrow('--create-offerings makes them');
});

it('the sample becomes customers with ordered products, once', async () => {
  const first = await importFile(bench.rooms, SAMPLE);
  expect(first).toMatchObject({ offeringsCreated: 10, rows: 10, imported: 10, products: 44, unchanged: 0, underWay: 0, rejected: {}, rejectsFile: null, stoppedBeforeRow: null });
  expect(await having('100')).toMatchObject({
    '1001-ASHEN': 'Home POSTPAID 1 COMPLETED:phone',
    '1004-DELTA': 'Home POSTPAID 1 COMPLETED:internet-dsl online-backup',
  });
  const before = await everything();
  expect(await importFile(bench.rooms, SAMPLE)).toMatchObject({ offeringsCreated: 0, rows: 10, imported: 0, products: 0, unchanged: 10, rejected: {} });
  expect(await importFile(bench.rooms, SAMPLE, { isDryRun: true })).toMatchObject({ dryRun: true, imported: 0, unchanged: 10 });
  expect(await everything()).toEqual(before);
  expect(await violationsOf(bench.db.ownerPool)).toEqual([]);
});

it('one bad row never harms its neighbours', async () => {
  const path = file(line('B1'), line('B2', { internet: 'Satellite' }), line(''), line('B3', { phone: 'No' }), line('B1', { internet: 'DSL' }), line('B1'),
    line('B4 x'), line('B5', { lines: 'Yes' }));
  const summary = await importFile(bench.rooms, path);
  expect(summary).toMatchObject({ rows: 8, imported: 3, products: 3, unchanged: 1, rejected: { UNKNOWN_VALUE: 1, MISSING_VALUE: 1, CONFLICT: 1, INVALID_VALUE: 1 } });
  expect(await having('B')).toEqual({
    B1: 'Home POSTPAID 1 COMPLETED:phone', B3: 'Home POSTPAID 1 no order:', B5: 'Home POSTPAID 1 COMPLETED:phone multiple-lines',
  });
  expect(rejectsOf(summary.rejectsFile!).sort()).toEqual([
    '3,InternetService,UNKNOWN_VALUE', '4,customerID,MISSING_VALUE', '6,customerID,CONFLICT', '8,customerID,INVALID_VALUE', 'row,column,reason']);
  expect(await importFile(bench.rooms, path)).toMatchObject({ imported: 0, unchanged: 4, rejected: summary.rejected });
});

it('a dry run judges as the import does', async () => {
  const path = file(line('D1'), line('D1'), line('D1', { internet: 'DSL' }), line('D2', { internet: '?' }), line('1001-ASHEN'), line('1001-ASHEN', { lines: 'Yes' }));
  const before = await everything();
  const dry = await importFile(bench.rooms, path, { isDryRun: true });
  expect(dry).toMatchObject({ rows: 6, imported: 1, products: 1, unchanged: 2, rejected: { CONFLICT: 2, UNKNOWN_VALUE: 1 } });
  expect(await everything()).toEqual(before);
  const { imported, products, unchanged, rejected } = dry;
  expect(await importFile(bench.rooms, path)).toMatchObject({ imported, products, unchanged, rejected });
});

it('a customer that somebody else made is left alone', async () => {
  const actor = { tenantId: 1, subject: 'crm', role: 'CRM_AGENT', requestId: 'r' };
  const party = await bench.rooms.parties.individualCreate(actor, { familyName: 'Ashe' });
  await bench.rooms.parties.customerCreate(actor, { partyId: BigInt(party.id), externalId: 'E1', segment: 'CONSUMER' });
  const summary = await importFile(bench.rooms, file(line('E1'), line('E2')));
  expect(summary).toMatchObject({ imported: 1, rejected: { ALREADY_EXISTS: 1 } });
});

it('two imports of one file at once make each customer once', async () => {
  const path = file(...Array.from({ length: 250 }, (_, index) => line(`T${index}`, index % 2 === 0 ? {} : { internet: 'DSL' })));
  const both = await Promise.all([importFile(bench.rooms, path), importFile(bench.rooms, path, { rejectsPath: `${path}.other` })]);
  expect(both.map(({ rows, rejected }) => [rows, rejected])).toEqual([[250, {}], [250, {}]]);
  const { rows } = await bench.db.ownerPool.query(`select count(*)::int as customers, count(distinct external_id)::int as ids,
    (select count(*)::int from product p join billing_account a on a.id = p.account_id join customer x on x.id = a.customer_id where x.external_id ~ '^T\\d' and p.state = 'ACTIVE') as products
    from customer where external_id ~ '^T\\d'`);
  expect(rows).toEqual([{ customers: 250, ids: 250, products: 375 }]);
  expect(await violationsOf(bench.db.ownerPool)).toEqual([]);
});

describe('interrupted', () => {
  /** The rooms with a runner that breaks at the n-th step of any order. */
  const breaking = (at: number) => {
    let steps = 0;
    const topics = new OrderTopics(bench.db.appPool, (error) => { throw error; });
    const orderRunner = new OrderRunner({
      pool: bench.db.appPool, charging: bench.rooms.charging, network: simulated(bench.db), topics,
      beforeStep: () => { if ((steps += 1) === at) throw new Error('killed'); },
    });
    return { ...bench.rooms, orderRunner };
  };

  it('between any two steps of any order, the same command goes on', async () => {
    const lines = Array.from({ length: 6 }, (_, index) => line(`K${index}`, { lines: 'Yes', internet: 'Fiber optic' }));
    const path = file(...lines);
    let broken = 0;
    for (let at = 1; at <= 20; at += 1) {
      const done = await importFile(breaking(at), path).then((summary) => summary, () => null);
      if (done) break;
      broken += 1;
    }
    expect(broken).toBeGreaterThan(0);
    expect(await importFile(bench.rooms, path)).toMatchObject({ rows: 6, unchanged: 6, rejected: {} });
    expect(Object.values(await having('K'))).toEqual(lines.map(() => 'Home POSTPAID 1 COMPLETED:phone multiple-lines internet-fiber'));
    expect(await violationsOf(bench.db.ownerPool)).toEqual([]);
  });

  it('killed for good, the same command goes on', async () => {
    const path = file(...Array.from({ length: 600 }, (_, index) => line(`X${index}`, { lines: 'Yes' })));
    const environment = { DATABASE_URL: bench.db.ownerUrl, TRIBUTARY_DEMO: '1', TRIBUTARY_TEST: '1' };
    const command = ['customers', 'import', path, '--mapping', TELCO, '--tenant', 'demo', '--json'];
    await runTributary(['--help'], {});
    const customers = async (): Promise<number> =>
      (await bench.db.ownerPool.query<{ n: number }>(`select count(*)::int as n from customer where external_id ~ '^X\\d'`)).rows[0]!.n;
    const child = spawn(process.execPath, [join(ROOT, 'bin', 'tributary.js'), ...command], { stdio: 'ignore', env: { PATH: process.env.PATH, NODE_ENV: 'production', ...environment } });
    const ended = new Promise((resolve) => { child.once('close', resolve); });
    while ((await customers()) === 0 && child.exitCode === null) await sleep(2);
    child.kill('SIGKILL');
    await ended;
    expect(await customers()).toBeLessThan(600);
    const { code, out, err } = await runTributary(command, environment);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const summary = JSON.parse(out) as CustomersSummary;
    expect(summary).toMatchObject({ rows: 600, rejected: {}, underWay: 0 });
    expect(Object.values(await having('X')).every((has) => has === 'Home POSTPAID 1 COMPLETED:phone multiple-lines')).toBe(true);
    expect(await customers()).toBe(600);
    expect(await violationsOf(bench.db.ownerPool)).toEqual([]);
  });

  it('asked to stop, it finishes what it read and tells where it was', async () => {
    const stop = new AbortController();
    const path = file(...Array.from({ length: 1_000 }, (_, index) => line(`S${index}`)));
    const rooms = { ...bench.rooms, orderRunner: { advance: (...args: Parameters<OrderRunner['advance']>) => { stop.abort(); return bench.rooms.orderRunner.advance(...args); } } as OrderRunner };
    const first = await importFile(rooms, path, { stop: stop.signal });
    expect(first.stoppedBeforeRow).not.toBeNull();
    expect(first.rows).toBe(first.stoppedBeforeRow! - 2);
    expect(await importFile(bench.rooms, path)).toMatchObject({ rows: 1_000, imported: 1_000 - first.rows, unchanged: first.rows });
  });
});

it('an order that the network fails is told, and one that it keeps is under way', async () => {
  const topics = new OrderTopics(bench.db.appPool, (error) => { throw error; });
  const withNetwork = (network: ReturnType<typeof simulated>) =>
    ({ ...bench.rooms, orderRunner: new OrderRunner({ pool: bench.db.appPool, charging: bench.rooms.charging, network, topics }) });
  const failed = await importFile(withNetwork(simulated(bench.db, { failPerMille: 1000 })), file(line('F1')));
  expect(failed).toMatchObject({ imported: 0, rejected: { FULFILMENT_FAILED: 1 } });
  expect(readFileSync(failed.rejectsFile!, 'utf8')).toContain('The order of customer F1 is FAILED: phone: The simulated network was told to fail.');
  expect(await importFile(withNetwork(simulated(bench.db, { delayMs: 60_000 })), file(line('F2')))).toMatchObject({ imported: 0, underWay: 1, rejected: {} });
});

it('offerings that are sold at another price are not mistaken for the mapping\'s', async () => {
  const text = readFileSync(TELCO, 'utf8').replace('name: Phone, price: 20', 'name: Phone, price: 21');
  await expect(importFile(bench.rooms, SAMPLE, { mapping: readCustomerMapping(text, TELCO) })).rejects.toThrow('phone is sold for 20.00 EUR net a period, and the mapping says 21.00 EUR net.');
  const untaxed = readFileSync(TELCO, 'utf8').replace('code: phone,', 'code: phone-2,').replace('taxClass: standard', 'taxClass: lunar');
  await expect(importFile(bench.rooms, SAMPLE, { mapping: readCustomerMapping(untaxed, TELCO) })).rejects.toThrow('the offering phone-2 cannot be put on sale');
});

describe('the bills of a whole month', () => {
  it('are the list price, and near to the file', async () => {
    const now = await bench.rooms.clock.now(1);
    const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1));
    const [cycleEnd, next] = [first, new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 1))].map((at) => at.toISOString().slice(0, 10)) as [string, string];
    const unbilled = await reconcileFile(bench.rooms, SAMPLE, cycleEnd);
    expect(unbilled).toMatchObject({ rows: 10, unbilled: 10, billed: 0n, file: 614_600_000n });
    await moveClock(bench.rooms, `${cycleEnd}T12:00:00Z`);
    await bill(bench.rooms, cycleEnd);
    const found = await reconcileFile(bench.rooms, SAMPLE, cycleEnd);
    expect(found).toMatchObject({ rows: 10, products: 44, list: 615_000_000n, billed: 615_000_000n, file: 614_600_000n, unlisted: 0, beyond: 0, unbilled: 0 });
    expect(found.largest[0]).toMatchObject({ customer: '1005-EMBER', difference: -1_100_000n });
    expect(isReconciled(found)).toBe(true);
    // A second month in which nothing changed is billed the same.
    await moveClock(bench.rooms, `${next}T12:00:00Z`);
    await bill(bench.rooms, next);
    expect(await reconcileFile(bench.rooms, SAMPLE, next)).toMatchObject({ billed: 615_000_000n, unlisted: 0 });
    expect(await violationsOf(bench.db.ownerPool)).toEqual([]);
  });

  it('a difference above the tolerance, a part of a month and a missing customer are told', async () => {
    const own = telco();
    const prorated: CustomerMapping = {
      ...own, source: 'prorated', services: own.services.map(({ column, values }) => ({ column, values: new Map([...values].map(([value, codes]) => [value, codes.map((code) => `${code}-p`)])) })),
      catalog: { ...own.catalog!, isProrated: true, offerings: own.catalog!.offerings.map((offering) => ({ ...offering, code: `${offering.code}-p` })) },
    };
    const at = await bench.rooms.clock.now(1);
    await moveClock(bench.rooms, new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 16, 12)).toISOString());
    const path = file(line('P1'), line('P2', { charge: '12.00' }));
    expect(await importFile(bench.rooms, path, { mapping: prorated })).toMatchObject({ offeringsCreated: 10, imported: 2 });
    const cycleEnd = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1)).toISOString().slice(0, 10);
    await moveClock(bench.rooms, `${cycleEnd}T12:00:00Z`);
    await bill(bench.rooms, cycleEnd);
    const found = await reconcileFile(bench.rooms, bench.file('p.csv', csv(line('P1'), line('P2', { charge: '12.00' }), line('P9'), line('P1'), line('P3', { charge: 'much' }))), cycleEnd, prorated);
    expect(found).toMatchObject({ rows: 5, unlisted: 2, beyond: 1, unbilled: 1, repeated: 1, unreadable: 1 });
    expect(found.faults).toEqual([
      { customer: 'P1', what: 'was not billed the list price of its products' }, { customer: 'P2', what: 'was not billed the list price of its products' },
      { customer: 'P9', what: 'is not there' }]);
    expect(isReconciled(found)).toBe(false);
  });
});

it('the shipped sample and mapping are those that the documents name', () => {
  expect(telco().source).toBe('telco-churn');
  expect(readFileSync(join(SAMPLE), 'utf8').trim().split('\n')).toHaveLength(11);
});
