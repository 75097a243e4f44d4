const ms = (column: string): string => `floor(extract(epoch from ${column}) * 1000)::float8`;

/** The samples of a period: its devices, and the reports that touch it. A report is at most 31 days long. */
const samplesOf = (product: string, start: string, end: string): string => `
  ${product} and ((m.kind = 'DEVICES' and m.starts_at >= ${start} and m.starts_at < ${end})
    or (m.kind = 'AVAILABILITY' and m.starts_at >= ${start} - interval '31 days' and m.starts_at < ${end} and m.ends_at > ${start}))`;

/** Periods of slices, each with its place in the list: $1 shards, $2 products, $3 starts, $4 ends. */
const PERIODS = `unnest($1::smallint[], $2::bigint[], $3::timestamptz[], $4::timestamptz[]) with ordinality x (shard, id, period_start, period_end, ordinal)`;

/** How many samples periods have: PERIODS. */
export const COUNT_SAMPLES = `
select x.ordinal::int as ordinal, n.seen from ${PERIODS}
 cross join lateral (select count(*) as seen from slice_measurement m where ${samplesOf('m.shard = x.shard and m.product_id = x.id', 'x.period_start', 'x.period_end')}) n`;

/** Devices of periods, listed as PERIODS with $5 the sources that count (null = none does). */
export const SELECT_DEVICES = `
select x.ordinal::int as ordinal, d.*
  from unnest($1::smallint[], $2::bigint[], $3::timestamptz[], $4::timestamptz[], $5::text[]) with ordinality x (shard, id, period_start, period_end, source, ordinal)
 cross join lateral (
   select count(*)::bigint as samples, (array_agg(m.device_count order by m.device_count desc, m.starts_at))[1] as peak,
          ${ms('(array_agg(m.starts_at order by m.device_count desc, m.starts_at))[1]')} as peak_at,
          (array_agg(m.device_count order by m.starts_at desc))[1] as last, ${ms('max(m.starts_at)')} as last_at
     from slice_measurement m
    where m.shard = x.shard and m.product_id = x.id and m.kind = 'DEVICES' and m.starts_at >= x.period_start and m.starts_at < x.period_end and m.source = x.source) d`;

/** Reports of periods: PERIODS. */
export const SELECT_REPORTS = `
select x.ordinal::int as ordinal, ${ms('m.starts_at')} as "from", ${ms('m.ends_at')} as until, m.is_up as "isUp"
  from ${PERIODS}
  join slice_measurement m on m.shard = x.shard and m.product_id = x.id and m.kind = 'AVAILABILITY'
   and m.starts_at >= x.period_start - interval '31 days' and m.starts_at < x.period_end and m.ends_at > x.period_start`;

/** Volume of periods in bytes: PERIODS. */
export const SUM_VOLUMES = `
select x.ordinal::int as ordinal, v.bytes from ${PERIODS}
 cross join lateral (select coalesce(sum(m.uplink_bytes + m.downlink_bytes), 0)::text as bytes from slice_measurement m
                      where m.shard = x.shard and m.product_id = x.id and m.kind = 'VOLUME' and m.starts_at >= x.period_start and m.starts_at < x.period_end) v`;

/** Agreed maintenance that touches periods: $1 tenant, $2 areas, $3 starts, $4 ends. */
export const SELECT_MAINTENANCE = `
select x.ordinal::int as ordinal, ${ms('w.starts_at')} as "from", ${ms('w.ends_at')} as until
  from unnest($2::bigint[], $3::timestamptz[], $4::timestamptz[]) with ordinality x (area_id, period_start, period_end, ordinal)
  join slice_maintenance w on w.tenant_id = $1 and w.area_id = x.area_id and w.starts_at < x.period_end and w.ends_at > x.period_start`;

/** What was charged and given back, without tax, of a slice's periods, and of that the credits: PERIODS. */
export const SUM_CHARGES = `
select x.ordinal::int as ordinal, c.net, c.credit from ${PERIODS}
  join product p on p.shard = x.shard and p.id = x.id
 cross join lateral (select coalesce(sum(c.net), 0)::text as net, coalesce(sum(c.net) filter (where c.kind = 'SLA_CREDIT'), 0)::text as credit from charge c
                      where c.shard = p.shard and c.root_id = p.root_id and c.product_id = p.id and c.status = 'CHARGED' and c.role = 'RETAIL'
                        and c.event_at >= x.period_start and c.event_at < x.period_end) c`;

