import { randomUUID } from 'node:crypto';
import { link, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { calculateJwkThumbprint, createLocalJWKSet, exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose';
import type { CryptoKey, JWK } from 'jose';
import { inDataFolder, makeFolder } from '../config/data-folder';
import type { Caller } from './caller';
import type { KeySource } from './key-source';

export const DEMO_ALGORITHM = 'ES256';
export const DEMO_ISSUER = 'tributary-demo';
export const DEMO_AUDIENCE = 'tributary';
const FILE = 'demo-key.json';

/** Whom a minted token names: the claims of a token in words of the caller. */
export interface TokenIdentity extends Pick<Caller, 'role' | 'subject'> {
  /** Tenant code. */
  readonly tenant: string;
  /** Only for SUBSCRIBER. */
  readonly customerId?: bigint;
  /** Only for PARTNER. */
  readonly partnerId?: bigint;
  /** Decimal money text, for CRM_AGENT and CHANNEL. */
  readonly limit?: string;
}

/** The demo's own ES256 key pair, made at its first start and kept in the data folder, readable by its owner only. */
export class DemoKey {
  private constructor(private readonly secret: CryptoKey, private readonly open: JWK) {}

  /** Reads the key of a data folder, or makes it. Two processes that start at once end with the same key. */
  static async load(folder: string): Promise<DemoKey> {
    const path = join(folder, FILE);
    const text = await inDataFolder(folder, async () => (await readIfThere(path)) ?? createKey(folder, path));
    const jwk = JSON.parse(text) as JWK;
    const secret = await importJWK(jwk, DEMO_ALGORITHM);
    if (secret instanceof Uint8Array) throw new Error(`${path} holds no key pair. Delete it; the next start makes a new one.`);
    const { kty, crv, x, y, kid } = jwk;
    return new DemoKey(secret, { kty, crv, x, y, kid, alg: DEMO_ALGORITHM });
  }

  /** The public half, for AuthOptions.keys. */
  keys(): KeySource {
    return createLocalJWKSet({ keys: [this.open as JWK & { kty: string }] });
  }

  sign(claims: Record<string, string>, subject: string, issuedAt: number, ttlSeconds: number): Promise<string> {
    return new SignJWT(claims)
      .setProtectedHeader({ alg: DEMO_ALGORITHM, typ: 'JWT', kid: this.open.kid })
      .setIssuer(DEMO_ISSUER).setAudience(DEMO_AUDIENCE).setSubject(subject).setJti(randomUUID())
      .setIssuedAt(issuedAt).setExpirationTime(issuedAt + ttlSeconds)
      .sign(this.secret);
  }
}

/** A signed token for an identity of the demo, valid from now on for `ttlSeconds`. */
export function mintToken(key: DemoKey, identity: TokenIdentity, ttlSeconds: number): Promise<string> {
  const claims: Record<string, string> = { tenant: identity.tenant, role: identity.role };
  if (identity.customerId !== undefined) claims.customer = identity.customerId.toString();
  if (identity.partnerId !== undefined) claims.partner = identity.partnerId.toString();
  if (identity.limit !== undefined) claims.limit = identity.limit;
  return key.sign(claims, identity.subject, Math.floor(Date.now() / 1000), ttlSeconds);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Written aside and linked into place, so that nobody ever reads half a key and the first of two makers wins. */
async function createKey(folder: string, path: string): Promise<string> {
  const { privateKey } = await generateKeyPair(DEMO_ALGORITHM, { extractable: true });
  const jwk = await exportJWK(privateKey);
  const text = JSON.stringify({ ...jwk, kid: await calculateJwkThumbprint(jwk), alg: DEMO_ALGORITHM });
  const aside = `${path}.${randomUUID()}`;
  makeFolder(folder);
  await writeFile(aside, text, { mode: 0o600, flag: 'wx' });
  try {
    await link(aside, path);
    return text;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return await readFile(path, 'utf8');
    throw error;
  } finally {
    await unlink(aside);
  }
}

const isCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code;
