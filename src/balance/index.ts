/**
 * Buckets of money and units: their rows, the order in which they are spent, what is available. Decisions are pure; the
 * statements are set-based and run under the root's lock.
 */
export * from './bucket.types';
export * from './pay.rules';
export * from './range.rules';
export * from './sql/bucket.sql';
export * from './account-opening';
