import { createServer, Server } from 'node:net';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { livingServer, placesOf } from '../../src/platform/embedded/cluster';
import { asOwner, inDatabase, runTributary, startNode, temporaryFolder } from '../support';

jest.setTimeout(60_000);

const folder = temporaryFolder();
const env = { DATA_DIR: folder.path };
const places = placesOf(join(folder.path, 'postgres-18'));

afterAll(() => folder.remove());

const isLive = async (address: string): Promise<boolean> => (await fetch(`${address}/health/live`)).status === 200;

const embeddedUrl = (): string => {
  const port = livingServer(places)?.port;
  return `postgres://tributary:${readFileSync(places.password, 'utf8')}@127.0.0.1:${port}/tributary`;
};

const gone = async (pid: number): Promise<void> => {
  for (let round = 0; round < 100; round += 1) {
    if (livingServer(places)?.pid !== pid) return;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  throw new Error(`postgres ${pid} was left running`);
};

describe('a node with the embedded database', () => {
  it('starts on an empty folder, says what to do next, and stops cleanly at SIGTERM', async () => {
    const node = await startNode(env);
    expect(await isLive(node.address)).toBe(true);
    await asOwner(embeddedUrl(), (owner) => owner.query('create table kept as select 42 as answer'));
    expect(await node.end('SIGTERM')).toBe(0);
    expect(livingServer(places)).toBeUndefined();
    expect(node.said().err).toBe('');
    expect(node.said().out).toMatch(/Demo identities[^]*network[^]*eyJ[^]*operations to paste[^]*mutation/);
  });

  it('finds its data again, and after kill -9 leaves nothing running and recovers', async () => {
    const killed = await startNode(env);
    await asOwner(embeddedUrl(), (owner) => owner.query('insert into kept values (43)'));
    const pid = livingServer(places)?.pid ?? 0;
    await killed.end('SIGKILL');
    // At once: the next start meets the server of the killed node while it is still going down.
    const next = await startNode(env);
    expect(livingServer(places)?.pid).not.toBe(pid);
    const { rows } = await asOwner(embeddedUrl(), (owner) => owner.query('select answer from kept order by 1'));
    expect(rows).toEqual([{ answer: 42 }, { answer: 43 }]);
    const last = livingServer(places)?.pid ?? 0;
    await next.end('SIGKILL');
    await gone(last);
  });

  it('brings the database back after it was killed, on the same port', async () => {
    const node = await startNode(env);
    const before = livingServer(places);
    process.kill(before?.pid ?? 0, 'SIGKILL');
    await gone(before?.pid ?? 0);
    const url = `postgres://tributary:${readFileSync(places.password, 'utf8')}@127.0.0.1:${before?.port}/tributary`;
    await untilItAnswers(url);
    expect(await node.end('SIGINT')).toBe(0);
    expect(node.said().err).toContain('The embedded PostgreSQL ended by itself; it is started again.');
    expect(livingServer(places)).toBeUndefined();
  });
});

async function untilItAnswers(url: string): Promise<void> {
  for (let round = 0; round < 100; round += 1) {
    try {
      await asOwner(url, (owner) => owner.query('select 1'));
      return;
    } catch (error) {
      if (round === 99) throw error;
      await new Promise((resolve) => { setTimeout(resolve, 100); });
    }
  }
}

describe('a start that cannot be', () => {
  let taken: Server;
  let port = '';
  beforeAll(async () => {
    taken = createServer();
    await new Promise<void>((listening) => { taken.listen(0, '127.0.0.1', listening); });
    const address = taken.address();
    port = typeof address === 'object' && address ? `${address.port}` : '';
  });
  afterAll(() => { taken.close(); });

  const refused = async (more: Record<string, string>, sentence: RegExp): Promise<void> => {
    const { code, out, err } = await runTributary(['start'], { ...env, ...more });
    expect(err).toMatch(sentence);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(out).toBe('');
    expect(code).toBe(1);
    expect(livingServer(places)).toBeUndefined();
  };

  it('names a taken port', () => refused({ PORT: port }, /^Port \d+ of 127\.0\.0\.1 is taken by another program: .*set PORT/));

  it.each([
    ['is a file', () => join(__dirname, 'start.test.ts'), /no folder is in the way/],
    ['lies in a file', () => join(__dirname, 'start.test.ts', 'a', 'b'), /no folder is in the way/],
    ['cannot be made', () => '/proc/nope', /the system makes no folder there|may not write there/],
  ])('names a data folder that %s', async (_, folderOf, reason) => {
    const wanted = folderOf();
    const { code, out, err } = await runTributary(['start'], { DATA_DIR: wanted });
    expect(err).toMatch(reason);
    expect(err).toMatch(new RegExp(`^The data folder ${wanted} cannot be used: .*Set DATA_DIR to [^\n]*\n$`));
    expect([out, code]).toEqual(['', 1]);
  });

  it('names a bad variable', () => refused({ PORT: 'high' }, /^PORT must be a whole number from 0 to 65535; "high" is not\.$/m));

  it('names an unreachable database', () => refused(
    { DATABASE_URL: 'postgres://owner@127.0.0.1:1/x', TRIBUTARY_DEMO: '1' }, /^No PostgreSQL answers at 127\.0\.0\.1:1: .*DATABASE_URL/));

  it('names an unknown database', () => refused(
    { DATABASE_URL: inDatabase(process.env.TRIBUTARY_TEST_URL ?? '', 'nowhere'), TRIBUTARY_DEMO: '1' },
    /^The database nowhere does not exist at 127\.0\.0\.1:\d+: create it, or change DATABASE_URL\.$/m));

  it('names a database without fsync, whatever TRIBUTARY_TEST says of its name', () => refused(
    { DATABASE_URL: process.env.TRIBUTARY_TEST_URL ?? '', TRIBUTARY_DEMO: '1', TRIBUTARY_TEST: '1' },
    /^The database runs with fsync and full_page_writes off/));
});

describe('nodes on a database of their own', () => {
  const cluster = process.env.TRIBUTARY_TEST_URL ?? '';
  const name = `test_empty_${process.pid}`;
  beforeAll(() => asOwner(cluster, (owner) => owner.query(`create database ${name}`)));
  afterAll(() => asOwner(cluster, (owner) => owner.query(`drop database ${name} with (force)`)));

  it('two may start at once on an empty one, and nothing embedded starts', async () => {
    const two = { ...env, DATABASE_URL: inDatabase(cluster, name), TRIBUTARY_DEMO: '1', TRIBUTARY_TEST: '1' };
    const nodes = await Promise.all([startNode(two), startNode(two)]);
    expect(livingServer(places)).toBeUndefined();
    expect(await Promise.all(nodes.map((node) => node.end('SIGTERM')))).toEqual([0, 0]);
  });
});
