import { refuse } from '../errors';
import { refuseCardNumber } from './card-number';

/** Controls (U+0000 included) and halves of surrogate pairs. */
const NOT_TEXT = /[\p{Cc}\p{Cs}]/u;

/** Why a person did something, trimmed. @throws Refusal INVALID_INPUT at `path`. */
export function checkedReason(reason: string, path: readonly string[] = ['reason']): string {
  const text = reason.trim();
  if (text.length < 3 || text.length > 500 || NOT_TEXT.test(text)) {
    refuse('INVALID_INPUT', 'The reason must be 3 to 500 characters, without control characters.', path);
  }
  refuseCardNumber(text, path);
  return text;
}
