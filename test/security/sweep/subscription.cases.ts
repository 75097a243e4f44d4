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
  billPaymentReceived: {
    document: 'subscription($id: ID!) { billPaymentReceived(accountId: $id) { reason payment { id } } }',
    probes: { account: { scope: SCOPES.account, name: ({ accountId }) => ({ id: accountId }) } },
  },
  billRunProgressed: {
    document: 'subscription($id: ID!) { billRunProgressed(billRunId: $id) { state } }',
    probes: { run: { scope: SCOPES.finance, name: ({ billRunId }) => ({ id: billRunId }) } },
  },
  customerBillIssued: {
    document: 'subscription($id: ID!) { customerBillIssued(accountId: $id) { reason bill { id } } }',
    probes: { account: { scope: SCOPES.account, name: ({ accountId }) => ({ id: accountId }) } },
  },
  productOrderChanged: {
    document: 'subscription($id: ID!) { productOrderChanged(orderId: $id) { cursor order { id } } }',
    probes: { order: { scope: SCOPES.account, name: ({ orderId }) => ({ id: orderId }) } },
  },
  usageCharged: {
    document: 'subscription($account: ID, $product: ID) { usageCharged(accountId: $account, productId: $product) { cursor } }',
    probes: {
      account: { scope: SCOPES.account, name: ({ accountId }) => ({ account: accountId }) },
      product: { scope: SCOPES.account, name: ({ productId }) => ({ product: productId }) },
    },
  },
};
