import { Arg, Authorized, Ctx, FieldResolver, Resolver, Root, Subscription } from 'type-graphql';
import { ProductOffering } from '../catalog';
import type { RequestContext } from '../context';
import { noSuchObject } from '../live';
import { partnerLoader } from '../party';
import type { Role } from '../platform/auth/caller';
import { CursorScalar } from '../platform/graphql';
import { accruedStream, seenTotal } from './accrued-stream';
import { RevenueShareAccrued } from './accrued.type';
import { offeringOfLoader } from './agreement.loader';

/** A partner's running total, live. */
@Resolver(() => RevenueShareAccrued)
export class AccruedResolver {
  @Authorized<Role>(['PARTNER'])
  @Subscription(() => RevenueShareAccrued, {
    description: 'The caller\'s own running total: as it stands, then each second in which it moved, by offering. Ends with NOT_FOUND where the organization is no partner, and with BAD_USER_INPUT for a cursor of another.',
    subscribe: ({ args, context }) => watch(args as { after?: string | null }, context as RequestContext),
  })
  revenueShareAccrued(
    @Root() news: RevenueShareAccrued,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Cursor of the last message that was seen; null to begin.' }) _after?: string | null,
  ): RevenueShareAccrued {
    return news;
  }

  @FieldResolver(() => ProductOffering, { nullable: true, description: 'The offering whose charges it came from; null for the sum of several.' })
  async offering(@Root() { offeringKey }: RevenueShareAccrued, @Ctx() context: RequestContext): Promise<ProductOffering | null> {
    return offeringKey === null ? null : offeringOfLoader(context).load(offeringKey);
  }
}

async function watch({ after }: { readonly after?: string | null }, context: RequestContext): Promise<AsyncIterable<RevenueShareAccrued>> {
  const { caller: { tenantId, partnerId }, services } = context;
  if (partnerId === null || !(await partnerLoader(context).load(partnerId))) throw noSuchObject();
  const seen = seenTotal(after, partnerId);
  return accruedStream({ partnerId, seen, read: () => services.runningTotals.read(tenantId, partnerId) });
}
