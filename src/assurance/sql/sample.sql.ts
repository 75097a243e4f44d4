import type { MeasurementKind } from '../measurement.types';

/** Pages of samples of slices, oldest first: $1 shards, $2 products, $3 kind (null = any), $4 from, $5 until, $6 to $8 after (start, source, id), $9 first. */
export const SELECT_SAMPLE_PAGES = `
select page.*
  from unnest($1::smallint[], $2::bigint[]) x (shard, id)
 cross join lateral (
   select m.product_id, m.kind, m.starts_at, m.ends_at, m.device_count, m.uplink_bytes, m.downlink_bytes, m.is_up, m.source, m.measurement_id, m.received_at
     from slice_measurement m
    where m.shard = x.shard and m.product_id = x.id and ($3::text is null or m.kind = $3) and ($4::timestamptz is null or m.starts_at >= $4) and ($5::timestamptz is null or m.starts_at < $5)
      and (m.starts_at, m.source, m.measurement_id) > ($6::timestamptz, $7::text, $8::text)
    order by m.starts_at, m.source, m.measurement_id limit $9::integer + 1) page
 order by page.product_id, page.starts_at, page.source, page.measurement_id`;

export interface SampleRecord {
  readonly product_id: string; readonly kind: MeasurementKind; readonly starts_at: Date; readonly ends_at: Date; readonly device_count: string | null; readonly uplink_bytes: string | null;
  readonly downlink_bytes: string | null; readonly is_up: boolean | null; readonly source: string; readonly measurement_id: string; readonly received_at: Date;
}
