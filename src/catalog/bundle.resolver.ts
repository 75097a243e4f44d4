import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../context';
import { componentsLoader, soldLoader } from './bundle.loader';
import { BundledProductOffering, ProductOffering } from './product-offering.type';

/** What bundles are made of. */
@Resolver(() => ProductOffering)
export class BundleResolver {
  @FieldResolver(() => [BundledProductOffering], { description: 'What it is made of; empty where it is no bundle.' })
  components(@Root() offering: ProductOffering, @Ctx() context: RequestContext): Promise<BundledProductOffering[]> {
    return componentsLoader(context).load(offering.versionKey);
  }

  @FieldResolver(() => Boolean, { description: 'Whether it is a bundle.' })
  async isBundle(@Root() offering: ProductOffering, @Ctx() context: RequestContext): Promise<boolean> {
    return (await componentsLoader(context).load(offering.versionKey)).length > 0;
  }
}

@Resolver(() => BundledProductOffering)
export class ComponentResolver {
  @FieldResolver(() => ProductOffering, { nullable: true, description: 'The version of the component that is sold now; null where none is.' })
  offering(@Root() { offeringKey, tenantId }: BundledProductOffering, @Ctx() context: RequestContext): Promise<ProductOffering | null> {
    return soldLoader(context, tenantId).load(offeringKey);
  }
}
