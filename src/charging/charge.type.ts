import { Field, ID, ObjectType } from 'type-graphql';
import type { BucketKind } from '../balance';
import { BucketKindEnum } from '../balance/bucket.type';
import { describedEnum, UsageKindEnum } from '../catalog';
import type { RatingRule } from '../rating';
import { type ErrorCode, ErrorCodeEnum } from '../platform/errors';
import { connectionOf, DateTimeScalar, DecimalScalar, Money, Node, Quantity } from '../platform/graphql';
import type { UsageKind } from '../usage/usage.types';
import type { ChargeRole } from './charge.types';
import { ChargeRoleEnum } from './usage-charge.payload';

export type ChargeKind = UsageKind | 'RECURRING_FEE' | 'ONE_TIME_FEE' | 'SLA_CREDIT';
export const ChargeKindEnum = describedEnum<ChargeKind>('ChargeKind', 'What was charged.', {
  VOICE: 'A call.',
  SMS: 'Short messages.',
  MMS: 'Multimedia messages.',
  DATA: 'Data volume.',
  CONTENT: 'Content and downloads.',
  GENERIC: 'Other usage.',
  RECURRING_FEE: 'The fee of a period.',
  ONE_TIME_FEE: 'A fee at activation.',
  SLA_CREDIT: 'A part of the fee of a period, given back because the service level was missed; positive where a credit became smaller.',
});

export type ChargeState = 'CHARGED' | 'REFUSED' | 'PARTLY_REFUNDED' | 'REFUNDED';
export const ChargeStateEnum = describedEnum<ChargeState>('ChargeState', 'What became of a charge.', {
  CHARGED: 'Booked, nothing given back.',
  REFUSED: 'Not admitted; nothing was moved.',
  PARTLY_REFUNDED: 'Part of its money was given back.',
  REFUNDED: 'All of its money was given back.',
});

@ObjectType('PayingBucket', { simpleResolvers: true, description: 'A bucket that paid for a charge.' })
export class PayingBucket {
  @Field(() => ID, { description: 'Id of the bucket.' })
  readonly id!: string;

  @Field(() => BucketKindEnum, { description: 'What it holds.' })
  readonly kind!: BucketKind;

  @Field(() => String, { nullable: true, description: 'Name of the allowance; null for money.' })
  readonly name!: string | null;
}

@ObjectType('ChargePayment', { simpleResolvers: true, description: 'What one bucket paid for a charge.' })
export class ChargePayment {
  @Field(() => PayingBucket, { description: 'The bucket.' })
  readonly bucket!: PayingBucket;

  @Field(() => DecimalScalar, { description: 'What was taken from it, tax included; negative where it was given back.' })
  readonly amount!: string;

  @Field(() => String, { description: 'Currency of the amount, or the unit (SECOND, BYTE, EVENT).' })
  readonly unit!: string;
}

export type ChargeRule = RatingRule | 'ALLOWANCE' | 'FEE' | 'TAX' | 'PAYMENT' | 'EMERGENCY' | 'REFUSAL' | 'REFUND' | 'CLOCK';
export const ChargeRuleEnum = describedEnum<ChargeRule>('ChargeRule', 'The rule that a step of an explanation applied.', {
  ALLOWANCE: 'Units of an allowance were used first.',
  PRICE: 'The price and destination that fit.',
  FREE_UNITS: 'Units that the price gives free.',
  STEP: 'Units priced by one step, and one window where there is one.',
  TIERS: 'Units priced by tiers of the period.',
  CONNECT_FEE: 'The fee of a session.',
  MINIMUM: 'What a session costs at least.',
  MAXIMUM: 'What a session costs at most.',
  ROUNDING: 'The one rounding.',
  FEE: 'A fee.',
  TAX: 'The tax.',
  PAYMENT: 'The money that paid; it adds nothing.',
  EMERGENCY: 'Emergency usage is free.',
  REFUSAL: 'Why it was refused.',
  REFUND: 'What was given back.',
  CLOCK: 'The sender\'s clock ran ahead: the usage is taken to start when it was received.',
});

@ObjectType('ChargeExplanationStep', { simpleResolvers: true, description: 'One rule that was applied.' })
export class ChargeExplanationStep {
  @Field(() => ChargeRuleEnum, { description: 'The rule.' })
  readonly rule!: ChargeRule;

  @Field(() => String, { description: 'What it did, in one plain sentence.' })
  readonly detail!: string;

  @Field(() => Quantity, { nullable: true, description: 'Units it concerned; null where it concerned none.' })
  readonly quantity!: Quantity | null;

