import { isFinal, Order } from '../ordering';
import { Refusal } from '../platform/errors';
import { OrderedSender, RejectsFile, RowProblem, SeenKeys, SourceRow, WholeFile } from '../usage/import';
import type { CustomerRow, RowReader } from './customer-row';
import { CustomerStore, Known } from './customer.store';

export interface CustomersRun {
  readonly file: Pick<WholeFile, 'source'>;
  readonly read: RowReader<CustomerRow>;
  /** The column of the customer's id, for rejects. */
  readonly idColumn: string;
  readonly store: CustomerStore;
  readonly isDryRun: boolean;
  readonly rejects: RejectsFile;
  readonly counts: CustomersCounts;
  /** Told the number of rows that are done, now and then. */
  readonly progress: (rows: number) => void;
  /** Aborted when somebody asks to stop: what was read by then is imported. */
  readonly stop: AbortSignal;
}

/** What became of the rows of a run: each counts once. */
export class CustomersCounts {
  imported = 0;
  /** Customers that were there with the same services. */
  unchanged = 0;
  /** Orders that wait for the network. */
  underWay = 0;
  /** Products of the completed orders of this run. */
  products = 0;
  readonly rejected = new Map<string, number>();

  get rows(): number {
    return this.imported + this.unchanged + this.underWay + [...this.rejected.values()].reduce((sum, count) => sum + count, 0);
  }
}

/** Customers stored in one transaction, whose orders then run beside each other; four such chunks are under way at once. */
const CHUNK = 100;

interface Ready {
  readonly key: string;
  readonly row: SourceRow;
  readonly read: CustomerRow;
}

/** Imports every row of a file once; rows of one customer keep their order. The row at which it was stopped, null at the end. */
export async function runCustomers(run: CustomersRun): Promise<number | null> {
  const sender = new OrderedSender<Ready>(CHUNK, (items) => importChunk(run, items));
  const planned = new SeenKeys();
  let stoppedAt: number | null = null;
  for await (const row of run.file.source.rows()) {
    if (run.stop.aborted) {
      stoppedAt = row.row;
      break;
    }
    const read = await readRow(run, row);
    // A dry run stores nothing by which a second row of a customer would be known.
    if (read && run.isDryRun && !(await isFirst(run, planned, row, read))) continue;
    if (read) await sender.add({ key: read.id, row, read });
    run.progress(run.counts.rows);
  }
  await sender.drain();
  run.progress(run.counts.rows);
  await run.rejects.flush();
  return stoppedAt;
}

async function readRow(run: CustomersRun, row: SourceRow): Promise<CustomerRow | null> {
  try {
    return run.read(row.values);
  } catch (error) {
    if (!(error instanceof RowProblem)) throw error;
    await reject(run, row, error);
    return null;
  }
}

async function isFirst(run: CustomersRun, planned: SeenKeys, row: SourceRow, { id, offerings }: CustomerRow): Promise<boolean> {
  const isNew = planned.add(id);
  if (planned.add(`${id}\n${offerings.join('\n')}`)) {
    if (!isNew) await reject(run, row, otherContent(run, id));
    return isNew;
  }
  run.counts.unchanged += 1;
  return false;
}

async function importChunk(run: CustomersRun, items: readonly Ready[]): Promise<void> {
  // A customer that stands in the chunk twice is looked at again when the first row is done.
  const first = [...new Map(items.toReversed().map((item) => [item.key, item])).values()];
  const again = items.filter((item) => !first.includes(item));
  await importDistinct(run, first.toReversed());
  if (again.length > 0) await importChunk(run, again);
}

async function importDistinct(run: CustomersRun, items: readonly Ready[]): Promise<void> {
  const known = await run.store.known(items.map(({ key }) => key));
  const fresh = items.filter(({ key }) => known.get(key) === 'NOTHING');
  if (run.isDryRun) count(run, fresh);
  else if (fresh.length > 0 && !(await importFresh(run, fresh))) return importDistinct(run, items);
  await Promise.all(items.filter((item) => !fresh.includes(item)).map((item) => goOn(run, item, known.get(item.key)!)));
}

function count({ counts }: CustomersRun, items: readonly Ready[]): void {
  counts.imported += items.length;
  counts.products += items.reduce((sum, { read }) => sum + read.offerings.length, 0);
}

/** False where another import was quicker with one of the customers. */
async function importFresh(run: CustomersRun, items: readonly Ready[]): Promise<boolean> {
  try {
    const refs = await run.store.store(items.map(({ read }) => read));
    const ordering = items.filter(({ read }) => read.offerings.length > 0);
    run.counts.imported += items.length - ordering.length;
    await Promise.all(refs.map(async (ref, index) => settle(run, ordering[index]!, await run.store.advance(ref), true)));
    return true;
  } catch (error) {
    if (error instanceof Refusal && error.userError.code === 'ALREADY_EXISTS') return false;
    throw error;
  }
}

/** A row whose customer is there: the same is the same, what was interrupted goes on, and anything else is a fault of the row. */
async function goOn(run: CustomersRun, item: Ready, known: Known): Promise<void> {
  const { key, row, read } = item;
  if (typeof known === 'string') {
    if (read.offerings.length === 0) run.counts.unchanged += 1;
    else await reject(run, row, new RowProblem('ALREADY_EXISTS', `There is a customer ${key} that no import of this source made; order the services for it.`, run.idColumn));
    return;
  }
  if (!run.store.isSame(read, known)) return reject(run, row, otherContent(run, key));
  const isOpen = !isFinal(known.order.state);
  await settle(run, item, isOpen && !run.isDryRun ? await run.store.advance(known.order) : known.order, isOpen);
}

const otherContent = ({ idColumn }: CustomersRun, id: string): RowProblem =>
  new RowProblem('CONFLICT', `Customer ${id} was imported with other services; what it has stays. A change is an order.`, idColumn);

/** Counts what became of an order that was run as far as it goes now. */
async function settle(run: CustomersRun, { row, read }: Ready, order: Order, isOurs: boolean): Promise<void> {
  const { counts, idColumn } = run;
  if (!isFinal(order.state)) counts.underWay += 1;
  else if (order.state !== 'COMPLETED') {
    const failed = order.items.find(({ state }) => state !== 'COMPLETED')!;
    const code = failed.errorCode ?? order.state;
    await reject(run, row, { code, message: `The order of customer ${read.id} is ${order.state}: ${failed.key}: ${failed.note ?? 'it was cancelled.'}`, column: idColumn });
  } else if (!isOurs) counts.unchanged += 1;
  else {
    counts.imported += 1;
    counts.products += order.items.length;
  }
}

async function reject({ counts, rejects }: CustomersRun, row: SourceRow, problem: { readonly code: string; readonly message: string; readonly column: string }): Promise<void> {
  counts.rejected.set(problem.code, (counts.rejected.get(problem.code) ?? 0) + 1);
  await rejects.add(row, { code: problem.code, message: problem.message, column: problem.column });
}
