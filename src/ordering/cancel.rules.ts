import { refuse } from '../platform/errors';
import { isFinal, stepItem } from './order-state.rules';
import { ItemChange, Order, OrderItem } from './order.types';

type Changes = ReadonlyMap<string, ItemChange>;

/**
 * What a wish to cancel changes: an order of which nothing started is cancelled at once; else the network is asked about
 * every item that it has. What is done, or past the point of no return, cannot be cancelled.
 * @throws Refusal CONFLICT
 */
export function cancelPlan(order: Order): Changes {
  if (isFinal(order.state)) refuse('CONFLICT', 'The order has ended; products that it made are ended by an order of their own.', ['orderId']);
  if (order.state === 'ASSESSING_CANCELLATION' || order.state === 'PENDING_CANCELLATION') {
    refuse('CONFLICT', 'The order is being cancelled.', ['orderId']);
  }
  if (order.items.some(({ state, phase }) => state === 'COMPLETED' || phase === 'APPLY' || phase === 'GIVE_UP')) {
    refuse('CONFLICT', 'Parts of the order are done; end their products instead.', ['orderId']);
  }
  const under = order.items.filter(({ state }) => stepItem(state, 'ASSESS') !== null);
  if (under.length === 0) return dropped(order.items);
  return new Map(under.map(({ key, state, phase }) => [key, {
    state: stepItem(state, 'ASSESS')!, phase: 'ASSESS' as const, resumes: { state, phase },
  }]));
}

/** Items that nobody started end without more ado. */
const dropped = (items: readonly OrderItem[]): Map<string, ItemChange> => new Map(items.filter(({ state }) => state === 'ACKNOWLEDGED')
  .map(({ key, state }) => [key, { state: stepItem(state, 'CANCEL')!, phase: 'DONE' as const }]));

/** One item cannot be taken back: the cancellation is denied, and all items go on where they were. */
export function denied(order: Order): Map<string, ItemChange> {
  return new Map(order.items.filter(({ state }) => state === 'ASSESSING_CANCELLATION').map(({ key, state, resumes }) => [key, {
    state: stepItem(state, 'DENY', resumes!.state)!, phase: resumes!.phase, resumes: null,
  }]));
}

/** One item can be taken back; where that was the last that was asked, everything is undone. */
export function allowed(order: Order, item: OrderItem): Map<string, ItemChange> {
  const asked = order.items.filter(({ state }) => state === 'ASSESSING_CANCELLATION');
  if (asked.some(({ key, phase }) => key !== item.key && phase !== 'ALLOWED')) return new Map([[item.key, { phase: 'ALLOWED' as const }]]);
  return new Map([...dropped(order.items), ...asked.map(({ key, state }) => [key, {
    state: stepItem(state, 'ALLOW')!, phase: 'UNDO' as const, resumes: null,
  }] as const)]);
}
