import { decodeOpaque, encodeOpaque, OpaquePart } from './opaque';

/**
 * Cursors name a place by its sort keys. `scope` says which list or stream the keys belong to ("ledgerEntry"); where the
 * place belongs to one object put that object's key first, and check it when the cursor comes back.
 */
export const encodeCursor = (scope: string, ...keys: readonly OpaquePart[]): string => encodeOpaque(`~${scope}`, keys);

/** The sort keys of a cursor of that scope; null where it is malformed or of another list. */
export const decodeCursor = (cursor: string, scope: string): string[] | null => decodeOpaque(cursor, `~${scope}`);
