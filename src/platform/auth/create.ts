import type { Pool } from 'pg';
import type { Config } from '../config';
import { ACCESS_TOKEN_SECONDS, AuthLog, AuthOptions, DEMO_TOKEN_SECONDS } from './auth.options';
import { AuthService } from './auth.service';
import { DemoKey } from './demo-key';
import { fileKeys, KeySource, remoteKeys } from './key-source';

/** The service that the configuration describes, not yet started; in demo mode with the demo's own key and its long tokens. */
export async function createAuthService(config: Pick<Config, 'jwt' | 'dataDir' | 'demo'>, pool: Pool, log?: AuthLog): Promise<AuthService> {
  const { issuer, audience, algorithm } = config.jwt;
  const maxLifetimeSeconds = config.demo ? DEMO_TOKEN_SECONDS : ACCESS_TOKEN_SECONDS;
  const options: AuthOptions = { keys: await keysOf(config, log), issuer, audience, algorithm, maxLifetimeSeconds, pool, log };
  return new AuthService(options);
}

async function keysOf({ jwt, dataDir }: Pick<Config, 'jwt' | 'dataDir'>, log?: AuthLog): Promise<KeySource> {
  if (jwt.keys === undefined) return (await DemoKey.load(dataDir)).keys();
  return 'url' in jwt.keys ? remoteKeys(new URL(jwt.keys.url), log) : fileKeys(jwt.keys.file, jwt.algorithm, log);
}
