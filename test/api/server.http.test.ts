import { ask, LEAKY, read, startTestServer, TestServer } from './server.fixture';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** Words of databases, tables, paths, stacks, hosts and libraries. */
const INTERNALS = /insert into|select |constraint|pkey|charge_|\/srv|\.ts\b|node_modules|\bat .*\d+:\d+|db-7|internal\b|apollo|fastify|type-?graphql|graphql-js|pg\b|stacktrace/i;

describe('answers', () => {
  test('a query, with its cost and request id', async () => {
    const answer = await ask(server, '{ ping }', { headers: { 'x-request-id': 'my-request-1' } });
    expect(answer).toMatchObject({ status: 200, data: { ping: 'pong' }, errors: [] });
    expect(answer.headers.get('x-request-id')).toBe('my-request-1');
    expect(answer.extensions.cost).toMatchObject({ requested: 1, limit: 20_000 });
  });

  test('an ill-formed request id is replaced', async () => {
    const answer = await ask(server, '{ ping }', { headers: { 'x-request-id': 'a b<script>' } });
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('exact numbers pass as strings, beyond the floats', async () => {
    const query = 'query ($d: Decimal, $w: BigInt, $i: DateTime) { echo(decimal: $d, whole: $w, instant: $i) { decimal whole instant } }';
    const variables = { d: '123456789012345678901234567890.123456', w: '9223372036854775807', i: '2026-11-21T10:00:00+02:00' };
    const answer = await ask(server, query, { variables });
    expect(answer.data?.echo).toEqual({ decimal: variables.d, whole: variables.w, instant: '2026-11-21T08:00:00.000Z' });
  });

  test('a JSON number where an exact number belongs is refused, not rounded', async () => {
    const body = '{"query":"query ($w: BigInt) { echo(whole: $w) { whole } }","variables":{"w":9007199254740993}}';
    const answer = await read(await fetch(`${server.address}/graphql`, {
      method: 'POST', body, headers: { 'content-type': 'application/json', authorization: 'Bearer SUBSCRIBER.alice' },
    }));
    expect(answer).toMatchObject({ status: 400, errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
    expect(answer.text).not.toContain('900719925474099');
  });

  test('the log line of an operation has no variables and no token', async () => {
    await ask(server, 'mutation Tell($t: String!) { note(text: $t) }', { variables: { t: '+353861234567' }, headers: { 'x-request-id': 'log-line-1' } });
    const line = server.logLines.find((one) => one.includes('log-line-1')) ?? '';
    expect(JSON.parse(line)).toMatchObject({ operation: 'Tell', type: 'mutation', role: 'SUBSCRIBER', tenantId: 1, outcome: 'OK' });
    expect(server.logLines.join('')).not.toMatch(/353861234567|SUBSCRIBER\.alice/);
  });
});

describe('who may', () => {
  test.each([
    ['nobody, where a role is asked', null, '{ secret }', 'UNAUTHENTICATED', 200],
    ['another role', 'SUBSCRIBER.alice', '{ secret }', 'FORBIDDEN', 200],
    ['a token that is not valid', 'HACKER', '{ ping }', 'UNAUTHENTICATED', 401],
  ])('%s is refused', async (_who, token, query, code, status) => {
    const answer = await ask(server, query, { token });
    expect(answer).toMatchObject({ status, errors: [{ extensions: { code } }] });
    expect(answer.errors[0]?.extensions.requestId).toBe(answer.headers.get('x-request-id'));
    expect(answer.text).not.toContain('gold');
  });

  test('why a token was refused is for the log only', async () => {
    const answer = await ask(server, '{ ping }', { token: 'HACKER', headers: { 'x-request-id': 'refused-token-1' } });
    const line = JSON.parse(server.logLines.find((one) => one.includes('refused-token-1')) ?? '{}') as Record<string, unknown>;
    expect(line).toMatchObject({ msg: 'token refused', reason: 'unknown' });
    expect(answer.text).not.toContain('unknown');
  });

  test('anonymous callers reach what is open to them', async () => {
    expect((await ask(server, '{ ping }', { token: null })).data).toEqual({ ping: 'pong' });
  });

  test('an Authorization header of another scheme is refused', async () => {
    const answer = await ask(server, '{ ping }', { token: null, headers: { authorization: 'Basic YTpi' } });
    expect(answer).toMatchObject({ status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  test('introspection is closed, but for the administrator', async () => {
    const query = '{ __schema { queryType { name } } }';
    expect(await ask(server, query)).toMatchObject({ status: 403, errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    expect(await ask(server, 'query { ...s } fragment s on Query { __type(name: "Item") { name } }')).toMatchObject({ status: 403 });
    expect((await ask(server, query, { token: 'ADMIN.root' })).data).toEqual({ __schema: { queryType: { name: 'Query' } } });
  });
});

const repeat = (count: number, text: (index: number) => string): string => Array.from({ length: count }, (_, index) => text(index)).join(' ');
const nested = (depth: number): string => `{ items { nodes ${'{ same '.repeat(depth)} { id } ${'}'.repeat(depth)} } }`;
const PAY = 'pay(money: { amount: "1.00", currency: "EUR" })';

describe('limits', () => {
  test.each([
    ['tokens', `{ ${repeat(1_001, () => 'ping')} }`, 'GRAPHQL_PARSE_FAILED'],
    ['depth', nested(10), 'QUERY_TOO_COMPLEX'],
    ['aliases', `{ ${repeat(16, (i) => `a${i}: ping`)} }`, 'QUERY_TOO_COMPLEX'],
    ['aliases through fragments', `{ ...a ...a } fragment a on Query { ${repeat(8, (i) => `a${i}: ping`)} }`, 'QUERY_TOO_COMPLEX'],
    ['selections, __typename counted', `{ ${repeat(251, () => '__typename')} }`, 'QUERY_TOO_COMPLEX'],
    ['selections through doubling fragments', `{ ...f0 } ${repeat(30, (i) => `fragment f${i} on Query { ...f${i + 1} ...f${i + 1} }`)} fragment f30 on Query { ping }`, 'QUERY_TOO_COMPLEX'],
    ['directives', `{ ${repeat(51, () => 'ping @include(if: true)')} }`, 'QUERY_TOO_COMPLEX'],
    ['first above 100', '{ items(first: 101) { nodes { id } } }', 'BAD_USER_INPUT'],
    ['first below 1', '{ items(first: 0) { nodes { id } } }', 'BAD_USER_INPUT'],
    ['node estimate', '{ items(first: 100) { nodes { items2(first: 100) { nodes { id } } } } }', 'QUERY_TOO_COMPLEX'],
    ['two money moves', `mutation { a: ${PAY} b: ${PAY} }`, 'QUERY_TOO_COMPLEX'],
    ['two money moves through a fragment', `mutation { ...p b: ${PAY} } fragment p on Mutation { ${PAY} }`, 'QUERY_TOO_COMPLEX'],
    ['subscriptions over HTTP', 'subscription { ticks(count: 1) }', 'BAD_REQUEST'],
  ])('%s', async (_limit, query, code) => {
    expect(await ask(server, query)).toMatchObject({ status: 400, data: undefined, errors: [{ extensions: { code } }] });
  });

  test.each([
    ['depth', nested(9)],
    ['aliases', `{ ${repeat(15, (i) => `a${i}: ping`)} }`],
    ['selections', `{ ${repeat(250, () => '__typename')} }`],
    ['directives', `{ ${repeat(50, () => 'ping @include(if: true)')} }`],
    ['first', '{ items(first: 100) { nodes { items2(first: 99) { nodes { id } } } } }'],
    ['money moves', `mutation { ${PAY} n: note(text: "x") }`],
  ])('%s may go up to the limit', async (_limit, query) => {
    expect(await ask(server, query)).toMatchObject({ status: 200, errors: [] });
  });

  test.each([[101], [0], [-5]])('first in a variable: %d', async (first) => {
    const answer = await ask(server, 'query ($n: Int!) { items(first: $n) { nodes { id } } }', { variables: { n: first } });
    expect(answer).toMatchObject({ status: 400, errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });

  test('the node estimate reads variables and their defaults', async () => {
    const query = 'query ($n: Int! = 100) { items(first: 100) { nodes { items2(first: $n) { nodes { id } } } } }';
    expect(await ask(server, query)).toMatchObject({ errors: [{ extensions: { code: 'QUERY_TOO_COMPLEX' } }] });
    expect((await ask(server, query, { variables: { n: 1 } })).extensions.cost.requested).toBe(201);
  });

  test('arrays of operations are refused', async () => {
    const response = await fetch(`${server.address}/graphql`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify([{ query: '{ ping }' }, { query: '{ ping }' }]),
    });
    expect(await read(response)).toMatchObject({ status: 400, errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  });

  test('a large body is refused, but for the network, whose token is read first', async () => {
    const large = { variables: { t: 'x'.repeat(200 * 1024) } };
    const query = 'mutation ($t: String!) { note(text: $t) }';
    expect(await ask(server, query, large)).toMatchObject({ status: 413, errors: [{ extensions: { code: 'BODY_TOO_LARGE' } }] });
    expect((await ask(server, query, { ...large, token: 'NETWORK.smf' })).status).toBe(200);
    expect(await ask(server, query, { ...large, token: 'WRONG' })).toMatchObject({ status: 401 });
    const larger = { variables: { t: 'x'.repeat(1024 * 1024) }, token: 'NETWORK.smf' };
    expect((await ask(server, query, larger)).status).toBe(413);
  });

  test('a large body without a stated length is refused too', async () => {
    const body = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 20; i++) controller.enqueue(new TextEncoder().encode(' '.repeat(10_000)));
        controller.close();
      },
    });
    const request = { method: 'POST', body, duplex: 'half', headers: { 'content-type': 'application/json' } } as RequestInit;
    expect((await fetch(`${server.address}/graphql`, request)).status).toBe(413);
  });
});

describe('transport rules', () => {
  const post = (headers: Record<string, string>, body: string | Buffer): Promise<Response> => fetch(`${server.address}/graphql`, { method: 'POST', headers, body });

  test.each([
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'query={ping}', 415],
    ['plain text', { 'content-type': 'text/plain' }, '{"query":"{ping}"}', 415],
    ['multipart', { 'content-type': 'multipart/form-data; boundary=x' }, '--x--', 415],
    ['another charset', { 'content-type': 'application/json; charset=latin1' }, '{"query":"{ping}"}', 415],
    ['broken JSON', { 'content-type': 'application/json' }, '{"query":', 400],
    ['bytes that are not UTF-8', { 'content-type': 'application/json' }, Buffer.from([0x7b, 0xff, 0x7d]), 415],
    ['no query', { 'content-type': 'application/json' }, '{"variables":{}}', 400],
    ['a query that is no text', { 'content-type': 'application/json' }, '{"query":{"kind":"Document"}}', 400],
    ['variables that are no object', { 'content-type': 'application/json' }, '{"query":"{ping}","variables":"x"}', 400],
    ['a persisted query', { 'content-type': 'application/json' }, '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"abc"}}}', 400],
    ['a persisted query with its text', { 'content-type': 'application/json' }, '{"query":"{pingg}","extensions":{"persistedQuery":{"version":1,"sha256Hash":"abc"}}}', 400],
    ['extensions that are no object', { 'content-type': 'application/json' }, '{"query":"{ping}","extensions":[1]}', 400],
    ['an unknown operation name', { 'content-type': 'application/json' }, '{"query":"query A{ping} query B{ping}","operationName":"C"}', 400],
    ['null', { 'content-type': 'application/json' }, 'null', 400],
  ])('%s is refused with a code and a request id, in our own words', async (_what, headers, body, status) => {
    const answer = await read(await post(headers, body));
    expect(answer.status).toBe(status);
    expect(answer.errors[0]?.extensions.code).toMatch(/^(BAD_REQUEST|UNSUPPORTED_MEDIA_TYPE|OPERATION_RESOLUTION_FAILURE|GRAPHQL_VALIDATION_FAILED)$/);
    expect(answer.errors[0]?.extensions.requestId).toBe(answer.headers.get('x-request-id'));
    expect(answer.text).not.toMatch(INTERNALS);
  });

  test('GET answers queries of non-browsers only, and never changes anything', async () => {
    const get = async (query: string, headers: Record<string, string> = { 'x-request-id': 'get-request' }) =>
      read(await fetch(`${server.address}/graphql?query=${encodeURIComponent(query)}`, { headers }));
    expect((await get('{ ping }')).data).toEqual({ ping: 'pong' });
    expect(await get('{ ping }', {})).toMatchObject({ status: 400, errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
    const changing = await get('mutation { note(text: "x") }', { 'x-request-id': 'get-request', authorization: 'Bearer SUBSCRIBER.alice' });
    expect(changing).toMatchObject({ status: 405, errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  });

  test.each([
    ['{}', 200], ['{"persistedQuery":{}}', 200], ['{"persistedQuery":{"version":1,"sha256Hash":"abc"}}', 200], ['[]', 400], ['{', 400], ['1', 400],
  ])('GET with the extensions %s', async (extensions, status) => {
    const search = new URLSearchParams({ query: '{ ping }', extensions }).toString();
    const answer = await read(await fetch(`${server.address}/graphql?${search}`, { headers: { 'x-request-id': 'get-request' } }));
    expect(answer).toMatchObject(status === 200 ? { status, data: { ping: 'pong' }, errors: [] } : { status, errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  });

  test('only listed origins may read answers', async () => {
    const from = async (origin: string) => (await ask(server, '{ ping }', { headers: { origin } })).headers.get('access-control-allow-origin');
    expect(await from('https://shop.example')).toBe('https://shop.example');
    expect(await from(server.address)).toBe(server.address);
    expect(await from('https://evil.example')).toBeNull();
    expect(await from('null')).toBeNull();
  });

  test('preflight names methods and headers to listed origins only', async () => {
    const preflight = (origin: string) => fetch(`${server.address}/graphql`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });
    expect((await preflight('https://shop.example')).headers.get('access-control-allow-headers')).toContain('authorization');
    const foreign = await preflight('https://evil.example');
    expect(foreign.status).toBe(204);
    expect(foreign.headers.get('access-control-allow-headers')).toBeNull();
  });

  test('an unknown address is told in the same form', async () => {
    const answer = await read(await fetch(`${server.address}/admin`));
    expect(answer).toMatchObject({ status: 404, errors: [{ extensions: { code: 'NOT_FOUND' } }] });
  });
});

describe('what failures tell', () => {
  test.each([['boom'], ['foreignError']])('%s: nothing of the inside', async (field) => {
    const answer = await ask(server, `{ ${field} }`, { headers: { 'x-request-id': `failing-${field}` } });
    expect(answer).toMatchObject({ status: 200, data: { [field]: null }, errors: [{ extensions: { code: 'INTERNAL', requestId: `failing-${field}` } }] });
    expect(answer.text.replace('INTERNAL', '')).not.toMatch(INTERNALS);
    const line = server.logLines.find((one) => one.includes(`failing-${field}`) && one.includes('operation failed'));
    expect(JSON.parse(line ?? '{}')).toMatchObject({ path: field, err: { message: expect.stringContaining('violates constraint') } });
    expect(line).not.toContain('charge_pkey');
  });

  test('a refusal out of a query keeps its own code and words', async () => {
    expect(await ask(server, '{ refusing }')).toMatchObject({ errors: [{ message: 'No such thing.', extensions: { code: 'NOT_FOUND' } }] });
  });

  test.each([
    ['a wrong decimal', 'mutation ($m: MoneyInput!) { pay(money: $m) }', { m: { amount: 'card 4111111111111111', currency: 'EUR' } }, '$m', 'm.amount'],
    ['an unknown input field', 'mutation ($m: MoneyInput!) { pay(money: $m) }', { m: { amount: '1', currency: 'EUR', curency: 'SECRET4111' } }, '$m', null],
    ['a missing field', 'mutation ($m: MoneyInput!) { pay(money: $m) }', { m: { amount: '1' } }, '$m', null],
    ['a missing variable', 'mutation ($m: MoneyInput!) { pay(money: $m) }', {}, '$m', null],
    ['a number for text', 'mutation ($t: String!) { note(text: $t) }', { t: 4111111111111111 }, '$t', null],
  ])('%s: the place, never the value nor the schema', async (_what, query, variables, variable, place) => {
    const answer = await ask(server, query, { variables });
    expect(answer).toMatchObject({ status: 400, errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
    expect(answer.errors[0]?.message).toContain(variable);
    if (place) expect(answer.errors[0]?.message).toContain(place);
    expect(answer.text).not.toMatch(/4111|curency|currency|Did you mean|Decimal|MoneyInput/);
  });

  test.each([
    ['a misspelt field', '{ pingg }'],
    ['a missing argument', 'mutation { note }'],
    ['a misspelt argument', 'mutation { note(tex: "a") }'],
    ['missing subfields', '{ items }'],
    ['a wrong type', 'query ($m: MoneyInpu!) { ping }'],
    ['a literal of the wrong form', '{ echo(decimal: "SECRET4111") { decimal } }'],
    ['an unused variable', 'query ($x: Int) { ping }'],
    ['a fragment cycle', '{ ...a } fragment a on Query { ...a }'],
  ])('%s: a guesser learns no name', async (_what, query) => {
    const answer = await ask(server, query);
    expect(answer.status).toBe(400);
    expect(new Set(answer.errors.map((error) => error.extensions.code))).toEqual(new Set(['GRAPHQL_VALIDATION_FAILED']));
    expect(new Set(answer.errors.map((error) => error.message))).toEqual(new Set(['The document does not fit the schema.']));
  });

  test('the media type of the answer follows Accept', async () => {
    const accept = 'application/graphql-response+json';
    expect((await ask(server, '{ ping }', { headers: { accept } })).headers.get('content-type')).toContain(accept);
    expect((await ask(server, '{ pingg }', { headers: { accept } })).headers.get('content-type')).toContain(accept);
  });

  test('the inside of a failure is what the masking is tested with', () => {
    expect(LEAKY).toMatch(INTERNALS);
  });
});
