import { decodeCursor, encodeCursor, requestError, wholePart } from '../platform/graphql';

const SCOPE = 'root';

/** A place in the order of everything that happens to a root: what a dropped subscription resumes from. */
export const encodeRootCursor = (rootId: bigint, position: bigint): string => encodeCursor(SCOPE, rootId, position);

/**
 * The position in a cursor of this root; null where none was given.
 * @throws RequestError BAD_USER_INPUT where it is malformed or of another root, which are not told apart.
 */
export function positionAfter(cursor: string | null | undefined, rootId: bigint): bigint | null {
  if (cursor === null || cursor === undefined) return null;
  const parts = decodeCursor(cursor, SCOPE);
  const position = parts?.length === 2 && wholePart(parts[0]) === rootId ? wholePart(parts[1]) : null;
  if (position === null || position < 0n) throw requestError('BAD_USER_INPUT', 'The cursor is not one of this subscription.');
  return position;
}
