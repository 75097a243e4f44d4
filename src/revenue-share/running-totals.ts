import type { Pool } from 'pg';
import { SharedReads } from '../live';
import { TenantClock, TenantDirectory } from '../tenant';
import { RUNNING_TOTALS } from './sql/statement.sql';
import { monthOf } from './statement.service';

/** What a partner is owed of the running month, by currency and offering. */
export interface RunningTotals {
  readonly at: Date;
  readonly from: string;
  readonly until: string;
  /** By currency, in the order of the settlement accounts; offerings without shares are absent. */
  readonly currencies: readonly { readonly currency: string; readonly byOffering: ReadonlyMap<string, bigint> }[];
}

interface Row { readonly partner_id: string; readonly currency: string; readonly offering_id: string | null; readonly share: string | null }

/** Partners of one tenant read in one statement. */
const MOST_PARTNERS = 100;

/** The running totals as watchers read them: together, and while nobody watches not at all. */
export class RunningTotalsReader {
  private readonly reads: SharedReads<RunningTotals>;

  constructor(private readonly pool: Pool, private readonly clock: TenantClock, private readonly tenants: TenantDirectory) {
    this.reads = new SharedReads((keys) => this.readMany(keys), MOST_PARTNERS);
  }

  read(tenantId: number, partnerId: bigint): Promise<RunningTotals> {
    return this.reads.read(`${tenantId}:${partnerId}`);
  }

  private async readMany(keys: readonly string[]): Promise<RunningTotals[]> {
    const byTenant = new Map<string, string[]>();
    for (const key of keys) {
      const [tenant = '', partner = ''] = key.split(':');
      byTenant.set(tenant, [...(byTenant.get(tenant) ?? []), partner]);
    }
    const found = new Map<string, RunningTotals>();
    for (const [tenant, partners] of byTenant) {
      for (const [partner, totals] of await this.readTenant(parseInt(tenant, 10), partners)) found.set(`${tenant}:${partner}`, totals);
    }
    return keys.map((key) => found.get(key)!);
  }

  private async readTenant(tenantId: number, partners: readonly string[]): Promise<Map<string, RunningTotals>> {
    const at = await this.clock.now(tenantId);
    const { timeZone } = await this.tenants.require(tenantId);
    const { startDate: from, endDate: until } = monthOf(timeZone, at.getTime());
    const { rows } = await this.pool.query<Row>(RUNNING_TOTALS, [partners, from, until]);
    return new Map(partners.map((partner) => {
      const currencies = new Map<string, Map<string, bigint>>();
      for (const row of rows) {
        if (row.partner_id !== partner) continue;
        const offerings = currencies.get(row.currency) ?? new Map<string, bigint>();
        if (row.offering_id !== null) offerings.set(row.offering_id, BigInt(row.share ?? '0'));
        currencies.set(row.currency, offerings);
      }
      return [partner, { at, from, until, currencies: [...currencies].map(([currency, byOffering]) => ({ currency, byOffering })) }];
    }));
  }
}
