import type { Role } from '../platform/auth/caller';
import { refuse } from '../platform/errors';
import { decodeNumericId, NodeType } from '../platform/graphql';

/** Who may read customers and accounts; what of them, the room's filter says. */
export const READERS: readonly Role[] = ['SUBSCRIBER', 'CRM_AGENT', 'FINANCE'];
/** Who may read those of a whole tenant. */
export const STAFF: readonly Role[] = ['CRM_AGENT', 'FINANCE'];
/** Who may record and change them. */
export const AGENTS: readonly Role[] = ['CRM_AGENT'];

/** The key of an id in an input. @throws Refusal NOT_FOUND at `path`: a malformed id answers like an unknown one. */
export function requiredKey(id: string, types: readonly NodeType[], path: string): bigint {
  for (const type of types) {
    const key = decodeNumericId(id, type);
    if (key !== null) return key;
  }
  return refuse('NOT_FOUND', 'No such object.', [path]);
}

/** As requiredKey, for an id that may be absent. */
export const optionalKey = (id: string | null | undefined, type: NodeType, path: string): bigint | null =>
  (id === null || id === undefined ? null : requiredKey(id, [type], path));
