import DataLoader from 'dataloader';
import type { RequestContext } from '../context';
import type { AccountBalanceView } from './charging.api';

/**
 * Accounts as they stand now, balances and products of one instant; one reading for all accounts of a request that the
 * caller was shown. A request that moves something clears it.
 */
export function accountViewLoader({ loader, caller, services }: RequestContext): DataLoader<bigint, AccountBalanceView | null, string> {
  return loader('charging.account', () => new DataLoader((ids: readonly bigint[]) => services.charging.balances(caller.tenantId, ids),
    { cacheKeyFn: String }));
}
