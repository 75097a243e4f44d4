import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../context';
import type { Role } from '../platform/auth/caller';
import { decodeNumericId, Page, PageArgs, registerNode, wholePart } from '../platform/graphql';
import { PARTNER_READERS, PARTNER_STAFF } from './partner.access';
import { accountsOfPartnerLoader, partnerLoader, readPartners, settlementAccountLoader } from './partner.loader';
import { Partner, PartnerConnection, SettlementAccount } from './partner.type';

/** Partners, and what they are settled on. */
@Resolver(() => Partner)
export class PartnerResolver {
  @Authorized<Role>(['PARTNER'])
  @Query(() => Partner, { nullable: true, description: 'The partner for whom the caller acts; null where the organization is no partner yet.' })
  viewerPartner(@Ctx() context: RequestContext): Promise<Partner | null> {
    const { partnerId } = context.caller;
    return partnerId === null ? Promise.resolve(null) : partnerLoader(context).load(partnerId);
  }

  @Authorized<Role>([...PARTNER_READERS])
  @Query(() => Partner, { nullable: true, description: 'The partner with this id; null where it does not exist or is not for this caller.' })
  async partner(@Arg('id', () => ID, { description: 'Id of the partner.' }) id: string, @Ctx() context: RequestContext): Promise<Partner | null> {
    const key = decodeNumericId(id, 'Partner');
    return key === null ? null : partnerLoader(context).load(key);
  }

  @Authorized<Role>([...PARTNER_STAFF])
  @Query(() => PartnerConnection, { description: 'The partners of the tenant, oldest organization first.' })
  partners(@Args(() => PageArgs) page: PageArgs, @Ctx() context: RequestContext): Promise<Page<Partner>> {
    return readPartners(context, page);
  }

  @FieldResolver(() => [SettlementAccount], { description: 'Where it is settled: one account a currency.' })
  settlementAccounts(@Root() { partnerKey }: Partner, @Ctx() context: RequestContext): Promise<SettlementAccount[]> {
    return accountsOfPartnerLoader(context).load(partnerKey);
  }
}

registerNode('Partner', async ([part], context) => {
  const key = wholePart(part);
  return key === null ? null : partnerLoader(context).load(key);
});
registerNode('SettlementAccount', async ([part], context) => {
  const key = wholePart(part);
  return key === null ? null : settlementAccountLoader(context).load(key);
});
