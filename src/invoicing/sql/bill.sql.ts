/** A row of the bill tables is written once; a second run that computed the same meets it and leaves it. */

/**
 * Payers of a stretch of shards whose cycle ends on a day, and which have no bill of it. What a later period was closed with is done: $1 tenant, $2 first shard, $3 last shard, $4 the day, $5 after shard, $6 after id, $7 limit.
 */
export const SELECT_UNBILLED = `
select a.shard, a.root_id, a.id, a.time_zone, a.bill_cycle_day
  from billing_account a
  left join lateral (select p.end_date, p.sequence from bill_period p where p.shard = a.shard and p.account_id = a.id and p.end_date >= $4::date
                      order by p.end_date limit 1) p on true
 where a.tenant_id = $1 and a.shard between $2::smallint and $3::smallint and a.payer_id = a.id and (a.shard, a.id) > ($5::smallint, $6::bigint)
   and (a.bill_cycle_day = extract(day from $4::date)
        or (a.bill_cycle_day > extract(day from $4::date) and extract(day from $4::date + 1) = 1))
   and (p.end_date is null or (p.end_date = $4::date and not exists (
         select from customer_bill b where b.shard = a.shard and b.account_id = a.id and b.sequence = p.sequence)))
   and exists (select from bucket b where b.shard = a.shard and b.root_id = a.root_id and b.id = 0 and b.position > 0)
 order by a.shard, a.id limit $7`;

export interface UnbilledRecord { readonly shard: number; readonly root_id: string; readonly id: string; readonly time_zone: string; readonly bill_cycle_day: number }

/** Closed periods with what their bills depend on: $1 shards, $2 payers, $3 sequences. */
export const SELECT_PERIODS = `
select p.shard, p.root_id, p.account_id, p.sequence, p.tenant_id, p.position, p.previous_position,
       floor(extract(epoch from p.period_start) * 1000)::float8 as period_start, floor(extract(epoch from p.period_end) * 1000)::float8 as period_end,
       p.start_date::text as start_date, p.end_date::text as end_date, floor(extract(epoch from p.previous_end) * 1000)::float8 as previous_end,
       coalesce(l.end_date, '1970-01-01')::text as previous_end_date, coalesce(b.read_from, 0)::bigint as read_from,
       a.currency, a.payment_mode, a.time_zone, a.bill_cycle_day,
       exists (select from bucket m where m.shard = p.shard and m.root_id = p.root_id and m.account_id = p.account_id
                  and m.kind in ('MONEY', 'PROMOTION')) as is_mixed
  from unnest($1::smallint[], $2::bigint[], $3::int[]) with ordinality x (shard, account_id, sequence, ordinal)
  join bill_period p on p.shard = x.shard and p.account_id = x.account_id and p.sequence = x.sequence
  join billing_account a on a.shard = p.shard and a.id = p.account_id
  left join bill_period l on l.shard = p.shard and l.account_id = p.account_id and l.sequence = p.sequence - 1
  left join customer_bill b on b.shard = p.shard and b.account_id = p.account_id and b.sequence = p.sequence - 1
 order by x.ordinal`;

export interface PeriodRecord {
  readonly shard: number; readonly root_id: string; readonly account_id: string; readonly sequence: number; readonly tenant_id: number;
  readonly position: string; readonly previous_position: string; readonly period_start: number; readonly period_end: number;
  readonly start_date: string; readonly end_date: string; readonly previous_end: number; readonly previous_end_date: string; readonly read_from: string;
  readonly currency: string; readonly payment_mode: 'PREPAID' | 'POSTPAID' | 'HYBRID'; readonly time_zone: string; readonly bill_cycle_day: number;
  readonly is_mixed: boolean;
}

export const INSERT_BILLS = `
insert into customer_bill (shard, root_id, account_id, sequence, tenant_id, run_id, kind, currency, line_count, charge_count, exact_net, exact_tax, net, tax,
  total, prepaid, adjusted, due, rounding, read_from)
select * from unnest($1::smallint[], $2::bigint[], $3::bigint[], $4::int[], $5::smallint[], $6::bigint[], $7::text[], $8::text[], $9::int[], $10::bigint[],
  $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[], $19::bigint[], $20::bigint[])
on conflict do nothing`;

export const INSERT_LINES = `
insert into customer_bill_line (shard, root_id, account_id, bill_sequence, line_no, tenant_id, user_account_id, product_id, price_version_id, kind, unit,
  description, period_start, period_end, start_date, end_date, tax_code, tax_rate, tax_included, revenue_account, quantity, charge_count, exact_net,
  exact_tax, amount, net, purchase_order)
select * from unnest($1::smallint[], $2::bigint[], $3::bigint[], $4::int[], $5::int[], $6::smallint[], $7::bigint[], $8::bigint[], $9::bigint[],
  $10::text[], $11::text[], $12::text[], $13::timestamptz[], $14::timestamptz[], $15::date[], $16::date[], $17::text[], $18::numeric[], $19::bool[],
  $20::text[], $21::bigint[], $22::bigint[], $23::bigint[], $24::bigint[], $25::bigint[], $26::bigint[], $27::text[])
on conflict do nothing`;

export const INSERT_TAXES = `
insert into bill_tax_item (shard, root_id, account_id, bill_sequence, tax_code, tax_rate, tax_included, tenant_id, base, amount, exact_amount)
select * from unnest($1::smallint[], $2::bigint[], $3::bigint[], $4::int[], $5::text[], $6::numeric[], $7::bool[], $8::smallint[], $9::bigint[],
  $10::bigint[], $11::bigint[])
on conflict do nothing`;

export const INSERT_DEFERRALS = `
insert into deferral (shard, root_id, account_id, position, bill_sequence, tenant_id, start_date, end_date, amount, asset, revenue_account)
select * from unnest($1::smallint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::int[], $6::smallint[], $7::date[], $8::date[], $9::bigint[],
  $10::text[], $11::text[])
on conflict do nothing`;

export const INSERT_JOURNALS = `
insert into journal (shard, root_id, kind, reference, tenant_id, asset, booked_at, document)
select * from unnest($1::smallint[], $2::bigint[], $3::text[], $4::text[], $5::smallint[], $6::text[], $7::timestamptz[], $8::text[])
on conflict do nothing`;

export const INSERT_JOURNAL_LINES = `
insert into journal_line (shard, root_id, kind, reference, line_no, account, tax_code, amount)
select * from unnest($1::smallint[], $2::bigint[], $3::text[], $4::text[], $5::smallint[], $6::text[], $7::text[], $8::bigint[])
on conflict do nothing`;
