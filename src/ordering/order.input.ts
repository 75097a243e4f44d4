import { Field, ID, InputType, Int } from 'type-graphql';
import { DateTimeScalar } from '../platform/graphql';
import { ChangeTimeEnum } from '../product/product.enums';
import { ProductIdentifierInput } from '../product/product-mutation.types';
import { OrderItemActionEnum, ReportOutcomeEnum } from './order.enums';
import type { EffectTime, ItemAction } from './order.types';
import type { ReportOutcome } from './report.rules';

@InputType('SliceOrderInput', { description: 'Where and for how long a slice is wanted.' })
export class SliceOrderInput {
  @Field(() => String, { description: 'Code of the area: what the offering guarantees is reserved of it from the start of the order on.' })
  area!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'First instant at which the slice is no longer there; null = until its product is ended.' })
  until?: Date | null;

  @Field(() => [ProductIdentifierInput], { defaultValue: [], description: 'Devices that are in it from its first instant, at most 100; sliceDeviceAdmit admits more. A subscriber leaves them out.' })
  devices!: ProductIdentifierInput[];
}

@InputType('ProductOrderItemInput', { description: 'One change of products. ADD names an offering; MODIFY a product and an offering; DELETE a product. What is in a bundle ends with it.' })
export class ProductOrderItemInput {
  @Field(() => String, { description: 'Your own key of the item, unique in the order, 1 to 64 printable characters.' })
  key!: string;

  @Field(() => OrderItemActionEnum, { description: 'What it does.' })
  action!: ItemAction;

  @Field(() => String, { nullable: true, description: 'Code of the offering; its version that is sold now is taken.' })
  offering?: string | null;

  @Field(() => Int, { nullable: true, description: 'The version that you saw; refused, with the one sold now, where it is another. Null = whichever is.' })
  offeringVersion?: number | null;

  @Field(() => ID, { nullable: true, description: 'The product that is changed or ended.' })
  productId?: string | null;

  @Field(() => Int, { nullable: true, description: 'Version of the product that you saw; refused where it has another by now. Null = whichever it has.' })
  productVersion?: number | null;

  @Field(() => ChangeTimeEnum, { defaultValue: 'NOW', description: 'When a change or an end takes effect, once the network is ready.' })
  when!: EffectTime;

  @Field(() => String, { nullable: true, description: 'Key of the item whose new product this add-on serves; it then relies on it.' })
  attachedTo?: string | null;

  @Field(() => ID, { nullable: true, description: 'A product of the account that this add-on serves.' })
  attachedToProductId?: string | null;

  @Field(() => String, { nullable: true, description: 'Key of the item that makes the bundle whose component the new product is; it then relies on it. A bundle of which no item is a component gets its default ones.' })
  bundledIn?: string | null;

  @Field(() => ID, { nullable: true, description: 'A bundle of the account whose component the new product is.' })
  bundledInProductId?: string | null;

  @Field(() => [String], { defaultValue: [], description: 'Keys of the items that must be done before it.' })
  reliesOn!: string[];

  @Field(() => [ProductIdentifierInput], { defaultValue: [], description: 'Keys of usage that the new product gets, at most 20.' })
  identifiers!: ProductIdentifierInput[];

  @Field(() => SliceOrderInput, { nullable: true, description: 'Needed by an ADD of a slice offering, and of no other.' })
  slice?: SliceOrderInput | null;
}

@InputType('ProductOrderCreateInput', { description: 'An order.' })
export class ProductOrderCreateInput {
  @Field(() => String, { description: 'Your own id of the order, unique in its channel, 1 to 128 printable characters: the same order again gets the same answer.' })
  externalId!: string;

  @Field(() => String, { description: 'Where it comes from, e.g. `web`; 1 to 64 printable characters. A subscriber\'s channels are those of the own customer alone.' })
  channel!: string;

  @Field(() => ID, { description: 'The account whose products it changes.' })
  accountId!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it starts, within a year; null = now.' })
  requestedStart?: Date | null;

  @Field(() => ID, { nullable: true, description: 'The order, failed in whole or part, that this one takes up again.' })
  restarts?: string | null;

  @Field(() => String, { nullable: true, description: 'The customer\'s own number of the order, 1 to 64 printable characters: it stands with the order and the products that it makes.' })
  purchaseOrderNumber?: string | null;

  @Field(() => [ProductOrderItemInput], { description: 'Its items, 1 to 50.' })
  items!: ProductOrderItemInput[];
}

@InputType('ProductOrderCancelInput', { description: 'The wish to cancel an order.' })
export class ProductOrderCancelInput {
  @Field(() => ID, { description: 'The order.' })
  orderId!: string;

  @Field(() => Int, { nullable: true, description: 'Version of the order that you saw; refused where it has another by now. Null = whichever it has.' })
  expectedVersion?: number | null;
}

@InputType('ProductOrderItemReportInput', { description: 'What the network says about an item that it was given.' })
export class ProductOrderItemReportInput {
  @Field(() => ID, { description: 'The order.' })
  orderId!: string;

  @Field(() => String, { description: 'Key of the item in the order.' })
  itemKey!: string;

  @Field(() => ReportOutcomeEnum, { description: 'What came of it.' })
  outcome!: ReportOutcome;

  @Field(() => String, { nullable: true, description: 'In words, at most 500 characters: shown to the people who look after the order.' })
  note?: string | null;
}
