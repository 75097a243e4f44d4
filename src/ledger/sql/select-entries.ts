/**
 * Pages of entries of buckets, newest first: $1 shards, $2 roots, $3 bucket ids, $4 the version to begin below, $5 rows a
 * bucket. The primary key gives each page.
 */
export const SELECT_ENTRY_PAGES = `
select page.*
  from unnest($1::smallint[], $2::bigint[], $3::int[]) x(shard, root_id, bucket_id)
 cross join lateral (
   select e.shard, e.root_id, e.bucket_id, e.version, e.position, e.kind, e.amount, e.balance_after, e.asset, e.contra, e.tax,
          e.tax_code, e.booked_at
     from entry e
    where e.shard = x.shard and e.root_id = x.root_id and e.bucket_id = x.bucket_id and e.version < $4::bigint
    order by e.version desc
    limit $5::integer) page`;

export interface EntryRecord {
  readonly shard: number; readonly root_id: string; readonly bucket_id: number; readonly version: string; readonly position: string;
  readonly kind: string; readonly amount: string; readonly balance_after: string; readonly asset: string; readonly contra: string;
  readonly tax: string; readonly tax_code: string | null; readonly booked_at: Date;
}

/**
 * What stands at places of roots: $1 shards, $2 roots, $3 positions. Every position has a charge or a request (a fee of an
 * activation has a position of its own).
 */
export const SELECT_CAUSES = `
select x.root_id, x.position, c.kind, c.event_id, c.account_id, c.reverses is not null as is_refund, r.operation
  from unnest($1::smallint[], $2::bigint[], $3::bigint[]) x(shard, root_id, position)
  left join lateral (
    select c.kind, c.event_id, c.account_id, c.reverses from charge c
     where c.shard = x.shard and c.root_id = x.root_id and c.position = x.position limit 1) c on true
  left join lateral (
    select r.operation from request r
     where r.shard = x.shard and r.root_id = x.root_id and r.position = x.position limit 1) r on true`;

export interface CauseRecord {
  readonly root_id: string; readonly position: string; readonly kind: string | null; readonly event_id: string | null;
  readonly account_id: string | null;
  readonly is_refund: boolean; readonly operation: string | null;
}
