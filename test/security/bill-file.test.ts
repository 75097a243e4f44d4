import { encodeId } from '../../src/platform/graphql';
import { DEMO_IDENTITIES } from '../../src/platform/auth/demo';
import { LiveApi, neutral, openLiveApi } from './live-api';
import { got } from './sweep/world';

/** Bills as PDF over HTTP: for whom the graph shows the bill, and for nobody else; what is foreign and what is unknown look alike. */
jest.setTimeout(120_000);

let api: LiveApi;
let billId: string;
let statementId: string;

beforeAll(async () => {
  api = await openLiveApi();
  const account = await got<string>(api, 'alice', '{ viewer { accounts { id } } }', {}, 'viewer', 'accounts', 0, 'id');
  await got(api, 'crm', 'mutation($input: ProductActivateInput!) { productActivate(input: $input) { product { id } errors { code } } }',
    { input: { accountId: account, offeringCode: 'video-pass-24h', idempotencyKey: 'pass' } }, 'productActivate', 'product', 'id');
  const today = new Date();
  const first = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 1, 1, 9)).toISOString();
  await got(api, 'admin', 'mutation($input: TenantClockAdvanceInput!) { tenantClockAdvance(input: $input) { businessTime errors { code } } }', { input: { until: first } }, 'tenantClockAdvance', 'businessTime');
  const run = await got<string>(api, 'finance', 'mutation($input: BillRunStartInput!) { billRunStart(input: $input) { billRun { id } errors { code message } } }',
    { input: { cycleEnd: first.slice(0, 10), idempotencyKey: 'files' } }, 'billRunStart', 'billRun', 'id');
  for (let state = 'RUNNING'; state !== 'DONE'; state = await got<string>(api, 'finance', 'query($id: ID!) { billRun(id: $id) { state } }', { id: run }, 'billRun', 'state')) {
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  const last = (who: string): Promise<string> => got<string>(api, who, '{ viewer { accounts { bills(first: 1) { nodes { id } } } } }', {}, 'viewer', 'accounts', 0, 'bills', 'nodes', 0, 'id');
  [billId, statementId] = [await last('bob'), await last('alice')];
});
afterAll(() => api.close());

interface File { readonly status: number; readonly headers: Headers; readonly bytes: Buffer }
async function get(who: string | null, id: string, more: { method?: string; token?: string; headers?: Record<string, string> } = {}): Promise<File> {
  const token = more.token ?? (who === null ? null : api.tokenOf(who));
  const response = await fetch(`${api.server.address}/bills/${id}.pdf`, { method: more.method ?? 'GET', headers: { ...(token !== null && { authorization: `Bearer ${token}` }), ...more.headers } });
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
}
const shown = ({ status, headers, bytes }: File): string => `${status} ${headers.get('content-type')} ${headers.get('cache-control')} ${neutral(bytes.toString())}`;

it('hands out the bill of the caller, always the same file, kept by no cache', async () => {
  const [one, two] = [await get('bob', billId), await get('finance', billId)];
  expect(one.status).toBe(200);
  expect(one.bytes.subarray(0, 5).toString()).toBe('%PDF-');
  expect(one.bytes.equals(two.bytes)).toBe(true);
  expect(Object.fromEntries(one.headers)).toMatchObject({ 'content-type': 'application/pdf', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff',
    'content-length': `${one.bytes.length}`, 'content-disposition': expect.stringMatching(/^inline; filename="B-\d{4}-\d{6}\.pdf"$/) as unknown });
  expect((await get('alice', statementId)).headers.get('content-disposition')).toContain('"S-');
});

it('HEAD tells the same without the file', async () => {
  const [head, whole] = [await get('bob', billId, { method: 'HEAD' }), await get('bob', billId)];
  expect([head.status, head.bytes.length, head.headers.get('content-length')]).toEqual([200, 0, whole.headers.get('content-length')]);
});

it.each(DEMO_IDENTITIES.map(({ name }) => name))('%s gets what the graph shows, and nothing that tells more', async (who) => {
  const unknown = shown(await get(who, encodeId('CustomerBill', 4_096_000n, 1)));
  expect(unknown).toMatch(/^404 application\/json; charset=utf-8 no-store \{"errors":\[\{"message":"No such address\."/);
  for (const id of [billId, statementId]) {
    const told = await api.ask(who, 'query($id: ID!) { customerBill(id: $id) { id } }', { id });
    const isShown = Boolean(told.data?.customerBill);
    const file = await get(who, id);
    expect([who, file.status]).toEqual([who, isShown ? 200 : 404]);
    if (!isShown) expect(shown(file)).toBe(unknown);
  }
  for (const other of ['nonsense', encodeId('BillingAccount', 1n), encodeId('CustomerBill', 1n, 99), 'a'.repeat(190)]) expect(shown(await get(who, other))).toBe(unknown);
});

it('who is shown the bill is a subscriber of his own, care, finance and the auditor of the tenant', async () => {
  const able: string[] = [];
  for (const { name } of DEMO_IDENTITIES) if ((await get(name, billId)).status === 200) able.push(name);
  expect(able.sort()).toEqual(['auditor', 'bob', 'crm', 'finance']);
});

it('refuses who did not sign in, and a token that is none', async () => {
  expect(shown(await get(null, billId))).toMatch(/^401 .*"code":"UNAUTHENTICATED"/);
  expect(shown(await get(null, 'nonsense'))).toMatch(/^401 .*"code":"UNAUTHENTICATED"/);
  expect(shown(await get(null, billId, { token: 'x.y.z' }))).toMatch(/^401 .*"code":"UNAUTHENTICATED"/);
});

it('takes no other method and no other address', async () => {
  for (const method of ['POST', 'PUT', 'DELETE']) expect((await get('bob', billId, { method })).status).toBe(404);
  for (const path of ['/bills/', `/bills/${billId}`, `/bills/${billId}.pdfx`, `/bills/../${billId}.pdf`, '/bills/%2e%2e%2f.pdf', `/bills/${billId}/x.pdf`]) {
    const response = await fetch(`${api.server.address}${path}`, { headers: { authorization: `Bearer ${api.tokenOf('bob')}` } });
    expect([path, response.status]).toEqual([path, 404]);
  }
});

it('writes a line to the log without the id', async () => {
  await get('bob', billId);
  const line = api.logLines.findLast((text) => text.includes('"billPdf"'))!;
  expect(JSON.parse(line)).toMatchObject({ type: 'query', operation: 'billPdf', role: 'SUBSCRIBER', outcome: 'OK' });
  expect(api.logLines.some((text) => text.includes(billId))).toBe(false);
});

it('counts against the caller\'s points of a minute', async () => {
  const tight = await openLiveApi({ isCostBounded: true });
  try {
    const statuses = new Set<number>();
    for (let count = 0; count < 260; count += 1) {
      const response = await fetch(`${tight.server.address}/bills/nonsense.pdf`, { headers: { authorization: `Bearer ${tight.tokenOf('bob')}` } });
      await response.arrayBuffer();
      statuses.add(response.status);
    }
    expect(statuses).toEqual(new Set([404, 429]));
  } finally {
    await tight.close();
  }
});
