import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { REQUEST_ERRORS, RequestErrorCode, requestError } from '../graphql/request-error';
import { Logger, refusedRequests } from '../observe';
import { presentError } from './pipeline/present-error';
import { requestIdOf } from './request-id';

/** A refusal for a connection that has no request in the server's sense: one that it could not read, or an upgrade. */
export interface RawRefusal {
  readonly code: RequestErrorCode;
  readonly message: string;
  /** Where it is not the code's own. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly retryAfterSeconds?: number;
  /** The caller's own request id, where its headers were read. */
  readonly requestId?: string | string[] | undefined;
}

/** Answers in the form of every other refusal, and ends the connection. */
export function refuseRaw(socket: Duplex, refusal: RawRefusal): void {
  const { code, message, status = REQUEST_ERRORS[code].status, headers, retryAfterSeconds: wait, requestId: given } = refusal;
  refusedRequests.inc({ code });
  const requestId = requestIdOf(given);
  const body = JSON.stringify({ errors: [presentError(requestError(code, message, wait), { requestId, showsSchema: false })] });
  const fields = {
    'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(body), 'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff', 'X-Request-Id': requestId, Connection: 'close', ...(wait !== undefined && { 'Retry-After': wait }), ...headers,
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines}\r\n${body}`, () => socket.destroy());
}

const NOT_HTTP: RawRefusal = { code: 'BAD_REQUEST', message: 'The request is not HTTP as this server reads it.' };
const UNREADABLE: Readonly<Record<string, Partial<RawRefusal>>> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, message: 'The request did not come in time.' },
  HPE_HEADER_OVERFLOW: { status: 431, message: 'The headers are too large.' },
};

/** Answers what is no HTTP, or too much of it; the parser's own words are for the log. */
export const answerUnreadable = (log: Logger) => (error: NodeJS.ErrnoException, socket: Duplex): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  log.debug({ err: error }, 'a request could not be read');
  refuseRaw(socket, { ...NOT_HTTP, ...UNREADABLE[error.code ?? ''] });
};
