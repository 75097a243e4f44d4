import { bigints, booleans, instants, ints, routedText, shardList, Statement, texts } from '../../platform/db';
import { SetupProduct } from '../../guiding';

/** A product with where it lives. */
export interface PlacedProduct {
  readonly shard: number;
  readonly rootId: bigint;
  readonly tenantId: number;
  readonly product: SetupProduct;
}

export const insertProducts = (rows: readonly PlacedProduct[]): Statement => ({
  name: 'insert-products',
  text: `insert into product (shard, root_id, id, tenant_id, account_id, offering_version_id, attached_to, account_wide, state, started_at,
           ended_at, anchor_at, period_start, period_end, next_renewal_at, unpaid_since, version)
         select * from unnest($1::smallint[], $2::bigint[], $3::bigint[], $4::smallint[], $5::bigint[], $6::bigint[], $7::bigint[],
           $8::bool[], $9::text[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[], $13::timestamptz[], $14::timestamptz[],
           $15::timestamptz[], $16::timestamptz[], $17::int[])`,
  values: [ints(rows, (r) => r.shard), bigints(rows, (r) => r.rootId), bigints(rows, (r) => r.product.id), ints(rows, (r) => r.tenantId),
    bigints(rows, (r) => r.product.accountId), texts(rows, (r) => r.product.terms.versionId), bigints(rows, (r) => r.product.attachedTo),
    booleans(rows, (r) => r.product.accountWide), texts(rows, (r) => r.product.state), ...dated(rows), ints(rows, (r) => r.product.version)],
});

const dated = (rows: readonly PlacedProduct[]): string[] => [
  instants(rows, (r) => r.product.startedAt), instants(rows, (r) => r.product.endedAt), instants(rows, (r) => r.product.anchorAt),
  instants(rows, (r) => r.product.periodStart), instants(rows, (r) => r.product.periodEnd), instants(rows, (r) => r.product.nextRenewalAt),
  instants(rows, (r) => r.product.unpaidSince),
];

const UPDATE = routedText('p.shard', (where) => `update product p set state = x.state, ended_at = x.ended_at, anchor_at = x.anchor_at, period_start = x.period_start,
           period_end = x.period_end, next_renewal_at = x.next_renewal_at, unpaid_since = x.unpaid_since, version = x.version
           from unnest($2::smallint[], $3::bigint[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[], $8::timestamptz[],
             $9::timestamptz[], $10::timestamptz[], $11::int[])
                x(shard, id, state, ended_at, anchor_at, period_start, period_end, next_renewal_at, unpaid_since, version)
          where p.shard = x.shard and p.id = x.id and ${where}`);
export const updateProducts = (rows: readonly PlacedProduct[]): Statement => ({
  name: 'update-products',
  text: UPDATE(),
  values: [shardList(rows), ints(rows, (r) => r.shard), bigints(rows, (r) => r.product.id), texts(rows, (r) => r.product.state), ...dated(rows).slice(1),
    ints(rows, (r) => r.product.version)],
});

export const insertAssignments = (rows: readonly PlacedProduct[]): Statement => {
  const flat = rows.flatMap((row) => row.product.assignments.map((assignment) => ({ row, assignment })));
  return {
    name: 'insert-assignments',
    text: `insert into price_assignment (shard, root_id, product_id, tenant_id, price_id, price_version_id, valid_from, valid_until)
           select * from unnest($1::smallint[], $2::bigint[], $3::bigint[], $4::smallint[], $5::bigint[], $6::bigint[], $7::timestamptz[],
             $8::timestamptz[])`,
    values: [ints(flat, (f) => f.row.shard), bigints(flat, (f) => f.row.rootId), bigints(flat, (f) => f.row.product.id),
      ints(flat, (f) => f.row.tenantId), texts(flat, (f) => f.assignment.priceId), texts(flat, (f) => f.assignment.price.id),
      instants(flat, (f) => f.assignment.from), instants(flat, (f) => f.assignment.until)],
  };
};

/** Writes suspensions as they stand: new ones are added, ended ones get their end. */
export const upsertSuspensions = (rows: readonly PlacedProduct[]): Statement => {
  const flat = rows.flatMap((row) => row.product.suspensions.map((suspension) => ({ row, suspension })));
  return {
    name: 'upsert-suspensions',
    text: `insert into product_suspension as s (shard, root_id, product_id, tenant_id, reason, level, valid_from, valid_until)
           select * from unnest($1::smallint[], $2::bigint[], $3::bigint[], $4::smallint[], $5::text[], $6::text[], $7::timestamptz[],
             $8::timestamptz[])
           on conflict (shard, product_id, reason, valid_from) do update set valid_until = excluded.valid_until`,
    values: [ints(flat, (f) => f.row.shard), bigints(flat, (f) => f.row.rootId), bigints(flat, (f) => f.row.product.id),
      ints(flat, (f) => f.row.tenantId), texts(flat, (f) => f.suspension.reason), texts(flat, (f) => f.suspension.level),
      instants(flat, (f) => f.suspension.from), instants(flat, (f) => f.suspension.until)],
  };
};
