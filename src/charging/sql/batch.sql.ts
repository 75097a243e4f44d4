import { bigints, bytes, instants, ints, routedText, shardList, Statement, texts } from '../../platform/db';
import { RootRef, shardOfUsage } from '../../platform/root';
import { ChargeRow, CounterState, QuarantineRow, RequestRow } from '../charge.types';

/** The clock, and what a tenant's caches are checked against. Read after the lock: its time decides for the batch. */
export const selectTenant = (id: number): Statement => ({
  name: 'batch-tenant',
  text: `select t.id, t.clock_offset_ms, t.catalog_version, floor(extract(epoch from clock_timestamp()) * 1000)::float8 as clock,
                exists (select 1 from unguided_usage u where u.tenant_id = $1::smallint and u.state = 'OPEN') as has_aside
           from tenant t where t.id = $1::smallint`,
  values: [id],
});
export interface TenantRecord {
  readonly id: number;
  readonly clock_offset_ms: string;
  readonly catalog_version: string;
  readonly clock: number;
  /** Whether usage of the tenant waits in quarantine: only then there may be something to close. */
  readonly has_aside: boolean;
}

/** Business time of a tenant, epoch ms: the database's clock plus the tenant's offset. */
export const businessTime = (row: TenantRecord): number => row.clock + +row.clock_offset_ms;

export interface UsageKey extends RootRef {
  readonly tenantId: number;
  readonly source: string;
  readonly usageId: string;
}
/** Usages that are there already: looked up under the lock, so that a key is inserted once. */
const CHARGES = routedText('c.shard', (where) => `select x.ordinal, c.root_id, c.position, c.body_hash, c.status, c.reason, c.net, c.tax, c.asset
           from unnest($2::smallint[], $3::smallint[], $4::text[], $5::text[]) with ordinality x(shard, tenant_id, source, event_id, ordinal)
          cross join lateral (
            select c.root_id, c.position, c.body_hash, c.status, c.reason, c.net, c.tax, c.asset from charge c
             where c.shard = x.shard and c.tenant_id = x.tenant_id and c.source = x.source and c.event_id = x.event_id
               and c.role = 'RETAIL' and ${where} limit 1) c`);
export const selectCharges = (keys: readonly UsageKey[]): Statement => ({
  name: 'batch-charges',
  text: CHARGES(),
  values: [shardList(keys), ints(keys, (k) => k.shard), ints(keys, (k) => k.tenantId), texts(keys, (k) => k.source),
    texts(keys, (k) => k.usageId)],
});
export interface StoredCharge {
  readonly ordinal: string; readonly root_id: string; readonly position: string; readonly body_hash: Buffer;
  readonly status: 'CHARGED' | 'REFUSED'; readonly reason: string | null; readonly net: string; readonly tax: string; readonly asset: string;
}

export interface RequestKey extends RootRef {
  readonly tenantId: number;
  readonly operation: string;
  readonly caller: string;
  readonly key: string;
}
/** Moves that are there already. */
const REQUESTS = routedText('r.shard', (where) => `select x.ordinal, r.body_hash, r.answer
           from unnest($2::smallint[], $3::smallint[], $4::text[], $5::text[], $6::text[])
                with ordinality x(shard, tenant_id, operation, caller, key, ordinal)
          cross join lateral (
            select r.body_hash, r.answer from request r
             where r.shard = x.shard and r.tenant_id = x.tenant_id and r.operation = x.operation and r.caller = x.caller
               and r.key = x.key and ${where} limit 1) r`);
export const selectRequests = (keys: readonly RequestKey[]): Statement => ({
  name: 'batch-requests',
  text: REQUESTS(),
  values: [shardList(keys), ints(keys, (k) => k.shard), ints(keys, (k) => k.tenantId), texts(keys, (k) => k.operation),
    texts(keys, (k) => k.caller), texts(keys, (k) => k.key)],
});
export interface StoredRequest { readonly ordinal: string; readonly body_hash: Buffer; readonly answer: unknown }

