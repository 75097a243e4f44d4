import { Field, ID, InputType, Int } from 'type-graphql';
import { ChargeKindEnum, type ChargeKind } from '../charging/charge.type';
import { CurrencyCodeScalar, DateTimeScalar, DecimalScalar, QuantityInput } from '../platform/graphql';
import { ShareBasisEnum } from './share.enums';
import type { ShareBasis } from './share.rules';

@InputType('UnitShareInput', { description: 'An amount for every so many units.' })
export class UnitShareInput {
  @Field(() => DecimalScalar, { description: 'The amount in the agreement\'s currency, above zero, with at most six decimals.' })
  amount!: string;

  @Field(() => QuantityInput, { description: 'For how many units it is, above zero.' })
  per!: QuantityInput;
}

@InputType('AgreementPartyInput', { description: 'A partner and its share: a percentage or an amount per unit.' })
export class AgreementPartyInput {
  @Field(() => ID, { description: 'The partner.' })
  partnerId!: string;

  @Field(() => DecimalScalar, { nullable: true, description: 'The percentage of the basis, "70" for 70 %: above 0, at most 100, with at most six decimals.' })
  percent?: string | null;

  @Field(() => UnitShareInput, { nullable: true, description: 'The amount for units, instead of a percentage.' })
  perUnit?: UnitShareInput | null;
}

@InputType('AgreementItemInput', { description: 'Which charges are shared, and by whom.' })
export class AgreementItemInput {
  @Field(() => String, { nullable: true, description: 'Code of the offering whose charges are shared; absent = every offering.' })
  offeringCode?: string | null;

  @Field(() => ChargeKindEnum, { nullable: true, description: 'The kind of charges; absent = every kind, fees included.' })
  kind?: ChargeKind | null;

  @Field(() => ShareBasisEnum, { description: 'What the shares are taken of.' })
  basis!: ShareBasis;

  @Field(() => [AgreementPartyInput], { description: 'The parties, at most 20; their percentages are at most 100 together.' })
  parties!: AgreementPartyInput[];

  @Field(() => ID, { nullable: true, description: 'The partner who takes what the others leave; absent = the operator.' })
  residualPartnerId?: string | null;
}

@InputType('AgreementProposeInput', { description: 'An agreement, or the next version of one.' })
export class AgreementProposeInput {
  @Field(() => String, { description: 'The agreement\'s name for programs, 1 to 100 printable ASCII characters; a known one gets its next version.' })
  code!: string;

  @Field(() => String, { description: 'Its name for people, 1 to 200 characters; that of the first version stays.' })
  name!: string;

  @Field(() => CurrencyCodeScalar, { description: 'Currency of the charges that it is about.' })
  currency!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'First instant of charges that it decides, at least a second after its approval; absent = from a second after approval on.' })
  validFrom?: Date | null;

  @Field(() => [AgreementItemInput], { description: 'Its levels, 1 to 50, each about other charges.' })
  items!: AgreementItemInput[];
}

@InputType('AgreementApproveInput', { description: 'A proposed version to be put in force.' })
export class AgreementApproveInput {
  @Field(() => ID, { description: 'The agreement.' })
  agreementId!: string;

  @Field(() => Int, { description: 'Number of the version.' })
  version!: number;
}

@InputType('AgreementRejectInput', { description: 'A proposed version to be refused.' })
export class AgreementRejectInput {
  @Field(() => ID, { description: 'The agreement.' })
  agreementId!: string;

  @Field(() => Int, { description: 'Number of the version.' })
  version!: number;

  @Field(() => String, { description: 'Why, for the audit: 1 to 200 characters.' })
  reason!: string;
}

@InputType('AgreementTerminateInput', { description: 'An approved version to be ended.' })
export class AgreementTerminateInput {
  @Field(() => ID, { description: 'The agreement.' })
  agreementId!: string;

  @Field(() => Int, { description: 'Number of the version.' })
  version!: number;

  @Field(() => DateTimeScalar, { nullable: true, description: 'First instant after it, at least a second from now; absent = in a second.' })
  at?: Date | null;

  @Field(() => String, { description: 'Why, for the audit: 1 to 200 characters.' })
  reason!: string;
}
