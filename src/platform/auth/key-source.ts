import { readFile, stat } from 'node:fs/promises';
import { createLocalJWKSet, createRemoteJWKSet, errors, exportJWK, importJWK, importSPKI } from 'jose';
import type { JSONWebKeySet, JWTVerifyGetKey } from 'jose';
import { StartupError } from '../config/startup-error';
import { AuthenticationUnavailable } from './auth.errors';
import type { AuthLog } from './auth.options';

/** Where verification keys come from: chooses the key for a token's header, and follows a rotation by itself. */
export interface KeySource extends JWTVerifyGetKey {
  /** Looks at the keys once, at start: what can only be a wrong setting is refused, what may pass is logged. */
  check?(): Promise<void>;
}

/** A key id that we do not know asks the issuer again, at most this often: a rotation costs callers no more than that. */
const REFETCH_MS = 5_000;
/** A key that the issuer takes out of its set is forgotten after this time. */
const KEEP_MS = 5 * 60_000;

const isAboutTheToken = (error: unknown): boolean =>
  error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys ||
  error instanceof errors.JOSENotSupported;

/** Keys of an issuer's JWKS address. While the address is away the last known set serves, and a warning is logged. */
export function remoteKeys(url: URL, log?: AuthLog, times = { refetchMs: REFETCH_MS, keepMs: KEEP_MS }): KeySource {
  const remote = createRemoteJWKSet(url, { cooldownDuration: times.refetchMs, cacheMaxAge: times.keepMs, timeoutDuration: 3_000 });
  const choose: JWTVerifyGetKey = async (header, token) => {
    try {
      return await remote(header, token);
    } catch (error) {
      if (isAboutTheToken(error)) throw error;
      const known = remote.jwks();
      if (known === undefined) throw new AuthenticationUnavailable(error);
      log?.warn({ err: error }, 'The keys of the token issuer cannot be read; the last known ones serve on.');
      return createLocalJWKSet(known)(header, token);
    }
  };
  // The issuer may be down for a moment while we start: that must not keep the product from starting.
  const check = (): Promise<void> => remote.reload().catch((error: unknown) => {
    log?.warn({ err: error }, 'The keys of the token issuer cannot be read yet; no token is accepted until they can.');
  });
  return Object.assign(choose, { check });
}

/** A lone key without a key id (every PEM) is taken whatever key id the token names. */
function localKeys(set: JSONWebKeySet): JWTVerifyGetKey {
  const keys = createLocalJWKSet(set);
  const isNameless = set.keys.length === 1 && set.keys[0].kid === undefined;
  return isNameless ? (header, token) => keys({ ...header, kid: undefined }, token) : keys;
}

/**
 * Keys of a file: a JWK, a JWK set, or one public key as PEM. The file is read again when it changes; while it cannot
 * be read or parsed (a rotation in the middle of writing) the last good keys serve, and a warning is logged.
 */
export function fileKeys(path: string, algorithm: string, log?: AuthLog): KeySource {
  let seen = '';
  let keys: JWTVerifyGetKey | undefined;
  const refresh = async (): Promise<void> => {
    const facts = await stat(path);
    const mark = `${facts.ino}:${facts.mtimeMs}:${facts.size}`;
    if (mark === seen) return;
    keys = localKeys(await parseKeys(await readFile(path, 'utf8'), algorithm));
    seen = mark;
  };
  const choose: JWTVerifyGetKey = async (header, token) => {
    try {
      await refresh();
    } catch (error) {
      if (keys === undefined) throw new AuthenticationUnavailable(error);
      log?.warn({ err: error }, 'The key file cannot be read; the last good keys serve on.');
    }
    if (keys === undefined) throw new AuthenticationUnavailable(new Error('no keys'));
    return keys(header, token);
  };
  const check = (): Promise<void> => refresh().catch((error: unknown) => {
    log?.warn({ err: error }, 'The key file cannot be read.');
    throw new StartupError(`JWT_KEY_FILE must name a public key as JWK, JWK set or PEM for ${algorithm}; ${path} holds none.`);
  });
  return Object.assign(choose, { check });
}

/** The key type (`kty`) that an algorithm of that beginning needs. */
const KEY_TYPES: Readonly<Record<string, string>> = { ES: 'EC', RS: 'RSA', PS: 'RSA', Ed: 'OKP' };

async function parseKeys(text: string, algorithm: string): Promise<JSONWebKeySet> {
  if (text.trimStart().startsWith('-----BEGIN')) {
    const key = await importSPKI(text, algorithm, { extractable: true });
    return { keys: [{ ...(await exportJWK(key)), alg: algorithm }] };
  }
  const value = JSON.parse(text) as JSONWebKeySet | Key;
  const keys = ('keys' in value ? (value as JSONWebKeySet).keys : [value as Key]).filter((key) => isUsable(key, algorithm));
  if (keys.length === 0) throw new Error(`no public key for ${algorithm}`);
  for (const key of keys) await importJWK(key, algorithm);
  return { keys };
}

type Key = JSONWebKeySet['keys'][number];

/** A set may hold keys for others too. A private key or a shared secret has no place on a server that only checks. */
const isUsable = ({ kty, d }: Key, algorithm: string): boolean => kty === KEY_TYPES[algorithm.slice(0, 2)] && d === undefined;
