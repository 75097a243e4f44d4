import { CHAIN_HASH } from './chain-hash.sql';

/**
 * One stretch of a tenant's chain: the first sequence that does not follow from what stands before it.
 * $1 tenant · $2 last sequence known to be good · $3 its hash · $4 rows to read
 */
export const CHECK_AUDIT_STRETCH = {
  name: 'check_audit_stretch',
  text: `
    with stretch as (
      select * from audit_log where tenant_id = $1::smallint and sequence > $2::bigint order by sequence limit $4::integer
    ), checked as (
      select e.sequence, e.hash,
             e.sequence = coalesce(lag(e.sequence) over w, $2::bigint) + 1
               and e.previous_hash = coalesce(lag(e.hash) over w, $3::bytea)
               and e.hash = ${CHAIN_HASH} as is_good
        from stretch e window w as (order by e.sequence)
    )
    select count(*)::integer as rows, min(sequence) filter (where not is_good)::text as broken_at,
           max(sequence)::text as last_sequence, (array_agg(hash order by sequence desc))[1] as last_hash
      from checked`,
} as const;

/** The head: what the chain's last row must be. $1 tenant */
export const READ_AUDIT_HEAD = {
  name: 'read_audit_head',
  text: `select sequence::text, hash from audit_head where tenant_id = $1::smallint`,
} as const;
