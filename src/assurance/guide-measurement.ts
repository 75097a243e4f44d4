import type { Pool } from 'pg';
import { snssaiText } from '../usage/snssai.rules';
import { MeasuredSlice, NamedSlice, slicesById, slicesByName, wasThere } from './measured-slice';
import type { AsideReason, Measurement } from './measurement.types';

/** The slice of a measurement, or why there is none. */
export type Guided = { readonly slice: MeasuredSlice } | { readonly aside: AsideReason };

/** Guides measurements by their own time: two statements however many there are. */
export async function guideMeasurements(pool: Pool, tenantId: number, measurements: readonly Measurement[]): Promise<Guided[]> {
  const ids = measurements.flatMap(({ slice }) => ('productId' in slice ? [slice.productId] : []));
  const names = new Map(measurements.flatMap((one) => nameOf(one) ?? []).map((name) => [keyOf(name), name]));
  const [byId, byName] = await Promise.all([slicesById(pool, tenantId, ids), slicesByName(pool, tenantId, [...names.values()])]);
  const named = new Map([...names.keys()].map((key, index) => [key, byName[index]!]));
  return measurements.map((measurement) => {
    const name = nameOf(measurement);
    const { slice } = measurement;
    const found = 'productId' in slice ? byId.get(slice.productId) : undefined;
    return chosen(name ? named.get(keyOf(name))! : found ? [found] : [], measurement);
  });
}

const nameOf = ({ slice }: Measurement): NamedSlice | null =>
  ('productId' in slice ? null : { snssai: snssaiText(slice.snssai), tenantIdentifier: slice.tenantIdentifier });
const keyOf = ({ snssai, tenantIdentifier }: NamedSlice): string => `${snssai}\n${tenantIdentifier ?? '\n'}`;

/** A volume is charged at its start; availability is of every product that it touches, and may touch but one. */
function chosen(known: readonly MeasuredSlice[], { reading }: Measurement): Guided {
  if (known.length === 0) return { aside: 'UNKNOWN_SLICE' };
  const until = reading.kind === 'AVAILABILITY' ? reading.until : reading.from;
  const there = known.filter((slice) => wasThere(slice, reading.from, until));
  if (there.length > 1) return { aside: 'AMBIGUOUS' };
  return there[0] ? { slice: there[0] } : { aside: 'NOT_ACTIVE' };
}
