import type { Pool } from 'pg';
import { LiveHub, OwnerCheck, PulledStream, WakeSignal, Watch } from '../live';
import type { RootRef } from '../platform/root';
import { USAGE_KINDS } from '../usage/usage.types';
import { CHARGE_COLUMNS, type ChargeRecord } from './charge.loader';
import type { UsageChargedNews } from './usage-charged.type';

/** Charges read at once; while the reader has some of them left nothing more is read. */
const PAGE = 100;
/** Positions that a cursor may lie behind; what is older is read page by page as history. */
const MOST_BEHIND = 10_000n;

const SELECT_POSITION = 'select position from bucket where shard = $1 and root_id = $2 and id = 0';

/*
 * The position is read by the same statement as the charges, so that the next page begins where this one looked, however
 * many other things happened to the root: who sees a position sees everything up to it.
 */
const SELECT_PAGE = `
  select root.position as seen, page.*
    from bucket root
    left join lateral (
      select ${CHARGE_COLUMNS} from charge
       where charge.shard = $1 and charge.root_id = $2 and charge.position > $3::bigint and charge.position <= root.position
         and charge.account_id = $4 and ($5::bigint is null or charge.product_id = $5)
         and charge.status = 'CHARGED' and charge.role = 'RETAIL' and charge.reverses is null and charge.kind = any($6::text[])
       order by charge.position limit $7) page on true
   where root.shard = $1 and root.root_id = $2 and root.id = 0
   order by page.position`;

type PageRow = { readonly seen: string } & (ChargeRecord | { readonly [K in keyof ChargeRecord]: null });

export interface UsageStreamSource extends RootRef {
  readonly live: LiveHub;
  readonly pool: Pool;
  readonly accountId: bigint;
  /** Null = every product of the account. */
  readonly productId: bigint | null;
  /** The position that the caller saw last; null = from now on. */
  readonly after: bigint | null;
  readonly isOwner: () => Promise<boolean>;
}

/** The charged usages of an account or a product as a stream without gap or repeat, each read from the table. */
export function usageStream(source: UsageStreamSource): PulledStream<UsageChargedNews> {
  const signal = new WakeSignal();
  const watch = source.live.watch(source, () => signal.ring());
  const teller = new UsageTeller(source, watch);
  return new PulledStream(signal, { pull: () => teller.next(), close: () => watch.close() });
}

class UsageTeller {
  private readonly owner: OwnerCheck;
  private page: ChargeRecord[] = [];
  /** Everything up to here was read; null before the stream found its place. */
  private readUpTo: bigint | null = null;

  constructor(private readonly source: UsageStreamSource, private readonly watch: Watch) {
    this.owner = new OwnerCheck(watch, source.isOwner);
  }

  async next(): Promise<UsageChargedNews | null> {
    await this.owner.require();
    if (this.readUpTo === null) {
      const beginning = await this.begin();
      if (beginning) return beginning;
    }
    if (this.page.length === 0) await this.read();
    const row = this.page.shift();
    return row ? { reason: 'CHARGE', rootId: this.source.rootId, position: BigInt(row.position), row } : null;
  }

  /** Finds the place to begin at, and tells it where the caller does not know it. */
  private async begin(): Promise<UsageChargedNews | null> {
    const { pool, shard, rootId, after } = this.source;
    const { rows } = await pool.query<{ position: string }>(SELECT_POSITION, [shard, rootId.toString()]);
    const now = BigInt(rows[0]?.position ?? '0');
    const isKnown = after !== null && after <= now && now - after <= MOST_BEHIND;
    this.readUpTo = isKnown ? after : now;
    return isKnown ? null : { reason: after === null ? 'SNAPSHOT' : 'RESUME_EXPIRED', rootId, position: now, row: null };
  }

  private async read(): Promise<void> {
    const from = this.readUpTo ?? 0n;
    if (this.watch.position !== -1n && this.watch.position <= from) return;
    const { pool, shard, rootId, accountId, productId } = this.source;
    const { rows } = await pool.query<PageRow>(SELECT_PAGE, [shard, rootId.toString(), from.toString(), accountId.toString(),
      productId?.toString() ?? null, USAGE_KINDS, PAGE]);
    this.page = rows.filter((row): row is PageRow & ChargeRecord => row.position !== null);
    const last = this.page.at(-1);
    const isFull = this.page.length === PAGE;
    this.readUpTo = BigInt((isFull ? last?.position : rows[0]?.seen) ?? from.toString());
  }
}
