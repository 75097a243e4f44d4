/**
 * The ledger: append-only double entry. A move of a bucket is one row holding both sides; the view `posting` shows
 * every side. Only this room writes entries.
 */
export * from './entry.types';
export { insertEntries } from './sql/insert-entries';
