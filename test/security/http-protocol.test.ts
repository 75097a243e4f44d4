import { LiveApi, openLiveApi } from './live-api';
import { maskReader } from './masking';

/**
 * The musts of GraphQL over HTTP as the public audit of graphql-http asks them, and the thirteen checks of graphql-cop, as
 * tests of our own: both scanners want a server that answers anonymous callers, which ours does for `__typename`.
 */
let api: LiveApi;
const heard: string[] = [];
beforeAll(async () => {
  api = await openLiveApi();
}, 120_000);
afterAll(() => api.close());

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly json: Record<string, unknown> | null;
}

const JSON_TYPE = 'application/json';
const RESPONSE_TYPE = 'application/graphql-response+json';

async function send(init: RequestInit & { readonly search?: string }): Promise<Reply> {
  const response = await fetch(`${api.server.address}/graphql${init.search ?? ''}`, init);
  const text = await response.text();
  heard.push(text);
  const json = text.startsWith('{') ? JSON.parse(text) as Record<string, unknown> : null;
  return { status: response.status, type: response.headers.get('content-type') ?? '', text, json };
}

const post = (body: unknown, headers: Record<string, string> = {}): Promise<Reply> =>
  send({ method: 'POST', headers: { 'content-type': JSON_TYPE, ...headers }, body: typeof body === 'string' ? body : JSON.stringify(body) });
const get = (params: Record<string, string>, headers: Record<string, string> = { 'x-request-id': 'audit-get', accept: JSON_TYPE }): Promise<Reply> =>
  send({ method: 'GET', search: `?${new URLSearchParams(params).toString()}`, headers });

const TYPENAME = { query: '{ __typename }' };
const ANSWERED = { data: { __typename: 'Query' } };

