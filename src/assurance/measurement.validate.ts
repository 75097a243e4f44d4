import { decodeNumericId } from '../platform/graphql';
import { DAY_MS } from '../platform/time';
import { normaliseSnssai, SNSSAI_FORM } from '../usage/snssai.rules';
import { checkedCount, checkedInstant, isSenderKey, UsageFault } from '../usage/text.rules';
import { hashed } from './measurement.codec';
import type { SliceMeasurementInput } from './measurement.input';
import type { Measurement, Reading, SliceName } from './measurement.types';

/** What a call's measurements are read by. Instants in epoch ms. */
export interface MeasurementRules {
  readonly source: string;
  /** The latest instant that a clock may name. */
  readonly latest: number;
  /** The longest stretch that a volume may be of. */
  readonly longestVolumeMs: number;
}

export type ReadMeasurement = { readonly measurement: Measurement } | { readonly fault: UsageFault };

const LONGEST_ID = 128;
const LONGEST_NAME = 100;
/** Availability is read back over so many days. */
export const LONGEST_REPORT_MS = 31 * DAY_MS;
const FIELDS = ['registeredDevices', 'volume', 'availability'] as const;

/** Reads one measurement; what is wrong with it is a value, so that its neighbours are not harmed. */
export function readMeasurement(input: SliceMeasurementInput, rules: MeasurementRules): ReadMeasurement {
  try {
    const { measurementId } = input;
    if (!isSenderKey(measurementId, LONGEST_ID)) {
      throw new UsageFault(['measurementId'], `Must be 1 to ${LONGEST_ID} printable ASCII characters, without blanks at its ends.`);
    }
    return { measurement: hashed({ source: rules.source, measurementId, slice: sliceNamed(input), reading: readingOf(input, rules) }) };
  } catch (error) {
    if (error instanceof UsageFault) return { fault: error };
    throw error;
  }
}

function sliceNamed({ productId, snssai, tenantIdentifier }: SliceMeasurementInput): SliceName {
  const isGiven = (value: unknown): boolean => value !== null && value !== undefined;
  if (isGiven(productId) === isGiven(snssai)) throw new UsageFault([], 'Must name the slice by productId or by snssai, and not by both.');
  if (typeof productId === 'string') {
    if (isGiven(tenantIdentifier)) throw new UsageFault(['tenantIdentifier'], 'Must not come with a productId, which has one tenant.');
    const key = decodeNumericId(productId, 'Product');
    if (key === null) throw new UsageFault(['productId'], 'Must be the id of a product.');
    return { productId: key };
  }
  const read = normaliseSnssai(snssai!.sst, snssai!.sd);
  if (read === null) throw new UsageFault(['snssai'], `Must be ${SNSSAI_FORM}.`);
  if (typeof tenantIdentifier !== 'string') return { snssai: read, tenantIdentifier: null };
  if (!isSenderKey(tenantIdentifier, LONGEST_NAME)) throw new UsageFault(['tenantIdentifier'], `Must be 1 to ${LONGEST_NAME} printable ASCII characters.`);
  return { snssai: read, tenantIdentifier };
}

function readingOf(input: SliceMeasurementInput, { latest, longestVolumeMs }: MeasurementRules): Reading {
  const given = FIELDS.filter((field) => input[field] !== null && input[field] !== undefined);
  const [field] = given;
  if (field === undefined || given.length > 1) throw new UsageFault(given.slice(1, 2), `Must hold exactly one of ${FIELDS.join(', ')}.`);
  if (field === 'registeredDevices') {
    const { at, count } = input.registeredDevices!;
    const from = notAhead(checkedInstant(at, [field, 'at']), latest, [field, 'at']);
    return { kind: 'DEVICES', from, until: from, count: checkedCount(count, [field, 'count']) };
  }
  const { from: start, until: end } = input[field]!;
  const from = checkedInstant(start, [field, 'from']);
  const until = notAhead(checkedInstant(end, [field, 'until']), latest, [field, 'until']);
  if (until < from || (until === from && field === 'availability')) throw new UsageFault([field, 'until'], 'Must lie after from.');
  const longest = field === 'volume' ? longestVolumeMs : LONGEST_REPORT_MS;
  if (until - from > longest) throw new UsageFault([field, 'until'], `Must lie at most ${BigInt(longest) / 1000n} seconds after from.`);
  if (field === 'availability') return { kind: 'AVAILABILITY', from, until, isUp: input.availability!.state === 'UP' };
  const volume = input.volume!;
  const uplink = checkedCount(volume.uplinkBytes, [field, 'uplinkBytes']);
  const downlink = checkedCount(volume.downlinkBytes, [field, 'downlinkBytes']);
  checkedCount((uplink + downlink).toString(), [field]);
  return { kind: 'VOLUME', from, until, uplink, downlink };
}

function notAhead(at: number, latest: number, path: readonly string[]): number {
  if (at > latest) throw new UsageFault(path, 'Must not lie further in the future than clocks may differ.');
  return at;
}
