import { IS_SHORT_PERIOD } from './facts.sql';

/* What the API shows of issued bills. `visible` is a predicate over `account`. */

const BILL = `b.shard, b.root_id, b.account_id, b.sequence, b.kind, b.currency, b.net, b.tax, b.total, b.prepaid, b.adjusted, b.due, b.line_count, b.charge_count,
  p.start_date::text as start_date, p.end_date::text as end_date, d.series, d.number, d.issued_at, d.due_date::text as due_date,
  coalesce((select sum(a.amount) from payment_allocation a where a.shard = b.shard and a.account_id = b.account_id and a.bill_sequence = b.sequence), 0)::bigint as allocated,
  coalesce((select sum(n.applied) from credit_note n where n.shard = b.shard and n.account_id = b.account_id and n.bill_sequence = b.sequence), 0)::bigint as applied,
  coalesce((select sum(n.total) from credit_note n where n.shard = b.shard and n.account_id = b.account_id and n.bill_sequence = b.sequence), 0)::bigint as credited`;

const FROM_BILL = `customer_bill b
    join bill_period p on p.shard = b.shard and p.account_id = b.account_id and p.sequence = b.sequence
    join issued_document d on d.shard = b.shard and d.account_id = b.account_id and d.kind = b.kind and d.sequence = b.sequence`;

/** Bills by key: $1 shards, $2 accounts, $3 sequences. */
export const selectBills = (visible: string): string => `
  select ${BILL}
    from unnest($1::smallint[], $2::bigint[], $3::int[]) asked (shard, account_id, sequence)
    join ${FROM_BILL} on b.shard = asked.shard and b.account_id = asked.account_id and b.sequence = asked.sequence
    join billing_account account on account.shard = b.shard and account.id = b.account_id
   where ${visible}`;

/** Pages of bills of accounts, newest first: $1 shards, $2 accounts, $3 before sequence, $4 first. */
export const selectBillPages = (visible: string): string => `
  select page.*
    from unnest($1::smallint[], $2::bigint[]) asked (shard, id)
    join billing_account account on account.shard = asked.shard and account.id = asked.id
   cross join lateral (
     select ${BILL} from ${FROM_BILL}
      where b.shard = account.shard and b.account_id = account.id and b.sequence < $3::bigint
      order by b.sequence desc limit $4::integer + 1) page
   where ${visible}
   order by page.account_id, page.sequence desc`;

export interface BillRecord {
  readonly shard: number; readonly root_id: string; readonly account_id: string; readonly sequence: number; readonly kind: 'BILL' | 'STATEMENT';
  readonly currency: string; readonly net: string; readonly tax: string; readonly total: string; readonly prepaid: string; readonly adjusted: string;
  readonly due: string; readonly line_count: number; readonly charge_count: string; readonly start_date: string; readonly end_date: string;
  readonly series: string; readonly number: string; readonly issued_at: Date; readonly due_date: string; readonly allocated: string;
  readonly applied: string; readonly credited: string;
}

const LINE = `l.shard, l.root_id, l.account_id, l.bill_sequence, l.line_no, l.user_account_id, l.product_id, l.price_version_id, l.kind, l.unit, l.description,
  l.start_date::text as start_date, l.end_date::text as end_date, l.period_start, l.period_end, l.tax_code, l.tax_rate::text as tax_rate, l.tax_included,
  l.quantity, l.charge_count, l.amount, l.net, l.purchase_order, b.currency, coalesce(before.read_from, 0)::bigint as read_from, p.position, p.period_end as cycle_end, p.previous_end, p.previous_position`;

