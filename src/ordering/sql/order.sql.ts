import type { ErrorCode } from '../../platform/errors';
import { isoInstant } from '../../platform/db';
import type { EffectTime, ItemAction, ItemIdentifier, ItemPhase, ItemState, Order, OrderItem, OrderState } from '../order.types';

/** 64-bit ids are text, instants epoch ms. */
export interface ItemRow {
  readonly key: string; readonly ordinal: number; readonly action: ItemAction; readonly offering_version_id: string | null;
  readonly product_id: string; readonly takes_effect: EffectTime; readonly attached_to_key: string | null; readonly attached_to: string | null; readonly bundled_in: string | null;
  readonly relies_on: string[]; readonly identifiers: ItemIdentifier[]; readonly state: ItemState; readonly phase: ItemPhase;
  readonly resumes: string | null; readonly error_code: ErrorCode | null; readonly note: string | null; readonly attempts: number; readonly asked_at: number | null;
}
export interface OrderRow {
  readonly shard: number; readonly root_id: string; readonly id: string; readonly tenant_id: number; readonly account_id: string;
  readonly channel: string; readonly external_id: string; readonly state: OrderState; readonly version: number;
  readonly requested_start: number | null; readonly restarts: string | null; readonly created_at: number; readonly completed_at: number | null;
  readonly self_service: boolean;
  readonly items: ItemRow[];
}

const ms = (column: string): string => `floor(extract(epoch from ${column}) * 1000)::float8`;

/** An order with its items as one row, of the alias `o`. */
export const ORDER_COLUMNS = `
  o.shard, o.root_id::text, o.id::text, o.tenant_id, o.account_id::text, o.channel, o.external_id, o.state, o.version,
  ${ms('o.requested_start')} as requested_start, o.restarts::text, o.self_service, ${ms('o.created_at')} as created_at, ${ms('o.completed_at')} as completed_at,
  (select json_agg(json_build_object('key', i.key, 'ordinal', i.ordinal, 'action', i.action, 'offering_version_id', i.offering_version_id::text,
            'product_id', i.product_id::text, 'takes_effect', i.takes_effect, 'attached_to_key', i.attached_to_key, 'attached_to', i.attached_to::text,
            'bundled_in', i.bundled_in::text,            'relies_on', i.relies_on, 'identifiers', i.identifiers, 'state', i.state, 'phase', i.phase, 'resumes', i.resumes,
            'error_code', i.error_code, 'note', i.note, 'attempts', i.attempts, 'asked_at', ${ms('i.asked_at')}) order by i.ordinal)
     from product_order_item i where i.shard = o.shard and i.order_id = o.id) as items`;

export const SELECT_ORDER = `select ${ORDER_COLUMNS} from product_order o where o.shard = $1 and o.id = $2 and o.tenant_id = $3`;
/** As the runner reads it: by its place alone. */
export const SELECT_ORDER_AT = `select ${ORDER_COLUMNS} from product_order o where o.shard = $1 and o.id = $2`;
export const LOCK_ORDER = 'select 1 from product_order where shard = $1 and id = $2 for update';

/** @param visible a predicate over `account` from parameter $3 on. */
export const selectOrders = (visible: string): string => `
  select ${ORDER_COLUMNS} from unnest($1::smallint[], $2::bigint[]) asked (shard, id)
    join product_order o on o.shard = asked.shard and o.id = asked.id
    join billing_account account on account.shard = o.shard and account.id = o.account_id
   where ${visible}`;

/** Pages of the orders of accounts ($1 shards, $2 roots, $3 accounts) before an id ($4), the newest first, `$5 + 1` each. */
export const selectOrderPages = (visible: string): string => `
  select page.* from unnest($1::smallint[], $2::bigint[], $3::bigint[]) owner (shard, root_id, account_id)
    join billing_account account on account.shard = owner.shard and account.id = owner.account_id and ${visible}
   cross join lateral (
     select ${ORDER_COLUMNS} from product_order o
      where o.shard = owner.shard and o.root_id = owner.root_id and o.account_id = owner.account_id and o.id < $4::bigint
      order by o.id desc limit $5::integer + 1) page
   order by page.account_id, page.id::bigint desc`;

export const INSERT_KEY = `insert into product_order_key (tenant_id, channel, external_id, body_hash, order_id) values ($1, $2, $3, $4, $5)
  on conflict do nothing returning order_id`;
