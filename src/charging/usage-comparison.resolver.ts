import { Args, Authorized, Ctx, Query, Resolver } from 'type-graphql';
import type { RequestContext } from '../context';
import type { Role } from '../platform/auth/caller';
import { Page, pageOf } from '../platform/graphql';
import { isSenderKey } from '../usage/text.rules';
import { LONGEST_SOURCE } from '../usage/usage.validate';
import { comparisonCursor, comparisonOf, comparisons } from './usage-comparison.loader';
import { UsageComparison, UsageComparisonArgs, UsageComparisonConnection } from './usage-comparison.type';

const READERS: readonly Role[] = ['FINANCE', 'NETWORK', 'AUDITOR'];

/** What the network's records say beside what was charged online. */
@Resolver()
export class UsageComparisonResolver {
  @Authorized<Role>([...READERS])
  @Query(() => UsageComparisonConnection, {
    description: 'The records of the tenant that were compared with what was charged online, by charging id, by the start of their usage. Names no subscriber.',
  })
  async usageComparisons(
    @Args(() => UsageComparisonArgs) args: UsageComparisonArgs, @Ctx() context: RequestContext,
  ): Promise<Page<UsageComparison>> {
    const source = args.source ?? null;
    // What no sender can be called has sent nothing, and the database takes some of it for an error.
    const rows = source === null || isSenderKey(source, LONGEST_SOURCE)
      ? await comparisons(context, { differing: args.differing, source }, args.after ?? null, args.first + 1) : [];
    return pageOf(rows, args, comparisonOf, comparisonCursor(context.caller.tenantId));
  }
}
