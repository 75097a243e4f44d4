import type { Pool } from 'pg';
import type { ChargingApi, MoveKey } from '../charging';
import { isoInstant } from '../platform/db';
import { DAY_MS } from '../platform/time';
import type { TenantDirectory } from '../tenant';
import { MeasuredSlice, PaidSlice, slicesPaidBy } from './measured-slice';
import { endedPeriods, SlicePeriodBounds } from './period.rules';
import { lastRevisions, PeriodFacts, PeriodRevision, readFacts, revisionOf, storeRevision } from './slice-period';
import { FILL_REVISION, PeriodRecord, SELECT_SETTLED_UNTIL, SELECT_STALE, SELECT_UNCHARGED, SELECT_UNCHARGED_LATE, SELECT_USAGE_PLACE, UnchargedRecord } from './sql/period.sql';
import { devicesUsage, volumeUsage } from './volume-usage';

export interface SettlementDeps {
  readonly pool: Pool;
  readonly charging: ChargingApi;
  readonly tenants: Pick<TenantDirectory, 'require'>;
}

/** A payer with the instant by which a period must have ended. */
interface Due {
  readonly shard: number;
  readonly accountId: bigint;
  readonly end: number;
}

const CALLER = 'assurance';
/** Volumes charged at once. */
const CHUNK = 500;
/** A sample may come until the late limit; its period ends up to a month later, and the next bill is another month away. */
const LOOKED_AT_AGAIN_MS = 75 * DAY_MS;

/**
 * What follows from a period of a slice: one usage of its device count, and the credit of a missed objective. A revision is
 * stored first, and what it asks for is done then, each step once by a key that follows from the revision: so it may end
 * anywhere and be done again, by several at once.
 */
export class Settlement {
  constructor(private readonly deps: SettlementDeps) {}

  /** Settles what ended by the instants of these payers, and again what has new samples since. Cheap where there are no slices. */
  async settleDue(tenantId: number, dues: readonly Due[]): Promise<void> {
    const paid = await slicesPaidBy(this.deps.pool, tenantId, dues);
    if (paid.length === 0) return;
    await this.deps.charging.touch(tenantId, paid.map(({ slice }) => slice));
    const current = await slicesPaidBy(this.deps.pool, tenantId, dues);
    const ends = new Map(dues.map(({ accountId, end }) => [accountId, end]));
    for (const { slice, period } of await this.periodsDue(current, ends)) await this.settleOne(slice, period);
    await this.again(tenantId, current);
  }

  private async periodsDue(paid: readonly PaidSlice[], ends: ReadonlyMap<bigint, number>): Promise<{ slice: MeasuredSlice; period: SlicePeriodBounds }[]> {
    const { rows } = await this.deps.pool.query<{ id: string; until: number }>(SELECT_SETTLED_UNTIL, columnsOf(paid));
    const until = new Map(rows.map((row) => [BigInt(row.id), row.until]));
    return paid.flatMap(({ slice, payerId }) =>
      endedPeriods(slice, until.get(slice.id) ?? slice.startedAt, ends.get(payerId)!).map((period) => ({ slice, period })));
  }

  private async again(tenantId: number, paid: readonly PaidSlice[]): Promise<void> {
    const { settings } = await this.deps.tenants.require(tenantId);
    const oldest = await this.deps.charging.now(tenantId) - settings.lateLimitDays * DAY_MS - LOOKED_AT_AGAIN_MS;
    const { rows } = await this.deps.pool.query<PeriodRecord>(SELECT_STALE, [...columnsOf(paid), isoInstant(oldest)]);
    const slices = new Map(paid.map(({ slice }) => [slice.id, slice]));
    for (const row of rows) {
      const { productId, start, end } = revisionOf(row);
      await this.settleOne(slices.get(productId)!, { start, end });
    }
    await this.chargeAll(slices, SELECT_UNCHARGED_LATE, [tenantId, ...columnsOf(paid), isoInstant(oldest)]);
  }

  /**
   * Settles a period that is over, and before it every earlier one that is not settled, in order: where the settled ones end
   * is where the next settlement begins, so that one left out would be left out for good.
   */
  async settle(slice: MeasuredSlice, period: SlicePeriodBounds): Promise<PeriodRevision> {
    const payerId = slice.accountId;
    for (const { period: earlier } of await this.periodsDue([{ slice, payerId }], new Map([[payerId, period.start]]))) await this.settleOne(slice, earlier);
    return this.settleOne(slice, period);
  }

  /** With the same facts as before it changes nothing. */
  private async settleOne(slice: MeasuredSlice, period: SlicePeriodBounds): Promise<PeriodRevision> {
    const [last, before] = await lastRevisions(this.deps.pool, slice, period.start);
    const open = last && !last.isSettled ? await this.carryOut(slice, last, before) : last;
    if (open && !open.isSettled) return open;
    await this.chargeVolumes(slice, period);
    const facts = (await readFacts(this.deps.pool, [{ slice, period }]))[0]!;
    if (open && open.facts.seen === facts.seen) return open;
    await storeRevision(this.deps.pool, slice, period, (open?.revision ?? 0) + 1, carried(facts, open?.facts), await this.now(slice));
    return this.finish(slice, period);
  }

  /** Does what the last revision of a period asks for, as far as it is not done. */
  async finish(slice: MeasuredSlice, { start }: SlicePeriodBounds): Promise<PeriodRevision> {
    const [last, before] = await lastRevisions(this.deps.pool, slice, start);
    if (!last) throw new Error(`A period of slice ${slice.id} that was just stored is not there.`);
    return last.isSettled ? last : this.carryOut(slice, last, before);
  }

