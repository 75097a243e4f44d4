import type { Pool } from 'pg';
import type { ChargingApi } from '../charging';
import { allowed, denied } from './cancel.rules';
import { FulfilmentPort, FulfilmentWork } from './fulfilment.port';
import { ItemMoves, Problem } from './item-moves';
import { nextStep, NextStep, restsFor } from './next-step.rules';
import { isFinal, stepItem } from './order-state.rules';
import type { OrderTopics } from './order-topics';
import { OrderWriter } from './order-writer';
import { LEASE_MS } from './order.store';
import { ItemChange, Order, OrderItem, OrderRef } from './order.types';

export interface RunnerDeps {
  readonly pool: Pool;
  readonly charging: Pick<ChargingApi, 'products' | 'terminate' | 'now'>;
  readonly network: FulfilmentPort;
  readonly topics: OrderTopics;
  /** Told before each step: a test ends a run between two of them. */
  readonly beforeStep?: (step: NextStep['kind'], order: Order) => void;
}

/** No order has more steps than this in one run: an item takes at most five. */
const MOST_STEPS = 1_000;
/** A call that the network does not take is repeated for this long, and one without a report as well. */
const GIVE_UP_MS = 86_400_000;
const SLOWEST_RETRY_MS = 900_000;

type Changes = ReadonlyMap<string, ItemChange>;

/**
 * Runs the steps of one order until it rests. Two runs of an order may overlap, and a run may end between any two steps:
 * what is outside the database is asked under ids that follow from the item, and what comes of it is written only where
 * the item still stands where it stood.
 */
export class OrderRunner {
  private readonly writer: OrderWriter;
  private readonly moves: ItemMoves;

  constructor(private readonly deps: RunnerDeps) {
    this.writer = new OrderWriter(deps.pool);
    this.moves = new ItemMoves(deps.pool, deps.charging);
  }

  /** @param isOverdue whether the order was woken because nothing was heard in time. */
  async advance(ref: OrderRef, isOverdue = false): Promise<Order | null> {
    let order = await this.writer.read(ref);
    for (let steps = 0; order && steps < MOST_STEPS; steps += 1) {
      // The tenant's clock matters to an order that waits for its start alone.
      const now: number = order.requestedStart === null ? 0 : await this.deps.charging.now(order.tenantId);
      const step = nextStep(order, now, isOverdue && steps === 0);
      this.deps.beforeStep?.(step.kind, order);
      if (step.kind === 'REST') return this.rest(order);
      const before: Order = order;
      order = await this.take(order, step);
      if (order?.version === before.version) return order;
      if (order) this.deps.topics.changed(order);
    }
    return order;
  }

  private async rest(order: Order): Promise<Order> {
    if (isFinal(order.state)) return order;
    await this.deps.pool.query(
      `update product_order set wakes_at = clock_timestamp() + $4::float8 * interval '1 millisecond'
        where shard = $1 and id = $2 and version = $3 and wakes_at is not null`,
      [order.shard, order.id.toString(), order.version, restsFor(order, this.deps.network.patienceMs)]);
    return order;
  }

  private take(order: Order, step: Exclude<NextStep, { kind: 'REST' }>): Promise<Order | null> {
    switch (step.kind) {
      case 'START': return this.write(order, step.items, (item) => ({
        state: stepItem(item.state, 'START')!, phase: this.deps.network.answersAtOnce ? 'APPLY' : 'ASK',
      }));
      case 'DROP': return this.write(order, step.items, (item) => ({
        state: stepItem(stepItem(item.state, 'START')!, 'FAIL')!, phase: 'DONE', errorCode: 'DEPENDENCY_FAILED', note: 'What it relies on was not done.',
      }));
      case 'ASK': return this.ask(order, step.item);
      case 'APPLY': return this.apply(order, step.items);
      case 'GIVE_UP': return this.giveUp(order, step.item);
      case 'ASSESS': return this.assess(order, step.item);
      case 'UNDO': return this.undo(order, step.item);
      case 'CLEAR': return this.clear(order, step.item);
    }
  }

  /** Prepares the product and asks the network. */
  private async ask(order: Order, item: OrderItem): Promise<Order | null> {
    const prepared = await this.moves.prepare(order, item);
    if (prepared) return this.write(order, [item], () => failing(prepared));
    return this.calling(order, item, async (work) => {
      const answer = await this.deps.network.fulfil(work);
      if (answer.kind === 'DONE') return { phase: 'APPLY' };
      if (answer.kind === 'FAILED') return { phase: 'GIVE_UP', errorCode: 'FULFILMENT_FAILED', note: answer.note };
      return { phase: 'WAIT' };
    });
  }

  /** From here on nothing is taken back: activates, changes or ends the products. What is written is all that came of it. */
  private async apply(order: Order, items: readonly OrderItem[]): Promise<Order | null> {
    const applied = await Promise.allSettled(items.map((item) => this.applied(order, item)));
    const thrown = applied.find((result) => result.status === 'rejected');
    const changes = new Map(applied.flatMap((result, index) => (result.status === 'fulfilled' ? [[items[index]!.key, result.value] as const] : [])));
    const done = items.filter(({ key }) => changes.has(key));
    const after = done.length === 0 ? order : await this.write(order, done, ({ key }) => changes.get(key)!);
    if (thrown) throw thrown.reason;
    return after;
  }

