import { Arg, Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../context';
import { DateTimeScalar, Money, Page, PageArgs } from '../platform/graphql';
import { SliceProduct } from '../slice';
import { costLoader, objectiveLoader, samplePageLoader, usageLoader } from './slice-measures.loader';
import { SliceMeasurement, SliceMeasurementConnection, SliceMeasurementsArgs, SliceObjective, SliceUsage } from './slice-measures.type';
import { periodPageLoader } from './slice-period.loader';
import { SlicePeriod, SlicePeriodConnection } from './slice-period.type';

/** What is measured of a slice, and what follows from it: as visible as the slice. */
@Resolver(() => SliceProduct)
export class SliceMeasuresResolver {
  @FieldResolver(() => SliceUsage, { nullable: true, description: 'Use in the running period, or in the last of a slice that has ended; null before it begins.' })
  usage(@Root() { productKey }: SliceProduct, @Ctx() context: RequestContext): Promise<SliceUsage | null> {
    return usageLoader(context).load(productKey);
  }

  @FieldResolver(() => [SliceObjective], { description: 'What was promised and what was measured of it, in the running period or a given one; empty where nothing is promised.' })
  async objectives(
    @Root() { productKey }: SliceProduct,
    @Arg('at', () => DateTimeScalar, { nullable: true, description: 'An instant of the period that is asked for; null = the running one.' }) at: Date | null | undefined,
    @Ctx() context: RequestContext,
  ): Promise<SliceObjective[]> {
    return await objectiveLoader(context, at ?? null).load(productKey) ?? [];
  }

  @FieldResolver(() => SlicePeriodConnection, { description: 'Its settled periods, newest first.' })
  periods(@Root() { productKey }: SliceProduct, @Args(() => PageArgs) page: PageArgs, @Ctx() context: RequestContext): Promise<Page<SlicePeriod>> {
    return periodPageLoader(context, page).load(productKey);
  }

  @FieldResolver(() => SliceMeasurementConnection, { description: 'What was measured, oldest first.' })
  measurements(@Root() { productKey }: SliceProduct, @Args(() => SliceMeasurementsArgs) args: SliceMeasurementsArgs, @Ctx() context: RequestContext): Promise<Page<SliceMeasurement>> {
    return samplePageLoader(context, args).load(productKey);
  }

  @FieldResolver(() => Money, { nullable: true, description: 'Net of what the running period was charged so far; devices are charged when it is settled. Null before it begins.' })
  costSoFar(@Root() { productKey }: SliceProduct, @Ctx() context: RequestContext): Promise<Money | null> {
    return costLoader(context).load(productKey);
  }
}
