import type { ProductState } from '../product.types';

/** 64-bit ids are text. */
export interface ProductRow {
  readonly id: string;
  readonly tenant_id: number;
  readonly account_id: string;
  readonly offering_version_id: string;
  readonly attached_to: string | null;
  readonly bundled_in: string | null;
  readonly state: ProductState;
  readonly started_at: Date;
  readonly ended_at: Date | null;
  readonly period_start: Date | null;
  readonly period_end: Date | null;
  readonly next_renewal_at: Date | null;
  readonly contract_ends_at: Date | null;
  readonly version: number;
  readonly next_offering_version_id: string | null;
  readonly purchase_order: string | null;
}

const COLUMNS = `product.id::text, product.tenant_id, product.account_id::text, product.offering_version_id::text,
  product.attached_to::text, product.bundled_in::text, product.state, product.started_at, product.ended_at, product.period_start, product.period_end,
  product.next_renewal_at, product.contract_ends_at, product.version, product.next_offering_version_id::text, product.purchase_order`;

/** @param ownership a predicate over `account` from parameter $3 on. */
export const selectProducts = (ownership: string): string => `
  select ${COLUMNS}
    from unnest($1::smallint[], $2::bigint[]) asked (shard, id)
    join product on product.shard = asked.shard and product.id = asked.id
    join billing_account account on account.shard = product.shard and account.id = product.account_id
   where ${ownership}`;

export interface OwnedProductRow extends ProductRow {
  readonly owner_key: string;
}

/**
 * Pages of the products of accounts ($1 shards, $2 roots, $3 accounts) after an id ($4), `$5 + 1` each.
 * @param ownership a predicate over `account` from parameter $6 on.
 */
export const selectProductPages = (ownership: string): string => `
  select page.*, owner.account_id::text as owner_key
    from unnest($1::smallint[], $2::bigint[], $3::bigint[]) owner (shard, root_id, account_id)
    join billing_account account on account.shard = owner.shard and account.id = owner.account_id and ${ownership}
    cross join lateral (
      select ${COLUMNS} from product
       where product.shard = owner.shard and product.root_id = owner.root_id and product.account_id = owner.account_id
         and product.id > $4::bigint
       order by product.id limit $5::integer + 1) page
   order by owner.account_id, page.id::bigint`;

export interface AssignmentRow {
  readonly product_id: string;
  readonly price_version_id: string;
  readonly valid_from: Date;
  readonly valid_until: Date | null;
}

export const SELECT_ASSIGNMENTS = `
  select a.product_id::text, a.price_version_id::text, a.valid_from, a.valid_until
    from unnest($1::smallint[], $2::bigint[]) asked (shard, id)
    join price_assignment a on a.shard = asked.shard and a.product_id = asked.id
   order by a.product_id, a.price_id, a.valid_from`;

export interface ComponentProductRow extends ProductRow {
  readonly bundle_key: string;
}

/**
 * Pages of the components of bundles ($1 shards, $2 ids, which the caller was shown) after a product ($3), `$4 + 1` each. A
 * bundle's root is read once, however many of its bundles are asked for.
 */
export const SELECT_COMPONENT_PAGES = `
  with bundle as materialized (
    select b.shard, b.root_id, b.id from unnest($1::smallint[], $2::bigint[]) asked (shard, id)
      join product b on b.shard = asked.shard and b.id = asked.id)
  select * from (
    select ${COLUMNS}, product.bundled_in::text as bundle_key, row_number() over (partition by product.bundled_in order by product.id) as place
      from (select distinct shard, root_id from bundle) root
      join product on product.shard = root.shard and product.root_id = root.root_id
     where product.bundled_in = any($2::bigint[]) and product.id > $3::bigint) page
   where place <= $4::integer + 1 order by bundle_key, id::bigint`;
