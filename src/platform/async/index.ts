/** Waiting and trying again. */
export * from './backoff';
