import { randomUUID } from 'node:crypto';

const WELL_FORMED = /^[A-Za-z0-9._-]{8,64}$/;

/** The caller's own request id where it is well formed, else a new one. It stands in logs, audit rows and errors. */
export const requestIdOf = (given: string | string[] | undefined): string =>
  typeof given === 'string' && WELL_FORMED.test(given) ? given : randomUUID();
