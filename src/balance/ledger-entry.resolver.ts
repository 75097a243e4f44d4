import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../context';
import { BalanceCause, causeLoader, LedgerEntry } from '../ledger';
import { accountLoader } from '../party';

/** Why an entry was made; it stands here, because whose charge it was only party can tell. */
@Resolver(() => LedgerEntry)
export class LedgerEntryResolver {
  @FieldResolver(() => BalanceCause, {
    nullable: true, description: 'The charge or move that made it; null where it is not kept any more, and where another member of the sharing group caused it.',
  })
  async cause(@Root() entry: LedgerEntry, @Ctx() context: RequestContext): Promise<BalanceCause | null> {
    const cause = await causeLoader(context).load(entry.place);
    if (!cause || cause.accountKey === null) return cause;
    return await accountLoader(context).load(cause.accountKey) ? cause : null;
  }
}