describe('GraphQL over HTTP', () => {
  test.each([
    ['nothing', {}, JSON_TYPE], ['anything', { accept: '*/*' }, JSON_TYPE], ['JSON', { accept: JSON_TYPE }, JSON_TYPE],
    ['the media type of responses', { accept: RESPONSE_TYPE }, RESPONSE_TYPE],
    ['that one first', { accept: `${RESPONSE_TYPE}, ${JSON_TYPE};q=0.9` }, RESPONSE_TYPE],
  ])('POST where the caller accepts %s', async (_what, headers, type) => {
    const reply = await post(TYPENAME, headers);
    expect(reply).toMatchObject({ status: 200, json: ANSWERED });
    expect(reply.type).toMatch(new RegExp(`^${type.replace('+', '\\+')}; *charset=utf-8$`));
  });

  test.each([
    ['null operationName', { ...TYPENAME, operationName: null }], ['null variables', { ...TYPENAME, variables: null }],
    ['null extensions', { ...TYPENAME, extensions: null }], ['empty variables', { ...TYPENAME, variables: {} }],
    ['a named operation', { query: 'query A { __typename } query B { b: __typename }', operationName: 'A' }],
    ['a map of extensions', { ...TYPENAME, extensions: { some: 'value' } }],
    ['a charset', TYPENAME],
  ])('POST takes %s', async (what, body) => {
    expect(await post(body, what === 'a charset' ? { 'content-type': 'application/json; charset=utf-8' } : {})).toMatchObject({ status: 200, json: ANSWERED });
  });

  test.each([
    ['query is missing', {}], ['query is null', { query: null }], ['query is a number', { query: 0 }], ['query is true', { query: true }],
    ['query is a list', { query: ['array'] }], ['query is a map', { query: { obj: 'ect' } }],
    ['operationName is a number', { ...TYPENAME, operationName: 0 }], ['operationName is a map', { ...TYPENAME, operationName: { obj: 'ect' } }],
    ['operationName is a list', { ...TYPENAME, operationName: ['array'] }],
    ['variables are a text', { ...TYPENAME, variables: 'string' }], ['variables are a number', { ...TYPENAME, variables: 0 }],
    ['variables are a list', { ...TYPENAME, variables: ['array'] }], ['variables are false', { ...TYPENAME, variables: false }],
    ['extensions are a text', { ...TYPENAME, extensions: 'string' }], ['extensions are a number', { ...TYPENAME, extensions: 0 }],
    ['extensions are a list', { ...TYPENAME, extensions: ['array'] }],
    ['the body is no JSON', '{ "not a JSON'], ['the body is a list', [TYPENAME]], ['the body is a text', '"query"'], ['the body is empty', ''],
    ['the document does not parse', { query: '{' }], ['the document does not fit', { query: '{ 8f31403dfe404bccbb0e835f2629c6a7 }' }],
    ['the field does not exist', { query: '{ thisFieldDoesNotExist }' }],
    ['the operation is not there', { query: 'query A { __typename }', operationName: 'B' }],
    ['a variable has the wrong type', { query: 'query($id: ID!) { node(id: $id) { id } }', variables: { id: { a: 1 } } }],
  ])('%s: a coded 400 without data, in both media types', async (_what, body) => {
    for (const accept of [JSON_TYPE, RESPONSE_TYPE]) {
      const reply = await post(body, { accept });
      expect(reply.status).toBe(400);
      expect(reply.json).not.toHaveProperty('data');
      expect(reply.json).toMatchObject({ errors: [{ message: expect.any(String), extensions: { code: expect.stringMatching(/^[A-Z_]+$/), requestId: expect.any(String) } }] });
    }
  });

  test('GET answers queries', async () => {
    expect(await get(TYPENAME)).toMatchObject({ status: 200, json: ANSWERED });
    expect(await get({ query: 'query A { __typename } query B { b: __typename }', operationName: 'A' })).toMatchObject({ status: 200, json: ANSWERED });
    expect(await get({ query: 'query Type($id: ID!) { node(id: $id) { id } }', variables: '{"id":"x"}' })).toMatchObject({ json: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } });
    for (const variables of ['no-json', '[]', '1']) expect((await get({ ...TYPENAME, variables })).status).toBe(400);
    expect((await get({})).status).toBe(400);
  });

  test('other methods find no such address', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH']) expect([404, 405]).toContain((await send({ method })).status);
  });

  test.each([
    'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain', 'text/plain;charset=UTF-8', 'application/xml',
    'application/graphql', 'application/json-patch+json', 'application/json; charset=utf-16', '',
  ])('a body of type "%s" is not read', async (type) => {
    const reply = await post(new URLSearchParams(TYPENAME).toString(), { 'content-type': type });
    expect([400, 415]).toContain(reply.status);
    expect(reply.json).not.toHaveProperty('data');
  });

  test('bodies: up to 100 KiB for people, 1 MiB for the network', async () => {
    const body = (kib: number) => ({ ...TYPENAME, variables: { filler: 'x'.repeat(kib * 1024) } });
    const network = { authorization: `Bearer ${api.tokenOf('network') ?? ''}` };
    expect((await post(body(90))).status).toBe(200);
    expect(await post(body(101))).toMatchObject({ status: 413, json: { errors: [{ extensions: { code: 'BODY_TOO_LARGE' } }] } });
    expect((await post(body(101), { authorization: `Bearer ${api.tokenOf('crm') ?? ''}` })).status).toBe(413);
    expect((await post(body(900), network)).status).toBe(200);
    expect((await post(body(1025), network)).status).toBe(413);
  });
});

