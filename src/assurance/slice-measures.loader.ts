import DataLoader from 'dataloader';
import type { RequestContext } from '../context';
import { isoInstant } from '../platform/db';
import { encodeCursor, foreignCursor, moneyOf, ownedPlace, Page, pageOf, pagesByOwner, quantityOf, wholePart } from '../platform/graphql';
import { amount, quantity } from '../platform/money';
import { shardOfId } from '../platform/root';
import { MeasuredSlice, slicesById } from './measured-slice';
import { periodAt, SlicePeriodBounds } from './period.rules';
import { KIND_OF_METRIC, METRIC_OF_KIND, SliceMeasurement, SliceMeasurementsArgs, SliceObjective, SliceUsage } from './slice-measures.type';
import { readFacts, revisionOf, SlicedPeriod, spansOf } from './slice-period';
import { availabilityShown } from './slice-period.type';
import { SELECT_SAMPLE_PAGES, SampleRecord } from './sql/sample.sql';
import { PeriodRecord, SELECT_PERIODS_AT, SUM_CHARGES, SUM_VOLUMES } from './sql/period.sql';

/** A slice with the period that holds an instant, as far as it has passed; null where none does. */
interface Now extends SlicedPeriod {
  readonly whole: SlicePeriodBounds;
}

/** Slices by product. */
function sliceLoader({ loader, services, caller }: RequestContext): DataLoader<bigint, MeasuredSlice | null, string> {
  return loader('assurance.slice', () => new DataLoader(async (keys: readonly bigint[]) => {
    const found = await slicesById(services.pool, caller.tenantId, keys);
    return keys.map((key) => found.get(key) ?? null);
  }, { cacheKeyFn: String }));
}

const businessNow = ({ loader, services, caller }: RequestContext): Promise<number> => loader('assurance.now', () => services.charging.now(caller.tenantId));

/** The periods of slices at an instant (null = now), cut at now: what is still to come is no gap. */
async function periodsAt(context: RequestContext, keys: readonly bigint[], at: Date | null): Promise<(Now | null)[]> {
  const [now, slices] = [await businessNow(context), await sliceLoader(context).loadMany(keys)];
  return slices.map((slice) => {
    if (!slice || slice instanceof Error) return null;
    const whole = periodAt(slice, at?.getTime() ?? (slice.endedAt !== null && slice.endedAt <= now ? slice.endedAt - 1 : now)) ?? runningFrom(slice, now, at);
    if (!whole || whole.start > now) return null;
    return { slice, whole, period: { start: whole.start, end: whole.end < now ? whole.end : now } };
  });
}

/** Time that is not cut, and has no end yet. */
const runningFrom = (slice: MeasuredSlice, now: number, at: Date | null): SlicePeriodBounds | null =>
  (slice.periodKind === 'NONE' && slice.endedAt === null && slice.startedAt <= (at?.getTime() ?? now) ? { start: slice.startedAt, end: FAR } : null);
const FAR = 253_402_300_799_999;

const byOrdinal = <T extends { readonly ordinal: number }>(rows: readonly T[]): ReadonlyMap<number, T> => new Map(rows.map((row) => [row.ordinal, row]));

/** One answer a key, of what is read at once for all keys that have a period. */
async function forEach<R>(
  context: RequestContext, keys: readonly bigint[], at: Date | null, read: (asked: readonly Now[]) => Promise<readonly R[]>,
): Promise<(R | null)[]> {
  const periods = await periodsAt(context, keys, at);
  const asked = periods.filter((period) => period !== null);
  const results = asked.length === 0 ? [] : await read(asked);
  let next = 0;
  return periods.map((period) => (period ? results[next++]! : null));
}

/** What was used in the running periods of slices. */
export function usageLoader(context: RequestContext): DataLoader<bigint, SliceUsage | null, string> {
  const { pool } = context.services;
  return context.loader('assurance.usage', () => new DataLoader((keys: readonly bigint[]) => forEach(context, keys, null, async (asked) => {
    const [facts, sums] = await Promise.all([readFacts(pool, asked), pool.query<{ ordinal: number; bytes: string }>(SUM_VOLUMES, spansOf(asked))]);
    const volumes = byOrdinal(sums.rows);
    return asked.map((_, index): SliceUsage => {
      const { devices } = facts[index]!;
      return {
        registeredNow: devices.last, registeredPeak: devices.peak, sampledAt: devices.lastAt === null ? null : new Date(devices.lastAt),
        volume: quantityOf(quantity(BigInt(volumes.get(index + 1)?.bytes ?? '0')), 'BYTE'),
      };
    });
  }), { cacheKeyFn: String }));
}

interface ChargedRecord { readonly ordinal: number; readonly net: string; readonly credit: string }

