import { createConnection } from 'node:net';
import { Authorized, Field, ObjectType, Query, Resolver } from 'type-graphql';
import { ROLES, Role } from '../../src/platform/auth/caller';
import { buildHouseSchema } from '../../src/platform/graphql';
import { COST_LIMITS, Probe, ServerConfig, ServerDeps } from '../../src/platform/server';
import { ask, RawSocket, read, startTestServer, TestServer } from './server.fixture';

const running: TestServer[] = [];
async function start(config: Partial<ServerConfig> = {}, deps: Partial<ServerDeps> = {}): Promise<TestServer> {
  const server = await startTestServer(config, deps);
  running.push(server);
  return server;
}
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

test('a request above its deadline is told so, in time', async () => {
  const server = await start({ requestDeadlineMs: 100 });
  const startedAt = performance.now();
  const answer = await ask(server, '{ slow(ms: 2000) }');
  expect(answer).toMatchObject({ status: 504, errors: [{ extensions: { code: 'DEADLINE_EXCEEDED' } }] });
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});

describe('cost', () => {
  test('is refused above the limit of the minute, with the seconds to wait, for that caller only', async () => {
    const server = await start({}, { costLimits: { ...COST_LIMITS, SUBSCRIBER: 3 } });
    const mine = { token: 'SUBSCRIBER.greedy' };
    expect((await ask(server, '{ ping }', mine)).extensions.cost).toEqual({ requested: 1, remaining: 2, limit: 3 });
    await ask(server, '{ ping }', mine);
    await ask(server, '{ ping }', mine);
    const refused = await ask(server, '{ ping }', mine);
    expect(refused).toMatchObject({ status: 429, data: undefined, errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
    expect(refused.errors[0]?.extensions.retryAfterSeconds).toBeGreaterThan(0);
    expect(refused.errors[0]?.extensions.retryAfterSeconds).toBeLessThanOrEqual(60);
    expect((await ask(server, '{ ping }', { token: 'SUBSCRIBER.other' })).status).toBe(200);
  });

  test('documents that do not fit cost too', async () => {
    const server = await start({}, { costLimits: { ...COST_LIMITS, SUBSCRIBER: 9 } });
    expect((await ask(server, '{ wrong }')).errors[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    expect((await ask(server, '{ wrong }')).errors[0]?.extensions.code).toBe('RATE_LIMITED');
  });
});

describe('demo mode', () => {
  test('opens introspection, the deep query of editors included, and names the schema without suggesting or repeating values', async () => {
    const server = await start({ demo: true });
    const { getIntrospectionQuery } = await import('graphql');
    expect((await ask(server, getIntrospectionQuery(), { token: null })).data).toHaveProperty('__schema');
    expect((await ask(server, '{ pingg }')).errors[0]?.message).toBe('Cannot query field "pingg" on type "Query".');
    const literal = await ask(server, '{ echo(decimal: "SECRET4111") { decimal } }');
    expect(literal.text).not.toContain('SECRET4111');
    const missing = await ask(server, 'mutation ($m: MoneyInput!) { pay(money: $m) }', { variables: { m: { amount: '1' } } });
    expect(missing.errors[0]?.message).toBe('Variable "$m" has a wrong or missing value. Field "currency" of required type "CurrencyCode!" was not provided.');
    const wrong = await ask(server, 'mutation ($m: MoneyInput!) { pay(money: $m) }', { variables: { m: { amount: '1', currency: 'SECRET4111' } } });
    expect(wrong.errors[0]?.message).toContain('CurrencyCode must be a currency code of ISO 4217');
    expect(wrong.text).not.toContain('SECRET4111');
  });
});

describe('health and metrics', () => {
  const probe = (check: () => Promise<string | null>): Probe => ({ name: 'thing', check });
  const ready = async (server: TestServer) => {
    const response = await fetch(`${server.address}/health/ready`);
    return { status: response.status, body: await response.json() as unknown };
  };

  test('ready where every probe holds', async () => {
    expect(await ready(await start({}, { probes: [probe(async () => null)] }))).toEqual({ status: 200, body: { status: 'ready', checks: { thing: 'ok' } } });
  });

  test('not ready where a probe says why, throws, or hangs; live all the same', async () => {
    const server = await start({}, { probes: [probe(async () => 'migrations are missing'), { name: 'broken', check: () => Promise.reject(new Error('connect db-7.internal:5432')) }] });
    expect(await ready(server)).toEqual({ status: 503, body: { status: 'not ready', checks: { thing: 'migrations are missing', broken: 'failed' } } });
    expect((await fetch(`${server.address}/health/live`)).status).toBe(200);
    expect(await ready(await start({}, { probes: [probe(() => new Promise(() => undefined))] }))).toMatchObject({ status: 503 });
  });

  test('metrics count operations by closed label sets, never by what a caller wrote', async () => {
    const server = await start();
    await ask(server, 'query MyVeryOwnName { ping }', { token: 'CHANNEL.shop-77' });
    await ask(server, '{ secret }', { token: 'CHANNEL.shop-77' });
    const text = await (await fetch(`${server.address}/metrics`)).text();
    expect(text).toContain('tributary_operation_seconds_count{transport="http",type="query",role="CHANNEL",outcome="OK"} 1');
    expect(text).toContain('tributary_operation_seconds_count{transport="http",type="query",role="CHANNEL",outcome="FORBIDDEN"} 1');
    expect(text).toMatch(/nodejs_eventloop_lag_seconds \d/);
    expect(text).not.toMatch(/MyVeryOwnName|shop-77/);
  });
});

describe('the page for browsers', () => {
  test('is sent with a policy that lets nothing in from outside, and cannot be walked out of', async () => {
    const server = await start();
    const response = await fetch(`${server.address}/graphql`, { headers: { accept: 'text/html,*/*' } });
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(response.headers.get('content-security-policy')).toMatch(/default-src 'self'.*worker-src 'self' blob:/);
    const [, asset] = /(?:src|href)="\.?\/?((?:graphql\/)?assets\/[^"]+)"/.exec(await response.text()) ?? [];
    const file = await fetch(`${server.address}/${asset?.startsWith('graphql/') ? asset : `graphql/${asset ?? ''}`}`);
    expect(file.status).toBe(200);
    expect(file.headers.get('cache-control')).toContain('immutable');
    for (const path of ['/graphql/../package.json', '/graphql/%2e%2e/package.json', '/graphql/assets/..%2f..%2f..%2fpackage.json', '/graphql/index.html']) {
      expect((await read(await fetch(`${server.address}${path}`))).status).toBe(404);
    }
  });
});

describe('the end', () => {
  test('drain lets running requests finish, refuses new connections, closes sockets with 1001 and leaves nothing', async () => {
    const server = await start();
    const socket = await RawSocket.signedIn(server);
    socket.subscribe('1', 'subscription { silence }');
    const slow = ask(server, '{ slow(ms: 600) }');
    await new Promise((resolve) => setTimeout(resolve, 150));
    const startedAt = performance.now();
    const drained = server.drain();
    expect(await socket.closed).toEqual({ code: 1001, reason: 'Going away' });
    expect((await slow).data).toEqual({ slow: 600 });
    await drained;
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    await expect(fetch(`${server.address}/health/live`)).rejects.toThrow();
  });

  test('stop cuts what runs', async () => {
    const server = await start();
    const slow = ask(server, '{ slow(ms: 1500) }');
    const cut = expect(slow).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 100));
    await server.stop();
    await cut;
  });

  test('a connection that sends nothing sensible is ended without words about us', async () => {
    const server = await start();
    const heard = await new Promise<string>((resolve) => {
      const socket = createConnection(server.port, '127.0.0.1', () => socket.write('NONSENSE\r\n\r\n'));
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('close', () => resolve(text));
    });
    expect(heard).toContain('400 Bad Request');
    expect(heard).not.toMatch(/fastify|node|stack|HPE_/i);
  });
});

describe('a schema does not build', () => {
  test('with a root field that names no roles', () => {
    @Resolver()
    class Open {
      @Query(() => String, { description: 'Open to whom?' })
      openField(): string {
        return '';
      }
    }
    expect(() => buildHouseSchema([Open])).toThrow('Root fields without roles: openField.');
  });

  test('with a root field whose roles are empty', () => {
    @Resolver()
    class Empty {
      @Authorized<Role>([])
      @Query(() => String, { description: 'For whom?' })
      emptyField(): string {
        return '';
      }
    }
    expect(() => buildHouseSchema([Empty])).toThrow('Root fields without roles: emptyField.');
  });

  test('with an element that is not described', () => {
    @ObjectType('Bare')
    class Bare {
      @Field(() => String)
      bareField!: string;
    }
    @Resolver()
    class Describing {
      @Authorized<Role>([...ROLES])
      @Query(() => Bare, { description: 'Gives it.' })
      bareThing(): Bare {
        return { bareField: '' };
      }
    }
    expect(() => buildHouseSchema([Describing])).toThrow('Schema elements without a description: Bare, Bare.bareField.');
  });
});
