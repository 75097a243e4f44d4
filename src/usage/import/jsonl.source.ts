import { createReadStream } from 'node:fs';
import { ImportError } from './import.error';
import { RECORD_LIMIT, RowSource, SourceRow } from './row-source';

/** A string literal, or a number outside of one. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * Opens a file of one JSON object a line; the columns are the members that the mapping names, and those that an object may
 * do without.
 * @throws ImportError where there is no line, or the first one lacks a member.
 */
export async function openJsonLines(file: string, required: readonly string[], optional: readonly string[] = []): Promise<RowSource> {
  const columns = [...required, ...optional];
  for await (const { row, text } of linesOf(file)) {
    if (text.trim() === '') continue;
    const first = objectOf(file, row, text);
    const missing = required.find((column) => !Object.hasOwn(first, column));
    if (missing === undefined) return { file, columns, rows: () => rowsOf(file, columns) };
    throw new ImportError({ file, row, column: missing },
      `the mapping names this member, and the first object has only ${Object.keys(first).join(', ')}.`);
  }
  throw new ImportError({ file, row: 1 }, 'the file is empty; each line must be a JSON object.');
}

async function* rowsOf(file: string, columns: readonly string[]): AsyncGenerator<SourceRow> {
  for await (const { row, text } of linesOf(file)) {
    if (text.trim() === '') continue;
    const members = objectOf(file, row, text);
    yield { row, values: columns.map((column) => textOf(members, column)), line: text };
  }
}

/** Numbers keep the digits that were written: JSON.parse would make binary floats of them. */
function objectOf(file: string, row: number, text: string): Readonly<Record<string, unknown>> {
  const exact = text.replace(TOKEN, (token) => (token.startsWith('"') ? token : `"${token}"`));
  const parsed = parseOr(exact, () => new ImportError({ file, row }, 'the line is no JSON.'));
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new ImportError({ file, row }, 'the line is no JSON object.');
  return parsed as Readonly<Record<string, unknown>>;
}

function parseOr(text: string, problem: () => ImportError): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) throw problem();
    throw error;
  }
}

function textOf(members: Readonly<Record<string, unknown>>, column: string): string {
  const value = Object.hasOwn(members, column) ? members[column] : null;
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

interface Line {
  readonly row: number;
  readonly text: string;
}

async function* linesOf(file: string): AsyncGenerator<Line> {
  let row = 0;
  let open: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      row += 1;
      yield { row, text: lineText(file, row, open, chunk.subarray(from, end)) };
      open = Buffer.alloc(0);
      from = end + 1;
    }
    open = Buffer.concat([open, chunk.subarray(from)]);
    if (open.length > RECORD_LIMIT) throw tooLong(file, row + 1);
  }
  if (open.length > 0) yield { row: row + 1, text: lineText(file, row + 1, open, Buffer.alloc(0)) };
}

function lineText(file: string, row: number, open: Buffer, rest: Buffer): string {
  if (open.length + rest.length > RECORD_LIMIT) throw tooLong(file, row);
  const text = (open.length === 0 ? rest : Buffer.concat([open, rest])).toString('utf8');
  return (row === 1 ? text.replace(/^\uFEFF/, '') : text).replace(/\r$/, '');
}

const tooLong = (file: string, row: number): ImportError => new ImportError({ file, row }, `the line is longer than ${RECORD_LIMIT} bytes.`);
