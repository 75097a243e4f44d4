import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dispatch } from '../../src/cli/dispatch';
import { verifyAuditChain } from '../../src/audit';
import { loadConfig } from '../../src/platform/config';
import { createTenant, NewTenant, TenantDirectory } from '../../src/tenant';
import { createTestDatabase, temporaryFolder, TestDatabase } from '../support';

/** Operators are entered by the command line: nobody in the API may make one. */
let db: TestDatabase;
const folder = temporaryFolder();
beforeAll(async () => { db = await createTestDatabase(); });
afterAll(async () => {
  await db.dispose();
  folder.remove();
});

const actor = { subject: 'command:test', role: 'OPERATOR', requestId: 'r' };
const harbour: NewTenant = {
  code: 'harbour', name: 'Harbour', currency: 'EUR', timeZone: 'europe/dublin', isSandbox: false, startsAt: null, settings: { paymentTermDays: 21 },
};
const make = (change: Partial<NewTenant>): Promise<number> => createTenant(db.appPool, actor, { ...harbour, ...change });
const find = (code: string) => new TenantDirectory(db.appPool).findByCode(code);

const run = async (...argv: string[]) => {
  const heard = { out: '', err: '' };
  const config = loadConfig({ DATABASE_URL: db.ownerUrl, TRIBUTARY_DEMO: '1', TRIBUTARY_TEST: '1', DATA_DIR: folder.path });
  const io = { out: (line: string) => { heard.out += line; }, err: (line: string) => { heard.err += line; }, isTerminal: false, config: () => config };
  return { code: await dispatch(argv, io), ...heard };
};

it('enters a tenant with its settings and one audit row', async () => {
  const id = await make({});
  expect(id).toBeGreaterThanOrEqual(100);
  expect(await find('harbour')).toMatchObject({
    id, name: 'Harbour', currency: 'EUR', timeZone: 'Europe/Dublin', isSandbox: false, clockOffsetMs: 0n, settings: { paymentTermDays: 21, lateLimitDays: 60 },
  });
  const { rows } = await db.appPool.query('select sequence, actor, role, operation, object_type, object_id, result from audit_log where tenant_id = $1', [id]);
  expect(rows).toEqual([{ sequence: '1', actor: 'command:test', role: 'OPERATOR', operation: 'tenantCreate', object_type: 'Tenant', object_id: `${id}`, result: 'DONE' }]);
  expect(await verifyAuditChain(db.appPool, id)).toEqual({ rows: 1n, brokenAt: null });
});

it('gives each of many that come at once an id of its own', async () => {
  const ids = await Promise.all(['a', 'b', 'c', 'd'].map((code) => make({ code })));
  expect(new Set(ids).size).toBe(4);
  const same = await Promise.allSettled([make({ code: 'same' }), make({ code: 'same' })]);
  expect(same.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

it.each<[Partial<NewTenant>, RegExp]>([
  [{ code: 'harbour' }, /^There is a tenant with the code "harbour"\.$/],
  [{ code: 'Harbour' }, /^A code has 1 to 50 small letters/],
  [{ code: '-x' }, /^A code has/],
  [{ code: 'x'.repeat(51) }, /^A code has/],
  [{ code: 'n', name: ' ' }, /^A name has 1 to 200 characters/],
  [{ code: 'n', name: 'a\u0000b' }, /^A name has/],
  [{ code: 'n', currency: 'EURO' }, /^"EURO" is no currency/],
  [{ code: 'n', timeZone: 'Dublin' }, /^"Dublin" is no time zone/],
  [{ code: 'n', startsAt: new Date() }, /^Only a sandbox begins at another time/],
  [{ code: 'n', settings: { paymentTermDays: -1 } }, /^Tenant setting paymentTermDays must be/],
  [{ code: 'n', settings: { unknown: 1 } }, /^Tenant setting unknown must be a known name/],
])('refuses %j and stores nothing', async (change, message) => {
  const count = async (): Promise<unknown> => (await db.appPool.query('select count(*) as tenants, (select count(*) from audit_log) as told from tenant')).rows[0];
  const before = await count();
  await expect(make(change)).rejects.toThrow(message);
  expect(await count()).toEqual(before);
});

describe('by the command line', () => {
  const settings = join(folder.path, 'settings.json');

  it('begins a sandbox at a time of its own', async () => {
    writeFileSync(settings, '{ "graceDays": 7 }');
    const told = await run('tenant', 'create', 'quay', '--name', 'Quay', '--currency', 'EUR', '--time-zone', 'Europe/Dublin', '--sandbox',
      '--starts-at', '2026-06-01T08:00:00Z', '--settings', settings, '--json');
    expect({ ...told, out: JSON.parse(told.out) as unknown }).toEqual({ code: 0, err: '', out: { id: expect.any(Number) as number, code: 'quay' } });
    const { rows: [{ now }] } = await db.appPool.query<{ now: Date }>(
      `select clock_timestamp() + clock_offset_ms * interval '1 millisecond' as now from tenant where code = 'quay'`);
    expect(now.toISOString()).toMatch(/^2026-06-01T08:00/);
    expect((await find('quay'))?.settings.graceDays).toBe(7);
  });

  it.each([
    [['nowhere'], 2, /^--name is required/],
    [['nowhere', '--name', 'N', '--currency', 'EUR', '--time-zone', 'Europe/Dublin', '--starts-at', 'soon'], 2, /^--starts-at is an instant/],
    [['nowhere', '--name', 'N', '--currency', 'EUR', '--time-zone', 'Europe/Dublin', '--settings', '/nowhere.json'], 1, /^The settings \/nowhere\.json cannot be read/],
    [['quay', '--name', 'N', '--currency', 'EUR', '--time-zone', 'Europe/Dublin'], 1, /^There is a tenant with the code "quay"\.$/],
  ])('answers %j by a sentence', async (argv, code, said) => {
    const told = await run('tenant', 'create', ...argv);
    expect(told).toEqual({ code, out: '', err: expect.stringMatching(said) as string });
  });

  it('a demo token of any tenant and role is printed', async () => {
    const { code, out } = await run('token', '--tenant', 'quay', '--role', 'CRM_AGENT', '--limit', '20');
    const claims = JSON.parse(Buffer.from(out.split('.')[1]!, 'base64url').toString()) as object;
    expect({ code, claims }).toEqual({ code: 0, claims: expect.objectContaining({ tenant: 'quay', role: 'CRM_AGENT', sub: 'quay-crm_agent', limit: '20' }) as object });
    const customer = Buffer.from('Customer:7').toString('base64url');
    const subscriber = await run('token', '--tenant', 'quay', '--role', 'SUBSCRIBER', '--customer', customer);
    expect(JSON.parse(Buffer.from(subscriber.out.split('.')[1]!, 'base64url').toString())).toMatchObject({ customer: '7', sub: 'quay-subscriber-7' });
    expect(await run('token', '--tenant', 'quay', '--role', 'KING')).toMatchObject({ code: 2, err: expect.stringMatching(/^--role is one of .*PARTNER/) as string });
    expect(await run('token', '--tenant', 'quay')).toMatchObject({ code: 2, err: expect.stringMatching(/^--tenant and --role go together/) as string });
    expect(await run('token', '--tenant', 'quay', '--role', 'PARTNER')).toMatchObject({ code: 2, err: expect.stringMatching(/^--partner/) as string });
  });
});
