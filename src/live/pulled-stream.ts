import { setTimeout as sleep } from 'node:timers/promises';
import { isConnectionFault } from './connection-fault';
import { WakeSignal } from './wake-signal';

/** Readings that failed because the database was away are repeated this often, with growing pauses: 5 s in all. */
const MOST_RETRIES = 8;
const LONGEST_PAUSE_MS = 1_000;

export interface PulledSource<T> {
  /** The next value, or null where there is nothing new. It is asked again after a ring. */
  readonly pull: () => Promise<T | null>;
  /** Called once at the end: gives back what the stream held. */
  readonly close: () => void;
}

/**
 * A subscription's source that reads only when its reader asks and something rang: a stopped reader costs nothing, and
 * there is no queue that could grow. `return` ends it at once, also while it waits (an async generator could not).
 */
export class PulledStream<T> implements AsyncIterableIterator<T> {
  private closed = false;

  constructor(private readonly signal: WakeSignal, private readonly source: PulledSource<T>) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<T>> {
    try {
      while (!this.signal.ended) {
        this.signal.clear();
        const value = await this.pullSteadily();
        if (this.signal.ended) break;
        if (value !== null) return { done: false, value };
        if (!(await this.signal.wait())) break;
      }
    } catch (error) {
      this.end();
      throw error;
    }
    this.end();
    return { done: true, value: undefined };
  }

  return(): Promise<IteratorResult<T>> {
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  private async pullSteadily(): Promise<T | null> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.source.pull();
      } catch (error) {
        if (!isConnectionFault(error) || attempt > MOST_RETRIES || this.signal.ended) throw error;
        await sleep(attempt * 150 > LONGEST_PAUSE_MS ? LONGEST_PAUSE_MS : attempt * 150);
      }
    }
  }

  private end(): void {
    this.signal.end();
    if (this.closed) return;
    this.closed = true;
    this.source.close();
  }
}
