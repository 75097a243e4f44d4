import type { RequestContext } from '../context';
import { encodeCursor, encodeId, foreignCursor, keysAfter, wholePart } from '../platform/graphql';
import { snssaiText } from '../usage/snssai.rules';
import { measurementOf, StoredMeasurement } from './measurement.codec';
import { UnguidedMeasurement } from './measurement.payload';
import { ASIDE_MESSAGES, AsideReason, Measurement } from './measurement.types';

export interface UnguidedRecord {
  readonly source: string;
  readonly measurement_id: string;
  readonly body_hash: Buffer;
  readonly body: StoredMeasurement;
  readonly reason: AsideReason;
  readonly attempts: number;
  readonly received_at: Date;
}

const SELECT_OPEN = `
select source, measurement_id, body_hash, body, reason, attempts, received_at from unguided_measurement
 where state = 'OPEN' and tenant_id = $1 and ($2::text is null or reason = $2)
   and (received_at, source, measurement_id, body_hash) > ($3::timestamptz, $4::text, $5::text, $6::bytea)
 order by received_at, source, measurement_id, body_hash limit $7`;

/** The oldest measurements put aside in a tenant behind the cursor, at most `limit`. */
export async function openMeasurements({ services, caller }: RequestContext, reason: AsideReason | null, after: string | null, limit: number): Promise<UnguidedRecord[]> {
  const { rows } = await services.pool.query<UnguidedRecord>(SELECT_OPEN, [caller.tenantId, reason, ...placeOf(after, caller.tenantId), limit]);
  return rows;
}

/* Source and id are texts of the sender: in a cursor they stand as base64url, so that no character of theirs is written as three. */
const packed = (text: string): string => Buffer.from(text).toString('base64url');
const SCOPE = 'unguidedMeasurement';
const HASH = /^[0-9a-f]{64}$/;
const LAST_INSTANT = 253_402_300_799_999n;

export const unguidedCursor = (tenantId: number) => (row: UnguidedRecord): string =>
  encodeCursor(SCOPE, tenantId, row.received_at.getTime(), packed(row.source), packed(row.measurement_id), row.body_hash.toString('base64url'));

function placeOf(cursor: string | null, tenantId: number): readonly string[] {
  const keys = keysAfter(cursor, SCOPE, tenantId, 4);
  if (keys === null) return ['-infinity', '', '', '\\x'];
  const at = wholePart(keys[0]);
  const hash = Buffer.from(keys[3] ?? '', 'base64url').toString('hex');
  if (at === null || at < 0n || at > LAST_INSTANT || !HASH.test(hash)) throw foreignCursor();
  return [new Date(+at.toString()).toISOString(), unpacked(keys[1]!), unpacked(keys[2]!), `\\x${hash}`];
}

function unpacked(text: string): string {
  const key = Buffer.from(text, 'base64url').toString();
  if (key.includes('\0')) throw foreignCursor();
  return key;
}

export const measurementIn = (row: UnguidedRecord): Measurement => measurementOf(row.source, row.measurement_id, row.body);

export function unguidedOf(row: UnguidedRecord): UnguidedMeasurement {
  const { slice, reading } = measurementIn(row);
  const named = 'productId' in slice ? { snssai: null, tenantIdentifier: null, productId: encodeId('Product', slice.productId) }
    : { snssai: snssaiText(slice.snssai), tenantIdentifier: slice.tenantIdentifier, productId: null };
  return Object.assign(new UnguidedMeasurement(), {
    ...named, measurementId: row.measurement_id, source: row.source, measuredAt: new Date(reading.from), reason: row.reason, message: ASIDE_MESSAGES[row.reason],
    attempts: row.attempts, receivedAt: row.received_at,
  });
}
