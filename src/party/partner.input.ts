import { Field, ID, InputType, Int } from 'type-graphql';
import { CurrencyCodeScalar } from '../platform/graphql';

@InputType('PartnerCreateInput', { description: 'An organization to become a partner.' })
export class PartnerCreateInput {
  @Field(() => ID, { description: 'Id of the Organization.' })
  organizationId!: string;
}


@InputType('PartnerValidateInput', { description: 'A partner whose papers were checked.' })
export class PartnerValidateInput {
  @Field(() => ID, { description: 'The partner.' })
  partnerId!: string;

  @Field(() => Int, { description: 'Version of the partner that the caller saw.' })
  expectedVersion!: number;
}

@InputType('PartnerActivateInput', { description: 'A partner to work with, for the first time or again.' })
export class PartnerActivateInput {
  @Field(() => ID, { description: 'The partner.' })
  partnerId!: string;

  @Field(() => Int, { description: 'Version of the partner that the caller saw.' })
  expectedVersion!: number;
}

@InputType('PartnerSuspendInput', { description: 'A partner who is not settled for now.' })
export class PartnerSuspendInput {
  @Field(() => ID, { description: 'The partner.' })
  partnerId!: string;

  @Field(() => Int, { description: 'Version of the partner that the caller saw.' })
  expectedVersion!: number;

  @Field(() => String, { description: 'Why, for the audit: 1 to 200 characters.' })
  reason!: string;
}

@InputType('PartnerTerminateInput', { description: 'A partner to part with.' })
export class PartnerTerminateInput {
  @Field(() => ID, { description: 'The partner.' })
  partnerId!: string;

  @Field(() => Int, { description: 'Version of the partner that the caller saw.' })
  expectedVersion!: number;

  @Field(() => String, { description: 'Why, for the audit: 1 to 200 characters.' })
  reason!: string;
}

@InputType('SettlementAccountOpenInput', { description: 'An account in which a partner is settled.' })
export class SettlementAccountOpenInput {
  @Field(() => ID, { description: 'The partner.' })
  partnerId!: string;

  @Field(() => CurrencyCodeScalar, { description: 'The one currency of its money; a partner has one account a currency.' })
  currency!: string;
}
