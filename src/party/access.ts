import type { Caller, Role } from '../platform/auth/caller';
import { RootRef, shardOfId } from '../platform/root';
import type { Queryable } from '../tenant';
import { visibleAccountsSql } from './sql/account.sql';

/**
 * What the caller wants of an account. READ also covers watching and changing it, which further roles restrict; TOP_UP
 * admits the payment channels, which may do nothing else; BILLS is READ for bills, which auditors read too; SLICE is READ
 * for slices, which the network and auditors read too.
 */
export type AccountPurpose = 'READ' | 'TOP_UP' | 'BILLS' | 'SLICE';

/** A predicate for a WHERE, and the values of its parameters. */
export interface SqlFilter {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** What decides which accounts somebody may see. */
export type Viewer = Pick<Caller, 'role' | 'tenantId' | 'customerId'>;

const WHOLE_TENANT: Readonly<Record<AccountPurpose, readonly Role[]>> = {
  READ: ['CRM_AGENT', 'FINANCE'],
  TOP_UP: ['CRM_AGENT', 'CHANNEL'],
  BILLS: ['CRM_AGENT', 'FINANCE', 'AUDITOR'],
  SLICE: ['CRM_AGENT', 'FINANCE', 'NETWORK', 'AUDITOR'],
};

/**
 * The accounts that a caller may see, as a predicate over `billing_account`: the one place where ownership is decided. A
 * subscriber sees the accounts of the own customer, in a sharing group too; the roles above the whole tenant; all others
 * nothing.
 * @param firstParameter number of the first `$n` that the predicate may use.
 * @param alias of `billing_account` in the statement.
 */
export function accountFilter(caller: Viewer, firstParameter = 1, alias = 'account', purpose: AccountPurpose = 'READ'): SqlFilter {
  return ownerFilter(caller, { tenant: `${alias}.tenant_id`, customer: `${alias}.customer_id` }, firstParameter, purpose);
}

/** The customers that a caller may see, as a predicate over `customer`; parameters as in accountFilter. */
export function customerFilter(caller: Caller, firstParameter = 1, alias = 'customer'): SqlFilter {
  return ownerFilter(caller, { tenant: `${alias}.tenant_id`, customer: `${alias}.id` }, firstParameter, 'READ');
}

/** The parties that a caller may see: those of the customers above, and for who sees the whole tenant all of the tenant's. */
export function partyFilter(caller: Caller, firstParameter = 1): SqlFilter {
  if (WHOLE_TENANT.READ.includes(caller.role)) return { sql: `party.tenant_id = $${firstParameter}`, parameters: [caller.tenantId] };
  const { sql, parameters } = customerFilter(caller, firstParameter);
  return { sql: `exists (select from customer where customer.party_id = party.id and ${sql})`, parameters };
}

function ownerFilter(
  caller: Viewer, columns: { readonly tenant: string; readonly customer: string }, first: number, purpose: AccountPurpose,
): SqlFilter {
  if (caller.role === 'SUBSCRIBER' && caller.customerId !== null) {
    return {
      sql: `${columns.tenant} = $${first} and ${columns.customer} = $${first + 1}`,
      parameters: [caller.tenantId, caller.customerId.toString()],
    };
  }
  if (WHOLE_TENANT[purpose].includes(caller.role)) return { sql: `${columns.tenant} = $${first}`, parameters: [caller.tenantId] };
  return { sql: 'false', parameters: [] };
}

/** An account that the caller may see, as far as other rooms need it to go on. */
export interface VisibleAccount extends RootRef {
  readonly accountId: bigint;
  readonly customerId: bigint;
  readonly currency: string;
}

interface VisibleRow {
  readonly shard: number;
  readonly root_id: string;
  readonly id: string;
  readonly customer_id: string;
  readonly currency: string;
}

/**
 * Which of the accounts the caller may see, by account id as text. Foreign, unknown and malformed ids are absent alike.
 * Join the predicate of accountFilter instead where the statement reads billing_account anyway.
 */
export async function visibleAccounts(
  database: Queryable, caller: Caller, accountIds: readonly bigint[], purpose: AccountPurpose = 'READ',
): Promise<ReadonlyMap<string, VisibleAccount>> {
  const filter = accountFilter(caller, 3, 'account', purpose);
  const { rows } = await database.query<VisibleRow>(
    visibleAccountsSql(filter), [accountIds.map(shardOfId), accountIds.map(String), ...filter.parameters]);
  return new Map(rows.map((row) => [row.id, {
    shard: row.shard, rootId: BigInt(row.root_id), accountId: BigInt(row.id), customerId: BigInt(row.customer_id), currency: row.currency,
  }]));
}
