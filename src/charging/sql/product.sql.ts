import { bigints, booleans, instants, ints, routedText, shardList, Statement, texts } from '../../platform/db';
import { PriceAssignment, SetupProduct } from '../../guiding';
import { ProductStep } from '../work/root-state';

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
           ended_at, anchor_at, period_start, period_end, next_renewal_at, unpaid_since, version, bundled_in)
         select * from unnest($1::smallint[], $2::bigint[], $3::bigint[], $4::smallint[], $5::bigint[], $6::bigint[], $7::bigint[],
           $8::bool[], $9::text[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[], $13::timestamptz[], $14::timestamptz[],
           $15::timestamptz[], $16::timestamptz[], $17::int[], $18::bigint[])`,
  values: [ints(rows, (r) => r.shard), bigints(rows, (r) => r.rootId), bigints(rows, (r) => r.product.id), ints(rows, (r) => r.tenantId),
    bigints(rows, (r) => r.product.accountId), texts(rows, (r) => r.product.terms.versionId), bigints(rows, (r) => r.product.attachedTo),
    booleans(rows, (r) => r.product.accountWide), texts(rows, (r) => r.product.state), ...dated(rows), ints(rows, (r) => r.product.version),
    bigints(rows, (r) => r.product.bundledIn)],
});

const dated = (rows: readonly PlacedProduct[]): string[] => [
  instants(rows, (r) => r.product.startedAt), instants(rows, (r) => r.product.endedAt), instants(rows, (r) => r.product.anchorAt),
  instants(rows, (r) => r.product.periodStart), instants(rows, (r) => r.product.periodEnd), instants(rows, (r) => r.product.nextRenewalAt),
  instants(rows, (r) => r.product.unpaidSince),
];

const UPDATE = routedText('p.shard', (where) => `update product p set state = x.state, started_at = x.started_at, ended_at = x.ended_at, anchor_at = x.anchor_at, period_start = x.period_start,
           period_end = x.period_end, next_renewal_at = x.next_renewal_at, unpaid_since = x.unpaid_since, version = x.version,
           offering_version_id = x.offering_version_id, next_offering_version_id = x.next_offering_version_id, former_versions = x.former_versions::json
           from unnest($2::smallint[], $3::bigint[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[], $8::timestamptz[],
             $9::timestamptz[], $10::timestamptz[], $11::timestamptz[], $12::int[], $13::bigint[], $14::bigint[], $15::text[])
                x(shard, id, state, started_at, ended_at, anchor_at, period_start, period_end, next_renewal_at, unpaid_since, version,
                  offering_version_id, next_offering_version_id, former_versions)
          where p.shard = x.shard and p.id = x.id and ${where}`);
export const updateProducts = (rows: readonly PlacedProduct[]): Statement => ({
  name: 'update-products',
  text: UPDATE(),
  values: [shardList(rows), ints(rows, (r) => r.shard), bigints(rows, (r) => r.product.id), texts(rows, (r) => r.product.state), ...dated(rows),
    ints(rows, (r) => r.product.version), texts(rows, (r) => r.product.terms.versionId), texts(rows, (r) => r.product.nextTerms?.versionId ?? null),
    texts(rows, (r) => JSON.stringify(r.product.formerTerms.map(({ terms, until }) => ({ id: terms.versionId, until }))))],
});

/** A dated price with where its product lives. */
export interface PlacedPrice {
  readonly row: Omit<PlacedProduct, 'product'>;
  readonly productId: bigint;
  readonly assignment: PriceAssignment;
}

/** The dated prices of products that are made. */
export const pricesOf = (rows: readonly PlacedProduct[]): PlacedPrice[] =>
  rows.flatMap((row) => row.product.assignments.map((assignment) => ({ row, productId: row.product.id, assignment })));

const CLOSE = routedText('a.shard', (where) => `update price_assignment a set valid_until = x.valid_until
           from unnest($2::smallint[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::timestamptz[]) x(shard, product_id, price_id, valid_from, valid_until)
          where a.shard = x.shard and a.product_id = x.product_id and a.price_id = x.price_id and a.valid_from = x.valid_from and ${where}`);
/** Prices that a product pays no longer get their end. */
export const closeAssignments = (flat: readonly PlacedPrice[]): Statement => ({
  name: 'close-assignments',
  text: CLOSE(),
  values: [shardList(flat.map((f) => f.row)), ints(flat, (f) => f.row.shard), bigints(flat, (f) => f.productId), texts(flat, (f) => f.assignment.priceId),
    instants(flat, (f) => f.assignment.from), instants(flat, (f) => f.assignment.until)],
});

export const insertAssignments = (flat: readonly PlacedPrice[]): Statement => ({
  name: 'insert-assignments',
  text: `insert into price_assignment (shard, root_id, product_id, tenant_id, price_id, price_version_id, valid_from, valid_until)
         select * from unnest($1::smallint[], $2::bigint[], $3::bigint[], $4::smallint[], $5::bigint[], $6::bigint[], $7::timestamptz[],
           $8::timestamptz[])`,
  values: [ints(flat, (f) => f.row.shard), bigints(flat, (f) => f.row.rootId), bigints(flat, (f) => f.productId),
    ints(flat, (f) => f.row.tenantId), texts(flat, (f) => f.assignment.priceId), texts(flat, (f) => f.assignment.price.id),
    instants(flat, (f) => f.assignment.from), instants(flat, (f) => f.assignment.until)],
});

/** A step of a product with where it lives. */
export interface PlacedStep extends Omit<PlacedProduct, 'product'> {
  readonly step: ProductStep;
}

/** Appends the steps of products' lives. */
export const insertProductSteps = (rows: readonly PlacedStep[]): Statement => ({
  name: 'insert-product-steps',
  text: `insert into product_history (shard, root_id, product_id, version, tenant_id, from_state, state, offering_version_id, at)
         select * from unnest($1::smallint[], $2::bigint[], $3::bigint[], $4::int[], $5::smallint[], $6::text[], $7::text[], $8::bigint[],
           $9::timestamptz[])`,
  values: [ints(rows, (r) => r.shard), bigints(rows, (r) => r.rootId), bigints(rows, (r) => r.step.product.id), ints(rows, (r) => r.step.product.version),
    ints(rows, (r) => r.tenantId), texts(rows, (r) => r.step.from), texts(rows, (r) => r.step.product.state),
    texts(rows, (r) => r.step.product.terms.versionId), instants(rows, (r) => r.step.at)],
});

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
