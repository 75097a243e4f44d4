import DataLoader from 'dataloader';
import type { RequestContext } from '../context';
import { productOfferingOf } from './offering.reader';
import { BundledProductOffering, ProductOffering } from './product-offering.type';
import { ComponentRow, SELECT_COMPONENTS } from './sql/bundle.sql';
import { OfferingVersionRow, SELECT_SOLD_OF_OFFERINGS } from './sql/offering.sql';

/** The components of offering versions that the caller was shown, by version key; empty for what is no bundle. */
export function componentsLoader({ loader, services }: RequestContext): DataLoader<string, BundledProductOffering[]> {
  return loader('catalog.components', () => new DataLoader(async (keys: readonly string[]) => {
    const { rows } = await services.pool.query<ComponentRow>(SELECT_COMPONENTS, [keys]);
    return keys.map((key) => rows.filter((row) => row.offering_version_id === key).map(componentOf));
  }));
}

/** The version on sale of offerings of a tenant, by offering key; null where none is. */
export function soldLoader({ loader, services }: RequestContext, tenantId: number): DataLoader<string, ProductOffering | null> {
  return loader(`catalog.sold.${tenantId}`, () => new DataLoader(async (keys: readonly string[]) => {
    const { rows } = await services.pool.query<OfferingVersionRow>(SELECT_SOLD_OF_OFFERINGS, [tenantId, keys]);
    const found = new Map(rows.map((row) => [row.offering_key, productOfferingOf(row)]));
    return keys.map((key) => found.get(key) ?? null);
  }));
}

const componentOf = (row: ComponentRow): BundledProductOffering => Object.assign(new BundledProductOffering(), {
  code: row.code, lowerLimit: row.lower_limit, upperLimit: row.upper_limit, defaultCount: row.default_count, offeringKey: row.offering_key,
  tenantId: row.tenant_id,
});
