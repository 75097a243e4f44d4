import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../context';
import type { Role } from '../platform/auth/caller';
import { decodeNumericId, Page, PageArgs, registerNode, wholePart } from '../platform/graphql';
import { accountPageLoader } from './account-page.loader';
import { BillingAccount, BillingAccountConnection } from './billing-account.type';
import { READERS } from './caller';
import { Customer } from './customer.type';
import { identifierPageLoader } from './identifier-page.loader';
import { AssignedIdentifier, AssignedIdentifierConnection } from './identifier.type';
import { accountLoader, customerLoader, groupLoader } from './party.loader';
import { SharingGroup } from './sharing-group.type';

/** Billing accounts: their place in the tree, who pays, what identifies their usage. */
@Resolver(() => BillingAccount)
export class AccountResolver {
  @Authorized<Role>([...READERS])
  @Query(() => BillingAccount, { nullable: true, description: 'The account with this id; null where it does not exist or is not for this caller.' })
  async billingAccount(
    @Arg('id', () => ID, { description: 'Id of the billing account.' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<BillingAccount | null> {
    const key = decodeNumericId(id, 'BillingAccount');
    return key === null ? null : accountLoader(context).load(key);
  }

  @FieldResolver(() => Customer, { nullable: true, description: 'The customer who owns the account; null where it is not for this caller.' })
  customer(@Root() account: BillingAccount, @Ctx() context: RequestContext): Promise<Customer | null> {
    return customerLoader(context).load(account.customerId);
  }

  @FieldResolver(() => BillingAccount, { nullable: true, description: 'The account above it in the organization\'s tree; null at the top, and where it is not for this caller.' })
  async parent(@Root() account: BillingAccount, @Ctx() context: RequestContext): Promise<BillingAccount | null> {
    return account.parentId === null ? null : accountLoader(context).load(account.parentId);
  }

  @FieldResolver(() => BillingAccountConnection, { description: 'The accounts directly below it, oldest first.' })
  children(@Root() account: BillingAccount, @Args(() => PageArgs) page: PageArgs, @Ctx() context: RequestContext): Promise<Page<BillingAccount>> {
    return accountPageLoader(context, 'parent', page).load(account.accountId);
  }

  @FieldResolver(() => BillingAccount, { nullable: true, description: 'The account that pays, itself by default; null where it is not for this caller.' })
  async payer(@Root() account: BillingAccount, @Ctx() context: RequestContext): Promise<BillingAccount | null> {
    return account.payerId === account.accountId ? account : accountLoader(context).load(account.payerId);
  }

  @FieldResolver(() => SharingGroup, { nullable: true, description: 'The sharing group it is in; null where it is in none.' })
  sharingGroup(@Root() account: BillingAccount, @Ctx() context: RequestContext): Promise<SharingGroup | null> {
    return groupLoader(context).load(account.root.rootId);
  }

  @FieldResolver(() => AssignedIdentifierConnection, { description: 'The numbers and other keys it owns, owned or will own, by their start.' })
  identifiers(@Root() account: BillingAccount, @Args(() => PageArgs) page: PageArgs, @Ctx() context: RequestContext): Promise<Page<AssignedIdentifier>> {
    return identifierPageLoader(context, page).load(account.accountId);
  }
}

/** Sharing groups: whose buckets, and who may draw on them. */
@Resolver(() => SharingGroup)
export class SharingGroupResolver {
  @FieldResolver(() => BillingAccount, { nullable: true, description: 'The account whose shared buckets the members draw on; null where it is not for this caller.' })
  owner(@Root() group: SharingGroup, @Ctx() context: RequestContext): Promise<BillingAccount | null> {
    return accountLoader(context).load(group.rootId);
  }

  @FieldResolver(() => BillingAccountConnection, { description: 'The accounts of the group, its owner included, as far as they are for this caller.' })
  members(@Root() group: SharingGroup, @Args(() => PageArgs) page: PageArgs, @Ctx() context: RequestContext): Promise<Page<BillingAccount>> {
    return accountPageLoader(context, 'root', page).load(group.rootId);
  }
}

registerNode('BillingAccount', async ([part], context) => {
  const key = wholePart(part);
  return key === null ? null : accountLoader(context).load(key);
});
registerNode('SharingGroup', async ([part], context) => {
  const key = wholePart(part);
  return key === null ? null : groupLoader(context).load(key);
});
