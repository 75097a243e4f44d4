import { Field, InputType, Int } from 'type-graphql';
import { BigIntScalar, CurrencyCodeScalar, DateTimeScalar, DecimalScalar, UsageUnit } from '../platform/graphql';
import type { Unit } from '../platform/money';
import type { UsageKind } from '../usage/usage.types';
import {
  AllowanceRenewalEnum, FirstGrantEnum, PaidRenewalStartEnum, PaymentModeEnum, PeriodKindEnum, RecognitionEnum, UnpaidRenewalEnum, UsageKindEnum, WhenUsedUpEnum,
} from './catalog.enums';
import type { AllowanceDraft, ComponentDraft, OfferingDraft, PriceDraft } from './draft.types';
import type { Recognition } from './price.types';
import type { AllowanceRenewal, FirstGrant, PaidRenewalStart, PaymentMode, PeriodKind, UnpaidRenewal, WhenUsedUp } from './terms.types';
import { PriceConditionInput, UsagePriceInput } from './usage-price.input';

@InputType('OneTimePriceInput', { description: 'A fee paid once, at activation.' })
export class OneTimePriceInput {
  @Field(() => DecimalScalar, { description: 'The fee, from 0, with at most six decimals.' })
  amount!: string;
}

@InputType('RecurringPriceInput', { description: 'A fee of each period, paid at its start.' })
export class RecurringPriceInput {
  @Field(() => DecimalScalar, { description: 'The fee of a whole period, from 0, with at most six decimals.' })
  amount!: string;

  @Field(() => Boolean, { defaultValue: true, description: 'Whether a partial first period pays its share by days.' })
  isProrated!: boolean;

  @Field(() => Boolean, { defaultValue: false, description: 'Whether a period that begins with a bill cycle stands on the bill made then, in advance; otherwise on the bill of that cycle.' })
  isBilledInAdvance!: boolean;
}

@InputType('ProductOfferingPriceInput', { description: 'One price; give exactly one of oneTime, recurring and usage.' })
export class ProductOfferingPriceInput implements PriceDraft {
  @Field(() => String, { description: 'Name for programs; the same price keeps it over versions.' })
  code!: string;

  @Field(() => String, { description: 'Name for people.' })
  name!: string;

  @Field(() => CurrencyCodeScalar, { description: 'Currency; all prices of an offering have the same.' })
  currency!: string;

  @Field(() => String, { description: 'Tax class; it must have a rate.' })
  taxClass!: string;

  @Field(() => Boolean, { description: 'Whether the amounts include tax.' })
  taxIncluded!: boolean;

  @Field(() => String, { description: 'Account of its revenue: small letters, digits, underscores; opened at first use.' })
  revenueAccount!: string;

  @Field(() => RecognitionEnum, { description: 'When its revenue is earned.' })
  recognition!: Recognition;

  @Field(() => Boolean, { defaultValue: false, description: 'Whether the version in force at the event\'s time decides for every product; usage prices only.' })
  listPriced!: boolean;

  @Field(() => OneTimePriceInput, { nullable: true, description: 'A fee paid once.' })
  oneTime?: OneTimePriceInput | null;

  @Field(() => RecurringPriceInput, { nullable: true, description: 'A fee of each period.' })
  recurring?: RecurringPriceInput | null;

  @Field(() => UsagePriceInput, { nullable: true, description: 'A price of usage.' })
  usage?: UsagePriceInput | null;
}

@InputType('ProductOfferingAllowanceInput', { description: 'Units that a product receives at each period start.' })
export class ProductOfferingAllowanceInput implements AllowanceDraft {
  @Field(() => String, { description: 'Name for programs.' })
  code!: string;

  @Field(() => String, { description: 'Name for people.' })
  name!: string;

  @Field(() => UsageKindEnum, { description: 'The usage that it serves.' })
  usageKind!: UsageKind;

  @Field(() => UsageUnit, { description: 'The unit of the kind.' })
  unit!: Unit;

  @Field(() => BigIntScalar, { description: 'What one period receives, at least 1.' })
  quantity!: bigint;

  @Field(() => BigIntScalar, { nullable: true, description: 'Whole steps in which it is used; absent = the increment of the price that governs the usage.' })
  step?: bigint | null;

  @Field(() => Int, { defaultValue: 100, description: 'Order among buckets, lower first, 0 to 32767.' })
  priority!: number;

  @Field(() => [String], { defaultValue: [], description: 'Prefixes of E.164 that it serves; empty = any destination.' })
  prefixes!: string[];

  @Field(() => [PriceConditionInput], { defaultValue: [], description: 'All must hold.' })
  conditions!: PriceConditionInput[];

  @Field(() => Boolean, { defaultValue: false, description: 'Whether every account of the sharing group draws on it.' })
  isShared!: boolean;

  @Field(() => FirstGrantEnum, { defaultValue: FirstGrantEnum.FULL, description: 'What a partial first period receives.' })
  firstGrant!: FirstGrant;

