import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { ProductOffering } from '../catalog';
import type { RequestContext } from '../context';
import { Partner, partnerLoader } from '../party';
import type { Role } from '../platform/auth/caller';
import { decodeNumericId, Page, PageArgs, registerNode, wholePart } from '../platform/graphql';
import { offeringOfLoader } from './agreement.loader';
import { dayLoader, linePageLoader, runningTotalLoader, sharePageLoader, STATEMENT_READERS, statementLoader, statementPageLoader } from './statement.loader';
import {
  RevenueShare, RevenueShareConnection, RevenueShareDay, RevenueShareLine, RevenueShareLineConnection, RevenueShareStatement,
  RevenueShareStatementConnection, RunningShareTotal,
} from './statement.type';

/** What a partner is owed, running and stated. */
@Resolver(() => Partner)
export class PartnerShareResolver {
  @Authorized<Role>([...STATEMENT_READERS])
  @FieldResolver(() => [RunningShareTotal], { description: 'What it is owed so far of the month that runs: one sum a settlement account.' })
  runningTotals(@Root() { partnerKey }: Partner, @Ctx() context: RequestContext): Promise<RunningShareTotal[]> {
    return runningTotalLoader(context).load(partnerKey);
  }

  @Authorized<Role>([...STATEMENT_READERS])
  @FieldResolver(() => RevenueShareStatementConnection, { description: 'Its statements, the newest period first; a partner sees them from their publishing on.' })
  statements(@Root() { partnerKey }: Partner, @Args(() => PageArgs) page: PageArgs, @Ctx() context: RequestContext): Promise<Page<RevenueShareStatement>> {
    return statementPageLoader(context, page).load(partnerKey);
  }
}

/** Statements, down to the charges that they share. */
@Resolver(() => RevenueShareStatement)
export class StatementResolver {
  @Authorized<Role>([...STATEMENT_READERS])
  @Query(() => RevenueShareStatement, { nullable: true, description: 'The statement with this id; null where it does not exist or is not for this caller.' })
  async statement(@Arg('id', () => ID, { description: 'Id of the statement.' }) id: string, @Ctx() context: RequestContext): Promise<RevenueShareStatement | null> {
    const key = decodeNumericId(id, 'RevenueShareStatement');
    return key === null ? null : statementLoader(context).load(key);
  }

  @FieldResolver(() => Partner, { nullable: true, description: 'The partner whom it is for.' })
  partner(@Root() { partnerKey }: RevenueShareStatement, @Ctx() context: RequestContext): Promise<Partner | null> {
    return partnerLoader(context).load(partnerKey);
  }

  @FieldResolver(() => RevenueShareLineConnection, { description: 'Its lines: first those of its own period, then adjustments of earlier ones.' })
  lines(@Root() { statementKey }: RevenueShareStatement, @Args(() => PageArgs) page: PageArgs, @Ctx() context: RequestContext): Promise<Page<RevenueShareLine>> {
    return linePageLoader(context, page).load(statementKey);
  }

  @FieldResolver(() => [RevenueShareDay], { description: 'Its exact shares by day of booking: at most 31 rows.' })
  byDay(@Root() { statementKey }: RevenueShareStatement, @Ctx() context: RequestContext): Promise<RevenueShareDay[]> {
    return dayLoader(context).load(statementKey);
  }
}

@Resolver(() => RevenueShareLine)
export class StatementLineResolver {
  @FieldResolver(() => ProductOffering, { nullable: true, description: 'The offering whose charges it shares.' })
  offering(@Root() { offeringKey }: RevenueShareLine, @Ctx() context: RequestContext): Promise<ProductOffering | null> {
    return offeringOfLoader(context).load(offeringKey);
  }

  @FieldResolver(() => RevenueShareStatement, { nullable: true, description: 'The statement whose charges were given back after their month; null for a line of the month itself.' })
  async adjusts(@Root() { adjustsKey }: RevenueShareLine, @Ctx() context: RequestContext): Promise<RevenueShareStatement | null> {
    return adjustsKey === null ? null : statementLoader(context).load(adjustsKey);
  }

  @FieldResolver(() => RevenueShareConnection, { description: 'The shares that it sums, each with its charge and without whose it is.' })
  shares(@Root() line: RevenueShareLine, @Args(() => PageArgs) page: PageArgs, @Ctx() context: RequestContext): Promise<Page<RevenueShare>> {
    return sharePageLoader(context, page).load(line);
  }
}

registerNode('RevenueShareStatement', async ([part], context) => {
  const key = wholePart(part);
  return key === null ? null : statementLoader(context).load(key);
});