const UNCHARGED = `m.product_id, m.source, m.measurement_id, ${ms('m.starts_at')} as "from", ${ms('m.ends_at')} as until, m.uplink_bytes + m.downlink_bytes as bytes`;
const USAGE_ID = `'volume:' || length(m.source) || ':' || m.source || ':' || m.measurement_id`;
const IS_UNCHARGED = `not exists (select from charge c where c.shard = m.shard and c.tenant_id = $1 and c.source = 'slice' and c.event_id = ${USAGE_ID})
   and not exists (select from unguided_usage u where u.tenant_id = $1 and u.state = 'OPEN' and u.source = 'slice' and u.event_id = ${USAGE_ID})`;

/** A volume that is kept and not charged. */
export interface UnchargedRecord {
  readonly product_id: string; readonly source: string; readonly measurement_id: string; readonly from: number; readonly until: number; readonly bytes: string;
}

/** Volumes of a period that are kept and not charged: $1 tenant, $2 shard, $3 product, $4 start, $5 end, $6 how many. */
export const SELECT_UNCHARGED = `
select ${UNCHARGED}
  from slice_measurement m
 where m.shard = $2 and m.product_id = $3 and m.kind = 'VOLUME' and m.starts_at >= $4 and m.starts_at < $5
   and ${IS_UNCHARGED}
 order by m.starts_at limit $6`;

/**
 * Volumes of slices that are kept and not charged though their period was settled: $1 tenant, $2 shards, $3 products, $4 started
 * after, $5 how many. What came before its period ended was charged when that was settled; the hour is for what was being kept then.
 */
export const SELECT_UNCHARGED_LATE = `
select ${UNCHARGED}
  from unnest($2::smallint[], $3::bigint[]) x (shard, id)
  join slice_measurement m on m.shard = x.shard and m.product_id = x.id and m.kind = 'VOLUME' and m.starts_at > $4
 where ${IS_UNCHARGED}
   and (select s.period_end > m.starts_at and s.period_end - interval '1 hour' < m.received_at from slice_period s
         where s.shard = m.shard and s.product_id = m.product_id and s.period_start <= m.starts_at order by s.period_start desc limit 1)
 limit $5`;

const PERIOD = `s.shard, s.root_id, s.product_id, s.tenant_id, s.account_id, ${ms('s.period_start')} as period_start, ${ms('s.period_end')} as period_end, s.revision,
  s.seen, s.peak, ${ms('s.peak_at')} as peak_at, s.samples, s.expected_samples, s.period_ms, s.maintenance_ms, s.gap_ms, s.measured_ms, s.down_ms, s.verdict,
  trim_scale(s.credit_percent)::text as credit_percent, s.decided_by, s.reason, s.device_usage_id, s.device_status, s.credit_position, ${ms('s.settled_at')} as settled_at`;

export interface PeriodRecord {
  readonly shard: number; readonly root_id: string; readonly product_id: string; readonly tenant_id: number; readonly account_id: string;
  readonly period_start: number; readonly period_end: number; readonly revision: number; readonly seen: string; readonly peak: string | null;
  readonly peak_at: number | null; readonly samples: string; readonly expected_samples: string | null; readonly period_ms: string;
  readonly maintenance_ms: string | null; readonly gap_ms: string | null; readonly measured_ms: string | null; readonly down_ms: string | null;
  readonly verdict: 'MET' | 'MISSED' | 'CASE' | 'NOT_MEASURED' | null; readonly credit_percent: string | null; readonly decided_by: string | null;
  readonly reason: string | null; readonly device_usage_id: string | null; readonly device_status: string | null; readonly credit_position: string | null;
  readonly settled_at: number | null;
}