  @Field(() => AllowanceRenewalEnum, { defaultValue: AllowanceRenewalEnum.RESET, description: 'What becomes of unused units.' })
  renewal!: AllowanceRenewal;

  @Field(() => BigIntScalar, { nullable: true, description: 'Most units that roll over; absent = no bound.' })
  rollOverMaximum?: bigint | null;

  @Field(() => WhenUsedUpEnum, { defaultValue: WhenUsedUpEnum.CHARGE, description: 'What happens when it is used up.' })
  whenUsedUp!: WhenUsedUp;
}

@InputType('BundledProductOfferingInput', { description: 'One component of a bundle, and how many of it the bundle holds.' })
export class BundledProductOfferingInput implements ComponentDraft {
  @Field(() => String, { description: 'Code of an offering that is no bundle; the version sold when the bundle is ordered is taken.' })
  offering!: string;

  @Field(() => Int, { defaultValue: 0, description: 'Least number of its products, from 0.' })
  lowerLimit!: number;

  @Field(() => Int, { defaultValue: 1, description: 'Largest number of its products; those of all components add up to 49 at most.' })
  upperLimit!: number;

  @Field(() => Int, { defaultValue: 0, description: 'How many an order makes that names no component of the bundle, within the limits; 0 where each must be named, e.g. because it needs a number.' })
  defaultCount!: number;
}

@InputType('ProductOfferingDraftInput', { description: 'A new version of an offering, or a new offering.' })
export class ProductOfferingDraftInput implements OfferingDraft {
  @Field(() => String, { description: 'Name for programs: small letters, digits, inner hyphens; a known code gets its next version.' })
  code!: string;

  @Field(() => String, { description: 'Name for people.' })
  name!: string;

  @Field(() => String, { description: 'What it offers, in a sentence or two.' })
  description!: string;

  @Field(() => Int, { defaultValue: 100, description: 'Order among the products of one number, lower first, 0 to 32767; of equals an add-on goes before its base.' })
  priority!: number;

  @Field(() => [PaymentModeEnum], { description: 'Payment modes of the accounts that may have it; at least one.' })
  paymentModes!: PaymentMode[];

  @Field(() => PeriodKindEnum, { description: 'How its products\' time is cut into periods.' })
  periodKind!: PeriodKind;

  @Field(() => Int, { defaultValue: 1, description: 'Hours of a period for HOUR, 1 to 744; 1 for every other kind.' })
  periodLength!: number;

  @Field(() => Boolean, { defaultValue: true, description: 'Whether a product begins its next period by itself; otherwise it ends.' })
  autoRenew!: boolean;

  @Field(() => UnpaidRenewalEnum, { defaultValue: UnpaidRenewalEnum.SUSPEND, description: 'What becomes of a product whose fee could not be paid.' })
  unpaidRenewal!: UnpaidRenewal;

  @Field(() => PaidRenewalStartEnum, { defaultValue: PaidRenewalStartEnum.WHEN_PAID, description: 'Where a period starts that was paid late.' })
  paidRenewalStarts!: PaidRenewalStart;

  @Field(() => [ProductOfferingPriceInput], { description: 'What it charges, at most 100 prices.' })
  prices!: ProductOfferingPriceInput[];

  @Field(() => [ProductOfferingAllowanceInput], { defaultValue: [], description: 'What each period receives, at most 100 allowances.' })
  allowances!: ProductOfferingAllowanceInput[];

  @Field(() => [BundledProductOfferingInput], { defaultValue: [], description: 'What it is made of, where it is a bundle: ordered as a product of its own, with a product of its own for each component.' })
  components!: BundledProductOfferingInput[];
}

@InputType('ProductOfferingLaunchInput', { description: 'Which draft goes on sale, and when.' })
export class ProductOfferingLaunchInput {
  @Field(() => String, { description: 'Code of the offering.' })
  code!: string;

  @Field(() => Int, { nullable: true, description: 'Version of the draft; absent = the newest draft.' })
  version?: number | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When its sale begins and that of the version before it ends; absent = now. Only a first version may start in the past.' })
  validFrom?: Date | null;
}

@InputType('ProductOfferingRetireInput', { description: 'Which offering is no longer sold, and from when.' })
export class ProductOfferingRetireInput {
  @Field(() => String, { description: 'Code of the offering.' })
  code!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When its sale ends; absent = now.' })
  at?: Date | null;
}

@InputType('TaxRateSetInput', { description: 'The rate of a tax class from an instant on.' })
export class TaxRateSetInput {
  @Field(() => String, { description: 'The class that prices name.' })
  taxClass!: string;

  @Field(() => String, { description: 'The code under which the tax is owed.' })
  taxCode!: string;

  @Field(() => DecimalScalar, { description: 'The rate as a fraction from 0 to below 1, with at most six decimals: "0.23" is 23 %.' })
  rate!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'From when it holds; absent = now. Only the first rate of a class may start in the past.' })
  validFrom?: Date | null;
}
