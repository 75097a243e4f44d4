import type { RequestContext } from '../context';
import { encodeCursor, foreignCursor, keysAfter, quantityOf, wholePart } from '../platform/graphql';
import { quantity, Unit } from '../platform/money';
import { UsageComparison } from './usage-comparison.type';

export interface ComparisonRecord {
  readonly shard: number;
  readonly root_id: string;
  readonly charging_id: string;
  readonly owner_id: string;
  readonly unit: Unit;
  readonly source: string;
  readonly started_at: Date;
  readonly online_quantity: string;
  readonly online_usages: number;
  readonly record_quantity: string;
  readonly records: number;
  readonly charged_quantity: string;
  readonly charged_records: number;
}

const KEYS = 'started_at, shard, root_id, charging_id, owner_id, unit, source';
const pageOfRows = (wanted: string): string => `
  select ${KEYS}, online_quantity, online_usages, record_quantity, records, charged_quantity, charged_records from usage_comparison
   where tenant_id = $1 and ($2::text is null or source = $2) ${wanted}
     and (${KEYS}) > ($3::timestamptz, $4::smallint, $5::bigint, $6::text, $7::bigint, $8::text, $9::text)
   order by ${KEYS} limit $10`;
const SELECT_ALL = pageOfRows('');
const SELECT_DIFFERING = pageOfRows('and online_quantity + charged_quantity <> record_quantity');

/** Comparisons of a tenant by the start of their usage, at most `limit`, behind the cursor. */
export async function comparisons(
  { services, caller }: RequestContext, { differing, source }: { readonly differing: boolean; readonly source: string | null },
  after: string | null, limit: number,
): Promise<ComparisonRecord[]> {
  const { rows } = await services.pool.query<ComparisonRecord>(differing ? SELECT_DIFFERING : SELECT_ALL,
    [caller.tenantId, source, ...placeOf(after, caller.tenantId), limit]);
  return rows;
}

const SCOPE = 'comparison';
const packed = (text: string): string => Buffer.from(text).toString('base64url');

export const comparisonCursor = (tenantId: number) => (row: ComparisonRecord): string => encodeCursor(
  SCOPE, tenantId, row.started_at.getTime(), row.shard, row.root_id, packed(row.charging_id), row.owner_id, row.unit, packed(row.source));

const FIRST = ['-infinity', 0, '0', '', '0', '', ''] as const;
const UNITS: ReadonlySet<string> = new Set<Unit>(['BYTE', 'SECOND', 'EVENT']);
const LAST_INSTANT = 253_402_300_799_999n;
const LAST_SHARD = 4_095n;

/** The sort keys behind a cursor; the place before everything where there is none. */
function placeOf(cursor: string | null, tenantId: number): readonly (string | number)[] {
  const keys = keysAfter(cursor, SCOPE, tenantId, 7);
  if (keys === null) return FIRST;
  const [at, shard, root, chargingId, owner, unit, source] = keys;
  return [
    new Date(+bounded(at, LAST_INSTANT)).toISOString(), bounded(shard, LAST_SHARD), bounded(root), unpacked(chargingId), bounded(owner),
    UNITS.has(unit ?? '') ? unit! : refused(), unpacked(source),
  ];
}

const refused = (): never => { throw foreignCursor(); };

/** A forged cursor may hold any number: what is none of the list names no place of it. */
function bounded(key: string | undefined, most: bigint | null = null): string {
  const value = wholePart(key);
  return value === null || value < 0n || (most !== null && value > most) ? refused() : value.toString();
}

function unpacked(key: string | undefined): string {
  const text = Buffer.from(key ?? '', 'base64url').toString();
  return key === undefined || text.includes('\0') ? refused() : text;
}

/** The comparison as the API shows it. */
export function comparisonOf(row: ComparisonRecord): UsageComparison {
  const [online, recorded, charged] = [row.online_quantity, row.record_quantity, row.charged_quantity].map(BigInt) as [bigint, bigint, bigint];
  const of = (units: bigint): ReturnType<typeof quantityOf> => quantityOf(quantity(units), row.unit);
  return Object.assign(new UsageComparison(), {
    chargingId: row.charging_id, source: row.source, startedAt: row.started_at, online: of(online), onlineUsages: row.online_usages,
    recorded: of(recorded), records: row.records, chargedAsRecorded: of(charged), chargedRecords: row.charged_records,
    difference: of(online + charged - recorded),
  });
}
