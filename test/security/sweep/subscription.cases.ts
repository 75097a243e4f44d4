import { RootCases, UNOWNED } from './cases.types';
import { SCOPES } from './scopes';

/** How every subscription is asked. */
export const SUBSCRIPTION_CASES: RootCases = {
  balanceChanged: {
    document: 'subscription($id: ID!) { balanceChanged(accountId: $id) { reason buckets { id } } }',
    probes: { account: { scope: SCOPES.account, name: ({ accountId }) => ({ id: accountId }) } },
  },
  revenueShareAccrued: {
    document: 'subscription { revenueShareAccrued { cursor periodTotal { amount } } }',
    probes: { all: { scope: UNOWNED, name: () => ({}) } },
  },
  usageCharged: {
    document: 'subscription($account: ID, $product: ID) { usageCharged(accountId: $account, productId: $product) { cursor } }',
    probes: {
      account: { scope: SCOPES.account, name: ({ accountId }) => ({ account: accountId }) },
      product: { scope: SCOPES.account, name: ({ productId }) => ({ product: productId }) },
    },
  },
};
