const ROOTS = 'unnest($1::smallint[], $2::bigint[]) x(shard, root_id)';
const ms = (column: string): string => `floor(extract(epoch from ${column}) * 1000)::float8`;

/** The version is read before everything else: what is read later may be newer, never older. */
export const SELECT_VERSIONS = `
select b.shard, b.root_id, b.tenant_id, b.setup_version, b.next_bucket_id
  from ${ROOTS} join bucket b on b.shard = x.shard and b.root_id = x.root_id and b.id = 0`;

export const SELECT_ACCOUNTS = `
select a.root_id, a.id, a.customer_id, a.payer_id, a.currency, a.time_zone, a.bill_cycle_day, a.payment_mode, a.state,
       case when a.payer_id <> a.id then a.credit_limit end as own_limit
  from ${ROOTS} join billing_account a on a.shard = x.shard and a.root_id = x.root_id`;

export const SELECT_PRODUCTS = `
select p.root_id, p.id, p.account_id, p.offering_version_id, p.attached_to, p.account_wide, p.state, p.version,
       ${ms('p.started_at')} as started_at, ${ms('p.ended_at')} as ended_at, ${ms('p.anchor_at')} as anchor_at,
       ${ms('p.period_start')} as period_start, ${ms('p.period_end')} as period_end,
       ${ms('p.next_renewal_at')} as next_renewal_at, ${ms('p.unpaid_since')} as unpaid_since
  from ${ROOTS} join product p on p.shard = x.shard and p.root_id = x.root_id`;

export const SELECT_ASSIGNMENTS = `
select p.root_id, p.product_id, p.price_id, p.price_version_id, ${ms('p.valid_from')} as "from", ${ms('p.valid_until')} as until
  from ${ROOTS} join price_assignment p on p.shard = x.shard and p.root_id = x.root_id`;

export const SELECT_SUSPENSIONS = `
select s.root_id, s.product_id, s.reason, s.level, ${ms('s.valid_from')} as "from", ${ms('s.valid_until')} as until
  from ${ROOTS} join product_suspension s on s.shard = x.shard and s.root_id = x.root_id`;

export const SELECT_IDENTIFIERS = `
select i.root_id, i.kind, i.value, i.account_id, i.product_id, ${ms('i.valid_from')} as "from", ${ms('i.valid_until')} as until
  from ${ROOTS} join identifier i on i.shard = x.shard and i.root_id = x.root_id`;

/** Who owned the values, ever: one probe of the key per value. */
export const SELECT_OWNERS = `
select i.tenant_id, i.kind, i.value, i.shard, i.root_id, ${ms('i.valid_from')} as "from", ${ms('i.valid_until')} as until
  from unnest($1::smallint[], $2::text[], $3::text[]) x(tenant_id, kind, value)
  join identifier i on i.tenant_id = x.tenant_id and i.kind = x.kind and i.value = x.value`;
