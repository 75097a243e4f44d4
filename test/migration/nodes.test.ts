import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NUMBERS } from '../../seeds/people';
import { asOwner, createTestDatabase, inDatabase, NodeProcess, runTributary, startNode, temporaryFolder, TestDatabase, violationsOf } from '../support';

jest.setTimeout(240_000);

/*
 * Real nodes, each a process of its own: several at once on an empty database, and those of a next version beside one of this
 * version that charges meanwhile. The next version is this one with migrations behind it, made of what is compiled here.
 */
const ROOT = join(__dirname, '..', '..');
const folder = temporaryFolder();
const NEXT = join(folder.path, 'next');
const MIGRATIONS = readdirSync(join(ROOT, 'migrations')).length;
let db: TestDatabase;

/** What a version may do beside the one before: columns that may be null or have a default, a table, an index that nobody waits for. */
const NEXT_MIGRATIONS: Readonly<Record<string, string>> = {
  '9001-next': `exports.Next1999999999001 = class Next1999999999001 {
    async up(runner) {
      await runner.query('alter table charge add column colour text');
      await runner.query('alter table bucket add column weight smallint not null default 7');
      await runner.query('create table next_ran (process integer not null)');
      await runner.query('insert into next_ran values (' + process.pid + ')');
      await runner.query('grant select, insert on next_ran to tributary_app');
      await runner.query('select pg_sleep(0.3)');
    }
    async down() {}
  };`,
  '9002-next-index': `exports.NextIndex1999999999002 = class NextIndex1999999999002 {
    constructor() { this.transaction = false; }
    async up(runner) {
      await runner.query('set lock_timeout = 0');
      await runner.query('drop index concurrently if exists charge_colour_idx');
      await runner.query('create index concurrently charge_colour_idx on charge (shard, root_id) where colour is not null');
    }
    async down() {}
  };`,
};

beforeAll(async () => {
  db = await createTestDatabase({ seeded: true });
  await runTributary(['--help'], {});
  mkdirSync(NEXT);
  for (const name of ['package.json', 'node_modules', 'invariants.sql', 'schema', 'web', 'assets', 'imports']) symlinkSync(join(ROOT, name), join(NEXT, name));
  for (const name of ['bin', 'dist']) cpSync(join(ROOT, name), join(NEXT, name), { recursive: true });
  for (const [name, text] of Object.entries(NEXT_MIGRATIONS)) writeFileSync(join(NEXT, 'dist', 'migrations', `${name}.js`), text);
});
afterAll(async () => {
  await db.dispose();
  folder.remove();
});

const settingsOf = (url: string): Record<string, string> => ({ DATABASE_URL: url, TRIBUTARY_DEMO: '1', TRIBUTARY_TEST: '1', DATA_DIR: folder.path });
const stopAll = (nodes: readonly NodeProcess[]): Promise<unknown> => Promise.all(nodes.map((node) => node.end('SIGTERM')));
const isReady = async ({ address }: NodeProcess): Promise<boolean> => (await fetch(`${address}/health/ready`)).status === 200;

it('three nodes that start at once on an empty database all come up, each migration done once', async () => {
  const cluster = process.env.TRIBUTARY_TEST_URL!;
  const name = `${db.name}_empty`;
  await asOwner(cluster, (owner) => owner.query(`create database ${name}`));
  const url = inDatabase(cluster, name);
  try {
    const nodes = await Promise.all([1, 2, 3].map(() => startNode(settingsOf(url))));
    expect(await Promise.all(nodes.map(isReady))).toEqual([true, true, true]);
    const { rows } = await asOwner(url, (owner) => owner.query<{ done: number; names: number; demo: number }>(`select count(*)::integer as done,
      count(distinct name)::integer as names, (select count(*) from tenant where code = 'demo')::integer as demo from migration`));
    expect(rows).toEqual([{ done: MIGRATIONS, names: MIGRATIONS, demo: 1 }]);
    await stopAll(nodes);
  } finally {
    await asOwner(cluster, (owner) => owner.query(`drop database ${name} with (force)`));
  }
});

/** A node of the next version, once it is ready. */
async function startNext(): Promise<NodeProcess> {
  const child = spawn(process.execPath, [join(NEXT, 'bin', 'tributary.js'), 'start'], {
    cwd: NEXT, env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', NODE_ENV: 'production', ...settingsOf(db.ownerUrl) }, stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stderr.setEncoding('utf8').on('data', (text: string) => { said.err += text; });
  const address = await new Promise<string>((ready, failed) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said.out += text;
      const found = /GraphQL\s+(http\S+)\/graphql/.exec(said.out);
      if (found) ready(found[1]!);
    });
    child.on('close', (code) => failed(new Error(`The node ended with ${code}: ${said.err}${said.out}`)));
  });
  const end = (signal: NodeJS.Signals): Promise<number | null> => new Promise((resolve) => {
    child.once('close', resolve);
    child.kill(signal);
  });
  return { child, address, said: () => said, end };
}

const SEND = `mutation($usages: [UsageInput!]!) { usageCharge(input: { source: "nodes", delivered: true, usages: $usages }) { results { status error { message } } } }`;
let sent = 0;
/** Charges one message through a node; how long that took, in ms. */
async function charge({ address }: NodeProcess, token: string): Promise<number> {
  const startedAt = performance.now();
  const usages = [{ usageId: `n${sent += 1}`, chargingId: `c${sent}`, subscriber: { msisdn: NUMBERS.bob }, startedAt: new Date().toISOString(), sms: { otherParty: '0861111111' } }];
  const answer = await fetch(`${address}/graphql`, {
    method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ query: SEND, variables: { usages } }),
  });
  expect(await answer.json()).toMatchObject({ data: { usageCharge: { results: [{ status: 'CHARGED', error: null }] } } });
  return performance.now() - startedAt;
}

it('nodes of the next version migrate once while one of this version charges, and all of them charge behind it', async () => {
  const older = await startNode(settingsOf(db.ownerUrl));
  const token = (await runTributary(['token', 'network'], settingsOf(db.ownerUrl))).out.trim();
  const waits: number[] = [];
  let isRunning = true;
  const charging = (async () => {
    while (isRunning) waits.push(await charge(older, token));
  })();
  while (waits.length < 20) await new Promise((resolve) => { setTimeout(resolve, 5); });
  const before = waits.length;
  const newer = await Promise.all([1, 2, 3].map(startNext));
  const during = waits.length - before;
  expect(await Promise.all([older, ...newer].map(isReady))).toEqual([true, true, true, true]);
  for (const node of newer) await charge(node, token);
  await charge(older, token);
  isRunning = false;
  await charging;
  expect(during).toBeGreaterThan(20);
  expect(Math.max(...waits)).toBeLessThan(5_000);
  const { rows } = await db.ownerPool.query(`select (select count(*) from next_ran)::integer as ran, count(*)::integer as done,
    (select count(*) from charge where source = 'nodes' and status = 'CHARGED')::integer as charged, (select indisvalid from pg_index where indexrelid = 'charge_colour_idx'::regclass) as valid
    from migration where name like 'Next%'`);
  expect(rows).toEqual([{ ran: 1, done: 2, charged: sent, valid: true }]);
  // One of this version that stops now does not come back: the database is ahead of it.
  await older.end('SIGTERM');
  await expect(startNode(settingsOf(db.ownerUrl))).rejects.toThrow(/The database was migrated by another version of this program \(Next1999999999001, NextIndex1999999999002\)/);
  await charge(newer[0]!, token);
  await stopAll(newer);
  expect(await violationsOf(db.appPool)).toEqual([]);
});
