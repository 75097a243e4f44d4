import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../context';
import type { Role } from '../platform/auth/caller';
import { decodeNumericId, Page, PageArgs } from '../platform/graphql';
import { Product, productLoader } from '../product';
import { devicePageLoader, sliceProductLoader } from './slice-product.loader';
import { SliceDevice, SliceDeviceConnection, SliceProduct } from './slice-product.type';

/** Slices as accounts have them. */
@Resolver(() => SliceProduct)
export class SliceProductResolver {
  @Authorized<Role>(['SUBSCRIBER', 'CRM_AGENT', 'FINANCE', 'NETWORK', 'AUDITOR'])
  @Query(() => SliceProduct, { nullable: true, description: 'The slice that is the product with this id; null where it does not exist, is no slice or is not for this caller.' })
  async sliceProduct(
    @Arg('id', () => ID, { description: 'Id of the product.' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<SliceProduct | null> {
    const key = decodeNumericId(id, 'Product');
    return key === null ? null : sliceProductLoader(context).load(key);
  }

  @FieldResolver(() => Product, { nullable: true, description: 'The product; null where it is not for this caller.' })
  product(@Root() slice: SliceProduct, @Ctx() context: RequestContext): Promise<Product | null> {
    return productLoader(context).load(slice.productKey);
  }

  @FieldResolver(() => SliceDeviceConnection, {
    nullable: true, description: 'Devices that are, were or will be in it, in the order in which they are admitted; null where the caller does not see numbers.',
  })
  async devices(@Root() slice: SliceProduct, @Args(() => PageArgs) page: PageArgs, @Ctx() context: RequestContext): Promise<Page<SliceDevice> | null> {
    return context.caller.role === 'AUDITOR' ? null : devicePageLoader(context, page).load(slice);
  }
}
