import { Conductor } from '../../src/charging';
import { readOrder } from '../../src/ordering/order.store';
import { ItemState, Order } from '../../src/ordering/order.types';
import { ReportOutcome } from '../../src/ordering/report.rules';
import { Refusal } from '../../src/platform/errors';
import { createTestDatabase, TestDatabase } from '../support';
import { worldConductor, WorldAccount } from '../support/world';
import { expectSoundBooks, openScenario, Scenario } from './money-scenario';
import { add, agentOf, draft, Hand, openOrderingBench, OrderingBench } from './ordering-world';

/**
 * Every state of an order with every event that can come to it, on the database: what domain rules allow moves it, what is
 * known already changes nothing, and everything else is refused and changes nothing.
 */
let db: TestDatabase;
let conductor: Conductor;
let bench: OrderingBench;
let s: Scenario;

beforeAll(async () => {
  db = await createTestDatabase();
  conductor = worldConductor(db, { lanes: 1 });
  bench = await openOrderingBench(db, conductor);
  s = await openScenario(db, conductor, '2031-01-01T00:00:00Z');
  await s.offering({ code: 'small', period: 'CALENDAR_MONTH', fee: '1' });
});
afterAll(async () => {
  await expectSoundBooks(db);
  await bench.close();
  await conductor.drain();
  await db.dispose();
});

type Event = ReportOutcome | 'WISH_TO_CANCEL' | 'RUN';
const EVENTS: readonly Event[] = ['RUN', 'WISH_TO_CANCEL', 'COMPLETED', 'FAILED', 'INFORMATION_NEEDED', 'BLOCKED', 'RESUMED', 'CANCELLATION_ALLOWED', 'CANCELLATION_DENIED', 'CANCELLED'];
/** How an order comes to be in the state, from its beginning. */
const WAYS: Readonly<Record<ItemState, readonly Event[]>> = {
  ACKNOWLEDGED: [],
  IN_PROGRESS: ['RUN'],
  PENDING: ['RUN', 'INFORMATION_NEEDED'],
  HELD: ['RUN', 'BLOCKED'],
  ASSESSING_CANCELLATION: ['RUN', 'BLOCKED', 'WISH_TO_CANCEL', 'RUN'],
  PENDING_CANCELLATION: ['RUN', 'WISH_TO_CANCEL', 'RUN', 'CANCELLATION_ALLOWED', 'RUN'],
  CANCELLED: ['RUN', 'WISH_TO_CANCEL', 'RUN', 'CANCELLATION_ALLOWED', 'RUN', 'CANCELLED', 'RUN'],
  COMPLETED: ['RUN', 'COMPLETED', 'RUN'],
  FAILED: ['RUN', 'FAILED', 'RUN'],
};
const STATES = Object.keys(WAYS) as readonly ItemState[];

/** Where a report says what is known already. */
const KNOWN: Readonly<Record<ItemState, readonly Event[]>> = {
  ACKNOWLEDGED: [],
  IN_PROGRESS: ['RUN', 'RESUMED', 'CANCELLATION_DENIED'],
  PENDING: ['RUN', 'INFORMATION_NEEDED', 'CANCELLATION_DENIED'],
  HELD: ['RUN', 'BLOCKED', 'CANCELLATION_DENIED'],
  ASSESSING_CANCELLATION: ['RUN'],
  PENDING_CANCELLATION: ['RUN', 'CANCELLATION_ALLOWED'],
  CANCELLED: ['RUN', 'CANCELLED'],
  COMPLETED: ['RUN', 'COMPLETED'],
  FAILED: ['RUN', 'FAILED'],
};
/** What an event leads to, once the runner has done what follows from it; what stands in neither table is refused. */
const MOVES: Readonly<Record<ItemState, Partial<Readonly<Record<Event, ItemState>>>>> = {
  ACKNOWLEDGED: { RUN: 'IN_PROGRESS', WISH_TO_CANCEL: 'CANCELLED' },
  IN_PROGRESS: { COMPLETED: 'COMPLETED', FAILED: 'FAILED', INFORMATION_NEEDED: 'PENDING', BLOCKED: 'HELD', WISH_TO_CANCEL: 'ASSESSING_CANCELLATION' },
  PENDING: { COMPLETED: 'COMPLETED', FAILED: 'FAILED', RESUMED: 'IN_PROGRESS', WISH_TO_CANCEL: 'ASSESSING_CANCELLATION' },
  HELD: { COMPLETED: 'COMPLETED', FAILED: 'FAILED', RESUMED: 'IN_PROGRESS', WISH_TO_CANCEL: 'ASSESSING_CANCELLATION' },
  ASSESSING_CANCELLATION: { COMPLETED: 'COMPLETED', FAILED: 'FAILED', CANCELLATION_ALLOWED: 'PENDING_CANCELLATION', CANCELLATION_DENIED: 'HELD' },
  PENDING_CANCELLATION: { CANCELLED: 'CANCELLED' },
  CANCELLED: {},
  COMPLETED: {},
  FAILED: {},
};
const PRODUCT: Partial<Readonly<Record<ItemState, string>>> = { COMPLETED: 'ACTIVE', FAILED: 'ABORTED', CANCELLED: 'CANCELLED' };

const network = new Hand();
async function happen(order: Order, event: Event): Promise<unknown> {
  if (event === 'RUN') return bench.runner(network).advance(order);
  if (event === 'WISH_TO_CANCEL') return bench.orders.cancel(agentOf(s.tenantId), order.id, null);
  return bench.orders.report({ tenantId: s.tenantId, orderId: order.id, itemKey: 'a', outcome: event, note: null });
}
const outcomeOf = (work: Promise<unknown>): Promise<unknown> => work.then(() => 'DONE', (error: Refusal) => error.userError?.code ?? error);
const everything = async (account: WorldAccount): Promise<unknown[]> => [
  await s.rows(account, 'select state, version, completed_at from product_order where root_id = $1'),
  await s.rows(account, 'select state, phase, resumes, error_code, note, attempts from product_order_item where root_id = $1'),
  await s.rows(account, 'select id, state, version from product where root_id = $1'), await s.rows(account, 'select key from request where root_id = $1 order by key'),
];

async function reach(state: ItemState): Promise<{ readonly account: WorldAccount; readonly order: Order }> {
  const account = await s.account();
  await s.topUp(account, '10');
  const order = await bench.orders.create(agentOf(s.tenantId), () => draft(account, [add('a', 'small')]));
  for (const event of WAYS[state]) await happen(order, event);
  expect((await readOrder(db.appPool, order))!.state).toBe(state);
  return { account, order };
}

describe.each(STATES)('an order that is %s', (state) => {
  it.each(EVENTS)('on %s', async (event) => {
    const { account, order } = await reach(state);
    const before = await everything(account);
    const outcome = await outcomeOf(happen(order, event));
    const next = MOVES[state][event];
    if (next === undefined) {
      expect([outcome, await everything(account)]).toEqual([KNOWN[state].includes(event) ? 'DONE' : 'CONFLICT', before]);
      return;
    }
    expect(outcome).toBe('DONE');
    await happen(order, 'RUN');
    const after = (await readOrder(db.appPool, order))!;
    expect([after.state, after.items[0]!.state]).toEqual([next, next]);
    const products = await s.rows<{ state: string }>(account, 'select state from product where root_id = $1');
    const begins = next === 'CANCELLED' && state === 'ACKNOWLEDGED' ? [] : [{ state: PRODUCT[next] ?? 'PENDING_ACTIVE' }];
    expect(products).toEqual(begins);
  });
});
