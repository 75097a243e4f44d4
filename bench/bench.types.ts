/** One line of the benchmark table. */
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The figure it is compared with, of the same run and unit; null where there is none. */
  readonly baseline: number | null;
  /** value ÷ baseline. */
  readonly ratio: number | null;
}
