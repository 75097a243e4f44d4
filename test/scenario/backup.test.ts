import { execFileSync, spawn } from 'node:child_process';
import { createReadStream, createWriteStream, readFileSync, statSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { backup, proveTables, restore } from '../../src/platform/backup';
import { withOwner } from '../../src/platform/backup/connection';
import { amount } from '../../src/platform/money';
import { isConnectionLost } from '../../src/usage/import';
import { createTestDatabase, runTributary, temporaryFolder, TestDatabase, violationsOf } from '../support';
import { agentKey, call, createWorld, flatRate, World, WorldAccount, worldConductor } from '../support/world';

jest.setTimeout(120_000);

const TENANT = 90;
const NUMBER = '353860009001';
const folder = temporaryFolder();
const place = (name: string): string => join(folder.path, name);

let source: TestDatabase;
let world: World;
let account: WorldAccount;
/** A backup of the quiet source, for the tests that only restore. */
let file: string;

const agent = (euros: bigint) => ({ kind: 'AGENT' as const, amount: amount(euros * 1_000_000n), currency: 'EUR', promotional: false, validUntil: null });
const key = (name: string) => agentKey(TENANT, name);
const charge = (conductor = world.conductor, over = {}) =>
  conductor.chargeUsage([call(NUMBER, 10n, { tenantId: TENANT, ...over })], { delivered: false, lateLimitDays: undefined });
const proofs = (db: TestDatabase) => withOwner(db.ownerUrl, 'test', proveTables);

/** Ends the sessions of a name while this process stands still, so that it finds them at this very step. */
function killSessions(url: string, name: string): void {
  execFileSync(process.execPath, ['-e', `const { Client } = require('pg');
    const [, url, name] = process.argv;
    const client = new Client({ connectionString: url });
    client.connect().then(() => client.query('select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = $1 and datname = current_database()', [name]))
      .then(() => client.end());`, url, name], { cwd: join(__dirname, '..', '..') });
}

/** An empty database that was migrated, for one test. */
async function withTarget<T>(work: (target: TestDatabase) => Promise<T>): Promise<T> {
  const target = await createTestDatabase();
  try {
    return await work(target);
  } finally {
    await target.dispose();
  }
}

async function expectUntouched(target: TestDatabase): Promise<void> {
  expect((await proofs(target)).filter(({ rows }) => rows > 0)).toEqual([]);
  const { rows } = await target.ownerPool.query<{ next: string }>(`select nextval('account_number') as next`);
  expect(rows).toEqual([{ next: '1' }]);
}

beforeAll(async () => {
  source = await createTestDatabase({ seeded: true });
  world = await createWorld(source, { tenantId: TENANT });
  await world.offering({ code: 'minutes', period: 'MONTH', fee: '5', usage: [{ kind: 'VOICE', unit: 'SECOND', per: '60', rates: flatRate('0.60') }] });
  account = await world.account();
  expect(await world.conductor.topUp(key('t'), { accountId: account.id, funding: agent(500n) })).toMatchObject({ ok: true });
  expect(await world.conductor.activate(key('a'), { accountId: account.id, offeringCode: 'minutes', startedAt: Date.now() - 60_000,
    identifiers: [{ kind: 'MSISDN', value: NUMBER }], attachedTo: null })).toMatchObject({ ok: true });
  for (let index = 0; index < 20; index += 1) expect(await charge()).toMatchObject([{ status: 'CHARGED' }]);
  // Text that a copy must not change: line ends, tabs, backslashes, the mark of null, what is no ASCII.
  await source.ownerPool.query('update tenant set name = $1 where id = $2', ['a\tb\nc\\d\\N \r\n ä €', TENANT]);
  file = (await backup(source.ownerUrl, { out: place('quiet.gz'), program: 'test' })).file;
});
afterAll(async () => {
  await world.close();
  await source.dispose();
  folder.remove();
});

describe('a backup that was restored', () => {
  it('has equal digests for every table, sound books, and charges on', () => withTarget(async (target) => {
    const report = await restore(target.ownerUrl, { file });
    const before = await proofs(source);
    expect(before.filter(({ rows }) => rows > 0).length).toBeGreaterThan(20);
    expect(await proofs(target)).toEqual(before);
    expect(report.tables).toEqual(before);
    expect(await violationsOf(target.appPool)).toEqual([]);
    const conductor = worldConductor(target);
    const there = await createWorld(target, { tenantId: TENANT, conductor });
    expect(await conductor.balances(TENANT, [account.id])).toEqual((await world.conductor.balances(TENANT, [account.id])).map((view) => ({ ...view, at: expect.any(Number) })));
    // The same key is known, a new charge is booked, and a new account takes an id that nobody has.
    expect(await conductor.topUp(key('t'), { accountId: account.id, funding: agent(500n) })).toMatchObject({ ok: true, replayed: true });
    expect(await charge(conductor)).toMatchObject([{ status: 'CHARGED', duplicate: false, charge: { net: 100_000n } }]);
    const fresh = await there.account();
    expect(await conductor.topUp(key('t3'), { accountId: fresh.id, funding: agent(1n) })).toMatchObject({ ok: true, replayed: false });
    await conductor.drain();
    expect(await violationsOf(target.appPool)).toEqual([]);
    // The triggers are on again: a new tenant gets its chart.
    await target.ownerPool.query(`insert into tenant (id, code, name, currency, time_zone, settings) values (99, 'new', 'New', 'EUR', 'UTC', '{}')`);
    expect((await target.ownerPool.query('select from ledger_account where tenant_id = 99')).rowCount).toBeGreaterThan(10);
  }));

  it('is one instant although charging went on: no half charge, everything acknowledged before, nothing twice', () => withTarget(async (target) => {
    const acknowledged: bigint[] = [];
    let isRunning = true;
    const charging = (async () => {
      while (isRunning) {
        const [result] = await charge();
        expect(result).toMatchObject({ status: 'CHARGED' });
        acknowledged.push(result!.charge!.position);
      }
    })();
    while (acknowledged.length < 20) await new Promise((resolve) => { setTimeout(resolve, 5); });
    const before = acknowledged.length;
    const during = await backup(source.ownerUrl, { out: place('busy.gz'), program: 'test' });
    expect(acknowledged.length).toBeGreaterThan(before);
    isRunning = false;
    await charging;
    const report = await restore(target.ownerUrl, { file: during.file });
    expect(report.tables).toEqual(during.tables);
    expect(await violationsOf(target.appPool)).toEqual([]);
    const { rows } = await target.ownerPool.query<{ position: string }>('select position from charge where root_id = $1', [account.rootId.toString()]);
    const kept = new Set(rows.map(({ position }) => BigInt(position)));
    expect(acknowledged.slice(0, before).filter((position) => !kept.has(position))).toEqual([]);
    expect(kept.size).toBeLessThan((await source.ownerPool.query('select from charge where root_id = $1', [account.rootId.toString()])).rowCount!);
  }));

  it('can be backed up again to the same proofs and sequences', () => withTarget(async (target) => {
    const { tables, sequences } = await restore(target.ownerUrl, { file });
    expect(await backup(target.ownerUrl, { out: place('again.gz'), program: 'test' })).toMatchObject({ tables, sequences });
  }));
});

describe('a restore is refused, and nothing is changed', () => {
  const damagedAt = (name: string, change: (bytes: Buffer) => Buffer): string => {
    writeFileSync(place(name), change(readFileSync(file)));
    return place(name);
  };
  const plainly = (change: (text: Buffer) => Buffer) => (bytes: Buffer): Buffer => gzipSync(change(gunzipSync(bytes)));
  const swapped = (bytes: Buffer, from: string, to: string): Buffer => {
    const at = bytes.indexOf(from);
    expect(at).toBeGreaterThan(0);
    const copy = Buffer.from(bytes);
    copy.write(to, at);
    return copy;
  };
  const flipped = (bytes: Buffer): Buffer => {
    const copy = Buffer.from(bytes);
    copy[bytes.length >> 1]! ^= 0x10;
    return copy;
  };

  it.each<[string, (bytes: Buffer) => Buffer, RegExp]>([
    ['a bit that flipped', flipped, /^The backup file is damaged/],
    ['a file that was cut', (bytes) => bytes.subarray(0, bytes.length >> 1), /damaged \(it ends too early\)/],
    ['an end that is missing', plainly((text) => text.subarray(0, text.lastIndexOf('Z\0'))), /damaged \(it has no end\)/],
    ['a frame that was cut', plainly((text) => text.subarray(0, text.length - 3)), /damaged \(it ends inside a frame\)/],
    ['a letter that was changed', plainly((text) => swapped(text, 'Test\tEUR\t', 'Tess\tEUR\t')), /damaged \(rows of billing_account are not those/],
    ['a row that the schema refuses', plainly((text) => swapped(text, '\tMONEY\t', '\tHONEY\t')), /damaged \(rows of bucket that the schema refuses\)/],
    ['another format', plainly((text) => swapped(text, '"format":1', '"format":7')), /^The backup is of format 7 and this program reads 1/],
    ['no backup', () => Buffer.from('usage,started\n1,2\n'), /damaged \(its bytes do not unpack\)/],
    ['a gzip of something else', () => gzipSync('usage,started\n1,2\n'), /damaged \(a frame that no backup has\)/],
    ['an empty file', () => Buffer.alloc(0), /damaged/],
  ])('%s', (name, change, said) => withTarget(async (target) => {
    await expect(restore(target.ownerUrl, { file: damagedAt(`${name.replaceAll(' ', '-')}.gz`, change) })).rejects.toThrow(said);
    await expectUntouched(target);
  }));

  it('a bit that flipped anywhere beyond the first bytes, always in a sentence', () => withTarget(async (target) => {
    const bytes = readFileSync(file);
    for (let step = 1; step <= 25; step += 1) {
      const copy = Buffer.from(bytes);
      copy[10 + step * ((bytes.length - 20) / 25 | 0)]! ^= 1 << (step % 8);
      writeFileSync(place('flipped.gz'), copy);
      await expect(restore(target.ownerUrl, { file: place('flipped.gz') })).rejects.toThrow(/^The backup file is damaged/);
    }
    await expectUntouched(target);
  }));

  it('a file that is not there', () => withTarget(async (target) => {
    await expect(restore(target.ownerUrl, { file: place('nowhere') })).rejects.toThrow(/nowhere cannot be used: there is no such file/);
  }));

  it('other migrations, either way, and none', () => withTarget(async (target) => {
    await target.ownerPool.query(`insert into migration (timestamp, name) values (1, 'Later1')`);
    await expect(restore(target.ownerUrl, { file })).rejects.toThrow(/different versions \(migrations of the backup alone: none; of the database alone: Later1\)/);
    await target.ownerPool.query(`delete from migration where name like 'Later%' or name like 'Due%'`);
    await expect(restore(target.ownerUrl, { file })).rejects.toThrow(/of the backup alone: Due1764300000006; of the database alone: none\)/);
    await target.ownerPool.query('drop table migration');
    await expect(restore(target.ownerUrl, { file })).rejects.toThrow('The database has no schema yet: run "tributary migrate" first.');
    await expect(backup(target.ownerUrl, { out: place('none.gz'), program: 'test' })).rejects.toThrow('The database has no schema yet');
  }));

  it('a database that was used', () => withTarget(async (target) => {
    await target.ownerPool.query(`insert into tenant (id, code, name, currency, time_zone, settings) values (1, 'one', 'One', 'EUR', 'UTC', '{}')`);
    const before = await proofs(target);
    await expect(restore(target.ownerUrl, { file })).rejects.toThrow(/^The database is not empty \(\w+ has rows\): /);
    expect(await proofs(target)).toEqual(before);
  }));

  it('a database that somebody writes to', () => withTarget(async (target) => {
    const writer = await target.ownerPool.connect();
    await writer.query('begin');
    await writer.query('lock table bucket in row exclusive mode');
    await expect(restore(target.ownerUrl, { file })).rejects.toThrow('Somebody is writing to the database: stop every node that works on it first.');
    await writer.query('rollback');
    writer.release();
    expect(await restore(target.ownerUrl, { file })).toMatchObject({ file });
  }));
});

describe('what is killed half way leaves nothing half done', () => {
  it('a restore whose process is killed: the database is empty, and the same command works', () => withTarget(async (target) => {
    const pipe = place('pipe');
    execFileSync('mkfifo', [pipe]);
    const env = { DATABASE_URL: target.ownerUrl, TRIBUTARY_DEMO: '1', TRIBUTARY_TEST: '1' };
    expect((await runTributary(['restore', '--help'], env)).code).toBe(0);
    const child = spawn(process.execPath, [join(__dirname, '..', '..', 'bin', 'tributary.js'), 'restore', pipe], { env: { PATH: process.env.PATH, ...env }, stdio: 'ignore' });
    const ended = new Promise((resolve) => { child.on('close', resolve); });
    // All but the end of the file: everything it has is loaded, and it waits for more.
    const bytes = statSync(file).size;
    const half = createWriteStream(pipe);
    createReadStream(file, { end: bytes - 200 }).pipe(half, { end: false });
    half.on('error', () => undefined);
    const isLoading = async (): Promise<boolean> => (await target.ownerPool.query(
      `select from pg_stat_activity where datname = current_database() and application_name = 'tributary restore' and wait_event = 'ClientRead' and query like 'copy %'`)).rowCount === 1;
    while (!await isLoading()) await new Promise((resolve) => { setTimeout(resolve, 50); });
    child.kill('SIGKILL');
    await ended;
    half.destroy();
    await expectUntouchedSoon(target);
    const again = await runTributary(['restore', file], env);
    expect(again).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^Restored \d+ rows of \d+ tables, each with the digest of the backup of /) });
    expect(await violationsOf(target.appPool)).toEqual([]);
  }));

  async function expectUntouchedSoon(target: TestDatabase): Promise<void> {
    for (let round = 0; round < 100; round += 1) {
      const { rowCount } = await target.ownerPool.query(`select from pg_stat_activity where application_name = 'tributary restore' and datname = current_database()`);
      if (rowCount === 0) break;
      await new Promise((resolve) => { setTimeout(resolve, 50); });
    }
    expect((await proofs(target)).filter(({ rows }) => rows > 0)).toEqual([]);
  }

  it.each(['backup', 'restore'] as const)('a %s whose connection dies', (what) => withTarget(async (target) => {
    const from = what === 'backup' ? source : target;
    let isKilled = false;
    const progress = ({ table }: { table: string }): void => {
      if (table === 'charge' && !isKilled) killSessions(from.ownerUrl, `tributary ${what}`);
      isKilled ||= table === 'charge';
    };
    const out = place(`dies-${what}.gz`);
    const copying: Promise<unknown> = what === 'backup' ? backup(source.ownerUrl, { out, program: 'test', progress }) : restore(target.ownerUrl, { file, progress });
    expect(isConnectionLost(await copying.then(() => null, (error: unknown) => error))).toBe(true);
    expect((await readdir(folder.path)).filter((name) => name.startsWith('dies'))).toEqual([]);
    expect((await proofs(target)).filter(({ rows }) => rows > 0)).toEqual([]);
  }));
});

