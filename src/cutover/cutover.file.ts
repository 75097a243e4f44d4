import { checkBytes, ImportError, openCsv, openJsonLines, RowSource, SourceRow } from '../usage/import';
import { readRow, RowFault } from './row.rules';
import { Column, CutoverRow, OPTIONAL_COLUMNS, REQUIRED_COLUMNS } from './row.types';

/** A file that was read once from end to end: text, whole records, columns that are known. */
export interface CutoverFile {
  readonly path: string;
  readonly format: 'csv' | 'jsonl';
  readonly source: RowSource;
  /** SHA-256 of the file. */
  readonly hash: Buffer;
  readonly rowCount: number;
}

export const CSV_FORM = { delimiter: ',', quote: '"' };
const JSON_LINES = /\.(jsonl|ndjson)$/i;
/** What a rejects file has before the row's own columns: mended, it is brought like any other. */
const REJECT_COLUMNS = ['row', 'reason', 'message'];
const KNOWN: readonly string[] = [...REQUIRED_COLUMNS, ...OPTIONAL_COLUMNS, ...REJECT_COLUMNS];

/** Opens a table of rows, CSV or (by its name) JSON lines, and reads it once. @throws ImportError */
export async function openTable(path: string, required: readonly string[], optional: readonly string[]): Promise<CutoverFile> {
  const { hash, isText } = await checkBytes(path).catch((error: NodeJS.ErrnoException) => {
    if (!['ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR'].includes(error.code ?? '')) throw error;
    throw new ImportError({ file: path }, 'there is no such file that can be read.');
  });
  if (!isText) throw new ImportError({ file: path }, 'the bytes are not UTF-8 text; save the file as UTF-8.');
  const format = JSON_LINES.test(path) ? 'jsonl' : 'csv';
  const source = format === 'csv' ? await openCsv(path, CSV_FORM) : await openJsonLines(path, required, optional);
  const known = [...required, ...optional];
  for (const column of source.columns) {
    if (!known.includes(column)) throw new ImportError({ file: path, row: 1, column }, `there is no such column; the columns are ${known.join(', ')}.`);
  }
  const missing = required.find((column) => !source.columns.includes(column));
  if (missing !== undefined) throw new ImportError({ file: path, row: 1, column: missing }, 'this column is missing.');
  if (new Set(source.columns).size !== source.columns.length) throw new ImportError({ file: path, row: 1 }, 'a column stands in the header twice.');
  let rowCount = 0;
  for await (const row of source.rows()) if (row) rowCount += 1;
  return { path, format, source, hash, rowCount };
}

export const openCutoverFile = (path: string): Promise<CutoverFile> => openTable(path, REQUIRED_COLUMNS, [...OPTIONAL_COLUMNS, ...REJECT_COLUMNS]);

/** A row by its columns. An object of a JSON line may have no member that nobody reads: it would be a typing error. */
export function textsOf({ columns }: RowSource, { values, line }: SourceRow, known: readonly string[] = KNOWN): Readonly<Record<string, string>> {
  if (line !== null) {
    const unknown = Object.keys(JSON.parse(line) as object).find((member) => !known.includes(member));
    if (unknown !== undefined) throw new RowFault('INVALID_INPUT', `There is no member ${unknown}.`, unknown);
  }
  return Object.fromEntries(columns.map((column, index) => [column, values[index]!.trim()]));
}

const REJECT_MEMBERS = /^\s*\{"row":"?\d+"?,"reason":"[^"]*","message":"(?:[^"\\]|\\.)*",?/;
const hasRejectColumns = (columns: readonly string[]): boolean => REJECT_COLUMNS.every((column, index) => columns[index] === column);

/** The columns of a file and a row of it without what an earlier rejects file put before them. */
export const ownColumns = ({ source, format }: CutoverFile): readonly string[] =>
  (format === 'csv' && hasRejectColumns(source.columns) ? source.columns.slice(REJECT_COLUMNS.length) : source.columns);
export const ownRow = ({ source }: CutoverFile, row: SourceRow): SourceRow => {
  if (row.line !== null) return { ...row, line: row.line.replace(REJECT_MEMBERS, '{') };
  return hasRejectColumns(source.columns) ? { ...row, values: row.values.slice(REJECT_COLUMNS.length) } : row;
};

/** @throws RowFault */
export const cutoverRowOf = (source: RowSource, row: SourceRow): CutoverRow =>
  readRow(textsOf(source, row) as Readonly<Partial<Record<Column, string>>>);
