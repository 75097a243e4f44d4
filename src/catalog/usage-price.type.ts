import { Field, Int, ObjectType } from 'type-graphql';
import { DateScalar, DecimalScalar, BigIntScalar } from '../platform/graphql';
import type { RoundingMode } from '../platform/money';
import type { UsageKind } from '../usage/usage.types';
import { RoundingModeEnum, TierModeEnum, UsageKindEnum } from './catalog.enums';
import type { PriceTiers } from './price.types';

@ObjectType('PriceCondition', { simpleResolvers: true, description: 'What an attribute of the usage must be for a price or allowance to serve it.' })
export class PriceConditionType {
  @Field(() => String, { description: 'Name of the attribute; a usage without it does not match.' })
  readonly attribute!: string;

  @Field(() => [String], { description: 'The values of which it must have one.' })
  readonly in!: readonly string[];
}

@ObjectType('PriceStep', { simpleResolvers: true, description: 'Price and increment from a quantity within the session on.' })
export class PriceStepType {
  @Field(() => BigIntScalar, { description: 'Units since the session\'s start at which the step begins.' })
  readonly from!: bigint;

  @Field(() => DecimalScalar, { description: 'Money for each `per` units.' })
  readonly amount!: string;

  @Field(() => BigIntScalar, { description: 'Units to whose multiples a started piece is rounded up.' })
  readonly increment!: bigint;
}

@ObjectType('PriceWindow', { simpleResolvers: true, description: 'A time of the week or of named days with a price of its own.' })
export class PriceWindowType {
  @Field(() => String, { description: 'Name shown in explanations.' })
  readonly name!: string;

  @Field(() => [Int], { description: 'Days of the week, 1 (Monday) to 7; empty = all.' })
  readonly weekdays!: readonly number[];

  @Field(() => [DateScalar], { description: 'Days on which it holds; a window with dates outweighs one without.' })
  readonly dates!: readonly string[];

  @Field(() => String, { description: 'Local time "HH:MM" at which it begins.' })
  readonly from!: string;

  @Field(() => String, { description: 'Local time "HH:MM" at which it ends; before `from` it wraps midnight.' })
  readonly until!: string;

  @Field(() => Int, { description: 'The heavier window wins where two hold.' })
  readonly weight!: number;

  @Field(() => DecimalScalar, { description: 'Money once a session that begins in it.' })
  readonly connectFee!: string;

  @Field(() => [PriceStepType], { description: 'Its prices by quantity within the session.' })
  readonly steps!: readonly PriceStepType[];
}

@ObjectType('PriceRate', { simpleResolvers: true, description: 'The price to one zone of destinations.' })
export class PriceRateType {
  @Field(() => String, { description: 'Name of the zone, shown in explanations.' })
  readonly zone!: string;

  @Field(() => [String], { description: 'Digits of E.164 by which it is found, the longest first; "*" stands for all others; empty where destinations do not matter.' })
  readonly prefixes!: readonly string[];

  @Field(() => DecimalScalar, { description: 'Money once a session.' })
  readonly connectFee!: string;

  @Field(() => [PriceStepType], { description: 'Prices by quantity within the session.' })
  readonly steps!: readonly PriceStepType[];

  @Field(() => [PriceWindowType], { description: 'Times with prices of their own.' })
  readonly windows!: readonly PriceWindowType[];
}

@ObjectType('PriceRounding', { simpleResolvers: true, description: 'How the total of a charge is rounded, once.' })
export class PriceRoundingType {
  @Field(() => Int, { description: 'Decimals that are kept, 0 to 6.' })
  readonly digits!: number;

  @Field(() => RoundingModeEnum, { description: 'The mode.' })
  readonly mode!: RoundingMode;
}

@ObjectType('PriceTier', { simpleResolvers: true, description: 'One tier of the quantity used in the bill cycle.' })
export class PriceTierType {
  @Field(() => BigIntScalar, { nullable: true, description: 'Last unit of the tier; null for the last tier, which is open.' })
  readonly upTo!: bigint | null;

  @Field(() => DecimalScalar, { description: 'Money for each `per` units.' })
  readonly amount!: string;

  @Field(() => DecimalScalar, { description: 'Money once when the quantity enters the tier.' })
  readonly flatAmount!: string;
}

@ObjectType('UsagePrice', { simpleResolvers: true, description: 'How usage is priced.' })
export class UsagePriceType {
  @Field(() => UsageKindEnum, { description: 'The usage that it prices.' })
  readonly usageKind!: UsageKind;

  @Field(() => String, { description: 'IANA zone of the windows.' })
  readonly timeZone!: string;

  @Field(() => [PriceConditionType], { description: 'All must hold.' })
  readonly conditions!: readonly PriceConditionType[];

  @Field(() => [PriceRateType], { description: 'Prices by destination.' })
  readonly rates!: readonly PriceRateType[];

  @Field(() => PriceRoundingType, { description: 'How a charge is rounded.' })
  readonly rounding!: PriceRoundingType;

  @Field(() => DecimalScalar, { nullable: true, description: 'Least money of a session; null = none.' })
  readonly minimumCharge!: string | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'Most money of a session; null = no bound.' })
  readonly maximumCharge!: string | null;

  @Field(() => BigIntScalar, { description: 'Units of a session that are free before charging starts.' })
  readonly freeUnits!: bigint;

  @Field(() => TierModeEnum, { nullable: true, description: 'How the tiers price; null where there are none.' })
  readonly tierMode!: PriceTiers['mode'] | null;

  @Field(() => [PriceTierType], { description: 'Unit prices by what the product used in its bill cycle; empty where there are none.' })
  readonly tiers!: readonly PriceTierType[];
}
