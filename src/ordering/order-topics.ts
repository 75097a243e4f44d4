import type { Pool } from 'pg';
import { isConnectionFault } from '../live';
import { Order, OrderRef } from './order.types';

/** One reader's interest in an order. */
export interface OrderWatch {
  /** The newest version that this node heard of; 0 before it heard of any. */
  readonly version: number;
  close(): void;
}

interface Topic extends OrderRef {
  version: number;
  readonly readers: Set<() => void>;
}

const COMPARE_MS = 1_000;
const VERSIONS = `select o.id::text, o.version from unnest($1::smallint[], $2::bigint[]) x(shard, id)
  join product_order o on o.shard = x.shard and o.id = x.id`;

/**
 * Who watches which order. A step taken here rings at once; one taken by another node is found by comparing versions once
 * a second, in one reading for all that are watched.
 */
export class OrderTopics {
  private readonly topics = new Map<bigint, Topic>();
  private timer: NodeJS.Timeout | null = null;
  private comparing: Promise<void> | null = null;

  constructor(private readonly pool: Pool, private readonly failed: (error: Error) => void) {}

  changed({ id, version }: Pick<Order, 'id' | 'version'>): void {
    const topic = this.topics.get(id);
    if (!topic || version <= topic.version) return;
    topic.version = version;
    for (const ring of topic.readers) ring();
  }

  /** Registers before the reader takes its first snapshot, so that nothing falls between the two. */
  watch({ shard, id }: OrderRef, ring: () => void): OrderWatch {
    let topic = this.topics.get(id);
    if (!topic) this.topics.set(id, topic = { shard, id, version: 0, readers: new Set() });
    const watched = topic;
    watched.readers.add(ring);
    this.timer ??= setInterval(() => this.compare(), COMPARE_MS).unref();
    return {
      get version() { return watched.version; },
      close: () => {
        watched.readers.delete(ring);
        if (watched.readers.size === 0 && this.topics.get(id) === watched) this.topics.delete(id);
        if (this.topics.size === 0 && this.timer) {
          clearInterval(this.timer);
          this.timer = null;
        }
      },
    };
  }

  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    await this.comparing;
  }

  private compare(): void {
    this.comparing ??= this.compareAll().finally(() => { this.comparing = null; });
  }

  private async compareAll(): Promise<void> {
    const topics = [...this.topics.values()];
    try {
      const { rows } = await this.pool.query<{ id: string; version: number }>(VERSIONS, [topics.map(({ shard }) => shard), topics.map(({ id }) => id.toString())]);
      for (const row of rows) this.changed({ id: BigInt(row.id), version: row.version });
    } catch (error) {
      // The next round looks again.
      if (!isConnectionFault(error)) this.failed(error as Error);
    }
  }
}

