import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jwtVerify } from 'jose';
import { TestKey } from '../../../test/api/auth-issuer';
import { StartupError } from '../config';
import { AuthenticationUnavailable } from './auth.errors';
import { fileKeys, KeySource, remoteKeys } from './key-source';

const NO_KEY = { code: 'ERR_JWKS_NO_MATCHING_KEY' };
const BAD_SIGNATURE = { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' };

/** Whether the source's keys verify the token; rejects as the source or the check does. */
const check = async (keys: KeySource, token: string): Promise<true> => {
  await jwtVerify(token, keys, { algorithms: ['ES256'] });
  return true;
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });

describe('verification keys', () => {
  let first: TestKey;
  let second: TestKey;
  const warnings: string[] = [];
  const log = { info: (): void => undefined, warn: (_: object, message: string): void => { warnings.push(message); } };

  beforeAll(async () => {
    [first, second] = await Promise.all([TestKey.make('first'), TestKey.make('second')]);
  });

  beforeEach(() => {
    warnings.length = 0;
  });

  describe('of a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tributary-keys-'));
    const path = join(folder, 'keys.json');

    afterAll(() => rmSync(folder, { recursive: true }));

    it.each<[string, () => string]>([
      ['one JWK', () => JSON.stringify(first.jwk)],
      ['a JWK set', () => JSON.stringify({ keys: [second.jwk, first.jwk] })],
      ['a public key as PEM', () => first.pem],
    ])('reads %s', async (_, text) => {
      writeFileSync(path, text());
      expect(await check(fileKeys(path, 'ES256'), await first.token())).toBe(true);
      await expect(check(fileKeys(path, 'ES256'), await (await TestKey.make('first')).token())).rejects.toMatchObject(BAD_SIGNATURE);
    });

    it('follows a change without a restart, and outlives a file half written', async () => {
      writeFileSync(path, JSON.stringify(first.jwk));
      const keys = fileKeys(path, 'ES256', log);
      expect(await check(keys, await first.token())).toBe(true);
      writeFileSync(path, '{"keys": [');
      expect(await check(keys, await first.token())).toBe(true);
      expect(warnings).toHaveLength(1);
      writeFileSync(path, JSON.stringify({ keys: [second.jwk] }));
      expect(await check(keys, await second.token())).toBe(true);
      await expect(check(keys, await first.token())).rejects.toMatchObject(NO_KEY);
    });

    it.each<[string, () => string]>([
      ['no keys', () => '{}'],
      ['half a file', () => '{"keys": ['],
      ['a key of another kind', () => JSON.stringify({ kty: 'oct', k: 'AAAA' })],
      ['a private key', () => JSON.stringify({ ...first.jwk, d: 'AAAA' })],
      ['a broken key', () => JSON.stringify({ ...first.jwk, x: 'AAAA' })],
      ['an empty set', () => '{"keys": []}'],
      ['a broken PEM', () => first.pem.slice(0, 60)],
    ])('holding %s keeps the product from starting', async (_, text) => {
      writeFileSync(path, text());
      await expect(fileKeys(path, 'ES256').check?.()).rejects.toThrow(StartupError);
    });

    it('takes the keys of its algorithm out of a set for several', async () => {
      const other = await TestKey.make('rsa', 'RS256');
      writeFileSync(path, JSON.stringify({ keys: [other.jwk, first.jwk] }));
      const keys = fileKeys(path, 'ES256');
      await keys.check?.();
      expect(await check(keys, await first.token())).toBe(true);
    });

    it('passes the look at the start', async () => {
      writeFileSync(path, first.pem);
      await expect(fileKeys(path, 'ES256').check?.()).resolves.toBeUndefined();
    });

    it('is unavailable where there never was a good file', async () => {
      await expect(check(fileKeys(join(folder, 'none'), 'ES256'), await first.token())).rejects.toThrow(AuthenticationUnavailable);
    });
  });

  describe('of an address', () => {
    let server: Server;
    let url: URL;
    let served: TestKey[] = [];
    let isDown = false;
    let fetches = 0;

    beforeAll(async () => {
      server = createServer((_, response) => {
        fetches += 1;
        if (isDown) response.writeHead(503).end();
        else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: served.map((key) => key.jwk) }));
      });
      await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
      url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`);
    });

    beforeEach(() => {
      [served, isDown, fetches] = [[first], false, 0];
    });

    afterAll(() => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(resolve);
    }));

    it('follows a rotation without a restart: old and new side by side, then the new alone', async () => {
      const keys = remoteKeys(url, log, { refetchMs: 50, keepMs: 300 });
      expect(await check(keys, await first.token())).toBe(true);
      served = [first, second];
      await pause(60);
      expect(await check(keys, await second.token())).toBe(true);
      expect(await check(keys, await first.token())).toBe(true);
      served = [second];
      await pause(310);
      await expect(check(keys, await first.token())).rejects.toMatchObject(NO_KEY);
    });

    it('asks the issuer no more often than the pause for key ids that nobody knows', async () => {
      const keys = remoteKeys(url, log, { refetchMs: 60_000, keepMs: 60_000 });
      const token = await second.token();
      for (let round = 0; round < 10; round += 1) await expect(check(keys, token)).rejects.toMatchObject(NO_KEY);
      expect(fetches).toBe(1);
    });

    it('serves on with the last known keys while the issuer is down', async () => {
      const keys = remoteKeys(url, log, { refetchMs: 10, keepMs: 20 });
      expect(await check(keys, await first.token())).toBe(true);
      isDown = true;
      await pause(30);
      expect(await check(keys, await first.token())).toBe(true);
      expect(warnings).toHaveLength(1);
      await expect(check(keys, await (await TestKey.make('first')).token())).rejects.toMatchObject(BAD_SIGNATURE);
    });

    it('lets the product start while the issuer is down, with a warning, and serves once it is back', async () => {
      isDown = true;
      const keys = remoteKeys(url, log, { refetchMs: 10, keepMs: 60_000 });
      await keys.check?.();
      expect(warnings).toHaveLength(1);
      isDown = false;
      expect(await check(keys, await first.token())).toBe(true);
      expect(warnings).toHaveLength(1);
    });

    it('is unavailable where the issuer was never reached', async () => {
      isDown = true;
      await expect(check(remoteKeys(url, log), await first.token())).rejects.toThrow(AuthenticationUnavailable);
    });
  });
});
