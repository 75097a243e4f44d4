import DataLoader from 'dataloader';
import type { RequestContext } from '../context';
import type { Caller } from '../platform/auth/caller';
import { encodeId } from '../platform/graphql';
import { ProductOffering } from './product-offering.type';
import {
  OfferingVersionRow, SELECT_BY_CODE, SELECT_SOLD, SELECT_VERSIONS_BY_ID, SELECT_VERSIONS_OF_OFFERINGS,
} from './sql/offering.sql';

/** Whether the caller sees drafts and coming launches. */
const seesDrafts = (caller: Caller): boolean => caller.role === 'CATALOG_MANAGER';

/** The opaque id of an offering version. */
export const productOfferingId = (versionKey: string): string => encodeId('ProductOffering', versionKey);

export function productOfferingOf(row: OfferingVersionRow): ProductOffering {
  return Object.assign(new ProductOffering(), {
    id: productOfferingId(row.version_key), code: row.code, version: row.version, name: row.name, description: row.description,
    state: row.state, validFor: row.valid_from && { from: row.valid_from, until: row.valid_until }, priority: row.priority,
    paymentModes: row.payment_modes, periodKind: row.period_kind, periodLength: row.period_length, autoRenew: row.auto_renew,
    unpaidRenewal: row.unpaid_renewal, paidRenewalStarts: row.paid_renewal_starts, versionKey: row.version_key, offeringKey: row.offering_key,
    tenantId: row.tenant_id,
  });
}

/** The offerings on sale in a tenant after a code, by code; one row more than `first`, to tell whether more follow. */
export async function readSold({ services }: RequestContext, tenantId: number, afterCode: string, first: number): Promise<OfferingVersionRow[]> {
  return (await services.pool.query<OfferingVersionRow>(SELECT_SOLD, [tenantId, afterCode, first + 1])).rows;
}

/** The version on sale of a code, or null; for a catalog manager the newest draft where none is. */
export async function readByCode({ services, caller }: RequestContext, tenantId: number, code: string): Promise<ProductOffering | null> {
  const { rows } = await services.pool.query<OfferingVersionRow>(SELECT_BY_CODE, [tenantId, seesDrafts(caller), code]);
  return rows[0] ? productOfferingOf(rows[0]) : null;
}

/** A version by its key, or null where the caller may not see it. */
export async function readByKey({ services, caller }: RequestContext, tenantId: number, versionKey: bigint): Promise<ProductOffering | null> {
  const { rows } = await services.pool.query<OfferingVersionRow>(SELECT_VERSIONS_BY_ID, [tenantId, seesDrafts(caller), [versionKey.toString()]]);
  return rows[0] ? productOfferingOf(rows[0]) : null;
}

/** Versions by key; null for what is unknown and what is not for this caller. */
export function offeringLoader(context: RequestContext): DataLoader<string, ProductOffering | null> {
  const { caller, services } = context;
  return context.loader('catalog.offering', () => new DataLoader(async (keys: readonly string[]) => {
    const { rows } = await services.pool.query<OfferingVersionRow>(SELECT_VERSIONS_BY_ID, [caller.tenantId, seesDrafts(caller), keys]);
    const found = new Map(rows.map((row) => [row.version_key, productOfferingOf(row)]));
    return keys.map((key) => found.get(key) ?? null);
  }));
}

/** All versions of an offering that the caller may see, the newest first. */
export function versionsLoader(context: RequestContext, tenantId: number): DataLoader<string, ProductOffering[]> {
  const { caller, services } = context;
  return context.loader(`catalog.versions.${tenantId}`, () => new DataLoader(async (keys: readonly string[]) => {
    const { rows } = await services.pool.query<OfferingVersionRow>(SELECT_VERSIONS_OF_OFFERINGS, [tenantId, seesDrafts(caller), keys]);
    return keys.map((key) => rows.filter((row) => row.offering_key === key).map(productOfferingOf));
  }));
}
