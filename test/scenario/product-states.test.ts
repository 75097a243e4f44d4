import { Conductor } from '../../src/charging';
import type { ProductState } from '../../src/product';
import { createTestDatabase, TestDatabase } from '../support';
import { agentKey, worldConductor, WorldAccount } from '../support/world';
import { expectSoundBooks, openScenario, Scenario, voice } from './money-scenario';

/**
 * Every state of a product with every event that can come to it, on the database: what TMF637 and our own rules allow moves
 * it, everything else is refused and changes nothing.
 */
let db: TestDatabase;
let conductor: Conductor;
let s: Scenario;
let small: string;
let serial = 0;

beforeAll(async () => {
  db = await createTestDatabase();
  conductor = worldConductor(db, { lanes: 1 });
  s = await openScenario(db, conductor, '2031-01-10T00:00:00Z');
  small = await s.offering({ code: 'small', period: 'CALENDAR_MONTH', fee: '1', usage: [voice('0.60')] });
  await s.offering({ code: 'large', period: 'CALENDAR_MONTH', fee: '2', usage: [voice('0.30')] });
});
afterAll(async () => {
  await expectSoundBooks(db);
  await conductor.drain();
  await db.dispose();
});

type Reached = Exclude<ProductState, 'CREATED'>;
interface At { readonly account: WorldAccount; readonly productId: bigint }
interface Outcome { readonly ok: boolean; readonly errors?: readonly { readonly code: string }[] }
const LATER = Date.parse('2031-01-25T00:00:00Z');
const key = () => agentKey(s.tenantId, `e${(serial += 1)}`);
const products = () => conductor.products;

const EVENTS = {
  PREPARE: ({ account, productId }: At) => products().prepare(key(), { accountId: account.id, productId, offeringVersionId: small,
    identifiers: [{ kind: 'MSISDN', value: `35386${productId}`.slice(0, 15) }], attachedTo: null }),
  BEGIN: ({ productId }: At) => products().begin(key(), { productId }),
  GIVE_UP: ({ productId }: At) => products().giveUp(key(), { productId, state: 'ABORTED' }),
  TAKE_BACK: ({ productId }: At) => products().giveUp(key(), { productId, state: 'CANCELLED' }),
  SUSPEND: ({ productId }: At) => products().suspend(key(), { productId, reason: 'FRAUD', level: 'ALL' }),
  SUSPEND_TOO: ({ productId }: At) => products().suspend(key(), { productId, reason: 'LOST', level: 'DATA' }),
  RESUME: ({ productId }: At) => products().resume(key(), { productId, reason: 'FRAUD' }),
  CHANGE: ({ productId }: At) => products().changeOffering(key(), { productId, offeringCode: 'large', offeringVersion: null, when: 'NOW', expectedVersion: null }),
  CHANGE_LATER: ({ productId }: At) => products().changeOffering(key(), { productId, offeringCode: 'large', offeringVersion: null, when: 'PERIOD_END', expectedVersion: null }),
  END: ({ productId }: At) => conductor.terminate(key(), { productId, at: null }),
  END_LATER: ({ productId }: At) => conductor.terminate(key(), { productId, at: LATER }),
  STAY: ({ productId }: At) => products().withdrawEnd(key(), { productId }),
} satisfies Record<string, (at: At) => Promise<Outcome>>;
type Event = keyof typeof EVENTS;

const WAYS: Readonly<Record<Reached, readonly Event[]>> = {
  PENDING_ACTIVE: ['PREPARE'],
  ACTIVE: ['PREPARE', 'BEGIN'],
  SUSPENDED: ['PREPARE', 'BEGIN', 'SUSPEND'],
  PENDING_TERMINATE: ['PREPARE', 'BEGIN', 'END_LATER'],
  TERMINATED: ['PREPARE', 'BEGIN', 'END'],
  CANCELLED: ['PREPARE', 'TAKE_BACK'],
  ABORTED: ['PREPARE', 'GIVE_UP'],
};
/** What an event leads to; what does not stand here is refused. */
const MOVES: Readonly<Record<Reached, Partial<Readonly<Record<Event, Reached>>>>> = {
  PENDING_ACTIVE: { BEGIN: 'ACTIVE', GIVE_UP: 'ABORTED', TAKE_BACK: 'CANCELLED' },
  ACTIVE: {
    SUSPEND: 'SUSPENDED', SUSPEND_TOO: 'SUSPENDED', CHANGE: 'ACTIVE', CHANGE_LATER: 'ACTIVE', END: 'TERMINATED', END_LATER: 'PENDING_TERMINATE',
  },
  SUSPENDED: { SUSPEND_TOO: 'SUSPENDED', RESUME: 'ACTIVE', END: 'TERMINATED', END_LATER: 'PENDING_TERMINATE' },
  PENDING_TERMINATE: { SUSPEND: 'PENDING_TERMINATE', SUSPEND_TOO: 'PENDING_TERMINATE', END: 'TERMINATED', END_LATER: 'PENDING_TERMINATE', STAY: 'ACTIVE' },
  TERMINATED: {},
  CANCELLED: {},
  ABORTED: {},
};

const stateOf = async ({ account }: At): Promise<string | undefined> => (await s.rows<{ state: string }>(account, 'select state from product where root_id = $1'))[0]?.state;
const everything = async ({ account }: At): Promise<unknown[]> => Promise.all(['product', 'product_history', 'product_suspension', 'price_assignment', 'charge', 'bucket', 'request']
  .map((table) => s.rows(account, `select * from ${table} where root_id = $1 order by 1, 2, 3`)));

async function reach(state: Reached): Promise<At> {
  const account = await s.account();
  await s.topUp(account, '20');
  const { rows: [row] } = await db.appPool.query<{ n: string }>(`select nextval('product_number') as n`);
  const at = { account, productId: (BigInt(row!.n) << 12n) | BigInt(account.shard) };
  for (const event of WAYS[state]) expect(await EVENTS[event](at)).toMatchObject({ ok: true });
  expect(await stateOf(at)).toBe(state);
  // A product does not change in the very instant in which it began.
  await new Promise((resolve) => { setTimeout(resolve, 2); });
  return at;
}

describe.each(Object.keys(WAYS) as readonly Reached[])('a product that is %s', (state) => {
  it.each((Object.keys(EVENTS) as readonly Event[]).filter((event) => event !== 'PREPARE'))('on %s', async (event) => {
    const at = await reach(state);
    const before = await everything(at);
    const outcome: Outcome = await EVENTS[event](at);
    const next = MOVES[state][event];
    expect(outcome.ok).toBe(next !== undefined);
    if (next !== undefined) return expect(await stateOf(at)).toBe(next);
    expect(outcome.errors!.map(({ code }) => code)).toEqual([state === 'SUSPENDED' && event.startsWith('CHANGE') ? 'PRODUCT_SUSPENDED' : 'CONFLICT']);
    expect(await everything(at)).toEqual(before);
  });
});

it('a product whose end comes is TERMINATED', async () => {
  const at = await reach('PENDING_TERMINATE');
  await s.moveTo('2031-01-25T00:00:01Z');
  await s.topUp(at.account, '1');
  expect(await stateOf(at)).toBe('TERMINATED');
});
