import type { PoolClient } from 'pg';
import { accountFilter } from '../party';
import { Refusal, refuse } from '../platform/errors';
import { shardOfId } from '../platform/root';
import type { ItemDraft, OrderDraft } from './order-draft';
import { OfferingVersionNotSold } from './order.errors';
import type { Orderer } from './order.types';
import { SELECT_SOLD, SELECT_TOUCHED, SoldRow, TouchedRow } from './sql/bundle.sql';
import { SELECT_BUSY } from './sql/order.sql';

/* What an order is checked against, read in its own transaction. */

export interface OrderAccount {
  readonly shard: number;
  readonly rootId: string;
  readonly id: string;
}

/**
 * The account, where it is one of the orderer's. Its row is the lock that makes the orders of one account wait for each
 * other, so that no two of them change one product or fill one bundle; charging takes no such lock.
 */
export async function requireAccount(tx: PoolClient, by: Orderer, id: bigint): Promise<OrderAccount> {
  const filter = accountFilter(by, 3);
  const { rows } = await tx.query<OrderAccount & { state: string }>(selectAccount(filter.sql), [shardOfId(id), id.toString(), ...filter.parameters]);
  if (!rows[0]) return refuse('NOT_FOUND', 'No such account.', ['accountId']);
  if (rows[0].state !== 'ACTIVE') return refuse('CONFLICT', 'The account is not active.', ['accountId']);
  return rows[0];
}

const selectAccount = (visible: string): string => `
  select account.shard, account.root_id::text as "rootId", account.id::text, account.state from billing_account account
   where account.shard = $1 and account.id = $2 and ${visible} for no key update`;

export async function requireRestartable(tx: PoolClient, account: OrderAccount, id: bigint): Promise<void> {
  const { rows } = await tx.query<{ state: string }>('select state from product_order where shard = $1 and id = $2 and account_id = $3',
    [account.shard, id.toString(), account.id]);
  if (!rows[0]) refuse('NOT_FOUND', 'No such order of this account.', ['restarts']);
  if (!['FAILED', 'PARTIAL'].includes(rows[0].state)) refuse('CONFLICT', 'Only an order that failed, in whole or part, is taken up again.', ['restarts']);
}

/** The versions on sale by offering code. */
export type Sold = ReadonlyMap<string, SoldRow>;

export async function readSold(tx: PoolClient, tenantId: number, codes: readonly string[]): Promise<Sold> {
  // Prepared: planning it takes longer than answering it, and every order asks.
  const { rows } = codes.length === 0 ? { rows: [] }
    : await tx.query<SoldRow>({ name: 'order-sold', text: SELECT_SOLD, values: [tenantId, [...new Set(codes)]] });
  return new Map(rows.map((row) => [row.code, row]));
}

/** Every item names what is sold now; another version that it names is refused with the one that is. */
export function requireSold(items: readonly ItemDraft[], sold: Sold): void {
  items.forEach(({ offeringCode, offeringVersion }, index) => {
    if (offeringCode === null) return;
    const found = sold.get(offeringCode);
    if (found && (offeringVersion === null || offeringVersion === found.version)) return;
    throw new Refusal(new OfferingVersionNotSold(offeringCode, found?.version ?? null, ['items', `${index}`, found ? 'offeringVersion' : 'offering']));
  });
}

/** Products that an order touches, by their ids as text. */
export type Touched = ReadonlyMap<string, TouchedRow>;

export async function readTouched(tx: PoolClient, account: OrderAccount, ids: readonly bigint[]): Promise<Touched> {
  const { rows } = await tx.query<TouchedRow>(SELECT_TOUCHED, [account.shard, ids.map(String), account.id]);
  return new Map(rows.map((row) => [row.id, row]));
}

const ENDED: ReadonlySet<string> = new Set(['TERMINATED', 'CANCELLED', 'ABORTED']);

/** The products that the order changes, ends or adds to: of this account, alive, as the caller saw them. */
export async function requireProducts(tx: PoolClient, account: OrderAccount, { items }: OrderDraft): Promise<Touched> {
  const ids = items.flatMap(({ productId, attachedTo, bundledIn }) => [productId, attachedTo, bundledIn].filter((id) => id !== null));
  if (ids.length === 0) return new Map();
  const found = await readTouched(tx, account, ids);
  items.forEach((item, index) => {
    for (const [id, field] of [[item.productId, 'productId'], [item.attachedTo, 'attachedToProductId'], [item.bundledIn, 'bundledInProductId']] as const) {
      if (id !== null) requireLiving(found.get(id.toString()), ['items', `${index}`, field]);
    }
    const version = item.productId === null ? null : found.get(item.productId.toString())!.version;
    if (item.productVersion !== null && version !== null && item.productVersion !== version) {
      refuse('CONFLICT', `The product has version ${version}; read it again.`, ['items', `${index}`, 'productVersion']);
    }
  });
  return found;
}

function requireLiving(product: TouchedRow | undefined, path: readonly string[]): void {
  if (!product) return refuse('NOT_FOUND', 'No such product of this account.', path);
  if (ENDED.has(product.state)) refuse('CONFLICT', 'The product has ended.', path);
}

/**
 * No other open order works on what this one changes, nor on a bundle whose components it adds or changes. Items that follow
 * from others are told by those.
 */
export async function requireFree(
  tx: PoolClient, account: OrderAccount, items: readonly ItemDraft[], given: number, touched: Touched,
): Promise<void> {
  const idsOf = ({ productId, bundledIn }: ItemDraft): (string | null)[] =>
    [productId?.toString() ?? null, bundledIn?.toString() ?? null, productId === null ? null : touched.get(productId.toString())?.bundled_in ?? null];
  const wanted = [...new Set(items.flatMap(idsOf))].filter((id) => id !== null);
  if (wanted.length === 0) return;
  const { rows: [busy] } = await tx.query<{ product_id: string }>(SELECT_BUSY, [account.shard, wanted]);
  if (!busy) return;
  const at = items.findIndex((item) => idsOf(item).includes(busy.product_id));
  const index = at < given ? at : items.findIndex(({ key }) => items[at]!.key.startsWith(`${key}/`));
  refuse('CONFLICT', 'Another open order changes this product; wait for it or cancel it.',
    ['items', `${index}`, items[index]!.productId === null ? 'bundledInProductId' : 'productId']);
}
