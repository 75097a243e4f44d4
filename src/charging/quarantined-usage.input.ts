import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { type ErrorCode, ErrorCodeEnum } from '../platform/errors';
import { CursorScalar, PageArgs } from '../platform/graphql';

@ArgsType()
export class QuarantinePageArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: 'Only usage of this sender.' })
  source?: string | null;

  @Field(() => ErrorCodeEnum, { nullable: true, description: 'Only usage that was put aside for this reason.' })
  reason?: ErrorCode | null;
}

@InputType('QuarantinedUsageRedriveInput', { description: 'What is driven again: usages by id, or the oldest of a sender and reason.' })
export class QuarantinedUsageRedriveInput {
  @Field(() => [ID], { nullable: true, description: 'Ids of quarantined usages, at most 1,000; then neither source nor reason is given.' })
  ids?: string[] | null;

  @Field(() => String, { nullable: true, description: 'Only usage of this sender.' })
  source?: string | null;

  @Field(() => ErrorCodeEnum, { nullable: true, description: 'Only usage that was put aside for this reason.' })
  reason?: ErrorCode | null;

  @Field(() => CursorScalar, { nullable: true, description: 'Begin behind the `endCursor` of an earlier call, so that what stays put aside is not tried again and again.' })
  after?: string | null;

  @Field(() => Boolean, {
    defaultValue: false, description: 'Whether usage beyond the late limit is charged too: a decision of care or finance, which the audit trail keeps.',
  })
  acceptLate!: boolean;
}
