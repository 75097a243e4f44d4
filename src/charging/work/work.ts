import { Bucket, chartAccountOf } from '../../balance';
import { EntryKind, EntryRow } from '../../ledger';
import { isoInstant, Statement } from '../../platform/db';
import { RowWriter } from '../settle.types';
import { ChargeRow, CounterState, QuarantineRow, RequestRow } from '../charge.types';
import { CounterRecord, SettledKey } from '../sql/batch.sql';
import { TenantFacts } from './facts';
import type { OnlineUse } from './online-use';
import { RootState } from './root-state';

/** One move of a bucket: positive amounts add. */
export interface BucketMove {
  readonly kind: EntryKind;
  readonly amount: bigint;
  readonly contra: string;
  readonly tax?: bigint;
  readonly taxCode?: string | null;
  /** Chart account of the bucket's side, where it is not that of its kind. */
  readonly account?: string;
}

/**
 * A batch in memory: the locked roots, the time, and everything that its decisions want written. Decisions compute first
 * and then call the methods here, which cannot fail; so an expected refusal never leaves half a decision behind.
 */
export class Work {
  readonly roots = new Map<bigint, RootState>();
  readonly charges: ChargeRow[] = [];
  readonly entries: EntryRow[] = [];
  readonly requests: RequestRow[] = [];
  readonly quarantine: QuarantineRow[] = [];
  readonly settled: SettledKey[] = [];
  readonly counters = new Map<string, CounterState>();
  readonly changedCounters = new Set<CounterState>();
  /** What was charged online under the charging ids of the batch's records. */
  online = new Map<string, OnlineUse>();
  private readonly asideKeys = new Set<string>();
  /** Rows of tables that settle rooms own, by who writes them. */
  readonly rows = new Map<RowWriter, unknown[]>();
  /** Statements of single decisions (a voucher used, an identifier assigned), after the set-based ones. */
  readonly extra: Statement[] = [];
  /** What other rooms add, after everything else: their rows may be shared with other roots, so they are locked last. */
  readonly last: Statement[] = [];

  constructor(
    private readonly clocks: ReadonlyMap<number, number>,
    private readonly facts: ReadonlyMap<number, TenantFacts>,
  ) {}

  /** Business time of the tenant: one instant for the whole batch, read after the locks. */
  now(tenantId: number): number {
    const now = this.clocks.get(tenantId);
    if (now === undefined) throw new Error(`Tenant ${tenantId} has no clock in this batch.`);
    return now;
  }

  factsOf(tenantId: number): TenantFacts {
    const facts = this.facts.get(tenantId);
    if (!facts) throw new Error(`Tenant ${tenantId} has no facts in this batch.`);
    return facts;
  }

  root(rootId: bigint): RootState {
    const root = this.roots.get(rootId);
    if (!root) throw new Error('A root that the batch did not lock was asked for.');
    return root;
  }

  /** Puts a usage aside, once a batch: a statement may not touch one row twice. */
  putAside(row: QuarantineRow): void {
    const key = `${row.source}\n${row.eventId}\n${row.bodyHash.toString('hex')}`;
    if (this.asideKeys.has(key)) return;
    this.asideKeys.add(key);
    this.quarantine.push(row);
  }

  /** Moves a bucket and writes its entry; the only way a value changes. */
  move(bucket: Bucket, root: RootState, position: bigint, move: BucketMove): void {
    bucket.value += move.amount;
    bucket.version += 1n;
    bucket.overused = bucket.creditLimit !== null && bucket.value - bucket.reserved < -bucket.creditLimit;
    root.moved.add(bucket);
    this.entries.push({
      shard: root.shard, rootId: root.rootId, bucketId: bucket.id, version: bucket.version, position,
      tenantId: bucket.tenantId, kind: move.kind, amount: move.amount, balanceAfter: bucket.value, asset: bucket.asset,
      account: move.account ?? chartAccountOf(bucket.kind), contra: move.contra, tax: move.tax ?? 0n, taxCode: move.taxCode ?? null,
    });
  }

  /** Has a row written in the batch's transaction, with all others of its writer. */
  write<R>(writer: RowWriter<R>, row: R): void {
    const rows = this.rows.get(writer as RowWriter);
    if (rows) rows.push(row);
    else this.rows.set(writer as RowWriter, [row]);
  }

  /** Takes in counters as read. */
  fillCounters(rows: readonly CounterRecord[]): void {
    for (const row of rows) {
      const [rootId, ownerId] = [BigInt(row.root_id), BigInt(row.owner_id)];
      this.counters.set(counterName(rootId, ownerId, row.key, row.period_start), {
        shard: row.shard, rootId, ownerId, key: row.key, periodStart: row.period_start, tenantId: row.tenant_id,
        amount: BigInt(row.amount), quantity: BigInt(row.quantity), events: BigInt(row.events),
      });
    }
  }

  /** A counter as it stands in this batch; else as `stored`, from zero where there is none yet. */
  counter(
    root: RootState, ownerId: bigint, key: string, periodStart: number,
    stored: Pick<CounterState, 'amount' | 'quantity' | 'events'> = { amount: 0n, quantity: 0n, events: 0n },
  ): CounterState {
    const name = counterName(root.rootId, ownerId, key, periodStart);
    let counter = this.counters.get(name);
    if (!counter) {
      counter = {
        shard: root.shard, rootId: root.rootId, ownerId, key, periodStart, tenantId: root.setup.tenantId, ...stored,
      };
      this.counters.set(name, counter);
    }
    return counter;
  }

  count(counter: CounterState, add: { readonly amount: bigint; readonly quantity: bigint; readonly events: bigint }): void {
    counter.amount += add.amount;
    counter.quantity += add.quantity;
    counter.events += add.events;
    this.changedCounters.add(counter);
  }

  /** The batch's booking time as text: that of the tenant. All items of a batch are of one tenant. */
  bookedAt(tenantId: number): string {
    return isoInstant(this.now(tenantId));
  }
}

const counterName = (rootId: bigint, ownerId: bigint, key: string, periodStart: number): string =>
  `${rootId}/${ownerId}/${key}/${periodStart}`;
