import fc from 'fast-check';
import { createLocalJWKSet } from 'jose';
import type { JSONWebKeySet } from 'jose';
import { AuthenticationFailed, AuthenticationLimited, AuthService } from '../../src/platform/auth';
import { createTestDatabase, TestDatabase } from '../support';
import { AUDIENCE, forged, goodClaims, ISSUER, TestKey } from './auth-issuer';

/** Whatever comes as a token, nothing but a caller or a coded refusal comes out. */
describe('tokens of any shape', () => {
  let database: TestDatabase;
  let service: AuthService;
  let key: TestKey;

  beforeAll(async () => {
    database = await createTestDatabase();
    await database.ownerPool.query(
      `insert into tenant (id, code, name, currency, time_zone, settings) values (1, 'blue', 'Blue', 'EUR', 'UTC', '{}')`);
    key = await TestKey.make('k1');
    service = new AuthService({
      keys: createLocalJWKSet({ keys: [key.jwk] } as JSONWebKeySet), algorithm: 'ES256', issuer: ISSUER, audience: AUDIENCE,
      maxLifetimeSeconds: 900, pool: database.appPool, refusalFloorMs: 0, wait: async () => undefined,
    });
    await service.start();
  });

  afterAll(async () => {
    service.stop();
    await database.dispose();
  });

  let address = 0;
  const outcome = (token: string): Promise<string> =>
    service.authenticate(token, `198.51.${(address += 1) >> 8}.${address & 255}`).then(() => 'accepted', (error: unknown) => {
      if (error instanceof AuthenticationFailed || error instanceof AuthenticationLimited) return 'refused';
      throw error;
    });

  const claim = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.array(fc.string()), fc.object());
  const names = fc.constantFrom('iss', 'aud', 'sub', 'jti', 'tenant', 'role', 'customer', 'partner', 'limit', 'iat', 'exp', 'nbf');
  const headers = fc.record({
    alg: fc.oneof(fc.constant('ES256'), fc.string(), claim), kid: fc.oneof(fc.constant('k1'), claim), typ: claim, crit: claim, b64: claim,
  }, { requiredKeys: [] });

  it('refuses any text', async () => {
    await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (token) => {
      expect(await outcome(token)).toBe('refused');
    }), { numRuns: 300 });
  });

  it('refuses any header and claims without the key', async () => {
    await fc.assert(fc.asyncProperty(headers, fc.dictionary(names, claim), fc.base64String(), async (header, claims, signature) => {
      expect(await outcome(forged(header, { ...goodClaims(), ...claims }, signature))).toBe('refused');
    }), { numRuns: 300 });
  });

  it('answers any claims under a good signature by a caller or a refusal', async () => {
    const seen = new Set<string>();
    await fc.assert(fc.asyncProperty(fc.dictionary(names, claim, { maxKeys: 2 }), async (claims) => {
      seen.add(await outcome(await key.signed({ ...goodClaims(), ...claims })));
    }), { numRuns: 300 });
    expect([...seen].sort()).toEqual(['accepted', 'refused']);
  });
});
