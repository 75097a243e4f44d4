import { createHash, randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { AuditEntry, recordAudit } from '../audit';
import {
  bringing, compareTotals, ControlLine, CSV_FORM, CutoverCounts, CutoverFile, judging, ownColumns, runCutover, TotalLine,
} from '../cutover';
import { inTransaction } from '../platform/db';
import type { Rooms } from '../services';
import type { Tenant } from '../tenant';
import { RejectsFile } from '../usage/import';
import { heapKeeper } from './heap-keeper';
import { rowBar } from './row-bar';

/** One cutover as the command line asks for it. */
export interface CutoverRequest {
  readonly rooms: Rooms;
  readonly tenant: Tenant;
  readonly files: readonly CutoverFile[];
  readonly isDryRun: boolean;
  /** The operator's own totals; null where none are stated. */
  readonly control: readonly ControlLine[] | null;
  readonly rejectsPath: (file: CutoverFile) => string;
  readonly showsProgress: boolean;
  /** First pause before what was not handled is sent again. */
  readonly pauseMs?: number;
}

/** What a cutover tells when it is done; its JSON is the answer of `--json`. */
export interface CutoverSummary {
  readonly tenant: string;
  readonly dryRun: boolean;
  readonly rows: number;
  readonly brought: number;
  /** Rows that an earlier run had brought: they changed nothing. */
  readonly repeated: number;
  readonly rejected: number;
  readonly rejectsFiles: readonly string[];
  /** What the books took of these rows, by kind. */
  readonly totals: readonly TotalLine[];
  /** Sentences on what differs from the stated totals; null where none were stated. */
  readonly differences: readonly string[] | null;
  readonly seconds: number;
  readonly peakMemoryBytes: number;
}

const PAUSE_MS = 100;

/** Brings the rows of checked files, each once, and tells what became of them. */
export async function cutOver(request: CutoverRequest): Promise<CutoverSummary> {
  const { rooms, files, isDryRun, control } = request;
  const startedAt = performance.now();
  const counts = new CutoverCounts();
  await audit(request, 'cutover start', {});
  const bring = isDryRun ? judging(rooms.charging) : bringing(rooms.charging, request.pauseMs ?? PAUSE_MS);
  const bar = rowBar(request.showsProgress, files.reduce((sum, { rowCount }) => sum + rowCount, 0));
  const rejectsFiles: string[] = [];
  const keepHeapSmall = heapKeeper();
  try {
    let before = 0;
    for (const file of files) {
      const rejects = await RejectsFile.create(request.rejectsPath(file), ownColumns(file), file.format === 'csv' ? CSV_FORM : null, 0);
      const progress = (rows: number): void => {
        keepHeapSmall();
        bar?.update(before + rows);
      };
      try {
        await runCutover({ pool: rooms.pool, tenantId: request.tenant.id, bring, file, rejects, counts, progress });
      } finally {
        await rejects.close();
      }
      if (rejects.size > 0) rejectsFiles.push(rejects.path);
      before += file.rowCount;
    }
  } finally {
    bar?.stop();
  }
  await audit(request, 'cutover end', { broughtCount: counts.brought, repeatedCount: counts.repeated, rejectedCount: counts.rejected });
  const totals = counts.lines();
  return {
    tenant: request.tenant.code, dryRun: isDryRun, rows: counts.rows, brought: counts.brought, repeated: counts.repeated, rejected: counts.rejected,
    rejectsFiles, totals, differences: control && compareTotals(totals, control),
    seconds: Math.round((performance.now() - startedAt) / 100) / 10, peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  };
}

/** One row when it starts and one when it ends; a dry run leaves none. The moves themselves name the caller `cutover`. */
async function audit({ rooms, tenant, files, isDryRun }: CutoverRequest, operation: string, counts: Readonly<Record<string, number>>): Promise<void> {
  if (isDryRun) return;
  const hash = createHash('sha256');
  for (const file of files) hash.update(file.hash);
  const entry: AuditEntry = {
    tenantId: tenant.id, actor: `cli:${userInfo().username}`, role: 'ADMIN', operation, objectType: 'Cutover', objectId: hash.digest('hex'),
    after: { rowCount: files.reduce((sum, { rowCount }) => sum + rowCount, 0), ...counts }, requestId: randomUUID(), result: 'DONE',
  };
  await inTransaction(rooms.pool, (tx) => recordAudit(tx, entry));
}

/** Whether everything of the files is in the books, and nothing differs from the stated totals. */
export const isComplete = ({ rejected, differences }: CutoverSummary): boolean => rejected === 0 && (differences ?? []).length === 0;

/** The summary for a person, one line a result. */
export function cutoverLines(summary: CutoverSummary): string[] {
  const line = (what: string, text: string | number): string => `  ${what.padEnd(32)}${text}`;
  return [
    `${summary.rows} rows for ${summary.tenant}${summary.dryRun ? ' (dry run: nothing was stored)' : ''}`,
    line(summary.dryRun ? 'would be brought' : 'brought', summary.brought), line('brought before', summary.repeated), line('rejected', summary.rejected),
    ...summary.totals.map(({ kind, asset, count, sum }) => line(`total ${kind}${asset === '' ? '' : ` ${asset}`}`, `${count} rows${sum === '' ? '' : `, ${sum}`}`)),
    ...(summary.differences === null ? [] : summary.differences.length === 0 ? ['The totals are those of the control file.'] : summary.differences),
    ...summary.rejectsFiles.map((file) => `Rejected rows with their reasons: ${file}`),
  ];
}
