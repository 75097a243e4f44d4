import { Logger as QueueLogger, run, Runner } from 'graphile-worker';
import type { Pool } from 'pg';
import { inTransaction } from '../platform/db';
import { Refusal } from '../platform/errors';
import type { OrderRunner } from './order-runner';
import type { OrderService } from './order.service';
import { addAdvance, ADVANCE } from './order.store';
import { NOTE, SIMULATED_REPORT, SimulatedReport } from './simulated-network';

const SWEEP_MS = 1_000;
const SWEEP_MAX = 500;

/** Orders whose instant has come: a silent runner, a repeat, a report that is due, or the start that was asked for. */
const OVERDUE = `
  with due as (
    select o.shard, o.id from product_order o where o.wakes_at <= clock_timestamp()
    union
    select o.shard, o.id from product_order o join tenant t on t.id = o.tenant_id
     where o.state = 'ACKNOWLEDGED' and o.requested_start is not null and o.wakes_at is null
       and o.requested_start <= clock_timestamp() + t.clock_offset_ms * interval '1 millisecond'
     limit $1)
  select shard, id::text from due`;
/** Somebody looks now; he who is quicker takes it. */
const TAKE = `update product_order set wakes_at = clock_timestamp() + interval '30 seconds'
  where shard = $1 and id = $2 and (wakes_at is null or wakes_at <= clock_timestamp()) returning id`;

export interface QueueDeps {
  /** Connections of the queue's own. */
  readonly pool: Pool;
  readonly orders: OrderService;
  readonly runner: OrderRunner;
  /** Orders worked on at once. */
  readonly concurrency: number;
  readonly failed: (error: Error) => void;
}

/** The workers of this node: graphile-worker runs the orders' jobs, and a sweep adds the jobs of those that are overdue. */
export class OrderQueue {
  private worker: Runner | null = null;
  private timer: NodeJS.Timeout | null = null;
  private sweeping: Promise<unknown> | null = null;

  constructor(private readonly deps: QueueDeps) {
    // The library asks for somebody who hears of a connection's faults; the product's own client hears them itself.
    deps.pool.on('connect', () => undefined);
  }

  async start(): Promise<void> {
    const { pool, concurrency, failed } = this.deps;
    this.worker = await run({
      pgPool: pool, concurrency, noHandleSignals: true, pollInterval: 2_000, schema: 'graphile_worker',
      // A worker does not wait until the end of its job is on the disk: a job that is run twice does nothing the second time.
      preset: { worker: { completeJobBatchDelay: 0 } },
      logger: new QueueLogger(() => (level, message) => { if (level === 'error') failed(new Error(message)); }),
      taskList: {
        [ADVANCE]: (payload) => this.advance(payload as { shard: number; id: string; overdue?: boolean }),
        [SIMULATED_REPORT]: (payload) => this.report(payload as SimulatedReport),
      },
    });
    // It ends by itself only where it cannot go on: what it leaves is told, and the next start goes on.
    this.worker.promise.catch(failed);
    this.timer = setInterval(() => {
      this.sweeping ??= this.sweep().catch(failed).finally(() => { this.sweeping = null; });
    }, SWEEP_MS).unref();
  }

  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    await this.sweeping;
    await this.worker?.stop();
    this.worker = null;
  }

  /** Adds the jobs of what is overdue; how many. */
  async sweep(): Promise<number> {
    const { rows } = await this.deps.pool.query<{ shard: number; id: string }>(OVERDUE, [SWEEP_MAX]);
    for (const { shard, id } of rows) {
      await inTransaction(this.deps.pool, async (tx) => {
        const taken = await tx.query(TAKE, [shard, id]);
        if (taken.rowCount) await addAdvance(tx, { shard, id: BigInt(id) }, 0, true);
      });
    }
    return rows.length;
  }

  private async advance({ shard, id, overdue = false }: { readonly shard: number; readonly id: string; readonly overdue?: boolean }): Promise<void> {
    await this.deps.runner.advance({ shard, id: BigInt(id) }, overdue);
  }

  /** What the simulated network says, as often as it was told to; what comes too late is refused like any other report. */
  private async report({ shard, id, key, failed, times }: SimulatedReport): Promise<void> {
    const { rows } = await this.deps.pool.query<{ tenant_id: number }>('select tenant_id from product_order where shard = $1 and id = $2', [shard, id]);
    for (let time = 0; rows[0] && time < times; time += 1) {
      try {
        await this.deps.orders.report({
          tenantId: rows[0].tenant_id, orderId: BigInt(id), itemKey: key, outcome: failed ? 'FAILED' : 'COMPLETED', note: failed ? NOTE : null,
        });
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      }
    }
  }
}
