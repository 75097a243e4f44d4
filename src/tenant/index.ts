/**
 * Tenants: their settings, their business clock, and the transaction in which master data changes. Settings come from
 * the directory (at most two seconds old); business time always from the database.
 */
export { bigintColumn } from './bigint-column';
export { actorOf, changeAudited, changeMasterData, constraintOf, sqlStateOf } from './change';
export type { Actor, AuditedObject, Change, Queryable } from './change';
export { Payload, settle } from './payload';
export { createTenantServices } from './services';
export type { TenantServices } from './services';
export { TenantResolver } from './tenant.resolver';
export { businessNow, TenantClock } from './tenant.clock';
export { createTenant, TenantRefused } from './tenant.create';
export type { NewTenant } from './tenant.create';
export { TenantDirectory } from './tenant-directory';
export type { Tenant } from './tenant-directory';
export { TenantEntity } from './tenant.entity';
export { UsageSourceEntity } from './usage-source.entity';
export { SettingsInvalid } from './settings.forms';
export { DEFAULT_SETTINGS, readSettings } from './tenant.settings';
export type { TenantSettings, TopUpClass, TransferLimits } from './tenant.settings';
