import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { ChargingApi, MoveOutcome } from '../charging';
import { epochDayOf, periodOf, startOfEpochDay } from '../platform/time';
import type { TenantDirectory } from '../tenant';
import { BillFacts } from './bill-facts';
import { BillRun, closePart, countChunk, holdPart, finishRun, openParts, runsOfCycle, SHARDS_A_PART, takePart } from './bill-run.store';
import { loadPeriods, storeBills } from './bill.store';
import { closeKey, Closed, closeMove } from './close.move';
import { DocumentKey, issueDocuments } from './issue';
import { postKey, postMove } from './post.move';
import { SELECT_UNBILLED, UnbilledRecord } from './sql/bill.sql';
import { SELECT_UNNUMBERED, SELECT_UNPOSTED, UnpostedRecord } from './sql/issue.sql';

export interface BillRunDeps {
  readonly pool: Pool;
  readonly charging: Pick<ChargingApi, 'settle' | 'now'>;
  readonly tenants: Pick<TenantDirectory, 'require'>;
  readonly beforeClose?: BeforeClose;
}

/** A payer whose bill period is about to be closed. */
export interface Closing {
  readonly shard: number;
  readonly accountId: bigint;
  /** End of the period, epoch ms. */
  readonly end: number;
}

/** What another room has to charge or to give back for what ended by then, so that it stands on this bill. */
export type BeforeClose = (tenantId: number, closings: readonly Closing[]) => Promise<void>;

/** Accounts closed and computed together, and documents numbered in one step. */
const CHUNK = 250;
const ISSUED_AT_ONCE = 500;
const WORKERS = 2;
const ATTEMPTS = 3;
/** How often a run looks whether parts that others work on are finished. */
const WAIT_MS = 500;

/**
 * Works on a run: close and compute part by part, then numbers, then what follows from them. Each step passes over what is
 * done, so a run may be killed anywhere and worked on again, and by several workers at once.
 */
export class BillRunWorker {
  private readonly facts: BillFacts;
  private stopped = false;

  constructor(private readonly deps: BillRunDeps) {
    this.facts = new BillFacts(deps.pool);
  }

  /** Ends the work after the chunk at hand; the run stays open. */
  stop(): void {
    this.stopped = true;
  }

  async work(run: BillRun): Promise<void> {
    const { pool } = this.deps;
    do {
      await Promise.all(Array.from({ length: WORKERS }, () => this.parts(run)));
    } while (!this.stopped && await openParts(pool, run.id) > 0 && await sleep(WAIT_MS, true));
    if (this.stopped) return;
    const runs = await runsOfCycle(pool, run);
    await this.issue(run, runs);
    await this.post(run, runs);
    if (!this.stopped) await finishRun(pool, run.id, new Date(await this.deps.charging.now(run.tenantId)), null);
  }

  private async parts(run: BillRun): Promise<void> {
    for (let part = await takePart(this.deps.pool, run.id); part !== null && !this.stopped; part = await takePart(this.deps.pool, run.id)) {
      const lease = holdPart(this.deps.pool, run.id, part);
      await this.part(run, part).finally(() => clearInterval(lease));
      if (!this.stopped) await closePart(this.deps.pool, run.id, part);
    }
  }

  private async part(run: BillRun, part: number): Promise<void> {
    const first = part * SHARDS_A_PART;
    let [shard, id] = [-1, '0'];
    while (!this.stopped) {
      const { rows } = await this.deps.pool.query<UnbilledRecord>(SELECT_UNBILLED,
        [run.tenantId, first, first + SHARDS_A_PART - 1, run.cycleEnd, shard, id, CHUNK]);
      if (rows.length === 0) return;
      const done = await this.chunk(run, rows);
      await countChunk(this.deps.pool, run.id, part, done, rows.length - done);
      [shard, id] = [rows.at(-1)!.shard, rows.at(-1)!.id];
    }
  }

