import type { SqlFilter } from '../access';
import { IDENTIFIER_COLUMNS } from '../rows';

/** Whole microseconds since 1970, which a Date would cut off. */
const MICROSECONDS = '(extract(epoch from identifier.valid_from) * 1000000)::bigint';

/**
 * A page of identifiers for each account. $1 shards · $2 account ids · $3 page size · $4 microseconds, $5 kind and
 * $6 value of the last one seen, null at the beginning · from $7 the filter's over the account.
 */
export const identifierPagesSql = (visible: SqlFilter): string => `
  select page.*
    from unnest($1::smallint[], $2::bigint[]) asked (shard, id)
    join billing_account account on account.shard = asked.shard and account.id = asked.id
    cross join lateral (
      select ${IDENTIFIER_COLUMNS}, ${MICROSECONDS} as "fromMicroseconds" from identifier
       where identifier.shard = account.shard and identifier.root_id = account.root_id and identifier.account_id = account.id
         and ($4::bigint is null or (${MICROSECONDS}, identifier.kind, identifier.value) > ($4::bigint, $5::text, $6::text))
       order by ${MICROSECONDS}, identifier.kind, identifier.value limit $3::integer + 1) page
   where ${visible.sql}
   order by page."fromMicroseconds", page.kind, page.value`;
