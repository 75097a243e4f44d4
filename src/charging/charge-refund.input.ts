import { Field, ID, InputType } from 'type-graphql';
import { describedEnum } from '../catalog';
import { MoneyInput } from '../platform/graphql';
import type { RefundInput } from './charging.api';

export type RefundReason = RefundInput['reason'];
export const RefundReasonEnum = describedEnum<RefundReason>('RefundReason', 'Why a charge is given back.', {
  GOODWILL: 'For the sake of the customer.',
  RATING_ERROR: 'It was priced wrong.',
  DUPLICATE: 'It was charged twice.',
  SERVICE_FAILURE: 'The service was not given as it should be.',
});

@InputType('ChargeRefundInput', { description: 'A charge, and how much of it is given back.' })
export class ChargeRefundInput {
  @Field(() => ID, { description: 'Id of the charge.' })
  chargeId!: string;

  @Field(() => MoneyInput, { nullable: true, description: 'Part to give back, with tax; null gives back all of it, units of allowances included.' })
  amount?: MoneyInput | null;

  @Field(() => RefundReasonEnum, { description: 'Why.' })
  reason!: RefundReason;

  @Field(() => String, { nullable: true, description: 'A note for the audit trail, at most 500 characters, without personal data.' })
  note?: string | null;

  @Field(() => String, { description: 'Key of this request, 1 to 128 printable ASCII characters: a repeat with the same key gives the same answer.' })
  idempotencyKey!: string;
}
