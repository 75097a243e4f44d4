import type { Pool } from 'pg';
import { DEFAULT_SETTINGS } from '../tenant';
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

const NOW = `clock_timestamp() + t.clock_offset_ms * interval '1 millisecond'`;

/* Days for which paid money is kept after its end, by the tenant's settings. */
const GRACE = `coalesce((t.settings->>'graceDays')::int, $2) * interval '1 day'`;

/*
 * Renewals, ends, allowances and promotions that lapse, and paid money whose grace is over. Lapsed paid money stays active
 * and empty, so of it only the last two days are looked at: what was missed then is booked when somebody comes by.
 */
const DUE = `
select x.tenant_id, x.shard, x.root_id from (
  select p.tenant_id, p.shard, p.root_id from tenant t join product p on p.tenant_id = t.id and p.next_renewal_at <= ${NOW}
  union
  select p.tenant_id, p.shard, p.root_id from tenant t join product p on p.tenant_id = t.id and p.ended_at <= ${NOW}
     and p.state in ('ACTIVE', 'SUSPENDED', 'PENDING_TERMINATE')
  union
  select b.tenant_id, b.shard, b.root_id from tenant t join bucket b on b.tenant_id = t.id and b.state = 'ACTIVE'
     and b.kind in ('UNIT', 'PROMOTION') and b.valid_until <= ${NOW}
  union
  select b.tenant_id, b.shard, b.root_id from tenant t join bucket b on b.tenant_id = t.id and b.state = 'ACTIVE'
     and b.kind = 'MONEY' and b.value > 0
     and b.valid_until <= ${NOW} - ${GRACE} and b.valid_until > ${NOW} - ${GRACE} - interval '2 days') x
 limit $1`;

/**
 * Spreads what falls due over time. Nothing depends on it: whatever touches a root first applies what fell due, so two
 * nodes that take the same root do it once, and a stopped scheduler changes no answer.
 */
export class DueScheduler {
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
    const { rows } = await this.options.pool.query<DueRow>(DUE, [this.options.roundMax, DEFAULT_SETTINGS.graceDays]);
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
