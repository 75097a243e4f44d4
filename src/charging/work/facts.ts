import type { Pool } from 'pg';
import { ListedPrice, loadListPrices, loadTaxRates, PriceVersion, TaxRateTerms } from '../../catalog';
import { SetupLoader } from '../../guiding';
import { Amount, amount, divideRounded, pow10, timesDecimal } from '../../platform/money';
import { CompiledPrice } from '../../rating';
import { readSettings, TenantSettings } from '../../tenant';
import type { BatchDecision, BatchStep } from '../batch-step';

/** A list price with the time in which it decides, compiled. */
export interface CompiledListPrice extends ListedPrice {
  readonly compiled: CompiledPrice | null;
}

/** What a batch knows of a tenant; checked under the lock by the tenant's catalog version. */
export interface TenantFacts {
  readonly tenantId: number;
  readonly catalogVersion: bigint;
  readonly settings: TenantSettings;
  readonly taxRates: readonly TaxRateTerms[];
  /** Late limits in days that sources state for themselves; null = none at all (a historical run). */
  readonly lateLimits: ReadonlyMap<string, number | null>;
  /** Sources that sent records of what was charged online: their usages may have been compared. */
  readonly recordSources: ReadonlySet<string>;
  /** Every launched version of the tenant's list prices, by price. */
  readonly listPrices: ReadonlyMap<string, readonly CompiledListPrice[]>;
  /** What other rooms add to the tenant's batches; empty where none has anything to decide. */
  readonly steps: readonly BatchDecision[];
}

interface TenantRow { catalog_version: string; settings: unknown }
interface SourceRow { code: string; late_limit_days: number; is_historical: boolean }
interface ListPriceRow { price_id: string }

/** Tenants' facts, kept until a batch sees a newer catalog version. */
export class FactsCache {
  private readonly facts = new Map<number, TenantFacts>();

  constructor(private readonly pool: Pool, private readonly loader: SetupLoader, private readonly steps: readonly BatchStep[] = []) {}

  get(tenantId: number): TenantFacts | undefined {
    return this.facts.get(tenantId);
  }

  async ensure(tenantId: number): Promise<TenantFacts> {
    return this.facts.get(tenantId) ?? this.reload(tenantId);
  }

  /** Reads anew; the version first, so that what is kept is never older than it says. */
  async reload(tenantId: number): Promise<TenantFacts> {
    const tenant = (await this.pool.query<TenantRow>('select catalog_version, settings from tenant where id = $1', [tenantId])).rows[0];
    if (!tenant) throw new Error(`Tenant ${tenantId} does not exist.`);
    const [taxRates, sources, records, listed, steps] = await Promise.all([
      loadTaxRates(this.pool, tenantId),
      this.pool.query<SourceRow>('select code, late_limit_days, is_historical from usage_source where tenant_id = $1', [tenantId]),
      this.pool.query<{ code: string }>('select code from usage_record_source where tenant_id = $1', [tenantId]),
      this.pool.query<ListPriceRow>('select distinct price_id from price_version where tenant_id = $1 and list_priced', [tenantId]),
      Promise.all(this.steps.map((step) => step.load(this.pool, tenantId))),
    ]);
    const prices = await loadListPrices(this.pool, tenantId, listed.rows.map((row) => BigInt(row.price_id)));
    const facts: TenantFacts = {
      tenantId, catalogVersion: BigInt(tenant.catalog_version), settings: readSettings(tenant.settings), taxRates,
      lateLimits: new Map(sources.rows.map((row) => [row.code, row.is_historical ? null : row.late_limit_days])),
      recordSources: new Set(records.rows.map((row) => row.code)),
      listPrices: this.byPrice(prices), steps: steps.filter((step) => step !== null),
    };
    this.facts.set(tenantId, facts);
    return facts;
  }

  private byPrice(prices: readonly ListedPrice[]): ReadonlyMap<string, readonly CompiledListPrice[]> {
    const found = new Map<string, CompiledListPrice[]>();
    for (const listed of prices) {
      const versions = found.get(listed.price.priceId) ?? [];
      versions.push({ ...listed, compiled: this.loader.compile(listed.price) });
      found.set(listed.price.priceId, versions);
    }
    return found;
  }
}

/** A rated amount with its tax, six decimals each. */
export interface Taxed {
  readonly net: Amount;
  readonly tax: Amount;
  readonly gross: Amount;
  readonly taxCode: string;
}

/** Net, tax and gross of an amount in the price's own tax sense at an instant; null where no rate of its class holds. */
export function taxed(facts: Pick<TenantFacts, 'taxRates'>, price: Pick<PriceVersion, 'taxClass' | 'taxIncluded'>, value: Amount, at: number): Taxed | null {
  const found = facts.taxRates.find((rate) =>
    rate.taxClass === price.taxClass && at >= rate.validFrom && (rate.validUntil === null || at < rate.validUntil));
  if (!found) return null;
  if (!price.taxIncluded) {
    const tax = timesDecimal(value, found.rate, 'HALF_UP');
    return { net: value, tax, gross: amount(value + tax), taxCode: found.taxCode };
  }
  // gross × rate ÷ (1 + rate), with rate = unscaled ÷ 10^scale.
  const tax = amount(divideRounded(value * found.rate.unscaled, pow10(found.rate.scale) + found.rate.unscaled, 'HALF_UP'));
  return { net: amount(value - tax), tax, gross: value, taxCode: found.taxCode };
}
