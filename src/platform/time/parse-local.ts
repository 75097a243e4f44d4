import { DAY_MS, epochDayOfParts } from './local-date';
import { instantOfLocal } from './local-instant';

type Part = 'year' | 'shortYear' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'offset';

/** Tokens of a format; single letters take one or two digits, doubled ones exactly two. */
const TOKENS: Readonly<Record<string, { readonly part: Part; readonly pattern: string }>> = {
  YYYY: { part: 'year', pattern: '(\\d{4})' },
  YY: { part: 'shortYear', pattern: '(\\d{2})' },
  MM: { part: 'month', pattern: '(\\d{2})' },
  M: { part: 'month', pattern: '(\\d{1,2})' },
  DD: { part: 'day', pattern: '(\\d{2})' },
  D: { part: 'day', pattern: '(\\d{1,2})' },
  HH: { part: 'hour', pattern: '(\\d{2})' },
  H: { part: 'hour', pattern: '(\\d{1,2})' },
  mm: { part: 'minute', pattern: '(\\d{2})' },
  ss: { part: 'second', pattern: '(\\d{2})' },
  ZZ: { part: 'offset', pattern: '(Z|[+-]\\d{2}:?\\d{2})' },
};
const TOKEN = /YYYY|YY|MM|M|DD|D|HH|H|mm|ss|ZZ/g;

interface LocalFormat {
  readonly pattern: RegExp;
  readonly parts: readonly Part[];
}

const compiled = new Map<string, LocalFormat>();

/**
 * Reads a local date-time by the first of the formats that fits it and names a real time ("DD/MM/YY HH:mm",
 * "D/M/YYYY H:mm"); null where none does. YY is 2000 to 2099. A skipped local time moves to the next valid instant, of a
 * doubled one the first is meant, unless the format carries an offset (ZZ). Throws RangeError on a format without a date.
 */
export function parseLocal(text: string, formats: readonly string[], zone: string): number | null {
  for (const format of formats) {
    const instant = parseBy(text, formatOf(format), zone);
    if (instant !== null) return instant;
  }
  return null;
}

function formatOf(text: string): LocalFormat {
  const known = compiled.get(text);
  if (known) return known;
  const parts: Part[] = [];
  const literal = (raw: string): string => raw.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  let pattern = '';
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    const token = TOKENS[match[0]];
    pattern += literal(text.slice(end, match.index)) + token.pattern;
    parts.push(token.part);
    end = match.index + match[0].length;
  }
  const format = { pattern: new RegExp(`^${pattern}${literal(text.slice(end))}$`), parts };
  if (!isWholeDate(parts)) throw new RangeError(`Format "${text}" needs a year, a month and a day, each once.`);
  compiled.set(text, format);
  return format;
}

function isWholeDate(parts: readonly Part[]): boolean {
  const years = parts.filter((part) => part === 'year' || part === 'shortYear').length;
  return years === 1 && new Set(parts).size === parts.length && parts.includes('month') && parts.includes('day');
}

function parseBy(text: string, format: LocalFormat, zone: string): number | null {
  const found = format.pattern.exec(text);
  if (!found) return null;
  const texts = new Map(format.parts.map((part, index) => [part, found[index + 1]]));
  const number = (part: Part): number => +(texts.get(part) ?? '0');
  const year = texts.has('year') ? number('year') : 2000 + number('shortYear');
  const day = epochDayOfParts(year, number('month'), number('day'));
  const [hour, minute, second] = [number('hour'), number('minute'), number('second')];
  if (day === null || hour > 23 || minute > 59 || second > 59) return null;
  const local = day * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000;
  const offset = texts.get('offset');
  return offset === undefined ? instantOfLocal(zone, local) : local - offsetMillis(offset);
}

function offsetMillis(text: string): number {
  if (text === 'Z') return 0;
  const digits = text.slice(1).replace(':', '');
  const minutes = +digits.slice(0, 2) * 60 + +digits.slice(2);
  return (text.startsWith('-') ? -minutes : minutes) * 60_000;
}