  /** The number of accounts that have their bill now; a chunk that will not be made is halved, so that one account fails alone. */
  private async chunk(run: BillRun, rows: readonly UnbilledRecord[]): Promise<number> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.bill(run, rows);
      } catch (error) {
        if (attempt < ATTEMPTS) await sleep(100 * attempt);
        else if (rows.length > 1) return await this.chunk(run, rows.slice(0, rows.length >> 1)) + await this.chunk(run, rows.slice(rows.length >> 1));
        else if (isOurs(error)) return 0;
        else throw error;
      }
    }
  }

  private async bill(run: BillRun, rows: readonly UnbilledRecord[]): Promise<number> {
    const ends = rows.map((row) => endOf(run, row));
    await this.prepare(run, rows, ends);
    const closed = await Promise.all(rows.map(async (row, index) => ({ row, outcome: await this.close(run, row, ends[index]!) })));
    const keys = closed.flatMap(({ row, outcome }) =>
      (outcome.ok ? [{ shard: row.shard, accountId: BigInt(row.id), sequence: outcome.answer.sequence }] : []));
    if (keys.length === 0) return 0;
    const periods = await loadPeriods(this.deps.pool, keys);
    await storeBills(this.deps.pool, await this.facts.compute(periods), run.id, await this.deps.charging.now(run.tenantId));
    return keys.length;
  }

  /** What other rooms have to settle first. Where they cannot, the account is not billed and fails alone. */
  private async prepare(run: BillRun, rows: readonly UnbilledRecord[], ends: readonly number[]): Promise<void> {
    const closings = rows.map(({ shard, id }, index) => ({ shard, accountId: BigInt(id), end: ends[index]! }));
    await this.deps.beforeClose?.(run.tenantId, closings).catch((error: unknown) => { throw new NotPrepared('What comes before a bill could not be settled.', { cause: error }); });
  }

  private close(run: BillRun, row: UnbilledRecord, end: number): Promise<MoveOutcome<Closed>> {
    const accountId = BigInt(row.id);
    return this.deps.charging.settle(closeKey(run.tenantId, accountId, end), closeMove(accountId, end));
  }

  /** Numbers, in the order of the accounts, one short step after the other. */
  private async issue(run: BillRun, runs: readonly string[]): Promise<void> {
    const { timeZone, settings } = await this.deps.tenants.require(run.tenantId);
    const issuer = { tenantId: run.tenantId, timeZone, paymentTermDays: settings.paymentTermDays };
    for (const kind of ['BILL', 'STATEMENT'] as const) {
      let [shard, account] = [-1, '0'];
      while (!this.stopped) {
        const { rows } = await this.deps.pool.query<{ shard: number; account_id: string; sequence: number }>(
          SELECT_UNNUMBERED, [runs, kind, shard, account, ISSUED_AT_ONCE]);
        if (rows.length === 0) break;
        const keys = rows.map((row): DocumentKey => ({ shard: row.shard, accountId: BigInt(row.account_id), sequence: row.sequence }));
        await issueDocuments(this.deps.pool, issuer, kind, keys);
        [shard, account] = [rows.at(-1)!.shard, rows.at(-1)!.account_id];
      }
    }
  }

  /** What follows an issued bill: its rounding, and its payment with credit that the account has. */
  private async post(run: BillRun, runs: readonly string[]): Promise<void> {
    let [shard, account] = [-1, '0'];
    while (!this.stopped) {
      const { rows } = await this.deps.pool.query<UnpostedRecord>(SELECT_UNPOSTED, [runs, shard, account, ISSUED_AT_ONCE]);
      if (rows.length === 0) return;
      await Promise.all(rows.map((row) =>
        this.deps.charging.settle(postKey(run.tenantId, BigInt(row.account_id), row.sequence), postMove(row))));
      [shard, account] = [rows.at(-1)!.shard, rows.at(-1)!.account_id];
    }
  }
}

/** When the payer's period ends that the run is of. */
function endOf(run: BillRun, row: UnbilledRecord): number {
  const day = startOfEpochDay(row.time_zone, epochDayOf(run.cycleEnd)!);
  return periodOf({ kind: 'BILL_CYCLE', day: row.bill_cycle_day }, row.time_zone, day - 1).end;
}

class NotPrepared extends Error {}

/** Whether one account alone is at fault: it could not be prepared, or the database answers, and says no. */
const isOurs = (error: unknown): boolean => error instanceof NotPrepared || /^(22|23)/.test((error as { code?: string }).code ?? '');
