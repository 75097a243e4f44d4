import type { Pool } from 'pg';
import type { PeriodKind } from '../catalog/terms.types';
import { RootRef, shardOfId } from '../platform/root';
import type { AvailabilityObjective, DeviceCounting } from '../slice/slice.types';
import { snssaiText } from '../usage/snssai.rules';
import { SELECT_NAMED_SLICES, SELECT_PAID_SLICES, SELECT_SLICES, SliceRecord } from './sql/slice.sql';

/** A slice product as far as measuring it depends on it. Instants are epoch ms. */
export interface MeasuredSlice extends RootRef {
  readonly id: bigint;
  readonly tenantId: number;
  readonly accountId: bigint;
  readonly state: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly anchorAt: number;
  readonly periodKind: PeriodKind;
  readonly periodLength: number;
  readonly timeZone: string;
  readonly billCycleDay: number;
  readonly currency: string;
  /** As `snssaiText` spells it. */
  readonly snssai: string;
  /** Null = no capacity is reserved for it, so that no maintenance is agreed. */
  readonly areaId: string | null;
  readonly counting: DeviceCounting | null;
  readonly objective: AvailabilityObjective | null;
}

const NEVER_ACTIVE: ReadonlySet<string> = new Set(['CREATED', 'PENDING_ACTIVE', 'CANCELLED', 'ABORTED']);

/** Whether the slice was there at any instant of a stretch; one without length is an instant. */
export const wasThere = ({ state, startedAt, endedAt }: MeasuredSlice, from: number, until: number): boolean =>
  !NEVER_ACTIVE.has(state) && (until > from ? startedAt < until : startedAt <= from) && (endedAt === null || endedAt > from);

export const sliceOf = (row: SliceRecord): MeasuredSlice => ({
  shard: row.shard, rootId: BigInt(row.root_id), id: BigInt(row.id), tenantId: row.tenant_id, accountId: BigInt(row.account_id), state: row.state,
  startedAt: row.started_at, endedAt: row.ended_at, anchorAt: row.anchor_at, periodKind: row.period_kind as PeriodKind, periodLength: row.period_length,
  timeZone: row.time_zone, billCycleDay: row.bill_cycle_day, currency: row.currency, snssai: snssaiText(row), areaId: row.area_id,
  counting: row.counting as DeviceCounting | null, objective: row.objective as AvailabilityObjective | null,
});

/** By product id; what is no slice of the tenant has no entry. */
export async function slicesById(pool: Pool, tenantId: number, ids: readonly bigint[]): Promise<ReadonlyMap<bigint, MeasuredSlice>> {
  if (ids.length === 0) return new Map();
  const distinct = [...new Set(ids)];
  const { rows } = await pool.query<SliceRecord>(SELECT_SLICES, [tenantId, distinct.map(shardOfId), distinct.map(String)]);
  return new Map(rows.map((row) => [BigInt(row.id), sliceOf(row)]));
}

export interface NamedSlice { readonly snssai: string; readonly tenantIdentifier: string | null }

/** The products of each name, in the order asked. */
export async function slicesByName(pool: Pool, tenantId: number, names: readonly NamedSlice[]): Promise<MeasuredSlice[][]> {
  const found = names.map((): MeasuredSlice[] => []);
  if (names.length === 0) return found;
  const { rows } = await pool.query<SliceRecord & { readonly ordinal: number }>(SELECT_NAMED_SLICES,
    [tenantId, names.map(({ snssai }) => snssai), names.map(({ tenantIdentifier }) => tenantIdentifier)]);
  for (const row of rows) found[row.ordinal - 1]!.push(sliceOf(row));
  return found;
}

export interface PaidSlice {
  readonly payerId: bigint;
  readonly slice: MeasuredSlice;
}

/** The slices of accounts that these pay for, in one statement. */
export async function slicesPaidBy(pool: Pool, tenantId: number, payers: readonly { readonly shard: number; readonly accountId: bigint }[]): Promise<PaidSlice[]> {
  if (payers.length === 0) return [];
  const { rows } = await pool.query<SliceRecord & { readonly payer_id: string }>(SELECT_PAID_SLICES,
    [tenantId, payers.map(({ shard }) => shard), payers.map(({ accountId }) => accountId.toString())]);
  return rows.map((row) => ({ payerId: BigInt(row.payer_id), slice: sliceOf(row) }));
}
