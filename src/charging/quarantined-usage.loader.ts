import type { RequestContext } from '../context';
import type { ErrorCode } from '../platform/errors';
import { decodeId, encodeCursor, encodeId, foreignCursor, keysAfter, quantityOf, wholePart } from '../platform/graphql';
import { quantity } from '../platform/money';
import { shardOfUsage } from '../platform/root';
import type { StoredUsage } from '../usage/usage.codec';
import { messageOf } from './decide/refusals';
import { QuarantinedUsage } from './quarantined-usage.type';

/** Which of the usages put aside are wanted; null = any. */
export interface QuarantineFilter {
  readonly source: string | null;
  readonly reason: ErrorCode | null;
}

export interface QuarantineRecord {
  readonly source: string;
  readonly event_id: string;
  readonly body_hash: Buffer;
  readonly body: StoredUsage;
  readonly reason: ErrorCode;
  readonly attempts: number;
  readonly received_at: Date;
}

const COLUMNS = 'source, event_id, body_hash, body, reason, attempts, received_at';
const OPEN = `state = 'OPEN' and tenant_id = $1 and ($2::text is null or source = $2) and ($3::text is null or reason = $3)`;

const SELECT_PAGE = `
  select ${COLUMNS} from unguided_usage
   where ${OPEN} and (received_at, source, event_id, body_hash) > ($4::timestamptz, $5::text, $6::text, $7::bytea)
   order by received_at, source, event_id, body_hash limit $8`;

/** The oldest usages put aside in a tenant, at most `limit`, behind the cursor. */
export async function openUsages(
  { services, caller }: RequestContext, { source, reason }: QuarantineFilter, after: string | null, limit: number,
): Promise<QuarantineRecord[]> {
  const { rows } = await services.pool.query<QuarantineRecord>(SELECT_PAGE, [caller.tenantId, source, reason, ...placeOf(after, caller.tenantId), limit]);
  return rows;
}

const SELECT_BY_KEY = `
  select ${COLUMNS} from unnest($2::smallint[], $3::text[], $4::text[], $5::text[]) asked (shard, source, event_id, hash)
    join unguided_usage using (shard, source, event_id)
   where tenant_id = $1 and body_hash = decode(asked.hash, 'hex') and state <> 'FREE'`;

/** The key of a usage put aside; ids carry it. */
export interface QuarantineKey {
  readonly source: string;
  readonly usageId: string;
  /** Hexadecimal. */
  readonly hash: string;
}

/** Usages by key, in order; null where the tenant has none, and undriven though they may be done by now. */
export async function usagesByKey({ services, caller }: RequestContext, keys: readonly QuarantineKey[]): Promise<(QuarantineRecord | null)[]> {
  const { rows } = await services.pool.query<QuarantineRecord>(SELECT_BY_KEY, [caller.tenantId,
    keys.map(({ source, usageId }) => shardOfUsage(source, usageId)), keys.map(({ source }) => source),
    keys.map(({ usageId }) => usageId), keys.map(({ hash }) => hash)]);
  const textOf = (source: string, usageId: string, hash: string): string => `${source}\n${usageId}\n${hash}`;
  const found = new Map(rows.map((row) => [textOf(row.source, row.event_id, row.body_hash.toString('hex')), row]));
  return keys.map(({ source, usageId, hash }) => found.get(textOf(source, usageId, hash)) ?? null);
}

const COUNT_OPEN = `select count(*)::integer as open from (select 1 from unguided_usage where ${OPEN} limit $4) counted`;
const MOST_COUNTED = 10_000;

/** How many are put aside; counts no further than 10,000. */
export async function countOpen({ services, caller }: RequestContext, { source, reason }: QuarantineFilter): Promise<number> {
  const { rows } = await services.pool.query<{ open: number }>(COUNT_OPEN, [caller.tenantId, source, reason, MOST_COUNTED]);
  return rows[0]!.open;
}

/*
 * Source and usage id are texts of the sender. In ids and cursors they stand as base64url, so that no character of theirs
 * is written as three.
 */
const packed = (text: string): string => Buffer.from(text).toString('base64url');
const unpacked = (text: string): string => Buffer.from(text, 'base64url').toString();

const SCOPE = 'quarantine';
const HASH = /^[0-9a-f]{64}$/;
const hexOf = (text: string): string => Buffer.from(text, 'base64url').toString('hex');

export const quarantineCursor = (tenantId: number) => ({ received_at: at, source, event_id: usageId, body_hash: hash }: QuarantineRecord): string =>
  encodeCursor(SCOPE, tenantId, at.getTime(), packed(source), packed(usageId), hash.toString('base64url'));

/** The sort keys behind a cursor; the place before everything where there is none. */
function placeOf(cursor: string | null, tenantId: number): readonly [at: string, source: string, usageId: string, hash: string] {
  const keys = keysAfter(cursor, SCOPE, tenantId, 4);
  if (keys === null) return ['-infinity', '', '', '\\x'];
  const at = wholePart(keys[0]);
  const [, source, usageId, hash] = keys;
  if (at === null || source === undefined || usageId === undefined || !HASH.test(hexOf(hash ?? ''))) throw foreignCursor();
  return [instantText(at), checkedKey(source), checkedKey(usageId), `\\x${hexOf(hash!)}`];
}

/** A forged cursor may hold any number: what is no instant names no place of the list. */
function instantText(at: bigint): string {
  const LAST_INSTANT = 253_402_300_799_999n;
  if (at < 0n || at > LAST_INSTANT) throw foreignCursor();
  return new Date(+at.toString()).toISOString();
}

function checkedKey(text: string): string {
  const key = unpacked(text);
  if (key.includes('\0')) throw foreignCursor();
  return key;
}

/** The key in the parts of an id; null where they are none. */
export function quarantineKeyOf(parts: readonly string[] | null): QuarantineKey | null {
  if (parts?.length !== 3 || parts.some((part) => Buffer.from(part, 'base64url').toString('base64url') !== part)) return null;
  const [source, usageId, hash] = [unpacked(parts[0]!), unpacked(parts[1]!), hexOf(parts[2]!)];
  return HASH.test(hash) && !`${source}${usageId}`.includes('\0') ? { source, usageId, hash } : null;
}

export const quarantineKeyOfId = (id: string): QuarantineKey | null => quarantineKeyOf(decodeId(id, 'QuarantinedUsage'));

export function quarantinedOf(row: QuarantineRecord): QuarantinedUsage {
  const { body } = row;
  return Object.assign(new QuarantinedUsage(), {
    id: encodeId('QuarantinedUsage', packed(row.source), packed(row.event_id), row.body_hash.toString('base64url')),
    usageId: row.event_id, source: row.source, kind: body.kind, subscriber: body.subscriber.value, startedAt: new Date(body.startedAt),
    quantity: quantityOf(quantity(BigInt(body.quantity)), body.unit), reason: { code: row.reason, message: messageOf(row.reason) },
    attempts: row.attempts, receivedAt: row.received_at,
  });
}
