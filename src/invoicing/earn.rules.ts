import { Amount, amount, divideRounded } from '../platform/money';
import { epochDayOf, LocalDate } from '../platform/time';

/** A fee that is earned by the days of its period, end not included. */
export interface Deferred {
  readonly startDate: LocalDate;
  readonly endDate: LocalDate;
  readonly amount: bigint;
}

/** What of a fee is earned before a day: its days until then over all of its days, six decimals, half up. */
export function earnedUntil({ startDate, endDate, amount: value }: Deferred, until: LocalDate): Amount {
  const [start, end, day] = [dayOf(startDate), dayOf(endDate), dayOf(until)];
  if (day <= start) return amount(0n);
  if (day >= end) return amount(value);
  return amount(divideRounded(value * BigInt(day - start), BigInt(end - start), 'HALF_UP'));
}

function dayOf(date: LocalDate): number {
  const day = epochDayOf(date);
  if (day === null) throw new RangeError(`${date} is no date.`);
  return day;
}
