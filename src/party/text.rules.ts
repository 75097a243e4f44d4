import { refuse } from '../platform/errors';
import { refuseCardNumber } from '../platform/text';

const LONGEST_NAME = 200;
/** Controls (U+0000 included), line and paragraph separators, halves of surrogate pairs, invisible direction marks. */
const NOT_IN_A_NAME = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069]/u;
const EXTERNAL_ID = /^[\x21-\x7e]{1,100}$/;

/**
 * A name as it is stored: trimmed, composed (NFC), 1 to 200 characters without control characters and card numbers.
 * @throws Refusal INVALID_INPUT at `path`.
 */
export function checkedName(text: string, path: readonly string[]): string {
  if (NOT_IN_A_NAME.test(text)) refuse('INVALID_INPUT', 'A name holds no control characters and no broken characters.', path);
  const name = text.normalize('NFC').trim();
  const length = [...name].length;
  if (length === 0 || length > LONGEST_NAME) refuse('INVALID_INPUT', `A name has 1 to ${LONGEST_NAME} characters.`, path);
  refuseCardNumber(name, path);
  return name;
}

/** A name that may be absent: null stays null. */
export const checkedOptionalName = (text: string | null | undefined, path: readonly string[]): string | null =>
  text === null || text === undefined ? null : checkedName(text, path);

/** Whether a text could be a key of another system at all. */
export const isExternalId = (text: string): boolean => EXTERNAL_ID.test(text);

/**
 * A key of another system: 1 to 100 printable ASCII characters without blanks, no card number, kept letter by letter.
 * @throws Refusal INVALID_INPUT at `path`.
 */
export function checkedExternalId(text: string, path: readonly string[]): string {
  if (!isExternalId(text)) refuse('INVALID_INPUT', 'An external id has 1 to 100 printable ASCII characters without blanks.', path);
  refuseCardNumber(text, path);
  return text;
}
