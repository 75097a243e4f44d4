import { Arg, Authorized, Field, ID, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import type { RequestContext } from '../context';
import { noSuchObject } from '../live';
import { visibleAccounts } from '../party';
import type { Role } from '../platform/auth/caller';
import { CursorScalar, decodeCursor, decodeNumericId, encodeCursor, requestError, wholePart } from '../platform/graphql';
import { orderStream } from './order-stream';
import { findOrder } from './order.store';
import { refOf } from './order.service';
import { ProductOrder, productOrderOf } from './order.type';
import type { Order } from './order.types';

const WATCHERS: readonly Role[] = ['SUBSCRIBER', 'CRM_AGENT', 'FINANCE'];
const SCOPE = 'orderVersion';

@ObjectType('ProductOrderChanged', { simpleResolvers: true, description: 'A whole order, newer than the one before.' })
export class ProductOrderChanged {
  @Field(() => CursorScalar, { description: 'Hand it back as `after` to resume.' })
  readonly cursor!: string;

  @Field(() => ProductOrder, { description: 'The order as it stands.' })
  readonly order!: ProductOrder;
}

interface OrderChangedArgs {
  readonly orderId: string;
  readonly after?: string | null;
}

/** Live orders. */
@Resolver(() => ProductOrderChanged)
export class OrderChangedResolver {
  @Authorized<Role>([...WATCHERS])
  @Subscription(() => ProductOrderChanged, {
    description: 'The progress of an order: as it stands, then after every step, until its last state; steps that come too fast are shown as one. Ends with NOT_FOUND where the order is not, or no longer, the caller\'s, and with BAD_USER_INPUT for a cursor of another order.',
    subscribe: ({ args, context }) => watchOrder(args as OrderChangedArgs, context as RequestContext),
  })
  productOrderChanged(
    @Root() order: Order,
    @Arg('orderId', () => ID, { description: 'The order.' }) _orderId: string,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Cursor of the last step that was seen; null to begin.' }) _after?: string | null,
  ): ProductOrderChanged {
    return Object.assign(new ProductOrderChanged(), { cursor: encodeCursor(SCOPE, order.id, `${order.version}`), order: productOrderOf(order) });
  }
}

async function watchOrder({ orderId, after }: OrderChangedArgs, { caller, services }: RequestContext): Promise<AsyncIterable<Order>> {
  const key = decodeNumericId(orderId, 'ProductOrder');
  const read = async (): Promise<Order | null> => (key === null ? null : findOrder(services.pool, caller.tenantId, refOf(key)));
  const order = await read();
  const isOwner = async (): Promise<boolean> =>
    order !== null && (await visibleAccounts(services.pool, caller, [order.accountId])).has(order.accountId.toString());
  if (!order || !(await isOwner())) throw noSuchObject();
  return orderStream({ live: services.live, topics: services.orders.topics, order, after: versionAfter(after, order.id), read, isOwner });
}

function versionAfter(cursor: string | null | undefined, orderId: bigint): number {
  if (cursor === null || cursor === undefined) return 0;
  const parts = decodeCursor(cursor, SCOPE);
  const version = parts?.length === 2 && wholePart(parts[0]) === orderId ? wholePart(parts[1]) : null;
  if (version === null || version > 2n ** 31n) throw requestError('BAD_USER_INPUT', 'The cursor is not one of this subscription.');
  return Number(version);
}
