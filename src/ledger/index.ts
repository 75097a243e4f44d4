/**
 * The ledger: append-only double entry. A move of a bucket is one row holding both sides; the view `posting` shows
 * every side. Only this room writes entries.
 */
export * from './entry.types';
export { insertEntries } from './sql/insert-entries';
export { BalanceCause } from './balance-cause.type';
export { BalanceAmount, balanceAmountOf, LedgerEntry, LedgerEntryConnection } from './ledger-entry.type';
export type { EntryPlace } from './ledger-entry.type';
export { causeLoader, entryPageLoader } from './ledger-entry.loader';
export type { BucketKey } from './ledger-entry.loader';
