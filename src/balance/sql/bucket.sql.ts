import { booleans, bigints, ints, instants, routed, routedText, shardList, texts, Statement } from '../../platform/db';
import { RootRef } from '../../platform/root';
import { Bucket } from '../bucket.types';

const COLUMNS = `b.shard, b.root_id, b.id, b.tenant_id, b.account_id, b.product_id, b.allowance_id, b.kind, b.asset, b.value,
       b.reserved, b.granted, b.expired, b.credit_limit, b.overused, b.version, b.state, b.priority, b.is_shared,
       floor(extract(epoch from b.valid_from) * 1000)::float8 as valid_from,
       floor(extract(epoch from b.valid_until) * 1000)::float8 as valid_until`;

/*
 * A probe for each root, in the order the roots are given: a plain join may be turned round where the table is nearly empty
 * when the plan is made, and then reads all of it until somebody analyzes.
 */
const ROOTS = 'unnest($2::smallint[], $3::bigint[]) x(shard, root_id)';

const lockText = (tail: string): (() => string) => routedText('b.shard', (where) => `
select b.* from ${ROOTS} cross join lateral (
  select ${COLUMNS}, b.position, b.setup_version, b.next_bucket_id,
         floor(extract(epoch from b.open_period) * 1000)::float8 as open_period
    from bucket b
   where b.shard = x.shard and b.root_id = x.root_id and b.id = 0 and ${where} limit 1${tail}) b`);

const SINCE_ROOTS = 'unnest($2::smallint[], $3::bigint[], $4::timestamptz[]) x(shard, root_id, since)';
const OTHERS_ON = `b.shard = x.shard and b.root_id = x.root_id and b.id > 0 and b.state <> 'CLOSED'
  and (b.state <> 'EXPIRED' or x.since is null or b.valid_until > x.since)`;
const OTHERS = routed({
  local: `select b.* from ${SINCE_ROOTS} cross join lateral (select ${COLUMNS} from bucket b where $1::smallint[] is not null and ${OTHERS_ON} offset 0) b`,
  spread: `select ${COLUMNS} from ${SINCE_ROOTS} join bucket b on ${OTHERS_ON} where b.shard = any($1::smallint[])`,
});

const rootValues = (roots: readonly RootRef[]): unknown[] => [
  shardList(roots), ints(roots, (root) => root.shard), bigints(roots, (root) => root.rootId),
];

/** Locks the roots in the order given, which must be that of (shard, root id). SKIP passes over roots that somebody else holds; WAIT waits for them. READ takes no lock. */
export function lockRoots(roots: readonly RootRef[], mode: 'SKIP' | 'WAIT' | 'READ'): Statement {
  if (mode === 'SKIP') return { name: 'lock-roots', text: LOCK_SKIP(), values: rootValues(roots) };
  if (mode === 'WAIT') return { name: 'lock-roots-wait', text: LOCK_WAIT(), values: rootValues(roots) };
  return { name: 'read-roots', text: READ(), values: rootValues(roots) };
}
const LOCK_SKIP = lockText('\n   for update of b skip locked');
const LOCK_WAIT = lockText('\n   for update of b');
const READ = lockText('');

/** A root with the earliest instant that is looked back to; null = the ended buckets are wanted too. */
export interface RootSince extends RootRef {
  readonly since: number | null;
}

/** For `since`: no ended bucket is wanted. */
export const NOTHING_ENDED = Date.UTC(9999, 0);

/**
 * The other buckets of the roots: read in a later statement than the lock, so that it sees what the lock waited for. What
 * ended before everything that is asked about stays where it is: a subscriber of ten years has hundreds of such buckets.
 */
export const selectOtherBuckets = (roots: readonly RootSince[]): Statement => ({
  name: 'other-buckets', text: OTHERS(), values: [...rootValues(roots), instants(roots, (root) => root.since)],
});

/** A bucket row as the driver gives it: int8 as text, instants as epoch ms. */
export interface BucketRecord {
  readonly shard: number; readonly root_id: string; readonly id: number; readonly tenant_id: number;
  readonly account_id: string; readonly product_id: string | null; readonly allowance_id: string | null;
  readonly kind: Bucket['kind']; readonly asset: string; readonly value: string; readonly reserved: string;
  readonly granted: string; readonly expired: string; readonly credit_limit: string | null; readonly overused: boolean;
  readonly version: string; readonly state: Bucket['state']; readonly priority: number; readonly is_shared: boolean;
  readonly valid_from: number; readonly valid_until: number | null;
}

/** The lock row: bucket 0 with what it carries for its root. */
export interface RootRecord extends BucketRecord {
  readonly position: string; readonly setup_version: string; readonly next_bucket_id: number; readonly open_period: number | null;
}

const orNull = (text: string | null): bigint | null => (text === null ? null : BigInt(text));

/** A row from the driver as a bucket. */
export function bucketOf(record: BucketRecord): Bucket {
  return {
    shard: record.shard, rootId: BigInt(record.root_id), id: record.id, tenantId: record.tenant_id,
    accountId: BigInt(record.account_id), productId: orNull(record.product_id), allowanceId: orNull(record.allowance_id),
    kind: record.kind, asset: record.asset, priority: record.priority, isShared: record.is_shared,
    validFrom: record.valid_from, value: BigInt(record.value), reserved: BigInt(record.reserved),
    granted: BigInt(record.granted), expired: BigInt(record.expired), creditLimit: orNull(record.credit_limit),
    overused: record.overused, version: BigInt(record.version), state: record.state, validUntil: record.valid_until,
  };
}

