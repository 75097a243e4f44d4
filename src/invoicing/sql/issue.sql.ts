/*
 * What a document's hash covers, as text that does not depend on a session's settings. invariants.sql recomputes it from the
 * same words.
 */
const BILL_BODY = `sha256(convert_to(json_build_array(
    'BILL', b.tenant_id, b.account_id, b.sequence, b.kind, b.currency, (extract(epoch from p.period_start) * 1000)::bigint,
    (extract(epoch from p.period_end) * 1000)::bigint, b.net, b.tax, b.total, b.prepaid, b.adjusted, b.due,
    (select json_agg(json_build_array(l.line_no, l.user_account_id, l.product_id, l.price_version_id, l.kind, l.unit, l.description, l.start_date::text,
            l.end_date::text, l.tax_code, l.tax_rate::text, l.tax_included, l.quantity, l.charge_count, l.amount, l.net) order by l.line_no)
       from customer_bill_line l where l.shard = b.shard and l.account_id = b.account_id and l.bill_sequence = b.sequence),
    (select json_agg(json_build_array(t.tax_code, t.tax_rate::text, t.tax_included, t.base, t.amount) order by t.tax_code, t.tax_rate, t.tax_included)
       from bill_tax_item t where t.shard = b.shard and t.account_id = b.account_id and t.bill_sequence = b.sequence))::text
    -- Of lines that have one: the hashes of bills without any stay what they were.
    || coalesce((select json_agg(json_build_array(l.line_no, l.purchase_order) order by l.line_no)::text from customer_bill_line l
        where l.shard = b.shard and l.account_id = b.account_id and l.bill_sequence = b.sequence and l.purchase_order is not null), ''), 'UTF8'))`;

const NOTE_BODY = `sha256(convert_to(json_build_array(
    'CREDIT_NOTE', n.tenant_id, n.account_id, n.sequence, n.bill_sequence, n.currency, n.reason, n.net, n.tax, n.total,
    (select json_agg(json_build_array(l.line_no, l.tax_code, l.tax_rate::text, l.tax_included, l.amount, l.net, l.tax) order by l.line_no)
       from credit_note_line l where l.shard = n.shard and l.account_id = n.account_id and l.note_sequence = n.sequence))::text, 'UTF8'))`;

/**
 * Bills of runs that have no number yet, in the order in which they get one: $1 runs, $2 kind, $3 after shard, $4 after
 * account, $5 limit. What holds nothing gets none.
 */
export const SELECT_UNNUMBERED = `
select b.shard, b.account_id, b.sequence
  from customer_bill b
 where b.run_id = any($1::bigint[]) and b.kind = $2 and (b.line_count > 0 or b.due <> 0)
   and (b.shard, b.account_id) > ($3::smallint, $4::bigint)
   and not exists (select from issued_document d where d.shard = b.shard and d.account_id = b.account_id and d.kind = b.kind and d.sequence = b.sequence)
 order by b.shard, b.account_id, b.sequence limit $5`;

/** What is numbered, read under the series' lock: $1 shards, $2 accounts, $3 sequences. */
export const SELECT_BILL_BODIES = `
select b.shard, b.root_id, b.account_id, b.sequence, b.kind, b.currency, b.due, b.rounding, ${BILL_BODY} as body_hash,
       (select json_agg(json_build_array(t.tax_code, (t.amount - t.exact_amount)::text)) from (
          select t.tax_code, sum(t.amount) as amount, sum(t.exact_amount) as exact_amount from bill_tax_item t
           where t.shard = b.shard and t.account_id = b.account_id and t.bill_sequence = b.sequence group by t.tax_code order by t.tax_code) t) as taxes
  from unnest($1::smallint[], $2::bigint[], $3::int[]) x (shard, account_id, sequence)
  join customer_bill b on b.shard = x.shard and b.account_id = x.account_id and b.sequence = x.sequence
  join bill_period p on p.shard = b.shard and p.account_id = b.account_id and p.sequence = b.sequence
 where not exists (select from issued_document d where d.shard = b.shard and d.account_id = b.account_id and d.kind = b.kind and d.sequence = b.sequence)
 order by b.shard, b.account_id, b.sequence`;

