import { ItemEvent, ItemState, OrderItem, OrderState } from './order.types';

/** Every step that an item may take (TMF622); what is not listed is refused. DENY leads back to where it was. */
const STEPS: Readonly<Record<ItemState, Partial<Readonly<Record<ItemEvent, ItemState | 'BACK'>>>>> = {
  ACKNOWLEDGED: { START: 'IN_PROGRESS', CANCEL: 'CANCELLED' },
  IN_PROGRESS: {
    NEED_INFORMATION: 'PENDING', BLOCK: 'HELD', COMPLETE: 'COMPLETED', FAIL: 'FAILED', ASSESS: 'ASSESSING_CANCELLATION',
  },
  PENDING: { GO_ON: 'IN_PROGRESS', ASSESS: 'ASSESSING_CANCELLATION', CANCEL: 'CANCELLED' },
  HELD: { GO_ON: 'IN_PROGRESS', ASSESS: 'ASSESSING_CANCELLATION', CANCEL: 'CANCELLED' },
  ASSESSING_CANCELLATION: { DENY: 'BACK', ALLOW: 'PENDING_CANCELLATION' },
  PENDING_CANCELLATION: { CANCEL: 'CANCELLED' },
  CANCELLED: {},
  COMPLETED: {},
  FAILED: {},
};

/** The state that an event leads to; null where the item does not admit it. */
export function stepItem(state: ItemState, event: ItemEvent, resumes: ItemState | null = null): ItemState | null {
  const next = STEPS[state][event];
  return next === 'BACK' ? resumes : next ?? null;
}

const FINAL: ReadonlySet<OrderState> = new Set(['CANCELLED', 'COMPLETED', 'FAILED', 'PARTIAL']);
export const isFinal = (state: OrderState): boolean => FINAL.has(state);

/**
 * The state of an order, from those of its items: a cancellation under way shows first, then what moves, then what waits.
 * An order whose items all ended is what they have in common, and `PARTIAL` where only some were done.
 */
export function deriveOrderState(items: readonly Pick<OrderItem, 'state'>[]): OrderState {
  const states = new Set(items.map(({ state }) => state));
  const only = (...admitted: readonly ItemState[]): boolean => [...states].every((state) => admitted.includes(state));
  if (states.has('ASSESSING_CANCELLATION')) return 'ASSESSING_CANCELLATION';
  if (states.has('PENDING_CANCELLATION')) return 'PENDING_CANCELLATION';
  if (only('COMPLETED', 'FAILED', 'CANCELLED')) {
    if (only('COMPLETED')) return 'COMPLETED';
    if (states.has('COMPLETED')) return 'PARTIAL';
    // Items are cancelled by the cancellation of their order alone.
    return states.has('CANCELLED') ? 'CANCELLED' : 'FAILED';
  }
  if (only('ACKNOWLEDGED', 'CANCELLED')) return 'ACKNOWLEDGED';
  if (states.has('IN_PROGRESS')) return 'IN_PROGRESS';
  if (states.has('HELD')) return 'HELD';
  return states.has('PENDING') ? 'PENDING' : 'IN_PROGRESS';
}

/** Every step that an order may take; the invariants compare its history with this table. */
export const ORDER_STEPS: Readonly<Record<OrderState, readonly OrderState[]>> = {
  ACKNOWLEDGED: ['IN_PROGRESS', 'PENDING', 'CANCELLED'],
  IN_PROGRESS: ['PENDING', 'HELD', 'ASSESSING_CANCELLATION', 'COMPLETED', 'FAILED', 'PARTIAL'],
  PENDING: ['IN_PROGRESS', 'ASSESSING_CANCELLATION', 'CANCELLED'],
  HELD: ['IN_PROGRESS', 'ASSESSING_CANCELLATION', 'CANCELLED'],
  ASSESSING_CANCELLATION: ['IN_PROGRESS', 'PENDING', 'HELD', 'PENDING_CANCELLATION'],
  PENDING_CANCELLATION: ['CANCELLED'],
  CANCELLED: [],
  COMPLETED: [],
  FAILED: [],
  PARTIAL: [],
};