/** Pages of lines of bills that the caller was shown: $1 shards, $2 accounts, $3 sequences, $4 after line, $5 first. */
export const SELECT_LINE_PAGES = `
  select page.*
    from unnest($1::smallint[], $2::bigint[], $3::int[]) asked (shard, account_id, sequence)
   cross join lateral (
     select ${LINE}
       from customer_bill_line l
       join customer_bill b on b.shard = l.shard and b.account_id = l.account_id and b.sequence = l.bill_sequence
       join bill_period p on p.shard = l.shard and p.account_id = l.account_id and p.sequence = l.bill_sequence
       left join customer_bill before on before.shard = l.shard and before.account_id = l.account_id and before.sequence = l.bill_sequence - 1
      where l.shard = asked.shard and l.account_id = asked.account_id and l.bill_sequence = asked.sequence and l.line_no > $4::bigint
      order by l.line_no limit $5::integer + 1) page
   order by page.account_id, page.bill_sequence, page.line_no`;

export interface LineRecord {
  readonly shard: number; readonly root_id: string; readonly account_id: string; readonly bill_sequence: number; readonly line_no: number;
  readonly user_account_id: string; readonly product_id: string | null; readonly price_version_id: string | null; readonly kind: string; readonly unit: 'BYTE' | 'SECOND' | 'EVENT';
  readonly description: string; readonly start_date: string; readonly end_date: string; readonly period_start: Date; readonly period_end: Date;
  readonly tax_code: string; readonly tax_rate: string; readonly tax_included: boolean; readonly quantity: string; readonly charge_count: string;
  readonly amount: string; readonly net: string; readonly purchase_order: string | null; readonly currency: string; readonly read_from: string; readonly position: string; readonly cycle_end: Date;
  readonly previous_end: Date; readonly previous_position: string;
}

/** Taxes of bills that the caller was shown: $1 shards, $2 accounts, $3 sequences. */
export const SELECT_TAXES = `
  select t.account_id, t.bill_sequence, t.tax_code, t.tax_rate::text as tax_rate, t.tax_included, t.base, t.amount
    from unnest($1::smallint[], $2::bigint[], $3::int[]) asked (shard, account_id, sequence)
    join bill_tax_item t on t.shard = asked.shard and t.account_id = asked.account_id and t.bill_sequence = asked.sequence
   order by t.tax_code, t.tax_rate, t.tax_included`;

export interface TaxRecord {
  readonly account_id: string; readonly bill_sequence: number; readonly tax_code: string; readonly tax_rate: string; readonly tax_included: boolean;
  readonly base: string; readonly amount: string;
}

/** Issued credit notes of bills that the caller was shown: $1 shards, $2 accounts, $3 sequences. */
export const SELECT_NOTES = `
  select n.account_id, n.bill_sequence, n.sequence, n.currency, n.reason, n.net, n.tax, n.total, d.series, d.number, d.issued_at
    from unnest($1::smallint[], $2::bigint[], $3::int[]) asked (shard, account_id, sequence)
    join credit_note n on n.shard = asked.shard and n.account_id = asked.account_id and n.bill_sequence = asked.sequence
    join issued_document d on d.shard = n.shard and d.account_id = n.account_id and d.kind = 'CREDIT_NOTE' and d.sequence = n.sequence
   order by n.sequence`;

export interface NoteRecord {
  readonly account_id: string; readonly bill_sequence: number; readonly sequence: number; readonly currency: string; readonly reason: string;
  readonly net: string; readonly tax: string; readonly total: string; readonly series: string; readonly number: string; readonly issued_at: Date;
}

/** Lines of credit notes that the caller was shown, with the words of the bill's lines: $1 shards, $2 accounts, $3 note sequences. */
export const SELECT_NOTE_LINES = `
  select c.account_id, c.note_sequence, c.line_no, n.bill_sequence, l.description, c.tax_code, c.tax_rate::text as tax_rate, c.amount, c.net, c.tax, n.currency
    from unnest($1::smallint[], $2::bigint[], $3::int[]) asked (shard, account_id, sequence)
    join credit_note n on n.shard = asked.shard and n.account_id = asked.account_id and n.sequence = asked.sequence
    join credit_note_line c on c.shard = n.shard and c.account_id = n.account_id and c.note_sequence = n.sequence
    join customer_bill_line l on l.shard = n.shard and l.account_id = n.account_id and l.bill_sequence = n.bill_sequence and l.line_no = c.line_no
   order by c.line_no`;

