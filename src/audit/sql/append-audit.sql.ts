import { CHAIN_HASH } from './chain-hash.sql';

/**
 * Appends one row to a tenant's chain. The head is locked first, so the rows of a tenant are ordered by who got the
 * lock, and the time is read after it. No row comes back where the tenant has no head yet.
 * $1 tenant · $2 actor · $3 role · $4 operation · $5 object type · $6 object id · $7 before · $8 after · $9 reason ·
 * $10 request id · $11 result
 */
export const APPEND_AUDIT = {
  name: 'append_audit',
  text: `
    with head as materialized (
      select sequence, hash from audit_head where tenant_id = $1::smallint for update
    ), entry as materialized (
      select $1::smallint as tenant_id, head.sequence + 1 as sequence, clock_timestamp() as at, $2::text as actor,
             $3::text as role, $4::text as operation, $5::text as object_type, $6::text as object_id, $7::json as before,
             $8::json as after, $9::text as reason, $10::text as request_id, $11::text as result,
             head.hash as previous_hash
        from head
    ), linked as materialized (
      select e.*, ${CHAIN_HASH} as hash from entry e
    ), moved as (
      update audit_head h set sequence = l.sequence, hash = l.hash from linked l where h.tenant_id = l.tenant_id
    )
    insert into audit_log (tenant_id, sequence, at, actor, role, operation, object_type, object_id, before, after, reason,
                           request_id, result, previous_hash, hash)
    select tenant_id, sequence, at, actor, role, operation, object_type, object_id, before, after, reason,
           request_id, result, previous_hash, hash
      from linked
    returning sequence::text`,
} as const;

/** The head of a tenant's chain before its first row. $1 tenant · $2 genesis hash */
export const OPEN_CHAIN = {
  name: 'open_audit_chain',
  text: `insert into audit_head (tenant_id, sequence, hash) values ($1::smallint, 0, $2::bytea) on conflict do nothing`,
} as const;

/**
 * Appends many rows to a tenant's chain, in the order of the array: each follows from the one before, as if appended alone.
 * $1 tenant · $2 the entries as a JSON array of objects with the columns' names
 */
export const APPEND_AUDITS = {
  name: 'append_audits',
  text: `
    with recursive head as materialized (
      select sequence, hash from audit_head where tenant_id = $1::smallint for update
    ), entry as materialized (
      select x.*, row_number() over () as ordinal, clock_timestamp() as at
        from json_to_recordset($2::json) x(actor text, role text, operation text, object_type text, object_id text, before json, after json,
               reason text, request_id text, result text)
       where exists (select from head)
    ), linked as (
      select 0::bigint as ordinal, head.sequence, head.hash, null::bytea as previous_hash, null::timestamptz as at from head
      union all
      select e.ordinal, e.sequence, ${CHAIN_HASH}, e.previous_hash, e.at
        from (select x.*, $1::smallint as tenant_id, l.sequence + 1 as sequence, l.hash as previous_hash
                from linked l join entry x on x.ordinal = l.ordinal + 1) e
    ), moved as (
      update audit_head h set sequence = l.sequence, hash = l.hash
        from (select sequence, hash from linked order by ordinal desc limit 1) l where h.tenant_id = $1::smallint
    )
    insert into audit_log (tenant_id, sequence, at, actor, role, operation, object_type, object_id, before, after, reason,
                           request_id, result, previous_hash, hash)
    select $1::smallint, l.sequence, l.at, e.actor, e.role, e.operation, e.object_type, e.object_id, e.before, e.after, e.reason,
           e.request_id, e.result, l.previous_hash, l.hash
      from linked l join entry e on e.ordinal = l.ordinal`,
} as const;
