import { randomUUID } from 'node:crypto';
import { CompactSign, exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import type { CryptoKey, JWK, JWTPayload } from 'jose';

export const ISSUER = 'https://login.example.com';
export const AUDIENCE = 'tributary';

/** One key pair of a pretended issuer, and the tokens that it signs. */
export class TestKey {
  private constructor(readonly kid: string, readonly algorithm: string, private readonly secret: CryptoKey, readonly jwk: JWK, readonly pem: string) {}

  static async make(kid: string, algorithm = 'ES256'): Promise<TestKey> {
    const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid, alg: algorithm };
    return new TestKey(kid, algorithm, privateKey, jwk, await exportSPKI(publicKey));
  }

  /** A token with good claims, but for those told; undefined leaves a claim out. */
  token(claims: JWTPayload = {}, header: Record<string, string> = {}): Promise<string> {
    return new SignJWT(goodClaims(claims)).setProtectedHeader({ alg: this.algorithm, kid: this.kid, ...header }).sign(this.secret);
  }

  /** A token with any claims at all, also such as no library would sign. */
  signed(claims: object): Promise<string> {
    return new CompactSign(Buffer.from(JSON.stringify(claims))).setProtectedHeader({ alg: this.algorithm, kid: this.kid }).sign(this.secret);
  }
}

export function goodClaims(claims: JWTPayload = {}): JWTPayload {
  const iat = typeof claims.iat === 'number' ? claims.iat : Math.floor(Date.now() / 1000);
  const all: JWTPayload = {
    iss: ISSUER, aud: AUDIENCE, sub: 'crm-1', jti: randomUUID(), tenant: 'blue', role: 'CRM_AGENT', limit: '50.5', iat, exp: iat + 600, ...claims,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** Header and claims as they stand, with whatever signature: what an attacker without the key can send. */
export function forged(header: object, claims: JWTPayload, signature = ''): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(claims)}.${signature}`;
}
