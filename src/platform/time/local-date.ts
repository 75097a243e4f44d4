/** A local date as "YYYY-MM-DD". */
export type LocalDate = string;

export const DAY_MS = 86_400_000;
export const MINUTE_MS = 60_000;

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Days since 1970-01-01 of a date; null where there is no such day. */
export function epochDayOf(date: LocalDate): number | null {
  const parts = DATE.exec(date);
  return parts ? epochDayOfParts(+parts[1], +parts[2], +parts[3]) : null;
}

/** Days since 1970-01-01; null where the calendar has no such day. The year has at most four digits. */
export function epochDayOfParts(year: number, month: number, day: number): number | null {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? date.getTime() / DAY_MS : null;
}

/** The date of an epoch day, as text. */
export const dateOfEpochDay = (epochDay: number): LocalDate => new Date(epochDay * DAY_MS).toISOString().slice(0, 10);

/** ISO weekday of an epoch day: 1 is Monday, 7 is Sunday. 1970-01-01 was a Thursday. */
export const weekdayOf = (epochDay: number): number => ((((epochDay + 3) % 7) + 7) % 7) + 1;

const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** Minutes since local midnight of "HH:MM"; null where the text is no time of day. */
export function minuteOfDay(text: string): number | null {
  const parts = TIME.exec(text);
  return parts ? +parts[1] * 60 + +parts[2] : null;
}
