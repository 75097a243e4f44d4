import type { Pool } from 'pg';
import type { Role } from './caller';
import { DEMO_TOKEN_SECONDS } from './auth.options';
import { DemoKey, mintToken, TokenIdentity } from './demo-key';

/** One person or system of the demo, for whom `tributary token NAME` prints a token. */
export interface DemoIdentity {
  readonly name: string;
  readonly role: Role;
  /** Tenant code of the seeds. */
  readonly tenant: string;
  readonly subject: string;
  /** External id of the seeded customer whom a SUBSCRIBER acts for. */
  readonly customerExternalId?: string;
  /** Trading name of the seeded organization that a PARTNER acts for. */
  readonly partnerName?: string;
  /** Largest single money move, decimal money text. */
  readonly limit?: string;
  /** What the identity is good for, in a few words. */
  readonly note: string;
}

const HOME = 'demo';
const OTHER = 'other';

export const DEMO_IDENTITIES: readonly DemoIdentity[] = [
  { name: 'alice', role: 'SUBSCRIBER', tenant: HOME, subject: 'alice', customerExternalId: 'alice', note: 'prepaid subscriber' },
  { name: 'bob', role: 'SUBSCRIBER', tenant: HOME, subject: 'bob', customerExternalId: 'bob', note: 'postpaid subscriber' },
  { name: 'crm', role: 'CRM_AGENT', tenant: HOME, subject: 'crm-agent-1', limit: '50', note: 'care agent, money moves up to 50' },
  { name: 'finance', role: 'FINANCE', tenant: HOME, subject: 'finance-1', note: 'adjusts and bills' },
  { name: 'network', role: 'NETWORK', tenant: HOME, subject: 'network-1', note: 'sends usage' },
  { name: 'catalog', role: 'CATALOG_MANAGER', tenant: HOME, subject: 'catalog-1', note: 'drafts and launches offerings' },
  { name: 'auditor', role: 'AUDITOR', tenant: HOME, subject: 'auditor-1', note: 'reads the audit log' },
  { name: 'admin', role: 'ADMIN', tenant: HOME, subject: 'admin-1', note: 'revokes tokens; moves no money' },
  { name: 'channel', role: 'CHANNEL', tenant: HOME, subject: 'channel-1', limit: '200', note: 'confirms payments up to 200' },
  { name: 'other-crm', role: 'CRM_AGENT', tenant: OTHER, subject: 'other-crm-1', limit: '50', note: 'care agent of the second tenant' },
  { name: 'other-network', role: 'NETWORK', tenant: OTHER, subject: 'other-network-1', note: 'sends usage to the second tenant' },
];

export const demoIdentity = (name: string): DemoIdentity | undefined => DEMO_IDENTITIES.find((known) => known.name === name);

/** Raised where the demo's data lacks what an identity stands on: another database, or seeds not loaded. */
export class DemoIdentityMissing extends Error {}

/** A token of the demo's life time for one identity; its customer or partner is looked up by its seeded name. */
export async function mintDemoToken(key: DemoKey, pool: Pool, identity: DemoIdentity): Promise<string> {
  return mintToken(key, await tokenIdentity(pool, identity), DEMO_TOKEN_SECONDS);
}

async function tokenIdentity(pool: Pool, identity: DemoIdentity): Promise<TokenIdentity> {
  const { role, tenant, subject, limit, customerExternalId, partnerName } = identity;
  return {
    role, tenant, subject, limit,
    customerId: customerExternalId === undefined ? undefined : await one(pool, identity, CUSTOMER, customerExternalId),
    partnerId: partnerName === undefined ? undefined : await one(pool, identity, PARTNER, partnerName),
  };
}

const CUSTOMER = `
  select c.id::text from customer c join tenant t on t.id = c.tenant_id
   where t.code = $1 and c.external_id = $2`;

const PARTNER = `
  select p.id::text from party p join tenant t on t.id = p.tenant_id
   where t.code = $1 and p.trading_name = $2 order by p.id limit 1`;

async function one(pool: Pool, identity: DemoIdentity, sql: string, name: string): Promise<bigint> {
  const { rows } = await pool.query<{ id: string }>(sql, [identity.tenant, name]);
  const row = rows[0];
  if (row === undefined) throw new DemoIdentityMissing(`The demo data has no "${name}" for the identity ${identity.name}.`);
  return BigInt(row.id);
}
