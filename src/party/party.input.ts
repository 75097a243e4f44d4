import { Field, ID, InputType, Int } from 'type-graphql';
import { CurrencyCodeScalar, DateTimeScalar, MoneyInput } from '../platform/graphql';
import type { IdentifierKind } from '../usage/usage.types';
import type { CreditLimitKind, PaymentMode } from './billing-account.entity';
import type { Segment } from './customer.entity';
import { CreditLimitKindEnum, IdentifierKindEnum, PaymentModeEnum, SegmentEnum } from './party.enums';

@InputType('IndividualCreateInput', { description: 'A natural person to be recorded.' })
export class IndividualCreateInput {
  @Field(() => String, { nullable: true, description: 'Given names, up to 200 characters.' })
  givenName?: string | null;

  @Field(() => String, { description: 'Family name, 1 to 200 characters.' })
  familyName!: string;
}

@InputType('OrganizationCreateInput', { description: 'A legal person to be recorded.' })
export class OrganizationCreateInput {
  @Field(() => String, { description: 'The name under which it trades, 1 to 200 characters.' })
  tradingName!: string;
}

@InputType('CustomerCreateInput', { description: 'A party to become a customer.' })
export class CustomerCreateInput {
  @Field(() => ID, { description: 'Id of the Individual or Organization.' })
  partyId!: string;

  @Field(() => String, { nullable: true, description: 'The customer\'s key in the operator\'s own CRM, unique in the tenant: 1 to 100 printable ASCII characters.' })
  externalId?: string | null;

  @Field(() => SegmentEnum, { defaultValue: SegmentEnum.CONSUMER, description: 'The market the customer belongs to.' })
  segment!: Segment;
}

@InputType('CreditLimitInput', { description: 'How far the exposure of an account may go.' })
export class CreditLimitInputType {
  @Field(() => CreditLimitKindEnum, { description: 'Whether there is an amount; no limit must be said explicitly.' })
  kind!: CreditLimitKind;

  @Field(() => MoneyInput, { nullable: true, description: 'The largest exposure, tax included, in the account\'s currency; with AMOUNT only.' })
  amount?: MoneyInput | null;
}

@InputType('BillingAccountCreateInput', { description: 'A billing account to be opened.' })
export class BillingAccountCreateInput {
  @Field(() => ID, { description: 'The customer who owns it.' })
  customerId!: string;

  @Field(() => String, { description: 'The account\'s name, 1 to 200 characters.' })
  name!: string;

  @Field(() => CurrencyCodeScalar, { description: 'The one currency of its money; never changes.' })
  currency!: string;

  @Field(() => String, { description: 'IANA time zone, such as "Europe/Dublin".' })
  timeZone!: string;

  @Field(() => Int, { description: 'Day of the month on which its bill period begins, 1 to 31.' })
  billCycleDay!: number;

  @Field(() => PaymentModeEnum, { description: 'How its usage is paid.' })
  paymentMode!: PaymentMode;

  @Field(() => CreditLimitInputType, { nullable: true, description: 'Required for postpaid and hybrid accounts, absent for prepaid ones.' })
  creditLimit?: CreditLimitInputType | null;

  @Field(() => ID, { nullable: true, description: 'The account above it in the organization\'s tree; says nothing about money.' })
  parentId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The account that pays for it, of the same sharing group; itself where absent.' })
  payerId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The sharing group that it joins; an account joins one at its creation only.' })
  sharingGroupId?: string | null;
}

@InputType('BillingAccountUpdateInput', { description: 'Changes to a billing account; what is absent stays.' })
export class BillingAccountUpdateInput {
  @Field(() => ID, { description: 'The account to change.' })
  billingAccountId!: string;

  @Field(() => Int, { description: 'The version that the caller has read; another one is refused.' })
  expectedVersion!: number;

  @Field(() => String, { nullable: true, description: 'A new name, 1 to 200 characters.' })
  name?: string | null;

  @Field(() => CreditLimitInputType, { nullable: true, description: 'A new credit limit; a prepaid account has none.' })
  creditLimit?: CreditLimitInputType | null;
}

@InputType('BillingAccountStepInput', { description: 'A step of a billing account\'s life.' })
export class BillingAccountStepInput {
  @Field(() => ID, { description: 'The account.' })
  billingAccountId!: string;

  @Field(() => Int, { description: 'The version that the caller has read; another one is refused.' })
  expectedVersion!: number;

  @Field(() => String, { description: 'Why, 3 to 500 characters; kept in the audit trail.' })
  reason!: string;
}

@InputType('SharingGroupCreateInput', { description: 'A sharing group to be founded.' })
export class SharingGroupCreateInput {
  @Field(() => ID, { description: 'The account whose shared buckets and credit limit the members may draw on.' })
  ownerAccountId!: string;

  @Field(() => String, { description: 'The group\'s name, 1 to 200 characters.' })
  name!: string;
}

@InputType('IdentifierAssignInput', { description: 'A number or other key of usage to be given to an account.' })
export class IdentifierAssignInput {
  @Field(() => ID, { description: 'The account that will own it.' })
  billingAccountId!: string;

  @Field(() => IdentifierKindEnum, { description: 'What kind of key it is.' })
  kind!: IdentifierKind;

  @Field(() => String, { description: 'The value; a telephone number with its country code, "+" and blanks are ignored.' })
  value!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Start of the ownership, now where absent; may lie in the past.' })
  validFrom?: Date | null;

  @Field(() => ID, { nullable: true, description: 'The one product of the account that its usage belongs to; all of them where absent.' })
  productId?: string | null;
}

@InputType('IdentifierReleaseInput', { description: 'An ownership of a number or other key of usage to be ended.' })
export class IdentifierReleaseInput {
  @Field(() => ID, { description: 'The account that owns it.' })
  billingAccountId!: string;

  @Field(() => IdentifierKindEnum, { description: 'What kind of key it is.' })
  kind!: IdentifierKind;

  @Field(() => String, { description: 'The value, in any spelling that could be assigned.' })
  value!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'First instant at which the account no longer owns it; now where absent.' })
  validUntil?: Date | null;
}
