/** Caches: bounded, and only ever a shortcut to what the database says. */
export * from './lru';
