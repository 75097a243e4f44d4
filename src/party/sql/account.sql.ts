import type { SqlFilter } from '../access';
import { ACCOUNT_COLUMNS } from '../rows';

/** Which of the accounts are visible. $1 shards · $2 account ids · from $3 the filter's. */
export const visibleAccountsSql = (visible: SqlFilter): string => `
  select account.shard, account.root_id, account.id, account.customer_id, account.currency
    from unnest($1::smallint[], $2::bigint[]) asked (shard, id)
    join billing_account account on account.shard = asked.shard and account.id = asked.id
   where ${visible.sql}`;

/** Accounts by id. $1 shards · $2 account ids · from $3 the filter's. */
export const accountsByIdSql = (visible: SqlFilter): string => `
  select ${ACCOUNT_COLUMNS}
    from unnest($1::smallint[], $2::bigint[]) asked (shard, id)
    join billing_account account on account.shard = asked.shard and account.id = asked.id
   where ${visible.sql}`;

/** What the accounts of a page hang on, and the predicate that finds them by an index; `owner.key` is its id. */
const RELATIONS = {
  customer: 'account.customer_id = owner.key',
  parent: 'account.parent_id = owner.key',
  root: 'account.shard = (owner.key & 4095)::smallint and account.root_id = owner.key',
} as const;
export type AccountRelation = keyof typeof RELATIONS;

/** A page of accounts for each owner. $1 keys of the owners · $2 last account id seen · $3 page size · from $4 the filter's. */
export const accountPagesSql = (relation: AccountRelation, visible: SqlFilter): string => `
  select page.*, owner.key as "ownerKey"
    from unnest($1::bigint[]) owner (key)
    cross join lateral (
      select ${ACCOUNT_COLUMNS} from billing_account account
       where ${RELATIONS[relation]} and account.id > $2::bigint and ${visible.sql}
       order by account.id limit $3::integer + 1) page
   order by owner.key, page.id`;
