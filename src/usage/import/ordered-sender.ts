/** Something to send that belongs to a lane: what has the same key is sent in order. */
export interface Keyed {
  readonly key: string;
}

interface SendLane<T> {
  waiting: T[];
  running: Promise<void> | null;
}

const LANES = 4;

/**
 * Sends items in chunks, up to four at once, and those of one key (a subscriber) always in order: which call an allowance
 * pays for depends on it. At most four chunks wait beside those under way; then `add` waits, and with it the reading.
 */
export class OrderedSender<T extends Keyed> {
  private readonly lanes: readonly SendLane<T>[] = Array.from({ length: LANES }, () => ({ waiting: [], running: null }));
  private outstanding = 0;
  private failure: { readonly error: unknown } | null = null;

  constructor(private readonly chunk: number, private readonly send: (items: readonly T[]) => Promise<void>) {}

  /** Takes an item in. @throws what a chunk failed with. */
  async add(item: T): Promise<void> {
    const lane = this.lanes[laneOf(item.key)];
    lane.waiting.push(item);
    this.outstanding += 1;
    if (lane.waiting.length >= this.chunk) this.start(lane);
    while (this.outstanding >= 2 * LANES * this.chunk) await this.progress();
    this.raise();
  }

  /** Resolves when everything that was taken in is done. @throws what a chunk failed with. */
  async drain(): Promise<void> {
    while (this.outstanding > 0 && !this.failure) await this.progress();
    await Promise.all(this.lanes.map((lane) => lane.running));
    this.raise();
  }

  private async progress(): Promise<void> {
    for (const lane of this.lanes) this.start(lane);
    await Promise.race(this.lanes.map((lane) => lane.running).filter((running) => running !== null));
    this.raise();
  }

  private start(lane: SendLane<T>): void {
    if (lane.running || lane.waiting.length === 0 || this.failure) return;
    const items = lane.waiting.splice(0, this.chunk);
    lane.running = this.send(items).then(() => {
      this.outstanding -= items.length;
    }, (error: unknown) => {
      this.failure ??= { error };
    }).finally(() => {
      lane.running = null;
      if (lane.waiting.length >= this.chunk) this.start(lane);
    });
  }

  private raise(): void {
    if (this.failure) throw this.failure.error;
  }
}

/** A small hash of the key's text: spreads subscribers over the lanes. */
function laneOf(key: string): number {
  let hash = 0;
  for (let index = 0; index < key.length; index += 1) hash = (hash * 31 + key.charCodeAt(index)) | 0;
  return (hash >>> 0) % LANES;
}
