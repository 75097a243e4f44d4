import DataLoader from 'dataloader';
import { offeringLoader, ProductOffering } from '../catalog';
import type { RequestContext } from '../context';
import type { Role } from '../platform/auth/caller';
import { encodeCursor, foreignCursor, keysAfter, Page, PageArgs, pageOf, wholePart } from '../platform/graphql';
import { PARTS } from './agreement.store';
import { Agreement, agreementOf, AgreementRecord, AgreementVersion, VersionRecord, versionOf } from './agreement.type';

/** Who reads agreements; a partner sees what follows from them on its statements. */
export const AGREEMENT_READERS: readonly Role[] = ['CATALOG_MANAGER', 'FINANCE', 'AUDITOR'];
const mayRead = ({ caller }: RequestContext): boolean => AGREEMENT_READERS.includes(caller.role);

const SELECT_BY_ID = 'select id, code, name from agreement where tenant_id = $1 and id = any($2::bigint[]) and $3::boolean';
const SELECT_PAGE = 'select id, code, name from agreement where tenant_id = $1 and id > $2 order by id limit $3::integer + 1';
const SELECT_VERSIONS = `
  select version.agreement_id, version.version, version.state, version.currency, version.valid_from, version.valid_until, version.proposed_by,
         version.decided_by, (
           select json_agg(json_build_object('offering_id', item.offering_id::text, 'kind', item.kind, 'basis', item.basis,
                                             'residual', item.residual_partner_id::text, 'parts', ${PARTS}) order by item.item)
             from agreement_item item where item.agreement_version_id = version.id) as items
    from agreement_version version where version.agreement_id = any($1::bigint[]) order by version.version desc`;
/** The newest version of an offering that was ever on sale. */
const SELECT_OFFERINGS = `
  select distinct on (offering_id) offering_id, id from product_offering_version
   where tenant_id = $1 and offering_id = any($2::bigint[]) and state in ('LAUNCHED', 'RETIRED', 'OBSOLETE') order by offering_id, version desc`;

/** Agreements by key; null for what is unknown and for what is not the caller's. */
export function agreementLoader(context: RequestContext): DataLoader<bigint, Agreement | null, string> {
  return context.loader('share.agreement', () => new DataLoader(async (keys: readonly bigint[]) => {
    const { rows } = await context.services.pool.query<AgreementRecord>(SELECT_BY_ID, [context.caller.tenantId, keys.map(String), mayRead(context)]);
    const found = new Map(rows.map((row) => [row.id, agreementOf(row)]));
    return keys.map((key) => found.get(key.toString()) ?? null);
  }, { cacheKeyFn: String }));
}

const SCOPE = 'agreements';

/** The tenant's agreements, the oldest first. */
export async function readAgreements({ caller, services }: RequestContext, page: PageArgs): Promise<Page<Agreement>> {
  const [key = '0'] = keysAfter(page.after, SCOPE, caller.tenantId, 1) ?? [];
  const after = wholePart(key);
  if (after === null) throw foreignCursor();
  const { rows } = await services.pool.query<AgreementRecord>(SELECT_PAGE, [caller.tenantId, after.toString(), page.first]);
  return pageOf(rows, page, agreementOf, (row) => encodeCursor(SCOPE, caller.tenantId, row.id));
}

/** All versions of agreements that the caller was shown, the newest first. */
export function versionsLoader({ loader, services, caller }: RequestContext): DataLoader<bigint, AgreementVersion[], string> {
  return loader('share.versions', () => new DataLoader(async (keys: readonly bigint[]) => {
    const now = await services.clock.now(caller.tenantId);
    const { rows } = await services.pool.query<VersionRecord>(SELECT_VERSIONS, [keys.map(String)]);
    return keys.map((key) => rows.filter((row) => row.agreement_id === key.toString()).map((row) => versionOf(row, now)));
  }, { cacheKeyFn: String }));
}

/** Offerings by the key that all versions share, as their newest version on sale shows them. */
export function offeringOfLoader(context: RequestContext): DataLoader<string, ProductOffering | null> {
  return context.loader('share.offering', () => new DataLoader(async (keys: readonly string[]) => {
    const { rows } = await context.services.pool.query<{ offering_id: string; id: string }>(SELECT_OFFERINGS, [context.caller.tenantId, keys]);
    const versions = new Map(rows.map((row) => [row.offering_id, row.id]));
    return Promise.all(keys.map(async (key) => {
      const version = versions.get(key);
      return version === undefined ? null : offeringLoader(context).load(version);
    }));
  }));
}
