import 'reflect-metadata';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Pool } from 'pg';
import { createPool } from '../src/platform/db';
import { startEmbedded } from '../src/platform/embedded';
import { BenchRow } from './bench.types';
import { customersCsv } from './customers-file';
import { BENCH_TENANT, migrateBench } from './fleet';

const CUSTOMERS = 7_043;
const FEW = 704;
const ROOT = join(__dirname, '..', '..');
const MAIN = join(__dirname, '..', 'src', 'cli', 'main.js');
const REAL = join(ROOT, '..', 'shared', 'data', 'telco-customers.csv');
const MAPPING = readFileSync(join(ROOT, 'imports', 'telco-customers.mapping.yaml'), 'utf8');

interface Imported { readonly imported: number; readonly unchanged: number; readonly products: number; readonly seconds: number }
interface Billed { readonly issued: number; readonly seconds: number }

/**
 * A base of customers with their services by command, each in a process of its own, on a durable database of its own: the
 * public file where it is there, else one of its shape. The baseline is a tenth of them, ten times: what a customer costs must
 * not grow with their number.
 */
export async function run(customers = CUSTOMERS, few = FEW): Promise<BenchRow[]> {
  const folder = mkdtempSync(join('/var/tmp', 'tributary-bench-'));
  const database = await startEmbedded({ dataDir: folder, durable: true, database: 'bench' });
  const owner = createPool({ url: database.url, max: 1, name: 'bench owner', setRole: false });
  try {
    await migrateBench(database.url);
    await plant(owner);
    const desk = new Desk(folder, database.url);
    // The few have another bill cycle, so that they are billed by a run of their own.
    const small = await desk.import('few.csv', customersCsv(few, 'few'), MAPPING.replace('source: telco-churn', 'source: few').replace('billCycleDay: 1', 'billCycleDay: 2'));
    const large = await desk.import('all.csv', existsSync(REAL) ? readFileSync(REAL, 'utf8') : customersCsv(customers, 'all'), MAPPING);
    const repeated = await desk.import('all.csv', null, MAPPING);
    if (repeated.unchanged !== large.imported) throw new Error(`The second import changed something: ${JSON.stringify(repeated)}.`);
    await owner.query('set statement_timeout = 0');
    const month = await nextMonth(owner);
    const [fewBilled, billed] = [await desk.bill(`${month}-02`, small.imported), await desk.bill(`${month}-01`, large.imported)];
    const again = await desk.bill(`${month}-01`, 0);
    const times = large.imported / small.imported;
    const label = `${large.imported.toLocaleString('en')} customers with ${large.products.toLocaleString('en')} products`;
    return [
      row(`import of ${label}, by orders`, large.seconds, small.seconds * times),
      row('the same import a second time, which changes nothing', repeated.seconds, null),
      row(`bill run of ${large.imported.toLocaleString('en')} imported customers`, billed.seconds, fewBilled.seconds * times),
      row('the same bill run a second time', again.seconds, null),
    ];
  } finally {
    await owner.end();
    await database.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const row = (name: string, value: number, baseline: number | null): BenchRow => ({ name, value, unit: 's', baseline, ratio: baseline === null ? null : value / baseline });

/** The commands, as somebody types them. */
class Desk {
  constructor(private readonly folder: string, private readonly url: string) {}

  /** @param csv null = the file is there. */
  async import(name: string, csv: string | null, mapping: string): Promise<Imported> {
    const [file, mappingFile] = [join(this.folder, name), join(this.folder, `${name}.yaml`)];
    if (csv !== null) writeFileSync(file, csv);
    writeFileSync(mappingFile, mapping);
    const done = await this.tributary<Imported>('customers', 'import', file, '--mapping', mappingFile, '--tenant', 'bench', '--create-offerings');
    const rows = readFileSync(file, 'utf8').trim().split('\n').length - 1;
    if (done.imported + done.unchanged !== rows) throw new Error(`Of ${rows} rows: ${JSON.stringify(done)}.`);
    return done;
  }

  async bill(cycleEnd: string, expected: number): Promise<Billed> {
    const done = await this.tributary<Billed>('bill', 'run', '--tenant', 'bench', '--cycle-end', cycleEnd);
    if (done.issued !== expected) throw new Error(`The run issued ${done.issued} of ${expected} bills.`);
    return done;
  }

  private async tributary<T>(...args: string[]): Promise<T> {
    const env = { ...process.env, NODE_ENV: 'production', DATABASE_URL: this.url, TRIBUTARY_DEMO: '1', DATA_DIR: this.folder };
    const { stdout } = await promisify(execFile)(process.execPath, [MAIN, ...args, '--json'], { env });
    return JSON.parse(stdout) as T;
  }
}

async function plant(owner: Pool): Promise<void> {
  await owner.query({ text: `insert into tenant (id, code, name, currency, time_zone, is_sandbox, settings) values ($1, 'bench', 'Bench', 'EUR', 'Europe/Dublin', true, '{}')`, values: [BENCH_TENANT] });
  await owner.query({ text: `insert into tax_rate (tenant_id, tax_class, tax_code, rate, valid_from) values ($1, 'standard', 'S23', 0.23, '2000-01-01')`, values: [BENCH_TENANT] });
}

/** Moves the tenant's clock to the third of next month, when both bill cycles are over; that month. */
async function nextMonth(owner: Pool): Promise<string> {
  await owner.query({ text: `update tenant set clock_offset_ms = extract(epoch from date_trunc('month', now()) + interval '1 month 2 days 12 hours' - now()) * 1000 where id = $1`, values: [BENCH_TENANT] });
  const { rows } = await owner.query<{ month: string }>(`select to_char(date_trunc('month', now()) + interval '1 month', 'YYYY-MM') as month`);
  return rows[0]!.month;
}
