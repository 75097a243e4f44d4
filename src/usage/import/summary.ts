import { amount, formatAmount } from '../../platform/money';
import { StoredCounts, StoredMoney } from './import.types';

/** What an import tells when it is done; its JSON is the answer of `--json`. */
export interface ImportSummary {
  readonly file: string;
  readonly tenant: string;
  readonly source: string;
  readonly dryRun: boolean;
  readonly historical: boolean;
  /** Rows of the file that an earlier, interrupted run had done; this run began behind them. */
  readonly resumedAfterRows: number;
  /** When this same file was imported before to its end; its rows were sent again and changed nothing. */
  readonly finishedBefore: string | null;
  readonly rows: number;
  readonly counts: Omit<StoredCounts, 'rejectsBytes' | 'money'>;
  readonly money: readonly CurrencyTotal[];
  /** Null where nothing was rejected. */
  readonly rejectsFile: string | null;
  readonly seconds: number;
  readonly rowsPerSecond: number;
  readonly peakMemoryBytes: number;
}

/** Decimal money texts of one currency. */
export interface CurrencyTotal {
  readonly currency: string;
  readonly charged: MoneyTexts;
  readonly duplicates: MoneyTexts;
}

export interface MoneyTexts {
  readonly net: string;
  readonly tax: string;
  readonly gross: string;
}

/** Money by currency, in the order of the codes. */
export function currencyTotals(money: StoredCounts['money']): CurrencyTotal[] {
  return Object.entries(money).sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, sums]) => ({
    currency, charged: moneyTexts(sums.charged, currency), duplicates: moneyTexts(sums.duplicates, currency),
  }));
}

function moneyTexts({ net, tax }: StoredMoney, currency: string): MoneyTexts {
  const text = (value: bigint): string => formatAmount(amount(value), currency);
  return { net: text(BigInt(net)), tax: text(BigInt(tax)), gross: text(BigInt(net) + BigInt(tax)) };
}

/** The summary for a person, one line a result. */
export function summaryLines(summary: ImportSummary): string[] {
  const { counts, dryRun } = summary;
  const before = summary.finishedBefore === null ? [] : [
    `This file was imported before, by the same mapping, until ${summary.finishedBefore}. `
      + 'Its rows were sent again; what was charged then is not charged twice.'];
  const resumed = summary.resumedAfterRows === 0 ? [] : [`Went on behind row ${summary.resumedAfterRows} of an earlier run.`];
  return [
    ...before, ...resumed,
    `${summary.rows} rows of ${summary.file} for ${summary.tenant}, source ${summary.source}${dryRun ? ' (dry run: nothing was stored)' : ''}`,
    line(dryRun ? 'would be charged' : 'charged', counts.charged),
    ...(counts.compared ? [line(dryRun ? 'would be compared, not charged' : 'compared, not charged', counts.compared)] : []),
    line('duplicates', counts.duplicates),
    ...reasonLines('refused', counts.refused), ...reasonLines('quarantined', counts.quarantined), ...reasonLines('rejected', counts.rejected),
    ...summary.money.flatMap((total) => moneyLines(total, dryRun)),
    ...(summary.rejectsFile === null ? [] : [`Rejected rows with their reasons: ${summary.rejectsFile}`]),
    `${summary.seconds} s, ${summary.rowsPerSecond} rows/s`,
  ];
}

const line = (what: string, count: number | string): string => `  ${what.padEnd(40)}${count}`;

function reasonLines(what: string, reasons: Readonly<Record<string, number>>): string[] {
  const entries = Object.entries(reasons);
  return entries.length === 0 ? [line(what, 0)] : entries.map(([code, count]) => line(`${what}: ${code}`, count));
}

function moneyLines({ currency, charged, duplicates }: CurrencyTotal, dryRun: boolean): string[] {
  const text = ({ net, tax, gross }: MoneyTexts): string => `${gross} ${currency} (net ${net}, tax ${tax})`;
  const again = duplicates.gross === '0.00' ? [] : [line('money of the duplicates', text(duplicates))];
  return [line(dryRun ? 'money before allowances' : 'money charged', text(charged)), ...again];
}
