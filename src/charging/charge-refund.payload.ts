import { Field, ID, ObjectType } from 'type-graphql';
import { Money } from '../platform/graphql';
import { Payload } from '../tenant';
import { Charge, ChargePayment } from './charge.type';

@ObjectType('Refund', { simpleResolvers: true, description: 'A charge given back, in full or in part.' })
export class Refund {
  @Field(() => ID, { description: 'Id of the refund.' })
  readonly id!: string;

  @Field(() => Charge, { description: 'The charge that was given back.' })
  readonly charge!: Charge;

  @Field(() => Charge, { description: 'The opposite charge that gives it back; its amounts are negative.' })
  readonly reversal!: Charge;

  @Field(() => Money, { description: 'What was given back, with tax.' })
  readonly gross!: Money;

  @Field(() => [ChargePayment], { description: 'What went back to each bucket.' })
  readonly returnedTo!: readonly ChargePayment[];
}

@ObjectType('ChargeRefundPayload', { simpleResolvers: true, description: 'Outcome of chargeRefund.' })
export class ChargeRefundPayload extends Payload {
  @Field(() => Refund, { nullable: true, description: 'The refund; null where it was refused.' })
  readonly refund!: Refund | null;
}
