import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Authorized, Ctx, Field, Int, ObjectType, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { RequestContext, Services } from '../../src/context';
import {
  AuthService, DEMO_ALGORITHM, DEMO_AUDIENCE, DEMO_ISSUER, DEMO_TOKEN_SECONDS, DemoKey, mintToken, Role,
} from '../../src/platform/auth';
import { buildHouseSchema } from '../../src/platform/graphql';
import { RunningServer, startServer } from '../../src/platform/server';
import { createTestDatabase, TestDatabase } from '../support';

const WORKSPACE = join(__dirname, '..', '..', 'web', 'graphiql');
const canRun = existsSync(process.env.CHROMIUM ?? '/usr/bin/chromium') && existsSync(join(WORKSPACE, 'node_modules'));

@ObjectType('Tick', { description: 'One pushed count.' })
class Tick {
  @Field(() => Int, { description: 'How many were pushed.' })
  count!: number;

  @Field(() => String, { description: 'Who watches.' })
  subject!: string;
}

async function* countToThree(): AsyncGenerator<number> {
  for (let count = 1; count <= 3; count += 1) {
    await new Promise((resolve) => { setTimeout(resolve, 50); });
    yield count;
  }
}

@Resolver()
class ProbeResolver {
  @Authorized<Role>('ADMIN')
  @Query(() => String, { description: 'Who asks.' })
  whoami(@Ctx() { caller }: RequestContext): string {
    return caller.subject;
  }

  @Authorized<Role>('ADMIN')
  @Subscription(() => Tick, { description: 'Counts to three.', subscribe: countToThree })
  ticked(@Root() count: number, @Ctx() { caller }: RequestContext): Tick {
    return { count, subject: caller.subject };
  }
}

/** The page as the product's own server sends it, with the server's headers, limits, tokens and websocket. */
(canRun ? describe : describe.skip)('GraphiQL on the server', () => {
  let database: TestDatabase;
  let auth: AuthService;
  let server: RunningServer;
  let token: string;
  const folder = mkdtempSync(join(tmpdir(), 'tributary-page-'));

  beforeAll(async () => {
    database = await createTestDatabase();
    await database.ownerPool.query(
      `insert into tenant (id, code, name, currency, time_zone, settings) values (1, 'demo', 'Demo', 'EUR', 'UTC', '{}')`);
    const key = await DemoKey.load(folder);
    token = await mintToken(key, { role: 'ADMIN', tenant: 'demo', subject: 'page-visitor' }, DEMO_TOKEN_SECONDS);
    auth = new AuthService({
      keys: key.keys(), algorithm: DEMO_ALGORITHM, issuer: DEMO_ISSUER, audience: DEMO_AUDIENCE,
      maxLifetimeSeconds: DEMO_TOKEN_SECONDS, pool: database.appPool,
    });
    await auth.start();
    server = await startServer({
      config: {
        host: '127.0.0.1', port: 0, demo: true, corsOrigins: [], socketOrigins: [], socketsPerCaller: 5, operationsPerSocket: 20,
        requestDeadlineMs: 10_000, logLevel: 'silent',
      },
      services: { pool: database.appPool, auth } as Services,
      schema: buildHouseSchema([ProbeResolver]),
    });
  });

  afterAll(async () => {
    await server.stop();
    auth.stop();
    rmSync(folder, { recursive: true });
    await database.dispose();
  });

  it('queries and subscribes with a token, and asks nobody else', async () => {
    const options = ['--url', `${server.address}/graphql`, '--token', token, '--query', '{ whoami }',
      '--expect-query', '"whoami": "page-visitor"', '--subscription', 'subscription { ticked { count subject } }', '--expect-push', '"count": 3'];
    const { stdout } = await promisify(execFile)(process.execPath, ['check.mjs', ...options], { cwd: WORKSPACE, timeout: 100_000 });
    expect(stdout.replace(/\d+ requests/g, 'n requests').trim().split('\n')).toEqual([
      'first visit: ok, n requests, 0 outside', 'query: ok, n requests, 0 outside', 'subscription: ok, n requests, 0 outside',
    ]);
  }, 120_000);
});
