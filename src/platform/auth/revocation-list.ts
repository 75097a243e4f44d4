import type { Pool } from 'pg';
import type { Caller } from './caller';

/**
 * Rows of this age are read again at every refresh, because a row is stamped before its transaction commits; the
 * product's connections end a transaction long before that.
 */
const OVERLAP = '60 seconds';

interface RevokedRow {
  readonly tenant_id: number;
  readonly kind: 'TOKEN' | 'SUBJECT';
  readonly value: string;
  readonly until: Date;
  /** Text with microseconds: a Date would cut them off. */
  readonly latest: string;
}

const keyOf = (tenantId: number, kind: 'TOKEN' | 'SUBJECT', value: string): string => `${tenantId} ${kind} ${value}`;

/** Revoked tokens and subjects in memory, asked at every operation and read anew by `refresh`. */
export class RevocationList {
  private readonly untilByKey = new Map<string, number>();
  private latest = '-infinity';

  constructor(private readonly pool: Pool, private readonly now: () => number) {}

  has(caller: Caller): boolean {
    return this.holds(keyOf(caller.tenantId, 'SUBJECT', caller.subject))
      || (caller.tokenId !== null && this.holds(keyOf(caller.tenantId, 'TOKEN', caller.tokenId)));
  }

  /** Adds what was revoked since the last refresh and drops what is over. */
  async refresh(): Promise<void> {
    const { rows } = await this.pool.query<RevokedRow>(
      `select tenant_id, kind, value, until, max(revoked_at) over ()::text as latest
         from revoked_token
        where until > clock_timestamp() and revoked_at > $1::timestamptz - $2::interval`,
      [this.latest, OVERLAP],
    );
    for (const row of rows) this.untilByKey.set(keyOf(row.tenant_id, row.kind, row.value), row.until.getTime());
    this.latest = rows[0]?.latest ?? this.latest;
    const now = this.now();
    for (const [key, until] of this.untilByKey) if (until <= now) this.untilByKey.delete(key);
  }

  private holds(key: string): boolean {
    const until = this.untilByKey.get(key);
    return until !== undefined && until > this.now();
  }
}
