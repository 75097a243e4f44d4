import type { RequestContext } from '../context';
import { decodeCursor, encodeCursor, Page, PageArgs, pageOf, requestError, wholePart } from '../platform/graphql';
import type { IdentifierKind } from '../usage/usage.types';
import { accountFilter, customerFilter } from './access';
import { Customer, customerOf } from './customer.type';
import { normaliseIdentifier } from './identifier.rules';
import { CUSTOMER_COLUMNS, customerRowOf, CustomerRow } from './rows';
import { isExternalId } from './text.rules';

const SCOPE = 'customers';

/** Whole microseconds since 1970 in a cursor, and back to an instant that the index knows. */
const MICROSECONDS = '(extract(epoch from customer.created_at) * 1000000)::bigint';
const INSTANT = `(timestamptz 'epoch' + $2::bigint * interval '1 microsecond')`;

interface PlacedRow extends CustomerRow {
  readonly createdMicroseconds: string;
}

/** Customers in the order in which they were recorded, all or the one with an external id. */
export async function readCustomers(context: RequestContext, page: PageArgs, externalId: string | null): Promise<Page<Customer>> {
  const place = placeOf(page.after);
  if (externalId !== null && !isExternalId(externalId)) return pageOf([], page, customerOf, String);
  const filter = customerFilter(context.caller, 5);
  const { rows } = await context.services.pool.query<PlacedRow>(
    `select ${CUSTOMER_COLUMNS}, ${MICROSECONDS} as "createdMicroseconds" from customer
      where ${filter.sql} and ($4::text is null or customer.external_id = $4)
        and ($2::bigint is null or (customer.created_at, customer.id) > (${INSTANT}, $3::bigint))
      order by customer.created_at, customer.id limit $1::integer + 1`,
    [page.first, place?.[0] ?? null, place?.[1] ?? null, externalId, ...filter.parameters]);
  return pageOf(rows, page, (row) => customerOf(customerRowOf(row)), (row) => encodeCursor(SCOPE, row.createdMicroseconds, row.id));
}

function placeOf(cursor: string | null | undefined): readonly string[] | null {
  if (cursor === null || cursor === undefined) return null;
  const place = decodeCursor(cursor, SCOPE);
  if (place?.length === 2 && place.every((part) => wholePart(part) !== null)) return place;
  throw requestError('BAD_USER_INPUT', 'The cursor is not one of this list.');
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
    `select ${CUSTOMER_COLUMNS}, identifier.valid_from as "from", identifier.valid_until as "until"
       from identifier
       join billing_account account on account.shard = identifier.shard and account.id = identifier.account_id
       join customer on customer.id = account.customer_id
      where identifier.tenant_id = $1 and identifier.kind = $2 and identifier.value = $3
        and identifier.valid_from <= $4 and (identifier.valid_until is null or $4 < identifier.valid_until) and ${filter.sql}`,
    [caller.tenantId, kind, normalised, at, ...filter.parameters]);
  return rows[0] ? customerOf(customerRowOf(rows[0]), { from: rows[0].from, until: rows[0].until }) : null;
}
