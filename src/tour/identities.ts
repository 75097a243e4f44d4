import type { TokenIdentity } from '../platform/auth';

/** Who sends the operations, by the word behind `# token:`. A subscriber and a partner are known by what an answer told under a name. */
type Identity = Pick<TokenIdentity, 'role' | 'limit'> & { readonly customer?: string; readonly partner?: string };

export const IDENTITIES: Readonly<Record<string, Identity>> = {
  catalog: { role: 'CATALOG_MANAGER' },
  finance: { role: 'FINANCE' },
  crm: { role: 'CRM_AGENT', limit: '100' },
  channel: { role: 'CHANNEL', limit: '100' },
  network: { role: 'NETWORK' },
  admin: { role: 'ADMIN' },
  alice: { role: 'SUBSCRIBER', customer: 'alice' },
  lantern: { role: 'PARTNER', partner: 'lantern' },
  quay: { role: 'PARTNER', partner: 'quay' },
};

/** The claims of an identity's token; `told` gives the id that an answer told under a name. */
export function claimsOf(name: string, tenant: string, told: (name: string) => string): TokenIdentity {
  const identity = IDENTITIES[name];
  if (identity === undefined) throw new Error(`There is no identity "${name}".`);
  const { role, limit, customer, partner } = identity;
  return {
    role, tenant, subject: `${tenant}-${name}`, limit,
    ...(customer !== undefined && { customerId: numberIn(told(customer)) }),
    ...(partner !== undefined && { partnerId: numberIn(told(partner)) }),
  };
}

/** The number inside an opaque id, as docs/tokens.md tells it. */
const numberIn = (id: string): bigint => BigInt(Buffer.from(id, 'base64url').toString().split(':')[1] ?? '');
