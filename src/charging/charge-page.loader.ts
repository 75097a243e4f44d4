import DataLoader from 'dataloader';
import type { RequestContext } from '../context';
import { accountFilter } from '../party';
import { encodeCursor, ownedPlace, Page, PageArgs, pageOf, pagesByOwner, wholeAfter } from '../platform/graphql';
import { shardOfId } from '../platform/root';
import { USAGE_KINDS, UsageKind } from '../usage/usage.types';
import { Charge, Usage } from './charge.type';
import { CHARGE_COLUMNS, chargeOf, ChargeRecord, usageOfCharge } from './charge.loader';

/** Which usages of a product are wanted: by start, half-open; null = without bound, every kind. */
export interface UsageRange {
  readonly from: Date | null;
  readonly until: Date | null;
  readonly kinds: readonly UsageKind[] | null;
}

interface OwnedRecord extends ChargeRecord {
  readonly owner_key: string;
}

/*
 * Newest first, by the root's own order of everything that happens to it: what comes in meanwhile stands before the first
 * page and moves nothing behind it. The root's part of the table is read backwards by its key, from the cursor.
 */
const selectUsagePages = (visible: string): string => `
  select page.*, product.id as owner_key
    from unnest($1::smallint[], $2::bigint[]) owner (shard, id)
    join product on product.shard = owner.shard and product.id = owner.id
    join billing_account account on account.shard = product.shard and account.id = product.account_id
   cross join lateral (
     select ${CHARGE_COLUMNS} from charge
      where charge.shard = product.shard and charge.root_id = product.root_id and charge.position < $3::bigint
        and charge.product_id = product.id and charge.reverses is null and charge.kind = any($5::text[])
        and ($6::timestamptz is null or charge.event_at >= $6) and ($7::timestamptz is null or charge.event_at < $7)
      order by charge.position desc limit $4::integer + 1) page
   where ${visible}
   order by product.id, page.position desc`;

const selectChargePages = (visible: string): string => `
  select page.*, account.id as owner_key
    from unnest($1::smallint[], $2::bigint[]) owner (shard, id)
    join billing_account account on account.shard = owner.shard and account.id = owner.id
   cross join lateral (
     select ${CHARGE_COLUMNS} from charge
      where charge.shard = account.shard and charge.root_id = account.root_id and charge.position < $3::bigint
        and charge.account_id = account.id
      order by charge.position desc limit $4::integer + 1) page
   where ${visible}
   order by account.id, page.position desc`;

const FIRST_POSITION = 2n ** 63n - 1n;

/** Pages of the usages of products, newest first; all products of one field in one statement. */
export function usagePageLoader(context: RequestContext, page: PageArgs, range: UsageRange): DataLoader<bigint, Page<Usage>, string> {
  const place = ownedPlace(page.after, 'usage', 1);
  const before = wholeAfter(place, FIRST_POSITION);
  const { from, until, kinds } = range;
  const name = `charging.usages.${page.first}.${page.after ?? ''}.${from?.toISOString()}.${until?.toISOString()}.${kinds?.join('+')}`;
  return context.loader(name, () => new DataLoader(async (keys: readonly bigint[]) => {
    const filter = accountFilter(context.caller, 8);
    const { rows } = await context.services.pool.query<OwnedRecord>(selectUsagePages(filter.sql),
      [...owners(keys), before.toString(), page.first, kinds ?? USAGE_KINDS, from, until, ...filter.parameters]);
    return pagesByOwner(keys, place, String, (key) =>
      pageOf(ownedBy(rows, key), page, (row) => usageOf(chargeOf(row, context.caller)), cursorOf('usage')));
  }, { cacheKeyFn: String }));
}

/** Pages of the charges of accounts, fees and refunds among them, newest first. */
export function chargePageLoader(context: RequestContext, page: PageArgs): DataLoader<bigint, Page<Charge>, string> {
  const place = ownedPlace(page.after, 'charge', 1);
  const before = wholeAfter(place, FIRST_POSITION);
  return context.loader(`charging.charges.${page.first}.${page.after ?? ''}`, () => new DataLoader(async (keys: readonly bigint[]) => {
    const filter = accountFilter(context.caller, 5);
    const { rows } = await context.services.pool.query<OwnedRecord>(selectChargePages(filter.sql),
      [...owners(keys), before.toString(), page.first, ...filter.parameters]);
    return pagesByOwner(keys, place, String, (key) =>
      pageOf(ownedBy(rows, key), page, (row) => chargeOf(row, context.caller), cursorOf('charge')));
  }, { cacheKeyFn: String }));
}

const owners = (keys: readonly bigint[]): unknown[] => [keys.map(shardOfId), keys.map(String)];
const ownedBy = (rows: readonly OwnedRecord[], key: bigint): OwnedRecord[] => rows.filter((row) => row.owner_key === key.toString());

/** The statement leaves fees and refunds out. */
function usageOf(charge: Charge): Usage {
  const usage = usageOfCharge(charge);
  if (!usage) throw new Error(`Charge ${charge.id} is for no usage.`);
  return usage;
}

const cursorOf = (scope: string) => (row: OwnedRecord): string => encodeCursor(scope, row.owner_key, row.position);
