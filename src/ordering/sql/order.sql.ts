import type { ErrorCode } from '../../platform/errors';
import { isoInstant, routedText } from '../../platform/db';
import type { EffectTime, ItemAction, ItemIdentifier, ItemPhase, ItemState, Order, OrderedSlice, OrderItem, OrderState } from '../order.types';

/** 64-bit ids are text, instants epoch ms. */
export interface ItemRow {
  readonly key: string; readonly ordinal: number; readonly action: ItemAction; readonly offering_version_id: string | null;
  readonly product_id: string; readonly takes_effect: EffectTime; readonly attached_to_key: string | null; readonly attached_to: string | null; readonly bundled_in: string | null;
  readonly relies_on: string[]; readonly identifiers: ItemIdentifier[]; readonly state: ItemState; readonly phase: ItemPhase;
  readonly resumes: string | null; readonly error_code: ErrorCode | null; readonly note: string | null; readonly attempts: number; readonly asked_at: number | null;
  readonly slice: OrderedSlice | null;
}
export interface OrderRow {
  readonly shard: number; readonly root_id: string; readonly id: string; readonly tenant_id: number; readonly account_id: string;
  readonly channel: string; readonly external_id: string; readonly state: OrderState; readonly version: number;
  readonly requested_start: number | null; readonly restarts: string | null; readonly created_at: number; readonly completed_at: number | null;
  readonly self_service: boolean; readonly purchase_order: string | null;
  readonly items: ItemRow[];
}

const ms = (column: string): string => `floor(extract(epoch from ${column}) * 1000)::float8`;

/** An order with its items as one row, of the alias `o`. */
export const ORDER_COLUMNS = `
  o.shard, o.root_id::text, o.id::text, o.tenant_id, o.account_id::text, o.channel, o.external_id, o.state, o.version,
  ${ms('o.requested_start')} as requested_start, o.restarts::text, o.self_service, ${ms('o.created_at')} as created_at, ${ms('o.completed_at')} as completed_at, o.purchase_order,
  (select json_agg(json_build_object('key', i.key, 'ordinal', i.ordinal, 'action', i.action, 'offering_version_id', i.offering_version_id::text,
            'product_id', i.product_id::text, 'takes_effect', i.takes_effect, 'attached_to_key', i.attached_to_key, 'attached_to', i.attached_to::text,
            'bundled_in', i.bundled_in::text, 'relies_on', i.relies_on, 'identifiers', i.identifiers, 'state', i.state, 'phase', i.phase, 'resumes', i.resumes,
            'error_code', i.error_code, 'note', i.note, 'attempts', i.attempts, 'asked_at', ${ms('i.asked_at')}, 'slice', i.slice) order by i.ordinal)
     from product_order_item i where i.shard = o.shard and i.order_id = o.id) as items`;

export const SELECT_ORDER = `select ${ORDER_COLUMNS} from product_order o where o.shard = $1 and o.id = $2 and o.tenant_id = $3`;
/** As the runner reads them: by their places ($1 shards, $2 ids) alone. */
export const SELECT_ORDERS_AT = `select ${ORDER_COLUMNS} from unnest($1::smallint[], $2::bigint[]) asked (shard, id)
  join product_order o on o.shard = asked.shard and o.id = asked.id`;
export const LOCK_ORDER = 'select 1 from product_order where shard = $1 and id = $2 for update';
/** Many ($1 their shards, each once, $2 shards, $3 ids), always in the same order, so that two who take several never wait for each other. */
export const lockOrders = routedText('o.shard', (where) => `select 1 from unnest($2::smallint[], $3::bigint[]) asked (shard, id)
  join product_order o on o.shard = asked.shard and o.id = asked.id where ${where} order by o.shard, o.id for update of o`);

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

export const SELECT_KEYS = 'select external_id, body_hash, order_id::text from product_order_key where tenant_id = $1 and channel = $2 and external_id = any($3::text[])';

export const INSERT_ORDER = `
  insert into product_order (shard, root_id, id, tenant_id, account_id, channel, external_id, state, requested_start, restarts, created_at, self_service, purchase_order, wakes_at)
  values ($1, $2, $3, $4, $5, $6, $7, 'ACKNOWLEDGED', $8, $9, $10, $11, $12, case when $8::timestamptz is null then clock_timestamp() + interval '30 seconds' end)`;
