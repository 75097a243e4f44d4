import { Arg, Authorized, Ctx, ID, Resolver, Root, Subscription } from 'type-graphql';
import type { RequestContext } from '../context';
import { noSuchObject, positionAfter } from '../live';
import { accountFilter } from '../party';
import type { Role } from '../platform/auth/caller';
import { CursorScalar, decodeNumericId, requestError } from '../platform/graphql';
import { RootRef, shardOfId } from '../platform/root';
import { UsageCharged, type UsageChargedNews, usageChargedOf } from './usage-charged.type';
import { usageStream } from './usage-stream';

const WATCHERS: readonly Role[] = ['SUBSCRIBER', 'CRM_AGENT', 'FINANCE'];

interface UsageChargedArgs {
  readonly productId?: string | null;
  readonly accountId?: string | null;
  readonly after?: string | null;
}

/** Live charges. */
@Resolver()
export class UsageChargedResolver {
  @Authorized<Role>([...WATCHERS])
  @Subscription(() => UsageCharged, {
    description: 'The charged usages of a product or of an account, one by one, without gap or repeat. Ends with NOT_FOUND where the object is not, or no longer, the caller\'s, and with BAD_USER_INPUT for a cursor of another account.',
    subscribe: ({ args, context }) => watchUsage(args as UsageChargedArgs, context as RequestContext),
  })
  usageCharged(
    @Root() news: UsageChargedNews,
    @Arg('productId', () => ID, { nullable: true, description: 'The product; give it or the account.' }) _productId: string | null | undefined,
    @Arg('accountId', () => ID, { nullable: true, description: 'The account, for all of its products.' }) _accountId: string | null | undefined,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Cursor of the last message that was seen; null to begin now.' })
    _after: string | null | undefined,
    @Ctx() { caller }: RequestContext,
  ): UsageCharged {
    return usageChargedOf(news, caller);
  }
}

async function watchUsage({ productId, accountId, after }: UsageChargedArgs, context: RequestContext): Promise<AsyncIterable<UsageChargedNews>> {
  const isProduct = typeof productId === 'string';
  if (isProduct === (typeof accountId === 'string')) throw requestError('BAD_USER_INPUT', 'Give exactly one of productId and accountId.');
  const key = decodeNumericId(productId ?? accountId ?? '', isProduct ? 'Product' : 'BillingAccount');
  const place = key === null ? null : await find(context, key, isProduct);
  if (key === null || !place) throw noSuchObject();
  const { services: { live, pool } } = context;
  return usageStream({
    ...place, live, pool, productId: isProduct ? key : null, after: positionAfter(after, place.rootId),
    isOwner: async () => (await find(context, key, isProduct)) !== null,
  });
}

interface Place extends RootRef {
  readonly accountId: bigint;
}

interface PlaceRow { readonly shard: number; readonly root_id: string; readonly id: string }

const ofAccount = (visible: string): string => `
  select account.shard, account.root_id, account.id from billing_account account where account.shard = $1 and account.id = $2 and ${visible}`;

const ofProduct = (visible: string): string => `
  select account.shard, account.root_id, account.id
    from product join billing_account account on account.shard = product.shard and account.id = product.account_id
   where product.shard = $1 and product.id = $2 and ${visible}`;

/** Where the usages of a product or an account stand; null for what is unknown and for what is not the caller's. */
async function find({ caller, services }: RequestContext, key: bigint, isProduct: boolean): Promise<Place | null> {
  const filter = accountFilter(caller, 3);
  const text = isProduct ? ofProduct(filter.sql) : ofAccount(filter.sql);
  const { rows: [row] } = await services.pool.query<PlaceRow>(text, [shardOfId(key), key.toString(), ...filter.parameters]);
  return row ? { shard: row.shard, rootId: BigInt(row.root_id), accountId: BigInt(row.id) } : null;
}
