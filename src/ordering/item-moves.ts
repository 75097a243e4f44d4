import type { Pool } from 'pg';
import type { ActivateAnswer, ChargingApi, MoveKey, MoveOutcome } from '../charging';
import { LruMap } from '../platform/cache';
import type { ErrorCode } from '../platform/errors';
import type { FulfilmentWork } from './fulfilment.port';
import { Order, OrderItem } from './order.types';
import { beginItem } from './slice-step';

/** Why a product cannot be what its item wants. */
export interface Problem { readonly code: ErrorCode; readonly message: string }

/** What the items of orders do to products, each move under a key that follows from the item: it happens once however often it is asked for. */
export class ItemMoves {
  /** Code and version of offering versions, which never change. */
  private readonly offerings = new LruMap<string, NonNullable<FulfilmentWork['offering']>>(10_000);

  constructor(private readonly pool: Pool, private readonly charging: Pick<ChargingApi, 'products' | 'terminate'>) {}

  /** The product of an ADD, waiting; why it cannot be made, or null. */
  async prepare(order: Order, item: OrderItem): Promise<Problem | null> {
    if (item.action !== 'ADD') return null;
    const line = item.attachedToKey === null ? item.attachedTo : order.items.find(({ key }) => key === item.attachedToKey)!.productId;
    return problemOf(await this.charging.products.prepare(keyOf(order, item, 'prepare'), {
      accountId: order.accountId, productId: item.productId, offeringVersionId: item.offeringVersionId!, identifiers: item.identifiers, attachedTo: line,
      ...(item.bundledIn !== null && { bundledIn: item.bundledIn }), ...(order.purchaseOrder !== null && { purchaseOrder: order.purchaseOrder }),
    }));
  }

  /** Begins, changes or ends the product; why it cannot, or null. */
  async move(order: Order, item: OrderItem): Promise<Problem | null> {
    const { products } = this.charging;
    const { productId } = item;
    if (item.action === 'ADD') return problemOf(await beginItem(this.pool, this.charging, (move) => keyOf(order, item, move), item));
    if (item.action === 'MODIFY') {
      return problemOf(await products.changeOffering(keyOf(order, item, 'change'), {
        productId, offeringCode: '', offeringVersion: null, offeringVersionId: item.offeringVersionId!, when: item.takesEffect, expectedVersion: null,
      }));
    }
    const at = await this.effectiveAt(order, item);
    const problem = problemOf(await this.charging.terminate(keyOf(order, item, 'terminate'), { productId, at: at && at.getTime() }));
    // The same key with another end: the first run ended it, and the period went on since.
    return problem?.code === 'IDEMPOTENCY_KEY_REUSED' ? null : problem;
  }

  /** When a change or an end takes effect; null = now. What is in a bundle that the order ends, ends when that does. */
  private async effectiveAt(order: Order, item: OrderItem): Promise<Date | null> {
    if (item.takesEffect === 'NOW') return null;
    const bundle = item.action === 'DELETE' ? order.items.find(({ action, productId }) => action === 'DELETE' && productId === item.bundledIn) : undefined;
    const { rows } = await this.pool.query<{ period_end: Date | null }>(
      'select period_end from product where shard = ($1::bigint & 4095)::smallint and id = $1', [(bundle ?? item).productId.toString()]);
    return rows[0]?.period_end ?? null;
  }

  /** What the network is asked to do. */
  async workOf(order: Order, item: OrderItem): Promise<FulfilmentWork> {
    return {
      order: { shard: order.shard, id: order.id }, tenantId: order.tenantId, itemKey: item.key, action: item.action,
      offering: item.offeringVersionId === null ? null : await this.offeringOf(item.offeringVersionId),
      productId: item.productId, identifiers: item.identifiers, effectiveAt: await this.effectiveAt(order, item),
    };
  }

  private async offeringOf(versionId: string): Promise<FulfilmentWork['offering']> {
    const known = this.offerings.get(versionId);
    if (known) return known;
    const { rows } = await this.pool.query<NonNullable<FulfilmentWork['offering']>>(
      'select o.code, v.version from product_offering_version v join product_offering o on o.id = v.offering_id where v.id = $1', [versionId]);
    if (rows[0]) this.offerings.set(versionId, rows[0]);
    return rows[0] ?? null;
  }

  /** Gives up what was prepared for a new product. */
  async giveUp(order: Order, item: OrderItem, state: 'ABORTED' | 'CANCELLED'): Promise<void> {
    if (item.action !== 'ADD') return;
    await this.charging.products.giveUp(keyOf(order, item, state === 'ABORTED' ? 'giveUp' : 'clear'), { productId: item.productId, state });
  }
}

const problemOf = (outcome: MoveOutcome<ActivateAnswer>): Problem | null => (outcome.ok ? null : outcome.errors[0] ?? { code: 'CONFLICT', message: '' });

/** A move of an item happens once: its key follows from the item. */
const keyOf = ({ tenantId, id }: Order, { key }: OrderItem, move: string): MoveKey => ({ tenantId, caller: 'ordering', key: `${id}:${key}:${move}` });
