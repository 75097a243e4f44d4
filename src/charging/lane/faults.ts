import { CommitRefused } from '../../platform/db';

/** Nothing was done; ask again later. */
export class Overloaded extends Error {
  readonly retryAfterMs = 500;
}
/** The COMMIT was sent and its answer never came: repeat with the same key to learn the outcome. */
export class OutcomeUnknown extends Error {}
/** Nobody waits any longer; nothing was stored for it. */
export class DeadlineExceeded extends Error {}

/**
 * What a failed batch means:
 * - RETRY: nothing applied, the same batch may go again;
 * - TWIN: somebody else stored one of the keys, look again;
 * - ITEM: one item is not storable, find it by halving;
 * - LOST: the connection is gone; whether the batch applied depends on whether COMMIT was sent;
 * - RESOURCES: the database has no room, not applied;
 * - BUG: ours.
 */
export type Fault = 'RETRY' | 'TWIN' | 'ITEM' | 'LOST' | 'RESOURCES' | 'BUG';

const LOST_TEXT = /terminated|already released|not queryable|ECONNRESET|EPIPE|ECONNREFUSED|ETIMEDOUT|Connection ended|timeout expired|timeout exceeded/i;

/** Reads an error of the driver or the server. */
export function faultOf(error: unknown): Fault {
  if (error instanceof CommitRefused) return 'BUG';
  const { code, severity, message } = error as { code?: string; severity?: string; message?: string };
  if (severity === 'FATAL' || severity === 'PANIC') return 'LOST';
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return faultOfState(code);
  return LOST_TEXT.test(`${code ?? ''} ${message ?? ''}`) ? 'LOST' : 'BUG';
}

function faultOfState(state: string): Fault {
  if (['40001', '40P01', '55P03', '57014'].includes(state)) return 'RETRY';
  if (state === '23505') return 'TWIN';
  if (state.startsWith('22') || state.startsWith('54') || state === '23514' || state === '23P01') return 'ITEM';
  if (state.startsWith('57P') || state.startsWith('08')) return 'LOST';
  return state.startsWith('53') ? 'RESOURCES' : 'BUG';
}
