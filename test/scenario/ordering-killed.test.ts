import type { Pool, PoolClient } from 'pg';
import { Conductor } from '../../src/charging';
import { callId, FulfilmentAnswer, FulfilmentPort, FulfilmentWork } from '../../src/ordering/fulfilment.port';
import { OrderRunner, RunnerDeps } from '../../src/ordering/order-runner';
import { Order } from '../../src/ordering/order.types';
import { createTestDatabase, TestDatabase } from '../support';
import { worldConductor, WorldAccount } from '../support/world';
import { expectSoundBooks, openScenario, Scenario } from './money-scenario';
import { add, agentOf, draft, Hand, launchBundle, modify, msisdn, openOrderingBench, OrderingBench, remove, simulated, statesOf } from './ordering-world';

/** A runner that dies after each single thing that it does to the world: statement, charging move, call to the network. */
let db: TestDatabase;
let conductor: Conductor;
let bench: OrderingBench;
let s: Scenario;

beforeAll(async () => {
  db = await createTestDatabase();
  conductor = worldConductor(db, { lanes: 1 });
  bench = await openOrderingBench(db, conductor);
  s = await openScenario(db, conductor, '2031-01-10T00:00:00Z');
  await s.offering({ code: 'small', period: 'CALENDAR_MONTH', fee: '10' });
  await s.offering({ code: 'large', period: 'CALENDAR_MONTH', fee: '20' });
  await launchBundle(db, s.tenantId, { code: 'pair', fee: '5', components: [{ code: 'small', lower: 2, upper: 2 }] });
});
afterEach(() => expectSoundBooks(db));
afterAll(async () => {
  await bench.close();
  await conductor.drain();
  await db.dispose();
});

class Killed extends Error {}

/** Lets a number of things be done; the last one is done, but nobody learns of it, and nothing is done after it. */
class Life {
  done = 0;
  constructor(private readonly most: number) {}

  async spend<T>(work: () => Promise<T>): Promise<T> {
    if (this.done >= this.most) throw new Killed();
    this.done += 1;
    const result = await work();
    if (this.done >= this.most) throw new Killed();
    return result;
  }

  /** The same thing, but each of its methods costs life. */
  mortal<T extends object>(thing: T, ...names: readonly (keyof T)[]): T {
    const known = (name: PropertyKey): boolean => names.includes(name as keyof T);
    return new Proxy(thing, { get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const bound = value.bind(target) as (...given: unknown[]) => Promise<unknown>;
      return known(name) ? (...given: unknown[]) => this.spend(() => bound(...given)) : bound;
    } });
  }
}

function runnerWith(life: Life, network: FulfilmentPort): OrderRunner {
  const pool = new Proxy(db.appPool, { get: (target, name) => {
    if (name === 'connect') return async (): Promise<PoolClient> => life.mortal(await target.connect(), 'query');
    if (name === 'query') return (...given: Parameters<Pool['query']>) => life.spend(() => target.query(...given) as unknown as Promise<unknown>);
    return Reflect.get(target, name, target) as unknown;
  } });
  const charging: RunnerDeps['charging'] = {
    products: life.mortal(conductor.products, 'prepare', 'begin', 'changeOffering', 'giveUp'),
    terminate: (key, input) => life.spend(() => conductor.terminate(key, input)), now: (tenantId) => conductor.now(tenantId),
  };
  return new OrderRunner({ pool, charging, network: life.mortal(network, 'fulfil', 'mayCancel', 'cancel'), topics: bench.topics });
}

/** A network that takes every item and reports it ready, twice, before it has answered the call. */
class Hasty extends Hand {
  override readonly fulfil = async (work: FulfilmentWork): Promise<FulfilmentAnswer> => {
    this.calls.push(['fulfil', work]);
    for (const outcome of ['COMPLETED', 'COMPLETED'] as const) {
      await bench.orders.report({ tenantId: s.tenantId, orderId: work.order.id, itemKey: work.itemKey, outcome, note: null });
    }
    return { kind: 'TAKEN' };
  };
}

/** A network that answers at once, and notes what it was asked. */
class Prompt extends Hand {
  override readonly answersAtOnce = true;
  override readonly fulfil = async (work: FulfilmentWork): Promise<FulfilmentAnswer> => {
    this.calls.push(['fulfil', work]);
    return { kind: 'DONE' };
  };
}

