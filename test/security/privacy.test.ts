import { NUMBERS } from '../../seeds/people';
import { DEMO_IDENTITIES, mintDemoToken } from '../../src/platform/auth/demo';
import { DemoKey } from '../../src/platform/auth/demo-key';
import { createTestDatabase, NodeProcess, startNode, temporaryFolder, TestDatabase } from '../support';

/**
 * A real node at log level debug hears everything that a person is known by; none of it may stand in its log, its metrics,
 * the audit trail or the books.
 */
const IMSI = '272990000012345';
const CALLED = '353861234567';
const MAIL = 'ann.byrne@example.org';
const SIP = 'sip:ann.byrne@voice.example.org';
const TEXT = 'Ann Private-Byrne';

let database: TestDatabase;
let folder: ReturnType<typeof temporaryFolder>;
let node: NodeProcess;
const tokens = new Map<string, string>();
const codes: string[] = [];
/** A database that trusts its machine takes any password. */
const PASSWORD = 'correct-horse-battery';
const passwords: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase({ seeded: true });
  folder = temporaryFolder();
  const url = new URL(database.ownerUrl);
  url.password ||= PASSWORD;
  passwords.push(url.password, decodeURIComponent(url.password));
  node = await startNode({ DATABASE_URL: url.toString(), TRIBUTARY_DEMO: '1', TRIBUTARY_TEST: '1', DATA_DIR: folder.path, LOG_LEVEL: 'debug' });
  const key = await DemoKey.load(folder.path);
  for (const identity of DEMO_IDENTITIES) tokens.set(identity.name, await mintDemoToken(key, database.appPool, identity));
  await live();
}, 180_000);
afterAll(async () => {
  await node.end('SIGKILL');
  folder.remove();
  await database.dispose();
});

