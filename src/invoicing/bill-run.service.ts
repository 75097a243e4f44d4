import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import type { ChargingApi } from '../charging';
import { refuse } from '../platform/errors';
import { dateOfEpochDay, epochDayOf, LocalDate, localParts } from '../platform/time';
import { checkMoveKey, isMoveKey } from '../product/move-mutation';
import { Actor, businessNow, Change, changeAudited, TenantDirectory } from '../tenant';
import {
  BillRun, finishRun, findRun, INSERT_PARTS, INSERT_RUN, KeyedRun, keyedRunOf, PARTS, reopenFailed, SELECT_RUN_BY_KEY, unfinishedRuns,
} from './bill-run.store';
import { BeforeClose, BillRunWorker } from './bill-run.worker';

export interface BillRunServiceDeps {
  readonly pool: Pool;
  readonly data: DataSource;
  readonly charging: Pick<ChargingApi, 'settle' | 'now'>;
  readonly tenants: TenantDirectory;
  readonly beforeClose?: BeforeClose;
  /** Told of a run whose work ended by an error; it stays open. */
  readonly failed: (run: BillRun, error: Error) => void;
}

const OBJECT_TYPE = 'BillRun';

/** Bill runs: started once a key, worked on in this process, and again by whoever starts them again or starts anew. */
export class BillRunService {
  private readonly working = new Map<bigint, { readonly worker: BillRunWorker; readonly work: Promise<void> }>();

  constructor(private readonly deps: BillRunServiceDeps) {}

  /**
   * Starts the run of the bill periods that end on a day, or takes up the one that was started with the key.
   * @throws Refusal INVALID_INPUT, IDEMPOTENCY_KEY_REUSED
   */
  async start(actor: Actor, cycleEnd: LocalDate, key: string): Promise<BillRun> {
    const hash = createHash('sha256').update(JSON.stringify({ cycleEnd })).digest();
    const known = isMoveKey(key) ? await this.known(actor, key, hash) : null;
    const run = known ?? await this.create(actor, cycleEnd, key, hash) ?? await this.known(actor, key, hash);
    if (!run) throw new Error('A bill run that was just started is not there.');
    if (known) await reopenFailed(this.deps.pool, run.id);
    const current = await findRun(this.deps.pool, actor.tenantId, run.id) ?? run;
    this.take(current);
    return current;
  }

  /** Takes up what was left open when a process ended. */
  async resume(): Promise<void> {
    for (const run of await unfinishedRuns(this.deps.pool)) this.take(run);
  }

  /** Resolves when this process works on the run no longer. */
  async finished(runId: bigint): Promise<void> {
    await this.working.get(runId)?.work;
  }

  /** Ends after the chunks at hand; open runs are taken up at the next start. */
  async close(): Promise<void> {
    for (const { worker } of this.working.values()) worker.stop();
    await Promise.all([...this.working.values()].map(({ work }) => work));
  }

  private take(run: BillRun): void {
    if (run.state === 'DONE' || this.working.has(run.id)) return;
    const worker = new BillRunWorker(this.deps);
    const work = worker.work(run).catch(async (error: Error) => {
      this.deps.failed(run, error);
      // Where the database itself is away there is nothing to write it down in.
      await finishRun(this.deps.pool, run.id, new Date(), 'Work on the run stopped; start it again with its key.').catch(() => undefined);
    }).finally(() => this.working.delete(run.id));
    this.working.set(run.id, { worker, work });
  }

  private async known({ tenantId, subject }: Actor, key: string, hash: Buffer): Promise<BillRun | null> {
    const { rows: [row] } = await this.deps.pool.query<KeyedRun>(SELECT_RUN_BY_KEY, [tenantId, subject, key]);
    if (!row) return null;
    if (!row.body_hash.equals(hash)) refuse('IDEMPOTENCY_KEY_REUSED', 'This idempotency key was used before with another input; use a new key for a new request.', ['idempotencyKey']);
    return keyedRunOf(row);
  }

  /** Null where another call with the key came first. */
  private async create(actor: Actor, cycleEnd: LocalDate, key: string, hash: Buffer): Promise<BillRun | null> {
    try {
      return await changeAudited(this.deps.data, actor, 'billRunStart', { type: OBJECT_TYPE, id: '' }, async (change) => {
        const at = await this.checked(change, actor.tenantId, cycleEnd, key);
        const { rows: [made] } = await change.client.query<{ id: string }>(INSERT_RUN, [actor.tenantId, cycleEnd, actor.subject, key, hash, at]);
        if (!made) throw new StartedBefore();
        await change.client.query(INSERT_PARTS, [made.id, PARTS]);
        const run: BillRun = { id: BigInt(made.id), tenantId: actor.tenantId, cycleEnd, state: 'RUNNING', failure: null, startedAt: at, finishedAt: null };
        return { result: run, audit: { objectType: OBJECT_TYPE, objectId: made.id, after: { validUntil: cycleEnd } } };
      });
    } catch (error) {
      if (error instanceof StartedBefore) return null;
      throw error;
    }
  }

  private async checked({ client }: Change, tenantId: number, cycleEnd: LocalDate, key: string): Promise<Date> {
    checkMoveKey(key);
    if (epochDayOf(cycleEnd) === null) refuse('INVALID_INPUT', 'There is no such day.', ['cycleEnd']);
    const now = await businessNow(client, tenantId);
    const { timeZone } = await this.deps.tenants.require(tenantId);
    const today = dateOfEpochDay(localParts(timeZone, now.getTime()).epochDay);
    if (cycleEnd > today) refuse('INVALID_INPUT', 'The bill periods that end on this day are not over yet.', ['cycleEnd']);
    return now;
  }
}

/** Ends the change where the run is there already, so that a repeat leaves no second audit row. */
class StartedBefore extends Error {}
