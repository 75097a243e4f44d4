/** Who may call. One role per token; deny by default, so a root field names the roles it admits. */
export const ROLES = [
  'ANONYMOUS', 'SUBSCRIBER', 'CRM_AGENT', 'PARTNER', 'CATALOG_MANAGER', 'FINANCE', 'NETWORK', 'AUDITOR', 'ADMIN', 'CHANNEL',
] as const;
export type Role = (typeof ROLES)[number];

/** Every role that holds a token. */
export const SIGNED_IN: readonly Role[] = ROLES.filter((role) => role !== 'ANONYMOUS');

/** The caller of one operation, as the verified token says. */
export interface Caller {
  readonly role: Role;
  /** 0 for the anonymous caller, whose tenant is unknown. */
  readonly tenantId: number;
  /** The token's `sub`: names the caller in idempotency keys and audit rows. */
  readonly subject: string;
  /** The customer a SUBSCRIBER acts for; null for every other role. */
  readonly customerId: bigint | null;
  /** The partner party a PARTNER acts for; null for every other role. */
  readonly partnerId: bigint | null;
  /**
   * Largest single money move in the tenant's currency that the token allows (decimal money text), for CRM_AGENT and
   * CHANNEL; null = none allowed.
   */
  readonly moneyLimit: string | null;
  /** The same by currency (ISO 4217), where the token names any; a currency that stands in neither is not moved. */
  readonly moneyLimits?: Readonly<Record<string, string>>;
  /** The token's `jti` and expiry (epoch ms); null for the anonymous caller. */
  readonly tokenId: string | null;
  readonly expiresAt: number | null;
}

export const ANONYMOUS_CALLER: Caller = {
  role: 'ANONYMOUS', tenantId: 0, subject: 'anonymous', customerId: null, partnerId: null, moneyLimit: null,
  tokenId: null, expiresAt: null,
};

/** The caller's limit of a single move in a currency, decimal money text; null = none. A limit is never read in another currency. */
export function moneyLimitIn({ moneyLimit, moneyLimits }: Pick<Caller, 'moneyLimit' | 'moneyLimits'>, currency: string, tenantCurrency: string): string | null {
  return moneyLimits?.[currency] ?? (currency === tenantCurrency ? moneyLimit : null);
}
