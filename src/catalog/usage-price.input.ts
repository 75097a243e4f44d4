import { Field, InputType, Int } from 'type-graphql';
import { BigIntScalar, DateScalar, DecimalScalar, UsageUnit } from '../platform/graphql';
import type { RoundingMode, Unit } from '../platform/money';
import type { UsageKind } from '../usage/usage.types';
import { RoundingModeEnum, TierModeEnum, UsageKindEnum } from './catalog.enums';
import type { ConditionDraft, RateDraft, StepDraft, TierDraft, UsagePriceDraft, WindowDraft } from './draft.types';
import type { PriceTiers } from './price.types';

@InputType('PriceConditionInput', { description: 'What an attribute of the usage must be.' })
export class PriceConditionInput implements ConditionDraft {
  @Field(() => String, { description: 'Name of the attribute; a usage without it does not match.' })
  attribute!: string;

  @Field(() => [String], { description: 'The values of which it must have one; at least one.' })
  in!: string[];
}

@InputType('PriceStepInput', { description: 'Price and increment from a quantity within the session on.' })
export class PriceStepInput implements StepDraft {
  @Field(() => BigIntScalar, { defaultValue: 0n, description: 'Units since the session\'s start at which the step begins; 0 for the first.' })
  from!: bigint;

  @Field(() => DecimalScalar, { description: 'Money for each `per` units, not negative.' })
  amount!: string;

  @Field(() => BigIntScalar, { description: 'Units to whose multiples a started piece is rounded up, at least 1.' })
  increment!: bigint;
}

@InputType('PriceWindowInput', { description: 'A time of the week or of named days with a price of its own.' })
export class PriceWindowInput implements WindowDraft {
  @Field(() => String, { description: 'Name shown in explanations.' })
  name!: string;

  @Field(() => [Int], { defaultValue: [], description: 'Days of the week, 1 (Monday) to 7; empty = all.' })
  weekdays!: number[];

  @Field(() => [DateScalar], { defaultValue: [], description: 'Days on which it holds; a window with dates outweighs one without.' })
  dates!: string[];

  @Field(() => String, { description: 'Local time "HH:MM" at which it begins.' })
  from!: string;

  @Field(() => String, { description: 'Local time "HH:MM" at which it ends; before `from` it wraps midnight.' })
  until!: string;

  @Field(() => Int, { defaultValue: 0, description: 'The heavier window wins where two hold.' })
  weight!: number;

  @Field(() => DecimalScalar, { defaultValue: '0', description: 'Money once a session that begins in it.' })
  connectFee!: string;

  @Field(() => [PriceStepInput], { description: 'Its prices by quantity within the session; at least one.' })
  steps!: PriceStepInput[];
}

@InputType('PriceRateInput', { description: 'The price to one zone of destinations.' })
export class PriceRateInput implements RateDraft {
  @Field(() => String, { description: 'Name of the zone, shown in explanations.' })
  zone!: string;

  @Field(() => [String], { defaultValue: [], description: 'Digits of E.164, or "*" for all others; empty where destinations do not matter.' })
  prefixes!: string[];

  @Field(() => DecimalScalar, { defaultValue: '0', description: 'Money once a session.' })
  connectFee!: string;

  @Field(() => [PriceStepInput], { description: 'Prices by quantity within the session; at least one.' })
  steps!: PriceStepInput[];

  @Field(() => [PriceWindowInput], { defaultValue: [], description: 'Times with prices of their own.' })
  windows!: PriceWindowInput[];
}

@InputType('PriceRoundingInput', { description: 'How the total of a charge is rounded, once.' })
export class PriceRoundingInput {
  @Field(() => Int, { description: 'Decimals that are kept, 0 to 6.' })
  digits!: number;

  @Field(() => RoundingModeEnum, { description: 'The mode.' })
  mode!: RoundingMode;
}

@InputType('PriceTierInput', { description: 'One tier of the quantity used in the bill cycle.' })
export class PriceTierInput implements TierDraft {
  @Field(() => BigIntScalar, { nullable: true, description: 'Last unit of the tier; null for the last tier alone.' })
  upTo?: bigint | null;

  @Field(() => DecimalScalar, { description: 'Money for each `per` units.' })
  amount!: string;

  @Field(() => DecimalScalar, { defaultValue: '0', description: 'Money once when the quantity enters the tier.' })
  flatAmount!: string;
}

@InputType('PriceTiersInput', { description: 'Unit prices by what a product already used in its bill cycle.' })
export class PriceTiersInput {
  @Field(() => TierModeEnum, { description: 'How the tiers price.' })
  mode!: PriceTiers['mode'];

  @Field(() => [PriceTierInput], { description: 'The tiers, ascending; the last is open.' })
  tiers!: PriceTierInput[];
}

@InputType('UsagePriceInput', { description: 'How usage is priced.' })
export class UsagePriceInput implements UsagePriceDraft {
  @Field(() => UsageKindEnum, { description: 'The usage that it prices.' })
  usageKind!: UsageKind;

  @Field(() => UsageUnit, { description: 'The unit that is priced; it must be the unit of the kind.' })
  unit!: Unit;

  @Field(() => BigIntScalar, { defaultValue: 1n, description: 'How many units the amounts are for, at least 1: 60 for a price a minute.' })
  per!: bigint;

  @Field(() => String, { description: 'IANA zone of the windows.' })
  timeZone!: string;

  @Field(() => [PriceConditionInput], { defaultValue: [], description: 'All must hold.' })
  conditions!: PriceConditionInput[];

  @Field(() => [PriceRateInput], { description: 'Prices by destination; at least one.' })
  rates!: PriceRateInput[];

  @Field(() => PriceRoundingInput, { nullable: true, description: 'How a charge is rounded; default six decimals, half up.' })
  rounding?: PriceRoundingInput | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'Least money of a session.' })
  minimumCharge?: string | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'Most money of a session.' })
  maximumCharge?: string | null;

  @Field(() => BigIntScalar, { nullable: true, description: 'Units of a session that are free before charging starts.' })
  freeUnits?: bigint | null;

  @Field(() => PriceTiersInput, { nullable: true, description: 'Tiers by the bill cycle\'s quantity; the steps then give increments at amount 0.' })
  tiers?: PriceTiersInput | null;
}
