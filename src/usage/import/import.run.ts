import { setTimeout as sleep } from 'node:timers/promises';
import { UsageEvent } from '../usage.types';
import { eventOf, ImportScope } from './event.rules';
import { isConnectionLost } from './connection-lost';
import { ImportStopped, RowProblem } from './import.error';
import { Checkpoint, SendUsages, SentUsage, StoredCounts } from './import.types';
import { CheckedFile } from './open-file';
import { OrderedSender } from './ordered-sender';
import { RejectsFile } from './rejects.file';
import { SourceRow } from './row-source';
import { Tally } from './tally';

export interface ImportRun {
  readonly file: Pick<CheckedFile, 'source' | 'map'>;
  readonly scope: ImportScope;
  readonly send: SendUsages;
  readonly rejects: RejectsFile;
  /** Where an earlier run stopped; null = from the first row. */
  readonly from: Checkpoint | null;
  /** Keeps how far the run is; called while nothing is under way. */
  readonly save: (checkpoint: Checkpoint) => Promise<void>;
  /** Told the number of rows read so far, now and then. */
  readonly progress: (rows: number) => void;
  /** Least time between checkpoints: each one waits for what is under way, about a fifth of a second. */
  readonly checkpointMs: number;
  /** Pause before what was not handled is sent again; each further pause is twice as long. */
  readonly pauseMs: number;
  /** Aborted when somebody asks to stop: what was read by then is charged and kept as a checkpoint. */
  readonly stop: AbortSignal;
}

interface Ready {
  readonly key: string;
  readonly row: SourceRow;
  readonly event: UsageEvent;
}

const CHUNK = 500;
const PROGRESS_ROWS = 500;

/**
 * Sends the rows of a checked file and tells what became of them. Rows that cannot become a usage go to the rejects file.
 * Asked to stop it ends behind the row that it is at, and tells that row as `stoppedAfter`.
 * @throws ImportStopped where the charging path stays away; what was charged is kept, and the same run may be made again.
 */
export async function runImport(run: ImportRun): Promise<Checkpoint & { readonly stoppedAfter?: number | null }> {
  const tally = new Tally(run.from?.counts);
  const sender = new OrderedSender<Ready>(CHUNK, (items) => sendChunk(run, tally, items));
  const skip = run.from?.rowsDone ?? 0;
  let rows = 0;
  const checkpoint = async (): Promise<Checkpoint> => {
    await sender.drain();
    await run.rejects.flush();
    return { rowsDone: rows, counts: tally.stored(run.rejects.size) };
  };
  let savedAt = performance.now();
  let last: number | null = null;
  for await (const row of run.file.source.rows()) {
    if (run.stop.aborted && rows >= skip) return { ...await checkpoint(), stoppedAfter: last };
    rows += 1;
    last = row.row;
    if (rows % PROGRESS_ROWS === 0) run.progress(rows);
    if (rows <= skip) continue;
    const ready = await readyOf(run, tally, row);
    if (ready) await sender.add(ready);
    if (performance.now() - savedAt < run.checkpointMs) continue;
    await run.save(await checkpoint());
    savedAt = performance.now();
  }
  run.progress(rows);
  return checkpoint();
}

async function readyOf(run: ImportRun, tally: Tally, row: SourceRow): Promise<Ready | null> {
  try {
    const event = eventOf(run.file.map(row.values), run.scope);
    return { key: event.subscriber.value, row, event };
  } catch (error) {
    if (!(error instanceof RowProblem)) throw error;
    tally.reject(error.code);
    await run.rejects.add(row, error);
    return null;
  }
}

async function sendChunk(run: ImportRun, tally: Tally, items: readonly Ready[]): Promise<void> {
  const answers = await sendAll(run, items);
  for (const [index, sent] of answers.entries()) {
    if (sent.status !== 'INVALID') tally.add(sent);
    else {
      const { code, message } = sent.error ?? { code: 'INVALID_INPUT', message: 'The usage cannot be stored.' };
      tally.reject(code);
      await run.rejects.add(items[index].row, { code, message });
    }
  }
}

const ATTEMPTS = 8;

/** Sends until each usage has a final answer; the same ids make a repeat safe. Repeats keep the order of the rows. */
async function sendAll({ send, pauseMs }: ImportRun, items: readonly Ready[]): Promise<readonly SentUsage[]> {
  const answers = new Map<Ready, SentUsage>();
  let left = items;
  for (let attempt = 0; ; attempt += 1) {
    const sent = await sendOnce(send, left);
    left.forEach((item, index) => answers.set(item, sent[index]));
    left = left.filter((item) => answers.get(item)?.status === 'FAILED');
    if (left.length === 0) return items.map((item) => answers.get(item)!);
    if (attempt + 1 === ATTEMPTS) throw stopped(left[0], answers.get(left[0])!);
    await sleep(pauseMs * 2 ** attempt);
  }
}

/** A connection that breaks before the charging path took the usages in is an answer like any other: repeat. */
async function sendOnce(send: SendUsages, items: readonly Ready[]): Promise<readonly SentUsage[]> {
  try {
    return await send(items.map(({ event }) => event));
  } catch (error) {
    if (!isConnectionLost(error)) throw error;
    const answer = { code: 'OUTCOME_UNKNOWN', message: 'The database does not answer.' };
    const lost: SentUsage = { status: 'FAILED', duplicate: false, charge: null, error: answer };
    return items.map(() => lost);
  }
}

function stopped({ row }: Ready, { error }: SentUsage): ImportStopped {
  return new ImportStopped(`The import stopped at row ${row.row}: ${error?.message ?? 'there was no answer.'} `
    + 'What is charged stays; run the same command again to go on.');
}

/** Rows counted in all. */
export function countedRows(counts: StoredCounts): number {
  const sum = (reasons: Readonly<Record<string, number>>): number => Object.values(reasons).reduce((total, count) => total + count, 0);
  return counts.charged + (counts.compared ?? 0) + counts.duplicates + sum(counts.refused) + sum(counts.quarantined) + sum(counts.rejected);
}
