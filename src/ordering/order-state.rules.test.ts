import * as fc from 'fast-check';
import { deriveOrderState, isFinal, ORDER_STEPS, stepItem } from './order-state.rules';
import type { ItemEvent, ItemState, OrderState } from './order.types';

const STATES: readonly ItemState[] = ['ACKNOWLEDGED', 'IN_PROGRESS', 'PENDING', 'HELD', 'ASSESSING_CANCELLATION', 'PENDING_CANCELLATION', 'CANCELLED', 'COMPLETED', 'FAILED'];
const EVENTS: readonly ItemEvent[] = ['START', 'NEED_INFORMATION', 'BLOCK', 'GO_ON', 'COMPLETE', 'FAIL', 'ASSESS', 'DENY', 'ALLOW', 'CANCEL'];

/** TMF622's steps, written down a second time and by hand: every pair that is not here must be refused. */
const LEGAL: readonly (readonly [ItemState, ItemEvent, ItemState])[] = [
  ['ACKNOWLEDGED', 'START', 'IN_PROGRESS'], ['ACKNOWLEDGED', 'CANCEL', 'CANCELLED'],
  ['IN_PROGRESS', 'NEED_INFORMATION', 'PENDING'], ['IN_PROGRESS', 'BLOCK', 'HELD'], ['IN_PROGRESS', 'COMPLETE', 'COMPLETED'],
  ['IN_PROGRESS', 'FAIL', 'FAILED'], ['IN_PROGRESS', 'ASSESS', 'ASSESSING_CANCELLATION'],
  ['PENDING', 'GO_ON', 'IN_PROGRESS'], ['PENDING', 'ASSESS', 'ASSESSING_CANCELLATION'], ['PENDING', 'CANCEL', 'CANCELLED'],
  ['HELD', 'GO_ON', 'IN_PROGRESS'], ['HELD', 'ASSESS', 'ASSESSING_CANCELLATION'], ['HELD', 'CANCEL', 'CANCELLED'],
  ['ASSESSING_CANCELLATION', 'DENY', 'HELD'], ['ASSESSING_CANCELLATION', 'ALLOW', 'PENDING_CANCELLATION'],
  ['PENDING_CANCELLATION', 'CANCEL', 'CANCELLED'],
];

it.each(STATES.flatMap((state) => EVENTS.map((event) => [state, event] as const)))('an item that is %s, on %s', (state, event) => {
  const legal = LEGAL.find(([from, by]) => from === state && by === event);
  expect(stepItem(state, event, 'HELD')).toBe(legal?.[2] ?? null);
});

it.each<[readonly ItemState[], OrderState]>([
  [['ACKNOWLEDGED', 'ACKNOWLEDGED'], 'ACKNOWLEDGED'],
  [['ACKNOWLEDGED', 'IN_PROGRESS'], 'IN_PROGRESS'],
  [['ACKNOWLEDGED', 'COMPLETED'], 'IN_PROGRESS'],
  [['ACKNOWLEDGED', 'FAILED'], 'IN_PROGRESS'],
  [['HELD', 'IN_PROGRESS'], 'IN_PROGRESS'],
  [['HELD', 'PENDING'], 'HELD'],
  [['PENDING', 'COMPLETED'], 'PENDING'],
  [['ASSESSING_CANCELLATION', 'PENDING_CANCELLATION', 'COMPLETED'], 'ASSESSING_CANCELLATION'],
  [['PENDING_CANCELLATION', 'CANCELLED'], 'PENDING_CANCELLATION'],
  [['CANCELLED', 'CANCELLED'], 'CANCELLED'],
  [['COMPLETED', 'COMPLETED'], 'COMPLETED'],
  [['FAILED', 'CANCELLED'], 'CANCELLED'],
  [['FAILED', 'FAILED'], 'FAILED'],
  [['COMPLETED', 'FAILED'], 'PARTIAL'],
  [['COMPLETED', 'CANCELLED'], 'PARTIAL'],
])('items %j make an order %s', (states, expected) => {
  expect(deriveOrderState(states.map((state) => ({ state })))).toBe(expected);
});

/** What the room does with an order: one item steps, or a cancellation takes, denies or undoes all of them together. */
type Act = { readonly kind: 'ITEM'; readonly index: number; readonly event: ItemEvent } | { readonly kind: 'ASSESS' | 'DENY' | 'ALLOW' | 'DROP_ALL' };
interface Walk { readonly state: ItemState; readonly resumes: ItemState | null }

function act(items: readonly Walk[], { kind, ...more }: Act): readonly Walk[] {
  if (kind === 'ITEM') {
    const { index, event } = more as { index: number; event: ItemEvent };
    return items.map((item, at) => (at === index % items.length ? { ...item, state: stepItem(item.state, event, item.resumes) ?? item.state } : item));
  }
  if (kind === 'DROP_ALL') return items.every(({ state }) => state === 'ACKNOWLEDGED') ? items.map((item) => ({ ...item, state: 'CANCELLED' as const })) : items;
  if (kind === 'ASSESS' && items.some(({ state }) => state === 'COMPLETED')) return items;
  const whole = items.map((item): Walk => {
    const next = stepItem(item.state, kind, item.resumes);
    return next ? { state: next, resumes: kind === 'ASSESS' ? item.state : item.resumes } : item;
  });
  return kind === 'ALLOW' && whole.some(({ state }, index) => state !== items[index]!.state)
    ? whole.map((item) => (item.state === 'ACKNOWLEDGED' ? { ...item, state: 'CANCELLED' } : item)) : whole;
}

it('whatever happens to its items, an order only takes steps that TMF622 knows, and none after its last', () => {
  const item = fc.record({ kind: fc.constant('ITEM' as const), index: fc.nat(3), event: fc.constantFrom<ItemEvent>('START', 'NEED_INFORMATION', 'BLOCK', 'GO_ON', 'COMPLETE', 'FAIL') });
  const whole = fc.record({ kind: fc.constantFrom('ASSESS' as const, 'DENY' as const, 'ALLOW' as const, 'DROP_ALL' as const) });
  const undo = fc.record({ kind: fc.constant('ITEM' as const), index: fc.nat(3), event: fc.constant<ItemEvent>('CANCEL') });
  fc.assert(fc.property(fc.integer({ min: 1, max: 4 }), fc.array(fc.oneof(item, item, item, whole, undo), { maxLength: 40 }), (size, acts) => {
    let items: readonly Walk[] = Array.from({ length: size }, () => ({ state: 'ACKNOWLEDGED', resumes: null }));
    let state = deriveOrderState(items);
    for (const next of acts) {
      // One item is cancelled by itself only at the end of a cancellation, and while one is under way nothing else moves.
      if (next.kind === 'ITEM' && next.event === 'CANCEL' && items[next.index % size]!.state !== 'PENDING_CANCELLATION') continue;
      const isCancelling = state === 'ASSESSING_CANCELLATION' || state === 'PENDING_CANCELLATION';
      if (isCancelling && (next.kind === 'ASSESS' || (next.kind === 'ITEM' && next.event !== 'CANCEL'))) continue;
      items = act(items, next);
      const derived = deriveOrderState(items);
      if (derived !== state) expect(ORDER_STEPS[state]).toContain(derived);
      if (isFinal(derived)) expect(items.every((one) => isFinal(one.state))).toBe(true);
      state = derived;
    }
  }), { numRuns: 2_000 });
});
