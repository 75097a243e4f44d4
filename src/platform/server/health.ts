import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import type { Logger } from '../observe';
import { withDeadline } from './deadline';

/** One thing that must hold before traffic comes here; it throws or tells why not. */
export interface Probe {
  readonly name: string;
  /** Null where all is well, else a few words for the operator. */
  check(): Promise<string | null>;
}

const PROBE_MS = 2_000;
/** Answers are kept this long, so that probing hard does not load the database. */
const KEPT_MS = 1_000;
const MOST_SKEW_MS = 5_000;

/** The database answers, and its clock and ours are less than 5 s apart. */
export const databaseProbe = (pool: Pool): Probe => ({
  name: 'database',
  async check() {
    const before = Date.now();
    const { rows } = await pool.query<{ at: string }>('select (extract(epoch from clock_timestamp()) * 1000)::bigint::text as at');
    const middle = (before + Date.now()) / 2;
    return Math.abs(Number(rows[0]?.at) - middle) < MOST_SKEW_MS ? null : 'the clocks of node and database differ by more than 5 s';
  },
});

/** The database has at least as many migrations as this release brings; more is fine, during a rolling update. */
export const migrationsProbe = (pool: Pool): Probe => ({
  name: 'migrations',
  async check() {
    const files = await readdir(join(__dirname, '..', '..', '..', 'migrations'));
    const brought = files.filter((file) => /\.[jt]s$/.test(file) && !file.endsWith('.d.ts')).length;
    const { rows } = await pool.query<{ done: string }>('select count(*)::text as done from migration');
    return Number(rows[0]?.done) >= brought ? null : 'migrations are missing';
  },
});

interface Readiness {
  readonly isReady: boolean;
  readonly checks: Readonly<Record<string, string>>;
}

/** `/health/live` says the process runs; `/health/ready` that it should get traffic. */
export function addHealthRoutes(app: FastifyInstance, probes: readonly Probe[], isDraining: () => boolean, log: Logger): void {
  let kept: { readonly until: number; readonly answer: Promise<Readiness> } | undefined;

  const readiness = (): Promise<Readiness> => {
    if (!kept || kept.until <= Date.now()) kept = { until: Date.now() + KEPT_MS, answer: checkAll(probes, log) };
    return kept.answer;
  };

  app.get('/health/live', async () => ({ status: 'live' }));
  app.get('/health/ready', async (_request, reply) => {
    if (isDraining()) return reply.code(503).send({ status: 'draining' });
    const { isReady, checks } = await readiness();
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not ready', checks });
  });
}

async function checkAll(probes: readonly Probe[], log: Logger): Promise<Readiness> {
  const results = await Promise.all(probes.map(async (probe) => [probe.name, await outcomeOf(probe, log)] as const));
  return { isReady: results.every(([, outcome]) => outcome === 'ok'), checks: Object.fromEntries(results) };
}

/** Any failure of a probe means "not ready" and nothing else; what it was is for the log, not for the answer. */
async function outcomeOf(probe: Probe, log: Logger): Promise<string> {
  try {
    return (await withDeadline(probe.check(), PROBE_MS)) ?? 'ok';
  } catch (error) {
    log.warn({ probe: probe.name, err: error }, 'not ready');
    return 'failed';
  }
}
