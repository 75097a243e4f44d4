import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { callId, CancelAnswer, FulfilmentAnswer, FulfilmentPort, FulfilmentWork } from './fulfilment.port';
import { ADD_JOB } from './sql/order.sql';

/** How the simulated network behaves. */
export interface SimulatedBehaviour {
  /** Milliseconds until it reports; 0 = it answers at once. */
  readonly delayMs: number;
  /** How many of 1,000 items fail, picked by their ids. */
  readonly failPerMille: number;
  /** How often it reports each item beyond the first time. */
  readonly duplicates: number;
}

/** The job by which the simulated network reports later. */
export const SIMULATED_REPORT = 'order_simulated_report';

export interface SimulatedReport {
  readonly shard: number;
  readonly id: string;
  readonly key: string;
  readonly failed: boolean;
  readonly times: number;
}

/**
 * A network for trials and tests. What it will report later waits in the queue of the database, so that it survives the
 * process; the item's own id decides whether it fails, so that a repeat gets the same answer.
 */
export class SimulatedNetwork implements FulfilmentPort {
  constructor(private readonly pool: Pool, private readonly behaviour: SimulatedBehaviour) {}

  get patienceMs(): number {
    return this.behaviour.delayMs + 10_000;
  }

  get answersAtOnce(): boolean {
    return this.behaviour.delayMs === 0;
  }

  async fulfil(work: FulfilmentWork): Promise<FulfilmentAnswer> {
    const failed = fails(work, this.behaviour.failPerMille);
    if (this.answersAtOnce) return failed ? { kind: 'FAILED', note: NOTE } : { kind: 'DONE' };
    const report: SimulatedReport = {
      shard: work.order.shard, id: work.order.id.toString(), key: work.itemKey, failed, times: 1 + this.behaviour.duplicates,
    };
    await this.pool.query(ADD_JOB, [SIMULATED_REPORT, JSON.stringify(report), callId(work, 'simulated'), this.behaviour.delayMs]);
    return { kind: 'TAKEN' };
  }

  mayCancel(): Promise<CancelAnswer> {
    return Promise.resolve({ kind: 'YES' });
  }

  cancel(): Promise<CancelAnswer> {
    return Promise.resolve({ kind: 'YES' });
  }
}

/** What a simulated failure says. */
export const NOTE = 'The simulated network was told to fail.';

const fails = (work: FulfilmentWork, perMille: number): boolean =>
  createHash('sha256').update(callId(work, 'fail')).digest().readUInt16BE(0) % 1000 < perMille;
