import pino from 'pino';

export type Logger = pino.Logger;

/** Logs waiting for a full buffer are written at least this often. */
const FLUSH_MS = 500;

const standardOutput = (): pino.DestinationStream =>
  pino.destination({ dest: 1, sync: false, minLength: 4096, periodicFlush: FLUSH_MS });

/**
 * JSON lines to standard output, written in the background because a line per operation would otherwise cost a system
 * call each. Lines carry pseudonymous ids only: no variables, tokens, names or numbers. An error is
 * logged as `err` and described without the values it names.
 */
export function createLogger(level: string, destination = standardOutput()): Logger {
  const { isoTime } = pino.stdTimeFunctions;
  return pino({ level, base: { pid: process.pid }, timestamp: isoTime, serializers: { err: describeOnce } }, destination);
}

const described = new WeakSet<object>();

/** Callers may hand over the error itself or its description. */
const describeOnce = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && described.has(error) ? error : describeError(error);

/** What a log may say of an error. */
export interface ErrorDescription {
  readonly name: string;
  readonly message: string;
  /** SQLSTATE or system code. */
  readonly code?: string;
  readonly constraint?: string;
  readonly table?: string;
  /** The places only: the first line would repeat the message. */
  readonly stack: readonly string[];
  readonly cause?: ErrorDescription;
}

/** An error without personal data: what stands in quotes and long runs of digits may be a caller's value and is masked. */
export function describeError(error: unknown): ErrorDescription {
  const description = describe(error);
  described.add(description);
  return description;
}

function describe(error: unknown): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error, message: 'Something that is no Error was thrown.', stack: [] };
  const facts = error as Error & { code?: unknown; constraint?: unknown; table?: unknown };
  return {
    name: error.name,
    message: mask(error.message),
    ...(typeof facts.code === 'string' && { code: facts.code }),
    ...(typeof facts.constraint === 'string' && { constraint: facts.constraint }),
    ...(typeof facts.table === 'string' && { table: facts.table }),
    stack: (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at ')).map((line) => line.trim()).slice(0, 20),
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
  };
}

const mask = (message: string): string =>
  message.replace(/"[^"]*"/g, '"…"').replace(/'[^']*'/g, "'…'").replace(/\d{5,}/g, '…').slice(0, 500);
