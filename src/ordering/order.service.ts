import type { Pool, PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { refuse } from '../platform/errors';
import { shardOfId } from '../platform/root';
import type { AuditFacts } from '../audit';
import { changeAudited, changeMasterData, Queryable } from '../tenant';
import { cancelPlan } from './cancel.rules';
import { checkedDraft, draftHash, OrderDraft } from './order-draft';
import { OrderKey, storeOrder, Twin } from './order-create';
import type { OrderTopics } from './order-topics';
import { OrderWriter } from './order-writer';
import { applyChange, findOrder, findVisibleOrder, LEASE_MS, lockOrder } from './order.store';
import { Order, Orderer, OrderRef } from './order.types';
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
   * @throws Refusal INVALID_INPUT, NOT_FOUND, NOT_ALLOWED, CONFLICT, OFFERING_NOT_SOLD, IDEMPOTENCY_KEY_REUSED
   */
  async create(by: Orderer, read: () => OrderDraft): Promise<Order> {
    let key: OrderKey | null = null;
    try {
      // What is refused leaves its audit row, also where the input could not be read.
      return await this.change(by, 'productOrderCreate', '', async (tx) => {
        const given = read();
        const draft = checkedDraft(given);
        if (by.role === 'SUBSCRIBER') requireNoIdentifiers(draft);
        key = { space: spaceOf(by, given.channel), externalId: given.externalId, hash: draftHash(given) };
        if (await this.known(by.tenantId, key)) throw new Twin();
        const order = await storeOrder(tx, by, draft, key);
        return { result: order, after: factsOf(order) };
      });
    } catch (error) {
      if (!(error instanceof Twin) || !key) throw error;
      return (await this.known(by.tenantId, key))!;
    }
  }

  /** Asks for the cancellation of an order. @throws Refusal NOT_FOUND, CONFLICT (another version, ended, parts are done) */
  async cancel(by: Orderer, orderId: bigint | null, expectedVersion: number | null): Promise<Order> {
    const after = await this.change(by, 'productOrderCancel', orderId?.toString() ?? '', async (tx) => {
      const found = orderId === null ? null : await findVisibleOrder(tx, by, refOf(orderId));
      const order = found && await lockOrder(tx, found);
      if (!order) return refuse('NOT_FOUND', 'No such order.', ['orderId']);
      if (expectedVersion !== null && expectedVersion !== order.version) {
        return refuse('CONFLICT', `The order has version ${order.version}; read it again.`, ['expectedVersion']);
      }
      const result = await applyChange(tx, order, { items: cancelPlan(order), wakesInMs: LEASE_MS, jobInMs: 0 });
      return { result, before: factsOf(order), after: factsOf(result) };
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

  /** A change in one transaction: staff's leaves an audit row, done or refused; a subscriber's own is no privileged one. */
  private change(by: Orderer, operation: string, id: string, work: (tx: PoolClient) => Promise<Changed>): Promise<Order> {
    if (by.role === 'SUBSCRIBER') return changeMasterData(this.data, async ({ client }) => (await work(client)).result);
    return changeAudited(this.data, by, operation, { type: OBJECT_TYPE, id }, async ({ client }) => {
      const { result, ...facts } = await work(client);
      return { result, audit: { objectType: OBJECT_TYPE, objectId: result.id.toString(), ...facts } };
    });
  }

  /** The order that was made with this external id; null where none was. @throws Refusal IDEMPOTENCY_KEY_REUSED */
  private async known(tenantId: number, { space, externalId, hash }: OrderKey): Promise<Order | null> {
    const { rows } = await (this.pool as Queryable).query<{ order_id: string; body_hash: Buffer }>(SELECT_KEY, [tenantId, space, externalId]);
    if (!rows[0]) return null;
    if (!rows[0].body_hash.equals(hash)) {
      return refuse('IDEMPOTENCY_KEY_REUSED', 'Another order has this external id in this channel.', ['externalId']);
    }
    return findOrder(this.pool, tenantId, refOf(BigInt(rows[0].order_id)));
  }
}

interface Changed {
  readonly result: Order;
  readonly before?: AuditFacts;
  readonly after: AuditFacts;
}

/**
 * Where an external id is unique: in its channel, and for a subscriber in that channel of the own customer, so that nobody
 * learns from the refusal of an id that somebody else has it. No channel holds a blank.
 */
const spaceOf = ({ role, customerId }: Orderer, channel: string): string => (role === 'SUBSCRIBER' ? `${customerId} ${channel}` : channel);

/** Numbers and devices are the operator's to give: a subscriber could take what is somebody else's, or learn that it is. */
function requireNoIdentifiers({ items }: OrderDraft): void {
  items.forEach(({ identifiers, slice }, index) => {
    if (identifiers.length > 0) refuse('NOT_ALLOWED', 'The operator gives numbers: leave identifiers out.', ['items', `${index}`, 'identifiers']);
    if (slice && slice.devices.length > 0) {
      refuse('NOT_ALLOWED', 'Leave devices out; sliceDeviceAdmit admits your own once the slice has begun.', ['items', `${index}`, 'slice', 'devices']);
    }
  });
}

export const refOf = (id: bigint): OrderRef => ({ shard: shardOfId(id), id });

const factsOf = ({ accountId, channel, state, version, items }: Order): AuditFacts =>
  ({ accountId: accountId.toString(), channel, state, version, items: items.length });
