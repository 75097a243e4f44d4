import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Payload } from '../tenant';
import { ChangeTimeEnum, SuspensionLevelEnum, SuspensionReasonEnum } from './product.enums';
import { Product } from './product.type';
import type { ChangeTime, SuspensionLevel, SuspensionReason } from './product.types';

const KEY = 'Your own key of this request, 1 to 128 printable characters: a repeat with the same key does nothing and gets the same answer.';

@InputType('ProductSuspendInput', { description: 'A reason that keeps a product from being used from now on.' })
export class ProductSuspendInput {
  @Field(() => ID, { description: 'The product.' })
  productId!: string;

  @Field(() => SuspensionReasonEnum, { description: 'Why. RENEWAL_UNPAID comes and goes by itself. By CUSTOMER the fee stops from the next day; by all others it goes on.' })
  reason!: SuspensionReason;

  @Field(() => SuspensionLevelEnum, { defaultValue: 'ALL', description: 'What it stops.' })
  level!: SuspensionLevel;

  @Field(() => String, { description: KEY })
  idempotencyKey!: string;
}

@InputType('ProductResumeInput', { description: 'A reason of suspension that is over.' })
export class ProductResumeInput {
  @Field(() => ID, { description: 'The product.' })
  productId!: string;

  @Field(() => SuspensionReasonEnum, { description: 'The reason that is taken away; the product is active when none is left.' })
  reason!: SuspensionReason;

  @Field(() => String, { description: KEY })
  idempotencyKey!: string;
}

@InputType('ProductEndWithdrawInput', { description: 'A named end that is taken back.' })
export class ProductEndWithdrawInput {
  @Field(() => ID, { description: 'The product, in state PENDING_TERMINATE.' })
  productId!: string;

  @Field(() => String, { description: KEY })
  idempotencyKey!: string;
}

@InputType('ProductChangeOfferingInput', { description: 'Another offering for a product.' })
export class ProductChangeOfferingInput {
  @Field(() => ID, { description: 'The product; it keeps its id, its numbers and its add-ons.' })
  productId!: string;

  @Field(() => String, { description: 'Code of the offering; its version that is sold now is taken. The one that the product has takes a pending change back.' })
  offeringCode!: string;

  @Field(() => Int, { nullable: true, description: 'The version that you saw; refused where another is sold now. Null = whichever is.' })
  offeringVersion?: number | null;

  @Field(() => ChangeTimeEnum, { defaultValue: 'NOW', description: 'When it takes effect.' })
  when!: ChangeTime;

  @Field(() => Int, { nullable: true, description: 'Version of the product that you saw; refused where it has another by now. Null = whichever it has.' })
  expectedVersion?: number | null;

  @Field(() => String, { description: KEY })
  idempotencyKey!: string;
}

@ObjectType('ProductSuspendPayload', { description: 'Outcome of productSuspend.' })
export class ProductSuspendPayload extends Payload {
  @Field(() => Product, { nullable: true, description: 'The product as it is now; null where refused.' })
  readonly product!: Product | null;
}

@ObjectType('ProductResumePayload', { description: 'Outcome of productResume.' })
export class ProductResumePayload extends Payload {
  @Field(() => Product, { nullable: true, description: 'The product as it is now; null where refused.' })
  readonly product!: Product | null;
}

@ObjectType('ProductEndWithdrawPayload', { description: 'Outcome of productEndWithdraw.' })
export class ProductEndWithdrawPayload extends Payload {
  @Field(() => Product, { nullable: true, description: 'The product as it is now; null where refused.' })
  readonly product!: Product | null;
}

@ObjectType('ProductChangeOfferingPayload', { description: 'Outcome of productChangeOffering.' })
export class ProductChangeOfferingPayload extends Payload {
  @Field(() => Product, { nullable: true, description: 'The product as it is now; null where refused.' })
  readonly product!: Product | null;
}
