import type { PoolClient, QueryResult } from 'pg';
import { bucketOf, BucketRecord, lockRoots, NOTHING_ENDED, RootRecord, RootSince, selectOtherBuckets } from '../../balance';
import { RootSetup, SetupCache } from '../../guiding';
import { byPlace, Statement } from '../../platform/db';
import { RootRef } from '../../platform/root';
import {
  CounterRecord, selectCharges, selectCounters, selectRequests, selectTenant, StoredCharge, StoredRequest, TenantRecord,
} from '../sql/batch.sql';
import { ChargingIdKey, OnlineRecord, selectOnline, selectRecords, StoredRecord } from '../sql/record.sql';
import { RootState } from '../work/root-state';
import { counterKeysOf } from './counter-keys';
import { Item, MoveItem, UsageItem } from './item';

/** What was read for a batch, under its locks. */
export interface BatchRead {
  readonly locked: ReadonlyMap<bigint, RootState>;
  /** Roots whose setup in memory is older than the database's. */
  readonly stale: readonly RootRef[];
  readonly tenant: TenantRecord;
  readonly charges: ReadonlyMap<Item, StoredCharge>;
  readonly requests: ReadonlyMap<Item, StoredRequest>;
  /** Records that were compared before. */
  readonly records: ReadonlyMap<Item, StoredRecord>;
  readonly online: readonly OnlineRecord[];
  readonly counters: readonly CounterRecord[];
  /** Rows of the moves' own reads, one list a statement. */
  readonly rows: ReadonlyMap<Item, readonly (readonly Record<string, unknown>[])[]>;
}

export type LockMode = 'SKIP' | 'WAIT';

/** One trip: begin, lock, and everything that is read under the lock. Each statement has a snapshot of its own. */
export async function readBatch(
  client: PoolClient, items: readonly Item[], setups: SetupCache, mode: LockMode, recordSources: ReadonlySet<string>,
): Promise<BatchRead> {
  const roots = sortedRoots(items);
  const known = roots.map((root) => setups.get(root.rootId)).filter((setup): setup is RootSetup => setup !== undefined);
  const usages = items.filter((item): item is UsageItem => item.kind === 'USAGE');
  const moves = items.filter((item): item is MoveItem => item.kind === 'MOVE');
  const counterKeys = counterKeysOf(usages, setups);
  // What a source of records sent may have been compared before, whatever it is sent as now.
  const recorded = usages.filter(({ event }) => event.isRecord || recordSources.has(event.source));
  const chargingIds = chargingIdsOf(recorded);
  const others = known.some((setup) => setup.hasOtherBuckets) || known.length < roots.length;
  const statements: (Statement | null)[] = [
    selectTenant(items[0]!.tenantId),
    usages.length > 0 ? selectCharges(usages.map(usageKeyOf)) : null,
    moves.length > 0 ? selectRequests(moves.map(moveKeyOf)) : null,
    counterKeys.length > 0 ? selectCounters(counterKeys) : null,
    recorded.length > 0 ? selectRecords(recorded.map(usageKeyOf)) : null,
    chargingIds.length > 0 ? selectOnline(chargingIds) : null,
    ...moves.flatMap((item) => item.move.reads),
  ];
  const placed = byPlace(roots, (root) => root.shard);
  const locking = [{ name: 'begin', text: 'begin', values: [] }, ...placed.map((some) => lockRoots(some, mode))];
  const buckets = others ? placed.map(selectOtherBuckets) : [];
  const results = await sendAll(client, [...locking, ...buckets, ...statements]);
  const rowsOf = <T>(from: number, many: number): T[] => results.slice(from, from + many).flatMap((result) => result!.rows as T[]);
  const [tenants, charges, requests, counters, records, online, ...rows] = results.slice(locking.length + buckets.length);
  const states = rootStates(rowsOf<RootRecord>(1, placed.length), rowsOf<BucketRecord>(locking.length, buckets.length), setups);
  return {
    ...states, tenant: tenants!.rows[0] as TenantRecord,
    charges: byOrdinal(usages, (charges?.rows ?? []) as StoredCharge[]),
    requests: byOrdinal(moves, (requests?.rows ?? []) as StoredRequest[]),
    counters: (counters?.rows ?? []) as CounterRecord[],
    records: byOrdinal(recorded, (records?.rows ?? []) as StoredRecord[]),
    online: (online?.rows ?? []) as OnlineRecord[],
    rows: ownRows(moves, rows.map((result) => result!.rows as Record<string, unknown>[])),
  };
}

