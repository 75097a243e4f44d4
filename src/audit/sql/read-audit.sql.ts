/**
 * One page of a tenant's audit records, the newest first.
 * $1 tenant · $2 only before this sequence, or null · $3 actor · $4 operation · $5 object type · $6 object id ·
 * $7 result · $8 from · $9 until (each null = any) · $10 rows
 * Ordered by the column: a bare `sequence` would be the text beside it, where 9 comes before 30.
 */
export const READ_AUDIT = `
  select sequence::text, at, actor, role, operation, object_type as "objectType", object_id as "objectId",
         before::text, after::text, reason, request_id as "requestId", result, encode(hash, 'hex') as hash
    from audit_log
   where tenant_id = $1::smallint
     and ($2::bigint is null or sequence < $2::bigint)
     and ($3::text is null or actor = $3::text)
     and ($4::text is null or operation = $4::text)
     and ($5::text is null or object_type = $5::text)
     and ($6::text is null or object_id = $6::text)
     and ($7::text is null or result = $7::text)
     and ($8::timestamptz is null or at >= $8::timestamptz)
     and ($9::timestamptz is null or at < $9::timestamptz)
   order by audit_log.sequence desc
   limit $10::integer`;
