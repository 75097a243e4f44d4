import type { Pool } from 'pg';
import type { ChargingApi, UsageResult } from '../charging';
import { bigints, bytes, ints, inTransaction, instants, isoInstant, texts } from '../platform/db';
import { ErrorCode } from '../platform/errors';
import { shardOfUsage } from '../platform/root';
import { DAY_MS } from '../platform/time';
import { Guided, guideMeasurements } from './guide-measurement';
import { MeasuredSlice, slicesById } from './measured-slice';
import { storedMeasurement } from './measurement.codec';
import { countMeasurements } from './measurement.metrics';
import { ASIDE_MESSAGES, AsideReason, Measurement } from './measurement.types';
import { CLOSE_ASIDE, INSERT_KEYS, INSERT_SAMPLES, PUT_ASIDE, SELECT_KEYS } from './sql/intake.sql';
import { volumeUsage } from './volume-usage';

export type MeasurementStatus = 'ACCEPTED' | 'DUPLICATE' | 'CONFLICT' | 'INVALID' | 'UNGUIDED';

/** What became of one measurement. */
export interface MeasurementResult {
  readonly measurementId: string;
  readonly status: MeasurementStatus;
  /** Whether its period was settled before it came. */
  readonly isLate: boolean;
  /** What its volume was charged; null for what is no volume or was not taken in. */
  readonly usage: UsageResult | null;
  readonly error: { readonly code: ErrorCode; readonly message: string; readonly path: readonly string[] } | null;
}

const CODES: Readonly<Record<AsideReason, ErrorCode>> = {
  UNKNOWN_SLICE: 'NOT_FOUND', NOT_ACTIVE: 'PRODUCT_NOT_ACTIVE', AMBIGUOUS: 'CONFLICT', CONFLICT: 'USAGE_CONFLICT', TOO_LATE: 'USAGE_TOO_LATE',
};

interface Taken { readonly measurement: Measurement; readonly slice: MeasuredSlice }
type Verdict =
  | { readonly kind: 'NEW' | 'KNOWN'; readonly slice: MeasuredSlice }
  | { readonly kind: 'ASIDE'; readonly reason: AsideReason }
  | { readonly kind: 'INVALID'; readonly message: string; readonly path: readonly string[] };

/**
 * Takes measurements in, each once by its key, and charges volumes. It keeps first and charges then: where it ends between
 * the two, the sender's repeat (or the settlement of the period) charges what was kept, once by the usage's id.
 */
export class MeasurementIntake {
  constructor(private readonly pool: Pool, private readonly charging: Pick<ChargingApi, 'chargeUsage' | 'now'>) {}

  /** One result a measurement, in order; all are of one tenant. @param lateLimitDays older ones are put aside. */
  async take(tenantId: number, measurements: readonly Measurement[], lateLimitDays: number): Promise<MeasurementResult[]> {
    if (measurements.length === 0) return [];
    const now = await this.charging.now(tenantId);
    const verdicts = await this.judge(tenantId, measurements, now - lateLimitDays * DAY_MS);
    const fresh = measurements.flatMap((measurement, index) => {
      const verdict = verdicts[index]!;
      return verdict.kind === 'NEW' ? [{ measurement, slice: verdict.slice }] : [];
    });
    const aside = measurements.flatMap((measurement, index) => {
      const verdict = verdicts[index]!;
      return verdict.kind === 'ASIDE' ? [{ measurement, reason: verdict.reason }] : [];
    });
    const kept = await this.keep(tenantId, fresh, aside, now);
    // Another call was first with some of the keys: what they are now is asked once more.
    if (kept.lost) return this.take(tenantId, measurements, lateLimitDays);
    const results = await this.charged(measurements, verdicts, kept.late);
    countMeasurements(results);
    return results;
  }

