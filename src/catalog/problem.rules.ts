import { SimpleUserError, UserError } from '../platform/errors';
import { holdsCardNumber } from '../platform/text';

/** Where in the input: member names and list indexes, from the input object down. */
export type Path = readonly string[];

/** Gathers everything wrong with one input, so that a catalog manager mends it in one go. */
export class Problems {
  readonly errors: UserError[] = [];

  /** Notes a problem unless `holds`; answers `holds`. */
  need(holds: boolean, path: Path, message: string): boolean {
    if (!holds) this.errors.push(new SimpleUserError('INVALID_INPUT', message, path));
    return holds;
  }
}

const CODE = /^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/;
export const isCode = (text: string): boolean => CODE.test(text);
export const CODE_FORM = 'must be 1 to 60 small letters, digits and inner hyphens.';

/** Whether the text may be shown and stored: 1 to `longest` characters, no control characters, no lone surrogates, no card number. */
export const isText = (text: string, longest: number): boolean =>
  text.length > 0 && text.length <= longest && !/[\p{Cc}\p{Cs}]/u.test(text) && !holdsCardNumber(text);

/** Adds a problem for every value that stands in the list a second time. */
export function needDistinct(problems: Problems, values: readonly string[], pathOf: (index: number) => Path, what: string): void {
  const seen = new Set<string>();
  values.forEach((value, index) => {
    problems.need(!seen.has(value), pathOf(index), `${what} stands in the list twice.`);
    seen.add(value);
  });
}
