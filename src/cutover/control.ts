import type { MigrateAnswer, MigrationKind } from '../charging';
import { amount, currencyOf, formatAmount, parseAmount } from '../platform/money';
import { ImportError } from '../usage/import';
import { openTable, textsOf } from './cutover.file';

/** What was brought of one kind and asset, as texts: decimals of a currency, whole units; no sum for products. */
export interface TotalLine {
  readonly kind: string;
  /** A currency or a unit; empty for products. */
  readonly asset: string;
  readonly count: number;
  readonly sum: string;
}

/** A line of the operator's own totals: what the old system says. */
export interface ControlLine extends TotalLine {
  readonly row: number;
}

/** Counts and sums what the books took, by kind and asset. */
export class Totals {
  private readonly sums = new Map<string, { readonly kind: string; readonly asset: string | null; count: number; sum: bigint }>();

  add(kind: MigrationKind, { asset, amount: text }: MigrateAnswer): void {
    const name = `${kind}\n${asset}`;
    const total = this.sums.get(name) ?? { kind, asset, count: 0, sum: 0n };
    this.sums.set(name, total);
    total.count += 1;
    total.sum += BigInt(text);
  }

  lines(): TotalLine[] {
    return [...this.sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { kind, asset, count, sum }]) => {
      const currency = asset === null ? null : currencyOf(asset);
      return { kind, asset: currency ?? asset ?? '', count, sum: asset === null ? '' : currency ? formatAmount(amount(sum), currency) : sum.toString() };
    });
  }
}

/** Reads the operator's totals: columns kind, asset, count, sum. @throws ImportError */
export async function readControl(path: string): Promise<ControlLine[]> {
  const columns = ['kind', 'asset', 'count', 'sum'];
  const { source } = await openTable(path, columns, []);
  const lines: ControlLine[] = [];
  for await (const row of source.rows()) {
    const { kind, asset, count, sum } = textsOf(source, row, columns) as Record<'kind' | 'asset' | 'count' | 'sum', string>;
    const at = { file: path, row: row.row };
    if (!/^\d{1,12}$/.test(count)) throw new ImportError({ ...at, column: 'count' }, 'a count is a whole number.');
    if (!/^\d{1,15}$/.test(count)) throw new ImportError({ ...at, column: 'count' }, 'a count is a whole number.');
    if (sum !== '' && parseAmount(sum) === null) throw new ImportError({ ...at, column: 'sum' }, 'a sum is a decimal.');
    if (lines.some((line) => line.kind === kind && line.asset === asset)) throw new ImportError(at, 'this kind and asset stands there twice.');
    lines.push({ kind, asset, count: +count, sum, row: row.row });
  }
  return lines;
}

/** Every difference in one sentence; empty where the totals agree, to the last digit and in both directions. */
export function compareTotals(brought: readonly TotalLine[], stated: readonly ControlLine[]): string[] {
  const same = (a: TotalLine) => (b: TotalLine): boolean => a.kind === b.kind && a.asset === b.asset;
  const told = ({ count, sum }: TotalLine): string => `${count} rows${sum === '' ? '' : ` and ${sum}`}`;
  const name = ({ kind, asset }: TotalLine): string => (asset === '' ? kind : `${kind} in ${asset}`);
  const differences = stated.flatMap((line) => {
    const found = brought.find(same(line));
    if (!found) return line.count === 0 ? [] : [`${name(line)}: the control says ${told(line)}, nothing was brought.`];
    return found.count === line.count && equalSums(found.sum, line.sum) ? []
      : [`${name(line)}: the control says ${told(line)}, brought are ${told(found)}.`];
  });
  const unnamed = brought.filter((line) => !stated.some(same(line))).map((line) => `${name(line)}: brought are ${told(line)}, the control does not name it.`);
  return [...differences, ...unnamed];
}

const equalSums = (a: string, b: string): boolean => (a === '' ? b === '' || parseAmount(b) === 0n : b !== '' && parseAmount(a) === parseAmount(b));
