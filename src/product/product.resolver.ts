import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { offeringLoader, priceVersionLoader, ProductOffering } from '../catalog';
import type { RequestContext } from '../context';
import { accountLoader, AssignedIdentifier, BillingAccount, ValidityRange } from '../party';
import type { Role } from '../platform/auth/caller';
import { DateTimeScalar, decodeNumericId, Money, Page, PageArgs, registerNode, wholePart } from '../platform/graphql';
import { ProductStateEnum } from './product.enums';
import { assignmentsLoader, productLoader, productPageLoader } from './product.loader';
import {
  historyPageLoader, ProductStep, ProductStepConnection, ProductSuspensionConnection, suspensionPageLoader,
} from './product-history.loader';
import { AssignedPrice, PendingProductChange, Product, ProductConnection, ProductSuspension } from './product.type';
import type { ProductState } from './product.types';
import { renewalFeeLoader } from './renewal-fee.loader';
import { standingLoader } from './standing.loader';

const READERS: readonly Role[] = ['SUBSCRIBER', 'CRM_AGENT', 'FINANCE'];

/** Products with what they pay and what keeps them from being used. */
@Resolver(() => Product)
export class ProductResolver {
  @Authorized<Role>([...READERS])
  @Query(() => Product, { nullable: true, description: 'The product with this id; null where it does not exist or is not for this caller.' })
  async product(
    @Arg('id', () => ID, { description: 'Id of the product.' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<Product | null> {
    const key = decodeNumericId(id, 'Product');
    return key === null ? null : productLoader(context).load(key);
  }

  @FieldResolver(() => BillingAccount, { nullable: true, description: 'The account that has it; null where it is not for this caller.' })
  account(@Root() product: Product, @Ctx() context: RequestContext): Promise<BillingAccount | null> {
    return accountLoader(context).load(product.accountKey);
  }

  @FieldResolver(() => ProductOffering, { nullable: true, description: 'The offering version it was made of; later versions do not change it.' })
  offering(@Root() product: Product, @Ctx() context: RequestContext): Promise<ProductOffering | null> {
    return offeringLoader(context).load(product.offeringVersionKey);
  }

  @FieldResolver(() => Product, { nullable: true, description: 'The product whose numbers this add-on serves; null where it stands alone.' })
  async attachedTo(@Root() product: Product, @Ctx() context: RequestContext): Promise<Product | null> {
    return product.attachedKey === null ? null : productLoader(context).load(product.attachedKey);
  }

  @FieldResolver(() => ProductStateEnum, { description: 'Life cycle, as it stands now.' })
  async state(@Root() product: Product, @Ctx() context: RequestContext): Promise<ProductState> {
    return (await standingLoader(context).load(product)).state;
  }

  @FieldResolver(() => DateTimeScalar, { nullable: true, description: 'First instant at which it can no longer be used; null while it has no end.' })
  async endedAt(@Root() product: Product, @Ctx() context: RequestContext): Promise<Date | null> {
    return (await standingLoader(context).load(product)).endedAt;
  }

  @FieldResolver(() => ValidityRange, { nullable: true, description: 'The period that runs now, or ran last; null before the first.' })
  async period(@Root() product: Product, @Ctx() context: RequestContext): Promise<ValidityRange | null> {
    return (await standingLoader(context).load(product)).period;
  }

  @FieldResolver(() => DateTimeScalar, {
    nullable: true, description: 'When the next fee and allowances fall due, or an unpaid one is tried again; null where none do. What fell due before is already applied.',
  })
  async renewsAt(@Root() product: Product, @Ctx() context: RequestContext): Promise<Date | null> {
    return (await standingLoader(context).load(product)).renewsAt;
  }

  @FieldResolver(() => [ProductSuspension], { description: 'What keeps it from being used now.' })
  async suspensions(@Root() product: Product, @Ctx() context: RequestContext): Promise<ProductSuspension[]> {
    return (await standingLoader(context).load(product)).suspensions;
  }

  @FieldResolver(() => ProductSuspensionConnection, { description: 'Everything that ever kept it from being used, the oldest first.' })
  suspensionHistory(@Root() product: Product, @Args(() => PageArgs) page: PageArgs, @Ctx() context: RequestContext): Promise<Page<ProductSuspension>> {
    return suspensionPageLoader(context, page).load(product);
  }

  @FieldResolver(() => ProductStepConnection, { description: 'The steps of its life, the oldest first: its state and offering from an instant on.' })
  history(@Root() product: Product, @Args(() => PageArgs) page: PageArgs, @Ctx() context: RequestContext): Promise<Page<ProductStep>> {
    return historyPageLoader(context, page).load(product);
  }

  @FieldResolver(() => PendingProductChange, { nullable: true, description: 'The change of offering that waits for the end of the period; null where none does.' })
  async pendingChange(@Root() product: Product, @Ctx() context: RequestContext): Promise<PendingProductChange | null> {
    const offering = product.nextVersionKey === null ? null : await offeringLoader(context).load(product.nextVersionKey);
    return offering && { offering, at: (await standingLoader(context).load(product)).renewsAt };
  }

  @FieldResolver(() => [AssignedPrice], { description: 'The prices it pays, paid and will pay; list prices are not assigned and not among them.' })
  async prices(@Root() product: Product, @Ctx() context: RequestContext): Promise<AssignedPrice[]> {
    const assignments = await assignmentsLoader(context).load(product.productKey);
    const prices = await priceVersionLoader(context).loadMany(assignments.map((row) => row.price_version_id));
    return assignments.flatMap(({ valid_from: from, valid_until: until }, index) => {
      const price = prices[index];
      if (price instanceof Error) throw price;
      return price ? [{ price, valid: { from, until } }] : [];
    });
  }

  @FieldResolver(() => Money, { nullable: true, description: 'What the renewal at `renewsAt` costs with its tax; null where nothing falls due.' })
  renewalFee(@Root() product: Product, @Ctx() context: RequestContext): Promise<Money | null> {
    return renewalFeeLoader(context).load(product);
  }
}

@Resolver(() => ProductStep)
export class ProductStepResolver {
  @FieldResolver(() => ProductOffering, { nullable: true, description: 'The offering version that it was then.' })
  offering(@Root() step: ProductStep, @Ctx() context: RequestContext): Promise<ProductOffering | null> {
    return offeringLoader(context).load(step.offeringVersionKey);
  }
}

/** Products from where people look for them. */
@Resolver(() => BillingAccount)
export class AccountProductsResolver {
  @FieldResolver(() => ProductConnection, { description: 'Its products, ended ones included, in the order in which they were made.' })
  products(@Root() account: BillingAccount, @Args(() => PageArgs) page: PageArgs, @Ctx() context: RequestContext): Promise<Page<Product>> {
    return productPageLoader(context, page).load(account);
  }
}

@Resolver(() => AssignedIdentifier)
export class IdentifierProductResolver {
  @FieldResolver(() => Product, { nullable: true, description: 'The product that its usage belongs to; null where every product of the account serves it.' })
  async product(@Root() identifier: AssignedIdentifier, @Ctx() context: RequestContext): Promise<Product | null> {
    return identifier.productId === null ? null : productLoader(context).load(identifier.productId);
  }
}

registerNode('Product', async ([part], context) => {
  const key = wholePart(part);
  return key === null ? null : productLoader(context).load(key);
});
