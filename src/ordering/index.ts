/**
 * Product orders and their fulfilment: what an order changes, step by step, joins the set-up rooms with the charging path.
 * The only room that calls both.
 */
export { OrderMutations } from './order.mutations';
export { AccountOrdersResolver, OrderItemResolver, OrderResolver } from './order.resolver';
export { OrderChangedResolver } from './order-changed.resolver';
export { BundleCountOutOfRange, OfferingVersionNotSold } from './order.errors';
export { storeFreshOrders, type FreshOrder } from './order-create-many';
export { draftHash, type ItemDraft, type OrderDraft } from './order-draft';
export { isFinal } from './order-state.rules';
export { findOrders, type KnownOrder } from './order.store';
export type { Order, OrderRef, OrderState } from './order.types';
export { OrderService } from './order.service';
export { OrderRunner } from './order-runner';
