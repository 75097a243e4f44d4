import { appDataSource, createPool } from './platform/db';
import { AuthService, ACCESS_TOKEN_SECONDS, DEMO_TOKEN_SECONDS, fileKeys, KeySource, remoteKeys } from './platform/auth';
import { DemoKey } from './platform/auth/demo-key';
import type { Config } from './platform/config';
import type { OpenDatabase } from './platform/embedded';
import type { Logger } from './platform/observe';
import type { StopStack } from './platform/process';
import { changeLimit, openBuckets } from './balance';
import { CatalogService } from './catalog';
import { openCharging } from './charging/services';
import { createPartyServices } from './party/services';
import { validatePrice } from './rating';
import { createTenantServices } from './tenant/services';

/** Builds the long-lived parts that requests share; what was started is pushed on the stack, so it stops in reverse. */
export async function openServices(config: Config, database: OpenDatabase, log: Logger, stack: StopStack) {
  const { appUrl: url, setRole } = database;
  const pool = createPool({ url, setRole, max: config.coldConnections, name: 'tributary cold' });
  stack.push(() => pool.end());
  const data = await appDataSource(url, setRole).initialize();
  stack.push(() => data.destroy());
  const auth = new AuthService({
    keys: await verificationKeys(config, log),
    algorithm: config.jwt.algorithm,
    issuer: config.jwt.issuer,
    audience: config.jwt.audience,
    maxLifetimeSeconds: config.demo ? DEMO_TOKEN_SECONDS : ACCESS_TOKEN_SECONDS,
    pool,
    log,
  });
  await auth.start();
  stack.push(async () => auth.stop());
  const { charging, scheduler, close } = openCharging({
    appUrl: url, setRole, pool, config, committed: () => undefined,
    roundFailed: (error) => log.warn({ err: error }, 'a round of renewals failed'),
  });
  stack.push(close);
  scheduler.start();
  const accountOpening = { openBuckets, limitChanged: changeLimit };
  return {
    pool, data, auth, charging, accountOpening, ...createTenantServices(pool, data), ...createPartyServices(data, accountOpening),
    catalog: new CatalogService(data, validatePrice),
  };
}

async function verificationKeys({ jwt: { keys, algorithm }, dataDir }: Config, log: Logger): Promise<KeySource> {
  if (keys === undefined) return (await DemoKey.load(dataDir)).keys();
  return 'url' in keys ? remoteKeys(new URL(keys.url), log) : fileKeys(keys.file, algorithm, log);
}
