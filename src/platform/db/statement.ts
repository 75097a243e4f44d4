/** A named statement: prepared once per connection. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/*
 * Array parameters as PostgreSQL's array text, built in one pass: the driver's own conversion escapes every element by
 * regular expressions, which is a third of a batch's time in node.
 */

/** Whole numbers as an array text; null where `of` gives null. */
export function ints<T>(rows: readonly T[], of: (row: T) => number | null): string {
  let text = '{';
  for (let i = 0; i < rows.length; i++) text += (i ? ',' : '') + (of(rows[i]!) ?? 'null');
  return `${text}}`;
}

/** The shards of rows, each once: what a routed statement takes as $1. */
export const shardList = (rows: readonly { readonly shard: number }[]): string => `{${[...new Set(rows.map((row) => row.shard))].join(',')}}`;

/** Big integers as an array text; null where `of` gives null. */
export function bigints<T>(rows: readonly T[], of: (row: T) => bigint | null): string {
  let text = '{';
  for (let i = 0; i < rows.length; i++) {
    const value = of(rows[i]!);
    text += (i ? ',' : '') + (value === null ? 'null' : value.toString());
  }
  return `${text}}`;
}

/** Truth values as an array text. */
export function booleans<T>(rows: readonly T[], of: (row: T) => boolean): string {
  let text = '{';
  for (let i = 0; i < rows.length; i++) text += (i ? ',' : '') + (of(rows[i]!) ? 't' : 'f');
  return `${text}}`;
}

const NEEDS_ESCAPE = /["\\]/;

/** Texts as an array text, quoted; null where `of` gives null. */
export function texts<T>(rows: readonly T[], of: (row: T) => string | null): string {
  let text = '{';
  // Most columns of a batch hold one value in row after row.
  let last: string | null = null;
  let written = 'null';
  for (let i = 0; i < rows.length; i++) {
    const value = of(rows[i]!);
    if (value !== last) {
      last = value;
      written = value === null ? 'null' : `"${NEEDS_ESCAPE.test(value) ? value.replace(/["\\]/g, '\\$&') : value}"`;
    }
    text += i ? `,${written}` : written;
  }
  return `${text}}`;
}

/** Instants (epoch ms) as an array text of RFC 3339; null where `of` gives null. */
export function instants<T>(rows: readonly T[], of: (row: T) => number | null): string {
  let text = '{';
  let last: number | null = null;
  let written = 'null';
  for (let i = 0; i < rows.length; i++) {
    const value = of(rows[i]!);
    if (value !== last) {
      last = value;
      written = value === null ? 'null' : `"${isoInstant(value)}"`;
    }
    text += i ? `,${written}` : written;
  }
  return `${text}}`;
}

/** Bytes as an array text in hex form. */
export function bytes<T>(rows: readonly T[], of: (row: T) => Buffer): string {
  let text = '{';
  for (let i = 0; i < rows.length; i++) text += `${i ? ',' : ''}"\\\\x${of(rows[i]!).toString('hex')}"`;
  return `${text}}`;
}

/** Epoch milliseconds as RFC 3339 in UTC. */
export const isoInstant = (epochMs: number): string => new Date(epochMs).toISOString();
