import { Temporal } from 'temporal-polyfill';
import { DAY_MS } from './local-date';

/** A stretch of time in which a zone's offset stands still: from (included) to until (not included). */
export interface ZoneSpan {
  readonly from: number;
  readonly until: number;
  /** Milliseconds to add to an instant to get the local clock. */
  readonly offset: number;
}

/** What a zone's clock shows at an instant. */
export interface LocalParts {
  /** Days since 1970-01-01 of the local date. */
  readonly epochDay: number;
  readonly millisOfDay: number;
}

/**
 * The spans of one zone found so far, ascending. A zone has two a year at most in practice, so the table stays small,
 * and usage is nearly always in the span that was asked for last.
 */
interface ZoneTable {
  readonly spans: ZoneSpan[];
  last: ZoneSpan;
}

const tables = new Map<string, ZoneTable>();

/** Whether the text names a time zone this machine knows. "+01:00" is no name: the database reads its sign the other way. */
export function isTimeZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false;
  if (tables.has(zone)) return true;
  try {
    // The formatter answers at once; the calendar library takes a second to learn the zones' names.
    return new Intl.DateTimeFormat('en', { timeZone: zone }) instanceof Intl.DateTimeFormat;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/**
 * The zone's name in the letters of the IANA table, "europe/dublin" as "Europe/Dublin"; null where it is none. A name that
 * the table keeps for another ("Asia/Kolkata" for "Asia/Calcutta") stays as it was given.
 */
export const timeZoneName = (zone: string): string | null =>
  isTimeZone(zone) ? Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone).timeZoneId : null;

/** The span that holds the instant; throws RangeError on an unknown zone or an instant outside the calendar. */
export function zoneSpanAt(zone: string, instant: number): ZoneSpan {
  const table = tables.get(zone);
  if (!table) return addSpan(zone, askCalendar(zone, instant));
  const last = table.last;
  if (instant >= last.from && instant < last.until) return last;
  const known = table.spans.find((span) => instant >= span.from && instant < span.until);
  if (!known) return addSpan(zone, askCalendar(zone, instant));
  table.last = known;
  return known;
}

/** The zone's offset at the instant, in milliseconds east of UTC. */
export const offsetAt = (zone: string, instant: number): number => zoneSpanAt(zone, instant).offset;

/** The local date and time of day at the instant. */
export function localParts(zone: string, instant: number): LocalParts {
  const local = instant + zoneSpanAt(zone, instant).offset;
  const epochDay = Math.floor(local / DAY_MS);
  return { epochDay, millisOfDay: local - epochDay * DAY_MS };
}

function addSpan(zone: string, span: ZoneSpan): ZoneSpan {
  const table = tables.get(zone);
  if (!table) {
    tables.set(zone, { spans: [span], last: span });
    return span;
  }
  table.spans.push(span);
  table.last = span;
  return span;
}

/** One look into the calendar library; "previous" is strict, so it is asked from one millisecond later. */
function askCalendar(zone: string, instant: number): ZoneSpan {
  const here = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
  const previous = here.add({ milliseconds: 1 }).getTimeZoneTransition('previous');
  const next = here.getTimeZoneTransition('next');
  return {
    from: previous?.epochMilliseconds ?? Number.MIN_SAFE_INTEGER,
    until: next?.epochMilliseconds ?? Number.MAX_SAFE_INTEGER,
    offset: here.offsetNanoseconds / 1_000_000,
  };
}
