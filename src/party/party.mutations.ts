import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import type { RequestContext } from '../context';
import type { Role } from '../platform/auth/caller';
import { actorOf, settle } from '../tenant';
import { AGENTS, requiredKey } from './caller';
import { customerOf } from './customer.type';
import { CustomerCreateInput, IndividualCreateInput, OrganizationCreateInput } from './party.input';
import { CustomerCreatePayload, IndividualCreatePayload, OrganizationCreatePayload } from './party.payload';
import { individualOf, organizationOf } from './party.type';

/** Records people, organizations and customers. */
@Resolver()
export class PartyMutations {
  @Authorized<Role>([...AGENTS])
  @Mutation(() => IndividualCreatePayload, { description: 'Records a natural person. May refuse with INVALID_INPUT.' })
  individualCreate(
    @Arg('input', () => IndividualCreateInput, { description: 'The person.' }) input: IndividualCreateInput,
    @Ctx() context: RequestContext,
  ): Promise<IndividualCreatePayload> {
    return settle(IndividualCreatePayload, 'individual', async () =>
      individualOf(await context.services.parties.individualCreate(actorOf(context), input)));
  }

  @Authorized<Role>([...AGENTS])
  @Mutation(() => OrganizationCreatePayload, { description: 'Records a legal person. May refuse with INVALID_INPUT.' })
  organizationCreate(
    @Arg('input', () => OrganizationCreateInput, { description: 'The organization.' }) input: OrganizationCreateInput,
    @Ctx() context: RequestContext,
  ): Promise<OrganizationCreatePayload> {
    return settle(OrganizationCreatePayload, 'organization', async () =>
      organizationOf(await context.services.parties.organizationCreate(actorOf(context), input)));
  }

  @Authorized<Role>([...AGENTS])
  @Mutation(() => CustomerCreatePayload, {
    description: 'Makes a party a customer. May refuse with INVALID_INPUT, NOT_FOUND, CONFLICT, or ALREADY_EXISTS for the external id.',
  })
  customerCreate(
    @Arg('input', () => CustomerCreateInput, { description: 'The party and its role.' }) input: CustomerCreateInput,
    @Ctx() context: RequestContext,
  ): Promise<CustomerCreatePayload> {
    return settle(CustomerCreatePayload, 'customer', async () => {
      const { externalId, segment } = input;
      const partyId = requiredKey(input.partyId, ['Individual', 'Organization'], 'partyId');
      return customerOf(await context.services.parties.customerCreate(actorOf(context), { partyId, externalId, segment }));
    });
  }
}
