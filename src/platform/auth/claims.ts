import type { JWTPayload } from 'jose';
import { AuthenticationFailed } from './auth.errors';
import { Caller, Role, SIGNED_IN } from './caller';

/** What a verified token says, before its tenant code is known to be one of ours. */
export interface TokenClaims extends Omit<Caller, 'tenantId' | 'tokenId' | 'expiresAt'> {
  readonly tenantCode: string;
  readonly tokenId: string;
  /** Epoch ms. */
  readonly expiresAt: number;
}

const NAME = /^[\x21-\x7e]{1,200}$/;
const ID = /^[1-9][0-9]{0,18}$/;
const MONEY = /^(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?$/;
const CURRENCY = /^[A-Z]{3}$/;
const MOST_LIMITS = 20;
const LARGEST_ID = 9223372036854775807n;

const MONEY_MOVERS: readonly Role[] = ['CRM_AGENT', 'CHANNEL'];

export interface LifetimeRules {
  readonly nowSeconds: number;
  readonly leewaySeconds: number;
  readonly maxLifetimeSeconds: number;
}

/** Reads the claims of a token whose signature, issuer, audience, exp and nbf were checked. Fails on any odd claim. */
export function readClaims(payload: JWTPayload, rules: LifetimeRules): TokenClaims {
  const exp = requireLifetime(payload, rules);
  const role = requireRole(payload.role);
  return {
    role,
    tenantCode: requireText(payload.tenant, NAME, 'tenant'),
    subject: requireText(payload.sub, NAME, 'sub'),
    tokenId: requireText(payload.jti, NAME, 'jti'),
    customerId: role === 'SUBSCRIBER' ? requireId(payload.customer, 'customer') : null,
    partnerId: role === 'PARTNER' ? requireId(payload.partner, 'partner') : null,
    moneyLimit: MONEY_MOVERS.includes(role) ? optionalMoney(payload.limit) : null,
    ...(MONEY_MOVERS.includes(role) && payload.limits !== undefined && { moneyLimits: limitsOf(payload.limits) }),
    expiresAt: exp * 1000,
  };
}

function requireLifetime(payload: JWTPayload, rules: LifetimeRules): number {
  const { iat, exp } = payload;
  if (iat === undefined || exp === undefined) throw new AuthenticationFailed('iat or exp is missing');
  if (iat > rules.nowSeconds + rules.leewaySeconds) throw new AuthenticationFailed('iat is in the future');
  if (exp - iat > rules.maxLifetimeSeconds) throw new AuthenticationFailed('lives longer than allowed');
  return exp;
}

function requireRole(value: unknown): Role {
  const role = SIGNED_IN.find((known) => known === value);
  if (role === undefined) throw new AuthenticationFailed('role is not known');
  return role;
}

function requireText(value: unknown, form: RegExp, claim: string): string {
  if (typeof value !== 'string' || !form.test(value)) throw new AuthenticationFailed(`${claim} has the wrong form`);
  return value;
}

function requireId(value: unknown, claim: string): bigint {
  const id = BigInt(requireText(value, ID, claim));
  if (id > LARGEST_ID) throw new AuthenticationFailed(`${claim} has the wrong form`);
  return id;
}

function limitsOf(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new AuthenticationFailed('limits has the wrong form');
  const limits = Object.entries(value);
  if (limits.length > MOST_LIMITS) throw new AuthenticationFailed('limits has the wrong form');
  return Object.fromEntries(limits.map(([currency, limit]) => [requireText(currency, CURRENCY, 'limits'), requireText(limit, MONEY, 'limits')]));
}

function optionalMoney(value: unknown): string | null {
  return value === undefined ? null : requireText(value, MONEY, 'limit');
}