  private async applied(order: Order, item: OrderItem): Promise<ItemChange> {
    const problem = await this.moves.prepare(order, item) ?? await this.readied(order, item) ?? await this.moves.move(order, item);
    return problem ? failing(problem) : { state: stepItem(item.state, 'COMPLETE')!, phase: 'DONE', note: null };
  }

  /** Asks a network that answers at once; why it will not do it, or null. */
  private async readied(order: Order, item: OrderItem): Promise<Problem | null> {
    if (!this.deps.network.answersAtOnce) return null;
    const answer = await this.deps.network.fulfil(await this.moves.workOf(order, item));
    return answer.kind === 'FAILED' ? { code: 'FULFILMENT_FAILED', message: answer.note } : null;
  }

  /** It failed: what was prepared is given up, the network takes it back. */
  private async giveUp(order: Order, item: OrderItem): Promise<Order | null> {
    await this.moves.giveUp(order, item, 'ABORTED');
    return this.calling(order, item, async (work) => {
      await this.deps.network.cancel(work);
      return { state: stepItem(item.state, 'FAIL')!, phase: 'DONE' };
    });
  }

  private assess(order: Order, item: OrderItem): Promise<Order | null> {
    return this.calling(order, item, async (work) => {
      const answer = await this.deps.network.mayCancel(work);
      if (answer.kind === 'TAKEN') return { phase: 'ASSESS_WAIT' };
      return (now) => (answer.kind === 'YES' ? allowed(now, item) : denied(now));
    });
  }

  private undo(order: Order, item: OrderItem): Promise<Order | null> {
    return this.calling(order, item, async (work) => {
      const answer = await this.deps.network.cancel(work);
      return { phase: answer.kind === 'TAKEN' ? 'UNDO_WAIT' : 'CLEAR' };
    });
  }

  private async clear(order: Order, item: OrderItem): Promise<Order | null> {
    await this.moves.giveUp(order, item, 'CANCELLED');
    return this.write(order, [item], () => ({ state: stepItem(item.state, 'CANCEL')!, phase: 'DONE' }));
  }

  /** Calls the network and writes what comes of it; a call that is not taken is repeated later, for a day. */
  private async calling(
    order: Order, item: OrderItem, call: (work: FulfilmentWork) => Promise<ItemChange | ((now: Order) => Changes)>,
  ): Promise<Order | null> {
    const askedAt = item.askedAt ?? Date.now();
    let change: ItemChange | ((now: Order) => Changes);
    try {
      change = await call(await this.moves.workOf(order, item));
    } catch (error) {
      return this.notTaken(order, item, askedAt, error as Error);
    }
    if (typeof change === 'function') return this.writeAll(order, item, change);
    return this.write(order, [item], () => ({ attempts: 0, askedAt, ...change as ItemChange }), this.deps.network.patienceMs);
  }

  private async notTaken(order: Order, item: OrderItem, askedAt: number, error: Error): Promise<Order> {
    const isLate = Date.now() - askedAt > GIVE_UP_MS && stepItem(item.state, 'BLOCK') !== null;
    const wait = 1_000 * 2 ** (item.attempts < 10 ? item.attempts : 10);
    const change: ItemChange = isLate
      ? { state: stepItem(item.state, 'BLOCK')!, phase: 'WAIT', askedAt, note: `The network was not reached within a day: ${error.message}`.slice(0, 500) }
      : { askedAt, attempts: item.attempts < 30_000 ? item.attempts + 1 : item.attempts };
    await this.write(order, [item], () => change, wait < SLOWEST_RETRY_MS ? wait : SLOWEST_RETRY_MS);
    // The run ends here: the order is woken for the repeat.
    return order;
  }

  /** Writes what becomes of items that still stand where they stood; the others are somebody else's step. */
  private write(order: Order, items: readonly OrderItem[], change: (item: OrderItem) => ItemChange, wakesInMs = LEASE_MS): Promise<Order | null> {
    return this.writer.change(order, (now) => {
      const same = items.filter((item) => stands(now, item));
      return same.length === 0 ? null : { items: new Map(same.map((item) => [item.key, change(item)])), wakesInMs };
    });
  }

  private writeAll(order: Order, item: OrderItem, change: (now: Order) => Changes): Promise<Order | null> {
    return this.writer.change(order, (now) => (stands(now, item) ? { items: change(now), wakesInMs: LEASE_MS } : null));
  }
}

const stands = (now: Order, item: OrderItem): boolean =>
  now.items.some(({ key, state, phase }) => key === item.key && state === item.state && phase === item.phase);

const failing = ({ code, message }: Problem): ItemChange => ({ phase: 'GIVE_UP', errorCode: code, note: message });
