import type { MigratedLine, MigrationKind } from '../charging';
import type { Amount, Unit } from '../platform/money';

/** Where a row says that its account is. */
export type AccountRef =
  | { readonly kind: 'ID'; readonly id: bigint }
  | { readonly kind: 'NAME'; readonly customer: string; readonly name: string | null };

/** A row as read: its texts are checked, its dates still wait for the account's time zone. */
export interface CutoverRow {
  readonly kind: MigrationKind;
  /** Names the fact once and for all within its account. */
  readonly key: string;
  readonly account: AccountRef;
  readonly amount: Amount | null;
  readonly currency: string | null;
  readonly quantity: bigint | null;
  readonly unit: Unit | null;
  readonly events: bigint;
  readonly offering: string | null;
  readonly line: MigratedLine | null;
  readonly allowance: string | null;
  readonly price: string | null;
  readonly identifiers: readonly MigratedLine[];
  /** Instants or days as written. */
  readonly dates: Readonly<Record<DateColumn, string>>;
}

export const DATE_COLUMNS = ['validFrom', 'validUntil', 'startedAt', 'billedUntil', 'contractEndsAt'] as const;
export type DateColumn = (typeof DATE_COLUMNS)[number];

export const REQUIRED_COLUMNS = ['kind', 'key'] as const;
export const OPTIONAL_COLUMNS = [
  'account', 'customer', 'accountName', 'amount', 'currency', 'quantity', 'unit', 'events', 'offering', 'line', 'allowance', 'price',
  'identifiers', ...DATE_COLUMNS,
] as const;
export type Column = (typeof REQUIRED_COLUMNS)[number] | (typeof OPTIONAL_COLUMNS)[number];