export interface NoteLineRecord {
  readonly account_id: string; readonly note_sequence: number; readonly line_no: number; readonly bill_sequence: number; readonly description: string;
  readonly tax_code: string; readonly tax_rate: string; readonly amount: string; readonly net: string; readonly tax: string; readonly currency: string;
}

const PAYMENT = `p.shard, p.root_id, p.position, p.account_id, p.kind, p.reference, p.amount, p.currency, p.received_at,
  coalesce((select sum(a.amount) from payment_allocation a where a.shard = p.shard and a.root_id = p.root_id and a.payment_position = p.position), 0)::bigint as allocated`;

/** Payments by place: $1 shards, $2 roots, $3 positions. The caller was shown their account or bill. */
export const SELECT_PAYMENTS = `
  select ${PAYMENT}
    from unnest($1::smallint[], $2::bigint[], $3::bigint[]) asked (shard, root_id, position)
    join bill_payment p on p.shard = asked.shard and p.root_id = asked.root_id and p.position = asked.position`;

/** Pages of payments of accounts, newest first: $1 shards, $2 accounts, $3 before position, $4 first. */
export const SELECT_PAYMENT_PAGES = `
  select page.*
    from unnest($1::smallint[], $2::bigint[]) asked (shard, id)
   cross join lateral (
     select ${PAYMENT} from bill_payment p
      where p.shard = asked.shard and p.account_id = asked.id and p.position < $3::bigint
      order by p.position desc limit $4::integer + 1) page
   order by page.account_id, page.position desc`;

/** Payments after a place, oldest first: $1 shard, $2 account, $3 after position, $4 limit. */
export const SELECT_PAYMENTS_AFTER = `
  select ${PAYMENT} from bill_payment p where p.shard = $1 and p.account_id = $2 and p.position > $3::bigint and p.kind = 'PAYMENT' order by p.position limit $4`;

export interface PaymentRecord {
  readonly shard: number; readonly root_id: string; readonly position: string; readonly account_id: string; readonly kind: 'PAYMENT' | 'BILL' | 'CREDIT_NOTE';
  readonly reference: string; readonly amount: string; readonly currency: string; readonly received_at: Date; readonly allocated: string;
}

/** What paid bills: $1 shards, $2 accounts, $3 sequences. */
export const SELECT_ALLOCATIONS_OF_BILLS = `
  select a.shard, a.root_id, a.account_id, a.bill_sequence, a.payment_position, a.amount, a.allocated_at, p.currency
    from unnest($1::smallint[], $2::bigint[], $3::int[]) asked (shard, account_id, sequence)
    join payment_allocation a on a.shard = asked.shard and a.account_id = asked.account_id and a.bill_sequence = asked.sequence
    join bill_payment p on p.shard = a.shard and p.root_id = a.root_id and p.position = a.payment_position
   order by a.position, a.payment_position`;

/** What payments paid: $1 shards, $2 roots, $3 positions. */
export const SELECT_ALLOCATIONS_OF_PAYMENTS = `
  select a.shard, a.root_id, a.account_id, a.bill_sequence, a.payment_position, a.amount, a.allocated_at, p.currency
    from unnest($1::smallint[], $2::bigint[], $3::bigint[]) asked (shard, root_id, position)
    join payment_allocation a on a.shard = asked.shard and a.root_id = asked.root_id and a.payment_position = asked.position
    join bill_payment p on p.shard = a.shard and p.root_id = a.root_id and p.position = a.payment_position
   order by a.position, a.bill_sequence`;

export interface AllocationRecord {
  readonly shard: number; readonly root_id: string; readonly account_id: string; readonly bill_sequence: number; readonly payment_position: string;
  readonly amount: string; readonly allocated_at: Date; readonly currency: string;
}

