import { Field, ObjectType } from 'type-graphql';
import { Payload } from '../tenant';
import { Partner, SettlementAccount } from './partner.type';

@ObjectType('PartnerCreatePayload', { description: 'Outcome of partnerCreate.' })
export class PartnerCreatePayload extends Payload {
  @Field(() => Partner, { nullable: true, description: 'The new partner; null where refused.' })
  readonly partner!: Partner | null;
}

@ObjectType('PartnerValidatePayload', { description: 'Outcome of partnerValidate.' })
export class PartnerValidatePayload extends Payload {
  @Field(() => Partner, { nullable: true, description: 'The partner as changed; null where refused.' })
  readonly partner!: Partner | null;
}

@ObjectType('PartnerActivatePayload', { description: 'Outcome of partnerActivate.' })
export class PartnerActivatePayload extends Payload {
  @Field(() => Partner, { nullable: true, description: 'The partner as changed; null where refused.' })
  readonly partner!: Partner | null;
}

@ObjectType('PartnerSuspendPayload', { description: 'Outcome of partnerSuspend.' })
export class PartnerSuspendPayload extends Payload {
  @Field(() => Partner, { nullable: true, description: 'The partner as changed; null where refused.' })
  readonly partner!: Partner | null;
}

@ObjectType('PartnerTerminatePayload', { description: 'Outcome of partnerTerminate.' })
export class PartnerTerminatePayload extends Payload {
  @Field(() => Partner, { nullable: true, description: 'The partner as changed; null where refused.' })
  readonly partner!: Partner | null;
}

@ObjectType('SettlementAccountOpenPayload', { description: 'Outcome of settlementAccountOpen.' })
export class SettlementAccountOpenPayload extends Payload {
  @Field(() => SettlementAccount, { nullable: true, description: 'The new account; null where refused.' })
  readonly settlementAccount!: SettlementAccount | null;
}
