import type { ComponentTerms } from '../bundle.rules';

/** The components of a version as JSON; null where it is no bundle. @param version an expression for its id. */
export const componentsOf = (version: string): string => `(select json_agg(json_build_object('code', c.code, 'lowerLimit', x.lower_limit,
    'upperLimit', x.upper_limit, 'defaultCount', x.default_count) order by x.ordinal)
  from bundled_offering x join product_offering c on c.id = x.offering_id where x.offering_version_id = ${version})`;

/** A version on sale; 64-bit ids are text. */
export interface SoldRow {
  readonly code: string;
  readonly id: string;
  readonly version: number;
  /** Null where it is no bundle. */
  readonly components: readonly ComponentTerms[] | null;
}

/** The versions that a tenant ($1) sells now of offerings ($2). */
export const SELECT_SOLD = `
  select o.code, v.id, v.version, ${componentsOf('v.id')} as components from tenant t
    join product_offering o on o.tenant_id = t.id and o.code = any($2::text[])
    join product_offering_version v on v.offering_id = o.id and v.state = 'LAUNCHED'
     and tstzrange(v.valid_from, v.valid_until) @> clock_timestamp() + t.clock_offset_ms * interval '1 millisecond'
   where t.id = $1`;

export interface TouchedRow {
  readonly id: string;
  readonly state: string;
  readonly version: number;
  readonly bundled_in: string | null;
  /** Of the offering that it has, or will have. */
  readonly code: string;
  readonly components: readonly ComponentTerms[] | null;
}

/** Products ($2) of an account ($3) in a shard ($1). */
export const SELECT_TOUCHED = `
  select p.id::text, p.state, p.version, p.bundled_in::text, o.code, ${componentsOf('v.id')} as components
    from product p
    join product_offering_version v on v.id = coalesce(p.next_offering_version_id, p.offering_version_id)
    join product_offering o on o.id = v.offering_id
   where p.shard = $1 and p.id = any($2::bigint[]) and p.account_id = $3`;

export interface MemberRow {
  readonly product_id: string;
  readonly bundle_id: string;
  readonly code: string;
  readonly ends: boolean;
  readonly outlasts: boolean;
  readonly is_made: boolean;
}

const OPEN = `i.state not in ('CANCELLED', 'COMPLETED', 'FAILED')`;

/** What is in bundles ($4) of an account ($3) of a root ($2) in a shard ($1), what open orders will bring among it. */
export const SELECT_MEMBERS = `
  select p.id::text as product_id, p.bundled_in::text as bundle_id, o.code, p.state = 'PENDING_TERMINATE' or i.action is not distinct from 'DELETE' as ends,
         p.ended_at is null or b.period_end is null or p.ended_at > b.period_end as outlasts, true as is_made
    from product p
    join product b on b.shard = p.shard and b.id = p.bundled_in
    left join lateral (select i.action, i.offering_version_id from product_order_item i
                        where i.shard = p.shard and i.product_id = p.id and i.action <> 'ADD' and ${OPEN} limit 1) i on true
    join product_offering_version v on v.id = coalesce(i.offering_version_id, p.next_offering_version_id, p.offering_version_id)
    join product_offering o on o.id = v.offering_id
   where p.shard = $1 and p.root_id = $2 and p.account_id = $3 and p.bundled_in = any($4::bigint[]) and p.state not in ('TERMINATED', 'CANCELLED', 'ABORTED')
  union all
  select i.product_id::text, i.bundled_in::text, o.code, false, true, false
    from product_order r
    join product_order_item i on i.shard = r.shard and i.order_id = r.id and i.action = 'ADD' and i.bundled_in = any($4::bigint[]) and ${OPEN}
    join product_offering_version v on v.id = i.offering_version_id
    join product_offering o on o.id = v.offering_id
   where r.shard = $1 and r.root_id = $2 and r.account_id = $3 and r.completed_at is null
     and not exists (select from product p where p.shard = i.shard and p.id = i.product_id)
   order by product_id`;
