import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Payload } from '../tenant';
import { OrderStateEnum } from './order.enums';
import { ProductOrder } from './order.type';
import type { ItemState } from './order.types';

@ObjectType('ProductOrderCreatePayload', { description: 'Outcome of productOrderCreate.' })
export class ProductOrderCreatePayload extends Payload {
  @Field(() => ProductOrder, { nullable: true, description: 'The order; null where refused.' })
  readonly order!: ProductOrder | null;
}

@ObjectType('ProductOrderCancelPayload', { description: 'Outcome of productOrderCancel.' })
export class ProductOrderCancelPayload extends Payload {
  @Field(() => ProductOrder, { nullable: true, description: 'The order as it is now; null where refused.' })
  readonly order!: ProductOrder | null;
}

/** What a network is told: no more of the order than it knows. */
@ObjectType('ProductOrderReceipt', { simpleResolvers: true, description: 'Where an item stands after a report.' })
export class ProductOrderReceipt {
  @Field(() => ID, { description: 'Id of the order.' })
  readonly orderId!: string;

  @Field(() => String, { description: 'Key of the item.' })
  readonly itemKey!: string;

  @Field(() => OrderStateEnum, { description: 'State of the item.' })
  readonly state!: ItemState;

  @Field(() => Int, { description: 'Version of the order.' })
  readonly version!: number;
}

@ObjectType('ProductOrderItemReportPayload', { description: 'Outcome of productOrderItemReport.' })
export class ProductOrderItemReportPayload extends Payload {
  @Field(() => ProductOrderReceipt, { nullable: true, description: 'What was taken in; null where refused.' })
  readonly receipt!: ProductOrderReceipt | null;
}
