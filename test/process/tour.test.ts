import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTributary, temporaryFolder } from '../support';

jest.setTimeout(180_000);

const BIN = join(__dirname, '..', '..', 'bin', 'tributary.js');
const README = join(__dirname, '..', '..', 'README.md');
const folder = temporaryFolder();
// The sources are compiled by one test file at a time.
beforeAll(async () => { await runTributary(['--help'], {}); });
afterAll(() => folder.remove());

/** Starts the tour with the embedded database, whose folder is made in ours. */
function startTour(...args: string[]) {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'production', PORT: '0', TMPDIR: folder.path };
  const child = spawn(process.execPath, [BIN, 'tour', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => { said.out += text; });
  child.stderr.setEncoding('utf8').on('data', (text: string) => { said.err += text; });
  const ended = new Promise<number | null>((resolve) => { child.on('close', resolve); });
  const says = (form: RegExp): Promise<RegExpExecArray> => new Promise((resolve, reject) => {
    const look = (): void => {
      const found = form.exec(said.out);
      if (found) resolve(found);
    };
    child.stdout.on('data', look);
    void ended.then((code) => reject(new Error(`The tour ended with ${code}: ${said.err}${said.out}`)));
  });
  return { child, said, ended, says };
}

it('starts a database of its own, lets people go on, and leaves nothing behind', async () => {
  const { child, said, ended, says } = startTour('--keep');
  const [, address] = await says(/Go on in a browser: (http\S+)\/graphql/);
  // The sample of the README is what people see, but for how long it took.
  const sample = /```\n(✓[^`]+)```/.exec(readFileSync(README, 'utf8'))![1]!.trimEnd().split('\n').map((line) => line.replace(/ +\d+ ms$/, ''));
  expect(sample.length).toBeGreaterThan(5);
  for (const line of sample) expect(said.out).toContain(`${line}`);
  expect(readdirSync(folder.path)).toHaveLength(1);
  const token = /^alice\n {2}(\S+)$/m.exec(said.out)?.[1];
  const response = await fetch(`${address}/graphql`, {
    method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ viewer { name } __schema { queryType { name } } }' }),
  });
  expect(await response.json()).toMatchObject({ data: { viewer: { name: 'Alice Byrne' }, __schema: { queryType: { name: 'Query' } } } });
  child.kill('SIGINT');
  expect([await ended, said.err]).toEqual([0, '']);
  expect(readdirSync(folder.path)).toEqual([]);
});

it('leaves nothing behind where it is stopped on its way', async () => {
  const { child, said, ended, says } = startTour();
  await says(/a content pass/);
  child.kill('SIGINT');
  expect([await ended, said.err]).toEqual([130, '']);
  expect(said.out).not.toContain('reconciliation');
  expect(readdirSync(folder.path)).toEqual([]);
});

it('goes to no database that is not for it', async () => {
  const { code, out, err } = await runTributary(['tour'], {
    DATABASE_URL: 'postgres://owner:long-enough@127.0.0.1:1/mine', JWT_ISSUER: 'https://login.example.com', JWT_AUDIENCE: 'tributary',
    JWT_JWKS_URL: 'https://login.example.com/jwks.json', TMPDIR: folder.path,
  });
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(/^The tour makes a tenant of its own beside the demo's: .*TRIBUTARY_DEMO=1/);
  expect(readdirSync(folder.path)).toEqual([]);
});
