/** Why the process cannot start, as one plain sentence for the operator that says what to change; shown without a stack. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
}
