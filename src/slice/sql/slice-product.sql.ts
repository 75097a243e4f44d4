/**
 * Slices by product ($1 shards, $2 ids). What was named to end and has ended is told as ended, whoever came by since.
 * @param visible a predicate over `account` from parameter $3 on.
 */
export const selectSliceProducts = (visible: string): string => `
  select p.id::text, p.shard, p.root_id::text, p.account_id::text, p.tenant_id, p.purchase_order, p.offering_version_id::text, area.code as area,
         case when p.ended_at <= clock_timestamp() + tenant.clock_offset_ms * interval '1 millisecond' and p.state in ('ACTIVE', 'SUSPENDED', 'PENDING_TERMINATE')
              then 'TERMINATED' else p.state end as state,
         case when p.state in ('CREATED', 'PENDING_ACTIVE', 'CANCELLED', 'ABORTED') then r.valid_from else p.started_at end as window_from,
         least(r.valid_until, p.ended_at) as window_until
    from unnest($1::smallint[], $2::bigint[]) asked (shard, id)
    join product p on p.shard = asked.shard and p.id = asked.id
    join billing_account account on account.shard = p.shard and account.id = p.account_id
    join tenant on tenant.id = p.tenant_id
    join slice_reservation r on r.tenant_id = p.tenant_id and r.product_id = p.id
    join slice_area area on area.id = r.area_id
   where ${visible}`;

export interface DeviceRow {
  readonly product_id: string; readonly kind: string; readonly value: string; readonly valid_from: Date; readonly valid_until: Date | null;
  readonly payer: 'TENANT' | 'DEVICE'; readonly from_us: string;
}

/** Pages of the devices of slices ($1 shards, $2 ids), `$3 + 1` each, after a start in microseconds ($4), a kind ($5) and a value ($6). */
export const SELECT_DEVICE_PAGES = `
  select page.* from unnest($1::smallint[], $2::bigint[]) asked (shard, id)
   cross join lateral (
     select d.product_id::text, d.kind, d.value, d.valid_from, d.valid_until, d.payer, (extract(epoch from d.valid_from) * 1000000)::bigint::text as from_us
       from slice_device d
      where d.shard = asked.shard and d.product_id = asked.id and (d.valid_until is null or d.valid_until > d.valid_from)
        and ((extract(epoch from d.valid_from) * 1000000)::bigint, d.kind, d.value) > ($4::bigint, $5::text, $6::text)
      order by d.valid_from, d.kind, d.value limit $3::integer + 1) page
   order by page.product_id, page.valid_from, page.kind, page.value`;
