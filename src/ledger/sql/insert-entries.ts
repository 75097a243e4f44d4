import { bigints, texts, ints, Statement } from '../../platform/db';
import { EntryRow } from '../entry.types';

const TEXT = `
insert into entry (shard, root_id, bucket_id, version, position, tenant_id, kind, amount, balance_after, asset, account,
                   contra, tax, tax_code, booked_at)
select x.*, $15::timestamptz
  from unnest($1::smallint[], $2::bigint[], $3::int[], $4::bigint[], $5::bigint[], $6::smallint[], $7::text[], $8::bigint[],
              $9::bigint[], $10::text[], $11::text[], $12::text[], $13::bigint[], $14::text[]) x`;

/** Appends entries; `bookedAt` is the batch's business time, RFC 3339. */
export function insertEntries(rows: readonly EntryRow[], bookedAt: string): Statement {
  return {
    name: 'insert-entries', text: TEXT,
    values: [ints(rows, (r) => r.shard), bigints(rows, (r) => r.rootId), ints(rows, (r) => r.bucketId),
      bigints(rows, (r) => r.version), bigints(rows, (r) => r.position), ints(rows, (r) => r.tenantId),
      texts(rows, (r) => r.kind), bigints(rows, (r) => r.amount), bigints(rows, (r) => r.balanceAfter),
      texts(rows, (r) => r.asset), texts(rows, (r) => r.account), texts(rows, (r) => r.contra),
      bigints(rows, (r) => r.tax), texts(rows, (r) => r.taxCode), bookedAt],
  };
}
