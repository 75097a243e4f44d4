import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { createOfferings, CustomerMapping, customerReader, CustomersCounts, CustomerStore, requireOfferings, runCustomers } from '../onboarding';
import type { Rooms } from '../services';
import type { Actor, Tenant } from '../tenant';
import { columnsOfRule, RejectsFile, WholeFile } from '../usage/import';
import { peakMemoryBytes } from './copy-bar';
import { heapKeeper } from './heap-keeper';
import { rowBar } from './row-bar';

/** One import of customers as the command line asks for it. */
export interface CustomersRequest {
  readonly rooms: Pick<Rooms, 'pool' | 'data' | 'catalog' | 'customerOpening' | 'orderRunner'>;
  readonly tenant: Pick<Tenant, 'id' | 'code'>;
  readonly file: string;
  readonly whole: WholeFile;
  readonly mapping: CustomerMapping;
  readonly mappingFile: string;
  readonly createsOfferings: boolean;
  readonly isDryRun: boolean;
  readonly rejectsPath: string;
  readonly showsProgress: boolean;
  /** Aborted when somebody asks to stop. */
  readonly stop: AbortSignal;
  /** First pause before what was not handled is tried again. */
  readonly pauseMs?: number;
}

/** What an import of customers tells when it is done; its JSON is the answer of `--json`. */
export interface CustomersSummary {
  readonly file: string;
  readonly tenant: string;
  readonly source: string;
  readonly dryRun: boolean;
  readonly offeringsCreated: number;
  readonly rows: number;
  readonly imported: number;
  /** Customers that were there with the same services: they changed nothing. */
  readonly unchanged: number;
  /** Customers whose orders wait for the network. */
  readonly underWay: number;
  readonly products: number;
  readonly rejected: Readonly<Record<string, number>>;
  /** Null where nothing was rejected. */
  readonly rejectsFile: string | null;
  /** The row of the file before which it was asked to stop; null = it came to its end. */
  readonly stoppedBeforeRow: number | null;
  readonly seconds: number;
  readonly customersPerSecond: number;
  readonly peakMemoryBytes: number;
}

const PAUSE_MS = 100;

/** Imports the customers of a checked file and tells what became of them. @throws ImportError, ImportStopped */
export async function importCustomers(request: CustomersRequest): Promise<CustomersSummary> {
  const { rooms, tenant, whole, mapping, mappingFile, isDryRun } = request;
  const startedAt = performance.now();
  const actor: Actor = { tenantId: tenant.id, subject: `command:${userInfo().username}`, role: 'OPERATOR', requestId: randomUUID() };
  const made = request.createsOfferings ? await createOfferings({ pool: rooms.pool, catalog: rooms.catalog, actor }, mapping, mappingFile) : 0;
  await requireOfferings(rooms.pool, tenant.id, mapping, mappingFile);
  const rejects = await RejectsFile.create(request.rejectsPath, whole.source.columns, whole.format === 'csv' ? mapping : null, 0, true);
  const counts = new CustomersCounts();
  const bar = rowBar(request.showsProgress, whole.rowCount);
  const keepHeapSmall = heapKeeper();
  try {
    const stoppedBeforeRow = await runCustomers({
      file: whole, read: customerReader(mapping, whole.source.columns), idColumn: columnsOfRule(mapping.customer.id)[0]!, isDryRun, rejects, counts,
      store: new CustomerStore({
        pool: rooms.pool, data: rooms.data, opening: rooms.customerOpening, advance: (ref) => rooms.orderRunner.advance(ref), actor, channel: mapping.source,
        pauseMs: request.pauseMs ?? PAUSE_MS,
      }),
      progress: (rows) => {
        keepHeapSmall();
        bar?.update(rows);
      },
      stop: request.stop,
    });
    return summaryOf(request, { counts, made, stoppedBeforeRow, hasRejects: rejects.size > 0, seconds: (performance.now() - startedAt) / 1000 });
  } finally {
    bar?.stop();
    await rejects.close();
  }
}

interface Done { readonly counts: CustomersCounts; readonly made: number; readonly stoppedBeforeRow: number | null; readonly hasRejects: boolean; readonly seconds: number }

function summaryOf({ file, tenant, mapping, isDryRun, rejectsPath }: CustomersRequest, { counts, made, stoppedBeforeRow, hasRejects, seconds }: Done): CustomersSummary {
  const { rows, imported, unchanged, underWay, products, rejected } = counts;
  return {
    file, tenant: tenant.code, source: mapping.source, dryRun: isDryRun, offeringsCreated: made, rows, imported, unchanged, underWay, products,
    rejected: Object.fromEntries(rejected), rejectsFile: hasRejects ? rejectsPath : null, stoppedBeforeRow,
    seconds: Math.round(seconds * 10) / 10, customersPerSecond: Math.round(rows / seconds), peakMemoryBytes: peakMemoryBytes(),
  };
}

/** The summary for a person, one line a result. */
export function customersLines(summary: CustomersSummary): string[] {
  const line = (what: string, count: number): string => `  ${what.padEnd(40)}${count}`;
  const rejected = Object.entries(summary.rejected);
  const isRepeat = summary.rows > 0 && summary.unchanged === summary.rows;
  return [
    ...(summary.offeringsCreated > 0 ? [`${summary.offeringsCreated} offerings were put on sale.`] : []),
    `${summary.rows} rows of ${summary.file} for ${summary.tenant}, source ${summary.source}${summary.dryRun ? ' (dry run: nothing was stored)' : ''}`,
    line(summary.dryRun ? 'customers that would be imported' : 'customers imported', summary.imported),
    line(summary.dryRun ? 'products that they would have' : 'products activated by their orders', summary.products),
    line('customers that were there, unchanged', summary.unchanged),
    ...(summary.underWay > 0 ? [line('customers whose orders wait for the network', summary.underWay)] : []),
    ...(rejected.length === 0 ? [line('rejected', 0)] : rejected.map(([code, count]) => line(`rejected: ${code}`, count))),
    ...(isRepeat ? ['This file was imported before: nothing was changed.'] : []),
    ...(summary.rejectsFile === null ? [] : [`Rejected rows with their reasons: ${summary.rejectsFile}`]),
    `${summary.seconds} s, ${summary.customersPerSecond} customers/s`,
    ...(summary.stoppedBeforeRow === null ? [] : [`Stopped before row ${summary.stoppedBeforeRow}; the same command goes on from there.`]),
  ];
}
