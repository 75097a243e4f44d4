import type { RequestContext } from '../context';
import { encodeCursor, foreignCursor, keysAfter, Page, PageArgs, pageOf, wholePart } from '../platform/graphql';
import type { IdentifierKind } from '../usage/usage.types';
import { accountFilter, customerFilter } from './access';
import { Customer, customerOf } from './customer.type';
import { normaliseIdentifier } from './identifier.rules';
import { customerRowOf, CustomerRow } from './rows';
import { customerPageSql, identifierOwnerSql } from './sql/party.sql';
import { isExternalId } from './text.rules';

const SCOPE = 'customers';

interface PlacedRow extends CustomerRow {
  readonly createdMicroseconds: string;
}

/** Customers in the order in which they were recorded, all or the one with an external id. */
export async function readCustomers(context: RequestContext, page: PageArgs, externalId: string | null): Promise<Page<Customer>> {
  const { tenantId } = context.caller;
  const place = placeOf(page.after, tenantId);
  if (externalId !== null && !isExternalId(externalId)) return pageOf([], page, customerOf, String);
  const filter = customerFilter(context.caller, 5);
  const { rows } = await context.services.pool.query<PlacedRow>(
    customerPageSql(filter), [page.first, place?.[0] ?? null, place?.[1] ?? null, externalId, ...filter.parameters]);
  return pageOf(rows, page, (row) => customerOf(customerRowOf(row)), (row) => encodeCursor(SCOPE, tenantId, row.createdMicroseconds, row.id));
}

function placeOf(cursor: string | null | undefined, tenantId: number): readonly string[] | null {
  const place = keysAfter(cursor, SCOPE, tenantId, 2);
  if (place?.some((part) => wholePart(part) === null)) throw foreignCursor();
  return place;
}

interface OwnerRow extends CustomerRow {
  readonly from: Date;
  readonly until: Date | null;
}

/** Who owned the identifier at the instant; null where nobody did whom the caller may see. */
export async function findOwner(context: RequestContext, kind: IdentifierKind, value: string, at: Date): Promise<Customer | null> {
  const { caller, services } = context;
  const normalised = normaliseIdentifier(kind, value);
  if (normalised === null) return null;
  const filter = accountFilter(caller, 5);
  const { rows } = await services.pool.query<OwnerRow>(
    identifierOwnerSql(filter), [caller.tenantId, kind, normalised, at, ...filter.parameters]);
  return rows[0] ? customerOf(customerRowOf(rows[0]), { from: rows[0].from, until: rows[0].until }) : null;
}