export type CounterKey = Omit<CounterState, 'amount' | 'quantity' | 'events' | 'tenantId'>;
/** The counters that the batch's tariffs ask for. */
const COUNTERS = routedText('c.shard', (where) => `select c.shard, c.root_id, c.owner_id, c.key, floor(extract(epoch from c.period_start) * 1000)::float8 as period_start,
                c.tenant_id, c.amount, c.quantity, c.events
           from unnest($2::smallint[], $3::bigint[], $4::bigint[], $5::text[], $6::timestamptz[]) x(shard, root_id, owner_id, key, period_start)
          cross join lateral (
            select c.* from counter c
             where c.shard = x.shard and c.root_id = x.root_id and c.owner_id = x.owner_id and c.key = x.key
               and c.period_start = x.period_start and ${where} limit 1) c`);
export const selectCounters = (keys: readonly CounterKey[]): Statement => ({
  name: 'batch-counters',
  text: COUNTERS(),
  values: [shardList(keys), ints(keys, (k) => k.shard), bigints(keys, (k) => k.rootId), bigints(keys, (k) => k.ownerId),
    texts(keys, (k) => k.key), instants(keys, (k) => k.periodStart)],
});
export interface CounterRecord {
  readonly shard: number; readonly root_id: string; readonly owner_id: string; readonly key: string; readonly period_start: number;
  readonly tenant_id: number; readonly amount: string; readonly quantity: string; readonly events: string;
}

/** Writes counters as absolute values. */
export const upsertCounters = (rows: readonly CounterState[]): Statement => ({
  name: 'upsert-counters',
  text: `insert into counter as c (shard, root_id, owner_id, key, period_start, tenant_id, amount, quantity, events)
         select * from unnest($1::smallint[], $2::bigint[], $3::bigint[], $4::text[], $5::timestamptz[], $6::smallint[],
                              $7::bigint[], $8::bigint[], $9::bigint[])
         on conflict (shard, root_id, owner_id, key, period_start)
         do update set amount = excluded.amount, quantity = excluded.quantity, events = excluded.events`,
  values: [ints(rows, (r) => r.shard), bigints(rows, (r) => r.rootId), bigints(rows, (r) => r.ownerId), texts(rows, (r) => r.key),
    instants(rows, (r) => r.periodStart), ints(rows, (r) => r.tenantId), bigints(rows, (r) => r.amount),
    bigints(rows, (r) => r.quantity), bigints(rows, (r) => r.events)],
});

const insertInto = (column: string, array: string, at: string): string => `
  insert into charge (shard, root_id, position, tenant_id, source, event_id, role, party, body_hash, status, reason, account_id,
           product_id, kind, identifier, other_party, event_at, bill_period, unit, quantity, net, tax, asset, price_version_id,
           reverses, explanation, ${column}booked_at)
         select x.*, ${at}::timestamptz
           from unnest($1::smallint[], $2::bigint[], $3::bigint[], $4::smallint[], $5::text[], $6::text[], $7::text[], $8::bigint[],
             $9::bytea[], $10::text[], $11::text[], $12::bigint[], $13::bigint[], $14::text[], $15::text[], $16::text[],
             $17::timestamptz[], $18::timestamptz[], $19::text[], $20::bigint[], $21::bigint[], $22::bigint[], $23::text[],
             $24::bigint[], $25::bigint[], $26::json[]${array}) x`;
const INSERT_CHARGES = insertInto('', '', '$27');
const INSERT_SHARED_CHARGES = insertInto('shares, ', ', $27::json[]', '$28');

/** Appends charges; `bookedAt` is the batch's business time. Where nobody shares in any of them the column is left out. */
export function insertCharges(rows: readonly ChargeRow[], bookedAt: string): Statement {
  const columns = [ints(rows, (r) => r.shard), bigints(rows, (r) => r.rootId), bigints(rows, (r) => r.position), ints(rows, (r) => r.tenantId),
    texts(rows, (r) => r.source), texts(rows, (r) => r.eventId), texts(rows, (r) => r.role), bigints(rows, (r) => r.party),
    bytes(rows, (r) => r.bodyHash), texts(rows, (r) => r.status), texts(rows, (r) => r.reason), bigints(rows, (r) => r.accountId),
    bigints(rows, (r) => r.productId), texts(rows, (r) => r.kind), texts(rows, (r) => r.identifier), texts(rows, (r) => r.otherParty),
    instants(rows, (r) => r.eventAt), instants(rows, (r) => r.billPeriod), texts(rows, (r) => r.unit), bigints(rows, (r) => r.quantity),
    bigints(rows, (r) => r.net), bigints(rows, (r) => r.tax), texts(rows, (r) => r.asset), bigints(rows, (r) => r.priceVersionId),
    bigints(rows, (r) => r.reverses), texts(rows, (r) => r.explanation)];
  if (rows.every((r) => r.shares === null)) return { name: 'insert-charges', text: INSERT_CHARGES, values: [...columns, bookedAt] };
  return { name: 'insert-shared-charges', text: INSERT_SHARED_CHARGES, values: [...columns, texts(rows, (r) => r.shares), bookedAt] };
}

