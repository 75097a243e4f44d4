/** Waiting and trying again. */
export * from './backoff';
export * from './gathered';
