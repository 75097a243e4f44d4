import type { FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLFormattedError } from 'graphql';
import type { Caller } from '../auth/caller';
import type { Logger } from '../observe';
import { clientAddress } from './client-address';
import { bearerToken, identify } from './identify';
import { requestIdOf } from './request-id';
import type { Authenticator } from './server.types';

/** What is known of an HTTP request before its body is read. */
export interface HttpExchange {
  readonly requestId: string;
  readonly caller: Caller;
  readonly address: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set for /graphql before the body is read; null elsewhere and where the token was refused. */
    exchange: HttpExchange | null;
    /** Stands in the answer, the log and every error. */
    requestId: string;
  }
}

/** Names the request, before anything else can fail. */
export function nameRequest(request: FastifyRequest, reply: FastifyReply): void {
  request.requestId = requestIdOf(request.headers['x-request-id']);
  reply.headers({ 'x-request-id': request.requestId, 'x-content-type-options': 'nosniff' });
}

/**
 * Verifies the token, before the body is read.
 * @throws RequestError as `identify`.
 */
export function verifyCaller(auth: Authenticator, trustedProxies: ReadonlySet<string>, log: Logger) {
  return async (request: FastifyRequest): Promise<void> => {
    const address = clientAddress(request.raw, trustedProxies);
    const { requestId } = request;
    const caller = await identify(auth, bearerToken(request.headers.authorization), { address, requestId, log });
    request.exchange = { requestId, caller, address };
  };
}

const RESPONSE_TYPE = 'application/graphql-response+json';

/**
 * The media type of the answer: the newer one where the caller names it, else JSON, whatever else is asked for. An answer
 * is never withheld for its type: the operation, and the money it moved, would be done by then.
 */
export const responseType = (accept: string | undefined): string => (accept?.includes(RESPONSE_TYPE) ? RESPONSE_TYPE : 'application/json');

/** Sends errors without data, in the media type that the caller accepts. */
export function sendErrors(reply: FastifyReply, status: number, errors: readonly GraphQLFormattedError[]): FastifyReply {
  const type = responseType(reply.request.headers.accept);
  const wait = errors[0]?.extensions?.retryAfterSeconds;
  if (typeof wait === 'number') reply.header('retry-after', wait.toString());
  return reply.code(status).header('cache-control', 'no-store').type(`${type}; charset=utf-8`).send(JSON.stringify({ errors }));
}
