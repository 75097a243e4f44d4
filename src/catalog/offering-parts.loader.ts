import DataLoader from 'dataloader';
import type { RequestContext } from '../context';
import { encodeId, moneyOf, quantityOf } from '../platform/graphql';
import { priceMemory } from './price-memory';
import { ProductOfferingAllowance, ProductOfferingPrice } from './product-offering.type';
import { AllowanceRow, PriceRow, SELECT_ALLOWANCES, SELECT_PRICES, SELECT_PRICES_OF_OFFERINGS } from './sql/terms.sql';
import { allowanceOf, priceOf } from './terms.loader';
import type { PriceVersion } from './terms.types';
import { usagePriceOf } from './usage-price.mapper';

/*
 * What hangs on a version is as visible as the version: these loaders ask no second time, so their keys come only from
 * objects that the caller was shown.
 */

/** The prices of offering versions, by version key. */
export function pricesLoader(context: RequestContext): DataLoader<string, ProductOfferingPrice[]> {
  return context.loader('catalog.prices', () => new DataLoader(async (keys: readonly string[]) => {
    const found = await pricesOf(context, keys);
    for (const row of found.flat()) priceMemory(context.services.pool).byId.set(row.id, row);
    return found.map((rows) => rows.map(shownPrice));
  }));
}

/** As the node remembers them; what it does not is read in one statement. */
async function pricesOf({ services }: RequestContext, keys: readonly string[]): Promise<(readonly PriceRow[])[]> {
  const { ofVersion: known } = priceMemory(services.pool);
  const missing = keys.filter((key) => known.get(key) === undefined);
  const { rows } = missing.length === 0 ? { rows: [] } : await services.pool.query<PriceRow>(SELECT_PRICES_OF_OFFERINGS, [missing]);
  const read = new Map(missing.map((key) => [key, rows.filter((row) => row.offering_version_id === key)]));
  for (const [key, prices] of read) known.set(key, prices);
  return keys.map((key) => read.get(key) ?? known.get(key)!);
}

/** Price versions by their own key. */
export function priceVersionLoader(context: RequestContext): DataLoader<string, ProductOfferingPrice | null> {
  return context.loader('catalog.price', () => new DataLoader(async (keys: readonly string[]) =>
    (await priceRows(context, keys)).map((row) => row && shownPrice(row))));
}

/** Price versions by id, as the rater knows them; what one field of a request has read another does not read again. */
export async function priceVersions(context: RequestContext, ids: readonly string[]): Promise<ReadonlyMap<string, PriceVersion>> {
  return new Map((await priceRows(context, ids)).flatMap((row) => (row ? [[row.id, priceOf(row)] as const] : [])));
}

const priceRows = (context: RequestContext, ids: readonly string[]): Promise<(PriceRow | null)[]> =>
  Promise.all(ids.map((id) => priceRowLoader(context).load(id)));

const priceRowLoader = ({ loader, services }: RequestContext): DataLoader<string, PriceRow | null> =>
  loader('catalog.priceRow', () => new DataLoader(async (keys: readonly string[]) => {
    const { byId: known } = priceMemory(services.pool);
    const missing = keys.filter((key) => known.get(key) === undefined);
    const { rows } = missing.length === 0 ? { rows: [] } : await services.pool.query<PriceRow>(SELECT_PRICES, [missing]);
    for (const row of rows) known.set(row.id, row);
    const read = new Map(rows.map((row) => [row.id, row]));
    return keys.map((key) => read.get(key) ?? known.get(key) ?? null);
  }));

/** The allowances of offering versions, by version key. */
export function allowancesLoader({ loader, services }: RequestContext): DataLoader<string, ProductOfferingAllowance[]> {
  return loader('catalog.allowances', () => new DataLoader(async (keys: readonly string[]) => {
    const { rows } = await services.pool.query<AllowanceRow>(SELECT_ALLOWANCES, [keys]);
    return keys.map((key) => rows.filter((row) => row.offering_version_id === key).map(shownAllowance));
  }));
}

function shownPrice(row: PriceRow): ProductOfferingPrice {
  const price = priceOf(row);
  const { version, name, unit, per, taxClass, taxIncluded, recognition, listPriced, priceType, currency } = price;
  return {
    id: encodeId('ProductOfferingPrice', price.id), code: row.code, version, name, priceType, unit, per, taxClass, taxIncluded, recognition,
    listPriced,
    amount: price.priceType === 'USAGE' ? null : moneyOf(price.amount, currency),
    isProrated: price.priceType === 'RECURRING' && price.isProrated,
    isBilledInAdvance: price.priceType === 'RECURRING' && price.isBilledInAdvance,
    usage: price.priceType === 'USAGE' ? usagePriceOf(price.definition) : null,
  };
}

function shownAllowance(row: AllowanceRow): ProductOfferingAllowance {
  const { quantity, unit, ...terms } = allowanceOf(row);
  return { ...terms, quantity: quantityOf(quantity, unit) };
}
