import type { AddressInfo } from 'node:net';
import type { ApolloServer } from '@apollo/server';
import type { FastifyInstance } from 'fastify';
import type { Caller } from '../auth/caller';
import { createLogger, Logger, metrics, observePool } from '../observe';
import { createApollo } from './apollo';
import { addConsole } from './console';
import { allowOrigin } from './cors';
import { addFileRoute } from './file-route';
import { addHealthRoutes, databaseProbe, migrationsProbe } from './health';
import { createHttpApp } from './http-app';
import { addGraphqlRoute } from './http-route';
import type { OperationContext } from './operation-context';
import { CostBudget } from './pipeline/cost-budget';
import { OperationPipeline } from './pipeline/pipeline';
import type { RunningServer, ServerConfig, ServerDeps } from './server.types';
import { SocketServer } from './socket-server';

const DRAIN_MS = 15_000;
/** Mass reconnects wait here instead of being refused. */
const BACKLOG = 4_096;
const IDLE_SWEEP_MS = 50;
const SOCKETS_WAITING = 100;

/** The parts of a server before it listens. */
interface Assembled {
  readonly app: FastifyInstance;
  readonly apollo: ApolloServer<OperationContext>;
  readonly sockets: SocketServer;
  /** The server's own origins: known once it listens. */
  readonly own: Set<string>;
  readonly state: { isDraining: boolean };
}

/** Starts the HTTP and websocket server and waits until it listens. Fails where the port is taken. */
export async function startServer(deps: ServerDeps): Promise<RunningServer> {
  const { config, services } = deps;
  const log = deps.log ?? createLogger(config.logLevel);
  const parts = await assemble(deps, log);
  const { app, own } = parts;
  await app.listen({ host: config.host, port: config.port, backlog: BACKLOG });
  const { port } = app.server.address() as AddressInfo;
  for (const origin of ownOrigins(config, port)) own.add(origin);
  const endPool = services.pool ? observePool('cold', services.pool) : (): void => undefined;

  let ended: Promise<void> | undefined;
  return {
    port,
    address: `http://${hostText(config.host)}:${port}`,
    drain: () => (ended ??= end(parts, DRAIN_MS, log).finally(endPool)),
    stop: () => {
      app.server.closeAllConnections();
      return (ended ??= end(parts, 0, log).finally(endPool));
    },
  };
}

async function assemble(deps: ServerDeps, log: Logger): Promise<Assembled> {
  const { config, services, schema } = deps;
  const mayIntrospect = (caller: Caller): boolean => config.demo || caller.role === 'ADMIN';
  const budget = new CostBudget(deps.costLimits);
  const pipeline = new OperationPipeline(schema, mayIntrospect, budget);
  const apollo = createApollo(pipeline, config.demo, log);
  await apollo.start();

  const app = createHttpApp(log);
  const state = { isDraining: false };
  const own = new Set<string>();
  const allow = allowOrigin((origin) => own.has(origin) || config.corsOrigins.includes(origin));
  app.addHook('onRequest', async (request, reply) => allow(request, reply));
  const shared = {
    pipeline, services, log, deadlineMs: config.requestDeadlineMs, showsSchema: config.demo,
    trustedProxies: new Set(config.trustedProxies),
  };
  addGraphqlRoute(app, { ...shared, apollo, consolePages: addConsole(app) });
  for (const file of deps.files ?? []) addFileRoute(app, file, { ...shared, budget });
  const probes = deps.probes ?? [databaseProbe(services.pool), migrationsProbe(services.pool)];
  addHealthRoutes(app, probes, () => state.isDraining, log);
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()));

  const sockets = new SocketServer(app.server, {
    ...shared, operationsPerSocket: config.operationsPerSocket, socketsPerCaller: config.socketsPerCaller,
    socketsWaiting: config.socketsWaiting ?? SOCKETS_WAITING,
    isAllowedOrigin: (origin) => own.has(origin) || config.socketOrigins.includes(origin),
  });
  return { app, apollo, sockets, own, state };
}

async function end({ app, apollo, sockets, state }: Assembled, graceMs: number, log: Logger): Promise<void> {
  state.isDraining = true;
  await Promise.all([sockets.close(), closeHttp(app, graceMs, log)]);
  await apollo.stop();
}

/** How this machine's own browser reaches the server. */
function ownOrigins({ host }: ServerConfig, port: number): string[] {
  return [...new Set(['localhost', '127.0.0.1', '[::1]', hostText(host)])].map((name) => `http://${name}:${port}`);
}

/** A host as it stands in an address. */
function hostText(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

/** Stops listening, waits for running requests, and cuts what is left after the grace. */
async function closeHttp(app: FastifyInstance, graceMs: number, log: Logger): Promise<void> {
  // A connection that becomes idle after the close would otherwise be waited for until its keep-alive ends.
  const sweep = setInterval(() => app.server.closeIdleConnections(), IDLE_SWEEP_MS);
  const cut = setTimeout(() => {
    if (graceMs > 0) log.warn('requests were still running at the end of the drain');
    app.server.closeAllConnections();
  }, graceMs);
  try {
    await app.close();
  } finally {
    clearInterval(sweep);
    clearTimeout(cut);
  }
}
