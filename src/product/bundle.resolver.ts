import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../context';
import { Page, PageArgs } from '../platform/graphql';
import { componentPageLoader } from './bundle.loader';
import { productLoader } from './product.loader';
import { Product, ProductConnection } from './product.type';

/** Bundles as an account has them: a product of its own, and one for each component. */
@Resolver(() => Product)
export class ProductBundleResolver {
  @FieldResolver(() => Product, { nullable: true, description: 'The bundle whose component it is; null where it is of none.' })
  async bundle(@Root() product: Product, @Ctx() context: RequestContext): Promise<Product | null> {
    return product.bundleKey === null ? null : productLoader(context).load(product.bundleKey);
  }

  @FieldResolver(() => ProductConnection, { description: 'Its components, ended ones included, in the order in which they were made; empty where it is no bundle.' })
  components(@Root() product: Product, @Args(() => PageArgs) page: PageArgs, @Ctx() context: RequestContext): Promise<Page<Product>> {
    return componentPageLoader(context, page).load(product);
  }
}
