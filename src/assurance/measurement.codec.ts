import { createHash } from 'node:crypto';
import type { Measurement, Reading, SliceName } from './measurement.types';

/** A measurement as stored where it is put aside: plain JSON, big numbers as text. */
export interface StoredMeasurement {
  readonly slice: { readonly productId?: string; readonly sst?: number; readonly sd?: string | null; readonly tenantIdentifier?: string | null };
  readonly reading: { readonly [field: string]: string | number | boolean };
}

export function storedMeasurement({ slice, reading }: Pick<Measurement, 'slice' | 'reading'>): StoredMeasurement {
  return {
    slice: 'productId' in slice ? { productId: slice.productId.toString() } : { ...slice.snssai, tenantIdentifier: slice.tenantIdentifier },
    reading: Object.fromEntries(Object.entries(reading).map(([field, value]) => [field, typeof value === 'bigint' ? value.toString() : value as string | number | boolean])),
  };
}

export function measurementOf(source: string, measurementId: string, stored: StoredMeasurement): Measurement {
  const { productId, sst = 0, sd = null, tenantIdentifier = null } = stored.slice;
  const slice: SliceName = productId === undefined ? { snssai: { sst, sd }, tenantIdentifier } : { productId: BigInt(productId) };
  return hashed({ source, measurementId, slice, reading: readingOf(stored.reading) });
}

function readingOf(stored: StoredMeasurement['reading']): Reading {
  const whole = (field: string): bigint => BigInt(stored[field] as string);
  const span = { from: stored.from as number, until: stored.until as number };
  if (stored.kind === 'DEVICES') return { kind: 'DEVICES', ...span, count: whole('count') };
  if (stored.kind === 'VOLUME') return { kind: 'VOLUME', ...span, uplink: whole('uplink'), downlink: whole('downlink') };
  return { kind: 'AVAILABILITY', ...span, isUp: stored.isUp as boolean };
}

/** The measurement with its hash: of everything that was said, in a fixed order. */
export function hashed(measurement: Omit<Measurement, 'bodyHash'>): Measurement {
  const { slice, reading } = measurement;
  const name = 'productId' in slice ? [slice.productId.toString()] : [slice.snssai.sst, slice.snssai.sd, slice.tenantIdentifier];
  const values = reading.kind === 'DEVICES' ? [reading.count.toString()]
    : reading.kind === 'VOLUME' ? [reading.uplink.toString(), reading.downlink.toString()] : [reading.isUp];
  const body = JSON.stringify([name, reading.kind, reading.from, reading.until, values]);
  return { ...measurement, bodyHash: createHash('sha256').update(body).digest() };
}
