import { setTimeout as sleep } from 'node:timers/promises';
import { decodeJwt, errors, jwtVerify } from 'jose';
import type { JWTPayload } from 'jose';
import { AuthenticationFailed, AuthenticationLimited, AuthenticationUnavailable } from './auth.errors';
import { AuthOptions, MAX_LEEWAY_SECONDS } from './auth.options';
import { ANONYMOUS_CALLER, Caller } from './caller';
import { readClaims } from './claims';
import { FailureThrottle } from './failure-throttle';
import { RevocationList } from './revocation-list';
import { TenantCodes } from './tenant-codes';
import { TokenCache } from './token-cache';

const CACHED_TOKENS = 20_000;
/** A verified token is verified again after this time, so that a key taken out of the key set stops counting. */
const CACHED_MS = 60_000;
const COUNTED_CALLERS = 20_000;
const LONGEST_TOKEN = 8_192;
const REQUIRED_CLAIMS = ['exp', 'iat', 'sub', 'jti', 'tenant', 'role'];

/** Turns a token into a Caller, or refuses it. One per process; `start` before the first call, `stop` at the end. */
export class AuthService {
  private readonly tenants: TenantCodes;
  private readonly revoked: RevocationList;
  private readonly cache = new TokenCache(CACHED_TOKENS);
  private readonly throttle = new FailureThrottle(COUNTED_CALLERS);
  private readonly now: () => number;
  private readonly wait: (ms: number) => Promise<unknown>;
  private readonly leewaySeconds: number;
  /** Tokens under verification: callers that come at once with the same new token share the work. */
  private readonly pending = new Map<string, Promise<Caller>>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: AuthOptions) {
    this.now = options.now ?? Date.now;
    this.wait = options.wait ?? sleep;
    this.leewaySeconds = Math.min(options.leewaySeconds ?? MAX_LEEWAY_SECONDS, MAX_LEEWAY_SECONDS);
    this.tenants = new TenantCodes(options.pool);
    this.revoked = new RevocationList(options.pool, this.now);
  }

  /**
   * Looks at the keys, reads tenants and revocations, then keeps the revocations fresh. Fails where the database cannot
   * be read.
   * @throws StartupError where the configured key file holds no keys.
   */
  async start(): Promise<void> {
    await this.options.keys.check?.();
    await this.tenants.load();
    await this.revoked.refresh();
    this.schedule();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /**
   * The caller of a token; no token gives the anonymous caller.
   * @param remoteAddress the client's own address (behind a trusted proxy: the forwarded one).
   * @throws AuthenticationFailed | AuthenticationLimited | AuthenticationUnavailable
   */
  async authenticate(token: string | null, remoteAddress: string): Promise<Caller> {
    if (token === null) return ANONYMOUS_CALLER;
    const startedAt = performance.now();
    const known = this.cache.get(token, this.now());
    if (known !== null && !this.revoked.has(known)) return known;
    const subject = token.length > LONGEST_TOKEN ? '' : claimedSubject(token);
    const wait = this.throttle.stoppedSeconds(remoteAddress, subject);
    if (wait > 0) throw new AuthenticationLimited(wait);
    try {
      return await this.verifyOnce(token);
    } catch (error) {
      if (!(error instanceof AuthenticationFailed)) throw error;
      this.options.log?.info({ reason: error.reason }, 'A token was refused.');
      const delayMs = this.throttle.failed(remoteAddress, subject);
      const floorMs = this.options.refusalFloorMs ?? 25;
      await this.wait(Math.max(delayMs, startedAt + floorMs - performance.now(), 0));
      throw error;
    }
  }

  /** Whether the caller's token or subject was revoked; from memory, at most `refreshMs` old. */
  isRevoked(caller: Caller): boolean {
    return this.revoked.has(caller);
  }

  /** How long a revocation must hold so that no token which exists now outlives it, in seconds. */
  get revocationSeconds(): number {
    return this.options.maxLifetimeSeconds + 2 * this.leewaySeconds;
  }

  /** Reads revocations now: a revocation made by this process then counts at once. */
  async refreshRevocations(): Promise<void> {
    await this.revoked.refresh();
  }

  private verifyOnce(token: string): Promise<Caller> {
    const running = this.pending.get(token) ?? this.verify(token).finally(() => this.pending.delete(token));
    this.pending.set(token, running);
    return running;
  }

  private async verify(token: string): Promise<Caller> {
    if (token.length > LONGEST_TOKEN) throw new AuthenticationFailed('too long');
    const claims = readClaims(await this.verifySignature(token), {
      nowSeconds: Math.floor(this.now() / 1000),
      leewaySeconds: this.leewaySeconds,
      maxLifetimeSeconds: this.options.maxLifetimeSeconds,
    });
    const { tenantCode, ...rest } = claims;
    const tenantId = await this.tenantId(tenantCode);
    const caller: Caller = { ...rest, tenantId };
    if (this.revoked.has(caller)) throw new AuthenticationFailed('revoked');
    this.cache.set(token, caller, Math.min(claims.expiresAt, this.now() + CACHED_MS));
    return caller;
  }

  private async verifySignature(token: string): Promise<JWTPayload> {
    const { algorithm, issuer, audience, keys } = this.options;
    try {
      const verified = await jwtVerify(token, keys, {
        algorithms: [algorithm], issuer, audience, clockTolerance: this.leewaySeconds, currentDate: new Date(this.now()),
        requiredClaims: REQUIRED_CLAIMS,
      });
      return verified.payload;
    } catch (error) {
      if (error instanceof errors.JOSEError) throw new AuthenticationFailed(error.code);
      throw error;
    }
  }

  private async tenantId(code: string): Promise<number> {
    const id = await this.tenants.idOf(code).catch((error: unknown) => {
      throw new AuthenticationUnavailable(error);
    });
    if (id === null) throw new AuthenticationFailed('tenant is not known');
    return id;
  }

  private schedule(): void {
    this.timer = setTimeout(() => {
      this.revoked.refresh()
        .catch((error: unknown) => {
          this.options.log?.warn({ err: error }, 'Revoked tokens cannot be read; the last known serve on.');
        })
        .finally(() => {
          if (this.timer !== undefined) this.schedule();
        });
    }, this.options.refreshMs ?? 1_000);
    this.timer.unref();
  }
}

/** The subject that an unverified token claims: used for nothing but counting failures. */
function claimedSubject(token: string): string {
  try {
    const claimed: unknown = decodeJwt(token).sub;
    return typeof claimed === 'string' ? claimed : '';
  } catch (error) {
    if (error instanceof errors.JOSEError) return '';
    throw error;
  }
}
