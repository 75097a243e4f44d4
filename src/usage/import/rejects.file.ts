import { FileHandle, open, rm } from 'node:fs/promises';
import { SourceRow } from './row-source';

export interface Reject {
  readonly code: string;
  readonly message: string;
  /** The column at fault, where the file tells it. */
  readonly column?: string;
}

const FLUSH_CHARS = 65_536;

/**
 * The rows that were not imported, with row number, reason code and message before the row's own columns: mended, the file
 * can be imported by the same mapping. Made at the first reject. A resumed run cuts it back to where its checkpoint was.
 */
export class RejectsFile {
  private handle: FileHandle | null = null;
  private waiting = '';

  private constructor(readonly path: string, private readonly head: string, private readonly asLine: LineOf, private bytes: number) {}

  /** `keepBytes`: size of the file at the checkpoint that the run goes on from; 0 = a new run, whose file replaces an old one. `tellsColumn`: the column at fault stands behind the row. */
  static async create(path: string, columns: readonly string[], form: RejectsForm, keepBytes: number, tellsColumn = false): Promise<RejectsFile> {
    const asLine = form === null ? jsonLine(tellsColumn) : csvLine(form, tellsColumn);
    const head = form === null ? '' : asLine({ row: 0, values: columns, line: null }, HEAD);
    const kept = keepBytes === 0 ? 0 : await cutBack(path, keepBytes);
    if (kept === 0) await rm(path, { force: true });
    return new RejectsFile(path, head, asLine, kept);
  }

  /** Bytes of the file once flushed. */
  get size(): number {
    return this.bytes;
  }

  async add(row: SourceRow, reject: Reject): Promise<void> {
    this.waiting += this.asLine(row, reject);
    if (this.waiting.length > FLUSH_CHARS) await this.flush();
  }

  /** Hands everything to the operating system, so that it outlives this process. */
  async flush(): Promise<void> {
    if (this.waiting === '') return;
    const text = this.bytes === 0 ? this.head + this.waiting : this.waiting;
    this.waiting = '';
    this.bytes += Buffer.byteLength(text);
    this.handle ??= await open(this.path, 'a');
    await this.handle.appendFile(text);
  }

  async close(): Promise<void> {
    await this.flush();
    await this.handle?.close();
  }
}

/** Cuts off what a run wrote after its checkpoint; the bytes that are left, 0 where the file is not the one of that run. */
async function cutBack(path: string, bytes: number): Promise<number> {
  const handle = await open(path, 'a');
  try {
    if ((await handle.stat()).size < bytes) return 0;
    await handle.truncate(bytes);
    return bytes;
  } finally {
    await handle.close();
  }
}

/** Delimiter and quote of a CSV file; null = JSON lines. */
export type RejectsForm = { readonly delimiter: string; readonly quote: string } | null;
type LineOf = (row: SourceRow, reject: Reject) => string;

const HEAD: Reject = { code: 'reason', message: 'message', column: 'column' };

const csvLine = ({ delimiter, quote }: { delimiter: string; quote: string }, tellsColumn: boolean): LineOf => {
  const isPlain = (text: string): boolean => ![delimiter, quote, '\n', '\r'].some((mark) => text.includes(mark));
  const cell = (text: string): string => (isPlain(text) ? text : `${quote}${text.replaceAll(quote, quote + quote)}${quote}`);
  return ({ row, values }, { code, message, column = '' }) =>
    `${[row === 0 ? 'row' : `${row}`, ...(tellsColumn ? [column] : []), code, message, ...values].map(cell).join(delimiter)}\n`;
};

/** The object as it was, with three or four members before its own. */
const jsonLine = (tellsColumn: boolean): LineOf => ({ row, line }, { code, message, column = '' }) => {
  const head = JSON.stringify({ row, ...(tellsColumn ? { column } : {}), reason: code, message }).slice(0, -1);
  const members = (line ?? '{}').trim().slice(1).trimStart();
  return `${head}${members === '}' ? '' : ','}${members}\n`;
};
