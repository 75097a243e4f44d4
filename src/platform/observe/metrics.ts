import type { Pool } from 'pg';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/**
 * The process's metrics. Rooms add theirs with `registers: [metrics]`, named `tributary_…`; every label has a small closed
 * set of values, never an id, a name or anything that a caller wrote.
 */
export const metrics = new Registry();

collectDefaultMetrics({ register: metrics });

/** Duration by transport, kind of operation, role and outcome (OK or an error code). */
export const operationSeconds = new Histogram({
  name: 'tributary_operation_seconds',
  help: 'Seconds from receiving a GraphQL operation to its answer (of a subscription: to its start).',
  labelNames: ['transport', 'type', 'role', 'outcome'] as const,
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  registers: [metrics],
});

export const refusedRequests = new Counter({
  name: 'tributary_refused_requests_total',
  help: 'HTTP requests refused before they became an operation, by error code: token, body, address.',
  labelNames: ['code'] as const,
  registers: [metrics],
});

export const openSockets = new Gauge({
  name: 'tributary_open_sockets',
  help: 'Websockets that are open on this node.',
  registers: [metrics],
});

export const openSubscriptions = new Gauge({
  name: 'tributary_open_subscriptions',
  help: 'GraphQL subscriptions that run on this node.',
  registers: [metrics],
});

export const pushedMessages = new Counter({
  name: 'tributary_pushed_messages_total',
  help: 'Results sent to subscribers.',
  registers: [metrics],
});

export const closedSockets = new Counter({
  name: 'tributary_closed_sockets_total',
  help: 'Websockets that this node closed, by close code.',
  labelNames: ['code'] as const,
  registers: [metrics],
});

const pools = new Map<string, Pool>();

new Gauge({
  name: 'tributary_pool_connections',
  help: 'Database connections by pool and state; "waiting" counts requests without a connection.',
  labelNames: ['pool', 'state'] as const,
  registers: [metrics],
  collect() {
    this.reset();
    for (const [pool, { totalCount, idleCount, waitingCount }] of pools) {
      this.set({ pool, state: 'busy' }, totalCount - idleCount);
      this.set({ pool, state: 'idle' }, idleCount);
      this.set({ pool, state: 'waiting' }, waitingCount);
    }
  },
});

/** Shows a pool's connections in the metrics; the result ends that. */
export function observePool(name: string, pool: Pool): () => void {
  pools.set(name, pool);
  return () => {
    if (pools.get(name) === pool) pools.delete(name);
  };
}
