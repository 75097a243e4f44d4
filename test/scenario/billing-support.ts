import type { DataSource } from 'typeorm';
import { Conductor } from '../../src/charging';
import { BeforeClose, BillRun, BillRunService } from '../../src/invoicing';
import { appDataSource } from '../../src/platform/db';
import { TenantDirectory } from '../../src/tenant';
import { LineRecord, SELECT_LINE_PAGES, selectLineCharges } from '../../src/invoicing/sql/read.sql';
import { TestDatabase } from '../support';

/** Bill runs on a test database, as finance starts them. */
export interface Billing {
  readonly runs: BillRunService;
  /** Starts the run of the periods that end on a day and waits until it is done. */
  bill(tenantId: number, cycleEnd: string, key?: string): Promise<BillRun>;
  close(): Promise<void>;
}

let keys = 0;

export async function openBilling(db: TestDatabase, conductor: Conductor, beforeClose?: BeforeClose): Promise<Billing> {
  const data: DataSource = await appDataSource(db.ownerUrl, true).initialize();
  const tenants = new TenantDirectory(db.appPool);
  const runs = new BillRunService({
    pool: db.appPool, data, charging: conductor, tenants, ...(beforeClose && { beforeClose }), failed: (_run, error) => { throw error; },
  });
  return {
    runs,
    bill: async (tenantId, cycleEnd, key = `run-${(keys += 1)}`) => {
      const actor = { tenantId, subject: 'finance', role: 'FINANCE', requestId: 'r' };
      // A scenario opens its tenant just now.
      tenants.invalidate();
      const run = await runs.start(actor, cycleEnd, key);
      await runs.finished(run.id);
      return run;
    },
    close: async () => {
      await runs.close();
      await data.destroy();
    },
  };
}

/** What a bill says, as texts: net, tax, total, due. */
export const BILLS = `select sequence, kind, line_count as lines, trim_scale(net / 1e6)::text as net, trim_scale(tax / 1e6)::text as tax,
  trim_scale(total / 1e6)::text as total, trim_scale(due / 1e6)::text as due, trim_scale(rounding / 1e6)::text as rounding
  from customer_bill where root_id = $1 and (line_count > 0 or due <> 0) order by account_id, sequence`;
export const LINES = `select bill_sequence as bill, kind, start_date::text as from, end_date::text as until, quantity, charge_count as charges,
  trim_scale(amount / 1e6)::text as amount, trim_scale(net / 1e6)::text as net from customer_bill_line where root_id = $1 order by account_id, bill_sequence, line_no`;
/** Balances of the chart in units of the currency; credits are positive. */
export const BOOKS = `select account, trim_scale(sum(amount) / 1e6)::text as balance from posting where root_id = $1 and asset not in ('BYTE', 'SECOND', 'EVENT')
  group by account having sum(amount) <> 0 order by account`;
export const OPEN = `select b.sequence, trim_scale((b.due - coalesce((select sum(a.amount) from payment_allocation a where a.account_id = b.account_id and a.bill_sequence = b.sequence), 0)
  - coalesce((select sum(n.applied) from credit_note n where n.account_id = b.account_id and n.bill_sequence = b.sequence), 0)) / 1e6)::text as remaining
  from customer_bill b where b.root_id = $1 and b.due > 0 order by 1`;

const CHARGES_OF_LINE = selectLineCharges('charge.position, charge.net, charge.tax', 'true');

/** Lines of all bills whose charges, found by the line's own rule, are not what the line says. */
export async function untracedLines(db: TestDatabase): Promise<string[]> {
  const { rows: bills } = await db.appPool.query<{ shard: number; account_id: string; sequence: number }>('select shard, account_id, sequence from customer_bill');
  const { rows: lines } = await db.appPool.query<LineRecord>(SELECT_LINE_PAGES, [bills.map((b) => b.shard), bills.map((b) => b.account_id), bills.map((b) => b.sequence), '0', 1_000]);
  const { rows: exact } = await db.appPool.query<{ line: string; net: string; tax: string }>(
    `select account_id || '/' || bill_sequence || '/' || line_no as line, exact_net as net, exact_tax as tax from customer_bill_line`);
  const wrong: string[] = [];
  for (const l of lines) {
    const line = `${l.account_id}/${l.bill_sequence}/${l.line_no}`;
    const { rows } = await db.appPool.query<{ net: string; tax: string }>(CHARGES_OF_LINE, [l.shard, l.root_id, l.read_from, l.position, l.cycle_end, l.previous_end, l.previous_position,
      l.user_account_id, l.product_id, l.price_version_id, l.kind, l.period_start, l.period_end, l.tax_code, l.tax_rate, '0', 10_000]);
    const sum = (of: (row: { net: string; tax: string }) => string): string => rows.reduce((total, row) => total + BigInt(of(row)), 0n).toString();
    const expected = l.kind === 'BROUGHT_OVER' ? { net: '0', tax: '0' } : exact.find((row) => row.line === line)!;
    if (rows.length.toString() !== l.charge_count || sum((row) => row.net) !== expected.net || sum((row) => row.tax) !== expected.tax) wrong.push(line);
  }
  return wrong;
}
