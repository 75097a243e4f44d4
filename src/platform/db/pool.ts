import { Pool, PoolClient, PoolConfig } from 'pg';
import { TributaryClient } from './client';
import { isSpread } from './routing';

/** The role the running product works as: owns nothing and cannot change what must not change. */
export const APP_ROLE = 'tributary_app';

export interface PoolOptions {
  readonly url: string;
  /** Connections at most. Small on purpose: on two cores ten connections carry half of what four do. */
  readonly max: number;
  /** Name in pg_stat_activity. */
  readonly name: string;
  /** Set where the url is the owner's: every connection then works as tributary_app. */
  readonly setRole: boolean;
  /** Hot connections: generic plans, index paths only, statements sent without waiting for each other. */
  readonly hot?: boolean;
  /** Milliseconds after which a statement without an answer is given up: a silent connection answers never. */
  readonly answerWithinMs?: number;
}

const HOT_SETTINGS = [
  'enable_seqscan=off', 'enable_hashjoin=off', 'enable_mergejoin=off', 'enable_material=off',
  'enable_memoize=off',
];

/** Planned once for any values; on a cluster by the values, which say the machine that a statement goes to. */
const planCaching = (): string[] => (isSpread() ? [] : ['plan_cache_mode=force_generic_plan']);

/**
 * Only a Citus cluster knows it: without, a change of a copied table asks for the right to change every table that it
 * refers to. The catalog is changed under its tenant's lock, so its changes need no order of the cluster's own.
 */
export const CLUSTER_SETTING = 'citus.all_modifications_commutative=on';

/** A pool of checked connections with the product's time limits; `synchronous_commit` is always on. */
export function createPool(options: PoolOptions): Pool {
  const settings = ['synchronous_commit=on', 'statement_timeout=5000', 'lock_timeout=2000', 'timezone=UTC',
    'idle_in_transaction_session_timeout=10000', CLUSTER_SETTING, ...(options.setRole ? [`role=${APP_ROLE}`] : []),
    ...(options.hot ? [...HOT_SETTINGS, ...planCaching()] : [])];
  const config: PoolConfig & { pipeline?: boolean } = {
    connectionString: options.url,
    max: options.max,
    application_name: options.name,
    connectionTimeoutMillis: 5000,
    idleTimeoutMillis: 60000,
    keepAlive: true,
    query_timeout: options.answerWithinMs,
    options: settings.map((setting) => `-c ${setting}`).join(' '),
    pipeline: options.hot === true,
  };
  const pool = new Pool({ ...config, Client: TributaryClient } as PoolConfig);
  // An idle connection that the server ends is replaced at the next use; without a listener it would end the process.
  pool.on('error', () => undefined);
  return pool;
}

/** Runs `work` in one transaction of its own connection; a connection whose end is in doubt is destroyed. */
export async function inTransaction<T>(pool: Pool, work: (tx: PoolClient) => Promise<T>): Promise<T> {
  const tx = await pool.connect();
  let broken: Error | undefined;
  try {
    await tx.query('begin');
    const result = await work(tx);
    await tx.query('commit');
    return result;
  } catch (error) {
    try {
      await tx.query('rollback');
    } catch (rollbackError) {
      broken = rollbackError instanceof Error ? rollbackError : new Error('rollback failed');
    }
    throw error;
  } finally {
    tx.release(broken);
  }
}
