import type { Pool, PoolClient } from 'pg';
import { SetupCache } from '../../guiding';
import { doublingDelay, pause, spread } from '../../platform/async';
import { Statement } from '../../platform/db';
import { RootRef } from '../../platform/root';
import { FactsCache } from '../work/facts';
import { RootState } from '../work/root-state';
import { decideBatch } from './batch-decide';
import { LockMode, readBatch, sendAll } from './batch-read';
import { writesOf } from './batch-write';
import { endSilent, LANE_PATIENCE } from './connection';
import { DeadlineExceeded, Fault, faultOf, Overloaded } from './faults';
import { Item } from './item';
import { answerLate, dropLate, lastDeadline, rootsOf, sameRoots, takeBatch } from './waiting';

/** What a lane needs from outside. */
export interface LaneDeps {
  /** Hot connections: one a lane, and one aside for roots that somebody else keeps locked. */
  readonly pool: Pool;
  readonly setups: SetupCache;
  readonly facts: FactsCache;
  readonly batchMax: number;
  readonly queueMax: number;
  /** Called after a COMMIT that changed roots; must not throw. */
  readonly committed: (roots: readonly RootState[]) => void;
  /** Ends a back end whose connection is in doubt: a black-holed one still holds its locks. */
  readonly endBackend: (processId: number) => Promise<void>;
  readonly observe: (batch: { readonly size: number; readonly waitMs: number; readonly ms: number }) => void;
}

const PASSES = 3;
const ATTEMPTS = 5;
const COMMIT: Statement = { name: 'commit', text: 'commit', values: [] };

/**
 * One lane: a queue, and one connection that takes it batch by batch. While a batch is under way the next one gathers.
 * Items of one root keep their order, because a root has one lane.
 */
export class Lane {
  private queue: Item[] = [];
  private queuedAt = 0;
  private running: Promise<void> | null = null;
  /** Items whose roots stay locked by somebody else, and the one batch of them that waits for its lock. */
  private locked: Item[] = [];
  private waitedFor: string | null = null;
  private aside: Promise<void> | null = null;

  constructor(private readonly deps: LaneDeps) {}

  get length(): number {
    return this.queue.length + this.locked.length;
  }

  /** @throws Overloaded where the queue is full: nothing was taken in. */
  push(items: readonly Item[]): void {
    if (this.length + items.length > this.deps.queueMax) throw new Overloaded('The charging queue is full.');
    if (this.queue.length === 0) this.queuedAt = performance.now();
    for (const item of items) this.queue.push(item);
    this.wake();
  }

  /** Resolves when everything that was taken in is answered. */
  async drained(): Promise<void> {
    while (this.running || this.aside) await Promise.all([this.running, this.aside]);
  }

  private wake(): void {
    if (this.running) return;
    // A turn of the event loop lets everything that arrived together travel in one batch.
    this.running = new Promise<void>((resolve) => setImmediate(resolve))
      .then(() => this.loop())
      .finally(() => {
        this.running = null;
        if (this.queue.length > 0) this.wake();
      });
  }

  private async loop(): Promise<void> {
    while (this.queue.length > 0) {
      const waitMs = performance.now() - this.queuedAt;
      const items = this.take();
      this.queuedAt = performance.now();
      if (items.length === 0) continue;
      const left = await this.conduct(items, 'SKIP', waitMs);
      this.putBack(left);
      if (left.length === items.length) await pause(2);
    }
  }

  private take(): Item[] {
    const { taken, rest } = takeBatch(dropLate(this.queue), this.deps.batchMax);
    this.queue = rest;
    return taken;
  }

  private putBack(left: readonly Item[]): void {
    const again: Item[] = [];
    for (const item of left) (item.passes >= PASSES || rootsOf(item) === this.waitedFor ? this.locked : again).push(item);
    this.queue = [...again, ...this.queue];
    this.lookAside();
  }

  /**
   * A root that stays locked by somebody else is waited for on a connection of its own, so that its neighbours go on: one
   * root at a time, because a second wait would take the connection that the lane works with.
   */
  private lookAside(): void {
    if (this.aside || this.locked.length === 0) return;
    const { same, others } = sameRoots(this.locked);
    const { taken, rest } = takeBatch(same, this.deps.batchMax);
    this.locked = [...others, ...rest];
    this.waitedFor = rootsOf(taken[0]!);
    this.aside = this.conduct(taken, 'WAIT', 0).then((left) => {
      this.aside = null;
      this.waitedFor = null;
      this.putBack(left);
      if (this.queue.length > 0) this.wake();
    });
  }

  /** Nobody is answered later than his deadline, whatever a batch is waiting for. */
  private watch(items: readonly Item[]): NodeJS.Timeout {
    return setInterval(() => {
      answerLate(items);
      this.queue = dropLate(this.queue);
      this.locked = dropLate(this.locked);
    }, LANE_PATIENCE.lookMs);
  }

