/**
 * The money floor: scaled assets, exact decimals and named rounding. Nothing here or above it in the money rooms may
 * use a binary float.
 */
export * from './units';
export * from './rounding';
export * from './decimal';
