import type { Pool } from 'pg';
import { LiveHub, OwnerCheck, PulledStream, WakeSignal, Watch } from '../live';
import type { RootRef } from '../platform/root';

/** Rows read at once; while the reader has some of them left nothing more is read. */
const PAGE = 50;

export type StreamReason = 'SNAPSHOT' | 'NEW' | 'RESUME_EXPIRED';

/** One row of the stream with its place, or the place where it begins. */
export interface StreamNews<R> {
  readonly reason: StreamReason;
  readonly rootId: bigint;
  readonly place: bigint;
  readonly row: R | null;
}

export interface AccountStreamSource<R> extends RootRef {
  readonly live: LiveHub;
  readonly pool: Pool;
  readonly accountId: bigint;
  /** Rows after a place, oldest first: $1 shard, $2 account, $3 after, $4 limit. */
  readonly text: string;
  /** The last place: $1 shard, $2 account. */
  readonly lastText: string;
  readonly placeOf: (row: R) => bigint;
  /** The place that the caller saw last; null = from now on. */
  readonly after: bigint | null;
  readonly isOwner: () => Promise<boolean>;
}

/** What is added to an account, as a stream without gap or repeat, each row read from its table. */
export function accountStream<R extends object>(source: AccountStreamSource<R>): PulledStream<StreamNews<R>> {
  const signal = new WakeSignal();
  const watch = source.live.watch(source, () => signal.ring());
  const teller = new AccountTeller(source, watch);
  return new PulledStream(signal, { pull: () => teller.next(), close: () => watch.close() });
}

class AccountTeller<R extends object> {
  private readonly owner: OwnerCheck;
  private rows: R[] = [];
  private readUpTo: bigint | null = null;

  constructor(private readonly source: AccountStreamSource<R>, watch: Watch) {
    this.owner = new OwnerCheck(watch, source.isOwner);
  }

  async next(): Promise<StreamNews<R> | null> {
    await this.owner.require();
    if (this.readUpTo === null) {
      const beginning = await this.begin();
      if (beginning) return beginning;
    }
    if (this.rows.length === 0) await this.read();
    const row = this.rows.shift();
    if (!row) return null;
    this.readUpTo = this.source.placeOf(row);
    return { reason: 'NEW', rootId: this.source.rootId, place: this.readUpTo, row };
  }

  /** A cursor of a place that is not there yet is of another database: told like one that is too old. */
  private async begin(): Promise<StreamNews<R> | null> {
    const { pool, shard, accountId, lastText, after, rootId } = this.source;
    const { rows } = await pool.query<{ last: string | null }>(lastText, [shard, accountId.toString()]);
    const last = BigInt(rows[0]?.last ?? '0');
    const isKnown = after !== null && after <= last;
    this.readUpTo = isKnown ? after : last;
    return isKnown ? null : { reason: after === null ? 'SNAPSHOT' : 'RESUME_EXPIRED', rootId, place: last, row: null };
  }

  private async read(): Promise<void> {
    const { pool, shard, accountId, text } = this.source;
    this.rows = (await pool.query<R & Record<string, unknown>>(text, [shard, accountId.toString(), this.readUpTo!.toString(), PAGE])).rows;
  }
}
