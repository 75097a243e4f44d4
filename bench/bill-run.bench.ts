import 'reflect-metadata';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Pool } from 'pg';
import { billDocument, renderBill } from '../src/invoicing';
import { createPool } from '../src/platform/db';
import { startEmbedded } from '../src/platform/embedded';
import { BenchRow } from './bench.types';
import { BENCH_TENANT, migrateBench } from './fleet';

const ACCOUNTS = 7_000;
const FEW_ACCOUNTS = 700;
const PRICES = 5;
const CHARGES_A_PRICE = 4;
const PDFS = 150;
/** What a run of PDFs must reach. */
const PDF_AIM = 30;
const MAIN = join(__dirname, '..', 'src', 'cli', 'main.js');

interface Summary {
  readonly bills: number;
  readonly issued: number;
  readonly seconds: number;
}

/**
 * The bill run by command, in a process of its own, on a durable database of its own. Its baseline is a run over a tenth of the
 * accounts, ten times: the cost of a line must not grow with their number.
 */
export async function run(accounts = ACCOUNTS, few = FEW_ACCOUNTS): Promise<BenchRow[]> {
  const folder = mkdtempSync(join('/var/tmp', 'tributary-bench-'));
  const database = await startEmbedded({ dataDir: folder, durable: true, database: 'bench' });
  const owner = createPool({ url: database.url, max: 4, name: 'bench owner', setRole: false });
  try {
    await migrateBench(database.url);
    const month = await plant(owner, accounts, few);
    const small = await billRun(folder, database.url, `${month}-02`, few);
    const large = await billRun(folder, database.url, `${month}-01`, accounts);
    const again = await billRun(folder, database.url, `${month}-01`, 0);
    const pdfs = await pdfsPerSecond(owner);
    const label = `bill run: ${accounts.toLocaleString('en')} accounts, ${(accounts * PRICES).toLocaleString('en')} lines`;
    return [
      row(label, large.seconds, 's', small.seconds * (accounts / few)),
      { name: `${label}, a second time`, value: again.seconds, unit: 's', baseline: null, ratio: null },
      row('bills as PDF, one page', pdfs, 'PDFs/s', PDF_AIM),
    ];
  } finally {
    await owner.end();
    await database.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const row = (name: string, value: number, unit: string, baseline: number): BenchRow => ({ name, value, unit, baseline, ratio: value / baseline });

async function billRun(folder: string, url: string, cycleEnd: string, expected: number): Promise<Summary> {
  const env = { ...process.env, NODE_ENV: 'production', DATABASE_URL: url, TRIBUTARY_DEMO: '1', DATA_DIR: folder };
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, 'bill', 'run', '--tenant', 'bench', '--cycle-end', cycleEnd, '--json'], { env });
  const summary = JSON.parse(stdout) as Summary;
  if (summary.issued !== expected) throw new Error(`The run issued ${summary.issued} of ${expected} bills.`);
  return summary;
}

async function pdfsPerSecond(owner: Pool): Promise<number> {
  const { rows } = await owner.query<{ account_id: string; sequence: number }>(`select account_id, sequence from issued_document order by account_id limit ${PDFS}`);
  const startedAt = performance.now();
  for (const { account_id: id, sequence } of rows) await renderBill((await billDocument(owner, { accountId: BigInt(id), sequence }))!);
  return rows.length / ((performance.now() - startedAt) / 1000);
}

const SHARD = `(get_byte(sha256(n::text::bytea), 0) * 256 + get_byte(sha256(n::text::bytea), 1)) % 4096`;

