interface Asked<V> {
  readonly promise: Promise<V>;
  readonly resolve: (value: V) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Readings shared by everybody who asks at the same time: one batch is under way, and all who ask meanwhile get the next
 * one. So a reading always began after it was asked for, and a key is read once a batch, however many wait for it.
 */
export class SharedReads<V> {
  private asked = new Map<string, Asked<V>>();
  private running = false;

  /**
   * @param readMany the values of the keys, in their order.
   * @param batchMax keys of one batch.
   */
  constructor(private readonly readMany: (keys: readonly string[]) => Promise<readonly V[]>, private readonly batchMax: number) {}

  read(key: string): Promise<V> {
    const known = this.asked.get(key);
    if (known) return known.promise;
    const { promise, resolve, reject } = deferred<V>();
    this.asked.set(key, { promise, resolve, reject });
    if (!this.running) void this.run();
    return promise;
  }

  private async run(): Promise<void> {
    this.running = true;
    // A turn of the event loop lets everybody who was woken together ask together.
    await new Promise<void>((resolve) => { setImmediate(resolve); });
    while (this.asked.size > 0) await this.runBatch(this.take());
    this.running = false;
  }

  private take(): Map<string, Asked<V>> {
    const batch = new Map([...this.asked].slice(0, this.batchMax));
    for (const key of batch.keys()) this.asked.delete(key);
    return batch;
  }

  private async runBatch(batch: ReadonlyMap<string, Asked<V>>): Promise<void> {
    const waiting = [...batch.values()];
    try {
      const values = await this.readMany([...batch.keys()]);
      if (values.length !== waiting.length) throw new Error('A shared reading gave another number of values than asked.');
      values.forEach((value, index) => waiting[index]?.resolve(value));
    } catch (error) {
      for (const one of waiting) one.reject(error);
    }
  }
}

function deferred<V>(): Asked<V> {
  let resolve!: (value: V) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<V>((accept, refuse) => {
    resolve = accept;
    reject = refuse;
  });
  return { promise, resolve, reject };
}
