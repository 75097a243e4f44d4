import { GraphQLError } from 'graphql';
import { DateTimeScalar } from '../platform/graphql';

/** What is wrong with one usage: the field's path inside it, and a sentence that says what would be right. */
export class UsageFault extends Error {
  constructor(readonly path: readonly string[], message: string) {
    super(message);
  }
}

/** Printable ASCII that neither begins nor ends with a blank. */
const KEY = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
/** Controls (U+0000 included), line and paragraph separators, halves of surrogate pairs. */
const BROKEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u;
const WHOLE = /^(?:0|[1-9]\d{0,18})$/;
const LARGEST = 2n ** 63n - 1n;

/** Whether a text may be a key of the sender: 1 to `longest` printable ASCII characters. */
export const isSenderKey = (text: string, longest: number): boolean => text.length <= longest && KEY.test(text);

/** A text as it came, 1 to `longest` characters. @throws UsageFault where it is empty, too long or holds characters that are none. */
export function checkedText(text: string, longest: number, path: readonly string[]): string {
  if (text.length === 0 || text.length > longest) throw new UsageFault(path, `Must be 1 to ${longest} characters.`);
  if (BROKEN.test(text)) throw new UsageFault(path, 'Must hold no control characters and no broken characters.');
  return text;
}

/** A count of units, exact. @throws UsageFault where it is negative, not whole, or beyond 64 bits. */
export function checkedCount(text: string, path: readonly string[]): bigint {
  const count = WHOLE.test(text) ? BigInt(text) : null;
  if (count === null || count > LARGEST) {
    throw new UsageFault(path, 'Must be a whole number from "0" to "9223372036854775807"; a refund is no usage.');
  }
  return count;
}

/** Epoch ms of an RFC 3339 instant. @throws UsageFault */
export function checkedInstant(text: string, path: readonly string[]): number {
  try {
    return (DateTimeScalar.parseValue(text) as Date).getTime();
  } catch (error) {
    if (error instanceof GraphQLError) throw new UsageFault(path, error.message);
    throw error;
  }
}
