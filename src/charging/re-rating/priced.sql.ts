/** One charge as it was priced. */
export interface PricedRow {
  readonly shard: number;
  readonly root_id: string;
  readonly position: string;
  readonly tenant_id: number;
  readonly kind: string;
  readonly unit: string;
  readonly quantity: string;
  readonly other_party: string | null;
  readonly event_ms: number;
  readonly net: string;
  readonly tax: string;
  readonly asset: string;
  readonly price_version_id: string | null;
  readonly explanation: unknown;
}

/**
 * A page of what was charged, in the order of the key; reversals give back what another charge took and are left out.
 * $1 shard · $2 root · $3 position behind which it begins · $4 last shard · $5 booked since, by our clock · $6 rows
 */
export const SELECT_PRICED = `
  select c.shard, c.root_id, c.position, c.tenant_id, c.kind, c.unit, c.quantity, c.other_party,
         (extract(epoch from c.event_at) * 1000)::float8 as event_ms, c.net, c.tax, c.asset, c.price_version_id, c.explanation
    from charge c
   where (c.shard, c.root_id, c.position) > ($1::smallint, $2::bigint, $3::bigint) and c.shard <= $4::smallint
     and c.status = 'CHARGED' and c.reverses is null
     and ($5::timestamptz = '-infinity' or c.booked_at >= $5::timestamptz
          + (select t.clock_offset_ms * interval '1 millisecond' from tenant t where t.id = c.tenant_id))
   order by c.shard, c.root_id, c.position
   limit $6::integer`;
