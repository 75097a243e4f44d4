interface Count {
  failures: number;
  /** Monotonic ms. */
  readonly since: number;
}

/** Failures by key within a window that begins with the first of them; the keys heard of least lately are forgotten first. */
export class FailureCounts {
  private readonly counts = new Map<string, Count>();

  constructor(
    private readonly windowMs: number, private readonly capacity: number, private readonly clock: () => number = () => performance.now(),
  ) {}

  of(key: string): number {
    return this.live(key)?.failures ?? 0;
  }

  /** Whole seconds until the key's window ends; 0 where it has none. */
  secondsLeft(key: string): number {
    const count = this.live(key);
    return count === undefined ? 0 : Math.ceil((count.since + this.windowMs - this.clock()) / 1000);
  }

  /** Counts one more, and says how many there are now. */
  raise(key: string): number {
    const count = this.live(key) ?? { failures: 0, since: this.clock() };
    count.failures += 1;
    this.counts.delete(key);
    if (this.counts.size >= this.capacity) {
      const oldest = this.counts.keys().next();
      if (!oldest.done) this.counts.delete(oldest.value);
    }
    this.counts.set(key, count);
    return count.failures;
  }

  get size(): number {
    return this.counts.size;
  }

  private live(key: string): Count | undefined {
    const count = this.counts.get(key);
    if (count === undefined || this.clock() - count.since < this.windowMs) return count;
    this.counts.delete(key);
    return undefined;
  }
}
