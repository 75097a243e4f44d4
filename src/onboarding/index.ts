/**
 * Customers from a file: a mapping says what its rows mean, and they become customers with accounts whose services are
 * ordered like any other. What the file says that they pay can be compared with their bills. docs/customers-import.md shows how.
 */
export { chargeReader, columnsOfMapping, customerReader, idReader } from './customer-row';
export { CustomerStore } from './customer.store';
export { CustomersCounts, runCustomers, type CustomersRun } from './customers.run';
export { readCustomerMapping } from './mapping.read';
export type { CustomerMapping } from './mapping.types';
export { createOfferings, requireOfferings, soldOfferings } from './offerings';
export { isReconciled, reconcile, type Reconciled, type ReconciledRow } from './reconcile.run';
