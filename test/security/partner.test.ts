import { setTimeout as sleep } from 'node:timers/promises';
import { NUMBERS } from '../../seeds/people';
import { bytesOf, LiveApi, openLiveApi, Told } from './live-api';
import { insides, pathsFrom } from './sweep/paths';
import { got } from './sweep/world';

/**
 * A partner follows its money down to every charge and never learns whose it was; another partner's, and what is not
 * published yet, does not exist for it.
 */
let api: LiveApi;
const accounts: Record<'alice' | 'bob' | 'carol', string> = { alice: '', bob: '', carol: '' };
let stranger: { readonly id: string; readonly account: string };
let settlementAccount = '';
let firstDay = '';

beforeAll(async () => {
  api = await openLiveApi();
  for (const name of ['alice', 'bob', 'carol'] as const) accounts[name] = await got<string>(api, name, '{ viewer { accounts { id } } }', {}, 'viewer', 'accounts', 0, 'id');
  const own = await got<{ id: string }[]>(api, 'partner', '{ viewerPartner { settlementAccounts { id } } }', {}, 'viewerPartner', 'settlementAccounts');
  settlementAccount = own[0]!.id;
  firstDay = await got<string>(api, 'partner', '{ viewerPartner { runningTotals { period { from } } } }', {}, 'viewerPartner', 'runningTotals', 0, 'period', 'from');
  stranger = await makeStranger();
}, 120_000);
afterAll(() => api.close());