async function ask(who: string, query: string, input: Record<string, unknown> = {}): Promise<string> {
  const response = await fetch(`${node.address}/graphql`, {
    method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens.get(who) ?? who}` },
    body: JSON.stringify({ query, variables: { input, ...input } }),
  });
  return response.text();
}

const change = (who: string, field: string, selection: string, input: Record<string, unknown>): Promise<string> =>
  ask(who, `mutation($input: ${field.charAt(0).toUpperCase()}${field.slice(1)}Input!) { ${field}(input: $input) { ${selection} errors { code message } } }`, input);

/** What people do in a day, right and wrong. */
async function live(): Promise<void> {
  const mine = JSON.parse(await ask('alice', '{ viewer { id name accounts { id } } }')) as { data: { viewer: { accounts: { id: string }[] } } };
  const accountId = mine.data.viewer.accounts[0]!.id;
  await people(accountId);
  await money(accountId);
  await usage();
  await mistakes(accountId);
}

async function people(accountId: string): Promise<void> {
  await ask('crm', 'query($value: String!) { customerByIdentifier(kind: MSISDN, value: $value) { name } }', { value: NUMBERS.bob });
  await change('crm', 'individualCreate', 'individual { id name }', { givenName: 'Ann', familyName: 'Private-Byrne' });
  for (const [kind, value] of [['IMSI', IMSI], ['SIP_URI', SIP]]) {
    const input = { billingAccountId: accountId, kind, value };
    expect(await change('crm', 'identifierAssign', 'identifier { value }', input)).toContain('"errors":[]');
    expect(await change('crm', 'identifierAssign', 'identifier { value }', input)).toContain('ALREADY_EXISTS');
  }
}

async function money(accountId: string): Promise<void> {
  const made = await change('finance', 'voucherBatchCreate', 'voucherBatch { codes }', { batch: 'privacy', count: 2, amount: '5', currency: 'EUR', validUntil: '2099-01-01T00:00:00Z' });
  codes.push(...(JSON.parse(made) as { data: { voucherBatchCreate: { voucherBatch: { codes: string[] } } } }).data.voucherBatchCreate.voucherBatch.codes);
  for (const repeated of [1, 2]) await change('alice', 'balanceTopUp', 'topUp { id }', { accountId, voucherCode: codes[0], idempotencyKey: `voucher-${repeated}` });
  const buckets = await ask('finance', 'query($id: ID!) { billingAccount(id: $id) { buckets { id kind } } }', { id: accountId });
  const bucketId = /"id":"([^"]+)","kind":"MONEY"/.exec(buckets)?.[1];
  const adjusted = await change('finance', 'balanceAdjust', 'adjustment { id }', {
    bucketId, money: { amount: '1', currency: 'EUR' }, reason: `Caller ${CALLED}, mail ${MAIL}`, idempotencyKey: 'adjust',
  });
  expect(adjusted).toContain('"errors":[]');
}

async function usage(): Promise<void> {
  const startedAt = new Date().toISOString();
  const usages = [
    { usageId: 'p1', subscriber: { msisdn: NUMBERS.alice }, startedAt, sms: { otherParty: `+${CALLED}` } },
    { usageId: 'p2', subscriber: { imsi: IMSI }, startedAt, voice: { direction: 'OUTGOING', otherParty: `+${CALLED}`, quantity: { amount: '60', unit: 'SECOND' } } },
    { usageId: 'p3', subscriber: { sipUri: SIP }, startedAt, sms: { otherParty: `+${CALLED}` } },
    { usageId: 'p4', subscriber: { msisdn: '353209199998' }, startedAt, sms: { otherParty: `+${CALLED}` } },
    { usageId: 'p5', subscriber: { msisdn: TEXT }, startedAt, sms: { otherParty: MAIL } },
  ];
  const told = await change('network', 'usageCharge', 'accepted quarantined invalid results { status }', { source: 'msc1', usages });
  expect(told).toMatch(/"quarantined":[1-9]/);
  expect(told).toMatch(/"accepted":[1-9]/);
}

async function mistakes(accountId: string): Promise<void> {
  await ask(`not-a-token-${IMSI}`, '{ viewer { name } }');
  await ask('crm', `query Named${IMSI} { customerByIdentifier(kind: MSISDN, value: "${NUMBERS.bob}") { nme } }`);
  await ask('crm', `{ "${MAIL}" `);
  await ask('crm', 'query($id: ID!) { customer(id: $id) { id } }', { id: { name: TEXT, number: CALLED } });
  await database.ownerPool.query('alter table billing_account rename to gone_account');
  expect(await ask('alice', 'query($id: ID!) { billingAccount(id: $id) { id } }', { id: accountId })).toContain('INTERNAL');
  await ask('crm', 'query($value: String!) { customerByIdentifier(kind: MSISDN, value: $value) { accounts { id } } }', { value: NUMBERS.bob });
  await database.ownerPool.query('alter table gone_account rename to billing_account');
}

/** Everything that tells who somebody is, or lets somebody be him. */
const personal = (): readonly string[] => [
  ...Object.values(NUMBERS), IMSI, CALLED, '353209199998', MAIL, SIP, TEXT, ...codes, ...codes.map((code) => code.replace(/-/g, '')),
  'Alice', 'Byrne', 'Bob', 'Walsh', 'Carol', 'Nolan', 'Dave', 'Erin', 'Zoe', 'Quinn',
];
const found = (text: string): readonly string[] => personal().filter((one) => text.includes(one));
const logged = (): string => node.said().out.split('\n').filter((line) => line.startsWith('{')).join('\n');

test('the story was heard: every operation and failure left its line', async () => {
  await new Promise((resolve) => { setTimeout(resolve, 1_200); });
  expect(codes).toHaveLength(2);
  const lines = logged().split('\n');
  expect(lines.filter((line) => line.includes('"msg":"operation"')).length).toBeGreaterThan(15);
  for (const sign of ['token refused', 'operation failed', '42P01', 'GRAPHQL_VALIDATION_FAILED']) expect(logged()).toContain(sign);
  expect(found(`Bob ${IMSI}`)).toEqual([IMSI, 'Bob']);
});

test('the log holds nobody and no token', () => {
  expect(found(logged())).toEqual([]);
  expect(found(node.said().err)).toEqual([]);
  const shown = logged() + node.said().err;
  expect([...tokens.values()].filter((token) => shown.includes(token) || shown.includes(token.slice(-40)))).toEqual([]);
  expect(shown).not.toMatch(/eyJ[A-Za-z0-9_-]{10,}/);
});

test('neither at the start nor after a failure is the password of the database told', () => {
  expect(passwords[0]?.length).toBeGreaterThan(7);
  expect(passwords.filter((password) => node.said().out.includes(password) || node.said().err.includes(password))).toEqual([]);
});

test('the metrics hold nobody', async () => {
  const text = await (await fetch(`${node.address}/metrics`)).text();
  expect(text).toContain('# TYPE');
  expect(found(text)).toEqual([]);
});

test.each(['audit_log', 'entry', 'request', 'bucket', 'counter', 'voucher', 'payment', 'product', 'price_assignment'])('the table %s holds nobody', async (table) => {
  const { rows } = await database.ownerPool.query<{ text: string }>(`select t::text as text from ${table} t`);
  expect(found(rows.map(({ text }) => text).join('\n'))).toEqual([]);
});

test('the audit trail has the reason with what was masked', async () => {
  const { rows } = await database.ownerPool.query<{ reason: string }>(`select reason from audit_log where operation = 'balanceAdjust' and reason like 'Caller%'`);
  expect(rows).toHaveLength(1);
});
