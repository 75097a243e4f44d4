import type { PoolClient } from 'pg';
import { businessNow } from '../tenant';

/**
 * Makes changes of one tenant's catalog wait for each other. The tenant's row is the lock; references to the tenant by
 * other rows are not held up.
 */
export async function lockCatalog(client: PoolClient, tenantId: number): Promise<void> {
  await client.query('select 1 from tenant where id = $1 for no key update', [tenantId]);
}

/**
 * Takes the lock and tells every node that its picture of what is sold, listed and taxed is old; answers the tenant's
 * business time, read after the lock so that launches have an order.
 */
export async function raiseCatalogVersion(client: PoolClient, tenantId: number): Promise<Date> {
  await client.query('update tenant set catalog_version = catalog_version + 1 where id = $1', [tenantId]);
  return businessNow(client, tenantId);
}
