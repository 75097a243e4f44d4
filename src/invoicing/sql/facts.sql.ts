/*
 * The facts of bills. Every statement takes the periods as one unnested list and walks, for each, the stretch of its root's
 * positions that no earlier bill read; charges of other payers of the root are passed by.
 */

/** $1 shards, $2 roots, $3 payers, $4 zones, $5 period starts, $6 period ends, $7 read from, $8 positions, $9 previous ends, $10 previous positions. */
const PERIODS = `unnest($1::smallint[], $2::bigint[], $3::bigint[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::bigint[], $8::bigint[],
    $9::timestamptz[], $10::bigint[]) with ordinality
    w (shard, root_id, account_id, zone, period_start, period_end, read_from, position, previous_end, previous_position, ordinal)`;

/** The stretch that a period's bill reads, of one table of charges and, in a preview, of what is due and not booked yet. */
const STRETCH = `c.shard = w.shard and c.root_id = w.root_id and c.position > w.read_from and c.position <= w.position
     and c.status = 'CHARGED' and c.role = 'RETAIL'`;
const BOOKED = `(select c.* from charge c where ${STRETCH})`;
const WITH_DUE = `(select c.* from charge c where ${STRETCH}
    union all
    select c.* from json_populate_recordset(null::charge, $11::json) c
     where c.root_id = w.root_id and not exists (
       select from charge e where e.shard = c.shard and e.tenant_id = c.tenant_id and e.source = c.source and e.event_id = c.event_id
          and e.role = c.role and e.party = c.party))`;

/** The rule of a bill: charged into a period that is over, and on no earlier bill. */
const COVERED = `c.bill_period < w.period_end and not (c.bill_period < w.previous_end and c.position <= w.previous_position)`;
const OF_PAYER = `join billing_account a on a.shard = c.shard and a.id = c.account_id and a.payer_id = w.account_id`;
const RATE = `left join price_version v on v.id = c.price_version_id
    left join tax_rate t on t.tenant_id = c.tenant_id and t.tax_class = v.tax_class and t.valid_from <= c.event_at
          and (t.valid_until is null or t.valid_until > c.event_at)`;
/* The rest that a change gives back of a fee begins with the change. */
const IS_REST = `(c.kind = 'RECURRING_FEE' and c.reverses is not null and c.reason = 'UNUSED_REST')`;
const FEE_FROM = `coalesce(case when ${IS_REST} then (c.explanation ->> 'f')::float8 end, floor(extract(epoch from c.event_at) * 1000)::float8)`;
/* What a refund or a credit gives back of a fee is of the fee's own period. */
const IS_FEE = `c.kind in ('RECURRING_FEE', 'SLA_CREDIT')`;
const FEE_UNTIL = `(case when ${IS_FEE} then (case when c.reverses is null then c.explanation else (
      select o.explanation from charge o where o.shard = c.shard and o.root_id = c.root_id and o.position = c.reverses) end) ->> 'u' end)::float8`;

const groups = (charges: string): string => `
select w.ordinal::int as ordinal, g.*
  from ${PERIODS}
 cross join lateral (
   select c.account_id, c.product_id, c.price_version_id, c.kind, c.unit, t.tax_code, t.rate::text as tax_rate,
          case when ${IS_FEE} then ${FEE_FROM} end as fee_from, ${FEE_UNTIL} as fee_until, ${IS_REST} as is_rest,
          case when not ${IS_FEE} and c.event_at < w.period_start then (c.event_at at time zone w.zone)::date::text end as late_day,
          sum(c.quantity)::bigint as quantity, count(*) as charges, sum(c.net)::bigint as net, sum(c.tax)::bigint as tax,
          case when c.kind = 'SLA_CREDIT' and count(*) = count(c.explanation ->> 'c') then trim_scale(sum((c.explanation ->> 'c')::numeric))::text end as credit_percent,
          (select o.purchase_order from product o where o.shard = w.shard and o.id = c.product_id) as purchase_order
     from ${charges} c
     ${OF_PAYER}
     ${RATE}
    where ${COVERED}
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) g`;

export const SELECT_GROUPS = groups(BOOKED);
export const SELECT_GROUPS_WITH_DUE = groups(WITH_DUE);

/** A group as read; `is_rest` tells what a change gave back, `late_day` is the local day of charges before the period, which has its own line by its own period. */
export interface GroupRecord {
  readonly ordinal: number; readonly account_id: string; readonly product_id: string | null; readonly price_version_id: string | null;
  readonly kind: string; readonly unit: 'BYTE' | 'SECOND' | 'EVENT'; readonly tax_code: string | null; readonly tax_rate: string | null;
  readonly fee_from: number | null; readonly fee_until: number | null; readonly is_rest: boolean; readonly late_day: string | null; readonly quantity: string;
  readonly charges: string; readonly net: string; readonly tax: string;
  /** Of credits alone: by how many percent of the fee they changed what is credited. */
  readonly credit_percent: string | null;
  readonly purchase_order: string | null;
}

/** Where the next bill begins to read: before the first charge of the stretch that this one does not cover. */
export const SELECT_READ_FROM = `
select w.ordinal::int as ordinal, coalesce(n.position - 1, w.position)::bigint as read_from
  from ${PERIODS}
 cross join lateral (
   select min(c.position) as position from charge c ${OF_PAYER} where ${STRETCH} and c.bill_period >= w.period_end) n`;

