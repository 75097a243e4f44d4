const ms = (column: string): string => `floor(extract(epoch from ${column}) * 1000)::float8`;

export interface AreaRow {
  readonly id: string; readonly code: string; readonly name: string; readonly version: number;
  readonly downlink_kbps: string; readonly uplink_kbps: string; readonly devices: string;
}
export const AREA_COLUMNS = 'id::text, code, name, version, downlink_kbps::text, uplink_kbps::text, devices::text';

/** Locks areas in the order of their codes: two orders that name the same ones in another order never wait for each other in a circle. */
export const LOCK_AREAS = `select ${AREA_COLUMNS} from slice_area where tenant_id = $1 and code = any($2::text[]) order by code for update`;

/**
 * Reservations of areas ($2) that last beyond an instant ($3): by area and time as their index has them, so that what was
 * held in the past is not walked again by every order.
 */
const IS_HELD = `r.area_id = asked.area_id and r.tenant_id = $1 and r.state = 'HELD' and tstzrange(r.valid_from, r.valid_until) && tstzrange($3, null)`;
const HELD_FROM = `unnest($2::bigint[]) asked (area_id) join slice_reservation r on ${IS_HELD}`;

/** What is held from an instant on for a product that ended is cut short at its end; what was held for one that never came is released. */
export const TIDY = `
  update slice_reservation r
     set state = case when p.state in ('CANCELLED', 'ABORTED') or p.ended_at <= r.valid_from then 'RELEASED' else 'HELD' end,
         valid_until = case when p.state in ('CANCELLED', 'ABORTED') or p.ended_at <= r.valid_from then r.valid_until else p.ended_at end
    from unnest($2::bigint[]) asked (area_id), product p
   where ${IS_HELD} and p.shard = r.shard and p.id = r.product_id
     and (p.state in ('CANCELLED', 'ABORTED') or p.ended_at < coalesce(r.valid_until, 'infinity'))`;

export interface HeldRow extends Pick<AreaRow, 'downlink_kbps' | 'uplink_kbps' | 'devices'> {
  readonly area_id: string; readonly from: number; readonly until: number | null;
}
const HELD_COLUMNS = 'r.area_id::text, r.downlink_kbps::text, r.uplink_kbps::text, r.devices::text';

/** What is held of the areas from an instant on, after they were tidied under their lock. */
export const SELECT_HELD = `
  select ${HELD_COLUMNS}, ${ms('r.valid_from')} as "from", ${ms('r.valid_until')} as until from ${HELD_FROM}`;

/** The same for readers, who tidy nothing: an end that is known counts. */
export const SELECT_HELD_NOW = `
  select ${HELD_COLUMNS}, ${ms('r.valid_from')} as "from", ${ms('least(r.valid_until, p.ended_at)')} as until from ${HELD_FROM}
    left join product p on p.shard = r.shard and p.id = r.product_id
   where (p.id is null or p.state not in ('CANCELLED', 'ABORTED'))`;

export const INSERT_RESERVATIONS = `
  insert into slice_reservation (tenant_id, product_id, shard, root_id, account_id, order_id, item_key, area_id, offering_version_id, snssai,
    valid_from, valid_until, downlink_kbps, uplink_kbps, devices)
  select $1, x.product_id, $2, $3, $4, $5, x.item_key, x.area_id, x.offering_version_id, x.snssai, $6, x.valid_until, x.downlink_kbps, x.uplink_kbps, x.devices
    from json_to_recordset($7::json) x(product_id bigint, item_key text, area_id bigint, offering_version_id bigint, snssai text, valid_until timestamptz,
      downlink_kbps bigint, uplink_kbps bigint, devices bigint)`;

export const RELEASE = `update slice_reservation set state = 'RELEASED' where tenant_id = $1 and product_id = any($2::bigint[]) and state = 'HELD'`;
