/** The life of the process: what stops it, and in which order. */
export * from './signals';
export * from './stop-stack';
