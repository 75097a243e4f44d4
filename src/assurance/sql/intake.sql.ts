/** Keys that are there already: $1 tenant, $2 shards, $3 sources, $4 ids. */
export const SELECT_KEYS = `
select x.ordinal::int as ordinal, k.body_hash, k.product_id
  from unnest($2::smallint[], $3::text[], $4::text[]) with ordinality x (shard, source, measurement_id, ordinal)
  join slice_measurement_key k on k.shard = x.shard and k.tenant_id = $1 and k.source = x.source and k.measurement_id = x.measurement_id`;

/** Takes keys; who was first is told: $1 tenant, $2 at, $3 shards, $4 sources, $5 ids, $6 hashes, $7 products. */
export const INSERT_KEYS = `
insert into slice_measurement_key (shard, tenant_id, source, measurement_id, body_hash, product_id, received_at)
select x.shard, $1, x.source, x.measurement_id, x.body_hash, x.product_id, $2
  from unnest($3::smallint[], $4::text[], $5::text[], $6::bytea[], $7::bigint[]) x (shard, source, measurement_id, body_hash, product_id)
 order by x.shard, x.source, x.measurement_id
on conflict do nothing returning source, measurement_id`;

/**
 * Keeps samples, and tells of each whether a period that holds it was settled before: $1 tenant, $2 at, $3 shards, $4 roots,
 * $5 products, $6 kinds, $7 starts, $8 sources, $9 ids, $10 ends, $11 counts, $12 uplinks, $13 downlinks, $14 states.
 */
export const INSERT_SAMPLES = `
with given as (
  select * from unnest($3::smallint[], $4::bigint[], $5::bigint[], $6::text[], $7::timestamptz[], $8::text[], $9::text[], $10::timestamptz[],
    $11::bigint[], $12::bigint[], $13::bigint[], $14::boolean[])
    x (shard, root_id, product_id, kind, starts_at, source, measurement_id, ends_at, device_count, uplink_bytes, downlink_bytes, is_up)),
kept as (
  insert into slice_measurement (shard, root_id, product_id, kind, starts_at, source, measurement_id, tenant_id, ends_at, device_count, uplink_bytes,
    downlink_bytes, is_up, received_at)
  select shard, root_id, product_id, kind, starts_at, source, measurement_id, $1, ends_at, device_count, uplink_bytes, downlink_bytes, is_up, $2 from given)
select g.source, g.measurement_id from given g
 where exists (select from slice_period s where s.shard = g.shard and s.product_id = g.product_id and s.period_start <= g.starts_at and s.period_end > g.starts_at)`;

/** Puts aside; what is there already only counts another attempt: $1 tenant, $2 at, $3 shards, $4 sources, $5 ids, $6 hashes, $7 bodies, $8 reasons. */
export const PUT_ASIDE = `
insert into unguided_measurement as u (shard, tenant_id, source, measurement_id, body_hash, body, reason, received_at)
select x.shard, $1, x.source, x.measurement_id, x.body_hash, x.body, x.reason, $2
  from unnest($3::smallint[], $4::text[], $5::text[], $6::bytea[], $7::json[], $8::text[]) x (shard, source, measurement_id, body_hash, body, reason)
on conflict (shard, tenant_id, source, measurement_id, body_hash) do update set attempts = u.attempts + 1, reason = excluded.reason where u.state = 'OPEN'`;

/** Closes what was put aside and is taken in now: $1 tenant, $2 at, $3 shards, $4 sources, $5 ids, $6 hashes. */
export const CLOSE_ASIDE = `
update unguided_measurement u set state = 'CLOSED', closed_at = $2
  from unnest($3::smallint[], $4::text[], $5::text[], $6::bytea[]) x (shard, source, measurement_id, body_hash)
 where u.shard = x.shard and u.tenant_id = $1 and u.source = x.source and u.measurement_id = x.measurement_id and u.body_hash = x.body_hash and u.closed_at is null`;
