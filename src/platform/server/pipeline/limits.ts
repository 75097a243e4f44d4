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
  /** Objects that the operation's lists may give: by their `first` arguments, else by the lengths assumed below. */
  nodes: 10_000,
  /** The same for each event of a subscription: events come at the pace of what happens, and only the start takes points. */
  eventNodes: 1_000,
  /** Objects of a list that has no `first`: a handful is usual (buckets of an account, prices of an offering). */
  plainListLength: 5,
  /** The same where a list further up holds that type already. */
  repeatedListLength: 50,
  /** Range of `first`. */
  firstLeast: 1,
  firstMost: 100,
} as const;
