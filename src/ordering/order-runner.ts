import type { Pool } from 'pg';
import type { ActivateAnswer, ChargingApi, MoveKey, MoveOutcome } from '../charging';
import type { ErrorCode } from '../platform/errors';
import { allowed, denied } from './cancel.rules';
import { FulfilmentPort, FulfilmentWork } from './fulfilment.port';
import { nextStep, NextStep, restsFor } from './next-step.rules';
import { stepItem } from './order-state.rules';
import type { OrderTopics } from './order-topics';
import { changeOrder, LEASE_MS, readOrder } from './order.store';
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
  constructor(private readonly deps: RunnerDeps) {}

  /** @param isOverdue whether the order was woken because nothing was heard in time. */
  async advance(ref: OrderRef, isOverdue = false): Promise<Order | null> {
    let order = await readOrder(this.deps.pool, ref);
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
      case 'APPLY': return this.apply(order, step.item);
      case 'GIVE_UP': return this.giveUp(order, step.item);
      case 'ASSESS': return this.assess(order, step.item);
      case 'UNDO': return this.undo(order, step.item);
      case 'CLEAR': return this.clear(order, step.item);
    }
  }

  /** Prepares the product and asks the network. */
  private async ask(order: Order, item: OrderItem): Promise<Order | null> {
    const prepared = await this.prepare(order, item);
    if (prepared) return this.fails(order, item, prepared);
    return this.calling(order, item, async (work) => {
      const answer = await this.deps.network.fulfil(work);
      if (answer.kind === 'DONE') return { phase: 'APPLY' };
      if (answer.kind === 'FAILED') return { phase: 'GIVE_UP', errorCode: 'FULFILMENT_FAILED', note: answer.note };
      return { phase: 'WAIT' };
    });
  }

  /** From here on nothing is taken back: activates, changes or ends the product. */
  private async apply(order: Order, item: OrderItem): Promise<Order | null> {
    const prepared = await this.prepare(order, item);
    if (prepared) return this.fails(order, item, prepared);
    if (this.deps.network.answersAtOnce) {
      const answer = await this.deps.network.fulfil(await this.workOf(order, item));
      if (answer.kind === 'FAILED') return this.fails(order, item, { code: 'FULFILMENT_FAILED', message: answer.note });
    }
    const problem = await this.move(order, item);
    if (problem) return this.fails(order, item, problem);
    return this.write(order, [item], () => ({ state: stepItem(item.state, 'COMPLETE')!, phase: 'DONE', note: null }));
  }

  /** It failed: what was prepared is given up, the network takes it back. */
  private async giveUp(order: Order, item: OrderItem): Promise<Order | null> {
    if (item.action === 'ADD') await this.deps.charging.products.giveUp(keyOf(order, item, 'giveUp'), { productId: item.productId, state: 'ABORTED' });
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
    if (item.action === 'ADD') await this.deps.charging.products.giveUp(keyOf(order, item, 'clear'), { productId: item.productId, state: 'CANCELLED' });
    return this.write(order, [item], () => ({ state: stepItem(item.state, 'CANCEL')!, phase: 'DONE' }));
  }

  /** The product of an ADD, waiting; why it cannot be made, or null. */
  private async prepare(order: Order, item: OrderItem): Promise<Problem | null> {
    if (item.action !== 'ADD') return null;
    const line = item.attachedToKey === null ? item.attachedTo : order.items.find(({ key }) => key === item.attachedToKey)!.productId;
    return problemOf(await this.deps.charging.products.prepare(keyOf(order, item, 'prepare'), {
      accountId: order.accountId, productId: item.productId, offeringVersionId: item.offeringVersionId!, identifiers: item.identifiers, attachedTo: line,
      ...(item.bundledIn !== null && { bundledIn: item.bundledIn }),
    }));
  }

  private async move(order: Order, item: OrderItem): Promise<Problem | null> {
    const { products } = this.deps.charging;
    const { productId } = item;
    if (item.action === 'ADD') return problemOf(await products.begin(keyOf(order, item, 'begin'), { productId }));
    if (item.action === 'MODIFY') {
      return problemOf(await products.changeOffering(keyOf(order, item, 'change'), {
        productId, offeringCode: '', offeringVersion: null, offeringVersionId: item.offeringVersionId!, when: item.takesEffect, expectedVersion: null,
      }));
    }
    const at = await this.effectiveAt(order, item);
    const problem = problemOf(await this.deps.charging.terminate(keyOf(order, item, 'terminate'), { productId, at: at && at.getTime() }));
    // The same key with another end: the first run ended it, and the period went on since.
    return problem?.code === 'IDEMPOTENCY_KEY_REUSED' ? null : problem;
  }

  /** When a change or an end takes effect; null = now. What is in a bundle that the order ends, ends when that does. */
  private async effectiveAt(order: Order, item: OrderItem): Promise<Date | null> {
    if (item.takesEffect === 'NOW') return null;
    const bundle = item.action === 'DELETE' ? order.items.find(({ action, productId }) => action === 'DELETE' && productId === item.bundledIn) : undefined;
    const { rows } = await this.deps.pool.query<{ period_end: Date | null }>(
      'select period_end from product where shard = ($1::bigint & 4095)::smallint and id = $1', [(bundle ?? item).productId.toString()]);
    return rows[0]?.period_end ?? null;
  }

  private async workOf(order: Order, item: OrderItem): Promise<FulfilmentWork> {
    const { rows } = item.offeringVersionId === null ? { rows: [] } : await this.deps.pool.query<{ code: string; version: number }>(
      `select o.code, v.version from product_offering_version v join product_offering o on o.id = v.offering_id where v.id = $1`, [item.offeringVersionId]);
    return {
      order: { shard: order.shard, id: order.id }, tenantId: order.tenantId, itemKey: item.key, action: item.action, offering: rows[0] ?? null,
      productId: item.productId, identifiers: item.identifiers, effectiveAt: await this.effectiveAt(order, item),
    };
  }

  private fails(order: Order, item: OrderItem, { code, message }: Problem): Promise<Order | null> {
    return this.write(order, [item], () => ({ phase: 'GIVE_UP', errorCode: code, note: message }));
  }

  /** Calls the network and writes what comes of it; a call that is not taken is repeated later, for a day. */
  private async calling(
    order: Order, item: OrderItem, call: (work: FulfilmentWork) => Promise<ItemChange | ((now: Order) => Changes)>,
  ): Promise<Order | null> {
    const askedAt = item.askedAt ?? Date.now();
    let change: ItemChange | ((now: Order) => Changes);
    try {
      change = await call(await this.workOf(order, item));
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
    return changeOrder(this.deps.pool, order, (now) => {
      const same = items.filter((item) => stands(now, item));
      return same.length === 0 ? null : { items: new Map(same.map((item) => [item.key, change(item)])), wakesInMs };
    });
  }

  private writeAll(order: Order, item: OrderItem, change: (now: Order) => Changes): Promise<Order | null> {
    return changeOrder(this.deps.pool, order, (now) => (stands(now, item) ? { items: change(now), wakesInMs: LEASE_MS } : null));
  }
}

const stands = (now: Order, item: OrderItem): boolean =>
  now.items.some(({ key, state, phase }) => key === item.key && state === item.state && phase === item.phase);

interface Problem { readonly code: ErrorCode; readonly message: string }

const problemOf = (outcome: MoveOutcome<ActivateAnswer>): Problem | null => (outcome.ok ? null : outcome.errors[0] ?? { code: 'CONFLICT', message: '' });

/** A move of an item happens once: its key follows from the item. */
const keyOf = ({ tenantId, id }: Order, { key }: OrderItem, move: string): MoveKey => ({ tenantId, caller: 'ordering', key: `${id}:${key}:${move}` });
