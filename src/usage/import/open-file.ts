import { stat } from 'node:fs/promises';
import { checkBytes, isText } from './check-bytes';
import { findBadText, openCsv } from './csv.source';
import { ImportError, ImportInterrupted } from './import.error';
import { openJsonLines } from './jsonl.source';
import { compileMapping, requireColumn, RowMapper } from './mapping.compile';
import { columnsOf, Mapping } from './mapping.types';
import { RowSource } from './row-source';

/** A file that was read once from end to end: text, whole records, and every column that was asked for. */
export interface WholeFile {
  readonly format: 'csv' | 'jsonl';
  readonly source: RowSource;
  /** SHA-256 of the file. */
  readonly hash: Buffer;
  /** Rows after the header. */
  readonly rowCount: number;
}

/** A whole file with the mapping of usages bound to its columns. */
export interface CheckedFile extends WholeFile {
  readonly map: RowMapper;
}

/** How a file is written; without a format its name decides. */
export type FileForm = Pick<Mapping, 'format' | 'delimiter' | 'quote'>;

const JSON_LINES = /\.(jsonl|ndjson)$/i;

/**
 * Checks a file against its mapping before anything of it is charged, so that a malformed one is not half-imported.
 * @throws ImportError naming file, row and column of the first fault; ImportInterrupted where `stop` is aborted before its end.
 */
export async function openChecked(file: string, mapping: Mapping, stop?: AbortSignal): Promise<CheckedFile> {
  const whole = await openWhole(file, mapping, columnsOf(mapping), stop);
  return { ...whole, map: compileMapping(mapping, whole.source.columns, file) };
}

/** As openChecked, for any rows: the file must have the columns, each once. */
export async function openWhole(file: string, form: FileForm, columns: readonly string[], stop?: AbortSignal): Promise<WholeFile> {
  await requireFile(file);
  const bytes = await checkBytes(file);
  const format = form.format ?? (JSON_LINES.test(file) ? 'jsonl' : 'csv');
  if (!bytes.isText) throw await badText(file, format, form);
  const source = format === 'csv' ? await openCsv(file, form) : await openJsonLines(file, columns);
  for (const column of columns) requireColumn(column, source.columns, file);
  let rowCount = 0;
  for await (const row of source.rows()) {
    if (stop?.aborted) throw new ImportInterrupted(null, false);
    if (row) rowCount += 1;
  }
  return { format, source, hash: bytes.hash, rowCount };
}

async function requireFile(file: string): Promise<void> {
  try {
    if ((await stat(file)).isFile()) return;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EACCES' && code !== 'ENOTDIR') throw error;
  }
  throw new ImportError({ file }, 'there is no such file that can be read.');
}

const NOT_TEXT = 'the bytes are not UTF-8 text; save the file as UTF-8 (an export as UTF-16, or a zipped or binary file, is not).';

async function badText(file: string, format: 'csv' | 'jsonl', mapping: FileForm): Promise<ImportError> {
  const form = format === 'csv' ? mapping : { delimiter: '\n', quote: '\u0001' };
  try {
    const found = await findBadText(file, form, isText);
    if (found) return new ImportError(format === 'csv' ? { file, ...found } : { file, row: found.row }, NOT_TEXT);
  } catch (error) {
    if (error instanceof ImportError) return new ImportError(error.place, NOT_TEXT);
    throw error;
  }
  return new ImportError({ file }, NOT_TEXT);
}
