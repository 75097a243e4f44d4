/**
 * Gathers what is asked for while a reading is under way into the next reading: many askers, few trips, none twice. One
 * reading runs at a time; a failed one fails its own askers only.
 */
export class Gathered<K, V> {
  private waiting = new Map<K, Ask<V>>();
  private isRunning = false;

  /** @param read answers as many of the keys as exist, at most `max` at once. */
  constructor(private readonly read: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>, private readonly max: number) {}

  /** The value of a key; undefined where the reading found none. */
  ask(key: K): Promise<V | undefined> {
    let ask = this.waiting.get(key);
    if (!ask) {
      ask = newAsk<V>();
      this.waiting.set(key, ask);
      if (!this.isRunning) void this.run();
    }
    return ask.answer;
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    // What is asked in the same turn of the event loop belongs to the first reading too.
    await new Promise((resolve) => { setImmediate(resolve); });
    while (this.waiting.size > 0) await this.readNext();
    this.isRunning = false;
  }

  private async readNext(): Promise<void> {
    const asks = [...this.waiting].slice(0, this.max);
    for (const [key] of asks) this.waiting.delete(key);
    try {
      const found = await this.read(asks.map(([key]) => key));
      for (const [key, ask] of asks) ask.resolve(found.get(key));
    } catch (error) {
      for (const [, ask] of asks) ask.reject(error);
    }
  }
}

interface Ask<V> {
  readonly answer: Promise<V | undefined>;
  readonly resolve: (value: V | undefined) => void;
  readonly reject: (error: unknown) => void;
}

function newAsk<V>(): Ask<V> {
  let settle: Pick<Ask<V>, 'resolve' | 'reject'> | undefined;
  const answer = new Promise<V | undefined>((resolve, reject) => { settle = { resolve, reject }; });
  return { answer, ...settle! };
}
