import { parseLocal } from '../../platform/time';

const RFC3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/;

/** Formats that are no pattern of a local date. Digits are bounded so that an instant stays exact. */
const NAMED: Readonly<Record<string, (text: string) => number | null>> = {
  rfc3339: (text) => {
    const instant = RFC3339.test(text) ? Date.parse(text.replace(' ', 'T')) : Number.NaN;
    return Number.isNaN(instant) ? null : instant;
  },
  'epoch-seconds': (text) => (/^\d{1,11}$/.test(text) ? +text * 1000 : null),
  'epoch-milliseconds': (text) => (/^\d{1,14}$/.test(text) ? +text : null),
};

/** Whether a mapping may name this format. */
export function isTimeFormat(format: string): boolean {
  if (Object.hasOwn(NAMED, format)) return true;
  try {
    parseLocal('', [format], 'UTC');
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The instant by the first format that fits, epoch ms; null where none does. */
export function readInstant(text: string, formats: readonly string[], zone: string): number | null {
  for (const format of formats) {
    const instant = Object.hasOwn(NAMED, format) ? NAMED[format](text) : parseLocal(text, [format], zone);
    if (instant !== null) return instant;
  }
  return null;
}
