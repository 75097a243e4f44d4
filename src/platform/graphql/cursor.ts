import { decodeOpaque, encodeOpaque, OpaquePart, wholePart } from './opaque';
import { RequestError, requestError } from './request-error';

/**
 * Cursors name a place by its sort keys. `scope` says which list or stream the keys belong to ("ledgerEntry"); where the
 * place belongs to one object (or else to a tenant) put that object's key first; the functions below check it when the
 * cursor comes back.
 */
export const encodeCursor = (scope: string, ...keys: readonly OpaquePart[]): string => encodeOpaque(`~${scope}`, keys);

/** The sort keys of a cursor of that scope; null where it is malformed or of another list. */
export const decodeCursor = (cursor: string, scope: string): string[] | null => decodeOpaque(cursor, `~${scope}`);

/** A place in a list that belongs to one object. */
export interface OwnedPlace {
  readonly owner: string;
  /** The sort keys. */
  readonly keys: readonly string[];
}

/** One that is malformed and one of another list are not told apart. */
export const foreignCursor = (): RequestError => requestError('BAD_USER_INPUT', 'The cursor is not one of this list.');

/**
 * The place in a cursor that was made of an owner's key and `keyCount` sort keys; null where no cursor was given.
 * @throws RequestError BAD_USER_INPUT
 */
export function ownedPlace(cursor: string | null | undefined, scope: string, keyCount: number): OwnedPlace | null {
  if (cursor === null || cursor === undefined) return null;
  const [owner, ...keys] = decodeCursor(cursor, scope) ?? [];
  if (owner === undefined || keys.length !== keyCount) throw foreignCursor();
  return { owner, keys };
}

/**
 * The one whole number of zero or more that a place is sorted by; `start` where no cursor was given.
 * @throws RequestError BAD_USER_INPUT
 */
export function wholeAfter(place: OwnedPlace | null, start: bigint): bigint {
  if (place === null) return start;
  const key = wholePart(place.keys[0]);
  if (key === null || key < 0n) throw foreignCursor();
  return key;
}

/** What a loader gives for its owners, in order: each its page, but a refusal where the cursor is another's. */
export const pagesByOwner = <K, P>(
  owners: readonly K[], place: OwnedPlace | null, keyOf: (owner: K) => string, pageFor: (owner: K) => P,
): (P | Error)[] => owners.map((owner) => (place === null || place.owner === keyOf(owner) ? pageFor(owner) : foreignCursor()));

/**
 * The sort keys in a cursor of the one owner asked for, such as a tenant; null where no cursor was given.
 * @throws RequestError BAD_USER_INPUT
 */
export function keysAfter(cursor: string | null | undefined, scope: string, owner: OpaquePart, keyCount: number): readonly string[] | null {
  const place = ownedPlace(cursor, scope, keyCount);
  if (place !== null && place.owner !== owner.toString()) throw foreignCursor();
  return place && place.keys;
}
