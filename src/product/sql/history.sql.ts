import type { ProductState, SuspensionLevel, SuspensionReason } from '../product.types';

export interface HistoryRow {
  readonly product_id: string;
  readonly version: number;
  readonly state: ProductState;
  readonly offering_version_id: string;
  readonly at: Date;
}

/** Pages of the steps of products ($1 shards, $2 ids), `$3 + 1` each, after a version ($4). */
export const SELECT_HISTORY_PAGES = `
  select page.* from unnest($1::smallint[], $2::bigint[]) asked (shard, id)
   cross join lateral (
     select h.product_id::text, h.version, h.state, h.offering_version_id::text, h.at from product_history h
      where h.shard = asked.shard and h.product_id = asked.id and h.version > $4::bigint
      order by h.version limit $3::integer + 1) page
   order by page.product_id, page.version`;

export interface SuspensionRow {
  readonly product_id: string;
  readonly reason: SuspensionReason;
  readonly level: SuspensionLevel;
  readonly valid_from: Date;
  readonly valid_until: Date | null;
  /** Microseconds since 1970, for the cursor. */
  readonly from_us: string;
}

/** Pages of the suspensions of products, after a start in microseconds ($4) and a reason ($5). */
export const SELECT_SUSPENSION_PAGES = `
  select page.* from unnest($1::smallint[], $2::bigint[]) asked (shard, id)
   cross join lateral (
     select s.product_id::text, s.reason, s.level, s.valid_from, s.valid_until, (extract(epoch from s.valid_from) * 1000000)::bigint::text as from_us
       from product_suspension s
      where s.shard = asked.shard and s.product_id = asked.id
        and ((extract(epoch from s.valid_from) * 1000000)::bigint, s.reason) > ($4::bigint, $5::text)
      order by s.valid_from, s.reason limit $3::integer + 1) page
   order by page.product_id, page.valid_from, page.reason`;
