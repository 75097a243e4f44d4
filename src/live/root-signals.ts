/** A root and the position that it reached, as nodes tell each other. */
export interface RootPosition {
  readonly rootId: bigint;
  readonly position: bigint;
}

/** What a message says: which roots moved, or (after more than it could carry) that everything should be looked at. */
export interface RootSignals {
  readonly nodeId: string;
  readonly roots: readonly RootPosition[] | 'ALL';
}

export const CHANNEL = 'tributary_roots';

/** PostgreSQL refuses payloads of 8000 bytes and more. */
const MOST_BYTES = 7_900;
const ALL = '*';

/** The messages that tell of these roots, each small enough to be sent. All their text is ASCII. */
export function encodeSignals(nodeId: string, roots: ReadonlyMap<bigint, bigint> | 'ALL'): string[] {
  if (roots === 'ALL') return [`${nodeId} ${ALL}`];
  const messages: string[] = [];
  let text = nodeId;
  for (const [rootId, position] of roots) {
    const part = ` ${rootId.toString(36)}:${position.toString(36)}`;
    if (text.length + part.length > MOST_BYTES) {
      messages.push(text);
      text = nodeId;
    }
    text += part;
  }
  if (text !== nodeId) messages.push(text);
  return messages;
}

const PART = /^([0-9a-z]{1,13}):([0-9a-z]{1,13})$/;

/** Reads a message; null where it is none of ours, since anybody with the database may notify. */
export function decodeSignals(payload: string): RootSignals | null {
  const [nodeId, ...parts] = payload.split(' ');
  if (!nodeId || parts.length === 0) return null;
  if (parts[0] === ALL) return { nodeId, roots: 'ALL' };
  const roots: RootPosition[] = [];
  for (const part of parts) {
    const found = PART.exec(part);
    if (!found?.[1] || !found[2]) return null;
    roots.push({ rootId: fromBase36(found[1]), position: fromBase36(found[2]) });
  }
  return { nodeId, roots };
}

function fromBase36(text: string): bigint {
  let value = 0n;
  for (let i = 0; i < text.length; i++) value = value * 36n + BigInt(digitOf(text.charCodeAt(i)));
  return value;
}

/** '0'–'9' are 48–57, 'a'–'z' are 97–122. */
const digitOf = (code: number): number => (code < 58 ? code - 48 : code - 87);