describe('graphql-cop', () => {
  const repeat = (times: number, text: (index: number) => string): string => Array.from({ length: times }, (_, index) => text(index)).join(' ');

  test('1 field suggestions', async () => {
    expect((await post({ query: 'query cop { __schema { directive } }' })).text).not.toContain('Did you mean');
    expect((await post({ query: '{ viewr { nme } }' })).text).not.toMatch(/Did you mean|viewer/);
  });
  test('2 introspection', async () => {
    expect((await post({ query: 'query cop { __schema { types { name fields { name } } } }' })).json).not.toHaveProperty('data');
  });
  test('3 an IDE from elsewhere', async () => {
    const reply = await send({ method: 'GET', headers: { accept: 'text/html' } });
    expect(reply.text).not.toMatch(/graphiql\.min\.css|GraphQL Playground|GraphQL Console|graphql-playground|https?:\/\//);
    for (const path of ['/graphiql', '/playground', '/console']) expect((await fetch(`${api.server.address}${path}`, { headers: { accept: 'text/html' } })).status).toBe(404);
  });
  test('4 tracing', async () => {
    expect((await post({ query: 'query cop { __typename }' }, { 'x-apollo-tracing': '1' })).text).not.toContain('tracing');
  });
  test('5 alias overloading', async () => {
    expect((await post({ query: `query cop { ${repeat(101, (i) => `alias${i}: __typename`)} }` })).json).not.toHaveProperty('data');
  });
  test('6 batching', async () => {
    expect((await post(Array.from({ length: 10 }, () => ({ query: 'query cop { __typename }' })))).status).toBe(400);
  });
  test('7 directive overloading', async () => {
    for (const directive of ['@aa', '@skip(if: false)']) {
      expect((await post({ query: `query cop { __typename ${repeat(60, () => directive)} }` })).json).not.toHaveProperty('data');
    }
  });
  test('8 circular introspection', async () => {
    const circle = 'query cop { __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } }';
    expect((await post({ query: circle })).json).not.toHaveProperty('data');
  });
  test('9 field duplication', async () => {
    expect((await post({ query: `query cop { ${repeat(500, () => '__typename')} }` })).json).not.toHaveProperty('data');
  });
  test('10 mutation by GET', async () => {
    const reply = await get({ query: 'mutation cop { __typename }' });
    expect(reply).toMatchObject({ status: 405 });
    expect(reply.json).not.toHaveProperty('data');
    const signedIn = { 'x-request-id': 'cop', authorization: `Bearer ${api.tokenOf('crm') ?? ''}` };
    expect((await get({ query: 'mutation { individualCreate(input: { familyName: "Get" }) { errors { code } } }' }, signedIn)).status).toBe(405);
    expect((await api.database.ownerPool.query(`select from party where family_name = 'Get'`)).rowCount).toBe(0);
  });
  test('11 urlencoded POST', async () => {
    expect((await post('query=query+cop+%7B__typename%7D', { 'content-type': 'application/x-www-form-urlencoded' })).json).not.toHaveProperty('data');
  });
  test('12 GET without a header that a page of another site cannot send', async () => {
    for (const accept of ['*/*', JSON_TYPE, 'image/png']) {
      const reply = await get(TYPENAME, { accept });
      expect(reply.status).toBe(400);
      expect(reply.json).not.toHaveProperty('data');
    }
  });
  test('13 unhandled errors', async () => {
    for (const query of ['qwerty cop { abc }', 'query cop { __typename', '\u0000']) {
      const reply = await post({ query }, { authorization: `Bearer ${api.tokenOf('crm') ?? ''}` });
      expect(reply.text).not.toMatch(/exception|trace|stack/i);
      expect(reply.json).toMatchObject({ errors: expect.any(Array) });
    }
  });
});

test('a guesser of names learns none that it did not send', async () => {
  const words = ['users', 'user', 'account', 'balance', 'chrge', 'prodct', 'custmer', 'me', 'admin', 'node2', 'billingAcount', 'viewe'];
  const texts = await Promise.all(words.map(async (word) => (await post({ query: `{ ${word} { idd } }` })).text));
  const names = Object.keys(api.schema.getQueryType()?.getFields() ?? {}).filter((name) => !words.includes(name));
  expect(names.filter((name) => texts.some((text) => text.includes(name)))).toEqual([]);
  expect(new Set(texts.map((text) => text.replace(/"requestId":"[^"]*"|"column":\d+/g, ''))).size).toBeLessThanOrEqual(2);
});

test('nothing that came back tells of the inside', async () => {
  const find = await maskReader(api.database.ownerPool);
  const answers = heard.filter((text) => text.startsWith('{'));
  expect(answers.length).toBeGreaterThan(80);
  expect(find(answers)).toEqual([]);
});
