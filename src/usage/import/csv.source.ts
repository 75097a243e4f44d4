import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse, Parser } from 'csv-parse';
import { ImportError } from './import.error';
import { RECORD_LIMIT, RowSource, SourceRow } from './row-source';

export interface CsvForm {
  readonly delimiter: string;
  readonly quote: string;
}

const parserOf = (form: CsvForm, as: { readonly encoding: 'utf8' | null; readonly bom: boolean } = { encoding: 'utf8', bom: true }): Parser => parse({
  ...form, ...as, columns: false, relax_column_count: true, record_delimiter: ['\r\n', '\n'], max_record_size: RECORD_LIMIT,
});

/** Opens a CSV file, whose first record names the columns. @throws ImportError where there is none. */
export async function openCsv(file: string, form: CsvForm): Promise<RowSource> {
  const columns = await firstRecord(file, form);
  return { file, columns, rows: () => rowsOf(file, form, columns) };
}

async function firstRecord(file: string, form: CsvForm): Promise<string[]> {
  for await (const record of records<string>(file, parserOf(form))) {
    if (isBlank(record)) break;
    return record.map((name) => name.trim());
  }
  throw new ImportError({ file, row: 1 }, 'the file is empty; its first row must name the columns.');
}

async function* rowsOf(file: string, form: CsvForm, columns: readonly string[]): AsyncGenerator<SourceRow> {
  let row = 0;
  for await (const values of records<string>(file, parserOf(form))) {
    row += 1;
    if (row === 1 || isBlank(values)) continue;
    if (values.length !== columns.length) {
      throw new ImportError({ file, row, column: columnAt(columns, values.length) }, widthProblem(values, columns));
    }
    yield { row, values, line: null };
  }
}

const isBlank = (record: readonly string[]): boolean => record.length === 1 && record[0] === '';
const widthProblem = (values: readonly string[], columns: readonly string[]): string =>
  `the row has ${values.length} columns and the header ${columns.length}.`;

/** The column where a record's bytes are no text, found by reading them as they are; null where all are. */
export async function findBadText(file: string, form: CsvForm, isText: (bytes: Buffer) => boolean): Promise<{ row: number; column: string } | null> {
  let row = 0;
  let columns: string[] = [];
  // The mark of UTF-16 would make the parser read the file as that, where its bytes are asked for.
  for await (const record of records<Buffer>(file, parserOf(form, { encoding: null, bom: !await isUtf16(file) }))) {
    row += 1;
    if (row === 1) columns = record.map((name) => name.toString('utf8').replace(NOT_SHOWN, ''));
    const index = record.findIndex((bytes) => !isText(bytes));
    if (index >= 0) return { row, column: columnAt(columns, index) };
  }
  return null;
}

/** What bytes that are no text leave in a name when it is read as such. */
const NOT_SHOWN = /[\p{Cc}\uFFFD\uFEFF]/gu;

async function isUtf16(file: string): Promise<boolean> {
  for await (const start of createReadStream(file, { end: 1 }) as AsyncIterable<Buffer>) return start.equals(Buffer.from([0xff, 0xfe]));
  return false;
}

const columnAt = (columns: readonly string[], index: number): string => columns[index] ?? `number ${index + 1}`;

async function* records<T>(file: string, parser: Parser): AsyncGenerator<T[]> {
  // The parser is destroyed with the stream's own error, which the loop then raises; the pipeline's promise says the same.
  const flow = pipeline(createReadStream(file), parser).catch(() => undefined);
  let columns: readonly unknown[] = [];
  try {
    for await (const record of parser) {
      if (columns.length === 0) columns = record as T[];
      yield record as T[];
    }
    await flow;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw malformed(file, error, columns.map(String));
  }
}

const SENTENCES: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened here and not closed before the end of the file.',
  INVALID_OPENING_QUOTE: 'a quote stands inside a value that does not begin with one.',
  CSV_INVALID_CLOSING_QUOTE: 'a closing quote is not followed by a delimiter or the end of the line.',
  CSV_MAX_RECORD_SIZE: `the row is longer than ${RECORD_LIMIT} bytes; is the delimiter or the line end another one?`,
};

function malformed(file: string, error: CsvError, columns: readonly string[]): ImportError {
  const { records: before, column } = error as CsvError & { readonly records?: number; readonly column?: number };
  const place = { file, row: (before ?? 0) + 1, column: columnAt(columns, column ?? 0) };
  return new ImportError(place, SENTENCES[error.code] ?? error.message);
}
