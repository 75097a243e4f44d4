/**
 * The token was not accepted. One message for every reason (unknown key, issuer, tenant, expired, revoked, malformed),
 * so that an answer teaches a guesser nothing; the reason goes to the log only.
 */
export class AuthenticationFailed extends Error {
  readonly code = 'UNAUTHENTICATED';

  constructor(
    /** For the log: never shown to the caller. */
    readonly reason: string,
  ) {
    super('The token is not valid.');
  }
}

/** Too many failures from this address or for this subject; nothing was checked. */
export class AuthenticationLimited extends Error {
  readonly code = 'RATE_LIMITED';

  constructor(readonly retryAfterSeconds: number) {
    super('Too many tokens were refused. Try again later.');
  }
}

/** The issuer's keys or the tenants could not be read: says nothing about the token, and the call may be repeated. */
export class AuthenticationUnavailable extends Error {
  readonly code = 'OVERLOADED';
  readonly retryAfterSeconds = 1;

  constructor(cause: unknown) {
    super('Tokens cannot be checked at the moment.', { cause });
  }
}
