import type { Data } from './api';
import { Unexpected } from './failure';

/** The answers of a step, by the operation's name. */
export type Answers = Readonly<Record<string, Data>>;

/** What stands at a path such as `OrderFamily.productOrderCreate.order.id`; undefined where nothing does. */
export const valueAt = (answers: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((found, key) => (typeof found === 'object' && found !== null ? (found as Data)[key] : undefined), answers);

/** The text at a path. @throws Unexpected where no text stands there. */
export function textAt(answers: unknown, path: string): string {
  const value = valueAt(answers, path);
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new Unexpected(`The answer tells no ${path}: ${JSON.stringify(answers)}`);
}

/** A page of a list. */
export interface Page<T> { readonly nodes: readonly T[]; readonly pageInfo: { readonly hasNextPage: boolean } }

/** The whole list that a page shows. @throws Unexpected where there is more: what is left out must not be left out of a sum. */
export function wholeList<T>({ nodes, pageInfo }: Page<T>): readonly T[] {
  if (pageInfo.hasNextPage) throw new Unexpected('A list is longer than the page that was asked for.');
  return nodes;
}
