import { createHmac } from 'node:crypto';
import { createLocalJWKSet } from 'jose';
import type { JSONWebKeySet, JWTPayload } from 'jose';
import {
  ANONYMOUS_CALLER, AuthenticationFailed, AuthenticationLimited, AuthenticationUnavailable, AuthOptions, AuthService,
} from '../../src/platform/auth';
import { createTestDatabase, TestDatabase } from '../support';
import { AUDIENCE, forged, goodClaims, ISSUER, TestKey } from './auth-issuer';

const NOW = (): number => Math.floor(Date.now() / 1000);

describe('authentication', () => {
  let database: TestDatabase;
  let key: TestKey;
  let other: TestKey;
  const running: AuthService[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    await database.ownerPool.query(
      `insert into tenant (id, code, name, currency, time_zone, settings)
       values (1, 'blue', 'Blue', 'EUR', 'Europe/Dublin', '{}'), (2, 'green', 'Green', 'SEK', 'Europe/Stockholm', '{}')`);
    [key, other] = await Promise.all([TestKey.make('k1'), TestKey.make('k1')]);
  });

  afterEach(() => running.splice(0).forEach((service) => service.stop()));
  afterAll(() => database.dispose());

  async function serve(changes: Partial<AuthOptions> = {}): Promise<AuthService> {
    const service = new AuthService({
      keys: createLocalJWKSet({ keys: [key.jwk] } as JSONWebKeySet), algorithm: 'ES256', issuer: ISSUER, audience: AUDIENCE,
      maxLifetimeSeconds: 900, pool: database.appPool, refusalFloorMs: 0, ...changes,
    });
    await service.start();
    running.push(service);
    return service;
  }

  let address = 0;
  /** Each case comes from an address of its own, so that no case slows another. */
  const anyone = (): string => `192.0.2.${(address += 1)}`;

  it('takes no token for the anonymous caller', async () => {
    expect(await (await serve()).authenticate(null, anyone())).toBe(ANONYMOUS_CALLER);
  });

  it('reads the caller out of a good token', async () => {
    const claims = goodClaims({ jti: 't1' });
    const caller = await (await serve()).authenticate(await key.token(claims), anyone());
    expect(caller).toEqual({
      role: 'CRM_AGENT', tenantId: 1, subject: 'crm-1', customerId: null, partnerId: null, moneyLimit: '50.5', tokenId: 't1',
      expiresAt: (claims.exp ?? 0) * 1000,
    });
  });

  it.each<[string, JWTPayload, object]>([
    ['a subscriber with its customer', { role: 'SUBSCRIBER', customer: '9007199254740993' }, { customerId: 9007199254740993n, moneyLimit: null }],
    ['a partner', { role: 'PARTNER', partner: '77' }, { partnerId: 77n, customerId: null }],
    ['an agent without a limit', { limit: undefined }, { moneyLimit: null }],
    ['an agent with limits of several currencies', { limits: { EUR: '40', KWD: '15.000' } }, { moneyLimit: '50.5', moneyLimits: { EUR: '40', KWD: '15.000' } }],
    ['no limits for another role', { role: 'FINANCE', limits: { EUR: '40' } }, { moneyLimit: null }],
    ['no customer for another role', { role: 'FINANCE', customer: '5' }, { customerId: null, moneyLimit: null }],
    ['the other tenant', { tenant: 'green' }, { tenantId: 2 }],
    ['a token just over, within the leeway', { iat: NOW() - 630, exp: NOW() - 30 }, { role: 'CRM_AGENT' }],
    ['a token from just ahead, within the leeway', { iat: NOW() + 30, nbf: NOW() + 30 }, { role: 'CRM_AGENT' }],
    ['an audience among several', { aud: ['elsewhere', AUDIENCE] }, { role: 'CRM_AGENT' }],
  ])('accepts %s', async (_, claims, expected) => {
    expect(await (await serve()).authenticate(await key.token(claims), anyone())).toMatchObject(expected);
  });

  it.each<[string, JWTPayload, string]>([
    ['wrong issuer', { iss: 'https://evil.example.com' }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['no issuer', { iss: undefined }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['wrong audience', { aud: 'elsewhere' }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['expired', { iat: NOW() - 700, exp: NOW() - 90 }, 'ERR_JWT_EXPIRED'],
    ['no expiry', { exp: undefined }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['iat in the future', { iat: NOW() + 120 }, 'iat is in the future'],
    ['no iat', { iat: undefined, exp: NOW() + 60 }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['not yet valid', { nbf: NOW() + 120 }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['lives longer than 15 minutes', { exp: NOW() + 960 }, 'lives longer than allowed'],
    ['unknown tenant', { tenant: 'red' }, 'tenant is not known'],
    ['no tenant', { tenant: undefined }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['tenant not a text', { tenant: 1 }, 'tenant has the wrong form'],
    ['unknown role', { role: 'ROOT' }, 'role is not known'],
    ['the anonymous role', { role: 'ANONYMOUS' }, 'role is not known'],
    ['no role', { role: undefined }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['subscriber without customer', { role: 'SUBSCRIBER' }, 'customer has the wrong form'],
    ['customer not an id', { role: 'SUBSCRIBER', customer: '1 or 1=1' }, 'customer has the wrong form'],
    ['customer as a number', { role: 'SUBSCRIBER', customer: 5 }, 'customer has the wrong form'],
    ['customer past 64 bits', { role: 'SUBSCRIBER', customer: '9223372036854775808' }, 'customer has the wrong form'],
    ['partner without its party', { role: 'PARTNER' }, 'partner has the wrong form'],
    ['limit not a decimal', { limit: '1e9' }, 'limit has the wrong form'],
    ['limits that are a text', { limits: '50' }, 'limits has the wrong form'],
    ['limits that are a list', { limits: ['50'] }, 'limits has the wrong form'],
    ['limits of no currency', { limits: { eur: '50' } }, 'limits has the wrong form'],
    ['limits that are numbers', { limits: { EUR: 50 } }, 'limits has the wrong form'],
    ['too many limits', { limits: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`A${String.fromCharCode(65 + i)}A`, '1'])) }, 'limits has the wrong form'],
    ['negative limit', { limit: '-1' }, 'limit has the wrong form'],
    ['no subject', { sub: undefined }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['subject with a line break', { sub: 'crm\n1' }, 'sub has the wrong form'],
    ['subject not a text', { sub: { name: 'x' } as unknown as string }, 'sub has the wrong form'],
    ['no token id', { jti: undefined }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
  ])('refuses a signed token: %s', async (_, claims, reason) => {
    const refusal = (await serve()).authenticate(await key.token(claims), anyone());
    await expect(refusal).rejects.toThrow(AuthenticationFailed);
    await expect(refusal).rejects.toMatchObject({ reason, message: 'The token is not valid.' });
  });

  it.each<[string, string, () => Promise<string> | string]>([
    ['another key under the same key id', 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED', () => other.token()],
    ['alg none', 'ERR_JOSE_ALG_NOT_ALLOWED', () => forged({ alg: 'none' }, goodClaims())],
    ['an unknown key id', 'ERR_JWKS_NO_MATCHING_KEY', () => key.token({}, { kid: 'k9' })],
    ['changed claims under a good signature', 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED', async () => {
      const [head, , signature] = (await key.token()).split('.');
      return `${head}.${Buffer.from(JSON.stringify(goodClaims({ role: 'ADMIN' }))).toString('base64url')}.${signature}`;
    }],
    ['the public key as a shared secret', 'ERR_JOSE_ALG_NOT_ALLOWED', () => {
      const head = forged({ alg: 'HS256', kid: 'k1' }, goodClaims()).slice(0, -1);
      return `${head}.${createHmac('sha256', key.pem).update(head).digest('base64url')}`;
    }],
    ['another algorithm of a key of ours', 'ERR_JOSE_ALG_NOT_ALLOWED', async () => (await TestKey.make('k1', 'RS256')).token()],
    ['an embedded key', 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED', () => forged({ alg: 'ES256', jwk: other.jwk }, goodClaims(), 'AAAA')],
    ['no token at all', 'ERR_JWS_INVALID', () => ''],
    ['rubbish', 'ERR_JWS_INVALID', () => 'a.b.c'],
    ['eight thousand letters', 'too long', () => 'x'.repeat(9000)],
  ])('refuses %s with one neutral sentence', async (_, reason, make) => {
    const refusal = (await serve()).authenticate(await make(), anyone());
    await expect(refusal).rejects.toThrow(AuthenticationFailed);
    await expect(refusal).rejects.toMatchObject({ reason, message: 'The token is not valid.' });
  });

  it('admits long tokens only where the demo says so', async () => {
    const token = await key.token({ exp: NOW() + 11 * 3600 });
    await expect((await serve()).authenticate(token, anyone())).rejects.toThrow(AuthenticationFailed);
    expect(await (await serve({ maxLifetimeSeconds: 12 * 3600 })).authenticate(token, anyone())).toMatchObject({ subject: 'crm-1' });
  });

  it('verifies a token once a minute, and not beyond its end', async () => {
    let verified = 0;
    let shiftMs = 0;
    const known = createLocalJWKSet({ keys: [key.jwk] } as JSONWebKeySet);
    const service = await serve({
      keys: (header, token) => { verified += 1; return known(header, token); },
      now: () => Date.now() + shiftMs, leewaySeconds: 0,
    });
    const token = await key.token({ exp: NOW() + 90 });
    const first = await service.authenticate(token, anyone());
    expect(await service.authenticate(token, anyone())).toBe(first);
    expect(verified).toBe(1);
    shiftMs = 61_000;
    await service.authenticate(token, anyone());
    expect(verified).toBe(2);
    shiftMs = 91_000;
    await expect(service.authenticate(token, anyone())).rejects.toThrow(AuthenticationFailed);
  });

  it('verifies a new token once for all who come with it at the same time', async () => {
    let verified = 0;
    const known = createLocalJWKSet({ keys: [key.jwk] } as JSONWebKeySet);
    const service = await serve({ keys: (header, token) => { verified += 1; return known(header, token); } });
    const token = await key.token();
    const callers = await Promise.all(Array.from({ length: 20 }, () => service.authenticate(token, anyone())));
    expect(new Set(callers).size).toBe(1);
    expect(verified).toBe(1);
  });

  it('logs why a token was refused, and nothing of the token', async () => {
    const lines: string[] = [];
    const log = { info: (facts: object, message: string) => lines.push(JSON.stringify([facts, message])), warn: () => undefined };
    const token = await key.token({ aud: 'elsewhere', sub: 'secret-subject' });
    await expect((await serve({ log })).authenticate(token, '192.0.2.250')).rejects.toThrow(AuthenticationFailed);
    expect(lines).toEqual(['[{"reason":"ERR_JWT_CLAIM_VALIDATION_FAILED"},"A token was refused."]']);
  });

  it('knows a tenant that was added after the start', async () => {
    const service = await serve();
    await database.ownerPool.query(
      `insert into tenant (id, code, name, currency, time_zone, settings) values (3, 'new', 'New', 'EUR', 'UTC', '{}')`);
    const token = await key.token({ tenant: 'new' });
    await new Promise((resolve) => { setTimeout(resolve, 1_050); });
    expect(await service.authenticate(token, anyone())).toMatchObject({ tenantId: 3 });
  });

  describe('revocation', () => {
    const revoke = (kind: string, value: string, tenantId = 1, until = `interval '1 hour'`): Promise<unknown> => database.ownerPool.query(
      `insert into revoked_token (tenant_id, kind, value, until, reason) values ($1, $2, $3, clock_timestamp() + ${until}, 'test')`,
      [tenantId, kind, value]);

    it.each([['TOKEN', 'jti-1'], ['SUBJECT', 'sub-1']])('of a %s ends a cached token within two seconds', async (kind, value) => {
      const service = await serve({ refreshMs: 200 });
      const token = await key.token({ jti: kind === 'TOKEN' ? value : 'jti-2', sub: value });
      const caller = await service.authenticate(token, anyone());
      await revoke(kind, value);
      const deadline = Date.now() + 2_000;
      while (!service.isRevoked(caller) && Date.now() < deadline) await new Promise((resolve) => { setTimeout(resolve, 20); });
      expect(service.isRevoked(caller)).toBe(true);
      await expect(service.authenticate(token, anyone())).rejects.toThrow(AuthenticationFailed);
    });

    it('made before the start counts at once', async () => {
      await revoke('TOKEN', 'early');
      await expect((await serve()).authenticate(await key.token({ jti: 'early' }), anyone())).rejects.toThrow(AuthenticationFailed);
    });

    it('touches neither the other tenant nor other tokens', async () => {
      await revoke('TOKEN', 'shared');
      const service = await serve();
      expect(await service.authenticate(await key.token({ jti: 'shared', tenant: 'green' }), anyone())).toMatchObject({ tenantId: 2 });
      expect(await service.authenticate(await key.token({ jti: 'shared-not' }), anyone())).toMatchObject({ tenantId: 1 });
    });

    it('is seen although its row was stamped before a later one and stored after it', async () => {
      const service = await serve({ refreshMs: 60_000 });
      const caller = await service.authenticate(await key.token({ jti: 'slow' }), anyone());
      const slow = await database.ownerPool.connect();
      await slow.query('begin');
      await slow.query(`insert into revoked_token (tenant_id, kind, value, until, reason)
        values (1, 'TOKEN', 'slow', clock_timestamp() + interval '1 hour', 'test')`);
      await revoke('TOKEN', 'quick');
      await service.refreshRevocations();
      expect(service.isRevoked(caller)).toBe(false);
      await slow.query('commit');
      slow.release();
      await service.refreshRevocations();
      expect(service.isRevoked(caller)).toBe(true);
    });

    it('ends with its time', async () => {
      let shiftMs = 0;
      await revoke('SUBJECT', 'short', 1, `interval '10 seconds'`);
      const service = await serve({ now: () => Date.now() + shiftMs });
      const token = await key.token({ sub: 'short' });
      await expect(service.authenticate(token, anyone())).rejects.toThrow(AuthenticationFailed);
      shiftMs = 11_000;
      expect(await service.authenticate(token, anyone())).toMatchObject({ subject: 'short' });
    });

    it('goes on from the last known list while the database is away', async () => {
      const warnings: string[] = [];
      let isAway = false;
      const pool = {
        query: (...args: Parameters<typeof database.appPool.query>) =>
          (isAway ? Promise.reject(new Error('away')) : database.appPool.query(...args)),
      } as typeof database.appPool;
      await revoke('TOKEN', 'kept');
      const service = await serve({ pool, refreshMs: 20, log: { info: () => undefined, warn: (_, message) => warnings.push(message) } });
      isAway = true;
      await new Promise((resolve) => { setTimeout(resolve, 80); });
      expect(warnings.length).toBeGreaterThan(1);
      await expect(service.authenticate(await key.token({ jti: 'kept' }), anyone())).rejects.toThrow(AuthenticationFailed);
    });
  });

  describe('slow-down', () => {
    const refuse = (service: AuthService, from: string, token: string): Promise<unknown> =>
      service.authenticate(token, from).then(() => 'accepted', (error: unknown) => error);

    it('answers ever later after ten refusals, then stops checking that subject from that address', async () => {
      const waits: number[] = [];
      const service = await serve({ wait: async (ms) => waits.push(ms) });
      const from = anyone();
      const bad = await other.token();
      for (let round = 0; round < 20; round += 1) expect(await refuse(service, from, bad)).toBeInstanceOf(AuthenticationFailed);
      expect(waits).toEqual([...Array<number>(10).fill(0), 250, 500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000, 5_000, 5_000]);
      const stopped = await refuse(service, from, await key.token());
      expect(stopped).toBeInstanceOf(AuthenticationLimited);
      expect(stopped).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 900 });
      expect(await refuse(service, anyone(), await key.token())).toBe('accepted');
      expect(await refuse(service, from, await key.token({ sub: 'neighbour' }))).toBe('accepted');
    });

    it('never holds up a token that is already known', async () => {
      const service = await serve({ wait: async () => undefined });
      const from = anyone();
      const good = await key.token({ sub: 'same' });
      await service.authenticate(good, from);
      const bad = await other.token({ sub: 'same' });
      for (let round = 0; round < 25; round += 1) await refuse(service, from, bad);
      expect(await refuse(service, from, await key.token({ sub: 'same' }))).toBeInstanceOf(AuthenticationLimited);
      expect(await refuse(service, from, good)).toBe('accepted');
    });

    it('answers every kind of refusal at the same time', async () => {
      const service = await serve({ refusalFloorMs: 60 });
      const tokens = [
        'rubbish', await other.token(), await key.token({ iss: 'x' }), await key.token({ tenant: 'red' }), await key.token({ exp: 1, iat: 1 }),
      ];
      const times = await Promise.all(tokens.map(async (token) => {
        const startedAt = performance.now();
        await refuse(service, anyone(), token);
        return performance.now() - startedAt;
      }));
      expect(Math.min(...times)).toBeGreaterThanOrEqual(58);
      expect(Math.max(...times) - Math.min(...times)).toBeLessThan(25);
    });
  });

  it.each<[string, (tried: () => void) => Partial<AuthOptions>]>([
    ['the keys', (tried) => ({ keys: () => { tried(); throw new AuthenticationUnavailable(new Error('away')); } })],
    ['the tenants', (tried) => ({
      pool: {
        query: (text: string, values?: unknown[]) => {
          if (text.includes('from tenant')) tried();
          return text.includes('from tenant') && tries > 1 ? Promise.reject(new Error('away')) : database.appPool.query(text, values);
        },
      } as unknown as AuthOptions['pool'],
    })],
  ])('says unavailable, and counts nothing, where %s cannot be read', async (_, changes) => {
    tries = 0;
    const service = await serve(changes(() => { tries += 1; }));
    await new Promise((resolve) => { setTimeout(resolve, 1_050); });
    const from = anyone();
    const token = await key.token({ tenant: 'later' });
    for (let round = 0; round < 25; round += 1) {
      await expect(service.authenticate(token, from)).rejects.toThrow(AuthenticationUnavailable);
    }
    expect(tries).toBeGreaterThanOrEqual(25);
  });
  let tries = 0;
});
