import { GraphQLError } from 'graphql';

/**
 * Every code that a GraphQL error (not a payload's UserError) may carry, with the HTTP status of a request that fails as
 * a whole. Clients switch on the code; nothing else about the failure is shown but the request id.
 */
export const REQUEST_ERRORS = {
  UNAUTHENTICATED: { status: 401, description: 'No token, or one that is not valid; sign in and repeat.' },
  FORBIDDEN: { status: 403, description: 'The token is valid but its role may not do this.' },
  BAD_REQUEST: { status: 400, description: 'The HTTP or websocket message is not a GraphQL request that this API takes.' },
  BODY_TOO_LARGE: { status: 413, description: 'The request body is above the limit of this caller.' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, description: 'Requests are JSON in UTF-8.' },
  NOT_FOUND: { status: 404, description: 'No such address.' },
  GRAPHQL_PARSE_FAILED: { status: 400, description: 'The document is not GraphQL, or has too many tokens.' },
  GRAPHQL_VALIDATION_FAILED: { status: 400, description: 'The document does not fit the schema.' },
  OPERATION_RESOLUTION_FAILURE: { status: 400, description: 'The document has no operation of that name.' },
  BAD_USER_INPUT: { status: 400, description: 'A variable or argument has the wrong form or range.' },
  QUERY_TOO_COMPLEX: { status: 400, description: 'The operation is above a limit of size; the message names it.' },
  RATE_LIMITED: { status: 429, description: 'Too much was asked in this minute; repeat after `retryAfterSeconds`.' },
  OVERLOADED: { status: 503, description: 'The server is full or stopping; nothing was done. Repeat after `retryAfterSeconds`.' },
  DEADLINE_EXCEEDED: { status: 504, description: 'The request took longer than its deadline; repeat changes with the same key.' },
  INTERNAL: { status: 500, description: 'Something failed on our side; quote the request id.' },
} as const;

export type RequestErrorCode = keyof typeof REQUEST_ERRORS;

export const isRequestErrorCode = (code: unknown): code is RequestErrorCode =>
  typeof code === 'string' && Object.hasOwn(REQUEST_ERRORS, code);

/** A failure that we tell on purpose; its message is shown to the caller as it is. */
export class RequestError extends GraphQLError {
  constructor(readonly code: RequestErrorCode, message: string, readonly retryAfterSeconds?: number) {
    super(message, { extensions: { code } });
  }
}

/** An error of the request as a whole (or of one field), with a documented code and one plain sentence. */
export const requestError = (code: RequestErrorCode, message: string, retryAfterSeconds?: number): RequestError =>
  new RequestError(code, message, retryAfterSeconds);
