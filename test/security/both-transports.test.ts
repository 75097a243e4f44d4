import { RawSocket } from '../api/server.fixture';
import { LiveApi, neutral, openLiveApi } from './live-api';
import { maskReader } from './masking';
import { furnish, Owned } from './sweep/world';

/** Both transports ask for the same selection on a billing account of Bob's. */
type Transport = 'http' | 'ws';
const TRANSPORTS: readonly Transport[] = ['http', 'ws'];

let api: LiveApi;
let bob: Owned;
let socket: RawSocket;
/** Everything that came back on either transport, for the last test. */
const heard: string[] = [];

beforeAll(async () => {
  api = await openLiveApi();
  ({ bob } = await furnish(api));
  socket = await api.socket('bob');
}, 120_000);
afterAll(async () => {
  socket.close();
  await api.close();
});

interface Refusal {
  readonly code: string | undefined;
  readonly text: string;
}

let count = 0;
/** One operation as the transport sends it; the code of its first error and all that came. */
async function send(transport: Transport, query: string, variables: Record<string, unknown> = {}): Promise<Refusal> {
  if (transport === 'http') {
    const told = await api.ask('bob', query, variables);
    heard.push(told.text);
    return { code: told.errors[0]?.extensions.code, text: told.text };
  }
  count += 1;
  // A socket admits ten subscribes a second and twenty at once: each ten get a socket of their own.
  if (count % 10 === 0) {
    socket.close();
    socket = await api.socket('bob');
  }
  const id = `op-${count}`;
  socket.subscribe(id, query, variables);
  const message = await socket.until((one) => one.id === id);
  socket.send({ id, type: 'complete' });
  const text = JSON.stringify(message);
  heard.push(text);
  return { code: /"code":"([A-Z_]+)"/.exec(text)?.[1], text };
}

/** The selection on an account, under the transport's own root field. */
function on(transport: Transport, selection: string, fragments = ''): string {
  const root = transport === 'http' ? 'query($id: ID!) { billingAccount(id: $id) {' : 'subscription($id: ID!) { balanceChanged(accountId: $id) { buckets { account {';
  return `${root} ${selection} ${transport === 'http' ? '} }' : '} } } }'} ${fragments}`;
}

const repeat = (times: number, text: (index: number) => string): string => Array.from({ length: times }, (_, index) => text(index)).join(' ');
const nested = (depth: number): string => `${'parent { '.repeat(depth)} id ${'} '.repeat(depth)}`;
const doubling = repeat(30, (i) => `fragment f${i} on BillingAccount { ...f${i + 1} ...f${i + 1} }`);

