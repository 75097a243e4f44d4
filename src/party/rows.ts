import type { BillingAccountEntity } from './billing-account.entity';
import type { CustomerEntity } from './customer.entity';
import type { IdentifierEntity } from './identifier.entity';
import type { PartyEntity } from './party.entity';
import type { SharingGroupEntity } from './sharing-group.entity';

/** A row as the driver gives it, its columns under the entity's names: bigint columns are text. */
type Raw<T> = { readonly [K in keyof T]: Extract<T[K], bigint> extends never ? T[K] : string | Exclude<T[K], bigint> };

export type AccountRow = Raw<BillingAccountEntity>;
export type CustomerRow = Raw<CustomerEntity>;
export type PartyRow = Raw<PartyEntity>;
export type GroupRow = Raw<SharingGroupEntity>;
export type IdentifierRow = Raw<IdentifierEntity>;

/** Column lists of the room's reading statements; the table's alias is its own name, shortened for accounts and groups. */
export const ACCOUNT_COLUMNS = `account.shard, account.id, account.root_id as "rootId", account.tenant_id as "tenantId",
  account.customer_id as "customerId", account.parent_id as "parentId", account.payer_id as "payerId", account.name, account.currency,
  account.time_zone as "timeZone", account.bill_cycle_day as "billCycleDay", account.payment_mode as "paymentMode",
  account.credit_limit_kind as "creditLimitKind", account.credit_limit as "creditLimit", account.state, account.version,
  account.created_at as "createdAt"`;

export const CUSTOMER_COLUMNS = `customer.id, customer.tenant_id as "tenantId", customer.party_id as "partyId",
  customer.external_id as "externalId", customer.segment, customer.state, customer.version, customer.created_at as "createdAt"`;

export const PARTY_COLUMNS = `party.id, party.tenant_id as "tenantId", party.kind, party.given_name as "givenName",
  party.family_name as "familyName", party.trading_name as "tradingName", party.state, party.version, party.created_at as "createdAt"`;

export const GROUP_COLUMNS = `sharing.shard, sharing.root_id as "rootId", sharing.tenant_id as "tenantId", sharing.name,
  sharing.version, sharing.created_at as "createdAt"`;

export const IDENTIFIER_COLUMNS = `identifier.tenant_id as "tenantId", identifier.kind, identifier.value,
  identifier.valid_from as "validFrom", identifier.valid_until as "validUntil", identifier.shard, identifier.root_id as "rootId",
  identifier.account_id as "accountId", identifier.product_id as "productId", identifier.created_at as "createdAt"`;

const optional = (text: string | null): bigint | null => (text === null ? null : BigInt(text));

export const accountOf = (row: AccountRow): BillingAccountEntity => ({
  ...row, id: BigInt(row.id), rootId: BigInt(row.rootId), customerId: BigInt(row.customerId), parentId: optional(row.parentId),
  payerId: BigInt(row.payerId), creditLimit: optional(row.creditLimit),
});

export const customerRowOf = (row: CustomerRow): CustomerEntity => ({ ...row, partyId: BigInt(row.partyId) });

export const groupOf = (row: GroupRow): SharingGroupEntity => ({ ...row, rootId: BigInt(row.rootId) });

export const identifierOf = (row: IdentifierRow): IdentifierEntity => ({
  ...row, rootId: BigInt(row.rootId), accountId: BigInt(row.accountId), productId: optional(row.productId),
});

/** Rows by a text key, each list in the order of the rows. */
export function groupRows<T>(rows: readonly T[], keyOf: (row: T) => string): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}
