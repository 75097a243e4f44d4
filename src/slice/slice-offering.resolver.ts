import { Arg, Authorized, Ctx, Field, FieldResolver, Mutation, ObjectType, Resolver, Root } from 'type-graphql';
import { offeringByKey, ProductOffering, settleAll } from '../catalog';
import type { RequestContext } from '../context';
import type { Role } from '../platform/auth/caller';
import { actorOf, Payload } from '../tenant';
import { sliceTermsLoader } from './slice-offering.loader';
import { SliceOfferingDraftInput } from './slice-terms.input';
import { SliceTermsType, sliceTermsTypeOf } from './slice-terms.type';

@ObjectType('SliceOfferingDraftPayload', { description: 'Outcome of sliceOfferingDraft.' })
export class SliceOfferingDraftPayload extends Payload {
  @Field(() => ProductOffering, { nullable: true, description: 'The draft as stored; null where refused.' })
  readonly offering!: ProductOffering | null;
}

/** What makes an offering a slice. */
@Resolver(() => ProductOffering)
export class SliceOfferingResolver {
  @FieldResolver(() => SliceTermsType, { nullable: true, description: 'What makes this version a slice; null where it is none.' })
  async slice(@Root() offering: ProductOffering, @Ctx() context: RequestContext): Promise<SliceTermsType | null> {
    const terms = await sliceTermsLoader(context).load(offering.versionKey);
    return terms && sliceTermsTypeOf(terms);
  }

  @Authorized<Role>(['CATALOG_MANAGER'])
  @Mutation(() => SliceOfferingDraftPayload, {
    description: 'Stores the next version of a slice offering as a draft; productOfferingLaunch puts it on sale. May refuse with INVALID_INPUT, once for every problem, CONFLICT (a price changes its kind) or OVERLOADED.',
  })
  sliceOfferingDraft(
    @Arg('input', () => SliceOfferingDraftInput, { description: 'The offering and its slice terms.' }) { offering, slice }: SliceOfferingDraftInput,
    @Ctx() context: RequestContext,
  ): Promise<SliceOfferingDraftPayload> {
    return settleAll(SliceOfferingDraftPayload, 'offering', async () => {
      const { versionId } = await context.services.sliceOfferings.draft(actorOf(context), offering, slice);
      return offeringByKey(context, context.caller.tenantId, BigInt(versionId));
    });
  }
}