/** What accounts have paid and no bill was paid with: $1 shards, $2 accounts. */
export const SELECT_CREDITS = `
  select asked.id, coalesce(sum(p.amount - coalesce(a.amount, 0)), 0)::bigint as credit
    from unnest($1::smallint[], $2::bigint[]) asked (shard, id)
    left join bill_payment p on p.shard = asked.shard and p.account_id = asked.id
    left join lateral (select sum(a.amount)::bigint as amount from payment_allocation a
                        where a.shard = p.shard and a.root_id = p.root_id and a.payment_position = p.position) a on true
   group by asked.id`;

/** Issued bills after a sequence, oldest first: $1 shard, $2 account, $3 after sequence, $4 limit. */
export const SELECT_BILLS_AFTER = `
  select ${BILL} from ${FROM_BILL} where b.shard = $1 and b.account_id = $2 and b.sequence > $3::bigint order by b.sequence limit $4`;

/* A fee is on the line of its own period; one of a short period may be on that of the bill cycle, by which several are summed. */
const ofFeeLine = `(
       select (u.until = u.line_until and u.at = u.line_at) or (u.is_short and not u.is_rest and u.at >= u.line_at and u.at < u.line_until)
         from (select charge.reverses is not null and charge.reason = 'UNUSED_REST' as is_rest, coalesce(${IS_SHORT_PERIOD}, false) as is_short,
                      coalesce(case when charge.reverses is not null and charge.reason = 'UNUSED_REST' then (charge.explanation ->> 'f')::float8 end,
                        floor(extract(epoch from charge.event_at) * 1000)) as at,
                      ((case when charge.reverses is null then charge.explanation else (
                        select o.explanation from charge o where o.shard = charge.shard and o.root_id = charge.root_id and o.position = charge.reverses) end) ->> 'u')::float8 as until,
                      floor(extract(epoch from $12::timestamptz) * 1000) as line_at, floor(extract(epoch from $13::timestamptz) * 1000) as line_until) u)`;

/**
 * The charges of a line, by the rule of its bill and the key of the line, in the order in which they were booked. $1 shard,
 * $2 root, $3 read from, $4 position, $5 cycle end, $6 previous end, $7 previous position, $8 user, $9 product, $10 price, $11 kind,
 * $12 period start, $13 period end, $14 tax code, $15 tax rate, $16 after position, $17 first; from $18 the filter's.
 */
export const selectLineCharges = (columns: string, visible: string): string => `
  select ${columns}
    from charge
    join billing_account account on account.shard = charge.shard and account.id = charge.account_id
    left join price_version v on v.id = charge.price_version_id
    left join product_offering_version o on o.id = v.offering_version_id
    left join tax_rate t on t.tenant_id = charge.tenant_id and t.tax_class = v.tax_class and t.valid_from <= charge.event_at
          and (t.valid_until is null or t.valid_until > charge.event_at)
   where charge.shard = $1::smallint and charge.root_id = $2::bigint and charge.position > greatest($3::bigint, $16::bigint) and charge.position <= $4::bigint
     and charge.status = 'CHARGED' and charge.role = 'RETAIL'
     and charge.bill_period < $5::timestamptz and not (charge.bill_period < $6::timestamptz and charge.position <= $7::bigint)
     and charge.account_id = $8::bigint and charge.product_id is not distinct from $9::bigint and charge.price_version_id is not distinct from $10::bigint
     and charge.kind = $11::text
     and case when charge.kind not in ('RECURRING_FEE', 'SLA_CREDIT') then charge.event_at >= $12::timestamptz and charge.event_at < $13::timestamptz
              else ${ofFeeLine} end
     and coalesce(t.tax_code, '') = $14::text and coalesce(t.rate, 0) = $15::numeric
     and ${visible}
   order by charge.position limit $17::integer + 1`;
