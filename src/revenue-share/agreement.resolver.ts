import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { ProductOffering } from '../catalog';
import type { RequestContext } from '../context';
import { Partner, partnerLoader } from '../party';
import type { Role } from '../platform/auth/caller';
import { decodeNumericId, Page, PageArgs, registerNode, wholePart } from '../platform/graphql';
import { AGREEMENT_READERS, agreementLoader, offeringOfLoader, readAgreements, versionsLoader } from './agreement.loader';
import { Agreement, AgreementConnection, AgreementItem, AgreementParty, AgreementVersion } from './agreement.type';

/** Agreements and their versions. */
@Resolver(() => Agreement)
export class AgreementResolver {
  @Authorized<Role>([...AGREEMENT_READERS])
  @Query(() => Agreement, { nullable: true, description: 'The agreement with this id; null where it does not exist or is not for this caller.' })
  async agreement(@Arg('id', () => ID, { description: 'Id of the agreement.' }) id: string, @Ctx() context: RequestContext): Promise<Agreement | null> {
    const key = decodeNumericId(id, 'Agreement');
    return key === null ? null : agreementLoader(context).load(key);
  }

  @Authorized<Role>([...AGREEMENT_READERS])
  @Query(() => AgreementConnection, { description: 'The agreements of the tenant, the oldest first.' })
  agreements(@Args(() => PageArgs) page: PageArgs, @Ctx() context: RequestContext): Promise<Page<Agreement>> {
    return readAgreements(context, page);
  }

  @FieldResolver(() => [AgreementVersion], { description: 'Its versions, the newest first.' })
  versions(@Root() { agreementKey }: Agreement, @Ctx() context: RequestContext): Promise<AgreementVersion[]> {
    return versionsLoader(context).load(agreementKey);
  }
}

@Resolver(() => AgreementItem)
export class AgreementItemResolver {
  @FieldResolver(() => ProductOffering, { nullable: true, description: 'The offering whose charges are shared; null = every offering.' })
  async offering(@Root() { offeringKey }: AgreementItem, @Ctx() context: RequestContext): Promise<ProductOffering | null> {
    return offeringKey === null ? null : offeringOfLoader(context).load(offeringKey);
  }

  @FieldResolver(() => Partner, { nullable: true, description: 'The partner who takes what the others leave; null = the operator.' })
  async residualPartner(@Root() { residualKey }: AgreementItem, @Ctx() context: RequestContext): Promise<Partner | null> {
    return residualKey === null ? null : partnerLoader(context).load(residualKey);
  }
}

@Resolver(() => AgreementParty)
export class AgreementPartyResolver {
  @FieldResolver(() => Partner, { nullable: true, description: 'The partner.' })
  partner(@Root() { partnerKey }: AgreementParty, @Ctx() context: RequestContext): Promise<Partner | null> {
    return partnerLoader(context).load(partnerKey);
  }
}

registerNode('Agreement', async ([part], context) => {
  const key = wholePart(part);
  return key === null ? null : agreementLoader(context).load(key);
});
