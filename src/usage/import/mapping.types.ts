/** How a text comes out of a row. */
export type TextRule =
  | { readonly kind: 'CONSTANT'; readonly text: string }
  | { readonly kind: 'COLUMN'; readonly column: string; readonly values: ReadonlyMap<string, string> | null; readonly otherwise: string | null }
  | { readonly kind: 'TEMPLATE'; readonly parts: readonly TemplatePart[] };

export type TemplatePart = { readonly text: string } | { readonly column: string };

/** How an instant comes out of a row: the first format that fits, in the mapping's time zone. */
export interface TimeRule {
  readonly column: string;
  readonly formats: readonly string[];
}

/** How a quantity comes out of a row: a decimal text in a named unit (units.ts). */
export interface QuantityRule {
  readonly amount: TextRule;
  readonly unit: TextRule;
}

/** A mapping file as read: how the rows of somebody's file become usages. */
export interface Mapping {
  readonly format: 'csv' | 'jsonl' | null;
  readonly delimiter: string;
  readonly quote: string;
  readonly source: string;
  readonly timeZone: string;
  /** The usage was already delivered: charged in full, never refused for lack of money. */
  readonly delivered: boolean;
  /** ONLINE: the rows are records (CDRs) of what may have been charged online; null = they are usage to be charged. */
  readonly recordsOf: 'ONLINE' | null;
  readonly id: TextRule;
  readonly usageKind: TextRule;
  readonly direction: TextRule | null;
  readonly subscriberKind: TextRule;
  readonly subscriber: TextRule;
  readonly startedAt: TimeRule;
  readonly endedAt: TimeRule | null;
  readonly quantity: QuantityRule;
  readonly otherParty: TextRule | null;
  readonly otherNetwork: TextRule | null;
  /** Given with `recordsOf`, and only then. */
  readonly chargingId: TextRule | null;
  readonly attributes: ReadonlyMap<string, TextRule>;
}

/** Every column that the mapping names, once. */
export function columnsOf(mapping: Mapping): string[] {
  const rules = [
    mapping.id, mapping.usageKind, mapping.direction, mapping.subscriberKind, mapping.subscriber, mapping.quantity.amount,
    mapping.quantity.unit, mapping.otherParty, mapping.otherNetwork, mapping.chargingId, ...mapping.attributes.values(),
  ];
  const times = [mapping.startedAt, mapping.endedAt].filter((rule) => rule !== null);
  return [...new Set([...rules.flatMap(columnsOfRule), ...times.map(({ column }) => column)])];
}

/** The columns that a rule reads. */
export function columnsOfRule(rule: TextRule | null): string[] {
  if (rule === null || rule.kind === 'CONSTANT') return [];
  if (rule.kind === 'COLUMN') return [rule.column];
  return rule.parts.flatMap((part) => ('column' in part ? [part.column] : []));
}