describe.each(TRANSPORTS)('limits over %s', (transport) => {
  test.each([
    ['tokens', repeat(1_001, () => 'id'), '', 'GRAPHQL_PARSE_FAILED'],
    ['depth', nested(12), '', 'QUERY_TOO_COMPLEX'],
    ['depth through fragments', '...deep', `fragment deep on BillingAccount { ${nested(12)} }`, 'QUERY_TOO_COMPLEX'],
    ['aliases', repeat(16, (i) => `a${i}: id`), '', 'QUERY_TOO_COMPLEX'],
    ['aliases through fragments', '...a ...a', `fragment a on BillingAccount { ${repeat(8, (i) => `a${i}: id`)} }`, 'QUERY_TOO_COMPLEX'],
    ['aliases of __typename', repeat(101, (i) => `a${i}: __typename`), '', 'QUERY_TOO_COMPLEX'],
    ['selections, __typename counted', repeat(251, () => '__typename'), '', 'QUERY_TOO_COMPLEX'],
    ['selections through doubling fragments', '...f0', `${doubling} fragment f30 on BillingAccount { id }`, 'QUERY_TOO_COMPLEX'],
    ['selections in inline fragments', repeat(126, () => '... { id }'), '', 'QUERY_TOO_COMPLEX'],
    ['directives', repeat(51, () => 'id @include(if: true)'), '', 'QUERY_TOO_COMPLEX'],
    ['a fragment inside itself', '...loop', 'fragment loop on BillingAccount { parent { ...loop } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['first above 100', 'charges(first: 101) { nodes { id } }', '', 'BAD_USER_INPUT'],
    ['first of 0', 'charges(first: 0) { nodes { id } }', '', 'BAD_USER_INPUT'],
    ['first below 0', 'charges(first: -1) { nodes { id } }', '', 'BAD_USER_INPUT'],
    ['objects', 'charges(first: 100) { nodes { account { charges(first: 100) { nodes { id } } } } }', '', 'QUERY_TOO_COMPLEX'],
    ['a word that is no field', 'nam', '', 'GRAPHQL_VALIDATION_FAILED'],
    ['a word that is no argument', 'charges(frist: 1) { nodes { id } }', '', 'GRAPHQL_VALIDATION_FAILED'],
  ])('%s', async (_limit, selection, fragments, code) => {
    expect(await send(transport, on(transport, selection, fragments), { id: bob.accountId })).toMatchObject({ code });
  });

  test.each([
    ['aliases', repeat(15, (i) => `a${i}: id`)],
    ['selections', repeat(240, () => '__typename')],
    ['first', 'charges(first: 100) { nodes { id } }'],
  ])('%s may go up to the limit', async (_limit, selection) => {
    const { code, text } = await send(transport, on(transport, selection), { id: bob.accountId });
    expect(code).toBeUndefined();
    expect(text).toContain('"data"');
  });

  test('a document that is none', async () => {
    expect(await send(transport, '{ "select * from charge"')).toMatchObject({ code: 'GRAPHQL_PARSE_FAILED' });
  });

  test.each([
    ['an object for an id', { id: { secret: 'SECRET4111' } }],
    ['a list for an id', { id: ['SECRET4111'] }],
    ['nothing', {}],
  ])('a wrong variable is not echoed: %s', async (_what, variables) => {
    const { code, text } = await send(transport, on(transport, 'id'), variables);
    expect(code).toBe('BAD_USER_INPUT');
    expect(text).not.toContain('SECRET4111');
  });

  test('the schema is not shown, not even a type of it', async () => {
    for (const selection of ['__schema { types { name } }', '__type(name: "Charge") { fields { name } }']) {
      const document = transport === 'http' ? `{ ${selection} }` : `subscription { ${selection} }`;
      const { code, text } = await send(transport, document);
      expect(code).toMatch(/^(FORBIDDEN|GRAPHQL_VALIDATION_FAILED)$/);
      expect(text).not.toMatch(/"name":|ChargeConnection/);
    }
    expect((await send(transport, on(transport, '...i', 'fragment i on BillingAccount { __schema { types { name } } }'), { id: bob.accountId })).code)
      .toBe('GRAPHQL_VALIDATION_FAILED');
  });
});

describe('what one transport alone takes', () => {
  test('a websocket takes no query and no mutation', async () => {
    expect(await send('ws', '{ businessTime }')).toMatchObject({ code: 'BAD_REQUEST' });
    expect(await send('ws', 'mutation { individualCreate(input: { familyName: "x" }) { errors { code } } }')).toMatchObject({ code: 'BAD_REQUEST' });
    expect(await send('ws', '{ __schema { types { name } } }')).toMatchObject({ code: 'BAD_REQUEST' });
  });

  test('HTTP takes no subscription', async () => {
    expect(await send('http', on('ws', 'id'), { id: bob.accountId })).toMatchObject({ code: 'BAD_REQUEST' });
  });

  test('a request holds one mutation that moves money', async () => {
    const pay = (alias: string): string => `${alias}: balanceTransfer(input: { fromAccountId: "a", toAccountId: "b", amount: { amount: "1", currency: "EUR" }, idempotencyKey: "k" }) { errors { code } }`;
    expect(await send('http', `mutation { ${pay('a')} ${pay('b')} }`)).toMatchObject({ code: 'QUERY_TOO_COMPLEX' });
    expect(await send('http', `mutation { ...two } fragment two on Mutation { ${pay('a')} ${pay('b')} }`)).toMatchObject({ code: 'QUERY_TOO_COMPLEX' });
  });
});

describe('a broken database', () => {
  beforeAll(async () => void (await api.database.ownerPool.query('alter table billing_account rename to gone_account')));
  afterAll(async () => void (await api.database.ownerPool.query('alter table gone_account rename to billing_account')));

  test.each(TRANSPORTS)('over %s only the fact is told', async (transport) => {
    const { code, text } = await send(transport, on(transport, 'id'), { id: bob.accountId });
    expect(code).toBe('INTERNAL');
    expect(neutral(text)).toContain('Something failed on our side.');
  });

  test('the log knows more', () => {
    expect(api.logLines.filter((line) => line.includes('42P01')).length).toBeGreaterThanOrEqual(2);
  });
});

describe('closing words of sockets', () => {
  test.each([
    ['a wrong token', { type: 'connection_init', payload: { authorization: 'Bearer nonsense' } }, 4403],
    ['no token', { type: 'connection_init' }, 4401],
    ['a subscription before the token', { type: 'subscribe', id: '1', payload: { query: 'subscription { x }' } }, 4401],
    ['a message of no type', { type: 'select * from charge' }, 4400],
  ])('%s', async (_what, message, code) => {
    const one = await RawSocket.open(api.server);
    one.send(message);
    const { code: closed, reason } = await one.closed;
    heard.push(reason);
    expect(closed).toBe(code);
  });

  test('an id that is in use', async () => {
    const one = await api.socket('bob');
    for (const id of ['x', 'x']) one.subscribe(id, on('ws', 'id'), { id: bob.accountId });
    const { code, reason } = await one.closed;
    heard.push(reason);
    expect(code).toBe(4409);
  });

  test('binary frames, frames above 64 KiB and another subprotocol', async () => {
    const binary = await api.socket('alice');
    binary.socket.send(Buffer.from([1, 2, 3]));
    expect((await binary.closed).code).toBe(1003);
    const large = await api.socket('alice');
    large.socket.send('x'.repeat(65 * 1024));
    expect((await large.closed).code).toBe(1009);
    const other = await RawSocket.open(api.server, { protocol: 'graphql-ws' }).then((one) => one.closed, (error: Error) => error.message);
    expect(other).toBe('Server sent no subprotocol');
  });

  test('a page of another origin opens none', async () => {
    await expect(RawSocket.open(api.server, { origin: 'https://evil.example' })).rejects.toThrow('HTTP 403');
  });
});

test('nothing that came back tells of the inside', async () => {
  const find = await maskReader(api.database.ownerPool);
  expect(find(['insert into "price_version"', 'TypeError: x at y (/src/a.ts:1:2)']).length).toBeGreaterThan(2);
  expect(heard.length).toBeGreaterThan(50);
  expect(find(heard)).toEqual([]);
});
