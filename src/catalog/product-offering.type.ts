import { Field, ID, Int, ObjectType } from 'type-graphql';
import { BigIntScalar, connectionOf, DateTimeScalar, DecimalScalar, Money, Node, Quantity, UsageUnit } from '../platform/graphql';
import type { Unit } from '../platform/money';
import type { UsageKind } from '../usage/usage.types';
import {
  AllowanceRenewalEnum, FirstGrantEnum, OfferingStateEnum, PaidRenewalStartEnum, PaymentModeEnum, PeriodKindEnum, PriceTypeEnum, RecognitionEnum,
  UnpaidRenewalEnum, UsageKindEnum, WhenUsedUpEnum,
} from './catalog.enums';
import type { OfferingState } from './offering.types';
import type { Recognition } from './price.types';
import type {
  AllowanceRenewal, FirstGrant, PaidRenewalStart, PaymentMode, PeriodKind, PriceType, UnpaidRenewal, WhenUsedUp,
} from './terms.types';
import { PriceConditionType, UsagePriceType } from './usage-price.type';

@ObjectType('TimePeriod', { simpleResolvers: true, description: 'When something of the catalog holds (TMF TimePeriod): its start is included, its end is not.' })
export class TimePeriod {
  @Field(() => DateTimeScalar, { description: 'First instant.' })
  readonly from!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'First instant after it; null while it is open.' })
  readonly until!: Date | null;
}

@ObjectType('ProductOfferingPrice', { simpleResolvers: true, description: 'One price of an offering version (TMF620).' })
export class ProductOfferingPrice {
  @Field(() => ID, { description: 'Opaque id of this version of the price.' })
  readonly id!: string;

  @Field(() => String, { description: 'The price\'s name within its offering, the same in every version.' })
  readonly code!: string;

  @Field(() => Int, { description: 'Version of the price, from 1.' })
  readonly version!: number;

  @Field(() => String, { description: 'Name for people.' })
  readonly name!: string;

  @Field(() => PriceTypeEnum, { description: 'When it falls due.' })
  readonly priceType!: PriceType;

  @Field(() => Money, { nullable: true, description: 'The fee of one occurrence or period, in the price\'s own tax sense; null for usage.' })
  readonly amount!: Money | null;

  @Field(() => Boolean, { description: 'Whether a partial first period pays its share by days.' })
  readonly isProrated!: boolean;

  @Field(() => Boolean, { description: 'Whether a period that begins with a bill cycle stands on the bill made then, in advance.' })
  readonly isBilledInAdvance!: boolean;

  @Field(() => UsageUnit, { description: 'The unit that is priced.' })
  readonly unit!: Unit;

  @Field(() => BigIntScalar, { description: 'How many units the amounts are for.' })
  readonly per!: bigint;

  @Field(() => String, { description: 'Tax class; its rate at the event\'s time is charged.' })
  readonly taxClass!: string;

  @Field(() => Boolean, { description: 'Whether the amounts include tax.' })
  readonly taxIncluded!: boolean;

  @Field(() => RecognitionEnum, { description: 'When its revenue is earned.' })
  readonly recognition!: Recognition;

  @Field(() => Boolean, { description: 'Whether the version in force at the event\'s time decides for every product, instead of the one it was bought with.' })
  readonly listPriced!: boolean;

  @Field(() => UsagePriceType, { nullable: true, description: 'How usage is priced; null for a fee.' })
  readonly usage!: UsagePriceType | null;
}

@ObjectType('ProductOfferingAllowance', { simpleResolvers: true, description: 'Units that a product receives at each period start.' })
export class ProductOfferingAllowance {
  @Field(() => String, { description: 'Its name within the offering version, for programs.' })
  readonly code!: string;

  @Field(() => String, { description: 'Name for people.' })
  readonly name!: string;

  @Field(() => UsageKindEnum, { description: 'The usage that it serves.' })
  readonly usageKind!: UsageKind;

  @Field(() => Quantity, { description: 'What one period receives.' })
  readonly quantity!: Quantity;

  @Field(() => BigIntScalar, { nullable: true, description: 'Whole steps in which it is used; null = the increment of the price that governs the usage.' })
  readonly step!: bigint | null;

  @Field(() => Int, { description: 'Order among buckets, lower first.' })
  readonly priority!: number;

  @Field(() => [String], { description: 'Prefixes of E.164 that it serves; empty = any destination.' })
  readonly prefixes!: readonly string[];

