import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import type { RequestContext } from '../context';
import type { Role } from '../platform/auth/caller';
import { Refusal } from '../platform/errors';
import { TokenRevocationService } from './token-revocation.service';
import { TokenRevokeInput, TokenRevokePayload } from './token-revocation.type';

@Resolver()
export class TokenRevocationResolver {
  @Authorized<Role>('ADMIN')
  @Mutation(() => TokenRevokePayload, {
    description: 'Stops one token, or every token of a subject, of your tenant within five seconds on every node. Errors: INVALID_INPUT.',
  })
  async tokenRevoke(
    @Arg('input', () => TokenRevokeInput, { description: 'What to stop, and why.' }) input: TokenRevokeInput,
    @Ctx() { caller, requestId, services }: RequestContext,
  ): Promise<TokenRevokePayload> {
    try {
      const revocation = await new TokenRevocationService(services.pool, services.auth).revoke(caller, requestId, input);
      return { revocation, errors: [] };
    } catch (error) {
      if (error instanceof Refusal) return { revocation: null, errors: [error.userError] };
      throw error;
    }
  }
}