let numbers = 0;
const nextNumber = () => msisdn(`35386${(numbers += 1).toString().padStart(7, '0')}`);

/** An order of six items of every kind, for an account that has two products. */
async function ordered(): Promise<{ readonly account: WorldAccount; readonly order: Order }> {
  const account = await s.account();
  await s.topUp(account, '500');
  const first = await bench.runner().advance(await bench.orders.create(agentOf(s.tenantId), () => draft(account, [add('x', 'small'), add('y', 'small')])));
  const [x, y] = first!.items.map(({ productId }) => productId);
  const order = await bench.orders.create(agentOf(s.tenantId), () => draft(account, [
    add('pair', 'pair'), add('a', 'small', { bundledInKey: 'pair', ...nextNumber() }), add('b', 'small', { bundledInKey: 'pair', ...nextNumber() }),
    add('extra', 'large', { attachedToKey: 'a' }), modify('x', x!, 'large', { reliesOn: ['pair'] }), remove('y', y!)]));
  return { account, order };
}

const whatCame = async (account: WorldAccount): Promise<unknown> => ({
  products: await s.rows(account, `select o.code, p.state, p.bundled_in is not null as inside, p.attached_to is not null as attached from product p
    join product_offering_version v on v.id = p.offering_version_id join product_offering o on o.id = v.offering_id where p.root_id = $1 order by p.id`),
  fees: await s.rows(account, `select source, net from charge where root_id = $1 order by position`),
  spendable: await s.spendable(account),
});

const ALL_DONE = Array.from({ length: 7 }, () => 'COMPLETED');

describe.each([['answers at once', () => new Prompt()], ['reports twice, before it answers', () => new Hasty()]])('with a network that %s', (_, open) => {
  it('an order whose runner died after any one thing completes like one that was never disturbed', async () => {
    const undisturbed = await ordered();
    const life = new Life(Infinity);
    expect(statesOf(await runnerWith(life, open()).advance(undisturbed.order))).toEqual(ALL_DONE);
    const expected = await whatCame(undisturbed.account);
    expect(life.done).toBeGreaterThan(40);
    for (let after = 1; after <= life.done; after += 1) {
      const { account, order } = await ordered();
      const network = open();
      const killed = await runnerWith(new Life(after), network).advance(order).then(() => null, (error: unknown) => error);
      expect([after, killed === null || killed instanceof Killed]).toEqual([after, true]);
      expect([after, statesOf(await runnerWith(new Life(Infinity), network).advance(order, true))]).toEqual([after, ALL_DONE]);
      expect([after, await whatCame(account)]).toEqual([after, expected]);
      expect([after, onceEach(network)]).toEqual([after, ['a', 'b', 'extra', 'pair', 'x', 'y']]);
    }
  }, 240_000);
});

/** The items that the network was asked for: one id of a call for each, and every repeat asks the same. */
function onceEach({ calls }: Hand): string[] {
  const bodies = new Map(calls.map(([, work]) => [callId(work, 'FULFIL'), bodyOf(work)]));
  for (const [, work] of calls) expect(bodyOf(work)).toBe(bodies.get(callId(work, 'FULFIL')));
  return [...bodies.keys()].map((id) => id.split(':')[1]!).sort();
}
const bodyOf = (work: FulfilmentWork): string => JSON.stringify(work, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));

it('a report that comes before the call is answered is not lost to the answer', async () => {
  const { order } = await ordered();
  const network = new Hasty();
  expect(statesOf(await bench.runner(network).advance(order))).toEqual(ALL_DONE);
  expect(network.calls).toHaveLength(6);
});

it('an order in which every call fails at first, and all reports come twice, ends once', async () => {
  const { account, order } = await ordered();
  const network = new Hasty();
  const asked = new Set<string>();
  const shy: FulfilmentPort = Object.assign(Object.create(network) as Hasty, { fulfil: async (work: FulfilmentWork) => {
    if (asked.has(work.itemKey)) return network.fulfil(work);
    asked.add(work.itemKey);
    throw new Error('503');
  } });
  for (let round = 0; round < 20; round += 1) await bench.runner(shy).advance(order, true);
  expect(statesOf(await bench.runner(simulated(db)).advance(order))).toEqual(ALL_DONE);
  expect(await s.rows(account, `select from product where root_id = $1 and state = 'ACTIVE'`)).toHaveLength(5);
});
