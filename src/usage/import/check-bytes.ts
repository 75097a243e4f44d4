import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** What the bytes of a file say: its SHA-256, and whether they are text. */
export interface CheckedBytes {
  readonly hash: Buffer;
  readonly isText: boolean;
}

/** Whether bytes are UTF-8 without U+0000, which no database text can hold. */
export const isText = (bytes: Buffer): boolean => !bytes.includes(0) && isUtf8(bytes);

/** Reads a whole file once. A character may lie across two chunks: its beginning waits for the next. */
export async function checkBytes(file: string): Promise<CheckedBytes> {
  const hash = createHash('sha256');
  let carried: Buffer = Buffer.alloc(0);
  let isAllText = true;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    if (!isAllText) continue;
    const bytes = carried.length === 0 ? chunk : Buffer.concat([carried, chunk]);
    const end = wholeCharacters(bytes);
    isAllText = isText(bytes.subarray(0, end));
    carried = bytes.subarray(end);
  }
  return { hash: hash.digest(), isText: isAllText && isText(carried) };
}

/** Length of the bytes without a character that is cut off at their end: at most three bytes. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back];
    if (byte < 0x80) return bytes.length;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
