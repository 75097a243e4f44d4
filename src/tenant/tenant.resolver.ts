import { Arg, Authorized, Ctx, Field, InputType, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import type { RequestContext } from '../context';
import { Role, SIGNED_IN } from '../platform/auth/caller';
import { DateTimeScalar } from '../platform/graphql';
import { actorOf } from './change';
import { Payload, settle } from './payload';

@InputType('TenantClockAdvanceInput', { description: 'Where a sandbox tenant\'s clock shall stand.' })
export class TenantClockAdvanceInput {
  @Field(() => DateTimeScalar, { description: 'The new business time: later than the present one, by at most ten years.' })
  until!: Date;
}

@ObjectType('TenantClockAdvancePayload', { description: 'Outcome of tenantClockAdvance.' })
export class TenantClockAdvancePayload extends Payload {
  @Field(() => DateTimeScalar, { nullable: true, description: 'Business time right after the move; null where refused.' })
  readonly businessTime!: Date | null;
}

/** The business clock of the caller's tenant. */
@Resolver()
export class TenantResolver {
  @Authorized<Role>([...SIGNED_IN])
  @Query(() => DateTimeScalar, { description: 'Business time of the caller\'s tenant: the database\'s clock, in a sandbox moved forward.' })
  businessTime(@Ctx() context: RequestContext): Promise<Date> {
    return context.services.clock.now(context.caller.tenantId);
  }

  @Authorized<Role>(['ADMIN'])
  @Mutation(() => TenantClockAdvancePayload, {
    description: 'Moves the clock of a sandbox tenant forward. May refuse with NOT_ALLOWED (no sandbox), CLOCK_BACKWARD, INVALID_INPUT or OVERLOADED.',
  })
  tenantClockAdvance(
    @Arg('input', () => TenantClockAdvanceInput, { description: 'Where the clock shall stand.' }) input: TenantClockAdvanceInput,
    @Ctx() context: RequestContext,
  ): Promise<TenantClockAdvancePayload> {
    return settle(TenantClockAdvancePayload, 'businessTime', () => context.services.clock.advance(actorOf(context), input.until));
  }
}
