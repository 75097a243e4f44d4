import { isoInstant } from '../platform/db';
import type { Queryable } from '../tenant';
import { judge, Measured, measure, StateInterval, Verdict } from './availability.rules';
import type { Interval } from './interval.rules';
import type { MeasuredSlice } from './measured-slice';
import type { SlicePeriodBounds } from './period.rules';
import {
  COUNT_SAMPLES, INSERT_REVISION, PeriodRecord, SELECT_DEVICES, SELECT_MAINTENANCE, SELECT_REPORTS, SELECT_REVISIONS,
} from './sql/period.sql';

/** What was measured in a period, and what follows from it. */
export interface PeriodFacts {
  /** Samples that were looked at: more of them later make another revision. */
  readonly seen: bigint;
  readonly devices: { readonly samples: bigint; readonly expected: bigint | null; readonly peak: bigint | null; readonly peakAt: number | null;
    /** The last sample; told while a period runs, and not kept. */
    readonly last: bigint | null; readonly lastAt: number | null };
  /** Null where nothing is promised. */
  readonly availability: { readonly measured: Measured; readonly verdict: Verdict } | null;
  /** Decimal text; null where a person is to decide, or nothing is promised. */
  readonly creditPercent: string | null;
  readonly decision: { readonly by: string; readonly reason: string } | null;
}

/** A revision as stored. */
export interface PeriodRevision extends SlicePeriodBounds {
  readonly shard: number;
  readonly productId: bigint;
  readonly revision: number;
  readonly facts: PeriodFacts;
  readonly deviceUsageId: string | null;
  readonly isSettled: boolean;
}

/** A period of a slice, of which something is to be read. */
export interface SlicedPeriod {
  readonly slice: MeasuredSlice;
  readonly period: SlicePeriodBounds;
}

/** Reads what was measured of slices of one tenant in periods, in order: four statements however many there are. */
export async function readFacts(database: Queryable, asked: readonly SlicedPeriod[]): Promise<PeriodFacts[]> {
  if (asked.length === 0) return [];
  const spans = spansOf(asked);
  // Counted first: what comes meanwhile makes another revision, and never goes by unseen.
  const counts = await database.query<{ ordinal: number; seen: string }>(COUNT_SAMPLES, spans);
  const devices = await database.query<DeviceRecord>(SELECT_DEVICES, [...spans, asked.map(({ slice }) => slice.counting?.source ?? null)]);
  const reports = grouped((await database.query<StateInterval & Ordinal>(SELECT_REPORTS, spans)).rows);
  const windows = grouped((await database.query<Interval & Ordinal>(SELECT_MAINTENANCE,
    [asked[0]!.slice.tenantId, asked.map(({ slice }) => slice.areaId), ...spans.slice(2)])).rows);
  const seen = new Map(counts.rows.map((row) => [row.ordinal, BigInt(row.seen)]));
  const counted = new Map(devices.rows.map((row) => [row.ordinal, row]));
  return asked.map((one, index) => ({
    seen: seen.get(index + 1) ?? 0n, devices: devicesOf(one, counted.get(index + 1)), decision: null,
    ...availabilityIn(one, windows.get(index + 1) ?? [], reports.get(index + 1) ?? []),
  }));
}

interface Ordinal { readonly ordinal: number; readonly [column: string]: unknown }
interface DeviceRecord extends Ordinal { readonly samples: string; readonly peak: string | null; readonly peak_at: number | null; readonly last: string | null; readonly last_at: number | null }

export const spansOf = (asked: readonly SlicedPeriod[]): unknown[] => [
  asked.map(({ slice }) => slice.shard), asked.map(({ slice }) => slice.id.toString()), asked.map(({ period }) => isoInstant(period.start)),
  asked.map(({ period }) => isoInstant(period.end)),
];

