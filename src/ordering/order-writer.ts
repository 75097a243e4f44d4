import type { Pool, PoolClient } from 'pg';
import { Gathered } from '../platform/async';
import { bigints, byPlace, inTransaction, ints, shardList } from '../platform/db';
import { shardOfId } from '../platform/root';
import { applyChanges, OrderChange, readOrders } from './order.store';
import { Order, OrderRef } from './order.types';
import { lockOrders } from './sql/order.sql';

/** One step of an order: `decide` sees it as it stands under its lock and says what changes, or null for nothing. */
interface Step {
  readonly ref: OrderRef;
  readonly decide: (order: Order) => OrderChange | null;
}
type Outcome = { readonly order: Order | null } | { readonly error: unknown };

/** Steps written together at most. */
const TOGETHER = 200;

/**
 * Reads orders and writes their steps, many at once: what is asked while a transaction is under way goes into the next, so
 * that a busy room pays for few trips and few commits. Orders are locked in one order; a step that throws fails alone.
 */
export class OrderWriter {
  private readonly steps: Gathered<Step, Outcome>;
  private readonly reads: Gathered<bigint, Order>;

  constructor(private readonly pool: Pool) {
    this.steps = new Gathered((steps) => this.take(steps), TOGETHER);
    this.reads = new Gathered((ids) => readOrders(pool, ids.map((id) => ({ shard: shardOfId(id), id }))), TOGETHER);
  }

  /** An order by its place; null where there is none. */
  async read({ id }: OrderRef): Promise<Order | null> {
    return await this.reads.ask(id) ?? null;
  }

  /** Takes one step; the order after it, as it was where nothing changed, null where there is none. */
  async change(ref: OrderRef, decide: Step['decide']): Promise<Order | null> {
    const outcome = (await this.steps.ask({ ref, decide }))!;
    if ('error' in outcome) throw outcome.error;
    return outcome.order;
  }

  private async take(steps: readonly Step[]): Promise<Map<Step, Outcome>> {
    const outcomes = new Map<Step, Outcome>();
    for (const some of byPlace(steps, ({ ref }) => ref.shard)) {
      for (const [step, outcome] of await this.together(some)) outcomes.set(step, outcome);
    }
    return outcomes;
  }

  /** What cannot be written together is written one by one, so that only what is at fault fails. */
  private async together(steps: readonly Step[]): Promise<Map<Step, Outcome>> {
    try {
      return await inTransaction(this.pool, (tx) => this.written(tx, steps));
    } catch (error) {
      if (steps.length === 1) return new Map([[steps[0]!, { error }]]);
      const outcomes = new Map<Step, Outcome>();
      for (const step of steps) for (const [key, outcome] of await this.together([step])) outcomes.set(key, outcome);
      return outcomes;
    }
  }

  private async written(tx: PoolClient, steps: readonly Step[]): Promise<Map<Step, Outcome>> {
    const refs = [...new Map(steps.map(({ ref }) => [ref.id, ref])).values()];
    await tx.query(lockOrders(), [shardList(refs), ints(refs, ({ shard }) => shard), bigints(refs, ({ id }) => id)]);
    const found = await readOrders(tx, refs);
    const outcomes = new Map<Step, Outcome>();
    let left = [...steps];
    while (left.length > 0) {
      // Two steps of one order follow each other.
      const turn = [...new Map(left.toReversed().map((step) => [step.ref.id, step])).values()].toReversed();
      left = left.filter((step) => !turn.includes(step));
      const decided = turn.map((step) => ({ step, ...decisionOf(step, found.get(step.ref.id) ?? null) }));
      const changes = decided.flatMap(({ order, change }) => (order && change ? [{ order, change }] : []));
      for (const after of await applyChanges(tx, changes)) found.set(after.id, after);
      for (const { step, error } of decided) outcomes.set(step, error ? { error: error.thrown } : { order: found.get(step.ref.id) ?? null });
    }
    return outcomes;
  }
}

interface Decision { readonly order: Order | null; readonly change: OrderChange | null; readonly error?: { readonly thrown: unknown } }

function decisionOf({ decide }: Step, order: Order | null): Decision {
  try {
    return { order, change: order && decide(order) };
  } catch (thrown) {
    return { order, change: null, error: { thrown } };
  }
}