  @Field(() => Money, { nullable: true, description: 'What it added; the amounts of all steps are the charge with its tax.' })
  readonly amount!: Money | null;
}

@ObjectType('ChargeExplanation', { simpleResolvers: true, description: 'Why a charge is what it is.' })
export class ChargeExplanation {
  @Field(() => String, { description: 'The whole in one sentence.' })
  readonly summary!: string;

  @Field(() => [ChargeExplanationStep], { description: 'The rules in the order in which they were applied.' })
  readonly steps!: readonly ChargeExplanationStep[];
}

/** The facts that are stored with a charge for its explanation; see the conductor, which writes them. */
export interface StoredExplanation {
  /** The rating, as `explainFacts` made it; absent where no price was applied. */
  readonly r?: unknown;
  /** Bucket id, what was taken from it (integer text in its asset), and its value before. */
  readonly b?: readonly (readonly [bucketId: number, amount: string, before?: string])[];
  /** Tax code. */
  readonly t?: string;
  /** From when on the days of a fee are given back, epoch ms. */
  readonly f?: number;
  /** Of an SLA_CREDIT: by how many percent of its fee it changed what is credited; absent where a part of the fee was given back otherwise. */
  readonly c?: string;
  /** When the usage started by its sender's clock, epoch ms, where that was ahead of ours. */
  readonly s?: number;
}

/** State, product, payments and explanation are field resolvers on the keys below. */
@ObjectType('Charge', { implements: Node, simpleResolvers: true, description: 'One rated usage or fee with its payment and explanation.' })
export class Charge extends Node {
  @Field(() => ChargeKindEnum, { description: 'What was charged.' })
  readonly kind!: ChargeKind;

  @Field(() => ChargeRoleEnum, { description: 'Who it is for.' })
  readonly role!: ChargeRole;

  @Field(() => DateTimeScalar, { description: 'Start of the usage, or when the fee fell due.' })
  readonly startedAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When it was booked.' })
  readonly bookedAt!: Date;

  @Field(() => Quantity, { description: 'How much was used; negative where it was taken back.' })
  readonly quantity!: Quantity;

  @Field(() => Money, { description: 'Amount without tax; negative for a refund.' })
  readonly net!: Money;

  @Field(() => Money, { description: 'Tax.' })
  readonly tax!: Money;

  @Field(() => Money, { description: 'Amount with tax.' })
  readonly gross!: Money;

  @Field(() => ErrorCodeEnum, { nullable: true, description: 'Why it was refused; null where it was not.' })
  readonly refusedBecause!: ErrorCode | null;

  /** Keys and facts of the row, for field resolvers. */
  readonly rootId!: bigint;
  readonly position!: bigint;
  readonly accountId!: bigint;
  readonly productKey!: bigint | null;
  readonly priceVersionKey!: string | null;
  /** Position of the charge that it takes back. */
  readonly reverses!: bigint | null;
  readonly reason!: string | null;
  readonly grossAmount!: bigint;
  readonly taxAmount!: bigint;
  readonly currency!: string;
  readonly explained!: StoredExplanation;
  readonly sent!: SentUsage | null;
}

/** What the sender said of the usage that a charge is for. */
export interface SentUsage {
  readonly usageId: string;
  readonly source: string;
  readonly subscriber: string | null;
  readonly otherParty: string | null;
}

@ObjectType('Usage', { implements: Node, simpleResolvers: true, description: 'One occurrence of use that was charged or refused (TMF635).' })
export class Usage extends Node {
  @Field(() => String, { description: 'The sender\'s id of it.' })
  readonly usageId!: string;

  @Field(() => String, { description: 'Name of the sender.' })
  readonly source!: string;

  @Field(() => UsageKindEnum, { description: 'What was used.' })
  readonly kind!: UsageKind;

  @Field(() => DateTimeScalar, { description: 'Its start.' })
  readonly startedAt!: Date;

  @Field(() => Quantity, { description: 'How much was used.' })
  readonly quantity!: Quantity;

  @Field(() => String, { nullable: true, description: 'The key by which its owner was found, such as the number.' })
  readonly subscriber!: string | null;

  @Field(() => String, { nullable: true, description: 'Number of the other party; null where there is none, and for all but the subscriber and customer care.' })
  readonly otherParty!: string | null;

  /** The charge of the same row. */
  readonly charged!: Charge;
}

export const ChargeConnection = connectionOf(Charge, 'Charge');
export const UsageConnection = connectionOf(Usage, 'Usage');