/** The last two revisions of a period, the last first: $1 shard, $2 product, $3 start. */
export const SELECT_REVISIONS = `
select ${PERIOD} from slice_period s where s.shard = $1 and s.product_id = $2 and s.period_start = $3 order by s.revision desc limit 2`;

/** Where the settled periods of slices end: $1 shards, $2 products. */
export const SELECT_SETTLED_UNTIL = `
select x.id, ${ms('l.period_end')} as until
  from unnest($1::smallint[], $2::bigint[]) x (shard, id)
 cross join lateral (select s.period_end from slice_period s where s.shard = x.shard and s.product_id = x.id order by s.period_start desc limit 1) l`;

/** Periods of slices that have more samples than were seen, or whose last revision is half done: $1 shards, $2 products, $3 ended after. */
export const SELECT_STALE = `
select ${PERIOD}
  from unnest($1::smallint[], $2::bigint[]) x (shard, id)
 cross join lateral (select distinct on (s.period_start) s.* from slice_period s
                      where s.shard = x.shard and s.product_id = x.id and s.period_end > $3 order by s.period_start, s.revision desc) s
 where s.settled_at is null
    or s.seen <> (select count(*) from slice_measurement m where ${samplesOf('m.shard = s.shard and m.product_id = s.product_id', 's.period_start', 's.period_end')})
 order by s.shard, s.product_id, s.period_start`;

export const INSERT_REVISION = `
insert into slice_period (shard, product_id, period_start, revision, tenant_id, root_id, account_id, period_end, seen, peak, peak_at, samples, expected_samples,
  period_ms, maintenance_ms, gap_ms, measured_ms, down_ms, verdict, credit_percent, decided_by, reason, computed_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)
on conflict do nothing`;

/** $1 shard, $2 product, $3 start, $4 revision, $5 usage id, $6 its status, $7 credit position, $8 at (null = it is not done). */
export const FILL_REVISION = `
update slice_period set device_usage_id = $5, device_status = $6, credit_position = $7, settled_at = $8
 where shard = $1 and product_id = $2 and period_start = $3 and revision = $4 and settled_at is null`;

/** The charge of a usage of a slice: $1 shard, $2 tenant, $3 usage id. */
export const SELECT_USAGE_PLACE = `
select c.root_id, c.position from charge c
 where c.shard = $1 and c.tenant_id = $2 and c.source = 'slice' and c.event_id = $3 and c.role = 'RETAIL' and c.status = 'CHARGED'`;

/** Pages of periods in a state of judgement, oldest first, each as its last revision says: $1 tenant, $2 verdict, $3 after end, $4 after product, $5 after start, $6 limit. */
export const SELECT_PERIODS_BY_VERDICT = `
select ${PERIOD}
  from slice_period s
 where s.tenant_id = $1 and ($2::text is null or s.verdict = $2) and (s.period_end, s.product_id, s.period_start) > ($3::timestamptz, $4::bigint, $5::timestamptz)
   and not exists (select from slice_period n where n.shard = s.shard and n.product_id = s.product_id and n.period_start = s.period_start and n.revision > s.revision)
   and ($7::boolean is null or $7 = (s.decided_by is not null))
 order by s.period_end, s.product_id, s.period_start limit $6`;

/** Pages of a slice's periods, newest first, each as its last revision says: $1 shards, $2 products, $3 before start, $4 first. */
export const SELECT_PERIOD_PAGES = `
select page.*
  from unnest($1::smallint[], $2::bigint[]) x (shard, id)
 cross join lateral (
   select ${PERIOD} from (select distinct on (s.period_start) s.* from slice_period s
      where s.shard = x.shard and s.product_id = x.id and s.period_start < $3::timestamptz order by s.period_start desc, s.revision desc limit $4::integer + 1) s) page
 order by page.product_id, page.period_start desc`;

/** Periods of slices as their last revisions say: $1 shards, $2 products, $3 starts. */
export const SELECT_PERIODS_AT = `
select ${PERIOD}
  from unnest($1::smallint[], $2::bigint[], $3::timestamptz[]) x (shard, id, start)
 cross join lateral (select s.* from slice_period s where s.shard = x.shard and s.product_id = x.id and s.period_start = x.start order by s.revision desc limit 1) s`;