async function change<T>(who: string, field: string, selection: string, input: Record<string, unknown>, ...path: string[]): Promise<T> {
  const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`;
  return got<T>(api, who, `mutation($input: ${type}!) { ${field}(input: $input) { ${selection} errors { code message path } } }`, { input }, field, ...path);
}

/** A second partner of the same tenant, who shares in Alice's messages. */
async function makeStranger(): Promise<{ readonly id: string; readonly account: string }> {
  const organizationId = await change<string>('crm', 'organizationCreate', 'organization { id }', { tradingName: 'Stranger Works' }, 'organization', 'id');
  const id = await change<string>('finance', 'partnerCreate', 'partner { id }', { organizationId }, 'partner', 'id');
  await change('finance', 'partnerValidate', 'partner { id }', { partnerId: id, expectedVersion: 1 }, 'partner', 'id');
  await change('finance', 'partnerActivate', 'partner { id }', { partnerId: id, expectedVersion: 2 }, 'partner', 'id');
  const account = await change<string>('finance', 'settlementAccountOpen', 'settlementAccount { id }', { partnerId: id, currency: 'EUR' }, 'settlementAccount', 'id');
  const agreementId = await change<string>('catalog', 'agreementPropose', 'agreement { id }', {
    code: 'stranger', name: 'Stranger', currency: 'EUR', items: [{ kind: 'SMS', basis: 'GROSS', parties: [{ partnerId: id, percent: '10' }] }] }, 'agreement', 'id');
  await change('finance', 'agreementApprove', 'agreement { id }', { agreementId, version: 1 }, 'agreement', 'id');
  return { id, account };
}

let passes = 0;
const buy = (who: keyof typeof accounts): Promise<string> => change('crm', 'productActivate', 'product { id }',
  { accountId: accounts[who], offeringCode: 'video-pass-24h', idempotencyKey: `pass-${passes++}` }, 'product', 'id');

const TOTAL = '{ viewerPartner { runningTotals { currency share { amount } } } }';
const SHARES = `query($id: ID!, $first: Int!, $after: Cursor) { statement(id: $id) { lines { nodes { count exactShare { amount } shares(first: $first, after: $after) {
  nodes { number share { amount } basis { kind amount { amount } } charge { kind quantity { amount } startedAt bookedAt isRefund } } edges { cursor } pageInfo { endCursor hasNextPage } } } } } }`;

interface Accrued { readonly cursor: string; readonly reason: string; readonly offering: { readonly name: string } | null; readonly share: { readonly amount: string }; readonly periodTotal: { readonly amount: string } }
const ACCRUED = `subscription($after: Cursor) { revenueShareAccrued(after: $after) { cursor reason offering { name } share { amount } periodTotal { amount } } }`;

/** The first `count` messages of a new subscription; `meanwhile` runs after the first of them. */
async function heard(count: number, after: string | null, meanwhile: () => Promise<unknown> = async () => undefined): Promise<Accrued[]> {
  const socket = await api.socket('partner');
  socket.subscribe('1', ACCRUED, { after });
  const found = (): Accrued[] => socket.messages.filter(({ type }) => type === 'next')
    .map(({ payload }) => (payload as { data: { revenueShareAccrued: Accrued } }).data.revenueShareAccrued);
  for (let waited = 0, done = false; found().length < count && waited < 100; waited++) {
    if (!done && found().length > 0) {
      done = true;
      await meanwhile();
    }
    await sleep(100);
  }
  socket.socket.close();
  return found();
}

let total = '';

test('the total grows with each charge, is watched, and is resumed', async () => {
  expect((await api.ask('partner', TOTAL)).data).toEqual({ viewerPartner: { runningTotals: [{ currency: 'EUR', share: { amount: '0.00' } }] } });
  const [snapshot, accrual] = await heard(2, null, () => buy('alice'));
  expect(snapshot).toMatchObject({ reason: 'SNAPSHOT', offering: null, share: { amount: '0.00' }, periodTotal: { amount: '0.00' } });
  expect(accrual).toMatchObject({ reason: 'ACCRUAL', offering: { name: 'Video Pass' }, share: { amount: '0.853658' }, periodTotal: { amount: '0.853658' } });
  for (const who of ['bob', 'carol', 'bob', 'bob'] as const) await buy(who);
  const [resumed] = await heard(1, accrual!.cursor);
  expect(resumed).toMatchObject({ reason: 'ACCRUAL', share: { amount: '3.414632' }, periodTotal: { amount: '4.26829' } });
  total = resumed!.periodTotal.amount;
  const foreign = Buffer.from(Buffer.from(accrual!.cursor, 'base64url').toString().replace(/accrued:\d+/, 'accrued:999')).toString('base64url');
  const socket = await api.socket('partner');
  socket.subscribe('1', ACCRUED, { after: foreign });
  expect(JSON.stringify((await socket.until(({ type }) => type === 'error' || type === 'next')).payload)).toContain('BAD_USER_INPUT');
  socket.socket.close();
}, 60_000);

let statement = '';

test('a statement exists for the partner from its publishing on', async () => {
  await change('network', 'usageCharge', 'accepted', { source: 'sms1', usages: [{
    usageId: 'partner-1', subscriber: { msisdn: NUMBERS.alice }, startedAt: new Date().toISOString(), sms: { otherParty: '0861111111' } }] }, 'accepted');
  await change('admin', 'tenantClockAdvance', 'businessTime', { until: new Date(Date.now() + 35 * 86_400_000).toISOString() }, 'businessTime');
  const close = (settlementAccountId: string) => change<string>('finance', 'statementClose', 'statement { id }', { settlementAccountId, periodFrom: firstDay }, 'statement', 'id');
  statement = await close(settlementAccount);
  const foreign = await close(stranger.account);
  const ask = (id: string): Promise<Told> => api.ask('partner', 'query($id: ID!) { statement(id: $id) { id } }', { id });
  const absent = await ask(foreign);
  expect(bytesOf(await ask(statement))).toBe(bytesOf(absent));
  const accept = (id: string): Promise<Told> => api.ask('partner', 'mutation($input: StatementAcceptInput!) { statementAccept(input: $input) { errors { code } } }',
    { input: { statementId: id, expectedVersion: 1 } });
  expect((await accept(statement)).data).toEqual({ statementAccept: { errors: [{ code: 'NOT_FOUND' }] } });
  for (const id of [statement, foreign]) await change('finance', 'statementPublish', 'statement { id }', { statementId: id, expectedVersion: 1 }, 'statement', 'id');
  expect((await ask(foreign)).data).toEqual({ statement: null });
  expect((await ask(statement)).data).toEqual({ statement: { id: statement } });
});

interface SharedLine {
  readonly count: string;
  readonly exactShare: { readonly amount: string };
  readonly shares: { readonly nodes: { readonly number: string; readonly share: { readonly amount: string } }[]; readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean } };
}

test('a line leads to its shares, page by page, in a fixed order', async () => {
  const pages: { number: string; share: { amount: string } }[] = [];
  for (let after: string | null = null, more = true; more;) {
    const line: SharedLine = await got<SharedLine>(
      api, 'partner', SHARES, { id: statement, first: 2, after }, 'statement', 'lines', 'nodes', 0);
    expect(line).toMatchObject({ count: '5', exactShare: { amount: total } });
    pages.push(...line.shares.nodes);
    ({ hasNextPage: more, endCursor: after } = line.shares.pageInfo);
  }
  expect(pages.map(({ number }) => number)).toEqual(['1', '2', '3', '4', '5']);
  expect(new Set(pages.map(({ share }) => share.amount))).toEqual(new Set(['0.853658']));
});

test('no path from a partner shows whose charge it is, nor another partner\'s, not even inside an id', async () => {
  const answers: string[] = [];
  for (const path of pathsFrom(api.schema, 'Partner', 4)) {
    const told = await api.ask('partner', `{ viewerPartner { ${path} } }`);
    expect(told.errors).toEqual([]);
    answers.push(told.text);
  }
  answers.push((await api.ask('partner', SHARES, { id: statement, first: 50 })).text);
  const all = answers.join('\n');
  expect(all).toContain(statement);
  const keys = Object.values(accounts).map((id) => Buffer.from(id, 'base64url').toString().split(':')[1]!);
  const opened = insides(all);
  for (const secret of [...Object.values(NUMBERS), ...Object.values(accounts), ...keys, 'Byrne', 'Walsh', 'Nolan', stranger.id, stranger.account, 'Stranger Works']) {
    expect([secret, all.includes(secret), opened.includes(secret)]).toEqual([secret, false, false]);
  }
  expect(opened).not.toMatch(/^(Charge|Usage|Product|BillingAccount|Customer):/m);
});

test('who proposes agreements sees partners and not what they are owed', async () => {
  const told = await api.ask('catalog', '{ partners { nodes { name runningTotals { currency } } } }');
  expect(told.errors.map(({ extensions: { code } }) => code)).toContain('FORBIDDEN');
  expect((await api.ask('catalog', '{ partners { nodes { name } } }')).errors).toEqual([]);
});