const UPDATE = routedText('b.shard', (where) => `
update bucket b
   set value = x.value, reserved = x.reserved, granted = x.granted, expired = x.expired, overused = x.overused,
       version = x.version, state = x.state, valid_until = x.valid_until
  from unnest($2::smallint[], $3::bigint[], $4::int[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bool[],
              $10::bigint[], $11::text[], $12::timestamptz[])
       x(shard, root_id, id, value, reserved, granted, expired, overused, version, state, valid_until)
 where b.shard = x.shard and b.root_id = x.root_id and b.id = x.id and ${where}`);

/** Writes buckets as absolute values, one row a bucket: a row named twice would be applied once, silently. */
export const updateBuckets = (rows: readonly Bucket[]): Statement => ({
  name: 'update-buckets', text: UPDATE(),
  values: [shardList(rows), ints(rows, (b) => b.shard), bigints(rows, (b) => b.rootId), ints(rows, (b) => b.id),
    bigints(rows, (b) => b.value), bigints(rows, (b) => b.reserved), bigints(rows, (b) => b.granted),
    bigints(rows, (b) => b.expired), booleans(rows, (b) => b.overused), bigints(rows, (b) => b.version),
    texts(rows, (b) => b.state), instants(rows, (b) => b.validUntil)],
});

/** What the lock row carries for its root, after a batch. */
export interface RootUpdate {
  readonly bucket: Bucket;
  readonly position: bigint;
  readonly setupVersion: bigint;
  readonly nextBucketId: number;
}

const UPDATE_ROOTS = routedText('b.shard', (where) => `
update bucket b
   set value = x.value, reserved = x.reserved, granted = x.granted, expired = x.expired, overused = x.overused,
       version = x.version, state = x.state, valid_until = x.valid_until, position = x.position,
       setup_version = x.setup_version, next_bucket_id = x.next_bucket_id
  from unnest($2::smallint[], $3::bigint[], $4::int[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bool[],
              $10::bigint[], $11::text[], $12::timestamptz[], $13::bigint[], $14::bigint[], $15::int[])
       x(shard, root_id, id, value, reserved, granted, expired, overused, version, state, valid_until, position, setup_version,
         next_bucket_id)
 where b.shard = x.shard and b.root_id = x.root_id and b.id = x.id and ${where}`);

/** Writes the lock rows of a batch. Their id is handed in: by a constant the planner takes an empty table first. */
export const updateRoots = (rows: readonly RootUpdate[]): Statement => ({
  name: 'update-roots', text: UPDATE_ROOTS(),
  values: [shardList(rows.map((r) => r.bucket)), ints(rows, (r) => r.bucket.shard), bigints(rows, (r) => r.bucket.rootId),
    ints(rows, (r) => r.bucket.id), bigints(rows, (r) => r.bucket.value), bigints(rows, (r) => r.bucket.reserved), bigints(rows, (r) => r.bucket.granted),
    bigints(rows, (r) => r.bucket.expired), booleans(rows, (r) => r.bucket.overused), bigints(rows, (r) => r.bucket.version),
    texts(rows, (r) => r.bucket.state), instants(rows, (r) => r.bucket.validUntil), bigints(rows, (r) => r.position),
    bigints(rows, (r) => r.setupVersion), ints(rows, (r) => r.nextBucketId)],
});

const INSERT = `
insert into bucket (shard, root_id, id, tenant_id, account_id, product_id, allowance_id, kind, asset, value, reserved, granted,
                    expired, credit_limit, overused, version, state, priority, is_shared, valid_from, valid_until)
select * from unnest($1::smallint[], $2::bigint[], $3::int[], $4::smallint[], $5::bigint[], $6::bigint[], $7::bigint[],
  $8::text[], $9::text[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bool[], $16::bigint[],
  $17::text[], $18::smallint[], $19::bool[], $20::timestamptz[], $21::timestamptz[])`;

/** Opens buckets that a batch made (allowances, promotions). */
export const insertBuckets = (rows: readonly Bucket[]): Statement => ({
  name: 'insert-buckets', text: INSERT,
  values: [ints(rows, (b) => b.shard), bigints(rows, (b) => b.rootId), ints(rows, (b) => b.id), ints(rows, (b) => b.tenantId),
    bigints(rows, (b) => b.accountId), bigints(rows, (b) => b.productId), bigints(rows, (b) => b.allowanceId),
    texts(rows, (b) => b.kind), texts(rows, (b) => b.asset), bigints(rows, (b) => b.value), bigints(rows, (b) => b.reserved),
    bigints(rows, (b) => b.granted), bigints(rows, (b) => b.expired), bigints(rows, (b) => b.creditLimit),
    booleans(rows, (b) => b.overused), bigints(rows, (b) => b.version), texts(rows, (b) => b.state),
    ints(rows, (b) => b.priority), booleans(rows, (b) => b.isShared), instants(rows, (b) => b.validFrom),
    instants(rows, (b) => b.validUntil)],
});
