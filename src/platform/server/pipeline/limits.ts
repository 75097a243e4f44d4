/** What one operation may ask for, on either transport. */
export const LIMITS = {
  /** Lexical tokens of a document. */
  tokens: 1_000,
  /** Nested fields; connection edges count, introspection (where it is open) does not. */
  depth: 12,
  /** Renamed fields, repeats through fragments included. */
  aliases: 15,
  /** Fields, spreads and inline fragments, `__typename` and repeats through fragments included. */
  selections: 250,
  /** Directives, repeats through fragments included. */
  directives: 50,
  /** Objects that the operation's connections may give, by their `first` arguments. */
  nodes: 10_000,
  /** Range of `first`. */
  firstLeast: 1,
  firstMost: 100,
} as const;
