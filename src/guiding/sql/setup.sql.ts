const ROOTS = 'unnest($1::smallint[], $2::bigint[]) x(shard, root_id)';
const ms = (column: string): string => `floor(extract(epoch from ${column}) * 1000)::float8`;

/** Rows of the root that the statement is at. */
const of = (alias: string): string => `${alias}.shard = b.shard and ${alias}.root_id = b.root_id`;

/**
 * Everything that lives with a root, one row a root, in one statement and so of one instant. The lists are JSON (ids and
 * amounts as text, instants as epoch ms): one trip for a cold root, where a statement a table took six.
 */
export const SELECT_SETUPS = `
select b.shard, b.root_id, b.tenant_id, b.setup_version, b.next_bucket_id,
  (select json_agg(json_build_object('id', a.id::text, 'customer_id', a.customer_id::text, 'payer_id', a.payer_id::text,
            'currency', a.currency, 'time_zone', a.time_zone, 'bill_cycle_day', a.bill_cycle_day, 'payment_mode', a.payment_mode,
            'state', a.state, 'own_limit', case when a.payer_id <> a.id then a.credit_limit::text end))
     from billing_account a where ${of('a')}) as accounts,
  (select json_agg(json_build_object('id', p.id::text, 'account_id', p.account_id::text,
            'offering_version_id', p.offering_version_id::text, 'attached_to', p.attached_to::text, 'bundled_in', p.bundled_in::text, 'account_wide', p.account_wide,
            'state', p.state, 'version', p.version, 'started_at', ${ms('p.started_at')}, 'ended_at', ${ms('p.ended_at')},
            'anchor_at', ${ms('p.anchor_at')}, 'period_start', ${ms('p.period_start')}, 'period_end', ${ms('p.period_end')},
            'next_renewal_at', ${ms('p.next_renewal_at')}, 'unpaid_since', ${ms('p.unpaid_since')},
            'next_offering_version_id', p.next_offering_version_id::text, 'former_versions', p.former_versions))
     from product p where ${of('p')}) as products,
  (select json_agg(json_build_object('product_id', p.product_id::text, 'price_id', p.price_id::text,
            'price_version_id', p.price_version_id::text, 'from', ${ms('p.valid_from')}, 'until', ${ms('p.valid_until')}))
     from price_assignment p where ${of('p')}) as assignments,
  (select json_agg(json_build_object('product_id', s.product_id::text, 'reason', s.reason, 'level', s.level,
            'from', ${ms('s.valid_from')}, 'until', ${ms('s.valid_until')}))
     from product_suspension s where ${of('s')}) as suspensions
  from ${ROOTS} join bucket b on b.shard = x.shard and b.root_id = x.root_id and b.id = 0`;

/** Asked after the setups, because it lives elsewhere: what is read later may be newer than the version, never older. */
export const SELECT_IDENTIFIERS = `
select i.root_id, i.kind, i.value, i.account_id, i.product_id, ${ms('i.valid_from')} as "from", ${ms('i.valid_until')} as until
  from ${ROOTS} join identifier i on i.shard = x.shard and i.root_id = x.root_id`;

/** Who owned the values, ever: one probe of the key per value. */
export const SELECT_OWNERS = `
select i.tenant_id, i.kind, i.value, i.shard, i.root_id, ${ms('i.valid_from')} as "from", ${ms('i.valid_until')} as until
  from unnest($1::smallint[], $2::text[], $3::text[]) x(tenant_id, kind, value)
  join identifier i on i.tenant_id = x.tenant_id and i.kind = x.kind and i.value = x.value`;

/** Read where a root has a slice alone, and after the setups, as the identifiers are. */
export const SELECT_DEVICES = `
select d.root_id, d.snssai, d.kind, d.value, d.account_id, d.product_id, ${ms('d.valid_from')} as "from", ${ms('d.valid_until')} as until
  from ${ROOTS} join slice_device d on d.shard = x.shard and d.root_id = x.root_id and d.payer = 'TENANT'`;

/** Which slices paid for the devices, ever. */
export const SELECT_SLICE_OWNERS = `
select d.tenant_id, d.snssai, d.kind, d.value, d.shard, d.root_id, ${ms('d.valid_from')} as "from", ${ms('d.valid_until')} as until
  from unnest($1::smallint[], $2::text[], $3::text[], $4::text[]) x(tenant_id, snssai, kind, value)
  join slice_device d on d.tenant_id = x.tenant_id and d.snssai = x.snssai and d.kind = x.kind and d.value = x.value and d.payer = 'TENANT'`;

/** The roots of products, for what the product counts of slices itself. */
export const SELECT_PRODUCT_OWNERS = `
select p.tenant_id, p.id as value, p.shard, p.root_id
  from unnest($1::smallint[], $2::smallint[], $3::bigint[]) x(tenant_id, shard, id)
  join product p on p.shard = x.shard and p.id = x.id and p.tenant_id = x.tenant_id`;
