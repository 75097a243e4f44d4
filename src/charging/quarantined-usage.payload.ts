import { Field, Int, ObjectType } from 'type-graphql';
import { CursorScalar } from '../platform/graphql';
import { UsageCounts } from './usage-charge.payload';

@ObjectType('QuarantinedUsageRedrivePayload', { simpleResolvers: true, description: 'Outcome of quarantinedUsageRedrive.' })
export class QuarantinedUsageRedrivePayload extends UsageCounts {
  @Field(() => Int, { description: 'Usages that are still put aside for the same sender and reason, whatever was tried; 10,000 stands for as many or more.' })
  readonly remaining!: number;

  @Field(() => CursorScalar, { nullable: true, description: 'The last usage tried; hand it back as `after`. Null where ids were given, or nothing was left.' })
  readonly endCursor!: string | null;
}
