import type { Pool } from 'pg';
import { recurringOfCustomers } from '../invoicing';
import { Amount, amount, ZERO_AMOUNT } from '../platform/money';
import { RowProblem, SeenKeys, SourceRow, WholeFile } from '../usage/import';
import { RowReader } from './customer-row';

/** One row of the file: what it says, what was billed, what the price list says. */
export interface ReconciledRow {
  readonly customer: string;
  readonly file: Amount;
  readonly list: Amount;
  readonly billed: Amount;
  /** `billed` less `file`. */
  readonly difference: Amount;
}

/** What a reconciliation found. */
export interface Reconciled {
  rows: number;
  products: number;
  file: Amount;
  list: Amount;
  billed: Amount;
  /** Customers whose bill is not the list price of their products: a part of a period, or a fault. */
  unlisted: number;
  /** Customers whose bill differs from the file by more than the tolerance. */
  beyond: number;
  /** Rows without a customer or without a bill of the cycle. */
  unbilled: number;
  /** Rows that cannot be read. */
  unreadable: number;
  /** Rows of a customer that stood in the file before; the first counts. */
  repeated: number;
  /** The largest differences, the largest first. */
  readonly largest: ReconciledRow[];
  /** Customers that count as unlisted or unbilled, the first of the file. */
  readonly faults: { readonly customer: string; readonly what: string }[];
}

export interface Reconciliation {
  readonly pool: Pool;
  readonly tenantId: number;
  readonly file: Pick<WholeFile, 'source'>;
  readonly id: RowReader<string>;
  readonly charge: RowReader<Amount>;
  readonly tolerance: Amount;
  readonly accountName: string;
  /** Local day on which the bills' period ended. */
  readonly cycleEnd: string;
  /** How many of the largest differences, and of the faults, are told. */
  readonly told: number;
  readonly progress: (rows: number) => void;
}

const CHUNK = 500;

/** Compares a file's charges with bills, in a stream: what is kept does not grow with the file. */
export async function reconcile(run: Reconciliation): Promise<Reconciled> {
  const found: Reconciled = {
    rows: 0, products: 0, file: ZERO_AMOUNT, list: ZERO_AMOUNT, billed: ZERO_AMOUNT, unlisted: 0, beyond: 0, unbilled: 0, unreadable: 0, repeated: 0, largest: [], faults: [],
  };
  const seen = new SeenKeys();
  let chunk: { readonly customer: string; readonly file: Amount }[] = [];
  for await (const row of run.file.source.rows()) {
    found.rows += 1;
    const read = readRow(run, row);
    if (!read) found.unreadable += 1;
    else if (seen.add(read.customer)) chunk.push(read);
    else found.repeated += 1;
    if (chunk.length < CHUNK) continue;
    await compare(run, found, chunk);
    run.progress(found.rows);
    chunk = [];
  }
  await compare(run, found, chunk);
  run.progress(found.rows);
  return found;
}

function readRow({ id, charge }: Reconciliation, { values }: SourceRow): { readonly customer: string; readonly file: Amount } | null {
  try {
    return { customer: id(values), file: charge(values) };
  } catch (error) {
    if (!(error instanceof RowProblem)) throw error;
    return null;
  }
}

async function compare(run: Reconciliation, found: Reconciled, rows: readonly { readonly customer: string; readonly file: Amount }[]): Promise<void> {
  const { pool, tenantId, accountName, cycleEnd, told } = run;
  const billed = new Map((await recurringOfCustomers(pool, tenantId, { externalIds: rows.map(({ customer }) => customer), accountName, cycleEnd }))
    .map((customer) => [customer.externalId, customer]));
  for (const { customer, file } of rows) {
    found.file = amount(found.file + file);
    const bill = billed.get(customer);
    const fault = (what: string): void => { if (found.faults.length < told) found.faults.push({ customer, what }); };
    if (!bill || bill.bills === 0) {
      found.unbilled += 1;
      fault(bill ? 'has no bill of the cycle' : 'is not there');
      continue;
    }
    const difference = amount(bill.billed - file);
    found.list = amount(found.list + bill.list);
    found.billed = amount(found.billed + bill.billed);
    found.products += bill.products;
    if (bill.billed !== bill.list) {
      found.unlisted += 1;
      fault('was not billed the list price of its products');
    }
    if (magnitude(difference) > run.tolerance) found.beyond += 1;
    keepLargest(found.largest, { customer, file, list: bill.list, billed: bill.billed, difference }, told);
  }
}

export const magnitude = (value: Amount): Amount => (value < 0n ? amount(-value) : value);

/** Keeps the list short and sorted; of equal differences the first of the file stands first. */
export function keepLargest(largest: ReconciledRow[], row: ReconciledRow, most: number): void {
  if (row.difference === 0n) return;
  const size = magnitude(row.difference);
  const at = largest.findIndex(({ difference }) => magnitude(difference) < size);
  if (at >= 0) largest.splice(at, 0, row);
  else if (largest.length < most) largest.push(row);
  if (largest.length > most) largest.pop();
}

/** Whether every row was billed its list price, near enough to the file. */
export const isReconciled = ({ unlisted, beyond, unbilled }: Reconciled): boolean => unlisted === 0 && beyond === 0 && unbilled === 0;
