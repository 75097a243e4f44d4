/** One record of a file: its row as a spreadsheet counts, its values in the order of the columns. */
export interface SourceRow {
  readonly row: number;
  readonly values: readonly string[];
  /** The line as it stands in the file, where the format is one of lines; null for CSV, whose values say it all. */
  readonly line: string | null;
}

/** A file that is read row by row, as often as asked, in little memory. */
export interface RowSource {
  readonly file: string;
  readonly columns: readonly string[];
  /** Yields every row after the header; blank lines are passed over. @throws ImportError at the first malformed row. */
  rows(): AsyncIterable<SourceRow>;
}

/** Longest record in bytes. A file without line ends would otherwise be gathered in memory to its end. */
export const RECORD_LIMIT = 65_536;
