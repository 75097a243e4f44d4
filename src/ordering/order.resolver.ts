import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { offeringLoader, ProductOffering } from '../catalog';
import type { RequestContext } from '../context';
import { accountLoader, BillingAccount } from '../party';
import type { Role } from '../platform/auth/caller';
import { decodeNumericId, Page, PageArgs, registerNode, wholePart } from '../platform/graphql';
import { Product, productLoader } from '../product';
import { orderLoader, orderPageLoader } from './order.loader';
import { ProductOrder, ProductOrderConnection, ProductOrderItem } from './order.type';

const READERS: readonly Role[] = ['SUBSCRIBER', 'CRM_AGENT', 'FINANCE'];

/** Product orders. */
@Resolver(() => ProductOrder)
export class OrderResolver {
  @Authorized<Role>([...READERS])
  @Query(() => ProductOrder, { nullable: true, description: 'The order with this id; null where it does not exist or is not for this caller.' })
  async productOrder(
    @Arg('id', () => ID, { description: 'Id of the order.' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<ProductOrder | null> {
    const key = decodeNumericId(id, 'ProductOrder');
    return key === null ? null : orderLoader(context).load(key);
  }

  @FieldResolver(() => BillingAccount, { nullable: true, description: 'The account whose products it changes; null where it is not for this caller.' })
  account(@Root() order: ProductOrder, @Ctx() context: RequestContext): Promise<BillingAccount | null> {
    return accountLoader(context).load(order.accountKey);
  }

  @FieldResolver(() => ProductOrder, { nullable: true, description: 'The order, failed in whole or part, that this one takes up again; null where it is a first one.' })
  async restarts(@Root() { restartsKey }: ProductOrder, @Ctx() context: RequestContext): Promise<ProductOrder | null> {
    return restartsKey === null ? null : orderLoader(context).load(restartsKey);
  }
}

@Resolver(() => ProductOrderItem)
export class OrderItemResolver {
  @FieldResolver(() => ProductOffering, { nullable: true, description: 'The offering version that is fulfilled; null for DELETE.' })
  async offering(@Root() { offeringVersionKey }: ProductOrderItem, @Ctx() context: RequestContext): Promise<ProductOffering | null> {
    return offeringVersionKey === null ? null : offeringLoader(context).load(offeringVersionKey);
  }

  @FieldResolver(() => Product, { nullable: true, description: 'The product that it makes, changes or ends; null before it is made.' })
  product(@Root() { productKey }: ProductOrderItem, @Ctx() context: RequestContext): Promise<Product | null> {
    return productLoader(context).load(productKey);
  }

  @FieldResolver(() => Product, { nullable: true, description: 'The bundle whose component its product is, or will be; null where it is of none, or before the bundle is made.' })
  async bundle(@Root() { bundleKey }: ProductOrderItem, @Ctx() context: RequestContext): Promise<Product | null> {
    return bundleKey === null ? null : productLoader(context).load(bundleKey);
  }
}

/** Orders from where people look for them. */
@Resolver(() => BillingAccount)
export class AccountOrdersResolver {
  @FieldResolver(() => ProductOrderConnection, { description: 'Its product orders, the newest first.' })
  productOrders(@Root() account: BillingAccount, @Args(() => PageArgs) page: PageArgs, @Ctx() context: RequestContext): Promise<Page<ProductOrder>> {
    return orderPageLoader(context, page).load(account);
  }
}

registerNode('ProductOrder', async ([part], context) => {
  const key = wholePart(part);
  return key === null ? null : orderLoader(context).load(key);
});
