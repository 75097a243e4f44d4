import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createTestDatabase, NodeProcess, startNode, temporaryFolder, TestDatabase } from '../support';
import { Block, blocksOf } from './blocks';

jest.setTimeout(120_000);

const ROOT = join(__dirname, '..', '..');
const ADDRESS = '127.0.0.1:4000';

const only = (path: string, fits: (block: Block) => boolean): string => {
  const found = blocksOf(path).filter(fits);
  if (found.length !== 1) throw new Error(`${path} has ${found.length} such blocks instead of one.`);
  return found[0].text;
};

/** What a reader copies into a shell, against the product as it is started. */
describe('the shell of the documents', () => {
  const folder = temporaryFolder();
  let database: TestDatabase;
  let node: NodeProcess;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    database = await createTestDatabase({ seeded: true });
    const settings = { DATABASE_URL: database.ownerUrl, TRIBUTARY_DEMO: '1', TRIBUTARY_TEST: '1', DATA_DIR: folder.path };
    env = { PATH: process.env.PATH, HOME: process.env.HOME, ...settings };
    node = await startNode(settings);
  });

  afterAll(async () => {
    await node.end('SIGTERM');
    await database.dispose();
    folder.remove();
  });

  const here = (text: string): string => text.replaceAll(ADDRESS, new URL(node.address).host);

  it('asks, charges and asks again, as the README says', async () => {
    const script = here(only('README.md', ({ text }) => text.includes('ask()')));
    const { stdout } = await promisify(execFile)('bash', ['-ec', script], { cwd: ROOT, env });
    const [before, charged, after] = stdout.trim().split('\n').map((line) => JSON.parse(line) as { data: unknown });
    expect(before.data).toMatchObject({ viewer: { accounts: [{ spendable: { amount: '20.00', currency: 'EUR' } }] } });
    expect(charged.data).toMatchObject({ usageCharge: { results: [{ status: 'CHARGED', charges: [{ gross: { amount: '0.523333' } }] }] } });
    expect(after.data).toMatchObject({ viewer: { accounts: [{ spendable: { amount: '19.476667', currency: 'EUR' } }] } });
  });

  it('compares records with what was charged online, as the page on imports says', async () => {
    const script = here(only('docs/import.md', ({ text }) => text.includes('usage compare') && text.includes('curl')));
    const { stdout } = await promisify(execFile)('bash', ['-ec', script], { cwd: ROOT, env });
    expect(stdout).toContain('{"data":{"usageCharge":{"results":[{"status":"CHARGED","error":null},{"status":"CHARGED","error":null}]}}');
    expect(stdout).toMatch(/^ {2}charged +1\n {2}compared, not charged +2$/m);
    expect(stdout).toContain('2 charging ids, BYTE');
    expect(stdout).toMatch(/^ {2}equal +1$/m);
    expect(stdout).toMatch(/^ {2}more recorded than charged +1, by 50000 BYTE$/m);
    expect(stdout).toMatch(/^ {2}4711 of smf1-records, .*: 1000000 online, 0 charged as records, 1050000 recorded: -50000 BYTE$/m);
  });

  it.each(['docs/api.md', 'docs/mobile.md'])('watches with the client of %s', async (page) => {
    const script = here(only(page, ({ language }) => language === 'js'));
    const token = (await promisify(execFile)('npx', ['tributary', 'token', 'alice'], { cwd: ROOT, env })).stdout.trim();
    const home = await fetch(`${node.address}/graphql`, {
      method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ viewer { accounts { id } } }' }),
    });
    const { data } = await home.json() as { data: { viewer: { accounts: { id: string }[] } } };
    const watching = execFile(process.execPath, ['-e', script, '--', data.viewer.accounts[0].id], { cwd: ROOT, env: { ...env, TOKEN: token } });
    const line = await new Promise<string>((resolve, reject) => {
      watching.stdout?.once('data', resolve);
      watching.stderr?.once('data', (text: string) => reject(new Error(text)));
    });
    watching.kill();
    expect(line).toMatch(/^SNAPSHOT \d+\.\d+ EUR\n$/);
  });

  it('imports customers and compares their bills, as their document says', async () => {
    const path = 'docs/customers-import.md';
    const shell = async (script: string): Promise<string> => (await promisify(execFile)('bash', ['-ec', script], { cwd: ROOT, env })).stdout;
    const imported = await shell(only(path, ({ language, text }) => language === 'sh' && text.includes('customers import')));
    const told = blocksOf(path).filter(({ language }) => language === 'text').map(({ text }) => text);
    expect(imported.replace(/^.*customers\/s\n/m, '')).toBe(told[0]);
    const token = (await shell('npx tributary token admin')).trim();
    const now = new Date();
    const date = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1, 9)).toISOString();
    const moved = await fetch(`${node.address}/graphql`, {
      method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: only(path, ({ language, text }) => language === 'graphql' && text.includes('NextMonth')), variables: { input: { until: date } } }),
    });
    expect(await moved.json()).toMatchObject({ data: { tenantClockAdvance: { errors: [] } } });
    const compared = await shell(only(path, ({ language, text }) => language === 'sh' && text.includes('reconcile')).replaceAll('DATE', date.slice(0, 10)));
    expect(compared.slice(compared.indexOf('\n') + 1)).toBe(told[1]!.replaceAll('DATE', date.slice(0, 10)));
  });
});
