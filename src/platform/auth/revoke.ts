import type { PoolClient } from 'pg';

/** TOKEN: one token by its `jti`. SUBJECT: every token of a `sub`, also new ones, until the revocation ends. */
export type RevocationKind = 'TOKEN' | 'SUBJECT';

export interface Revocation {
  readonly tenantId: number;
  readonly kind: RevocationKind;
  readonly value: string;
  readonly reason: string;
  /** How long it must hold: no token that exists now may live longer. */
  readonly seconds: number;
}

/** Stores a revocation in the caller's transaction and answers when it ends; done again, the later end counts. */
export async function storeRevocation(tx: PoolClient, revocation: Revocation): Promise<Date> {
  const { tenantId, kind, value, reason, seconds } = revocation;
  const { rows } = await tx.query<{ until: Date }>({
    name: 'store_revocation',
    text: `
      insert into revoked_token as r (tenant_id, kind, value, until, reason)
      values ($1::smallint, $2::text, $3::text, clock_timestamp() + make_interval(secs => $4::integer), $5::text)
      on conflict (tenant_id, kind, value) do update
        set until = greatest(r.until, excluded.until), revoked_at = clock_timestamp(), reason = excluded.reason
      returning until`,
    values: [tenantId, kind, value, seconds, reason],
  });
  return rows[0].until;
}