describe('tributary backup', () => {
  const env = () => ({ DATABASE_URL: source.ownerUrl, TRIBUTARY_DEMO: '1', TRIBUTARY_TEST: '1' });

  it('names a file by the time, for its owner alone, and tells in JSON what is in it', async () => {
    const { code, out, err } = await runTributary(['backup', '--out', folder.path, '--json'], env());
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const report = JSON.parse(out) as { file: string; tables: unknown[]; migrations: string[] };
    expect(report.file).toMatch(/tributary-\d{8}T\d{6}Z\.backup\.gz$/);
    expect(report.tables).toEqual(await proofs(source));
    expect(report.migrations).toContain('Due1764300000006');
    expect(statSync(report.file).mode & 0o777).toBe(0o600);
    expect(await readdir(folder.path)).not.toContain(expect.stringMatching(/part$/));
  });

  it('and its restore take little memory whatever the size of a table', () => withTarget((large) => withTarget(async (target) => {
    const filler = await large.ownerPool.connect();
    await filler.query('set statement_timeout = 0');
    // 180 MB in the text of COPY.
    await filler.query(`insert into entry select 1, 1, 0, g, g, 1, 'CHARGE', -g, g, 'EUR/6', 'prepaid_liability', repeat('x', 1000), 0, null, now()
      from generate_series(1, 180000) g`);
    filler.release();
    const made = await runTributary(['backup', '--out', place('large.gz'), '--json'], { ...env(), DATABASE_URL: large.ownerUrl });
    const restored = await runTributary(['restore', place('large.gz'), '--json'], { ...env(), DATABASE_URL: target.ownerUrl });
    for (const { out } of [made, restored]) {
      const report = JSON.parse(out) as { rows: number; peakMemoryBytes: number };
      expect(report.rows).toBe(180_000);
      expect(report.peakMemoryBytes).toBeLessThan(200_000_000);
    }
  })));

  it('tells in a sentence that a migration holds a table', () => withTarget(async (target) => {
    const migrating = await target.ownerPool.connect();
    await migrating.query('begin');
    await migrating.query('lock table voucher in access exclusive mode');
    await expect(backup(target.ownerUrl, { out: place('held.gz'), program: 'test' })).rejects.toThrow('A migration holds a table of the database: make the backup again.');
    await migrating.query('rollback');
    migrating.release();
  }));

  it.each<[string, () => string[], number, RegExp]>([
    ['no place', () => ['backup'], 2, /^--out is required/],
    ['a file that is there', () => ['backup', '--out', file], 1, /quiet\.gz is there already: name another file\.$/m],
    ['a folder that is not there', () => ['backup', '--out', place('no/such.gz')], 1, /cannot be used: there is no such file or folder\.$/m],
    ['no file to restore', () => ['restore'], 2, /^Name one file to restore/],
    ['a used database', () => ['restore', file], 1, /^The database is not empty/],
  ])('says in one sentence: %s', async (_, args, code, said) => {
    expect(await runTributary(args(), env())).toMatchObject({ code, out: '', err: expect.stringMatching(said) });
  });
});
