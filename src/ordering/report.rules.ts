import { refuse } from '../platform/errors';
import { allowed, denied } from './cancel.rules';
import { stepItem } from './order-state.rules';
import { ItemChange, ItemState, Order, OrderItem } from './order.types';

/** What a network may say about an item that it was given. */
export type ReportOutcome =
  | 'COMPLETED' | 'FAILED' | 'INFORMATION_NEEDED' | 'BLOCKED' | 'RESUMED' | 'CANCELLATION_ALLOWED' | 'CANCELLATION_DENIED' | 'CANCELLED';

type Changes = ReadonlyMap<string, ItemChange>;

/**
 * What a report changes; null where it says what is known already, because networks report twice.
 * @throws Refusal CONFLICT where the item no longer admits it.
 */
export function reportPlan(order: Order, item: OrderItem, outcome: ReportOutcome, note: string | null): Changes | null {
  switch (outcome) {
    case 'COMPLETED': return ready(order, item);
    case 'FAILED': return failed(order, item, note);
    case 'INFORMATION_NEEDED': return waits(item, 'PENDING', note);
    case 'BLOCKED': return waits(item, 'HELD', note);
    case 'RESUMED': return resumed(item);
    case 'CANCELLATION_ALLOWED': return item.phase === 'ASSESS' || item.phase === 'ASSESS_WAIT' ? allowed(order, item) : known(item, ['ALLOWED', 'UNDO', 'UNDO_WAIT', 'CLEAR']);
    case 'CANCELLATION_DENIED': return item.state === 'ASSESSING_CANCELLATION' ? denied(order) : known(item, ['ASK', 'WAIT', 'APPLY']);
    case 'CANCELLED': return item.phase === 'UNDO' || item.phase === 'UNDO_WAIT' ? new Map([[item.key, { phase: 'CLEAR' }]]) : cancelledAlready(item);
  }
}

const AT_NETWORK: ReadonlySet<ItemState> = new Set(['IN_PROGRESS', 'PENDING', 'HELD']);
const isAtNetwork = ({ state, phase }: OrderItem): boolean => AT_NETWORK.has(state) && (phase === 'ASK' || phase === 'WAIT');

const conflict = (): never => refuse('CONFLICT', 'The item is past this; nothing was changed.', ['outcome']);
const known = ({ phase }: OrderItem, phases: readonly OrderItem['phase'][]): null => (phases.includes(phase) ? null : conflict());
const cancelledAlready = ({ state, phase }: OrderItem): null => (state === 'CANCELLED' || phase === 'CLEAR' ? null : conflict());

/** It moves again where it waited. */
const goingOn = (state: ItemState): ItemState => stepItem(state, 'GO_ON') ?? state;

/** The network is ready. Where it was being asked to take the item back, that came too late. */
function ready(order: Order, item: OrderItem): Changes | null {
  if (item.phase === 'APPLY' || item.state === 'COMPLETED') return null;
  if (item.state === 'ASSESSING_CANCELLATION') {
    const back = denied(order);
    return back.set(item.key, { ...back.get(item.key)!, state: 'IN_PROGRESS', phase: 'APPLY' });
  }
  return isAtNetwork(item) ? new Map([[item.key, { state: goingOn(item.state), phase: 'APPLY', note: null }]]) : conflict();
}

function failed(order: Order, item: OrderItem, note: string | null): Changes | null {
  const gone: ItemChange = { phase: 'GIVE_UP', errorCode: 'FULFILMENT_FAILED', note: note ?? 'The network could not do it.' };
  if (item.phase === 'GIVE_UP' || item.state === 'FAILED') return null;
  if (item.state === 'ASSESSING_CANCELLATION') {
    const back = denied(order);
    return back.set(item.key, { ...back.get(item.key)!, state: 'IN_PROGRESS', ...gone });
  }
  return isAtNetwork(item) ? new Map([[item.key, { state: goingOn(item.state), ...gone }]]) : conflict();
}

function waits(item: OrderItem, state: 'PENDING' | 'HELD', note: string | null): Changes | null {
  if (item.state === state) return null;
  const next = stepItem(item.state, state === 'PENDING' ? 'NEED_INFORMATION' : 'BLOCK');
  if (!isAtNetwork(item) || next === null) return conflict();
  return new Map([[item.key, { state: next, phase: 'WAIT', note }]]);
}

function resumed(item: OrderItem): Changes | null {
  if (item.state === 'IN_PROGRESS') return null;
  return isAtNetwork(item) ? new Map([[item.key, { state: goingOn(item.state), note: null }]]) : conflict();
}