/** The rows of each move, cut from those of all moves in their order. */
function ownRows(moves: readonly MoveItem[], rows: readonly Record<string, unknown>[][]): BatchRead['rows'] {
  const own = new Map<Item, readonly (readonly Record<string, unknown>[])[]>();
  let from = 0;
  for (const item of moves) {
    const { length } = item.move.reads;
    if (length > 0) own.set(item, rows.slice(from, from + length));
    from += length;
  }
  return own;
}

/** Sends the statements without waiting for each other; the first error that is not a consequence of another is thrown. */
export async function sendAll(client: PoolClient, statements: readonly (Statement | null)[]): Promise<(QueryResult | null)[]> {
  const sent = statements.map((statement) => (statement ? client.query(statement as { name: string; text: string; values: unknown[] }) : null));
  const settled = await Promise.allSettled(sent);
  const errors = settled.filter((result): result is PromiseRejectedResult => result.status === 'rejected').map((result) => result.reason as Error);
  if (errors.length > 0) throw errors.find((error) => (error as { code?: string }).code !== '25P02') ?? errors[0]!;
  return settled.map((result) => (result as PromiseFulfilledResult<QueryResult | null>).value);
}

/** In the order in which they are locked, each with the earliest instant that its items look back to. */
function sortedRoots(items: readonly Item[]): RootSince[] {
  const roots = new Map<bigint, RootSince>();
  for (const item of items) {
    const since = sinceOf(item);
    for (const root of item.roots) {
      const known = roots.get(root.rootId);
      if (!known) roots.set(root.rootId, { ...root, since });
      else if (known.since !== null && (since === null || since < known.since)) roots.set(root.rootId, { ...root, since });
    }
  }
  return [...roots.values()].sort((a, b) => a.shard - b.shard || (a.rootId < b.rootId ? -1 : 1));
}

/** A usage may take what was valid at its time; what looks at old charges may need any bucket; all else none that ended. */
function sinceOf(item: Item): number | null {
  if (item.kind === 'USAGE') return item.event.startedAt;
  return item.kind === 'MOVE' && LOOKS_BACK.has(item.move.operation) ? null : NOTHING_ENDED;
}

const LOOKS_BACK: ReadonlySet<string> = new Set(['REFUND', 'ADJUST', 'CHANGE_OFFERING', 'SUSPEND', 'CREDIT_FEE']);

const usageKeyOf = (item: UsageItem): Parameters<typeof selectCharges>[0][number] => ({
  shard: item.roots[0]!.shard, rootId: item.roots[0]!.rootId, tenantId: item.tenantId, source: item.event.source, usageId: item.event.usageId,
});

/** The charging ids of the records among them, each once. */
function chargingIdsOf(items: readonly UsageItem[]): ChargingIdKey[] {
  const found = new Map<string, ChargingIdKey>();
  for (const { event: { isRecord, chargingId }, roots } of items) {
    if (isRecord && chargingId !== undefined) found.set(`${roots[0]!.rootId}\n${chargingId}`, { ...roots[0]!, chargingId });
  }
  return [...found.values()];
}

const moveKeyOf = ({ move, tenantId }: MoveItem): Parameters<typeof selectRequests>[0][number] => ({
  ...move.home, tenantId, operation: move.operation, caller: move.key.caller, key: move.key.key,
});

function byOrdinal<T extends { readonly ordinal: string }>(items: readonly Item[], rows: readonly T[]): ReadonlyMap<Item, T> {
  return new Map(rows.map((row) => [items[+row.ordinal - 1]!, row]));
}

function rootStates(
  locks: readonly RootRecord[], others: readonly BucketRecord[], setups: SetupCache,
): Pick<BatchRead, 'locked' | 'stale'> {
  const locked = new Map<bigint, RootState>();
  const stale: RootRef[] = [];
  for (const row of locks) {
    const rootId = BigInt(row.root_id);
    const setup = setups.get(rootId);
    if (!setup || setup.version !== BigInt(row.setup_version)) stale.push({ shard: row.shard, rootId });
    else {
      locked.set(rootId, new RootState(setup, bucketOf(row), {
        position: BigInt(row.position), nextBucketId: row.next_bucket_id, openPeriod: row.open_period,
      }));
    }
  }
  for (const row of others) {
    const bucket = bucketOf(row);
    locked.get(bucket.rootId)?.buckets.set(bucket.id, bucket);
  }
  return { locked, stale };
}

