import type { DemoIdentity } from '../../../src/platform/auth/demo';
import type { Role } from '../../../src/platform/auth/caller';

/** Whose objects are asked for; nobody's are well-formed ids of what does not exist. */
export const OWNERS = ['alice', 'bob', 'zoe', 'nobody'] as const;
export type OwnerName = (typeof OWNERS)[number];

export const TENANT_OF: Readonly<Record<OwnerName, string | null>> = { alice: 'demo', bob: 'demo', zoe: 'other', nobody: null };

/** The identities of the sweep: every role, and a second tenant. */
export const SWEPT = [
  'anonymous', 'alice', 'bob', 'crm', 'finance', 'network', 'catalog', 'channel', 'partner', 'auditor', 'admin', 'zoe', 'other-crm', 'other-network',
] as const;

/** The ownership table: whether an identity whose role is admitted reaches an object of that owner. */
export type Scope = (identity: DemoIdentity, owner: OwnerName) => boolean;

const staff = (...roles: readonly Role[]): Scope => ({ role, tenant }, owner) => TENANT_OF[owner] === tenant && roles.includes(role);
const self: Scope = ({ role, name }, owner) => role === 'SUBSCRIBER' && name === owner;
const either = (one: Scope, other: Scope): Scope => (identity, owner) => one(identity, owner) || other(identity, owner);

/** The partner whom the demo's partner token acts for is told as Alice's; Bob's is another of the same tenant. */
const northlight: Scope = ({ role, tenant }, owner) => role === 'PARTNER' && owner === 'alice' && TENANT_OF[owner] === tenant;

export const SCOPES = {
  /** Accounts, and what hangs on them, to be read or changed. */
  account: either(self, staff('CRM_AGENT', 'FINANCE')),
  /** Accounts to be paid into. */
  topUp: either(self, staff('CRM_AGENT', 'CHANNEL')),
  /** What belongs to no customer, and is for those who help. */
  office: staff('CRM_AGENT', 'FINANCE'),
  /** Bills, which auditors read too. */
  bill: either(self, staff('CRM_AGENT', 'FINANCE', 'AUDITOR')),
  /** Slices, which the network and auditors read too. */
  slice: either(self, staff('CRM_AGENT', 'FINANCE', 'NETWORK', 'AUDITOR')),
  /** Accounts whose payments are recorded. */
  payment: staff('CHANNEL', 'FINANCE'),
  /** What finance alone does. */
  finance: staff('FINANCE'),
  /** What the network works on. */
  network: staff('NETWORK'),
  /** Usage that found no owner. */
  quarantine: staff('NETWORK', 'CRM_AGENT', 'FINANCE'),
  /** Prepaid accounts, which everybody of the tenant may send money to. */
  prepaid: (({ tenant }, owner) => TENANT_OF[owner] === tenant && owner !== 'bob') as Scope,
  /** Partners and the accounts they are settled on. */
  partner: either(northlight, staff('FINANCE', 'CATALOG_MANAGER', 'AUDITOR')),
  /** What partners are owed. */
  statement: either(northlight, staff('FINANCE', 'AUDITOR')),
  /** What is agreed with partners. */
  agreement: staff('CATALOG_MANAGER', 'FINANCE', 'AUDITOR'),
  /** What everybody of the tenant may name. */
  tenant: (({ tenant }, owner) => TENANT_OF[owner] === tenant) as Scope,
} as const;
