import { hash } from 'node:crypto';

const LINE_END = 10;
const WORDS = 8;
const WORD = 2 ** 32;

/**
 * Counts and digests the rows of a table as they pass in COPY text, in which a line end always ends a row. The digest is the
 * sum of the rows' hashes, so it needs neither a sorted table nor memory.
 */
export class RowDigest {
  rows = 0;
  private readonly sum = new Uint32Array(WORDS);
  private open: Buffer[] = [];

  update(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(LINE_END); end >= 0; end = chunk.indexOf(LINE_END, from)) {
      const rest = chunk.subarray(from, end);
      this.add(this.open.length === 0 ? rest : Buffer.concat([...this.open, rest]));
      this.open = [];
      from = end + 1;
    }
    // A copy, because the stream's own buffer is used again.
    if (from < chunk.length) this.open.push(Buffer.from(chunk.subarray(from)));
  }

  /** The digest so far; half a row at the end counts as one, so that a cut never goes unnoticed. */
  get digest(): string {
    if (this.open.length > 0) {
      this.add(Buffer.concat(this.open));
      this.open = [];
    }
    return Array.from(this.sum, (word) => word.toString(16).padStart(8, '0')).join('');
  }

  private add(row: Buffer): void {
    const hashed = hash('sha256', row, 'buffer');
    let carry = 0;
    for (let word = WORDS - 1; word >= 0; word -= 1) {
      const total = this.sum[word]! + hashed.readUInt32BE(word * 4) + carry;
      carry = total >= WORD ? 1 : 0;
      this.sum[word] = total;
    }
    this.rows += 1;
  }
}
