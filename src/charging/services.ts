import type { Pool } from 'pg';
import type { BatchStep } from './batch-step';
import type { ChargingApi } from './charging.api';
import { Conductor, ConductorOptions } from './conductor';
import { observeCharging } from './charging.metrics';
import { DueScheduler } from './scheduler';
import { createPool } from '../platform/db';

declare module '../context' {
  interface Services {
    readonly charging: ChargingApi;
  }
}

export interface ChargingSetup {
  /** Url of the running product, and whether its connections must take the role. */
  readonly appUrl: string;
  readonly setRole: boolean;
  readonly pool: Pool;
  readonly config: {
    readonly chargingLanes: number; readonly batchMax: number; readonly queueMax: number; readonly requestDeadlineMs: number;
  };
  /** Roots remembered at most; default 110,000. */
  readonly cachedRoots?: number;
  /** What other rooms add to a batch. */
  readonly steps: readonly BatchStep[];
  readonly committed: ConductorOptions['committed'];
  /** Told when a round of the scheduler failed; the next round tries again. */
  readonly roundFailed: (error: Error) => void;
}

/** The conductor with its own connections, and the scheduler beside it. */
export interface OpenCharging {
  readonly charging: Conductor;
  readonly scheduler: DueScheduler;
  /** Answers what was taken in, then gives the connections back. */
  close(): Promise<void>;
}

const DUE_ROUND_MS = 5_000;
const CACHED_ROOTS = 110_000;

/** Opens the charging path of a process. */
export function openCharging({ appUrl: url, setRole, pool, config, cachedRoots = CACHED_ROOTS, steps, committed, roundFailed }: ChargingSetup): OpenCharging {
  // One connection a lane, and two aside: for roots that somebody else keeps locked.
  const hotPool = createPool({ url, setRole, max: config.chargingLanes + 2, name: 'tributary charging', hot: true });
  // Without `set role`: only the session's own user may end the session's back ends.
  const killPool = createPool({ url, setRole: false, max: 1, name: 'tributary rescue' });
  const charging = new Conductor({
    hotPool, pool, killPool, lanes: config.chargingLanes, batchMax: config.batchMax, queueMax: config.queueMax,
    deadlineMs: config.requestDeadlineMs, cachedRoots, steps, committed, observe: observeCharging,
  });
  const scheduler = new DueScheduler({ pool, charging, everyMs: DUE_ROUND_MS, roundMax: 500, failed: roundFailed });
  const close = async (): Promise<void> => {
    await scheduler.stop();
    await charging.drain();
    await Promise.all([hotPool.end(), killPool.end()]);
  };
  return { charging, scheduler, close };
}
