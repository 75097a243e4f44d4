import { Arg, Authorized, Ctx, ID, Query, Resolver } from 'type-graphql';
import type { RequestContext } from '../../context';
import { Role, SIGNED_IN } from '../auth/caller';
import { decodeId, typeOfId } from './node-id';
import { Node, nodeLoader } from './node.type';

/** Any object by its id; each room decides whether the caller may see it. */
@Resolver()
export class NodeResolver {
  @Authorized<Role>([...SIGNED_IN])
  @Query(() => Node, {
    nullable: true,
    description: 'The object with this id; null where it does not exist or is not for this caller.',
  })
  async node(
    @Arg('id', () => ID, { description: 'Opaque id of the object.' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<Node | null> {
    const type = typeOfId(id);
    const load = type && nodeLoader(type);
    const parts = type && decodeId(id, type);
    return load && parts ? load(parts, context) : null;
  }
}
