import { AuthenticationFailed, AuthenticationLimited, AuthenticationUnavailable } from '../auth/auth.errors';
import type { Caller } from '../auth/caller';
import { RequestError, requestError } from '../graphql/request-error';
import type { Logger } from '../observe';
import type { Authenticator } from './server.types';

const BEARER = /^Bearer +([^\s]+) *$/i;

/**
 * The token of an `Authorization: Bearer …` value, null where there is none.
 * @throws RequestError UNAUTHENTICATED where the value has another form.
 */
export function bearerToken(header: string | undefined): string | null {
  if (header === undefined) return null;
  const token = BEARER.exec(header)?.[1];
  if (token === undefined) throw requestError('UNAUTHENTICATED', 'The token is not valid.');
  return token;
}

/** Where a token came from, and where its refusal is noted. */
interface Attempt {
  readonly address: string;
  readonly requestId: string;
  readonly log: Logger;
}

/**
 * The caller of a token, with authentication's own errors told as request errors.
 * @throws RequestError UNAUTHENTICATED | RATE_LIMITED | OVERLOADED
 */
export async function identify(auth: Authenticator, token: string | null, { address, requestId, log }: Attempt): Promise<Caller> {
  try {
    return await auth.authenticate(token, address);
  } catch (error) {
    // The caller never learns which check failed; whoever set up the issuer must be able to.
    if (error instanceof AuthenticationFailed) log.info({ requestId, reason: error.reason }, 'token refused');
    throw asRequestError(error) ?? error;
  }
}

function asRequestError(error: unknown): RequestError | null {
  if (error instanceof AuthenticationFailed) return requestError('UNAUTHENTICATED', 'The token is not valid.');
  if (error instanceof AuthenticationLimited) {
    return requestError('RATE_LIMITED', 'Too many tokens were refused.', error.retryAfterSeconds);
  }
  return error instanceof AuthenticationUnavailable ? requestError('OVERLOADED', 'Tokens cannot be checked at the moment.', 1) : null;
}