  private async judge(tenantId: number, measurements: readonly Measurement[], oldest: number): Promise<Verdict[]> {
    const known = await this.known(tenantId, measurements);
    const guided = await guideMeasurements(this.pool, tenantId, measurements);
    const first = new Map<string, Measurement>();
    return measurements.map((measurement, index): Verdict => {
      const stored = known.get(index);
      if (stored) return stored.hash.equals(measurement.bodyHash) ? { kind: 'KNOWN', slice: stored.slice } : { kind: 'ASIDE', reason: 'CONFLICT' };
      const twin = first.get(keyOf(measurement));
      if (twin && !twin.bodyHash.equals(measurement.bodyHash)) return { kind: 'ASIDE', reason: 'CONFLICT' };
      const verdict = verdictOf(guided[index]!, measurement, oldest);
      if (verdict.kind === 'NEW') first.set(keyOf(measurement), measurement);
      return twin && verdict.kind === 'NEW' ? { kind: 'KNOWN', slice: verdict.slice } : verdict;
    });
  }

  private async known(tenantId: number, measurements: readonly Measurement[]): Promise<Map<number, { readonly hash: Buffer; readonly slice: MeasuredSlice }>> {
    const { rows } = await this.pool.query<{ ordinal: number; body_hash: Buffer; product_id: string }>(SELECT_KEYS, [tenantId, ...keyColumns(measurements)]);
    const slices = await slicesById(this.pool, tenantId, rows.map((row) => BigInt(row.product_id)));
    return new Map(rows.flatMap((row) => {
      const slice = slices.get(BigInt(row.product_id));
      return slice ? [[row.ordinal - 1, { hash: row.body_hash, slice }] as const] : [];
    }));
  }

  /** One transaction: keys, samples, what is put aside. `lost`: some key was taken meanwhile, and nothing was kept. */
  private async keep(
    tenantId: number, fresh: readonly Taken[], aside: readonly { readonly measurement: Measurement; readonly reason: AsideReason }[], now: number,
  ): Promise<{ readonly lost: boolean; readonly late: ReadonlySet<string> }> {
    const at = isoInstant(now);
    const taken = fresh.map(({ measurement }) => measurement);
    try {
      return await inTransaction(this.pool, async (tx) => {
        const late = new Set<string>();
        if (fresh.length > 0) {
          const { rowCount } = await tx.query(INSERT_KEYS, [tenantId, at, ...keyColumns(taken), bytes(taken, (m) => m.bodyHash), bigints(fresh, ({ slice }) => slice.id)]);
          if (rowCount !== fresh.length) throw new KeysTaken();
          const { rows } = await tx.query<{ source: string; measurement_id: string }>(INSERT_SAMPLES, [tenantId, at, ...sampleColumns(fresh)]);
          for (const row of rows) late.add(keyOf({ source: row.source, measurementId: row.measurement_id }));
          await tx.query(CLOSE_ASIDE, [tenantId, at, ...keyColumns(taken), bytes(taken, (m) => m.bodyHash)]);
        }
        const put = [...new Map(aside.map((one) => [`${keyOf(one.measurement)}\n${one.measurement.bodyHash.toString('hex')}`, one])).values()];
        if (put.length > 0) {
          const rows = put.map(({ measurement }) => measurement);
          await tx.query(PUT_ASIDE, [tenantId, at, ...keyColumns(rows), bytes(rows, (m) => m.bodyHash),
            texts(rows, (m) => JSON.stringify(storedMeasurement(m))), texts(put, ({ reason }) => reason)]);
        }
        return { lost: false, late };
      });
    } catch (error) {
      if (error instanceof KeysTaken) return { lost: true, late: new Set() };
      throw error;
    }
  }

