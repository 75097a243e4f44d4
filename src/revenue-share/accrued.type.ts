import { Field, ObjectType } from 'type-graphql';
import { describedEnum } from '../catalog';
import { CursorScalar, DateTimeScalar, Money } from '../platform/graphql';
import { SharePeriod } from './statement.type';

export type AccruedReason = 'SNAPSHOT' | 'ACCRUAL' | 'RESUME_EXPIRED';
const AccruedReasonEnum = describedEnum<AccruedReason>('RevenueShareAccruedReason', 'Why a message of accrued shares is sent.', {
  SNAPSHOT: 'The total as it stands.',
  ACCRUAL: 'Shares came in, or were taken back; what comes too fast is shown as one.',
  RESUME_EXPIRED: 'The cursor is of another month: the total of the running month as it stands.',
});

/** The offering is a field resolver. */
@ObjectType('RevenueShareAccrued', { simpleResolvers: true, description: 'What a partner is owed more, and in all, of the month that runs.' })
export class RevenueShareAccrued {
  @Field(() => CursorScalar, { description: 'Hand it back as `after` to hear what came meanwhile.' })
  readonly cursor!: string;

  @Field(() => AccruedReasonEnum, { description: 'Why it is sent.' })
  readonly reason!: AccruedReason;

  @Field(() => DateTimeScalar, { description: 'Business time of the reading.' })
  readonly at!: Date;

  @Field(() => SharePeriod, { description: 'The month that runs.' })
  readonly period!: SharePeriod;

  @Field(() => Money, { description: 'What came since the message before, or since the cursor; zero in a snapshot.' })
  readonly share!: Money;

  @Field(() => Money, { description: 'The exact sum of the month so far.' })
  readonly periodTotal!: Money;

  /** Key of the offering, for the field resolver; null for the sum of several. */
  readonly offeringKey!: string | null;
}
