import { Field, ID, Int, ObjectType } from 'type-graphql';
import { describedEnum } from '../catalog';
import { amount } from '../platform/money';
import { type ErrorCode, ErrorCodeEnum } from '../platform/errors';
import { encodeId, Money, moneyOf } from '../platform/graphql';
import { Payload } from '../tenant';
import type { ChargeResult, UsageResult, UsageStatus } from './charging.api';
import type { ChargeRole } from './charge.types';

export const UsageStatusEnum = describedEnum<UsageStatus>('UsageStatus', 'What became of a usage.', {
  CHARGED: 'Rated, paid and booked; final.',
  COMPARED: 'A record of what was charged online under the same charging id: compared with it, not charged; final.',
  REFUSED: 'Not admitted, nothing was moved; final.',
  QUARANTINED: 'Put aside with its reason, to be driven again.',
  INVALID: 'Cannot be read as it is; nothing was stored.',
  FAILED: 'Not handled in time; repeat it with the same id.',
});

export const ChargeRoleEnum = describedEnum<ChargeRole>('ChargeRole', 'Who a rated result is for.', {
  RETAIL: 'The subscriber\'s account.',
  SPONSOR: 'A sponsor who pays for the subscriber.',
  WHOLESALE: 'A wholesale partner.',
  INTERCONNECT: 'An interconnected network.',
});

/** The rated result in the answer to a usage. Its members are made when they are asked for, because batches are large. */
@ObjectType('UsageCharge', { simpleResolvers: true, description: 'What a usage was charged, in short; `charge(id)` tells the rest.' })
export class UsageCharge {
  constructor(private readonly result: ChargeResult) {}

  @Field(() => ID, { description: 'Id of the charge.' })
  get id(): string {
    return encodeId('Charge', this.result.rootId, this.result.position);
  }

  @Field(() => ChargeRoleEnum, { description: 'Who it is for.' })
  get role(): ChargeRole {
    return this.result.role;
  }

  @Field(() => Money, { description: 'Amount without tax.' })
  get net(): Money {
    return moneyOf(this.result.net, this.result.currency);
  }

  @Field(() => Money, { description: 'Tax.' })
  get tax(): Money {
    return moneyOf(this.result.tax, this.result.currency);
  }

  @Field(() => Money, { description: 'Amount with tax.' })
  get gross(): Money {
    return moneyOf(amount(this.result.net + this.result.tax), this.result.currency);
  }
}

@ObjectType('UsageError', { simpleResolvers: true, description: 'Why a usage was not charged.' })
export class UsageError {
  @Field(() => ErrorCodeEnum, { description: 'Stable code for programs.' })
  readonly code!: ErrorCode;

  @Field(() => String, { description: 'One plain sentence for people.' })
  readonly message!: string;

  @Field(() => [String], { description: 'Path of the field at fault from the input down; empty where no field is.' })
  readonly path!: readonly string[];

  @Field(() => Boolean, { description: 'Whether the same usage may have another outcome later.' })
  readonly retryable!: boolean;
}

@ObjectType('UsageWarning', { simpleResolvers: true, description: 'Something odd in a usage that was handled nevertheless.' })
export class UsageWarning {
  @Field(() => String, { description: 'One plain sentence for people.' })
  readonly message!: string;

  @Field(() => [String], { description: 'Path of the field from the input down.' })
  readonly path!: readonly string[];
}

@ObjectType('UsageResult', { simpleResolvers: true, description: 'What became of one usage.' })
export class UsageOutcome {
  @Field(() => String, { description: 'The sender\'s id of it.' })
  readonly usageId!: string;

  @Field(() => UsageStatusEnum, { description: 'What became of it.' })
  readonly status!: UsageStatus;

  @Field(() => Boolean, { description: 'Whether it was taken in before: this is the first answer again.' })
  readonly duplicate!: boolean;

  @Field(() => [UsageCharge], { description: 'Its rated results; empty where it was not charged, or is free without an account.' })
  readonly charges!: readonly UsageCharge[];

  @Field(() => UsageError, { nullable: true, description: 'Why it was not charged; null where it was.' })
  readonly error!: UsageError | null;

  @Field(() => [UsageWarning], { description: 'What is odd about it.' })
  readonly warnings!: readonly UsageWarning[];
}

/** How many usages of a call came to what; together they are all of them. */
@ObjectType()
export abstract class UsageCounts extends Payload {
  @Field(() => Int, { description: 'Usages charged for the first time.' })
  readonly accepted!: number;

  @Field(() => Int, { description: 'Usages that were taken in before.' })
  readonly duplicates!: number;

  @Field(() => Int, { description: 'Records compared for the first time with what was charged online, and not charged.' })
  readonly compared!: number;

  @Field(() => Int, { description: 'Usages refused for the first time.' })
  readonly refused!: number;

  @Field(() => Int, { description: 'Usages put aside.' })
  readonly quarantined!: number;

  @Field(() => Int, { description: 'Usages that cannot be read, and were not stored.' })
  readonly invalid!: number;

  @Field(() => Int, { description: 'Usages that were not handled and may be repeated.' })
  readonly failed!: number;

  @Field(() => [UsageOutcome], { description: 'One result a usage, in the order asked.' })
  readonly results!: readonly UsageOutcome[];
}

@ObjectType('UsageChargePayload', { simpleResolvers: true, description: 'Outcome of usageCharge.' })
export class UsageChargePayload extends UsageCounts {}

const NONE: readonly UsageWarning[] = [];

/** The engine's result as the API shows it. */
export const outcomeOf = (result: UsageResult, warnings: readonly UsageWarning[] = NONE): UsageOutcome => ({
  usageId: result.usageId, status: result.status, duplicate: result.duplicate,
  charges: result.charge ? [new UsageCharge(result.charge)] : [], error: result.error, warnings,
});

/** Counts the results of a call. */
export function countsOf(results: readonly UsageOutcome[]): Pick<UsageCounts, 'accepted' | 'compared' | 'duplicates' | 'refused' | 'quarantined' | 'invalid' | 'failed'> {
  const counts = { accepted: 0, compared: 0, duplicates: 0, refused: 0, quarantined: 0, invalid: 0, failed: 0 };
  for (const { status, duplicate } of results) counts[duplicate ? 'duplicates' : COUNTED_AS[status]] += 1;
  return counts;
}

const COUNTED_AS = {
  CHARGED: 'accepted', COMPARED: 'compared', REFUSED: 'refused', QUARANTINED: 'quarantined', INVALID: 'invalid', FAILED: 'failed',
} as const satisfies Record<UsageStatus, string>;