  /** Charges every volume that is kept, the first time or again, and makes the answers. */
  private async charged(measurements: readonly Measurement[], verdicts: readonly Verdict[], late: ReadonlySet<string>): Promise<MeasurementResult[]> {
    const volumes = measurements.flatMap((measurement, index) => {
      const verdict = verdicts[index]!;
      const { reading, source, measurementId } = measurement;
      if ((verdict.kind !== 'NEW' && verdict.kind !== 'KNOWN') || reading.kind !== 'VOLUME') return [];
      return [{ index, event: volumeUsage(verdict.slice, { source, measurementId, from: reading.from, until: reading.until, bytes: reading.uplink + reading.downlink }) }];
    });
    const usages = await this.charging.chargeUsage(volumes.map(({ event }) => event), { delivered: true, lateLimitDays: undefined });
    const usageOf = new Map(volumes.map(({ index }, order) => [index, usages[order]!]));
    return measurements.map((measurement, index) => answerOf(measurement, verdicts[index]!, late.has(keyOf(measurement)), usageOf.get(index) ?? null));
  }
}

/** Rolls back what was kept of a call whose keys another call has taken. */
class KeysTaken extends Error {}

function verdictOf(guided: Guided, { reading, source }: Measurement, oldest: number): Verdict {
  if ('aside' in guided) return { kind: 'ASIDE', reason: guided.aside };
  const { slice } = guided;
  if (reading.kind === 'DEVICES' && slice.counting?.source !== source) {
    const right = slice.counting ? `Devices of this slice are counted by the source "${slice.counting.source}".` : 'Devices of this slice are not counted.';
    return { kind: 'INVALID', message: right, path: ['registeredDevices'] };
  }
  return reading.from < oldest ? { kind: 'ASIDE', reason: 'TOO_LATE' } : { kind: 'NEW', slice };
}

function answerOf({ measurementId }: Measurement, verdict: Verdict, isLate: boolean, usage: UsageResult | null): MeasurementResult {
  const answer = { measurementId, isLate, usage, error: null };
  switch (verdict.kind) {
    case 'NEW': return { ...answer, status: 'ACCEPTED' };
    case 'KNOWN': return { ...answer, status: 'DUPLICATE' };
    case 'INVALID': return { ...answer, status: 'INVALID', error: { code: 'INVALID_INPUT', message: verdict.message, path: verdict.path } };
    case 'ASIDE': return {
      ...answer, status: verdict.reason === 'CONFLICT' ? 'CONFLICT' : 'UNGUIDED',
      error: { code: CODES[verdict.reason], message: ASIDE_MESSAGES[verdict.reason], path: [] },
    };
  }
}

const keyOf = ({ source, measurementId }: Pick<Measurement, 'source' | 'measurementId'>): string => `${source}\n${measurementId}`;

const keyColumns = (rows: readonly Measurement[]): unknown[] => [
  ints(rows, (m) => shardOfUsage(m.source, m.measurementId)), texts(rows, (m) => m.source), texts(rows, (m) => m.measurementId),
];

const sampleColumns = (rows: readonly Taken[]): unknown[] => {
  const read = ({ measurement: { reading } }: Taken): Measurement['reading'] => reading;
  const volume = (row: Taken, of: 'uplink' | 'downlink'): bigint | null => {
    const reading = read(row);
    return reading.kind === 'VOLUME' ? reading[of] : null;
  };
  return [
    ints(rows, ({ slice }) => slice.shard), bigints(rows, ({ slice }) => slice.rootId), bigints(rows, ({ slice }) => slice.id), texts(rows, (row) => read(row).kind),
    instants(rows, (row) => read(row).from), texts(rows, (row) => row.measurement.source), texts(rows, (row) => row.measurement.measurementId),
    instants(rows, (row) => read(row).until), bigints(rows, (row) => { const r = read(row); return r.kind === 'DEVICES' ? r.count : null; }),
    bigints(rows, (row) => volume(row, 'uplink')), bigints(rows, (row) => volume(row, 'downlink')),
    texts(rows, (row) => { const r = read(row); return r.kind === 'AVAILABILITY' ? (r.isUp ? 't' : 'f') : null; }),
  ];
};
