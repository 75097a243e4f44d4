/**
 * Catalog: versioned, immutable product offerings with prices and allowances, and tax rates by class and date. A launched
 * version is never edited: a change is a new version. The charging path reads terms through the loaders here.
 */
export * from './price.types';
export * from './terms.types';
export * from './terms.loader';
