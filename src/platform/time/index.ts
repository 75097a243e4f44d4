/**
 * Time: instants are epoch milliseconds, local dates are "YYYY-MM-DD" text or epoch days, zones are IANA names.
 * Everything is pure; the clock itself is not here.
 */
export * from './zone-table';
export * from './local-date';
export * from './local-instant';
export * from './parse-local';
export * from './period';
export * from './elapsed';
