import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import type { RequestContext } from '../context';
import type { Role } from '../platform/auth/caller';
import { actorOf } from '../tenant';
import {
  ProductOfferingDraftPayload, ProductOfferingLaunchPayload, ProductOfferingRetirePayload, settleAll, TaxRateSetPayload,
} from './catalog.payload';
import { ProductOfferingDraftInput, ProductOfferingLaunchInput, ProductOfferingRetireInput, TaxRateSetInput } from './draft.input';
import { readByKey } from './offering.reader';
import type { OfferingVersionRef } from './offering.types';
import { ProductOffering, TaxRate } from './product-offering.type';

/** Changes of what is sold and of how it is taxed. */
@Resolver()
export class CatalogMutations {
  @Authorized<Role>(['CATALOG_MANAGER'])
  @Mutation(() => ProductOfferingDraftPayload, {
    description: 'Stores the next version of an offering as a draft. May refuse with INVALID_INPUT, once for every problem, CONFLICT (a price changes its kind) or OVERLOADED.',
  })
  productOfferingDraft(
    @Arg('input', () => ProductOfferingDraftInput, { description: 'The whole version.' }) input: ProductOfferingDraftInput,
    @Ctx() context: RequestContext,
  ): Promise<ProductOfferingDraftPayload> {
    return settleAll(ProductOfferingDraftPayload, 'offering', async () =>
      shown(context, await context.services.catalog.draft(actorOf(context), input)));
  }

  @Authorized<Role>(['CATALOG_MANAGER'])
  @Mutation(() => ProductOfferingLaunchPayload, {
    description: 'Puts a draft on sale; existing products keep paying what they pay. May refuse with NOT_FOUND, CONFLICT, INVALID_INPUT (start, tax rates) or OVERLOADED.',
  })
  productOfferingLaunch(
    @Arg('input', () => ProductOfferingLaunchInput, { description: 'Which draft, and when.' }) input: ProductOfferingLaunchInput,
    @Ctx() context: RequestContext,
  ): Promise<ProductOfferingLaunchPayload> {
    const { code, version = null, validFrom = null } = input;
    return settleAll(ProductOfferingLaunchPayload, 'offering', async () =>
      shown(context, await context.services.catalog.launch(actorOf(context), { code, version, validFrom })));
  }

  @Authorized<Role>(['CATALOG_MANAGER'])
  @Mutation(() => ProductOfferingRetirePayload, {
    description: 'Ends the sale of an offering; its products live on. May refuse with NOT_FOUND, CONFLICT (not on sale), INVALID_INPUT or OVERLOADED.',
  })
  productOfferingRetire(
    @Arg('input', () => ProductOfferingRetireInput, { description: 'Which offering, and when.' }) input: ProductOfferingRetireInput,
    @Ctx() context: RequestContext,
  ): Promise<ProductOfferingRetirePayload> {
    const { code, at = null } = input;
    return settleAll(ProductOfferingRetirePayload, 'offering', async () =>
      shown(context, await context.services.catalog.retire(actorOf(context), { code, at })));
  }

  @Authorized<Role>(['FINANCE'])
  @Mutation(() => TaxRateSetPayload, {
    description: 'Sets the rate of a tax class from an instant on and ends the rate before it there. May refuse with INVALID_INPUT, CONFLICT (a later rate is set) or OVERLOADED.',
  })
  taxRateSet(
    @Arg('input', () => TaxRateSetInput, { description: 'The rate.' }) input: TaxRateSetInput,
    @Ctx() context: RequestContext,
  ): Promise<TaxRateSetPayload> {
    const { validFrom = null, ...rate } = input;
    return settleAll(TaxRateSetPayload, 'taxRate', async (): Promise<TaxRate> => {
      const stored = await context.services.catalog.taxRateSet(actorOf(context), { ...rate, validFrom });
      const { taxClass, taxCode, validFrom: from } = stored;
      return { taxClass, taxCode, rate: stored.rate, validFor: { from, until: null } };
    });
  }
}

const shown = (context: RequestContext, { versionId }: OfferingVersionRef): Promise<ProductOffering | null> =>
  readByKey(context, context.caller.tenantId, BigInt(versionId));