  private async carryOut(slice: MeasuredSlice, revision: PeriodRevision, before: PeriodRevision | undefined): Promise<PeriodRevision> {
    const creditPosition = await this.credit(slice, revision, before);
    const devices = await this.chargeDevices(slice, revision, before);
    const isDone = devices.status === null || devices.status === 'CHARGED';
    await this.deps.pool.query(FILL_REVISION, [revision.shard, slice.id.toString(), isoInstant(revision.start), revision.revision, devices.usageId, devices.status,
      creditPosition, isDone ? isoInstant(await this.now(slice)) : null]);
    const [filled] = await lastRevisions(this.deps.pool, slice, revision.start);
    return filled!;
  }

  /** The count is a usage of its own revision; one that differs from the last takes the last one's place. */
  private async chargeDevices(slice: MeasuredSlice, revision: PeriodRevision, before: PeriodRevision | undefined): Promise<{ usageId: string | null; status: string | null }> {
    const peak = revision.facts.devices.peak ?? 0n;
    if (before && (before.facts.devices.peak ?? 0n) === peak) return { usageId: before.deviceUsageId, status: before.deviceUsageId && 'CHARGED' };
    // What a person gave back of a count stays given back, and the count stands.
    if (before?.deviceUsageId && !await this.takeBack(slice, before.deviceUsageId)) return { usageId: before.deviceUsageId, status: 'CHARGED' };
    if (peak === 0n) return { usageId: null, status: null };
    const event = devicesUsage(slice, revision, revision.revision, peak);
    const [result] = await this.deps.charging.chargeUsage([event], { delivered: true, lateLimitDays: null });
    if (!result || result.status === 'FAILED') throw new Error(`The device count ${event.usageId} was not handled; it is tried again.`);
    return { usageId: event.usageId, status: result.status };
  }

  private async takeBack(slice: MeasuredSlice, usageId: string): Promise<boolean> {
    const { rows: [place] } = await this.deps.pool.query<{ root_id: string; position: string }>(SELECT_USAGE_PLACE, [slice.shard, slice.tenantId, usageId]);
    if (!place) return true;
    const outcome = await this.deps.charging.refund(keyOf(slice, `${usageId}:back`), {
      rootId: BigInt(place.root_id), position: BigInt(place.position), amount: null, reason: 'RATING_ERROR', ofOwnPeriod: true,
    });
    return outcome.ok;
  }

  private async credit(slice: MeasuredSlice, { start, end, revision, facts }: PeriodRevision, before: PeriodRevision | undefined): Promise<string | null> {
    const percent = facts.creditPercent;
    if (percent === null || !slice.objective || (percent === '0' && (before?.facts.creditPercent ?? '0') === '0')) return null;
    const outcome = await this.deps.charging.products.creditFee(keyOf(slice, `${slice.id}:${isoInstant(start)}:credit:${revision}`), {
      productId: slice.id, periodStart: start, periodEnd: end, percent, lowersSharing: slice.objective.lowersSharing,
    });
    if (!outcome.ok) throw new Error(`The credit of slice ${slice.id} was refused: ${outcome.errors[0]?.message ?? ''}`);
    return outcome.answer.position;
  }

  private chargeVolumes(slice: MeasuredSlice, { start, end }: SlicePeriodBounds): Promise<void> {
    return this.chargeAll(new Map([[slice.id, slice]]), SELECT_UNCHARGED, [slice.tenantId, slice.shard, slice.id.toString(), isoInstant(start), isoInstant(end)]);
  }

  /** Charges volumes that were kept and, by a failure between the two, not charged: as many at once as the statement's last value says. */
  private async chargeAll(slices: ReadonlyMap<bigint, MeasuredSlice>, statement: string, values: readonly unknown[]): Promise<void> {
    for (;;) {
      const { rows } = await this.deps.pool.query<UnchargedRecord>(statement, [...values, CHUNK]);
      const events = rows.map((row) => volumeUsage(slices.get(BigInt(row.product_id))!,
        { source: row.source, measurementId: row.measurement_id, from: row.from, until: row.until, bytes: BigInt(row.bytes) }));
      const results = await this.deps.charging.chargeUsage(events, { delivered: true, lateLimitDays: null });
      // One that cannot be stored stays uncharged: without this stop a full chunk of them would come again for ever.
      if (results.some(({ status }) => status === 'FAILED' || status === 'INVALID')) throw new Error('Volumes were not handled; they are tried again.');
      if (rows.length < CHUNK) return;
    }
  }

  private now({ tenantId }: MeasuredSlice): Promise<number> {
    return this.deps.charging.now(tenantId);
  }
}

const columnsOf = (paid: readonly PaidSlice[]): unknown[] => [paid.map(({ slice }) => slice.shard), paid.map(({ slice }) => slice.id.toString())];

const keyOf = ({ tenantId }: MeasuredSlice, key: string): MoveKey => ({ tenantId, caller: CALLER, key });

/** What a person decided of a case holds as long as it is one. */
function carried(facts: PeriodFacts, before: PeriodFacts | undefined): PeriodFacts {
  if (facts.availability?.verdict !== 'CASE' || !before?.decision) return facts;
  return { ...facts, creditPercent: before.creditPercent, decision: before.decision };
}
