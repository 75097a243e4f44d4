import { Temporal } from 'temporal-polyfill';
import { DAY_MS, dateOfEpochDay, epochDayOf, LocalDate, weekdayOf } from './local-date';
import { startOfEpochDay } from './local-instant';
import { localParts } from './zone-table';

/**
 * How time is cut into periods:
 * - BILL_CYCLE: from the given day of the month to the next; in a shorter month its last day stands in, each month anew.
 * - CALENDAR_MONTH, WEEK (from Monday), DAY: of the zone's calendar.
 * - HOURS: stretches of `hours` exact hours laid end to end from the instant of first use.
 */
export type PeriodRule =
  | { readonly kind: 'BILL_CYCLE'; readonly day: number }
  | { readonly kind: 'CALENDAR_MONTH' }
  | { readonly kind: 'WEEK' }
  | { readonly kind: 'DAY' }
  | { readonly kind: 'HOURS'; readonly hours: number; readonly firstUse: number };

/** A half-open period: instants in epoch milliseconds, and the local dates it runs over (end not included). */
export interface Period {
  readonly start: number;
  readonly end: number;
  readonly startDate: LocalDate;
  readonly endDate: LocalDate;
}

/** An exact share, not reduced. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

type DateRule = Exclude<PeriodRule, { readonly kind: 'HOURS' }>;

/** Periods by zone, rule and local day: a batch asks for the same few again and again. Emptied when full. */
const known = new Map<string, Period>();
const KNOWN_MAX = 20_000;

/** The period of the rule that holds the instant, on the zone's calendar. Throws RangeError on a bad rule or zone. */
export function periodOf(rule: PeriodRule, zone: string, instant: number): Period {
  if (rule.kind === 'HOURS') return hoursPeriod(rule.hours, rule.firstUse, zone, instant);
  const { epochDay } = localParts(zone, instant);
  const key = `${zone}|${rule.kind === 'BILL_CYCLE' ? rule.day : rule.kind}|${epochDay}`;
  const found = known.get(key);
  if (found) return found;
  if (known.size >= KNOWN_MAX) known.clear();
  const period = datePeriod(rule, zone, epochDay);
  known.set(key, period);
  return period;
}

/** The share of a period by days: days of the part over days of the natural period it lies in. */
export function shareOfPeriod(
  part: Pick<Period, 'startDate' | 'endDate'>,
  natural: Pick<Period, 'startDate' | 'endDate'>,
): Fraction {
  return { numerator: daysOf(part), denominator: daysOf(natural) };
}

/** The share of a period by exact time, in milliseconds. */
export function shareOfPeriodByTime(
  part: Pick<Period, 'start' | 'end'>,
  natural: Pick<Period, 'start' | 'end'>,
): Fraction {
  return { numerator: BigInt(part.end - part.start), denominator: BigInt(natural.end - natural.start) };
}

function daysOf(dates: Pick<Period, 'startDate' | 'endDate'>): bigint {
  const [start, end] = [epochDayOf(dates.startDate), epochDayOf(dates.endDate)];
  if (start === null || end === null) throw new RangeError(`${dates.startDate} to ${dates.endDate} are no dates.`);
  return BigInt(end - start);
}

function datePeriod(rule: DateRule, zone: string, epochDay: number): Period {
  const [first, last] = dayRange(rule, epochDay);
  return {
    start: startOfEpochDay(zone, first),
    end: startOfEpochDay(zone, last),
    startDate: dateOfEpochDay(first),
    endDate: dateOfEpochDay(last),
  };
}

function dayRange(rule: DateRule, epochDay: number): readonly [number, number] {
  switch (rule.kind) {
    case 'DAY':
      return [epochDay, epochDay + 1];
    case 'WEEK': {
      const monday = epochDay - weekdayOf(epochDay) + 1;
      return [monday, monday + 7];
    }
    case 'CALENDAR_MONTH':
      return cycleRange(1, epochDay);
    case 'BILL_CYCLE':
      return cycleRange(rule.day, epochDay);
  }
}

/** The anniversary is derived from the anchor day in each month, never carried on from a clamped one. */
function cycleRange(anchorDay: number, epochDay: number): readonly [number, number] {
  if (!Number.isInteger(anchorDay) || anchorDay < 1 || anchorDay > 31) {
    throw new RangeError(`Bill cycle day ${anchorDay} is not 1 to 31.`);
  }
  const month = Temporal.PlainDate.from(dateOfEpochDay(epochDay)).toPlainYearMonth();
  const anniversary = (months: number): number => {
    const date = month.add({ months }).toPlainDate({ day: anchorDay });
    return Date.UTC(date.year, date.month - 1, date.day) / DAY_MS;
  };
  const here = anniversary(0);
  return epochDay < here ? [anniversary(-1), here] : [here, anniversary(1)];
}

function hoursPeriod(hours: number, firstUse: number, zone: string, instant: number): Period {
  if (!Number.isInteger(hours) || hours < 1) throw new RangeError(`A period of ${hours} hours has no length.`);
  const length = hours * 3_600_000;
  const start = firstUse + Math.floor((instant - firstUse) / length) * length;
  const date = (at: number): LocalDate => dateOfEpochDay(localParts(zone, at).epochDay);
  return { start, end: start + length, startDate: date(start), endDate: date(start + length) };
}
