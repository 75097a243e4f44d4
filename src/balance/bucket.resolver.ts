import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../context';
import { entryPageLoader, LedgerEntry, LedgerEntryConnection } from '../ledger';
import { accountLoader, BillingAccount } from '../party';
import { Page, PageArgs, registerNode } from '../platform/graphql';
import { Product, productLoader } from '../product';
import { allowanceNameLoader, bucketKeyOf, bucketsOfProduct, findBucket } from './account-balance.loader';
import { Bucket, bucketOf } from './bucket.type';

/** Buckets: whose they are, what granted them, what moved them. */
@Resolver(() => Bucket)
export class BucketResolver {
  @FieldResolver(() => BillingAccount, { nullable: true, description: 'The account that owns it; null for a member of a sharing group who is not its owner.' })
  account(@Root() bucket: Bucket, @Ctx() context: RequestContext): Promise<BillingAccount | null> {
    return accountLoader(context).load(bucket.accountKey);
  }

  @FieldResolver(() => Product, { nullable: true, description: 'The product that grants it; null for money, and where it is not for this caller.' })
  async product(@Root() bucket: Bucket, @Ctx() context: RequestContext): Promise<Product | null> {
    return bucket.productKey === null ? null : productLoader(context).load(bucket.productKey);
  }

  @FieldResolver(() => String, { nullable: true, description: 'Name of the allowance; null for money.' })
  async allowance(@Root() bucket: Bucket, @Ctx() context: RequestContext): Promise<string | null> {
    return bucket.allowanceKey === null ? null : allowanceNameLoader(context).load(bucket.allowanceKey);
  }

  @FieldResolver(() => LedgerEntryConnection, {
    nullable: true, description: 'Its moves, newest first; null for a member of a sharing group who is not its owner.',
  })
  async entries(@Root() bucket: Bucket, @Args(() => PageArgs) page: PageArgs, @Ctx() context: RequestContext): Promise<Page<LedgerEntry> | null> {
    const owner = await accountLoader(context).load(bucket.accountKey);
    return owner && entryPageLoader(context, page).load(bucket.key);
  }
}

/** The buckets that a product grants. */
@Resolver(() => Product)
export class ProductBucketsResolver {
  @FieldResolver(() => [Bucket], { description: 'The live buckets that it grants; those of ended periods are not among them. In the order of their use: priority, the sooner end, then age.' })
  buckets(@Root() product: Product, @Ctx() context: RequestContext): Promise<Bucket[]> {
    return bucketsOfProduct(context, product.productKey, product.accountKey);
  }
}

registerNode('Bucket', async (parts, context) => {
  const key = bucketKeyOf(parts);
  const found = key && await findBucket(context, key);
  return found && bucketOf(found.bucket, found.at);
});