export const SELECT_KEY = 'select order_id::text, body_hash from product_order_key where tenant_id = $1 and channel = $2 and external_id = $3';

export const INSERT_ORDER = `
  insert into product_order (shard, root_id, id, tenant_id, account_id, channel, external_id, state, requested_start, restarts, created_at, self_service, wakes_at)
  values ($1, $2, $3, $4, $5, $6, $7, 'ACKNOWLEDGED', $8, $9, $10, $11, case when $8::timestamptz is null then clock_timestamp() + interval '30 seconds' end)`;
export const INSERT_ITEMS = `
  insert into product_order_item (shard, root_id, order_id, tenant_id, key, ordinal, action, offering_version_id, product_id, product_version,
    takes_effect, attached_to_key, attached_to, bundled_in, relies_on, identifiers, state, phase)
  select $1, $2, $3, $4, x.key, x.ordinal, x.action, x.offering_version_id, x.product_id, x.product_version, x.takes_effect, x.attached_to_key,
         x.attached_to, x.bundled_in, array(select json_array_elements_text(x.relies_on)), x.identifiers, 'ACKNOWLEDGED', 'NEW'
    from json_to_recordset($5::json) x(key text, ordinal smallint, action text, offering_version_id bigint, product_id bigint, product_version integer,
      takes_effect text, attached_to_key text, attached_to bigint, bundled_in bigint, relies_on json, identifiers json)`;
export const INSERT_STEP = `insert into product_order_history (shard, order_id, version, tenant_id, from_state, state, at) values ($1, $2, $3, $4, $5, $6, $7)`;

export const UPDATE_ORDER = `update product_order set state = $3, version = $4, completed_at = $5, wakes_at = clock_timestamp() + $6::float8 * interval '1 millisecond'
  where shard = $1 and id = $2`;
export const UPDATE_ITEM = `update product_order_item set state = $4, phase = $5, resumes = $6, error_code = $7, note = $8, attempts = $9, asked_at = $10
  where shard = $1 and order_id = $2 and key = $3`;

/** An open order that works on one of the products ($2) of a shard ($1). */
export const SELECT_BUSY = `select i.product_id::text from product_order_item i
  where i.shard = $1 and i.product_id = any($2::bigint[]) and i.state not in ('CANCELLED', 'COMPLETED', 'FAILED') limit 1`;

export const ADD_JOB = `select from graphile_worker.add_job($1, $2::json, job_key := $3,
  run_at := clock_timestamp() + $4::float8 * interval '1 millisecond', max_attempts := 20)`;

export function orderOf(row: OrderRow): Order {
  return {
    shard: row.shard, rootId: BigInt(row.root_id), id: BigInt(row.id), tenantId: row.tenant_id, accountId: BigInt(row.account_id),
    channel: row.channel, externalId: row.external_id, state: row.state, version: row.version, requestedStart: row.requested_start,
    restarts: row.restarts === null ? null : BigInt(row.restarts), isSelfService: row.self_service, createdAt: row.created_at, completedAt: row.completed_at,
    items: row.items.map(itemOf),
  };
}

const big = (text: string | null): bigint | null => (text === null ? null : BigInt(text));

function itemOf(row: ItemRow): OrderItem {
  const [state, phase] = (row.resumes ?? '').split('/') as [ItemState, ItemPhase];
  return {
    key: row.key, ordinal: row.ordinal, action: row.action, offeringVersionId: row.offering_version_id, productId: BigInt(row.product_id),
    takesEffect: row.takes_effect, attachedToKey: row.attached_to_key, attachedTo: big(row.attached_to),
    bundledIn: big(row.bundled_in), reliesOn: row.relies_on,
    identifiers: row.identifiers, state: row.state, phase: row.phase, resumes: row.resumes === null ? null : { state, phase },
    errorCode: row.error_code, note: row.note, attempts: row.attempts, askedAt: row.asked_at,
  };
}

/** The parameters of UPDATE_ITEM. */
export const itemValues = ({ shard, id }: Pick<Order, 'shard' | 'id'>, item: OrderItem): unknown[] => [
  shard, id.toString(), item.key, item.state, item.phase, item.resumes && `${item.resumes.state}/${item.resumes.phase}`, item.errorCode, item.note,
  item.attempts, item.askedAt === null ? null : isoInstant(item.askedAt),
];
