import { createHash } from 'node:crypto';

/** SHA-256 of a move's input: same key with another hash is another request. */
export const hashOf = (body: unknown): Buffer => createHash('sha256')
  .update(JSON.stringify(body, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))).digest();
