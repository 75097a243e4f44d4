import type { SqlFilter } from '../access';
import { CUSTOMER_COLUMNS, GROUP_COLUMNS, PARTY_COLUMNS } from '../rows';

/** Customers by id. $1 customer ids · from $2 the filter's. */
export const customersByIdSql = (visible: SqlFilter): string => `
  select ${CUSTOMER_COLUMNS} from customer where customer.id = any($1::bigint[]) and ${visible.sql}`;

/** Parties by id. $1 party ids · from $2 the filter's. */
export const partiesByIdSql = (visible: SqlFilter): string => `
  select ${PARTY_COLUMNS} from party where party.id = any($1::bigint[]) and ${visible.sql}`;

/** Groups by root that a visible account is in. $1 shards · $2 root ids · from $3 the filter's over its accounts. */
export const groupsByRootSql = (visible: SqlFilter): string => `
  select ${GROUP_COLUMNS}
    from unnest($1::smallint[], $2::bigint[]) asked (shard, root_id)
    join sharing_group sharing on sharing.shard = asked.shard and sharing.root_id = asked.root_id
   where exists (
     select from billing_account account
      where account.shard = sharing.shard and account.root_id = sharing.root_id and ${visible.sql})`;

/** Whole microseconds since 1970: a Date would cut them off, and the page after it would begin with the same row again. */
const MICROSECONDS = '(extract(epoch from customer.created_at) * 1000000)::bigint';

/**
 * A page of customers. $1 page size · $2 microseconds and $3 id of the last one seen, null at the beginning ·
 * $4 external id, null for all · from $5 the filter's.
 */
export const customerPageSql = (visible: SqlFilter): string => `
  select ${CUSTOMER_COLUMNS}, ${MICROSECONDS} as "createdMicroseconds" from customer
   where ${visible.sql} and ($4::text is null or customer.external_id = $4)
     and ($2::bigint is null
          or (customer.created_at, customer.id) > (timestamptz 'epoch' + $2::bigint * interval '1 microsecond', $3::bigint))
   order by customer.created_at, customer.id limit $1::integer + 1`;

/** Who owned an identifier. $1 tenant · $2 kind · $3 value · $4 instant · from $5 the filter's over the account. */
export const identifierOwnerSql = (visible: SqlFilter): string => `
  select ${CUSTOMER_COLUMNS}, identifier.valid_from as "from", identifier.valid_until as "until"
    from identifier
    join billing_account account on account.shard = identifier.shard and account.id = identifier.account_id
    join customer on customer.id = account.customer_id
   where identifier.tenant_id = $1 and identifier.kind = $2 and identifier.value = $3
     and identifier.valid_from <= $4 and (identifier.valid_until is null or $4 < identifier.valid_until) and ${visible.sql}`;
