import { WebSocket } from 'ws';
import { ask, pushed, RawSocket, startTestServer, TestServer } from './server.fixture';

let server: TestServer;
const sockets: RawSocket[] = [];
/** Each test uses a caller of its own, because sockets are counted per caller. */
let callers = 0;
const newToken = (role = 'SUBSCRIBER'): string => `${role}.caller${++callers}`;

const open = async (token = newToken()): Promise<RawSocket> => {
  const socket = await RawSocket.signedIn(server, token);
  sockets.push(socket);
  return socket;
};
const openRaw = async (options: Parameters<typeof RawSocket.open>[1] = {}): Promise<RawSocket> => {
  const socket = await RawSocket.open(server, options);
  sockets.push(socket);
  return socket;
};
const eventually = async (holds: () => boolean): Promise<void> => {
  for (let i = 0; i < 300 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(holds()).toBe(true);
};

beforeAll(async () => {
  server = await startTestServer({ requestDeadlineMs: 300 });
});
afterEach(() => sockets.splice(0).forEach((socket) => socket.close()));
afterAll(() => server.stop());

const INTERNALS = /insert into|select |constraint|pkey|charge_|\/srv|\.ts\b|node_modules|db-7|stacktrace|Error:/i;

describe('a subscription', () => {
  test('gives results, each with fresh loaders, the cost with the first, then completes', async () => {
    const socket = await open();
    socket.subscribe('1', 'subscription Count($n: Int!) { ticks(count: $n) }', { n: 3 });
    await socket.until((message) => message.type === 'complete');
    const payloads = socket.messages.filter((message) => message.type === 'next').map((message) => message.payload);
    expect(payloads).toMatchObject([{ data: { ticks: 1 }, extensions: { cost: { requested: 1 } } }, { data: { ticks: 2 } }, { data: { ticks: 3 } }]);
    expect(payloads[1]).not.toHaveProperty('extensions');
  });

  test('ends its source when the client completes it, also while that waits', async () => {
    const [socket, before] = [await open(), pushed.ended];
    socket.subscribe('1', 'subscription { silence }');
    await eventually(() => pushed.started > before);
    socket.send({ type: 'complete', id: '1' });
    await eventually(() => pushed.ended > before);
  });

  test('ends its source when the socket breaks', async () => {
    const [socket, before, started] = [await open(), pushed.ended, pushed.started];
    socket.subscribe('1', 'subscription { silence }');
    await eventually(() => pushed.started > started);
    socket.socket.terminate();
    await eventually(() => pushed.ended > before);
  });

  test('that starts too late is refused, and its source is ended', async () => {
    const [socket, before] = [await open(), pushed.ended];
    socket.subscribe('1', 'subscription { late }');
    expect(await socket.errorsOf('1')).toMatchObject([{ extensions: { code: 'DEADLINE_EXCEEDED' } }]);
    await eventually(() => pushed.ended > before);
  });
});

const repeat = (count: number, text: (index: number) => string): string => Array.from({ length: count }, (_, index) => text(index)).join(' ');
const sub = (inner: string): string => `subscription { ticks(count: 1) ${inner} }`;

describe('the limits of HTTP hold here too', () => {
  test.each([
    ['tokens', `subscription { ${repeat(1_001, () => '__typename')} }`, 'GRAPHQL_PARSE_FAILED'],
    ['syntax', 'subscription {', 'GRAPHQL_PARSE_FAILED'],
    ['aliases', sub(repeat(16, (i) => `a${i}: __typename`)), 'QUERY_TOO_COMPLEX'],
    ['selections', sub(repeat(251, () => '__typename')), 'QUERY_TOO_COMPLEX'],
    ['directives', sub(repeat(51, () => '__typename @include(if: true)')), 'QUERY_TOO_COMPLEX'],
    ['depth', `query { items { nodes ${'{ same '.repeat(11)} { id } ${'}'.repeat(11)} } }`, 'QUERY_TOO_COMPLEX'],
    ['first', 'query { items(first: 101) { nodes { id } } }', 'BAD_REQUEST'],
    ['queries', '{ ping }', 'BAD_REQUEST'],
    ['mutations', 'mutation { note(text: "x") }', 'BAD_REQUEST'],
    ['introspection', '{ __schema { queryType { name } } }', 'BAD_REQUEST'],
    ['introspection in a subscription', 'subscription { __schema { queryType { name } } }', 'GRAPHQL_VALIDATION_FAILED|FORBIDDEN'],
    ['a misspelt field', 'subscription { tick(count: 1) }', 'GRAPHQL_VALIDATION_FAILED'],
    ['@skip on the root', 'subscription { ticks(count: 1) @skip(if: true) }', 'GRAPHQL_VALIDATION_FAILED'],
    ['@include on the root', 'subscription Q($on: Boolean = false) { ticks(count: 1) @include(if: $on) }', 'GRAPHQL_VALIDATION_FAILED'],
    ['@skip on an inline fragment', 'subscription { ... @skip(if: true) { ticks(count: 1) } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['@skip within a fragment', 'subscription { ...f } fragment f on Subscription { ticks(count: 1) @skip(if: true) }', 'GRAPHQL_VALIDATION_FAILED'],
    ['an operation name', 'subscription A { ticks(count: 1) } subscription B { ticks(count: 1) }', 'OPERATION_RESOLUTION_FAILURE'],
  ])('%s', async (_limit, query, code) => {
    const socket = await open();
    socket.subscribe('1', query);
    const [error] = await socket.errorsOf('1');
    expect(error?.extensions.code).toMatch(new RegExp(`^(?:${code})$`));
    expect(error?.extensions.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.stringify(socket.messages)).not.toMatch(/Did you mean|Subscription"/);
  });

  test('roles are asked', async () => {
    const socket = await open(newToken('AUDITOR'));
    socket.subscribe('1', 'subscription { ticks(count: 1) }');
    expect(await socket.errorsOf('1')).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  test('wrong variables name the place, never the value', async () => {
    const socket = await open();
    socket.subscribe('1', 'subscription Count($n: Int!) { ticks(count: $n) }', { n: 'SECRET4111' });
    expect(await socket.errorsOf('1')).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(JSON.stringify(socket.messages)).not.toMatch(/SECRET4111|Int/);
  });

  test.each([['breaking'], ['neverStarting']])('%s: nothing of the inside', async (field) => {
    const socket = await open();
    socket.subscribe('1', `subscription { ${field} }`);
    expect(await socket.errorsOf('1')).toMatchObject([{ extensions: { code: 'INTERNAL' } }]);
    expect(JSON.stringify(socket.messages)).not.toMatch(INTERNALS);
  });

  test('the cost of both transports comes from one budget', async () => {
    const token = newToken();
    const before = (await ask(server, '{ ping }', { token })).extensions.cost.remaining;
    const socket = await open(token);
    socket.subscribe('1', 'subscription { ticks(count: 1) }');
    await socket.until((message) => message.type === 'complete');
    expect((await ask(server, '{ ping }', { token })).extensions.cost.remaining).toBe(before - 2);
  });
});

describe('opening', () => {
  test.each([['https://evil.example'], ['null']])('from origin %s is refused', async (origin) => {
    await expect(RawSocket.open(server, { origin })).rejects.toThrow('HTTP 403');
  });

  test('from a listed origin, and from the server itself, is admitted', async () => {
    expect((await openRaw({ origin: 'https://shop.example' })).closeCode).toBeUndefined();
    expect((await openRaw({ origin: server.address })).closeCode).toBeUndefined();
  });

  test('at another path is refused', async () => {
    await expect(RawSocket.open(server, { path: '/other' })).rejects.toThrow('HTTP 404');
  });

  test('with another subprotocol is refused', async () => {
    await expect(RawSocket.open(server, { protocol: 'graphql-ws' })).rejects.toThrow();
  });

  test.each([
    ['without a token', undefined, 4401, 'Unauthorized'],
    ['with a wrong token', { authorization: 'Bearer WRONG' }, 4403, 'Forbidden'],
    ['with a wrong scheme', { authorization: 'Basic abc' }, 4403, 'Forbidden'],
  ])('%s ends neutrally', async (_what, payload, code, reason) => {
    const socket = await openRaw();
    socket.send({ type: 'connection_init', ...(payload && { payload }) });
    expect(await socket.closed).toEqual({ code, reason });
  });

  test('without a word for three seconds ends with 4408', async () => {
    const socket = await openRaw();
    expect(await socket.closed).toEqual({ code: 4408, reason: 'Connection initialisation timeout' });
  });

  test('and subscribing before the token is accepted ends with 4401', async () => {
    const socket = await openRaw();
    socket.subscribe('1', 'subscription { ticks(count: 1) }');
    expect(await socket.closed).toEqual({ code: 4401, reason: 'Unauthorized' });
  });

  test('while too many of one address wait for a token is refused, until they have one or are closed', async () => {
    const strict = await startTestServer({ socketsWaiting: 3 });
    const opening = (): Promise<RawSocket> => RawSocket.open(strict);
    try {
      const three = await Promise.all([opening(), opening(), opening()]);
      await expect(opening()).rejects.toThrow('HTTP 429');
      three[0]!.send({ type: 'connection_init', payload: { token: newToken() } });
      await three[0]!.until((message) => message.type === 'connection_ack');
      const fourth = await opening();
      await expect(opening()).rejects.toThrow('HTTP 429');
      fourth.close();
      three[1]!.close();
      await Promise.all([fourth.closed, three[1]!.closed]);
      // The server may hear of the end a moment after the client.
      await new Promise((resolve) => setTimeout(resolve, 100));
      const last = await Promise.all([opening(), opening()]);
      await expect(opening()).rejects.toThrow('HTTP 429');
      [...three, ...last].forEach((socket) => socket.close());
    } finally {
      await strict.stop();
    }
  });

  test('a sixth socket of one caller is refused, until one closes', async () => {
    const token = newToken();
    const five = await Promise.all(Array.from({ length: 5 }, () => open(token)));
    const sixth = await openRaw();
    sixth.send({ type: 'connection_init', payload: { token } });
    expect(await sixth.closed).toEqual({ code: 4429, reason: 'Too many requests' });
    five[0]?.socket.close();
    await five[0]?.closed;
    await expect(open(token)).resolves.toBeInstanceOf(RawSocket);
  });
});

describe('behaviour', () => {
  const closeAfter = async (act: (socket: RawSocket) => void): Promise<{ code: number; reason: string }> => {
    const socket = await open();
    act(socket);
    return socket.closed;
  };

  test('a twenty-first subscription is refused, the others run on', async () => {
    const socket = await open();
    for (let id = 1; id <= 21; id++) {
      if (id % 9 === 0) await new Promise((resolve) => setTimeout(resolve, 1_050));
      socket.subscribe(`${id}`, 'subscription { silence }');
    }
    expect(await socket.errorsOf('21')).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
    expect(socket.closeCode).toBeUndefined();
  });

  test('more than ten subscribes in a second end the socket', async () => {
    const closed = await closeAfter((socket) => {
      for (let id = 0; id < 25; id++) socket.subscribe(`${id}`, 'subscription { ticks(count: 1) }');
    });
    expect(closed).toEqual({ code: 4429, reason: 'Too many requests' });
  });

  test('a flood of pings ends the socket', async () => {
    const closed = await closeAfter((socket) => {
      for (let i = 0; i < 120; i++) socket.send({ type: 'ping' });
    });
    expect(closed.code).toBe(4429);
  });

  test.each([
    ['broken JSON', (socket: RawSocket) => socket.socket.send('{"type":'), 4400, 'Bad request'],
    ['an unknown message', (socket: RawSocket) => socket.send({ type: 'drop table' }), 4400, 'Bad request'],
    ['a second init', (socket: RawSocket) => socket.send({ type: 'connection_init' }), 4429, 'Too many requests'],
    ['bytes', (socket: RawSocket) => socket.socket.send(Buffer.from([1, 2])), 1003, 'Text only'],
    ['a frame above 64 KiB', (socket: RawSocket) => socket.subscribe('1', `subscription { ticks(count: 1) } # ${'x'.repeat(70_000)}`), 1009, ''],
    ['an id in use', (socket: RawSocket) => {
      socket.subscribe('secret-id', 'subscription { silence }');
      socket.subscribe('secret-id', 'subscription { silence }');
    }, 4409, 'Subscriber already exists'],
  ])('%s ends the socket with neutral words', async (_what, act, code, reason) => {
    expect(await closeAfter(act)).toEqual({ code, reason });
  });

  test('the end of the token ends the socket within 2 s', async () => {
    const token = newToken();
    server.auth.expiresAt.set(token.split('.')[1] ?? '', Date.now() + 300);
    const socket = await open(token);
    const startedAt = performance.now();
    expect(await socket.closed).toEqual({ code: 4401, reason: 'Unauthorized' });
    expect(performance.now() - startedAt).toBeLessThan(2_300);
  });

  test('a revoked token ends the socket within 2 s', async () => {
    const token = newToken();
    const socket = await open(token);
    const startedAt = performance.now();
    server.auth.revoked.add(token.split('.')[1] ?? '');
    expect(await socket.closed).toEqual({ code: 4403, reason: 'Forbidden' });
    expect(performance.now() - startedAt).toBeLessThan(2_300);
  });

  test('a reader that stops is not written for: nothing piles up, and its end ends the source', async () => {
    const [socket, started, ended] = [await open(), pushed.started, pushed.ended];
    socket.subscribe('1', 'subscription { flood }');
    await eventually(() => pushed.started > started);
    (socket.socket as WebSocket & { _socket: { pause(): void } })._socket.pause();
    const before = process.memoryUsage().rss;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(process.memoryUsage().rss - before).toBeLessThan(50 * 1024 * 1024);
    socket.socket.terminate();
    await eventually(() => pushed.ended > ended);
  });
});
