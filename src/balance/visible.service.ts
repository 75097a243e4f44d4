import type { RequestContext } from '../context';
import { AccountPurpose, VisibleAccount, visibleAccounts } from '../party';
import { refuse } from '../platform/errors';
import { decodeNumericId } from '../platform/graphql';

/** The account that an input names, as far as the caller may use it so. @throws Refusal NOT_FOUND at `path`: foreign and unknown alike. */
export async function requireAccount(context: RequestContext, id: string, path: string, purpose: AccountPurpose): Promise<VisibleAccount> {
  const accountId = decodeNumericId(id, 'BillingAccount');
  const found = accountId === null ? null : await visibleAccounts(context.services.pool, context.caller, [accountId], purpose);
  return found?.get(String(accountId)) ?? refuse('NOT_FOUND', 'No such object.', [path]);
}
