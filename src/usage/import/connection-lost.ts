const LOST_TEXT = /terminated|not queryable|premature close|ECONNRESET|EPIPE|ECONNREFUSED|ETIMEDOUT|connection ended|timeout expired|timeout exceeded/i;

/** Whether an error says that the database went away, or does not take us in yet: the same statement may be sent again. */
export function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, message } = error as Error & { readonly code?: unknown };
  const state = typeof code === 'string' ? code : '';
  // Classes of SQLSTATE: 08 connection, 57P shut down or starting, 53300 no free connection.
  return /^(08...|57P..|53300)$/.test(state) || LOST_TEXT.test(`${state} ${message}`);
}
