import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../context';
import type { Role } from '../platform/auth/caller';
import { DateTimeScalar, decodeNumericId, DEFAULT_PAGE, Page, PageArgs, registerNode, wholePart } from '../platform/graphql';
import type { IdentifierKind } from '../usage/usage.types';
import { accountPageLoader } from './account-page.loader';
import { BillingAccount, BillingAccountConnection } from './billing-account.type';
import { READERS, STAFF } from './caller';
import { findOwner, readCustomers } from './customer-page.reader';
import { Customer, CustomerConnection } from './customer.type';
import { IdentifierKindEnum } from './party.enums';
import { customerLoader, partyLoader } from './party.loader';
import { Individual, Organization, Party } from './party.type';

/** Customers, and how to find them. */
@Resolver(() => Customer)
export class CustomerResolver {
  @Authorized<Role>(['SUBSCRIBER'])
  @Query(() => Customer, { nullable: true, description: 'The customer whom the caller is; null where the customer is gone.' })
  viewer(@Ctx() context: RequestContext): Promise<Customer | null> {
    const { customerId } = context.caller;
    return customerId === null ? Promise.resolve(null) : customerLoader(context).load(customerId);
  }

  @Authorized<Role>([...READERS])
  @Query(() => Customer, { nullable: true, description: 'The customer with this id; null where it does not exist or is not for this caller.' })
  async customer(
    @Arg('id', () => ID, { description: 'Id of the customer.' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<Customer | null> {
    const key = decodeNumericId(id, 'Customer');
    return key === null ? null : customerLoader(context).load(key);
  }

  @Authorized<Role>([...STAFF])
  @Query(() => CustomerConnection, { description: 'The customers of the tenant in the order in which they were recorded.' })
  customers(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('externalId', () => String, { nullable: true, description: 'Only the one with this key in the operator\'s own CRM.' }) externalId: string | null,
    @Ctx() context: RequestContext,
  ): Promise<Page<Customer>> {
    return readCustomers(context, page, externalId ?? null);
  }

  @Authorized<Role>([...STAFF])
  @Query(() => Customer, {
    nullable: true,
    description: 'Who owned a number, or another key of usage, at an instant; null where nobody did. A recycled number answers by the instant.',
  })
  async customerByIdentifier(
    @Arg('kind', () => IdentifierKindEnum, { description: 'What kind of key it is.' }) kind: IdentifierKind,
    @Arg('value', () => String, { description: 'The value, in any spelling that could be assigned.' }) value: string,
    @Arg('at', () => DateTimeScalar, { nullable: true, description: 'The instant; now by the tenant\'s clock where absent.' }) at: Date | null,
    @Ctx() context: RequestContext,
  ): Promise<Customer | null> {
    return findOwner(context, kind, value, at ?? await context.services.clock.now(context.caller.tenantId));
  }

  @FieldResolver(() => Party, { description: 'The person or organization that is the customer.' })
  async party(@Root() customer: Customer, @Ctx() context: RequestContext): Promise<Individual | Organization> {
    const party = await partyLoader(context).load(customer.partyId);
    if (!party) throw new Error('A visible customer has a visible party.');
    return party;
  }

  @FieldResolver(() => String, { description: 'The customer\'s name: that of its party.' })
  async name(@Root() customer: Customer, @Ctx() context: RequestContext): Promise<string> {
    return (await this.party(customer, context)).name;
  }

  @FieldResolver(() => [BillingAccount], {
    description: 'The customer\'s first accounts, oldest first, without paging; billingAccounts has the same with it.',
  })
  async accounts(
    @Root() customer: Customer,
    @Arg('first', () => Int, { defaultValue: DEFAULT_PAGE, description: 'How many at most, 1 to 100.' }) first: number,
    @Ctx() context: RequestContext,
  ): Promise<BillingAccount[]> {
    return (await accountPageLoader(context, 'customer', { first }).load(customer.customerId)).nodes;
  }

  @FieldResolver(() => BillingAccountConnection, { description: 'The customer\'s accounts, oldest first.' })
  billingAccounts(
    @Root() customer: Customer, @Args(() => PageArgs) page: PageArgs, @Ctx() context: RequestContext,
  ): Promise<Page<BillingAccount>> {
    return accountPageLoader(context, 'customer', page).load(customer.customerId);
  }
}

const partyNode = (kind: typeof Individual | typeof Organization) => async ([part]: readonly string[], context: RequestContext): Promise<Party | null> => {
  const key = wholePart(part);
  const party = key === null ? null : await partyLoader(context).load(key);
  return party instanceof kind ? party : null;
};

registerNode('Individual', partyNode(Individual));
registerNode('Organization', partyNode(Organization));
registerNode('Customer', async ([part], context) => {
  const key = wholePart(part);
  return key === null ? null : customerLoader(context).load(key);
});
