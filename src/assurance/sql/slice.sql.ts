const ms = (column: string): string => `floor(extract(epoch from ${column}) * 1000)::float8`;

/** A slice product with all that measuring it depends on. */
const SLICE = `p.shard, p.root_id, p.id, p.tenant_id, p.account_id, p.state, ${ms('p.started_at')} as started_at, ${ms('p.ended_at')} as ended_at,
  ${ms('p.anchor_at')} as anchor_at, v.period_kind, v.period_length, t.sst, t.sd, t.counting, t.objective, a.time_zone, a.bill_cycle_day, a.currency,
  (select r.area_id from slice_reservation r where r.tenant_id = p.tenant_id and r.product_id = p.id) as area_id`;
const PARTS = `join slice_terms t on t.offering_version_id = p.offering_version_id
  join product_offering_version v on v.id = p.offering_version_id
  join billing_account a on a.shard = p.shard and a.id = p.account_id`;

export interface SliceRecord {
  readonly shard: number; readonly root_id: string; readonly id: string; readonly tenant_id: number; readonly account_id: string; readonly state: string;
  readonly started_at: number; readonly ended_at: number | null; readonly anchor_at: number; readonly period_kind: string; readonly period_length: number;
  readonly sst: number; readonly sd: string | null; readonly counting: unknown; readonly objective: unknown; readonly time_zone: string;
  readonly bill_cycle_day: number; readonly currency: string; readonly area_id: string | null;
}

/** Slices by product: $1 tenant, $2 shards, $3 products. */
export const SELECT_SLICES = `
select ${SLICE}
  from unnest($2::smallint[], $3::bigint[]) x (shard, id) join product p on p.shard = x.shard and p.id = x.id ${PARTS}
 where p.tenant_id = $1`;

/** The products of slices by name, at most 1,000 a name: $1 tenant, $2 S-NSSAIs, $3 tenant identifiers. */
export const SELECT_NAMED_SLICES = `
select x.ordinal::int as ordinal, found.*
  from unnest($2::text[], $3::text[]) with ordinality x (snssai, identifier, ordinal)
 cross join lateral (
   select ${SLICE}
     from slice_reservation r
     join product p on p.shard = r.shard and p.id = r.product_id ${PARTS}
     join customer c on c.id = a.customer_id
    where r.tenant_id = $1 and r.snssai = x.snssai and (x.identifier is null or c.external_id = x.identifier)
    order by p.id desc limit 1000) found`;

/** Slices whose accounts are paid for by these: $1 tenant, $2 shards, $3 payers. Nothing is walked where a tenant sells none. */
export const SELECT_PAID_SLICES = `
select ${SLICE}, b.id as payer_id
  from unnest($2::smallint[], $3::bigint[]) x (shard, id)
  join billing_account b on b.shard = x.shard and b.id = x.id and exists (select from slice_terms s where s.tenant_id = $1)
  join product p on p.shard = b.shard and p.root_id = b.root_id ${PARTS} and a.payer_id = b.id
 where p.tenant_id = $1 and p.state not in ('CREATED', 'PENDING_ACTIVE', 'CANCELLED', 'ABORTED')
 order by p.shard, p.id`;
