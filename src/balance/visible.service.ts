import type { RequestContext } from '../context';
import { AccountPurpose, VisibleAccount, visibleAccounts } from '../party';
import { refuse } from '../platform/errors';
import { decodeNumericId } from '../platform/graphql';
import type { Limits } from './move.rules';

/** The account that an input names, as far as the caller may use it so. @throws Refusal NOT_FOUND at `path`: foreign and unknown alike. */
export async function requireAccount(context: RequestContext, id: string, path: string, purpose: AccountPurpose): Promise<VisibleAccount> {
  const accountId = decodeNumericId(id, 'BillingAccount');
  const found = accountId === null ? null : await visibleAccounts(context.services.pool, context.caller, [accountId], purpose);
  return found?.get(String(accountId)) ?? refuse('NOT_FOUND', 'No such object.', [path]);
}

/** What bounds the caller's moves of money. */
export async function limitsOf({ caller, services }: RequestContext): Promise<Limits> {
  return { caller, tenantCurrency: (await services.tenants.require(caller.tenantId)).currency };
}
