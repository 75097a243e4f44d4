import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { TenantClock } from './tenant.clock';
import { TenantDirectory } from './tenant-directory';

/** What the tenant room adds to the process's services. */
export interface TenantServices {
  readonly tenants: TenantDirectory;
  readonly clock: TenantClock;
}

declare module '../context' {
  interface Services extends TenantServices {}
}

/** Builds the room's services; one per process. */
export function createTenantServices(pool: Pool, data: DataSource): TenantServices {
  const tenants = new TenantDirectory(pool);
  return { tenants, clock: new TenantClock(pool, data, tenants) };
}
