import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { damaged, fileError } from './backup.error';

/** Kinds of frames: head, table, data, end of a table, end of the file. */
export type FrameKind = 'H' | 'T' | 'D' | 'E' | 'Z';

export interface Frame {
  readonly kind: FrameKind;
  readonly payload: Buffer;
}

const KINDS = 'HTDEZ';
/** Bytes before a payload: its kind, and its length in four bytes. */
const PREFIX = 5;
/** Longest payload. A damaged length would otherwise be gathered in memory. */
const LONGEST = 1 << 20;

/** The frames of a payload, which is cut where it is long. */
export function* framesOf(kind: FrameKind, payload: Buffer): Generator<Buffer> {
  for (let from = 0; from === 0 || from < payload.length; from += LONGEST) {
    const part = payload.subarray(from, from + LONGEST);
    const prefix = Buffer.alloc(PREFIX);
    prefix.write(kind, 'latin1');
    prefix.writeUInt32BE(part.length, 1);
    yield prefix;
    yield part;
  }
}

export const jsonFrame = (kind: FrameKind, value: unknown): Generator<Buffer> => framesOf(kind, Buffer.from(JSON.stringify(value)));

/** Reads the frames of a file, a few at a time. @throws BackupError where it is no backup, or is cut or damaged. */
export async function* readFrames(file: string): AsyncGenerator<Frame> {
  const gunzip = createGunzip();
  let problem: unknown;
  const flow = pipeline(createReadStream(file), gunzip).catch((error: unknown) => { problem = error; });
  let open: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      open = open.length === 0 ? chunk : Buffer.concat([open, chunk]);
      for (let frame = frameAt(open); frame; frame = frameAt(open)) {
        open = open.subarray(PREFIX + frame.payload.length);
        yield frame;
      }
    }
  } catch (error) {
    await flow;
    // Where one stream fails the other is aborted: the first of the two that is no abort is the cause.
    throw streamError(file, [error, problem].find((found) => (found as NodeJS.ErrnoException | undefined)?.code !== 'ABORT_ERR') ?? error);
  } finally {
    gunzip.destroy();
  }
  if (open.length > 0) throw damaged('it ends inside a frame');
}

/** The whole frame at the beginning of the bytes; null where more are needed. */
function frameAt(bytes: Buffer): Frame | null {
  if (bytes.length < PREFIX) return null;
  const kind = bytes.toString('latin1', 0, 1);
  const length = bytes.readUInt32BE(1);
  if (!KINDS.includes(kind) || length > LONGEST) throw damaged('a frame that no backup has');
  return bytes.length < PREFIX + length ? null : { kind: kind as FrameKind, payload: bytes.subarray(PREFIX, PREFIX + length) };
}

function streamError(file: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'Z_BUF_ERROR') return damaged('it ends too early');
  return code.startsWith('Z_') ? damaged('its bytes do not unpack') : fileError(file, error);
}

/** The JSON of a frame. */
export function jsonOf<T>({ payload }: Frame): T {
  try {
    return JSON.parse(payload.toString('utf8')) as T;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw damaged('a frame that cannot be read');
  }
}