export const SELECT_NOTE_BODIES = `
select n.shard, n.root_id, n.account_id, n.sequence, 'CREDIT_NOTE' as kind, n.currency, '0' as due, '0' as rounding, ${NOTE_BODY} as body_hash, null as taxes
  from unnest($1::smallint[], $2::bigint[], $3::int[]) x (shard, account_id, sequence)
  join credit_note n on n.shard = x.shard and n.account_id = x.account_id and n.sequence = x.sequence
 where not exists (select from issued_document d where d.shard = n.shard and d.account_id = n.account_id and d.kind = 'CREDIT_NOTE' and d.sequence = n.sequence)
 order by n.shard, n.account_id, n.sequence`;

export interface BodyRecord {
  readonly shard: number; readonly root_id: string; readonly account_id: string; readonly sequence: number;
  readonly kind: 'BILL' | 'STATEMENT' | 'CREDIT_NOTE'; readonly currency: string; readonly due: string; readonly rounding: string; readonly body_hash: Buffer;
  /** Per code, what rounding changed of its tax. */
  readonly taxes: readonly (readonly [string, string])[] | null;
}

export const OPEN_SERIES = `insert into document_series (series, tenant_id) values ($1, $2) on conflict do nothing`;
export const LOCK_SERIES = `
select last_number, last_hash, floor(extract(epoch from greatest(last_issued_at, '1970-01-01')) * 1000)::float8 as last_issued_at
  from document_series where series = $1 for update`;
export const MOVE_SERIES = `update document_series set last_number = $2, last_issued_at = $3, last_hash = $4 where series = $1`;

export const INSERT_NUMBERS = `
insert into document_number (series, number, tenant_id, kind, account_id, sequence, issued_at, due_date, body_hash, hash)
select $1, x.number, $2, x.kind, x.account_id, x.sequence, $3, $4, x.body_hash, x.hash
  from unnest($5::bigint[], $6::text[], $7::bigint[], $8::int[], $9::bytea[], $10::bytea[]) x (number, kind, account_id, sequence, body_hash, hash)`;

export const INSERT_ISSUED = `
insert into issued_document (shard, root_id, account_id, kind, sequence, tenant_id, series, number, issued_at, due_date)
select x.shard, x.root_id, x.account_id, x.kind, x.sequence, $2, $1, x.number, $3, $4
  from unnest($5::smallint[], $6::bigint[], $7::bigint[], $8::text[], $9::int[], $10::bigint[]) x (shard, root_id, account_id, kind, sequence, number)`;

/** Issued bills of runs whose rounding is not booked yet: $1 runs, $2 after shard, $3 after account, $4 limit. */
export const SELECT_UNPOSTED = `
select b.shard, b.root_id, b.account_id, b.sequence, b.tenant_id, b.currency, b.due, b.rounding, b.kind
  from customer_bill b
  join issued_document d on d.shard = b.shard and d.account_id = b.account_id and d.kind = b.kind and d.sequence = b.sequence
 where b.run_id = any($1::bigint[]) and (b.shard, b.account_id) > ($2::smallint, $3::bigint)
   and not exists (select from request r where r.shard = b.shard and r.tenant_id = b.tenant_id and r.operation = 'BILL_ROUNDING'
                      and r.caller = 'billing' and r.key = b.account_id || ':' || b.sequence)
 order by b.shard, b.account_id, b.sequence limit $4`;

export interface UnpostedRecord {
  readonly shard: number; readonly root_id: string; readonly account_id: string; readonly sequence: number; readonly tenant_id: number;
  readonly currency: string; readonly due: string; readonly rounding: string; readonly kind: 'BILL' | 'STATEMENT';
}
