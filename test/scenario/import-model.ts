/** One row of a usage log in the columns of imports/sample-usage.csv. */
export interface LogRow {
  readonly index: string;
  readonly date: string;
  readonly duration: string;
  readonly item: 'call' | 'sms' | 'data';
  readonly network: string;
  readonly networkType: string;
}

/** The rows of a log without quotes: read here by other means than the product reads them. */
export function readLog(text: string): LogRow[] {
  const [, ...lines] = text.split(/\r?\n/).filter((line) => line !== '');
  return lines.map((line) => {
    const [index, date, duration, item, , network, networkType] = line.split(',');
    return { index, date, duration, item: item as LogRow['item'], network, networkType };
  });
}

interface Left {
  seconds: bigint;
  messages: bigint;
  bytes: bigint;
}

/**
 * What the log costs by the tariff of story 07, in millionths of a euro, gross: a straight reading of its leaflet. Each
 * month from the 15th: 200 minutes to mobiles and landlines, 50 messages to mobiles and 1 GB; what is beyond costs money.
 */
export function priceLog(rows: readonly LogRow[]): bigint[] {
  const months = new Map<string, Left>();
  return rows.map((row) => {
    const cycle = cycleOf(row.date);
    const left = months.get(cycle) ?? { seconds: 12_000n, messages: 50n, bytes: 1_000_000_000n };
    months.set(cycle, left);
    if (row.item === 'call') return callPrice(row, left);
    return row.item === 'sms' ? messagePrice(row, left) : dataPrice(row, left);
  });
}

/** Both spellings are day, month, year. */
function cycleOf(date: string): string {
  const [day, month, year] = date.split(' ')[0].split('/').map((part) => +part);
  const months = (year % 100) * 12 + month - (day >= 15 ? 0 : 1);
  return `${months}`;
}

const MINUTE = 60n;

function callPrice({ duration, network, networkType }: LogRow, left: Left): bigint {
  const used = BigInt(duration);
  if (networkType === 'voicemail') return rounded(100_000n * used, MINUTE);
  const free = left.seconds < used ? left.seconds : used;
  left.seconds -= free;
  const rest = used - free;
  if (rest === 0n) return 0n;
  if (networkType === 'landline') return ((rest + MINUTE - 1n) / MINUTE) * 150_000n;
  const perMinute = network === 'Meteor' ? 100_000n : 250_000n;
  // The first minute of a call counts whole, whoever paid its beginning; later seconds count singly.
  return rounded(perMinute * (free < MINUTE && rest < MINUTE ? MINUTE : rest), MINUTE);
}

function messagePrice({ networkType }: LogRow, left: Left): bigint {
  if (networkType === 'world') return 250_000n;
  if (networkType === 'special') return 600_000n;
  if (left.messages === 0n) return 110_000n;
  left.messages -= 1n;
  return 0n;
}

/** Megabytes with three decimals: a thousandth of one is 1,000 bytes, the increment, at 0.02 a megabyte. */
function dataPrice({ duration }: LogRow, left: Left): bigint {
  const used = BigInt(duration.replace('.', '')) * 1000n;
  const free = left.bytes < used ? left.bytes : used;
  left.bytes -= free;
  const increments = (used - free + 999n) / 1000n;
  return increments * 20n;
}

/** Half up, to whole millionths. */
const rounded = (numerator: bigint, denominator: bigint): bigint => (2n * numerator + denominator) / (2n * denominator);

/** Tax inside a gross price at 23 %, rounded half up charge by charge. */
export const taxInside = (gross: bigint): bigint => rounded(gross * 23n, 123n);
