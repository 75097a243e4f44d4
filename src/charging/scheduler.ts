import type { Pool } from 'pg';
import { RootRef } from '../platform/root';
import type { ChargingApi } from './charging.api';

export interface SchedulerOptions {
  readonly pool: Pool;
  readonly charging: Pick<ChargingApi, 'touch'>;
  readonly everyMs: number;
  /** Roots taken in one round. */
  readonly roundMax: number;
  readonly failed: (error: Error) => void;
}

interface DueRow { readonly tenant_id: number; readonly shard: number; readonly root_id: string }

const DUE = `
select distinct p.tenant_id, p.shard, p.root_id
  from tenant t
  join product p on p.tenant_id = t.id
   and p.next_renewal_at <= clock_timestamp() + t.clock_offset_ms * interval '1 millisecond'
 limit $1`;

/**
 * Spreads renewals over time. Nothing depends on it: whatever touches a product first applies what fell due, so two nodes
 * that take the same root do it once, and a stopped scheduler changes no answer.
 */
export class RenewalScheduler {
  private timer: NodeJS.Timeout | null = null;
  private round: Promise<void> | null = null;

  constructor(private readonly options: SchedulerOptions) {}

  start(): void {
    this.timer = setInterval(() => {
      this.round ??= this.runOnce().catch((error: Error) => this.options.failed(error)).then(() => undefined).finally(() => { this.round = null; });
    }, this.options.everyMs);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    await this.round;
  }

  /** Applies one round; the number of roots touched. */
  async runOnce(): Promise<number> {
    const { rows } = await this.options.pool.query<DueRow>(DUE, [this.options.roundMax]);
    const byTenant = new Map<number, RootRef[]>();
    for (const row of rows) {
      const roots = byTenant.get(row.tenant_id) ?? [];
      roots.push({ shard: row.shard, rootId: BigInt(row.root_id) });
      byTenant.set(row.tenant_id, roots);
    }
    for (const [tenantId, roots] of byTenant) await this.options.charging.touch(tenantId, roots);
    return rows.length;
  }
}
