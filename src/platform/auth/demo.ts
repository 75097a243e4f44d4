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
const ARCHIVE = 'archive';

type Rest = Omit<DemoIdentity, 'name' | 'role' | 'tenant' | 'subject' | 'note'>;

/** A subscriber's name is also the external id of the seeded customer. */
const subscriber = (name: string, note: string, tenant = HOME): DemoIdentity =>
  ({ name, role: 'SUBSCRIBER', tenant, subject: `${tenant}-${name}`, customerExternalId: name, note });

const worker = (name: string, role: Role, note: string, rest: Rest = {}, tenant = HOME): DemoIdentity =>
  ({ name, role, tenant, subject: name.startsWith(tenant) ? name : `${tenant}-${name}`, note, ...rest });

export const DEMO_IDENTITIES: readonly DemoIdentity[] = [
  subscriber('alice', 'prepaid subscriber'),
  subscriber('bob', 'postpaid subscriber'),
  subscriber('carol', 'owner of the family bundle'),
  subscriber('dave', 'member of the family, shares its data'),
  subscriber('erin', 'member of the family, shares its data'),
  worker('crm', 'CRM_AGENT', 'care agent, moves money up to 50', { limit: '50' }),
  worker('finance', 'FINANCE', 'adjusts balances and reads the ledger'),
  worker('network', 'NETWORK', 'sends usage'),
  worker('catalog', 'CATALOG_MANAGER', 'drafts and launches offerings'),
  worker('channel', 'CHANNEL', 'confirms payments up to 200', { limit: '200' }),
  worker('partner', 'PARTNER', 'content partner', { partnerName: 'Northlight Media' }),
  worker('auditor', 'AUDITOR', 'reads the audit log'),
  worker('admin', 'ADMIN', 'revokes tokens; moves no money'),
  subscriber('zoe', 'subscriber of the second tenant', OTHER),
  worker('other-crm', 'CRM_AGENT', 'care agent of the second tenant', { limit: '50' }, OTHER),
  worker('other-network', 'NETWORK', 'sends usage to the second tenant', {}, OTHER),
  subscriber('one-subscriber', 'whose log of 2014 is imported', ARCHIVE),
  worker('archive-crm', 'CRM_AGENT', 'care agent of the tenant with the imported log', { limit: '50' }, ARCHIVE),
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
