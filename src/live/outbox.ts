import { randomUUID } from 'node:crypto';
import { encodeSignals } from './root-signals';

/** Roots that wait to be told. Beyond this many, one message says to look at everything. */
const MOST_WAITING = 20_000;
const GATHER_MS = 5;

/** What this node must tell the others, gathered for a few milliseconds: a root that moved often is told once. */
export class Outbox {
  readonly nodeId = randomUUID();
  private waiting = new Map<bigint, bigint>();
  private overfull = false;
  private timer: NodeJS.Timeout | null = null;
  private sending = false;
  private stopped = false;

  constructor(private readonly send: (messages: readonly string[]) => Promise<boolean>) {}

  add(rootId: bigint, position: bigint): void {
    if (this.overfull || this.stopped) return;
    this.waiting.set(rootId, position);
    if (this.waiting.size > MOST_WAITING) {
      this.overfull = true;
      this.waiting.clear();
    }
    if (!this.timer && !this.sending) this.timer = setTimeout(() => void this.flush(), GATHER_MS);
  }

  stop(): void {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  /** What cannot be sent is dropped: the other nodes find it by their comparison of positions. */
  private async flush(): Promise<void> {
    this.timer = null;
    this.sending = true;
    const messages = encodeSignals(this.nodeId, this.overfull ? 'ALL' : this.waiting);
    this.waiting = new Map();
    this.overfull = false;
    await this.send(messages);
    this.sending = false;
    const hasMore = this.overfull || this.waiting.size > 0;
    if (hasMore && !this.stopped) this.timer = setTimeout(() => void this.flush(), GATHER_MS);
  }
}