function grouped<T extends Ordinal>(rows: readonly T[]): Map<number, T[]> {
  const found = new Map<number, T[]>();
  for (const row of rows) {
    const list = found.get(row.ordinal);
    if (list) list.push(row);
    else found.set(row.ordinal, [row]);
  }
  return found;
}

const wholeOrNull = (text: string | null | undefined): bigint | null => (text === null || text === undefined ? null : BigInt(text));

function devicesOf({ slice: { counting }, period }: SlicedPeriod, row: DeviceRecord | undefined): PeriodFacts['devices'] {
  return {
    samples: wholeOrNull(row?.samples) ?? 0n, expected: counting && BigInt(period.end - period.start) / (BigInt(counting.intervalSeconds) * 1000n),
    peak: wholeOrNull(row?.peak), peakAt: row?.peak_at ?? null, last: wholeOrNull(row?.last), lastAt: row?.last_at ?? null,
  };
}

function availabilityIn(
  { slice: { objective }, period }: SlicedPeriod, windows: readonly Interval[], reports: readonly StateInterval[],
): Pick<PeriodFacts, 'availability' | 'creditPercent'> {
  if (!objective) return { availability: null, creditPercent: null };
  const measured = measure({ from: period.start, until: period.end }, windows, reports);
  const { verdict, creditPercent } = judge(measured, objective);
  return { availability: { measured, verdict }, creditPercent };
}

const big = (text: string | null): bigint => BigInt(text ?? '0');

export function revisionOf(row: PeriodRecord): PeriodRevision {
  const measured = { period: big(row.period_ms), maintenance: big(row.maintenance_ms), gaps: big(row.gap_ms), measured: big(row.measured_ms), down: big(row.down_ms) };
  return {
    shard: row.shard, productId: BigInt(row.product_id), start: row.period_start, end: row.period_end, revision: row.revision,
    facts: {
      seen: BigInt(row.seen), availability: row.verdict === null ? null : { measured, verdict: row.verdict }, creditPercent: row.credit_percent,
      devices: {
        samples: BigInt(row.samples), expected: row.expected_samples === null ? null : BigInt(row.expected_samples),
        peak: row.peak === null ? null : BigInt(row.peak), peakAt: row.peak_at, last: null, lastAt: null,
      },
      decision: row.decided_by === null ? null : { by: row.decided_by, reason: row.reason! },
    },
    deviceUsageId: row.device_usage_id, isSettled: row.settled_at !== null,
  };
}

/** The last revision of a period and the one before it. */
export async function lastRevisions(database: Queryable, slice: Pick<MeasuredSlice, 'shard' | 'id'>, start: number): Promise<(PeriodRevision | undefined)[]> {
  const { rows } = await database.query<PeriodRecord & Record<string, unknown>>(SELECT_REVISIONS, [slice.shard, slice.id.toString(), isoInstant(start)]);
  return rows.map(revisionOf);
}

/** Stores a revision; false where it is there: two that settle at once store one. */
export async function storeRevision(
  database: Queryable, slice: MeasuredSlice, period: SlicePeriodBounds, revision: number, facts: PeriodFacts, now: number,
): Promise<boolean> {
  const { devices, availability, creditPercent, decision } = facts;
  const of = (value: bigint | null | undefined): string | null => (value === null || value === undefined ? null : value.toString());
  const measured = availability?.measured;
  const { rowCount } = await database.query(INSERT_REVISION, [
    slice.shard, slice.id.toString(), isoInstant(period.start), revision, slice.tenantId, slice.rootId.toString(), slice.accountId.toString(), isoInstant(period.end),
    of(facts.seen), of(devices.peak), devices.peakAt === null ? null : isoInstant(devices.peakAt), of(devices.samples), of(devices.expected),
    BigInt(period.end - period.start).toString(), of(measured?.maintenance), of(measured?.gaps), of(measured?.measured), of(measured?.down),
    availability?.verdict ?? null, creditPercent, decision?.by ?? null, decision?.reason ?? null, isoInstant(now),
  ]);
  return rowCount === 1;
}
