import { appDataSource, createPool } from './platform/db';
import { AuthService, ACCESS_TOKEN_SECONDS, DEMO_TOKEN_SECONDS, fileKeys, KeySource, remoteKeys } from './platform/auth';
import { DemoKey } from './platform/auth/demo-key';
import type { Config } from './platform/config';
import type { OpenDatabase } from './platform/embedded';
import { StopStack } from './platform/process';

/** Builds the long-lived parts that requests share; what was started is pushed on the stack, so it stops in reverse. */
export async function openServices(config: Config, database: OpenDatabase, stack: StopStack) {
  const { appUrl: url, setRole } = database;
  const pool = createPool({ url, setRole, max: config.coldConnections, name: 'tributary cold' });
  stack.push(() => pool.end());
  const data = await appDataSource(url, setRole).initialize();
  stack.push(() => data.destroy());
  const auth = new AuthService({
    keys: await verificationKeys(config),
    algorithm: config.jwt.algorithm,
    issuer: config.jwt.issuer,
    audience: config.jwt.audience,
    maxLifetimeSeconds: config.demo ? DEMO_TOKEN_SECONDS : ACCESS_TOKEN_SECONDS,
    pool,
  });
  await auth.start();
  stack.push(async () => auth.stop());
  return { pool, data, auth };
}

async function verificationKeys({ jwt: { keys, algorithm }, dataDir }: Config): Promise<KeySource> {
  if (keys === undefined) return (await DemoKey.load(dataDir)).keys();
  return 'url' in keys ? remoteKeys(new URL(keys.url)) : fileKeys(keys.file, algorithm);
}
