const LOST_TEXT = /terminated|not queryable|ECONNRESET|EPIPE|ECONNREFUSED|ETIMEDOUT|Connection ended|timeout expired|timeout exceeded|Query read timeout/i;

/** Whether a reading failed because the database, or the way to it, was away for a moment; it may be tried again. */
export function isConnectionFault(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, severity, message } = error as Error & { code?: string; severity?: string };
  if (severity === 'FATAL' || severity === 'PANIC') return true;
  if (code !== undefined && /^(?:57P|08|53)/.test(code)) return true;
  return LOST_TEXT.test(`${code ?? ''} ${message}`);
}
