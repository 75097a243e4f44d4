import { Arg, Args, Authorized, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { RequestContext } from '../context';
import { requiredKey } from '../party';
import type { Role } from '../platform/auth/caller';
import { MoneyMove, Page } from '../platform/graphql';
import { actorOf, settle } from '../tenant';
import { readPeriods } from './slice-period.loader';
import {
  periodShown, SlicePeriod, SlicePeriodConnection, SlicePeriodDecideInput, SlicePeriodDecidePayload, SlicePeriodsArgs, SlicePeriodSettleInput,
  SlicePeriodSettlePayload,
} from './slice-period.type';

/** Periods of slices, as those see them who decide what follows. */
@Resolver()
export class SlicePeriodResolver {
  @Authorized<Role>(['FINANCE', 'NETWORK', 'AUDITOR'])
  @Query(() => SlicePeriodConnection, { description: 'The settled periods of the tenant\'s slices by their end, oldest first; of the verdict CASE and not decided: those that wait for a person.' })
  slicePeriods(@Args(() => SlicePeriodsArgs) { verdict, isDecided, ...page }: SlicePeriodsArgs, @Ctx() context: RequestContext): Promise<Page<SlicePeriod>> {
    return readPeriods(context, page, verdict ?? null, isDecided ?? null);
  }

  @MoneyMove()
  @Authorized<Role>(['FINANCE'])
  @Mutation(() => SlicePeriodSettlePayload, {
    description: 'Settles a period of a slice that is over: its device count is charged, a missed objective credited. Earlier periods that are not settled are settled before it. The bill run does it by itself. May refuse with INVALID_INPUT '
      + '(no period ends then), NOT_FOUND, CONFLICT (not over), IDEMPOTENCY_KEY_REUSED or OVERLOADED.',
  })
  slicePeriodSettle(
    @Arg('input', () => SlicePeriodSettleInput, { description: 'The period.' }) { productId, periodEnd, idempotencyKey }: SlicePeriodSettleInput,
    @Ctx() context: RequestContext,
  ): Promise<SlicePeriodSettlePayload> {
    return settle(SlicePeriodSettlePayload, 'period', async () => periodShown((await context.services.slicePeriods.settle(actorOf(context), {
      productId: requiredKey(productId, ['Product'], 'productId'), periodEnd, key: idempotencyKey,
    })).revision));
  }

  @MoneyMove()
  @Authorized<Role>(['FINANCE'])
  @Mutation(() => SlicePeriodDecidePayload, {
    description: 'Decides a case once: the percent of the flat fee that is credited. May refuse with INVALID_INPUT (above the cap), NOT_FOUND, CONFLICT (no case that waits), '
      + 'IDEMPOTENCY_KEY_REUSED or OVERLOADED.',
  })
  slicePeriodDecide(
    @Arg('input', () => SlicePeriodDecideInput, { description: 'The period, and the decision.' }) { productId, idempotencyKey, ...decision }: SlicePeriodDecideInput,
    @Ctx() context: RequestContext,
  ): Promise<SlicePeriodDecidePayload> {
    return settle(SlicePeriodDecidePayload, 'period', async () => periodShown((await context.services.slicePeriods.decide(actorOf(context), {
      ...decision, productId: requiredKey(productId, ['Product'], 'productId'), key: idempotencyKey,
    })).revision));
  }
}