/** Postpaid accounts with charges of the month before last, made set-based; the few have the 2nd as their bill cycle day. The month in which the periods ended. */
async function plant(pool: Pool, accounts: number, few: number): Promise<string> {
  // Its temporary tables belong to one connection.
  const owner = await pool.connect();
  const run = (text: string, values: unknown[] = []): Promise<unknown> => owner.query({ text, values });
  await run(`set statement_timeout = 0`);
  await run(`insert into tenant (id, code, name, currency, time_zone, settings) values ($1, 'bench', 'Bench', 'EUR', 'UTC', '{}')`, [BENCH_TENANT]);
  await run(`insert into tax_rate (tenant_id, tax_class, tax_code, rate, valid_from) values ($1, 'standard', 'S23', 0.23, '2000-01-01')`, [BENCH_TENANT]);
  await run(`insert into product_offering (id, tenant_id, code) overriding system value values (1, $1, 'plan')`, [BENCH_TENANT]);
  await run(`insert into product_offering_version (id, tenant_id, offering_id, version, name, description, state, valid_from, payment_modes, period_kind)
    overriding system value values (1, $1, 1, 1, 'Plan', 'Bench', 'IN_DESIGN', '2000-01-01', '{POSTPAID}', 'NONE')`, [BENCH_TENANT]);
  await run(`insert into price (id, tenant_id, offering_id, code, price_type) overriding system value select p, $1, 1, 'p' || p, 'ONE_TIME' from generate_series(1, $2::int) p`, [BENCH_TENANT, PRICES]);
  await run(`insert into price_version (id, tenant_id, price_id, offering_version_id, version, price_type, name, currency, unit, per, amount, tax_class, tax_included, revenue_account, recognition)
    overriding system value select p, $1, p, 1, 1, 'ONE_TIME', 'Price ' || p, 'EUR', 'EVENT', 1, 1, 'standard', p % 2 = 0, 'revenue', 'AT_POINT' from generate_series(1, $2::int) p`, [BENCH_TENANT, PRICES]);
  await run(`update product_offering_version set state = 'LAUNCHED'`);
  await run(`insert into party (id, tenant_id, kind, family_name) overriding system value values (1, $1, 'INDIVIDUAL', 'Bench')`, [BENCH_TENANT]);
  await run(`insert into customer (id, tenant_id, party_id) overriding system value values (1, $1, 1)`, [BENCH_TENANT]);
  await run(`create temporary table fleet as select n, s, (n::bigint << 12) | s as id, case when n <= $2::int then 2 else 1 end as cycle
    from (select n, ${SHARD} as s from generate_series(1, $1::int) n) x`, [accounts + few, few]);
  await run(`insert into billing_account (shard, root_id, id, tenant_id, customer_id, payer_id, name, currency, time_zone, bill_cycle_day, payment_mode, credit_limit_kind)
    select s, id, id, $1, 1, id, 'Bench', 'EUR', 'UTC', cycle, 'POSTPAID', 'UNLIMITED' from fleet`, [BENCH_TENANT]);
  await run(`create temporary table used as select f.s, f.id, p, row_number() over (partition by f.id order by p, c) as position, 123457 * p + c as net, round((123457 * p + c) * 0.23)::bigint as tax,
      date_trunc('month', now()) - interval '2 months' + (f.cycle - 1) * interval '1 day' as bill_period
    from fleet f, generate_series(1, $1::int) p, generate_series(1, $2::int) c`, [PRICES, CHARGES_A_PRICE]);
  await run(`insert into charge (shard, root_id, position, tenant_id, source, event_id, role, party, body_hash, status, account_id, product_id, kind, event_at, booked_at, bill_period, unit,
      quantity, net, tax, asset, price_version_id, explanation)
    select s, id, position, $1, 'bench', id || ':' || position, 'RETAIL', 0, '', 'CHARGED', id, id, 'GENERIC', bill_period + interval '5 days', bill_period + interval '5 days', bill_period, 'EVENT',
      1, net, tax, 'EUR/6', p, '{"b":[],"t":"S23"}' from used`, [BENCH_TENANT]);
  await run(`insert into entry (shard, root_id, bucket_id, version, position, tenant_id, kind, amount, balance_after, asset, account, contra, tax, tax_code, booked_at)
    select s, id, 0, position, position, $1, 'CHARGE', -(net + tax), -sum(net + tax) over (partition by id order by position), 'EUR/6', 'unbilled_receivable', 'revenue', tax, 'S23', bill_period + interval '5 days' from used`, [BENCH_TENANT]);
  await run(`insert into bucket (shard, root_id, id, tenant_id, account_id, kind, asset, value, version, credit_limit, valid_from, position, setup_version, next_bucket_id)
    select s, id, 0, $1, id, 'CREDIT', 'EUR/6', -sum(net + tax), count(*), null, '2020-01-01', count(*), 1, 1 from used group by s, id`, [BENCH_TENANT]);
  await run('analyze');
  const { rows: [ended] } = await owner.query<{ month: string }>(`select to_char(date_trunc('month', now()) - interval '1 month', 'YYYY-MM') as month`);
  owner.release(true);
  return ended!.month;
}
