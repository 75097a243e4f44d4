import { bigints, bytes, instants, ints, routedText, shardList, Statement, texts } from '../../platform/db';
import { RootRef } from '../../platform/root';
import type { ComparedPart, OnlinePart, RecordRow } from '../charge.types';
import type { RowWriter } from '../settle.types';
import type { UsageKey } from './batch.sql';

/** A charging id of a root. */
export interface ChargingIdKey extends RootRef {
  readonly chargingId: string;
}

/** What was charged online under charging ids, by owner and unit. */
const ONLINE = routedText('o.shard', (where) => `select x.root_id, x.charging_id, o.owner_id, o.unit, o.quantity, o.usages
           from unnest($2::smallint[], $3::bigint[], $4::text[]) x(shard, root_id, charging_id)
          cross join lateral (
            select o.owner_id, o.unit, sum(o.quantity)::text as quantity, count(*)::integer as usages from online_usage o
             where o.shard = x.shard and o.root_id = x.root_id and o.charging_id = x.charging_id and ${where}
             group by o.owner_id, o.unit) o`);
export const selectOnline = (keys: readonly ChargingIdKey[]): Statement => ({
  name: 'batch-online', text: ONLINE(),
  values: [shardList(keys), ints(keys, (k) => k.shard), bigints(keys, (k) => k.rootId), texts(keys, (k) => k.chargingId)],
});
export interface OnlineRecord {
  readonly root_id: string; readonly charging_id: string; readonly owner_id: string; readonly unit: string;
  readonly quantity: string; readonly usages: number;
}

/** Records that were compared already, looked up under the lock as charges are. One that was charged is a charge. */
const RECORDS = routedText('r.shard', (where) => `select x.ordinal, r.body_hash
           from unnest($2::smallint[], $3::smallint[], $4::text[], $5::text[]) with ordinality x(shard, tenant_id, source, event_id, ordinal)
          cross join lateral (
            select r.body_hash, r.position from usage_record r
             where r.shard = x.shard and r.tenant_id = x.tenant_id and r.source = x.source and r.event_id = x.event_id and ${where}
             limit 1) r
          where r.position is null`);
export const selectRecords = (keys: readonly UsageKey[]): Statement => ({
  name: 'batch-records', text: RECORDS(),
  values: [shardList(keys), ints(keys, (k) => k.shard), ints(keys, (k) => k.tenantId), texts(keys, (k) => k.source), texts(keys, (k) => k.usageId)],
});
export interface StoredRecord { readonly ordinal: string; readonly body_hash: Buffer }

const INSERT_ONLINE = `
  insert into online_usage (shard, root_id, charging_id, position, owner_id, tenant_id, unit, quantity)
  select * from unnest($1::smallint[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::smallint[], $7::text[], $8::bigint[])`;

/** Appends what was charged online under charging ids. */
export const ONLINE_USAGES: RowWriter<OnlinePart> = {
  order: 50,
  make: (rows) => ({
    name: 'insert-online', text: INSERT_ONLINE,
    values: [ints(rows, (r) => r.shard), bigints(rows, (r) => r.rootId), texts(rows, (r) => r.chargingId), bigints(rows, (r) => r.position),
      bigints(rows, (r) => r.ownerId), ints(rows, (r) => r.tenantId), texts(rows, (r) => r.unit), bigints(rows, (r) => r.quantity)],
  }),
};

const INSERT_RECORDS = `
  insert into usage_record (shard, tenant_id, source, event_id, body_hash, root_id, charging_id, owner_id, unit, quantity, event_at, position, booked_at)
  select * from unnest($1::smallint[], $2::smallint[], $3::text[], $4::text[], $5::bytea[], $6::bigint[], $7::text[], $8::bigint[],
                       $9::text[], $10::bigint[], $11::timestamptz[], $12::bigint[], $13::timestamptz[])`;

/** Appends records, compared or charged. */
export const USAGE_RECORDS: RowWriter<RecordRow> = {
  order: 60,
  make: (rows) => ({
    name: 'insert-records', text: INSERT_RECORDS,
    values: [ints(rows, (r) => r.shard), ints(rows, (r) => r.tenantId), texts(rows, (r) => r.source), texts(rows, (r) => r.eventId),
      bytes(rows, (r) => r.bodyHash), bigints(rows, (r) => r.rootId), texts(rows, (r) => r.chargingId), bigints(rows, (r) => r.ownerId),
      texts(rows, (r) => r.unit), bigints(rows, (r) => r.quantity), instants(rows, (r) => r.eventAt), bigints(rows, (r) => r.position),
      instants(rows, (r) => r.bookedAt)],
  }),
};

