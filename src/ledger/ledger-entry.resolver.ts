import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../context';
import { BalanceCause } from './balance-cause.type';
import { causeLoader } from './ledger-entry.loader';
import { LedgerEntry } from './ledger-entry.type';

/** Why an entry was made. */
@Resolver(() => LedgerEntry)
export class LedgerEntryResolver {
  @FieldResolver(() => BalanceCause, { nullable: true, description: 'The charge or move that made it; null where it is not kept any more.' })
  cause(@Root() entry: LedgerEntry, @Ctx() context: RequestContext): Promise<BalanceCause | null> {
    return causeLoader(context).load(entry.place);
  }
}
