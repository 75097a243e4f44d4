import type { Pool } from 'pg';
import type { Logger } from '../platform/observe';
import { describeError } from '../platform/observe';
import type { RootRef } from '../platform/root';
import { isConnectionFault } from './connection-fault';
import { decodeSignals } from './root-signals';
import { Outbox } from './outbox';
import { SignalLine } from './signal-line';

/** A root as a COMMIT left it. */
export interface ChangedRoot extends RootRef {
  readonly position: bigint;
  readonly setupVersion: bigint;
}

/** One reader's interest in a root. */
export interface Watch {
  /** The newest position and set-up version that this node heard of; -1 before it heard of any. */
  readonly position: bigint;
  readonly setupVersion: bigint;
  close(): void;
}

interface Topic extends RootRef {
  position: bigint;
  setupVersion: bigint;
  readonly readers: Set<() => void>;
}

interface PositionRow { readonly root_id: string; readonly position: string; readonly setup_version: string }

const COMPARE_MS = 1_000;
const ROOTS_A_QUERY = 10_000;

const POSITIONS = `
select b.root_id, b.position, b.setup_version
  from unnest($1::smallint[], $2::bigint[]) x(shard, root_id)
  join bucket b on b.shard = x.shard and b.root_id = x.root_id and b.id = 0`;

/**
 * Who watches which root, and what this node heard of it. A change made here rings at once; one made elsewhere rings by
 * the other node's signal, and where that was lost by the comparison of positions once a second.
 */
export class LiveHub {
  private readonly topics = new Map<bigint, Topic>();
  private timer: NodeJS.Timeout | null = null;
  private comparing: Promise<void> | null = null;
  private again = false;

  constructor(
    private readonly pool: Pool, private readonly outbox: Outbox, private readonly line: SignalLine, private readonly log: Logger,
  ) {
    line.onMessage((payload) => this.hear(payload));
    line.onOpen(() => this.compare());
  }

  start(): void {
    this.line.start();
    this.timer = setInterval(() => this.compare(), COMPARE_MS).unref();
  }

  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    this.outbox.stop();
    await Promise.all([this.line.stop(), this.comparing]);
  }

  /** Readers of all roots now: zero when every subscription ended. */
  get readers(): number {
    let sum = 0;
    for (const topic of this.topics.values()) sum += topic.readers.size;
    return sum;
  }

  /** Called after a COMMIT: costs a look-up a root, never waits, never throws. An arrow, because it is handed on. */
  readonly committed = (roots: readonly ChangedRoot[]): void => {
    for (const { rootId, position, setupVersion } of roots) {
      this.advance(rootId, position, setupVersion);
      this.outbox.add(rootId, position);
    }
  };

  /** Registers before the reader takes its first snapshot, so that nothing falls between the two. */
  watch({ shard, rootId }: RootRef, ring: () => void): Watch {
    let topic = this.topics.get(rootId);
    if (!topic) this.topics.set(rootId, topic = { shard, rootId, position: -1n, setupVersion: -1n, readers: new Set() });
    const watched = topic;
    watched.readers.add(ring);
    return {
      get position() { return watched.position; },
      get setupVersion() { return watched.setupVersion; },
      close: () => {
        watched.readers.delete(ring);
        if (watched.readers.size === 0 && this.topics.get(rootId) === watched) this.topics.delete(rootId);
      },
    };
  }

  private hear(payload: string): void {
    // Under load every message comes back to its own sender, so these are dropped unread.
    if (payload.startsWith(this.outbox.nodeId)) return;
    const signals = decodeSignals(payload);
    if (!signals) return;
    if (signals.roots === 'ALL') return this.compare();
    for (const { rootId, position } of signals.roots) this.advance(rootId, position, null);
  }

  private advance(rootId: bigint, position: bigint, setupVersion: bigint | null): void {
    const topic = this.topics.get(rootId);
    if (!topic) return;
    const isNews = position > topic.position || (setupVersion !== null && setupVersion > topic.setupVersion);
    if (!isNews) return;
    if (position > topic.position) topic.position = position;
    if (setupVersion !== null && setupVersion > topic.setupVersion) topic.setupVersion = setupVersion;
    for (const ring of topic.readers) ring();
  }

  /** Asks the database where the watched roots stand; asked meanwhile again, it does so once more after that. */
  private compare(): void {
    this.again = true;
    this.comparing ??= this.compareAll().finally(() => { this.comparing = null; });
  }

  private async compareAll(): Promise<void> {
    while (this.again) {
      this.again = false;
      const topics = [...this.topics.values()];
      try {
        for (let from = 0; from < topics.length; from += ROOTS_A_QUERY) await this.compareSome(topics.slice(from, from + ROOTS_A_QUERY));
      } catch (error) {
        // The next round, at the latest in a second, looks again.
        if (!isConnectionFault(error)) this.log.error({ err: describeError(error) }, 'the positions of watched roots could not be read');
      }
    }
  }

  private async compareSome(topics: readonly Topic[]): Promise<void> {
    const { rows } = await this.pool.query<PositionRow>(POSITIONS,
      [topics.map(({ shard }) => shard), topics.map(({ rootId }) => rootId.toString())]);
    for (const row of rows) this.advance(BigInt(row.root_id), BigInt(row.position), BigInt(row.setup_version));
  }
}
