import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { refuse } from '../platform/errors';
import { shardOfId } from '../platform/root';
import { Actor, changeAudited, Queryable } from '../tenant';
import { cancelPlan } from './cancel.rules';
import { checkedDraft, draftHash, OrderDraft } from './order-draft';
import { storeOrder, Twin } from './order-create';
import type { OrderTopics } from './order-topics';
import { OrderWriter } from './order-writer';
import { applyChange, findOrder, LEASE_MS, lockOrder } from './order.store';
import { Order, OrderRef } from './order.types';
import { ReportOutcome, reportPlan } from './report.rules';
import { SELECT_KEY } from './sql/order.sql';

const OBJECT_TYPE = 'ProductOrder';

/** What the network says about an item. */
export interface ItemReport {
  readonly tenantId: number;
  readonly orderId: bigint;
  readonly itemKey: string;
  readonly outcome: ReportOutcome;
  readonly note: string | null;
}

/** Takes orders in, cancels them, and hears what the network says. Refuses by throwing Refusal, before the first write. */
export class OrderService {
  private readonly writer: OrderWriter;

  constructor(private readonly pool: Pool, private readonly data: DataSource, readonly topics: OrderTopics) {
    this.writer = new OrderWriter(pool);
  }

  /**
   * Takes an order in; the same external id with the same content answers with the first one.
   * @throws Refusal INVALID_INPUT, NOT_FOUND, CONFLICT, OFFERING_NOT_SOLD, IDEMPOTENCY_KEY_REUSED
   */
  async create(actor: Actor, read: () => OrderDraft): Promise<Order> {
    const object = { type: OBJECT_TYPE, id: '' };
    let given: OrderDraft | null = null;
    try {
      // What is refused leaves its audit row, also where the input could not be read.
      return await changeAudited(this.data, actor, 'productOrderCreate', object, async (change) => {
        given = read();
        const draft = checkedDraft(given);
        if (await this.known(actor.tenantId, given)) throw new Twin();
        const order = await storeOrder(change, actor.tenantId, draft, draftHash(given));
        return { result: order, audit: { objectType: OBJECT_TYPE, objectId: order.id.toString(), after: factsOf(order) } };
      });
    } catch (error) {
      if (!(error instanceof Twin) || !given) throw error;
      return (await this.known(actor.tenantId, given))!;
    }
  }

  /** Asks for the cancellation of an order. @throws Refusal NOT_FOUND, CONFLICT (another version, ended, parts are done) */
  async cancel(actor: Actor, orderId: bigint | null, expectedVersion: number | null): Promise<Order> {
    const object = { type: OBJECT_TYPE, id: orderId?.toString() ?? '' };
    const after = await changeAudited(this.data, actor, 'productOrderCancel', object, async ({ client }) => {
      const found = orderId === null ? null : await findOrder(client, actor.tenantId, refOf(orderId));
      const order = found && await lockOrder(client, found);
      if (!order) return refuse('NOT_FOUND', 'No such order.', ['orderId']);
      if (expectedVersion !== null && expectedVersion !== order.version) {
        return refuse('CONFLICT', `The order has version ${order.version}; read it again.`, ['expectedVersion']);
      }
      const result = await applyChange(client, order, { items: cancelPlan(order), wakesInMs: LEASE_MS, jobInMs: 0 });
      return { result, audit: { objectType: OBJECT_TYPE, objectId: object.id, before: factsOf(order), after: factsOf(result) } };
    });
    this.topics.changed(after);
    return after;
  }

  /** Takes in what the network says; the same again changes nothing. @throws Refusal NOT_FOUND, CONFLICT (no longer possible) */
  async report({ tenantId, orderId, itemKey, outcome, note }: ItemReport): Promise<Order> {
    const ref = refOf(orderId);
    if (!(await findOrder(this.pool, tenantId, ref))) return refuse('NOT_FOUND', 'No such order.', ['orderId']);
    const after = await this.writer.change(ref, (order) => {
      const item = order.items.find(({ key }) => key === itemKey) ?? refuse('NOT_FOUND', 'No such item of the order.', ['itemKey']);
      const items = reportPlan(order, item, outcome, note);
      return items && { items, wakesInMs: LEASE_MS, jobInMs: 0 };
    });
    this.topics.changed(after!);
    return after!;
  }

  /** The order that was made with this external id; null where none was. @throws Refusal IDEMPOTENCY_KEY_REUSED */
  private async known(tenantId: number, given: OrderDraft): Promise<Order | null> {
    const { channel, externalId } = given;
    const { rows } = await (this.pool as Queryable).query<{ order_id: string; body_hash: Buffer }>(SELECT_KEY, [tenantId, channel, externalId]);
    if (!rows[0]) return null;
    if (!rows[0].body_hash.equals(draftHash(given))) {
      return refuse('IDEMPOTENCY_KEY_REUSED', 'Another order has this external id in this channel.', ['externalId']);
    }
    return findOrder(this.pool, tenantId, refOf(BigInt(rows[0].order_id)));
  }
}

export const refOf = (id: bigint): OrderRef => ({ shard: shardOfId(id), id });

const factsOf = ({ accountId, channel, state, version, items }: Order): Record<string, string | number> =>
  ({ accountId: accountId.toString(), channel, state, version, items: items.length });
