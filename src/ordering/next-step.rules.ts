import { isFinal } from './order-state.rules';
import { ItemPhase, Order, OrderItem } from './order.types';

/** What the runner does next with an order. */
export type NextStep =
  /** Nothing now: it ended, waits for its start, or for the network. */
  | { readonly kind: 'REST' }
  /** Items whose dependencies are done. */
  | { readonly kind: 'START'; readonly items: readonly OrderItem[] }
  /** Items that rely on what was not done. */
  | { readonly kind: 'DROP'; readonly items: readonly OrderItem[] }
  /** New products whose network is ready go together; a change or an end goes alone, in its turn: it may free money for what follows. */
  | { readonly kind: 'APPLY'; readonly items: readonly OrderItem[] }
  | { readonly kind: 'ASK' | 'GIVE_UP' | 'ASSESS' | 'UNDO' | 'CLEAR'; readonly item: OrderItem };

const WORK: Partial<Readonly<Record<ItemPhase, 'ASK' | 'APPLY' | 'GIVE_UP' | 'ASSESS' | 'UNDO' | 'CLEAR'>>> = {
  ASK: 'ASK', APPLY: 'APPLY', GIVE_UP: 'GIVE_UP', ASSESS: 'ASSESS', UNDO: 'UNDO', CLEAR: 'CLEAR',
};

/** What waits for a report that did not come in time is asked again. */
const AGAIN: Partial<Readonly<Record<ItemPhase, 'ASK' | 'ASSESS' | 'UNDO'>>> = { WAIT: 'ASK', ASSESS_WAIT: 'ASSESS', UNDO_WAIT: 'UNDO' };

/**
 * The next step of an order. Items are started before work goes on, so that all that can be under way is.
 * @param isOverdue whether the network was silent for longer than it may.
 */
export function nextStep(order: Order, now: number, isOverdue: boolean): NextStep {
  if (isFinal(order.state)) return { kind: 'REST' };
  if (order.requestedStart !== null && order.requestedStart > now && order.state === 'ACKNOWLEDGED') return { kind: 'REST' };
  return starting(order) ?? working(order, isOverdue) ?? { kind: 'REST' };
}

function starting(order: Order): NextStep | null {
  if (order.state === 'ASSESSING_CANCELLATION' || order.state === 'PENDING_CANCELLATION') return null;
  const states = new Map(order.items.map(({ key, state }) => [key, state]));
  const waiting = order.items.filter(({ state }) => state === 'ACKNOWLEDGED');
  const lost = waiting.filter(({ reliesOn }) => reliesOn.some((key) => ['FAILED', 'CANCELLED'].includes(states.get(key)!)));
  if (lost.length > 0) return { kind: 'DROP', items: lost };
  const ready = waiting.filter(({ reliesOn }) => reliesOn.every((key) => states.get(key) === 'COMPLETED'));
  return ready.length > 0 ? { kind: 'START', items: ready } : null;
}

function working(order: Order, isOverdue: boolean): NextStep | null {
  for (const [index, item] of order.items.entries()) {
    const kind = WORK[item.phase] ?? (isOverdue ? AGAIN[item.phase] : undefined);
    if (!kind || isWaiting(item)) continue;
    return kind === 'APPLY' ? { kind, items: together(order.items.slice(index)) } : { kind, item };
  }
  return null;
}

/** What waits for information, or is held, waits for a person; only its cancellation goes on. */
const isWaiting = ({ state }: OrderItem): boolean => state === 'PENDING' || state === 'HELD';

/** The first item and, where it makes a product, those that follow it and make one too, as far as they stand as it does. */
function together(items: readonly OrderItem[]): readonly OrderItem[] {
  const fits = (item: OrderItem): boolean => item.action === 'ADD' && item.phase === 'APPLY' && !isWaiting(item);
  const end = items.findIndex((item) => !fits(item));
  return end === 0 ? items.slice(0, 1) : items.slice(0, end < 0 ? items.length : end);
}

/** Milliseconds after which somebody must look at an order that rests; null = a report or a person moves it. */
export function restsFor(order: Order, patienceMs: number): number | null {
  const waits = order.items.some(({ phase, state }) => AGAIN[phase] !== undefined && state !== 'PENDING' && state !== 'HELD');
  return !isFinal(order.state) && waits ? patienceMs : null;
}
