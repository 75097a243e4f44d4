import { SeededRandom } from './random';

export interface SampleForm {
  readonly rows: number;
  readonly seed: number;
  /** More than one adds a column `subscriber` with numbers from 353209200000 on. */
  readonly subscribers: number;
}

/** 15 October 2014 to 14 March 2015, Irish local dates. */
const FIRST_DAY = Date.UTC(2014, 9, 15);
const DAYS = 151;
const DAY_MS = 86_400_000;
const COLUMNS = 'index,date,duration,item,month,network,network_type';
/** The bill turns on this day of the month: what is used from it on stands on the next month's bill. */
const BILL_DAY = 13;

type Kind = readonly [item: 'call' | 'sms' | 'data', network: string, networkType: string];

const DATA: Kind = ['data', 'data', 'data'];

/** How often each kind comes in a month of an ordinary subscriber. */
const KINDS: readonly (readonly [number, Kind])[] = [
  [150, DATA],
  [128, ['call', 'Three', 'mobile']], [71, ['call', 'Tesco', 'mobile']], [66, ['call', 'Vodafone', 'mobile']], [54, ['call', 'Meteor', 'mobile']],
  [42, ['call', 'landline', 'landline']], [27, ['call', 'voicemail', 'voicemail']],
  [149, ['sms', 'Vodafone', 'mobile']], [87, ['sms', 'Three', 'mobile']], [33, ['sms', 'Meteor', 'mobile']], [13, ['sms', 'Tesco', 'mobile']],
  [7, ['sms', 'world', 'world']], [3, ['sms', 'special', 'special']],
];

/** Seconds of calls: many short, few very long. */
const SECONDS: readonly (readonly [number, readonly [number, number]])[] = [
  [20, [1, 12]], [35, [13, 75]], [25, [76, 240]], [14, [241, 800]], [5, [801, 2_400]], [1, [2_401, 10_800]],
];
const HOURS: readonly (readonly [number, readonly [number, number]])[] = [[2, [0, 6]], [20, [7, 11]], [35, [12, 16]], [33, [17, 20]], [10, [21, 23]]];

/**
 * The lines of a believable usage log in the columns of the real one, header first, with its quirks: two spellings of the
 * date, rows equal to another in everything but the index, and mobile data once a day at the same minute.
 */
export function* sampleLines({ rows, seed, subscribers }: SampleForm): Generator<string> {
  const random = new SeededRandom(seed);
  const hasSubscribers = subscribers > 1;
  yield hasSubscribers ? `${COLUMNS},subscriber` : COLUMNS;
  let index = 0;
  for (let day = 0; day < DAYS; day += 1) {
    // Spread evenly: after each day as many rows are out as its share of all days.
    const wanted = Math.floor((rows * (day + 1)) / DAYS) - index;
    for (const line of dayLines(random, FIRST_DAY + day * DAY_MS, wanted, hasSubscribers)) {
      const subscriber = hasSubscribers ? `,${353_209_200_000 + random.below(subscribers)}` : '';
      yield `${index},${line}${subscriber}`;
      index += 1;
    }
  }
}

/** One subscriber's data comes once a day; among many it comes as often as its share. */
function dayLines(random: SeededRandom, day: number, count: number, hasSubscribers: boolean): string[] {
  const [, ...others] = KINDS;
  const events: { minute: number; kind: Kind; duration: string }[] = [];
  for (let left = count; left > 0; left -= 1) {
    const previous = events.at(-1);
    // A long message is logged as several that are equal.
    if (previous?.kind[0] === 'sms' && random.below(5) === 0) events.push(previous);
    else if (hasSubscribers) events.push(eventOf(random, random.pick(KINDS)));
    else events.push(eventOf(random, previous ? random.pick(others) : DATA));
  }
  return events.sort((a, b) => a.minute - b.minute).map(({ minute, kind: [item, network, type], duration }) =>
    `${dateText(day, minute)},${duration},${item},${billMonth(day)},${network},${type}`);
}

function eventOf(random: SeededRandom, kind: Kind): { minute: number; kind: Kind; duration: string } {
  if (kind[0] === 'data') return { minute: 6 * 60 + 58, kind, duration: '34.429' };
  const [from, until] = random.pick(HOURS);
  const minute = random.between(from, until) * 60 + random.below(60);
  if (kind[0] === 'sms') return { minute, kind, duration: '1' };
  const [least, most] = random.pick(SECONDS);
  return { minute, kind, duration: `${random.between(least, most)}` };
}

const two = (value: number): string => value.toString().padStart(2, '0');

/** A spreadsheet once took days up to the twelfth for months and wrote them its own way; they are day first all the same. */
function dateText(day: number, minute: number): string {
  const date = new Date(day);
  const [dayOfMonth, month, year] = [date.getUTCDate(), date.getUTCMonth() + 1, date.getUTCFullYear()];
  const [hour, past] = [Math.floor(minute / 60), two(minute % 60)];
  return dayOfMonth <= 12 ? `${dayOfMonth}/${month}/${year} ${hour}:${past}` : `${two(dayOfMonth)}/${two(month)}/${two(year % 100)} ${two(hour)}:${past}`;
}

function billMonth(day: number): string {
  const date = new Date(day);
  const bill = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + (date.getUTCDate() >= BILL_DAY ? 1 : 0), 1));
  return `${bill.getUTCFullYear()}-${two(bill.getUTCMonth() + 1)}`;
}