  /** Runs a batch until it is decided one way or the other; gives back what must go again. */
  private async conduct(items: readonly Item[], mode: LockMode, waitMs: number): Promise<Item[]> {
    const watch = this.watch(items);
    try {
      return await this.conducted(items, mode, waitMs);
    } finally {
      clearInterval(watch);
    }
  }

  private async conducted(items: readonly Item[], mode: LockMode, waitMs: number): Promise<Item[]> {
    for (let attempt = 0; ; attempt++) {
      const startedAt = performance.now();
      const run = await this.attempt(items, mode);
      if (run.ok) {
        this.deps.observe({ size: items.length, waitMs, ms: performance.now() - startedAt });
        return run.left;
      }
      const next = await this.afterFault(items, run.fault, run.error, attempt, mode);
      if (next) return next;
    }
  }

  /** Null: try the same batch again. Otherwise what is left of it. */
  private async afterFault(items: readonly Item[], fault: Fault, error: Error, attempt: number, mode: LockMode): Promise<Item[] | null> {
    const alive = dropLate(items);
    if (alive.length === 0) return [];
    if (fault === 'LOST' || fault === 'RESOURCES') {
      await pause(doublingDelay(attempt, 20));
      return alive.length < items.length || attempt >= ATTEMPTS ? alive : null;
    }
    // The lock did not come: the next root that is waited for has its turn, then this one again.
    if (fault === 'RETRY' && mode === 'WAIT') return alive;
    if ((fault === 'RETRY' || fault === 'TWIN') && attempt < ATTEMPTS) {
      await pause(spread(5 * (attempt + 1)));
      return null;
    }
    if (items.length > 1) return this.halve(items, mode);
    items[0]!.reject(fault === 'RETRY' ? new DeadlineExceeded('The database was too busy with it.') : error);
    return [];
  }

  private async halve(items: readonly Item[], mode: LockMode): Promise<Item[]> {
    const half = items.length >> 1;
    const first = await this.conduct(items.slice(0, half), mode, 0);
    return [...first, ...(await this.conduct(items.slice(half), mode, 0))];
  }

  private async attempt(
    items: readonly Item[], mode: LockMode,
  ): Promise<{ readonly ok: true; readonly left: Item[] } | { readonly ok: false; readonly fault: Fault; readonly error: Error }> {
    let client: PoolClient | null = null;
    let commitSent = false;
    let broken = true;
    try {
      const facts = await this.deps.facts.ensure(items[0]!.tenantId);
      client = await this.deps.pool.connect();
      const deadline = lastDeadline(items);
      const read = await endSilent(client, deadline, readBatch(client, items, this.deps.setups, mode, facts.recordSources));
      if (BigInt(read.tenant.catalog_version) !== facts.catalogVersion) {
        await client.query('rollback');
        broken = false;
        await this.deps.facts.reload(items[0]!.tenantId);
        return { ok: true, left: [...items] };
      }
      const decided = decideBatch(items, read, facts);
      commitSent = true;
      await endSilent(client, deadline, sendAll(client, [...writesOf(decided.work, read.tenant), COMMIT]));
      broken = false;
      this.afterCommit(decided.work.roots);
      for (const answer of decided.answers) answer();
      if (read.stale.length > 0) await this.refresh(read.stale);
      const stale = new Set(read.stale.map((root) => root.rootId));
      for (const item of decided.left) if (!item.roots.some((root) => stale.has(root.rootId))) item.passes++;
      return { ok: true, left: [...decided.left] };
    } catch (error) {
      const fault = faultOf(error);
      if (client && fault !== 'LOST') broken = !(await rolledBack(client));
      if (client && fault === 'LOST') await this.endInDoubt(client, items, commitSent);
      return { ok: false, fault, error: error as Error };
    } finally {
      client?.release(broken);
    }
  }

  private async endInDoubt(client: PoolClient, items: readonly Item[], commitSent: boolean): Promise<void> {
    const { processID } = client as PoolClient & { processID?: number | null };
    if (commitSent) for (const item of items) item.inDoubt = true;
    // Where the way to the database is gone the end is not waited for: the keys alone keep the re-drive from applying twice.
    if (processID) await Promise.race([this.deps.endBackend(processID), pause(LANE_PATIENCE.rescueMs)]);
  }

  private afterCommit(roots: ReadonlyMap<bigint, RootState>): void {
    const touched = [...roots.values()].filter((root) => root.isTouched);
    for (const root of touched) if (root.hasNewSetup) this.deps.setups.forget(root.rootId);
    if (touched.length > 0) this.deps.committed(touched);
  }

  private async refresh(stale: readonly RootRef[]): Promise<void> {
    for (const root of stale) this.deps.setups.forget(root.rootId);
    await this.deps.setups.ensure(stale);
  }
}

async function rolledBack(client: PoolClient): Promise<boolean> {
  try {
    await client.query('rollback');
    return true;
  } catch {
    // The connection is destroyed by its release; its transaction ends with it.
    return false;
  }
}