/** What prepaid and promotional money paid of a period's charges, from their explanations. */
const prepaid = (charges: string): string => `
select w.ordinal::int as ordinal, coalesce(p.paid, 0)::bigint as paid
  from ${PERIODS}
 cross join lateral (
   select sum((part ->> 1)::bigint) as paid
     from ${charges} c
     ${OF_PAYER}
    cross join lateral json_array_elements(c.explanation -> 'b') part
     join bucket b on b.shard = c.shard and b.root_id = c.root_id and b.id = (part ->> 0)::int and b.kind in ('MONEY', 'PROMOTION')
    where ${COVERED} and c.net + c.tax <> 0) p`;
export const SELECT_PREPAID = prepaid(BOOKED);
export const SELECT_PREPAID_WITH_DUE = prepaid(WITH_DUE);

/** Corrections of what the payer owes since its last bill; each is a request, whose answer says what it moved. */
export const SELECT_ADJUSTED = `
select w.ordinal::int as ordinal, coalesce(p.adjusted, 0)::bigint as adjusted
  from ${PERIODS}
 cross join lateral (
   select sum((r.answer -> 'answer' ->> 'amount')::bigint) as adjusted
     from request r
     join bucket b on b.shard = r.shard and b.root_id = r.root_id and b.id = (r.answer -> 'answer' ->> 'bucketId')::int
      and b.account_id = w.account_id and b.kind = 'CREDIT'
    where r.shard = w.shard and r.root_id = w.root_id and r.position > w.previous_position and r.position <= w.position
      and r.operation = 'ADJUST' and (r.answer ->> 'ok')::boolean) p`;

/**
 * What a cutover brought as unbilled since the payer's last bill. Entries have no index by position, so those of an account
 * are walked only where something was brought to its root.
 */
export const SELECT_BROUGHT = `
select w.ordinal::int as ordinal, b.brought
  from ${PERIODS}
 cross join lateral (
   select r.position from request r
    where r.shard = w.shard and r.root_id = w.root_id and r.position > w.previous_position and r.position <= w.position and r.operation = 'MIGRATE'
    order by r.position limit 1) first
 cross join lateral (
   select -sum(e.amount)::bigint as brought
     from bucket k
     join entry e on e.shard = k.shard and e.root_id = k.root_id and e.bucket_id = k.id and e.kind = 'MIGRATE' and e.account = 'unbilled_receivable'
      and e.position >= first.position and e.position <= w.position
    where k.shard = w.shard and k.root_id = w.root_id and k.account_id = w.account_id and k.kind = 'CREDIT') b
 where b.brought <> 0`;

/** Fees of a period's bill that are earned over their own period. */
export const SELECT_DEFERRED = `
select w.ordinal::int as ordinal, c.position, c.net, c.asset, v.revenue_account,
       ${FEE_FROM} as fee_from, ${FEE_UNTIL} as fee_until
  from ${PERIODS}
  join charge c on ${STRETCH}
  ${OF_PAYER}
  join price_version v on v.id = c.price_version_id and v.recognition = 'OVER_PERIOD'
 where ${IS_FEE} and c.net <> 0 and ${COVERED}`;

export interface DeferredRecord {
  readonly ordinal: number; readonly position: string; readonly net: string; readonly asset: string; readonly revenue_account: string;
  readonly fee_from: number; readonly fee_until: number | null;
}

/** Fees of earlier bills that still had days to come at the previous bill's end: $1 shards, $2 payers, $3 previous end dates, $4 sequences. */
export const SELECT_EARNING = `
select w.ordinal::int as ordinal, d.start_date::text as start_date, d.end_date::text as end_date, d.amount, d.asset, d.revenue_account
  from unnest($1::smallint[], $2::bigint[], $3::date[], $4::int[]) with ordinality w (shard, account_id, previous_end, sequence, ordinal)
  join deferral d on d.shard = w.shard and d.account_id = w.account_id and d.end_date > w.previous_end and d.bill_sequence < w.sequence`;

export interface EarningRecord {
  readonly ordinal: number; readonly start_date: string; readonly end_date: string; readonly amount: string; readonly asset: string;
  readonly revenue_account: string;
}

/** Periods of less than a week, of a version `o` of an offering. */
export const IS_SHORT_PERIOD = `(o.period_kind = 'HOUR' and o.period_length < 7 * 24 or o.period_kind = 'DAY' and o.period_length < 7)`;

/** Names of prices: $1 price versions. */
export const SELECT_PRICES = `
select v.id, v.name, v.tax_included, v.revenue_account, v.recognition, o.name as offering, ${IS_SHORT_PERIOD} as is_short
  from price_version v join product_offering_version o on o.id = v.offering_version_id where v.id = any($1::bigint[])`;

export interface PriceRecord {
  readonly id: string; readonly name: string; readonly tax_included: boolean; readonly revenue_account: string;
  readonly recognition: 'AT_POINT' | 'OVER_PERIOD'; readonly offering: string;
  /** Whether its fees are of periods of less than a week. */
  readonly is_short: boolean;
}
