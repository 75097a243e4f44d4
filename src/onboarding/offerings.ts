import type { Pool } from 'pg';
import type { CatalogService, OfferingDraft } from '../catalog';
import { Amount, amount, formatAmount } from '../platform/money';
import { Refusal } from '../platform/errors';
import type { Actor } from '../tenant';
import { ImportError } from '../usage/import';
import { codesOfMapping } from './customer-row';
import type { CatalogPart, CustomerMapping } from './mapping.types';

/** An offering that is sold now, with the sum of its periodic fees; `taxIncluded` where one of them includes tax. */
export interface SoldOffering {
  readonly code: string;
  readonly fee: Amount;
  readonly currency: string | null;
  readonly taxIncluded: boolean;
}

const SOLD = `
  select o.code, coalesce(sum(p.amount * 1000000), 0)::bigint::text as fee, min(p.currency) as currency, coalesce(bool_or(p.tax_included), false) as tax_included
    from tenant t
    join product_offering o on o.tenant_id = t.id and o.code = any($2::text[])
    join product_offering_version v on v.offering_id = o.id and v.state = 'LAUNCHED'
     and tstzrange(v.valid_from, v.valid_until) @> clock_timestamp() + t.clock_offset_ms * interval '1 millisecond'
    left join price_version p on p.offering_version_id = v.id and p.price_type = 'RECURRING'
   where t.id = $1 group by o.code`;

/** Those of the offerings that are sold now, by code. */
export async function soldOfferings(pool: Pool, tenantId: number, codes: readonly string[]): Promise<ReadonlyMap<string, SoldOffering>> {
  const { rows } = await pool.query<{ code: string; fee: string; currency: string | null; tax_included: boolean }>(SOLD, [tenantId, codes]);
  return new Map(rows.map((row) => [row.code, { code: row.code, fee: amount(BigInt(row.fee)), currency: row.currency, taxIncluded: row.tax_included }]));
}

export interface CatalogDesk {
  readonly pool: Pool;
  readonly catalog: Pick<CatalogService, 'draft' | 'launch'>;
  readonly actor: Actor;
}

/**
 * Puts the mapping's own offerings on sale from now on, those of them that are not; their number.
 * @throws ImportError where one is sold at another price, or cannot be made
 */
export async function createOfferings({ pool, catalog, actor }: CatalogDesk, mapping: CustomerMapping, file: string): Promise<number> {
  const part = mapping.catalog;
  if (!part) throw new ImportError({ file }, 'there is no member "catalog" whose offerings could be made.');
  const sold = await soldOfferings(pool, actor.tenantId, part.offerings.map(({ code }) => code));
  let made = 0;
  for (const offering of part.offerings) {
    const found = sold.get(offering.code);
    if (found) requireEqual(found, offering, mapping, file);
    else {
      await putOnSale(catalog, actor, draftOf(offering, part, mapping), file);
      made += 1;
    }
  }
  return made;
}

/** @throws ImportError naming every offering that a value of the mapping means and that is not sold. */
export async function requireOfferings(pool: Pool, tenantId: number, mapping: CustomerMapping, file: string): Promise<void> {
  const codes = codesOfMapping(mapping);
  const sold = await soldOfferings(pool, tenantId, codes);
  const missing = codes.filter((code) => !sold.has(code));
  if (missing.length === 0) return;
  const hint = mapping.catalog && missing.every((code) => mapping.catalog!.offerings.some((offering) => offering.code === code))
    ? '; --create-offerings makes them by the mapping\'s own catalog.' : '.';
  throw new ImportError({ file }, `the tenant does not sell ${missing.join(', ')}${hint}`);
}

function requireEqual({ fee, currency, taxIncluded }: SoldOffering, { code, price }: CatalogPart['offerings'][number], { account }: CustomerMapping, file: string): void {
  if (fee === price && (currency === null || currency === account.currency) && !taxIncluded) return;
  throw new ImportError({ file }, `${code} is sold for ${formatAmount(fee, currency ?? account.currency)} ${currency ?? account.currency} `
    + `${taxIncluded ? 'with tax' : 'net'} a period, and the mapping says ${formatAmount(price, account.currency)} ${account.currency} net.`);
}

async function putOnSale(catalog: CatalogDesk['catalog'], actor: Actor, draft: OfferingDraft, file: string): Promise<void> {
  try {
    const { version } = await catalog.draft(actor, draft);
    await catalog.launch(actor, { code: draft.code, version, validFrom: null });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new ImportError({ file }, `the offering ${draft.code} cannot be put on sale: ${error.userError.message}`);
  }
}

const draftOf = ({ code, name, price }: CatalogPart['offerings'][number], part: CatalogPart, { account }: CustomerMapping): OfferingDraft => ({
  code, name, description: `${name}, ${formatAmount(price, account.currency)} ${account.currency} net a month.`, priority: 100,
  paymentModes: [account.paymentMode], periodKind: part.period, periodLength: 1, autoRenew: true, unpaidRenewal: 'SUSPEND', paidRenewalStarts: 'WHEN_PAID',
  prices: [{
    code: 'fee', name: 'Monthly fee', currency: account.currency, taxClass: part.taxClass, taxIncluded: false, revenueAccount: part.revenueAccount,
    recognition: 'OVER_PERIOD', listPriced: false, recurring: { amount: formatAmount(price, account.currency), isProrated: part.isProrated },
  }],
  allowances: [],
});
