import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { IdentifierKindEnum } from '../party';
import { DateTimeScalar } from '../platform/graphql';
import { Payload } from '../tenant';
import type { IdentifierKind } from '../usage/usage.types';
import { Product } from './product.type';

const KEY = 'Your own key of this request, 1 to 128 printable characters: a repeat with the same key does nothing and gets the same answer.';

@InputType('ProductIdentifierInput', { description: 'A number or other key by which the usage of a product is known.' })
export class ProductIdentifierInput {
  @Field(() => IdentifierKindEnum, { description: 'What kind of key.' })
  kind!: IdentifierKind;

  @Field(() => String, { description: 'The key; it is stored in the spelling of its kind.' })
  value!: string;
}

@InputType('ProductActivateInput', { description: 'A product to make of an offering.' })
export class ProductActivateInput {
  @Field(() => ID, { description: 'The account that gets it.' })
  accountId!: string;

  @Field(() => String, { description: 'Code of the offering; its version that is sold now is taken.' })
  offeringCode!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'First instant at which it can be used, now or in the past; null = now.' })
  startedAt?: Date | null;

  @Field(() => [ProductIdentifierInput], { defaultValue: [], description: 'Keys of its usage, at most 20; without any it serves the whole account.' })
  identifiers!: ProductIdentifierInput[];

  @Field(() => ID, { nullable: true, description: 'A product of the same account whose keys this add-on serves too.' })
  attachedTo?: string | null;

  @Field(() => String, { description: KEY })
  idempotencyKey!: string;
}

@InputType('ProductTerminateInput', { description: 'The end of a product.' })
export class ProductTerminateInput {
  @Field(() => ID, { description: 'The product.' })
  productId!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'First instant at which it can no longer be used, now or later; null = now.' })
  at?: Date | null;

  @Field(() => String, { description: KEY })
  idempotencyKey!: string;
}

@ObjectType('ProductActivatePayload', { description: 'Outcome of productActivate.' })
export class ProductActivatePayload extends Payload {
  @Field(() => Product, { nullable: true, description: 'The product; null where refused.' })
  readonly product!: Product | null;
}

@ObjectType('ProductTerminatePayload', { description: 'Outcome of productTerminate.' })
export class ProductTerminatePayload extends Payload {
  @Field(() => Product, { nullable: true, description: 'The product with its end; null where refused.' })
  readonly product!: Product | null;
}
