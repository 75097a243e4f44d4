import type { Pool } from 'pg';
import { OrderedSender, RejectsFile, SeenKeys, SourceRow } from '../usage/import';
import { FoundAccount, findAccounts, inputOf } from './account.lookup';
import { Bring } from './bring';
import { Totals, TotalLine } from './control';
import { CutoverFile, cutoverRowOf, ownRow } from './cutover.file';
import { RowFault } from './row.rules';
import { AccountRef, CutoverRow } from './row.types';

export interface CutoverRun {
  readonly pool: Pool;
  readonly tenantId: number;
  readonly bring: Bring;
  readonly file: CutoverFile;
  readonly rejects: RejectsFile;
  /** Shared by the files of one command. */
  readonly counts: CutoverCounts;
  readonly progress: (rows: number) => void;
}

/** What became of the rows of a command. */
export class CutoverCounts {
  brought = 0;
  /** Rows that an earlier run had brought. */
  repeated = 0;
  rejected = 0;
  readonly seen = new SeenKeys();
  private readonly totals = new Totals();

  get rows(): number {
    return this.brought + this.repeated + this.rejected;
  }

  /** What the books took of the rows, in this run or an earlier one. */
  lines(): TotalLine[] {
    return this.totals.lines();
  }

  take(...[kind, answer]: Parameters<Totals['add']>): void {
    this.totals.add(kind, answer);
  }
}

/** The caller under which keys count: the same whoever runs the command. */
const CALLER = 'cutover';
const CHUNK = 200;
const PROGRESS_ROWS = 200;

interface Ready {
  readonly key: string;
  readonly row: SourceRow;
  readonly read: CutoverRow;
}

/** Brings every row of a file once. Rows of one account go in their order, so a product may come before what hangs on it. */
export async function runCutover(run: CutoverRun): Promise<void> {
  const sender = new OrderedSender<Ready>(CHUNK, (items) => bringChunk(run, items));
  let rows = 0;
  for await (const row of run.file.source.rows()) {
    rows += 1;
    if (rows % PROGRESS_ROWS === 0) run.progress(rows);
    try {
      const read = cutoverRowOf(run.file.source, row);
      await sender.add({ key: textOf(read.account), row, read });
    } catch (error) {
      await reject(run, row, error);
    }
  }
  await sender.drain();
  run.progress(rows);
  await run.rejects.flush();
}

/** What an account is called in the file. One that is called by two names has two orders. */
const textOf = (ref: AccountRef): string => (ref.kind === 'ID' ? ref.id.toString() : `${ref.customer}\n${ref.name ?? ''}`);

async function bringChunk(run: CutoverRun, items: readonly Ready[]): Promise<void> {
  const accounts = await findAccounts(run.pool, run.tenantId, items.map(({ read }) => read.account));
  const byAccount = new Map<string, (() => Promise<void>)[]>();
  for (const [index, item] of items.entries()) {
    const steps = byAccount.get(item.key);
    const step = (): Promise<void> => bringRow(run, item, accounts[index]!).catch((error: unknown) => reject(run, item.row, error));
    if (steps) steps.push(step);
    else byAccount.set(item.key, [step]);
  }
  await Promise.all([...byAccount.values()].map(async (steps) => {
    for (const step of steps) await step();
  }));
}

async function bringRow({ tenantId, counts, bring }: CutoverRun, { read }: Ready, account: FoundAccount | RowFault): Promise<void> {
  if (account instanceof RowFault) throw account;
  const input = inputOf(read, account);
  const key = `${account.id}:${read.key}`;
  if (!counts.seen.add(key)) throw new RowFault('CONFLICT', 'Another row of this run has the same account and key.', 'key');
  const outcome = await bring({ tenantId, caller: CALLER, key }, input);
  if (!outcome.ok) {
    const [{ code, message, path }] = outcome.errors as [(typeof outcome.errors)[number]];
    throw new RowFault(code, message, path.join('.'));
  }
  if (outcome.replayed) counts.repeated += 1;
  else counts.brought += 1;
  counts.take(read.kind, outcome.answer);
}

async function reject({ counts, rejects, file }: CutoverRun, row: SourceRow, error: unknown): Promise<void> {
  if (!(error instanceof RowFault)) throw error;
  counts.rejected += 1;
  await rejects.add(ownRow(file, row), { code: error.code, message: error.column === '' ? error.message : `${error.column}: ${error.message}` });
}
