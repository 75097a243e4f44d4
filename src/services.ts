import { createAssurance } from './assurance';
import { recordRoleRefusal } from './audit';
import { changeLimit, openBuckets, openRoots } from './balance';
import { createBalanceServices } from './balance/services';
import { CatalogService } from './catalog';
import { openOrdering } from './ordering/services';
import { openCharging } from './charging/services';
import type { Services } from './context';
import { createLive } from './live';
import { openInvoicing } from './invoicing/services';
import { createPartyServices } from './party/services';
import { AuthService, ACCESS_TOKEN_SECONDS, DEMO_TOKEN_SECONDS, fileKeys, KeySource, remoteKeys } from './platform/auth';
import { DemoKey } from './platform/auth/demo-key';
import type { Config } from './platform/config';
import { appDataSource, createPool, detectDistribution } from './platform/db';
import type { OpenDatabase } from './platform/embedded';
import type { Logger } from './platform/observe';
import type { StopStack } from './platform/process';
import { validatePrice } from './rating';
import { createShareServices, shareStep } from './revenue-share';
import { createSliceServices } from './slice/services';
import { createTenantServices } from './tenant/services';

/** Everything a command or a seed works with: all services but the one that checks tokens. */
export type Rooms = Omit<Services, 'auth'>;

/** How far the opened rooms act by themselves. */
export interface RoomOptions {
  /** True in a server: what falls due is booked in the background. */
  readonly schedules: boolean;
  /** Roots remembered at most, about 2 KB each; default: enough for a busy server. */
  readonly cachedRoots?: number;
}

/** Opens the rooms on a migrated database; what was started is pushed on the stack, so that it stops in reverse. */
export async function openRooms(
  config: Config, database: OpenDatabase, log: Logger, stack: StopStack, { schedules, cachedRoots }: RoomOptions,
): Promise<Rooms> {
  const { appUrl: url, setRole } = database;
  const pool = createPool({ url, setRole, max: config.coldConnections, name: 'tributary cold', answerWithinMs: 7_000 });
  stack.push(() => pool.end());
  await detectDistribution(pool);
  const data = await appDataSource(url, setRole).initialize();
  stack.push(() => data.destroy());
  const { live, start: listen, close: closeLive } = createLive({ appUrl: url, setRole, pool, log });
  stack.push(closeLive);
  listen();
  const { charging, scheduler, close } = openCharging({
    appUrl: url, setRole, pool, config, cachedRoots, steps: [shareStep], committed: live.committed,
    roundFailed: (error) => log.warn({ err: error }, 'a round of what falls due failed'),
  });
  stack.push(close);
  if (schedules) scheduler.start();
  const tenantServices = createTenantServices(pool, data);
  const assurance = createAssurance({ pool, data, charging, tenants: tenantServices.tenants });
  const invoicing = openInvoicing({
    pool, data, charging, tenants: tenantServices.tenants, beforeClose: (tenantId, closings) => assurance.settlement.settleDue(tenantId, closings),
    failed: (run, error) => log.error({ err: error, run: run.id.toString() }, 'work on a bill run stopped'),
  });
  stack.push(invoicing.close);
  if (schedules) await invoicing.services.billRuns.resume();
  const ordering = openOrdering({
    appUrl: url, setRole, pool, data, charging, config: config.orders,
    failed: (error) => log.warn({ err: error }, 'work on orders failed'),
  });
  stack.push(ordering.close);
  if (schedules) await ordering.start();
  const accountOpening = { openBuckets, openRoots, limitChanged: changeLimit };
  const catalog = new CatalogService(data, validatePrice);
  return {
    pool, data, live, charging, orders: ordering.orders, orderRunner: ordering.orderRunner, accountOpening, roleRefused: recordRoleRefusal, ...tenantServices,
    ...createPartyServices(data, accountOpening), ...createBalanceServices(), ...createShareServices(pool, data, tenantServices),
    ...invoicing.services, ...assurance.services, catalog, ...createSliceServices(data, catalog),
  };
}

/** Opens what a server needs: the rooms, and who is calling. Call it when the tenants of a demo are planted. */
export async function openAuth(config: Config, { pool }: Rooms, log: Logger, stack: StopStack): Promise<AuthService> {
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
  return auth;
}

async function verificationKeys({ jwt: { keys, algorithm }, dataDir }: Config, log: Logger): Promise<KeySource> {
  if (keys === undefined) return (await DemoKey.load(dataDir)).keys();
  return 'url' in keys ? remoteKeys(new URL(keys.url), log) : fileKeys(keys.file, algorithm, log);
}
