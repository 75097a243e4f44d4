import { bigints, ints, Statement, texts } from '../../platform/db';

/** What a partner is owed of the charges of one shard, day and key. */
export interface ShareTotal {
  readonly shard: number;
  readonly versionId: string;
  readonly partyId: string;
  /** The day of booking in the tenant's zone. */
  readonly day: string;
  /** `item:offering:kind`, of refunds from another month also `:day` of what they take back. */
  readonly key: string;
  readonly tenantId: number;
  readonly asset: string;
  basis: bigint;
  share: bigint;
  events: bigint;
}

/** Adds to totals; rows in one order, so that two nodes that meet in a shard wait for each other and do not deadlock. */
export const addShareTotals = (rows: readonly ShareTotal[]): Statement => ({
  name: 'add-share-totals',
  text: `insert into share_total as t (shard, agreement_version_id, party_id, day, key, tenant_id, asset, basis, share, events)
         select * from unnest($1::smallint[], $2::bigint[], $3::bigint[], $4::date[], $5::text[], $6::smallint[], $7::text[],
                              $8::bigint[], $9::bigint[], $10::bigint[])
         on conflict (shard, agreement_version_id, party_id, day, key)
         do update set basis = t.basis + excluded.basis, share = t.share + excluded.share, events = t.events + excluded.events`,
  values: [ints(rows, (r) => r.shard), texts(rows, (r) => r.versionId), texts(rows, (r) => r.partyId), texts(rows, (r) => r.day), texts(rows, (r) => r.key),
    ints(rows, (r) => r.tenantId), texts(rows, (r) => r.asset), bigints(rows, (r) => r.basis), bigints(rows, (r) => r.share),
    bigints(rows, (r) => r.events)],
});
