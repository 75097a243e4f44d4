import DataLoader from 'dataloader';
import type { RequestContext } from '../context';
import { shardOfId } from '../platform/root';
import { accountFilter, customerFilter, partyFilter } from './access';
import { BillingAccount, billingAccountOf } from './billing-account.type';
import { Customer, customerOf } from './customer.type';
import { Individual, Organization, partyOf } from './party.type';
import { accountOf, AccountRow, customerRowOf, CustomerRow, groupOf, GroupRow, PartyRow } from './rows';
import { SharingGroup, sharingGroupOf } from './sharing-group.type';
import { accountsByIdSql } from './sql/account.sql';
import { customersByIdSql, groupsByRootSql, partiesByIdSql } from './sql/party.sql';

/** One loader per kind of object and request. Each answers null for what is unknown and for what is not the caller's. */
export type ByKey<T> = DataLoader<bigint, T | null, string>;

function byKey<T>(context: RequestContext, name: string, read: (keys: readonly bigint[]) => Promise<Map<string, T>>): ByKey<T> {
  return context.loader(`party.${name}`, () => new DataLoader(async (keys: readonly bigint[]) => {
    const found = await read(keys);
    return keys.map((key) => found.get(key.toString()) ?? null);
  }, { cacheKeyFn: String }));
}

/** Billing accounts by account id. */
export const accountLoader = (context: RequestContext): ByKey<BillingAccount> => byKey(context, 'account', async (ids) => {
  const filter = accountFilter(context.caller, 3);
  const { rows } = await context.services.pool.query<AccountRow>(
    accountsByIdSql(filter), [ids.map(shardOfId), ids.map(String), ...filter.parameters]);
  return new Map(rows.map((row) => [row.id, billingAccountOf(accountOf(row))]));
});

/** Customers by customer id. */
export const customerLoader = (context: RequestContext): ByKey<Customer> => byKey(context, 'customer', async (ids) => {
  const filter = customerFilter(context.caller, 2);
  const { rows } = await context.services.pool.query<CustomerRow>(
    customersByIdSql(filter), [ids.map(String), ...filter.parameters]);
  return new Map(rows.map((row) => [row.id, customerOf(customerRowOf(row))]));
});

/** Parties by party id. */
export const partyLoader = (context: RequestContext): ByKey<Individual | Organization> => byKey(context, 'party', async (ids) => {
  const filter = partyFilter(context.caller, 2);
  const { rows } = await context.services.pool.query<PartyRow>(
    partiesByIdSql(filter), [ids.map(String), ...filter.parameters]);
  return new Map(rows.map((row) => [row.id, partyOf(row)]));
});

/** Sharing groups by root account id: those that an account is in which the caller may see. */
export const groupLoader = (context: RequestContext): ByKey<SharingGroup> => byKey(context, 'group', async (rootIds) => {
  const filter = accountFilter(context.caller, 3);
  const { rows } = await context.services.pool.query<GroupRow>(
    groupsByRootSql(filter), [rootIds.map(shardOfId), rootIds.map(String), ...filter.parameters]);
  return new Map(rows.map((row) => [row.rootId, sharingGroupOf(groupOf(row))]));
});
