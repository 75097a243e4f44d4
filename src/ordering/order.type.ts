import { Field, Int, ObjectType } from 'type-graphql';
import { ChangeTimeEnum } from '../product/product.enums';
import { OrderedIdentifier } from './order-identifier.type';
import type { ErrorCode } from '../platform/errors';
import { ErrorCodeEnum } from '../platform/errors';
import { connectionOf, DateTimeScalar, encodeId, Node } from '../platform/graphql';
import { OrderItemActionEnum, OrderStateEnum } from './order.enums';
import type { EffectTime, ItemAction, ItemState, Order, OrderState } from './order.types';

/** Offering and product are field resolvers on the keys below. */
@ObjectType('ProductOrderItem', { simpleResolvers: true, description: 'One change that an order asks for.' })
export class ProductOrderItem {
  @Field(() => String, { description: 'Its key in the order, given by the caller.' })
  readonly key!: string;

  @Field(() => OrderItemActionEnum, { description: 'What it does.' })
  readonly action!: ItemAction;

  @Field(() => OrderStateEnum, { description: 'How far it is; never PARTIAL.' })
  readonly state!: ItemState;

  @Field(() => ChangeTimeEnum, { description: 'When a change or an end takes effect, once the network is ready.' })
  readonly when!: EffectTime;

  @Field(() => [String], { description: 'Keys of the items that must be done before it.' })
  readonly reliesOn!: readonly string[];

  @Field(() => [OrderedIdentifier], { description: 'Keys of usage that the new product gets.' })
  readonly identifiers!: readonly OrderedIdentifier[];

  @Field(() => ErrorCodeEnum, { nullable: true, description: 'Why it failed; null where it did not.' })
  readonly errorCode!: ErrorCode | null;

  @Field(() => String, { nullable: true, description: 'In words, why it waits, is held, or failed; null where there is nothing to say.' })
  readonly note!: string | null;

  @Field(() => String, { nullable: true, description: 'Key of the item of this order that makes the bundle whose component its product is; null where none does.' })
  readonly bundledIn!: string | null;

  readonly offeringVersionKey!: string | null;
  readonly productKey!: bigint;
  readonly bundleKey!: bigint | null;
}

/** Account and the order that it takes up again are field resolvers on the keys below. */
@ObjectType('ProductOrder', { implements: Node, simpleResolvers: true, description: 'A request to make, change or end products (TMF622).' })
export class ProductOrder extends Node {
  @Field(() => String, { description: 'The caller\'s own id, unique in its channel.' })
  readonly externalId!: string;

  @Field(() => String, { description: 'Where it came from, e.g. `web` or `shop`.' })
  readonly channel!: string;

  @Field(() => Boolean, { description: 'Whether the customer placed it, and not an agent.' })
  readonly isSelfService!: boolean;

  @Field(() => OrderStateEnum, { description: 'How far it is: follows from its items.' })
  readonly state!: OrderState;

  @Field(() => Int, { description: 'Raised by every step of the order.' })
  readonly version!: number;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it starts; null = when it came.' })
  readonly requestedStart!: Date | null;

  @Field(() => DateTimeScalar, { description: 'When it came.' })
  readonly createdAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it reached its last state; null while it is open.' })
  readonly completedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'The customer\'s own number of it; null where none was given.' })
  readonly purchaseOrderNumber!: string | null;

  @Field(() => [ProductOrderItem], { description: 'Its items, at most 50: those given, in the order given, then those that its bundles brought along.' })
  readonly items!: readonly ProductOrderItem[];

  readonly orderKey!: bigint;
  readonly accountKey!: bigint;
  readonly restartsKey!: bigint | null;
}

export const ProductOrderConnection = connectionOf(ProductOrder, 'ProductOrder');

const dateOf = (at: number | null): Date | null => (at === null ? null : new Date(at));

/** An order as the API shows it. */
export function productOrderOf(order: Order): ProductOrder {
  return Object.assign(new ProductOrder(), {
    id: encodeId('ProductOrder', order.id), externalId: order.externalId, channel: order.channel, isSelfService: order.isSelfService, state: order.state, version: order.version,
    requestedStart: dateOf(order.requestedStart), createdAt: new Date(order.createdAt), completedAt: dateOf(order.completedAt),
    orderKey: order.id, accountKey: order.accountId, restartsKey: order.restarts, purchaseOrderNumber: order.purchaseOrder,
    items: order.items.map((item) => Object.assign(new ProductOrderItem(), {
      key: item.key, action: item.action, state: item.state, when: item.takesEffect, reliesOn: item.reliesOn, identifiers: item.identifiers,
      errorCode: item.errorCode, note: item.note, offeringVersionKey: item.offeringVersionId, productKey: item.productId, bundleKey: item.bundledIn,
      bundledIn: item.bundledIn === null ? null : order.items.find(({ action, productId }) => action === 'ADD' && productId === item.bundledIn)?.key ?? null,
    })),
  });
}