  @Field(() => [PriceConditionType], { description: 'All must hold.' })
  readonly conditions!: readonly PriceConditionType[];

  @Field(() => Boolean, { description: 'Whether every account of the sharing group draws on it.' })
  readonly isShared!: boolean;

  @Field(() => FirstGrantEnum, { description: 'What a partial first period receives.' })
  readonly firstGrant!: FirstGrant;

  @Field(() => AllowanceRenewalEnum, { description: 'What becomes of unused units.' })
  readonly renewal!: AllowanceRenewal;

  @Field(() => BigIntScalar, { nullable: true, description: 'Most units that roll over; null = no bound.' })
  readonly rollOverMaximum!: bigint | null;

  @Field(() => WhenUsedUpEnum, { description: 'What happens when it is used up.' })
  readonly whenUsedUp!: WhenUsedUp;
}

@ObjectType('BundledProductOffering', { simpleResolvers: true, description: 'One component of a bundle, and how many of it the bundle holds (TMF620).' })
export class BundledProductOffering {
  @Field(() => String, { description: 'Code of the component\'s offering.' })
  readonly code!: string;

  @Field(() => Int, { description: 'Least number of its products in a bundle.' })
  readonly lowerLimit!: number;

  @Field(() => Int, { description: 'Largest number of its products in a bundle.' })
  readonly upperLimit!: number;

  @Field(() => Int, { description: 'How many an order makes that names no component of the bundle.' })
  readonly defaultCount!: number;

  /** The offering is a field resolver on these keys. */
  readonly offeringKey!: string;
  readonly tenantId!: number;
}

/** One version of an offering; prices, allowances and the other versions are field resolvers on `versionKey` and `offeringKey`. */
@ObjectType('ProductOffering', { implements: Node, simpleResolvers: true, description: 'One version of what is sold (TMF620); a change is a new version.' })
export class ProductOffering extends Node {
  @Field(() => String, { description: 'The offering\'s name for programs, the same in every version.' })
  readonly code!: string;

  @Field(() => Int, { description: 'Number of the version, from 1.' })
  readonly version!: number;

  @Field(() => String, { description: 'Name for people.' })
  readonly name!: string;

  @Field(() => String, { description: 'What it offers, in a sentence or two.' })
  readonly description!: string;

  @Field(() => OfferingStateEnum, { description: 'Life cycle of this version.' })
  readonly state!: OfferingState;

  @Field(() => TimePeriod, { nullable: true, description: 'When this version is on sale; null for a draft.' })
  readonly validFor!: TimePeriod | null;

  @Field(() => Int, { description: 'Order among the products of one number, lower first; of equals an add-on goes before its base.' })
  readonly priority!: number;

  @Field(() => [PaymentModeEnum], { description: 'Payment modes of the accounts that may have it.' })
  readonly paymentModes!: readonly PaymentMode[];

  @Field(() => PeriodKindEnum, { description: 'How its products\' time is cut into periods.' })
  readonly periodKind!: PeriodKind;

  @Field(() => Int, { description: 'Length of a period in units of its kind.' })
  readonly periodLength!: number;

  @Field(() => Boolean, { description: 'Whether a product begins its next period by itself; otherwise it ends.' })
  readonly autoRenew!: boolean;

  @Field(() => UnpaidRenewalEnum, { description: 'What becomes of a product whose fee could not be paid.' })
  readonly unpaidRenewal!: UnpaidRenewal;

  @Field(() => PaidRenewalStartEnum, { description: 'Where a period starts that was paid late.' })
  readonly paidRenewalStarts!: PaidRenewalStart;

  /** Keys of the rows, for field resolvers. */
  readonly versionKey!: string;
  readonly offeringKey!: string;
  readonly tenantId!: number;
}

export const ProductOfferingConnection = connectionOf(ProductOffering, 'ProductOffering');

@ObjectType('TaxRate', { simpleResolvers: true, description: 'The rate of a tax class for a time.' })
export class TaxRate {
  @Field(() => String, { description: 'The class that prices name.' })
  readonly taxClass!: string;

  @Field(() => String, { description: 'The code under which the tax is owed.' })
  readonly taxCode!: string;

  @Field(() => DecimalScalar, { description: 'The rate as a decimal fraction: "0.23" is 23 %.' })
  readonly rate!: string;

  @Field(() => TimePeriod, { description: 'When it holds.' })
  readonly validFor!: TimePeriod;
}
