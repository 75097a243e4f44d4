import { Arg, Authorized, Ctx, FieldResolver, ID, Resolver, Root, Subscription } from 'type-graphql';
import type { RequestContext } from '../context';
import { BalanceCause, causeLoader } from '../ledger';
import { noSuchObject, positionAfter } from '../live';
import { VisibleAccount, visibleAccounts } from '../party';
import type { Role } from '../platform/auth/caller';
import { CursorScalar, decodeNumericId } from '../platform/graphql';
import { BalanceChanged, balanceChangedOf } from './balance-changed.type';
import { balanceKey, type BalanceNews, balanceStream, sharedBalances } from './balance-stream';

const WATCHERS: readonly Role[] = ['SUBSCRIBER', 'CRM_AGENT', 'FINANCE'];

interface BalanceChangedArgs {
  readonly accountId: string;
  readonly after?: string | null;
}

/** Live balances. */
@Resolver(() => BalanceChanged)
export class BalanceChangedResolver {
  @Authorized<Role>([...WATCHERS])
  @Subscription(() => BalanceChanged, {
    description: 'The balance of an account: as it stands, then after every change; changes that come too fast are shown as one. Ends with NOT_FOUND where the account is not, or no longer, the caller\'s, and with BAD_USER_INPUT for a cursor of another account.',
    subscribe: ({ args, context }) => watchBalance(args as BalanceChangedArgs, context as RequestContext),
  })
  balanceChanged(
    @Root() { view, reason }: BalanceNews,
    @Arg('accountId', () => ID, { description: 'The account.' }) _accountId: string,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Cursor of the last balance that was seen; null to begin.' }) _after?: string | null,
  ): BalanceChanged {
    return balanceChangedOf(view, reason);
  }

  @FieldResolver(() => BalanceCause, { nullable: true, description: 'The latest of the changes that led to it; null for a snapshot, and where another member of the sharing group caused it.' })
  async cause(@Root() { reason, place, accountKey }: BalanceChanged, @Ctx() context: RequestContext): Promise<BalanceCause | null> {
    const cause = reason === 'CHANGE' ? await causeLoader(context).load(place) : null;
    // What another member of a sharing group used is that member's own.
    const isForeign = cause !== null && cause.accountKey !== null && cause.accountKey !== accountKey;
    return isForeign ? null : cause;
  }
}

async function watchBalance({ accountId, after }: BalanceChangedArgs, context: RequestContext): Promise<AsyncIterable<BalanceNews>> {
  const { caller, services } = context;
  const key = decodeNumericId(accountId, 'BillingAccount');
  const account = key === null ? null : await find(context, key);
  if (!account) throw noSuchObject();
  const position = positionAfter(after, account.rootId);
  return balanceStream({
    live: services.live, root: account, reads: sharedBalances(services.charging), key: balanceKey(caller.tenantId, account.accountId),
    isResumed: position !== null, isOwner: async () => (await find(context, account.accountId)) !== null,
  });
}

const find = async ({ caller, services }: RequestContext, accountId: bigint): Promise<VisibleAccount | null> =>
  (await visibleAccounts(services.pool, caller, [accountId])).get(accountId.toString()) ?? null;
