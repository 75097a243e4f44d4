/**
 * Product orders and their fulfilment: what an order changes, step by step, joins the set-up rooms with the charging path.
 * The only room that calls both.
 */
export { OrderMutations } from './order.mutations';
export { AccountOrdersResolver, OrderItemResolver, OrderResolver } from './order.resolver';
export { OrderChangedResolver } from './order-changed.resolver';
export { BundleCountOutOfRange, OfferingVersionNotSold } from './order.errors';
export { OrderService } from './order.service';
export { OrderRunner } from './order-runner';
