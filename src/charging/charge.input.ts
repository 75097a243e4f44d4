import { ArgsType, Field } from 'type-graphql';
import { UsageKindEnum } from '../catalog';
import { DateTimeScalar, PageArgs } from '../platform/graphql';
import type { UsageKind } from '../usage/usage.types';

@ArgsType()
export class UsagePageArgs extends PageArgs {
  @Field(() => DateTimeScalar, { nullable: true, description: 'Only usage that started at this instant or later.' })
  from?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Only usage that started before this instant.' })
  until?: Date | null;

  @Field(() => [UsageKindEnum], { nullable: true, description: 'Only usage of these kinds; null is every kind.' })
  kinds?: UsageKind[] | null;
}