/** Appends moves with their answers. */
export const insertRequests = (rows: readonly RequestRow[], at: string): Statement => ({
  name: 'insert-requests',
  text: `insert into request (shard, tenant_id, operation, caller, key, root_id, position, body_hash, answer, at)
         select x.*, $10::timestamptz
           from unnest($1::smallint[], $2::smallint[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bytea[],
                       $9::json[]) x`,
  values: [ints(rows, (r) => r.shard), ints(rows, (r) => r.tenantId), texts(rows, (r) => r.operation), texts(rows, (r) => r.caller),
    texts(rows, (r) => r.key), bigints(rows, (r) => r.rootId), bigints(rows, (r) => r.position), bytes(rows, (r) => r.bodyHash),
    texts(rows, (r) => r.answer), at],
});

/** Puts usages aside; one that is there already only counts another attempt. */
export const quarantineUsages = (rows: readonly QuarantineRow[], at: string): Statement => ({
  name: 'quarantine-usages',
  text: `insert into unguided_usage as u (shard, tenant_id, source, event_id, body_hash, body, reason, message, state, received_at, closed_at)
         select x.*, $10::timestamptz, case when x.state = 'OPEN' then null else $10::timestamptz end
           from unnest($1::smallint[], $2::smallint[], $3::text[], $4::text[], $5::bytea[], $6::json[], $7::text[], $8::text[], $9::text[])
                x(shard, tenant_id, source, event_id, body_hash, body, reason, message, state)
         on conflict (shard, tenant_id, source, event_id, body_hash)
         do update set attempts = u.attempts + 1, reason = excluded.reason, message = excluded.message where u.state = 'OPEN'`,
  values: [ints(rows, (r) => shardOfUsage(r.source, r.eventId)), ints(rows, (r) => r.tenantId), texts(rows, (r) => r.source),
    texts(rows, (r) => r.eventId), bytes(rows, (r) => r.bodyHash), texts(rows, (r) => r.body), texts(rows, (r) => r.reason),
    texts(rows, (r) => r.message), texts(rows, (r) => r.state), at],
});

export interface SettledKey { readonly tenantId: number; readonly source: string; readonly eventId: string; readonly bodyHash: Buffer }
/**
 * Closes quarantine rows whose usage is charged or refused by this very transaction. The open ones are told by their
 * `closed_at`: their state would lead the planner to the index of what is open, which reads what belongs to others.
 */
const CLOSE = routedText('u.shard', (where) => `update unguided_usage u set state = 'CLOSED', closed_at = $7::timestamptz
           from unnest($2::smallint[], $3::smallint[], $4::text[], $5::text[], $6::bytea[]) x(shard, tenant_id, source, event_id, body_hash)
          where u.shard = x.shard and u.tenant_id = x.tenant_id and u.source = x.source and u.event_id = x.event_id
            and u.body_hash = x.body_hash and u.closed_at is null and ${where}`);
export const closeQuarantined = (rows: readonly SettledKey[], at: string): Statement => ({
  name: 'close-quarantined',
  text: CLOSE(),
  values: [shardList(rows.map((r) => ({ shard: shardOfUsage(r.source, r.eventId) }))), ints(rows, (r) => shardOfUsage(r.source, r.eventId)), ints(rows, (r) => r.tenantId), texts(rows, (r) => r.source),
    texts(rows, (r) => r.eventId), bytes(rows, (r) => r.bodyHash), at],
});