/** The rows of each key as one: a statement may not touch one row twice. `add` puts the later into the earlier. */
function folded<R>(rows: readonly R[], keyOf: (row: R) => string, add: (into: R, row: R) => R): R[] {
  const found = new Map<string, R>();
  for (const row of rows) {
    const before = found.get(keyOf(row));
    found.set(keyOf(row), before ? add(before, row) : row);
  }
  return [...found.values()];
}

const keyOf = (row: ChargingIdKey & { readonly ownerId: bigint; readonly unit: string }): string =>
  `${row.rootId}/${row.ownerId}/${row.unit}/${row.chargingId}`;

const ADD_RECORDS = `
  insert into usage_comparison as c (shard, root_id, charging_id, owner_id, unit, source, tenant_id, started_at, online_quantity, online_usages,
         record_quantity, records, charged_quantity, charged_records)
  select * from unnest($1::smallint[], $2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::smallint[], $8::timestamptz[],
                       $9::numeric[], $10::integer[], $11::numeric[], $12::integer[], $13::numeric[], $14::integer[])
      on conflict (shard, root_id, charging_id, owner_id, unit, source)
      do update set record_quantity = c.record_quantity + excluded.record_quantity, records = c.records + excluded.records,
                    charged_quantity = c.charged_quantity + excluded.charged_quantity, charged_records = c.charged_records + excluded.charged_records`;

/** Adds records to their comparisons; the first of one brings what was charged online before this batch. */
export const COMPARISONS: RowWriter<ComparedPart> = {
  order: 70,
  make: (all) => {
    const rows = folded(all, (row) => `${keyOf(row)}\n${row.source}`, (into, row) => ({
      ...into, quantity: into.quantity + row.quantity, records: into.records + row.records,
      chargedQuantity: into.chargedQuantity + row.chargedQuantity, chargedRecords: into.chargedRecords + row.chargedRecords,
    }));
    return {
      name: 'add-records', text: ADD_RECORDS,
      values: [ints(rows, (r) => r.shard), bigints(rows, (r) => r.rootId), texts(rows, (r) => r.chargingId), bigints(rows, (r) => r.ownerId),
        texts(rows, (r) => r.unit), texts(rows, (r) => r.source), ints(rows, (r) => r.tenantId), instants(rows, (r) => r.startedAt),
        bigints(rows, (r) => r.online.quantity), ints(rows, (r) => r.online.usages), bigints(rows, (r) => r.quantity), ints(rows, (r) => r.records),
        bigints(rows, (r) => r.chargedQuantity), ints(rows, (r) => r.chargedRecords)],
    };
  },
};

const RAISE_ONLINE = routedText('c.shard', (where) => `update usage_comparison c
     set online_quantity = c.online_quantity + x.quantity, online_usages = c.online_usages + x.usages
    from unnest($2::smallint[], $3::bigint[], $4::text[], $5::bigint[], $6::text[], $7::numeric[], $8::integer[])
         x(shard, root_id, charging_id, owner_id, unit, quantity, usages)
   where c.shard = x.shard and c.root_id = x.root_id and c.charging_id = x.charging_id and c.owner_id = x.owner_id and c.unit = x.unit and ${where}`);

/** Adds this batch's online usage to the comparisons that there are, those of this batch among them; mostly there is none. */
export const ONLINE_RAISES: RowWriter<OnlinePart> = {
  order: 80,
  make: (all) => {
    const rows = folded(all.map((part) => ({ ...part, usages: 1 })), keyOf, (into, row) =>
      ({ ...into, quantity: into.quantity + row.quantity, usages: into.usages + 1 }));
    return {
      name: 'raise-online', text: RAISE_ONLINE(),
      values: [shardList(rows), ints(rows, (r) => r.shard), bigints(rows, (r) => r.rootId), texts(rows, (r) => r.chargingId),
        bigints(rows, (r) => r.ownerId), texts(rows, (r) => r.unit), bigints(rows, (r) => r.quantity), ints(rows, (r) => r.usages)],
    };
  },
};