/** Net of what the running periods of slices were charged so far. */
export function costLoader(context: RequestContext): DataLoader<bigint, ReturnType<typeof moneyOf> | null, string> {
  return context.loader('assurance.cost', () => new DataLoader((keys: readonly bigint[]) => forEach(context, keys, null, async (asked) => {
    const sums = byOrdinal((await context.services.pool.query<ChargedRecord>(SUM_CHARGES, spansOf(asked.map(({ slice, whole }) => ({ slice, period: whole }))))).rows);
    return asked.map(({ slice }, index) => moneyOf(amount(BigInt(sums.get(index + 1)?.net ?? '0')), slice.currency));
  }), { cacheKeyFn: String }));
}

/** The objectives of slices in the period that holds an instant: as settled, else as measured so far. */
export function objectiveLoader(context: RequestContext, at: Date | null): DataLoader<bigint, SliceObjective[] | null, string> {
  const { pool } = context.services;
  return context.loader(`assurance.objectives.${at?.toISOString() ?? ''}`, () => new DataLoader((keys: readonly bigint[]) => forEach(context, keys, at, async (asked) => {
    const whole = asked.map(({ slice, whole: period }) => ({ slice, period }));
    const [facts, charged, settled] = await Promise.all([
      readFacts(pool, asked), pool.query<ChargedRecord>(SUM_CHARGES, spansOf(whole)),
      pool.query<PeriodRecord>(SELECT_PERIODS_AT, spansOf(whole).slice(0, 3)),
    ]);
    const [sums, revisions] = [byOrdinal(charged.rows), new Map(settled.rows.map((row) => [row.product_id, revisionOf(row)]))];
    return asked.map(({ slice, whole: { start, end } }, index): SliceObjective[] => {
      const revision = revisions.get(slice.id.toString());
      const shown = availabilityShown((revision?.facts ?? facts[index]!).availability);
      if (!shown || !slice.objective) return [];
      return [{
        ...shown, name: 'availability', target: slice.objective.targetPercent, from: new Date(start), until: end === FAR ? null : new Date(end),
        verdict: revision?.facts.availability?.verdict ?? null, credit: moneyOf(amount(-BigInt(sums.get(index + 1)?.credit ?? '0')), slice.currency),
      }];
    });
  }), { cacheKeyFn: String }));
}

const SCOPE = 'sliceMeasurement';
const packed = (text: string): string => Buffer.from(text).toString('base64url');

/** Pages of what was measured of slices, oldest first; all slices of one field in one statement. */
export function samplePageLoader(context: RequestContext, args: SliceMeasurementsArgs): DataLoader<bigint, Page<SliceMeasurement>, string> {
  const { metric, from, until, first, after } = args;
  const place = ownedPlace(after, SCOPE, 3);
  const behind = place ? placeOf(place.keys) : ['-infinity', '', ''];
  const name = `assurance.samples.${metric ?? ''}.${first}.${after ?? ''}.${from?.toISOString()}.${until?.toISOString()}`;
  return context.loader(name, () => new DataLoader(async (keys: readonly bigint[]) => {
    const { rows } = await context.services.pool.query<SampleRecord>(SELECT_SAMPLE_PAGES,
      [keys.map(shardOfId), keys.map(String), metric ? KIND_OF_METRIC[metric] : null, from ?? null, until ?? null, ...behind, first]);
    return pagesByOwner(keys, place, String, (key) => pageOf(rows.filter((row) => row.product_id === key.toString()), args, sampleOf,
      (row) => encodeCursor(SCOPE, row.product_id, row.starts_at.getTime(), packed(row.source), packed(row.measurement_id))));
  }, { cacheKeyFn: String }));
}

function placeOf(keys: readonly string[]): string[] {
  const at = wholePart(keys[0]);
  const [source, id] = keys.slice(1).map((key) => Buffer.from(key, 'base64url').toString());
  if (at === null || at < 0n || at > BigInt(FAR) || `${source}${id}`.includes('\0')) throw foreignCursor();
  return [isoInstant(+at.toString()), source!, id!];
}

const whole = (text: string | null): bigint | null => (text === null ? null : BigInt(text));

const sampleOf = (row: SampleRecord): SliceMeasurement => Object.assign(new SliceMeasurement(), {
  metric: METRIC_OF_KIND[row.kind], from: row.starts_at, until: row.ends_at, registeredDevices: whole(row.device_count), uplinkBytes: whole(row.uplink_bytes), downlinkBytes: whole(row.downlink_bytes),
  state: row.is_up === null ? null : row.is_up ? 'UP' : 'DOWN', source: row.source, measurementId: row.measurement_id, receivedAt: row.received_at,
});
