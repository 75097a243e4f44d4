import type { Pool } from 'pg';
import { ownerDataSource } from '../src/platform/db';

/** The tenant that the benchmarks charge in. */
export const BENCH_TENANT = 1;

/** Number of the n-th subscriber, digits of E.164. */
export const numberOf = (index: number): string => `35386${(1_000_000 + index).toString().padStart(7, '0')}`;

export async function migrateBench(url: string): Promise<void> {
  const source = await ownerDataSource(url).initialize();
  await source.runMigrations();
  await source.destroy();
}

const SHARD = `(get_byte(sha256(n::text::bytea), 0) * 256 + get_byte(sha256(n::text::bytea), 1)) % 4096`;

const PRICE = {
  usageKind: 'VOICE', timeZone: 'Europe/Dublin', conditions: [{ attribute: 'direction', in: ['OUTGOING'] }],
  rates: [
    { zone: 'Ireland', prefixes: ['353'], connectFee: '0.01', steps: [{ from: '0', amount: '0.10', increment: '1' }],
      windows: [{ name: 'evening', weekdays: [1, 2, 3, 4, 5], dates: [], from: '19:00', until: '07:00', weight: 1, connectFee: '0.01',
        steps: [{ from: '0', amount: '0.05', increment: '1' }] }] },
    { zone: 'United Kingdom', prefixes: ['44'], connectFee: '0', steps: [{ from: '0', amount: '0.20', increment: '60' }] },
    { zone: 'Elsewhere', prefixes: ['*'], connectFee: '0', steps: [{ from: '0', amount: '0.90', increment: '60' }] },
  ],
};

/** Prepaid accounts with one product, one dated price, one number and money; made set-based, for they are many. */
export async function createFleet(owner: Pool, accounts: number): Promise<void> {
  const run = (text: string, values: unknown[] = []): Promise<unknown> => owner.query(text, values);
  await run(`set statement_timeout = 0`);
  await run(`insert into tenant (id, code, name, currency, time_zone, settings) values ($1, 'bench', 'Bench', 'EUR', 'Europe/Dublin', '{}')`, [BENCH_TENANT]);
  await run(`insert into tax_rate (tenant_id, tax_class, tax_code, rate, valid_from) values ($1, 'standard', 'S23', 0.23, '2000-01-01')`, [BENCH_TENANT]);
  await run(`insert into product_offering (id, tenant_id, code) overriding system value values (1, $1, 'payg')`, [BENCH_TENANT]);
  await run(`insert into product_offering_version (id, tenant_id, offering_id, version, name, description, state, valid_from, payment_modes, period_kind)
    overriding system value values (1, $1, 1, 1, 'Pay as you go', 'Bench', 'IN_DESIGN', '2000-01-01', '{PREPAID}', 'NONE')`, [BENCH_TENANT]);
  await run(`insert into price (id, tenant_id, offering_id, code, price_type) overriding system value values (1, $1, 1, 'voice', 'USAGE')`, [BENCH_TENANT]);
  await run(`insert into price_version (id, tenant_id, price_id, offering_version_id, version, price_type, name, currency, unit, per, tax_class, tax_included,
    revenue_account, recognition, definition) overriding system value
    values (1, $1, 1, 1, 1, 'USAGE', 'Voice', 'EUR', 'SECOND', 60, 'standard', true, 'revenue', 'AT_POINT', $2)`, [BENCH_TENANT, JSON.stringify(PRICE)]);
  await run(`update product_offering_version set state = 'LAUNCHED'`);
  await run(`insert into party (id, tenant_id, kind, family_name) overriding system value values (1, $1, 'INDIVIDUAL', 'Bench')`, [BENCH_TENANT]);
  await run(`insert into customer (id, tenant_id, party_id) overriding system value values (1, $1, 1)`, [BENCH_TENANT]);
  await run(`create temporary table fleet as select n, s, (n::bigint << 12) | s as id from (select n, ${SHARD} as s from generate_series(1, $1::int) n) x`, [accounts]);
  await run(`insert into billing_account (shard, root_id, id, tenant_id, customer_id, payer_id, name, currency, time_zone, bill_cycle_day, payment_mode)
    select s, id, id, $1, 1, id, 'Bench', 'EUR', 'Europe/Dublin', 1, 'PREPAID' from fleet`, [BENCH_TENANT]);
  await run(`insert into bucket (shard, root_id, id, tenant_id, account_id, kind, asset, value, version, valid_from, position, setup_version, next_bucket_id)
    select s, id, 0, $1, id, 'MONEY', 'EUR/6', 0, 0, '2020-01-01', 0, 1, 1 from fleet`, [BENCH_TENANT]);
  await run(`with e as (insert into entry (shard, root_id, bucket_id, version, position, tenant_id, kind, amount, balance_after, asset, account, contra, booked_at)
      select s, id, 0, 1, 1, $1, 'TOP_UP', 1000000000000, 1000000000000, 'EUR/6', 'prepaid_liability', 'cash', now() from fleet),
    r as (insert into request (shard, tenant_id, operation, caller, key, root_id, position, body_hash, answer, at)
      select s, $1, 'TOP_UP', 'bench', 'open:' || id, id, 1, '\\x00', '{}', now() from fleet)
    update bucket b set value = 1000000000000, version = 1, position = 1 from fleet f where b.shard = f.s and b.root_id = f.id`, [BENCH_TENANT]);
  await run(`insert into product (shard, root_id, id, tenant_id, account_id, offering_version_id, account_wide, state, started_at, anchor_at)
    select s, id, id, $1, id, 1, false, 'ACTIVE', '2020-01-01', '2020-01-01' from fleet`, [BENCH_TENANT]);
  await run(`select setval('product_number', $1::bigint)`, [accounts]);
  await run(`insert into price_assignment (shard, root_id, product_id, tenant_id, price_id, price_version_id, valid_from)
    select s, id, id, $1, 1, 1, '2020-01-01' from fleet`, [BENCH_TENANT]);
  await run(`insert into identifier (tenant_id, kind, value, valid_from, shard, root_id, account_id, product_id)
    select $1, 'MSISDN', '35386' || lpad((1000000 + n - 1)::text, 7, '0'), '2020-01-01', s, id, id, id from fleet`, [BENCH_TENANT]);
  await run('drop table fleet');
  await run('analyze');
}
