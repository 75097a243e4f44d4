import type { PoolClient } from 'pg';
import type { AuditScope, ProgramCheck, Violation } from '../../audit';
import { loadPriceVersions, loadTaxRates, PriceVersion, TaxRateTerms } from '../../catalog';
import { CompiledPrice, compilePrice, RatingExplanation } from '../../rating';
import { amountOf, reRate, usageOf } from './re-rate.rules';
import { SELECT_PRICED, PricedRow } from './priced.sql';

type Found = Pick<Violation, 'object' | 'what'>;

const PAGE = 5_000;

/** What was charged is what its price version says: every usage is priced again from the facts that it was stored with. */
export const RE_RATING: ProgramCheck = {
  number: '12',
  promise: 'A usage that is priced again, by the facts and the price version stored with it, costs what it cost.',
  async violations(client, scope, most) {
    // The page behind a key is found by the key; without statistics the planner would rather sort all charges for every page.
    const sorting = ['enable_sort', 'enable_incremental_sort', 'enable_seqscan', 'enable_bitmapscan'];
    await setAll(client, sorting, 'off');
    const known = new Known(client);
    const found: Found[] = [];
    for (let rows = await pageAfter(client, scope, null); rows.length > 0 && found.length < most;) {
      await known.learn(rows);
      // The next page is read while this one is priced.
      const next = pageAfter(client, scope, rows.at(-1)!);
      for (const row of rows) {
        const what = differenceOf(row, known);
        if (what !== null) found.push({ object: `charge ${row.shard}/${row.root_id}/${row.position}`, what });
      }
      rows = await next;
    }
    await setAll(client, sorting, 'on');
    return found.slice(0, most);
  },
};

async function setAll(client: PoolClient, names: readonly string[], value: 'on' | 'off'): Promise<void> {
  await client.query('select set_config(name, $2, false) from unnest($1::text[]) name', [names, value]);
}

async function pageAfter(client: PoolClient, { shard, since }: AuditScope, last: PricedRow | null): Promise<readonly PricedRow[]> {
  const place = [last?.shard ?? shard ?? 0, last?.root_id ?? '-1', last?.position ?? '0'];
  return (await client.query<PricedRow>(SELECT_PRICED, [...place, shard ?? 4095, since ?? '-infinity', PAGE])).rows;
}

function differenceOf(row: PricedRow, known: Known): string | null {
  const explanation = row.explanation as { readonly r?: RatingExplanation; readonly t?: string } | null;
  const price = row.price_version_id === null ? null : known.price(row.price_version_id);
  // Fees are no usage.
  if (price === 'FEE') return null;
  if (!price) return row.net === '0' && row.tax === '0' ? null : 'costs something and has no price version';
  return reRate({
    usage: usageOf({ kind: row.kind, unit: row.unit, startedAt: row.event_ms, quantity: row.quantity, otherParty: row.other_party }),
    net: amountOf(row.net), tax: amountOf(row.tax), asset: row.asset, facts: explanation?.r ?? null, taxCode: explanation?.t ?? null,
  }, price, known.taxRates(row.tenant_id));
}

/** Prices and tax rates, read at the first charge that needs them. */
class Known {
  private readonly prices = new Map<string, CompiledPrice | 'FEE'>();
  private readonly rates = new Map<number, readonly TaxRateTerms[]>();

  constructor(private readonly client: PoolClient) {}

  async learn(rows: readonly PricedRow[]): Promise<void> {
    const versions = new Set(rows.map((row) => row.price_version_id).filter((id) => id !== null && !this.prices.has(id)));
    if (versions.size > 0) {
      const loaded = await loadPriceVersions(this.client, [...versions].map((id) => BigInt(id!)));
      for (const [id, version] of loaded) this.prices.set(id, compiledOf(version));
    }
    for (const tenantId of new Set(rows.map((row) => row.tenant_id))) {
      if (!this.rates.has(tenantId)) this.rates.set(tenantId, await loadTaxRates(this.client, tenantId));
    }
  }

  price(versionId: string): CompiledPrice | 'FEE' | undefined {
    return this.prices.get(versionId);
  }

  taxRates(tenantId: number): readonly TaxRateTerms[] {
    return this.rates.get(tenantId) ?? [];
  }
}

const compiledOf = (version: PriceVersion): CompiledPrice | 'FEE' => (version.priceType === 'USAGE' ? compilePrice(version) : 'FEE');
