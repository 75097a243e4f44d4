import type { Pool } from 'pg';
import { ExactDecimal, parseAmount, parseDecimal, Quantity, quantity } from '../platform/money';
import { UsagePriceVersion } from './price.types';
import {
  AllowanceRow, ListedPriceRow, OfferingRow, PriceRow, SELECT_ALLOWANCES, SELECT_LIST_PRICES, SELECT_OFFERINGS,
  SELECT_PRICES, SELECT_PRICES_OF_OFFERINGS, SELECT_TAX_RATES, TaxRateRow,
} from './sql/terms.sql';
import { AllowanceTerms, FeePrice, ListedPrice, OfferingTerms, PriceVersion, TaxRateTerms } from './terms.types';

/** Raised where a stored price cannot be read: the draft's validation was passed by, so nothing may be charged by it. */
export class CatalogRowBroken extends Error {}

/** The terms of offering versions, keyed by version id; an unknown id has no entry. Three statements, however many ids. */
export async function loadOfferingTerms(pool: Pool, offeringVersionIds: readonly bigint[]): Promise<Map<string, OfferingTerms>> {
  const ids = [texts(offeringVersionIds)];
  const [offerings, prices, allowances] = await Promise.all([
    pool.query<OfferingRow>(SELECT_OFFERINGS, ids),
    pool.query<PriceRow>(SELECT_PRICES_OF_OFFERINGS, ids),
    pool.query<AllowanceRow>(SELECT_ALLOWANCES, ids),
  ]);
  const pricesOf = byOffering(prices.rows, priceOf);
  const allowancesOf = byOffering(allowances.rows, allowanceOf);
  return new Map(offerings.rows.map((row) => [
    row.version_id, termsOf(row, pricesOf.get(row.version_id) ?? [], allowancesOf.get(row.version_id) ?? []),
  ]));
}

/** Price versions by id; an unknown id has no entry. */
export async function loadPriceVersions(pool: Pick<Pool, 'query'>, ids: readonly bigint[]): Promise<Map<string, PriceVersion>> {
  const { rows } = await pool.query<PriceRow>(SELECT_PRICES, [texts(ids)]);
  return new Map(rows.map((row) => [row.id, priceOf(row)]));
}

/** Every launched version of the list prices among `priceIds`, by price and start, each with the time in which it decides. */
export async function loadListPrices(pool: Pool, tenantId: number, priceIds: readonly bigint[]): Promise<ListedPrice[]> {
  const { rows } = await pool.query<ListedPriceRow>(SELECT_LIST_PRICES, [tenantId, texts(priceIds)]);
  return rows.map((row) => ({
    price: priceOf(row), validFrom: millis(row.valid_from_ms), validUntil: millisOrNull(row.valid_until_ms),
  }));
}

/** All tax rates of a tenant, past and coming, by class and start. */
export async function loadTaxRates(pool: Pick<Pool, 'query'>, tenantId: number): Promise<TaxRateTerms[]> {
  const { rows } = await pool.query<TaxRateRow>(SELECT_TAX_RATES, [tenantId]);
  return rows.map((row) => ({
    taxClass: row.tax_class, taxCode: row.tax_code, rate: rateOf(row),
    validFrom: millis(row.valid_from_ms), validUntil: millisOrNull(row.valid_until_ms),
  }));
}

function byOffering<R extends { offering_version_id: string }, T>(rows: readonly R[], read: (row: R) => T): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const row of rows) {
    const list = found.get(row.offering_version_id) ?? [];
    list.push(read(row));
    found.set(row.offering_version_id, list);
  }
  return found;
}

function termsOf(row: OfferingRow, prices: readonly PriceVersion[], allowances: readonly AllowanceTerms[]): OfferingTerms {
  return {
    versionId: row.version_id, offeringId: row.offering_id, tenantId: row.tenant_id, code: row.code, name: row.name,
    priority: row.priority, periodKind: row.period_kind, periodLength: row.period_length, autoRenew: row.auto_renew,
    unpaidRenewal: row.unpaid_renewal, paidRenewalStarts: row.paid_renewal_starts, paymentModes: row.payment_modes,
    isSlice: row.is_slice,
    recurring: prices.filter((price): price is FeePrice => price.priceType === 'RECURRING'),
    oneTime: prices.filter((price): price is FeePrice => price.priceType === 'ONE_TIME'),
    usage: prices.filter((price): price is UsagePriceVersion => price.priceType === 'USAGE'),
    allowances,
  };
}

/** @throws CatalogRowBroken where the row could not have passed the draft's validation. */
export function priceOf(row: PriceRow): PriceVersion {
  const head = {
    id: row.id, priceId: row.price_id, version: row.version, name: row.name, currency: row.currency, unit: row.unit,
    per: BigInt(row.per), taxClass: row.tax_class, taxIncluded: row.tax_included, revenueAccount: row.revenue_account,
    recognition: row.recognition, listPriced: row.list_priced,
  };
  if (row.price_type === 'USAGE') {
    if (row.definition === null) throw new CatalogRowBroken(`price version ${row.id} has no definition`);
    return { ...head, priceType: 'USAGE', definition: row.definition };
  }
  const amount = row.amount === null ? null : parseAmount(row.amount);
  if (amount === null) throw new CatalogRowBroken(`price version ${row.id} has no amount of at most six decimals`);
  return { ...head, priceType: row.price_type, amount, isProrated: row.is_prorated, isBilledInAdvance: row.is_billed_in_advance };
}

/** An allowance's row in the product's own types. */
export function allowanceOf(row: AllowanceRow): AllowanceTerms {
  return {
    id: row.id, code: row.code, name: row.name, usageKind: row.usage_kind, unit: row.unit,
    quantity: quantity(BigInt(row.quantity)), step: quantityOrNull(row.step), priority: row.priority,
    prefixes: row.prefixes, conditions: row.conditions, isShared: row.is_shared, firstGrant: row.first_grant,
    renewal: row.renewal, rollOverMaximum: quantityOrNull(row.roll_over_maximum), whenUsedUp: row.when_used_up,
  };
}

function rateOf(row: TaxRateRow): ExactDecimal {
  const rate = parseDecimal(row.rate);
  if (rate === null) throw new CatalogRowBroken(`the rate of tax class ${row.tax_class} is no decimal`);
  return rate;
}

const texts = (ids: readonly bigint[]): string[] => ids.map(String);
const millis = (text: string): number => +text;
const millisOrNull = (text: string | null): number | null => (text === null ? null : millis(text));
const quantityOrNull = (text: string | null): Quantity | null => (text === null ? null : quantity(BigInt(text)));