const ITEM_COLUMNS = `(shard, root_id, order_id, tenant_id, key, ordinal, action, offering_version_id, product_id, product_version,
    takes_effect, attached_to_key, attached_to, bundled_in, relies_on, identifiers, slice, state, phase)`;
const ITEM_VALUES = `x.key, x.ordinal, x.action, x.offering_version_id, x.product_id, x.product_version, x.takes_effect, x.attached_to_key,
         x.attached_to, x.bundled_in, array(select json_array_elements_text(x.relies_on)), x.identifiers, x.slice, 'ACKNOWLEDGED', 'NEW'`;
const ITEM_FORM = `key text, ordinal smallint, action text, offering_version_id bigint, product_id bigint, product_version integer,
      takes_effect text, attached_to_key text, attached_to bigint, bundled_in bigint, relies_on json, identifiers json, slice json`;
export const INSERT_ITEMS = `insert into product_order_item ${ITEM_COLUMNS} select $1, $2, $3, $4, ${ITEM_VALUES} from json_to_recordset($5::json) x(${ITEM_FORM})`;

/** Many orders at once, each of a place of its own: $1 tenant, $2 channels, $3 external ids, $4 hashes, $5 orders. */
export const INSERT_KEYS = `insert into product_order_key (tenant_id, channel, external_id, body_hash, order_id)
  select $1, * from unnest($2::text[], $3::text[], $4::bytea[], $5::bigint[]) on conflict do nothing`;
/** $1 tenant, $2 now, $3 the rows as JSON. */
export const INSERT_ORDERS = `
  insert into product_order (shard, root_id, id, tenant_id, account_id, channel, external_id, state, created_at, wakes_at)
  select x.shard, x.root_id, x.id, $1, x.account_id, x.channel, x.external_id, 'ACKNOWLEDGED', $2::timestamptz, clock_timestamp() + interval '30 seconds'
    from json_to_recordset($3::json) x(shard smallint, root_id bigint, id bigint, account_id bigint, channel text, external_id text)`;
/** $1 tenant, $2 the rows as JSON. */
export const INSERT_ITEMS_OF_MANY = `insert into product_order_item ${ITEM_COLUMNS} select x.shard, x.root_id, x.order_id, $1, ${ITEM_VALUES}
  from json_to_recordset($2::json) x(shard smallint, root_id bigint, order_id bigint, ${ITEM_FORM})`;

export const INSERT_STEPS = `insert into product_order_history (shard, order_id, version, tenant_id, from_state, state, at)
  select x.shard, x.order_id, x.version, x.tenant_id, x.from_state, x.state, x.at
    from json_to_recordset($1::json) x(shard smallint, order_id bigint, version integer, tenant_id smallint, from_state text, state text, at timestamptz)`;

/** $1 the shards, each once, $2 the rows as JSON. */
export const updateOrders = routedText('o.shard', (where) => `
  update product_order o set state = x.state, version = x.version, completed_at = x.completed_at, wakes_at = clock_timestamp() + x.wakes_in * interval '1 millisecond'
    from json_to_recordset($2::json) x(shard smallint, id bigint, state text, version integer, completed_at timestamptz, wakes_in float8)
   where o.shard = x.shard and o.id = x.id and ${where}`);
/** As updateOrders. */
export const updateItems = routedText('i.shard', (where) => `
  update product_order_item i set state = x.state, phase = x.phase, resumes = x.resumes, error_code = x.error_code, note = x.note, attempts = x.attempts, asked_at = x.asked_at
    from json_to_recordset($2::json) x(shard smallint, order_id bigint, key text, state text, phase text, resumes text, error_code text, note text,
      attempts smallint, asked_at timestamptz)
   where i.shard = x.shard and i.order_id = x.order_id and i.key = x.key and ${where}`);

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
    purchaseOrder: row.purchase_order,
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
    errorCode: row.error_code, note: row.note, attempts: row.attempts, askedAt: row.asked_at, slice: row.slice,
  };
}

/** One row of updateItems. */
export const itemValues = ({ shard, id }: Pick<Order, 'shard' | 'id'>, item: OrderItem): object => ({
  shard, order_id: id.toString(), key: item.key, state: item.state, phase: item.phase,
  resumes: item.resumes && `${item.resumes.state}/${item.resumes.phase}`, error_code: item.errorCode, note: item.note, attempts: item.attempts,
  asked_at: item.askedAt === null ? null : isoInstant(item.askedAt),
});
