import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DemoKey } from '../../src/platform/auth/demo-key';
import { runTributary, temporaryFolder } from '../support';
import { got } from './sweep/world';
import { LiveApi, openLiveApi } from './live-api';

const ROOT = join(__dirname, '..', '..');

/** What a secret looks like in a file. */
const SECRETS: readonly (readonly [string, RegExp])[] = [
  ['a private key', /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/],
  ['the private part of a JWK', /"d"\s*:\s*"[A-Za-z0-9_-]{40,}"/],
  ['a signed token', /eyJ[A-Za-z0-9_-]{15,}\.eyJ[A-Za-z0-9_-]{15,}\.[A-Za-z0-9_-]{20,}/],
  ['a key of a cloud', /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[A-Za-z0-9_-]{35}\b/],
  ['a token of a code host or registry', /\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_\w{30,}|\bnpm_[A-Za-z0-9]{30,}|\bxox[abprs]-[A-Za-z0-9-]{10,}|\bglpat-[\w-]{18,}/],
  ['a payment key', /\b[rs]k_live_[A-Za-z0-9]{16,}/],
  ['a password in an address', /\b[a-z][a-z0-9+]+:\/\/[^\s:/@'"`$<>{}]+:(?!password@|secret@|pass@|pw@|\.\.\.@|…@)[^\s:/@'"`$<>{}]{8,}@[\w.-]+/],
  ['a password in words', /\b(?:password|passwd|api_?key|client_?secret)\s*[:=]\s*['"](?!long-enough-word)[^\s'"$]{8,}['"]/i],
];
/** Built or fetched files and tests, whose passwords are of throw-away logins; a real key is looked for there too. */
const OF_TESTS = /^(?:test\/|.*\.test\.ts$)/;
const BINARY = /\.(?:png|ico|ttf|woff2?|jpg|gz)$/;

const isOfWords = (kind: string): boolean => kind.startsWith('a password');
const findIn = (file: string, text: string): string[] =>
  SECRETS.filter(([kind, form]) => !(OF_TESTS.test(file) && isOfWords(kind)) && form.test(text)).map(([kind]) => `${file}: ${kind}`);

test('no file of the repository holds a secret', () => {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, maxBuffer: 1 << 26 }).toString().split('\0').filter((file) => file && !BINARY.test(file));
  expect(files.length).toBeGreaterThan(200);
  const found = files.flatMap((file) => findIn(file, readIfThere(join(ROOT, file))));
  expect(found).toEqual([]);
});

/** A file that was just moved or removed in the work tree has nothing to hide. */
function readIfThere(path: string): string {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path, 'utf8') : '';
}

test.each([
  ['a private key', ['-----BEGIN', 'EC PRIVATE KEY-----'].join(' ')],
  ['the private part of a JWK', `{"kty":"EC","d":"${'x'.repeat(43)}"}`],
  ['a signed token', ['eyJ', 'a'.repeat(20), '.eyJ', 'b'.repeat(20), '.', 'c'.repeat(30)].join('')],
  ['a token of a code host or registry', `gh${'p_'}${'a'.repeat(36)}`],
  ['a password in an address', `postgres://owner:${'hunter2hunter2'}@db.example.org/x`],
  ['a password in words', `${'pass'}word = '${'hunter2hunter2'}'`],
])('the scanner finds %s', (kind, text) => {
  expect(findIn('src/x.ts', text)).toEqual([`src/x.ts: ${kind}`]);
});

describe('secrets of a running product', () => {
  let api: LiveApi;
  beforeAll(async () => {
    api = await openLiveApi();
  }, 120_000);
  afterAll(() => api.close());

  test('voucher codes are nowhere in the database but hashed, nor in the log', async () => {
    const create = 'mutation($input: VoucherBatchCreateInput!) { voucherBatchCreate(input: $input) { voucherBatch { codes } errors { message } } }';
    const input = { batch: 'scan', count: 20, amount: '5', currency: 'EUR', validUntil: '2099-01-01T00:00:00Z' };
    const codes = await got<string[]>(api, 'finance', create, { input }, 'voucherBatchCreate', 'voucherBatch', 'codes');
    expect(codes).toHaveLength(20);
    const { rows } = await api.database.ownerPool.query<{ name: string }>(`select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind in ('r', 'p')`);
    const tables = await Promise.all(rows.map(async ({ name }) => (await api.database.ownerPool.query<{ text: string }>(`select t::text as text from ${name} t`)).rows));
    const stored = tables.flat().map(({ text }) => text).join('\n') + api.logLines.join('\n');
    const spellings = codes.flatMap((code) => [code, code.replace(/-/g, ''), code.toLowerCase(), Buffer.from(code.replace(/-/g, '')).toString('hex')]);
    expect(spellings.filter((code) => stored.includes(code))).toEqual([]);
    expect((await api.database.ownerPool.query('select from voucher')).rowCount).toBe(20);
  });
});

test('the demo key is for its owner alone', async () => {
  const folder = temporaryFolder();
  try {
    await DemoKey.load(folder.path);
    expect(statSync(join(folder.path, 'demo-key.json')).mode & 0o777).toBe(0o600);
  } finally {
    folder.remove();
  }
});

describe('the password of DATABASE_URL is not told', () => {
  const PASSWORD = 'correct-horse-battery';
  const cluster = new URL(process.env.TRIBUTARY_TEST_URL ?? '');
  test.each([
    ['a database that is not there', `postgres://someone:${PASSWORD}@127.0.0.1:1/none`],
    ['a login that is refused', `postgres://someone:${PASSWORD}@${cluster.host}/postgres`],
    ['a port that is none', `postgres://someone:${PASSWORD}@127.0.0.1:99999/none`],
    ['another kind of address', `mysql://someone:${PASSWORD}@127.0.0.1/none`],
  ])('%s', async (_what, url) => {
    const run = await runTributary(['start'], { DATABASE_URL: url, TRIBUTARY_DEMO: '1', LOG_LEVEL: 'debug' });
    expect(run.code).not.toBe(0);
    expect(run.err).toMatch(/\S/);
    expect(`${run.out}${run.err}`).not.toContain(PASSWORD);
    expect(run.err).not.toMatch(/\n\s+at /);
  }, 60_000);
});
