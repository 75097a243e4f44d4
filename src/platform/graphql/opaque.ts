/**
 * Opaque texts: a kind and its parts as canonical base64url. Ids and cursors are both written so; the kind inside keeps
 * one from being taken for the other.
 */
export type OpaquePart = bigint | number | string;

const LONGEST = 512;
const BASE64URL = /^[A-Za-z0-9_-]+$/;

/** "Customer", 1, 42n becomes base64url("Customer:1:42"). */
export function encodeOpaque(kind: string, parts: readonly OpaquePart[]): string {
  let text = kind;
  for (const part of parts) text += `:${typeof part === 'string' ? encodeURIComponent(part) : part.toString()}`;
  return Buffer.from(text).toString('base64url');
}

/** The parts of an opaque text of that kind; null where it is none, is of another kind, or is not in its canonical spelling. */
export function decodeOpaque(opaque: string, kind: string): string[] | null {
  const text = readOpaque(opaque);
  if (text === null) return null;
  const [head, ...parts] = text.split(':');
  return head === kind ? decodeParts(parts) : null;
}

/** The kind of an opaque text, or null where it is none. */
export function kindOfOpaque(opaque: string): string | null {
  return readOpaque(opaque)?.split(':', 1)[0] ?? null;
}

function readOpaque(opaque: string): string | null {
  if (opaque.length > LONGEST || !BASE64URL.test(opaque)) return null;
  const bytes = Buffer.from(opaque, 'base64url');
  return bytes.toString('base64url') === opaque ? bytes.toString() : null;
}

/** A part that could have been written shorter, such as "%31" for "1", is none of ours: what is named has one spelling. */
function decodeParts(parts: readonly string[]): string[] | null {
  try {
    const decoded = parts.map((part) => decodeURIComponent(part));
    return decoded.every((part, index) => encodeURIComponent(part) === parts[index]) ? decoded : null;
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

const WHOLE = /^(?:0|-?[1-9]\d{0,18})$/;
const INT8_MAX = 2n ** 63n - 1n;

/** A part as a 64-bit number; null where it is none, so that a forged id never reaches the database as an error. */
export function wholePart(part: string | undefined): bigint | null {
  if (part === undefined || !WHOLE.test(part)) return null;
  const value = BigInt(part);
  return value <= INT8_MAX && value >= -INT8_MAX ? value : null;
}
