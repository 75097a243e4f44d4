import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import type { RequestContext } from '../context';
import type { Role } from '../platform/auth/caller';
import { actorOf, settle } from '../tenant';
import { AGENTS, optionalKey, requiredKey } from './caller';
import { assignedIdentifierOf } from './identifier.type';
import { IdentifierAssignInput, IdentifierReleaseInput } from './party.input';
import { IdentifierAssignPayload, IdentifierReleasePayload } from './party.payload';

/** Gives numbers and other keys of usage to accounts, and ends that. */
@Resolver()
export class IdentifierMutations {
  @Authorized<Role>([...AGENTS])
  @Mutation(() => IdentifierAssignPayload, {
    description: 'Gives an identifier to an account for a time. May refuse with INVALID_INPUT, NOT_FOUND, CONFLICT, OVERLOADED, or ALREADY_EXISTS where it is taken for a part of that time.',
  })
  identifierAssign(
    @Arg('input', () => IdentifierAssignInput, { description: 'The identifier and its owner.' }) input: IdentifierAssignInput,
    @Ctx() context: RequestContext,
  ): Promise<IdentifierAssignPayload> {
    return settle(IdentifierAssignPayload, 'identifier', async () => {
      const { kind, value, validFrom } = input;
      const accountId = requiredKey(input.billingAccountId, ['BillingAccount'], 'billingAccountId');
      const productId = optionalKey(input.productId, 'Product', 'productId');
      return assignedIdentifierOf(await context.services.identifiers.assign(actorOf(context), { accountId, kind, value, validFrom, productId }));
    });
  }

  @Authorized<Role>([...AGENTS])
  @Mutation(() => IdentifierReleasePayload, {
    description: 'Ends the ownership of an identifier; from then on another account may own it. May refuse with INVALID_INPUT, NOT_FOUND or OVERLOADED.',
  })
  identifierRelease(
    @Arg('input', () => IdentifierReleaseInput, { description: 'The identifier and its end.' }) input: IdentifierReleaseInput,
    @Ctx() context: RequestContext,
  ): Promise<IdentifierReleasePayload> {
    return settle(IdentifierReleasePayload, 'identifier', async () => {
      const { kind, value, validUntil } = input;
      const accountId = requiredKey(input.billingAccountId, ['BillingAccount'], 'billingAccountId');
      return assignedIdentifierOf(await context.services.identifiers.release(actorOf(context), { accountId, kind, value, validUntil }));
    });
  }
}
