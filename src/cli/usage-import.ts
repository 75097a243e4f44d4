import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { basename } from 'node:path';
import { recordAudit } from '../audit';
import { normaliseIdentifier } from '../party';
import type { Rooms } from '../services';
import type { Tenant } from '../tenant';
import {
  CheckedFile, Checkpoint, countedRows, currencyTotals, ImportInterrupted, ImportScope, ImportStart, ImportStore, ImportSummary, Mapping, OpenedImport, RejectsFile, runImport,
  SendUsages,
} from '../usage/import';
import { heapKeeper } from './heap-keeper';
import { rowBar } from './row-bar';
import { dryRunSender } from './usage-import.dry-run';

/** One import as the command line asks for it. */
export interface ImportRequest {
  readonly rooms: Rooms;
  readonly tenant: Tenant;
  readonly file: string;
  readonly checked: CheckedFile;
  readonly mapping: Mapping;
  readonly mappingHash: Buffer;
  /** Why usages are taken however old; null = the source's late limit holds. */
  readonly historicalReason: string | null;
  readonly isDryRun: boolean;
  readonly rejectsPath: string;
  readonly showsProgress: boolean;
  /** Least time between checkpoints. */
  readonly checkpointMs?: number;
  /** Aborted when somebody asks to stop. */
  readonly stop?: AbortSignal;
  /** First pause before unhandled usages are sent again. */
  readonly pauseMs?: number;
}

const CHECKPOINT_MS = 5_000;
const PAUSE_MS = 100;
const NEVER = new AbortController().signal;

/**
 * Imports a checked file, from where an interrupted run of the same import stopped, and tells what became of it.
 * @throws ImportInterrupted where it was asked to stop.
 */
export async function importFile(request: ImportRequest): Promise<ImportSummary> {
  const { rooms, checked, isDryRun } = request;
  const startedAt = performance.now();
  const store = new ImportStore(rooms.pool);
  const opened = isDryRun ? null : await openImport(store, request);
  const from = opened?.checkpoint ?? null;
  const rejects = await RejectsFile.create(request.rejectsPath, checked.source.columns, rejectsForm(request), from?.counts.rejectsBytes ?? 0);
  const bar = rowBar(request.showsProgress, checked.rowCount);
  const keepHeapSmall = heapKeeper();
  try {
    const done = await runImport({
      file: checked, scope: scopeOf(request),
      send: isDryRun ? dryRunSender(rooms.pool) : senderOf(request), rejects, from, progress: (rows) => {
        keepHeapSmall();
        bar?.update(rows);
      },
      save: async (checkpoint) => { if (opened) await store.save(opened.id, checkpoint); },
      checkpointMs: request.checkpointMs ?? CHECKPOINT_MS, pauseMs: request.pauseMs ?? PAUSE_MS, stop: request.stop ?? NEVER,
    });
    if (done.stoppedAfter !== undefined) throw await interrupted(store, opened, done, done.stoppedAfter);
    if (opened) await store.finish(opened.id, done);
    return summaryOf(request, opened, done, (performance.now() - startedAt) / 1000);
  } finally {
    bar?.stop();
    await rejects.close();
  }
}

async function interrupted(store: ImportStore, opened: OpenedImport | null, done: Checkpoint, row: number | null): Promise<ImportInterrupted> {
  if (opened) await store.save(opened.id, done);
  return new ImportInterrupted(row, opened !== null);
}

function openImport(store: ImportStore, request: ImportRequest): Promise<OpenedImport> {
  const { tenant, mapping, checked, historicalReason } = request;
  const startedBy = `cli:${userInfo().username}`;
  const start: ImportStart = {
    tenantId: tenant.id, source: mapping.source, fileName: basename(request.file), fileHash: checked.hash, mappingHash: request.mappingHash,
    isHistorical: historicalReason !== null, isRecords: mapping.recordsOf !== null, startedBy,
  };
  return store.open(start, async (tx, importId) => {
    if (historicalReason === null) return;
    await recordAudit(tx, {
      tenantId: tenant.id, actor: startedBy, role: 'ADMIN', operation: 'usage import --historical', objectType: 'UsageImport',
      objectId: importId.toString(), after: { sourceId: mapping.source, fileId: checked.hash.toString('hex'), rowCount: checked.rowCount },
      reason: historicalReason, requestId: randomUUID(), result: 'DONE',
    });
  });
}

const scopeOf = ({ tenant, mapping }: ImportRequest): ImportScope =>
  ({ tenantId: tenant.id, source: mapping.source, dialPlan: tenant.settings.dialPlan, normaliseIdentifier });

const senderOf = ({ rooms, mapping, historicalReason }: ImportRequest): SendUsages => {
  const options = { delivered: mapping.delivered, lateLimitDays: historicalReason === null ? undefined : null };
  return (events) => rooms.charging.chargeUsage(events, options);
};

const rejectsForm = ({ checked, mapping }: ImportRequest): Mapping | null => (checked.format === 'jsonl' ? null : mapping);

function summaryOf(request: ImportRequest, opened: OpenedImport | null, { counts }: Checkpoint, seconds: number): ImportSummary {
  const { money, rejectsBytes, ...results } = counts;
  const rows = countedRows(counts);
  const resumedAfterRows = opened?.checkpoint?.rowsDone ?? 0;
  return {
    file: request.file, tenant: request.tenant.code, source: request.mapping.source, dryRun: request.isDryRun,
    historical: request.historicalReason !== null, resumedAfterRows, finishedBefore: opened?.finishedAt?.toISOString() ?? null, rows,
    counts: results, money: currencyTotals(money), rejectsFile: rejectsBytes > 0 ? request.rejectsPath : null,
    seconds: Math.round(seconds * 10) / 10, rowsPerSecond: Math.round((rows - resumedAfterRows) / seconds),
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  };
}
