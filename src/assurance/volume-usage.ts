import { quantity } from '../platform/money';
import { SLICE_SOURCE } from '../usage/device-count.rules';
import { bodyHashOf } from '../usage/usage.codec';
import { SNSSAI, UsageEvent } from '../usage/usage.types';
import type { MeasuredSlice } from './measured-slice';

type Counted = Pick<UsageEvent, 'usageId' | 'kind' | 'startedAt' | 'endedAt' | 'unit'> & { readonly count: bigint; readonly metric: string };

/** A usage of the slice itself. */
export function sliceUsage(slice: Pick<MeasuredSlice, 'id' | 'tenantId' | 'snssai'>, { count, metric, ...counted }: Counted): UsageEvent {
  const event = {
    ...counted, tenantId: slice.tenantId, source: SLICE_SOURCE, direction: null, subscriber: { kind: 'SLICE' as const, value: slice.id.toString() },
    quantity: quantity(count), otherParty: null, otherNetwork: null, attributes: { [SNSSAI]: slice.snssai, metric }, emergency: false,
  };
  return { ...event, bodyHash: bodyHashOf(event) };
}

/** The id of a volume's usage: it follows from the sender and its id, whatever letters are in them. */
export const volumeUsageId = (source: string, measurementId: string): string => `volume:${source.length}:${source}:${measurementId}`;

/** The usage of a measured volume: both directions, at the start of its stretch. */
export const volumeUsage = (
  slice: MeasuredSlice, volume: { readonly source: string; readonly measurementId: string; readonly from: number; readonly until: number; readonly bytes: bigint },
): UsageEvent => sliceUsage(slice, {
  usageId: volumeUsageId(volume.source, volume.measurementId), kind: 'DATA', unit: 'BYTE', startedAt: volume.from, endedAt: volume.until,
  count: volume.bytes, metric: 'VOLUME',
});

/** The usage of a period's registered devices: their peak, at the period's last instant. */
export const devicesUsage = (slice: MeasuredSlice, period: { readonly start: number; readonly end: number }, revision: number, peak: bigint): UsageEvent => sliceUsage(slice, {
  usageId: `${slice.id}:${new Date(period.start).toISOString()}:devices:${revision}`, kind: 'GENERIC', unit: 'EVENT', startedAt: period.end - 1, endedAt: null,
  count: peak, metric: 'REGISTERED_DEVICES',
});
