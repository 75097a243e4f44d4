import DataLoader from 'dataloader';
import type { RequestContext } from '../context';
import { accountFilter } from '../party';
import type { Caller, Role } from '../platform/auth/caller';
import type { ErrorCode } from '../platform/errors';
import { encodeId, moneyOf, quantityOf, wholePart } from '../platform/graphql';
import { amount, currencyOf, quantity, Unit } from '../platform/money';
import { shardOfId } from '../platform/root';
import type { UsageKind } from '../usage/usage.types';
import { Charge, ChargeKind, ChargeState, StoredExplanation, Usage } from './charge.type';
import type { ChargeRole } from './charge.types';

/** A charge within its root. */
export interface ChargeKey {
  readonly rootId: bigint;
  readonly position: bigint;
}

/** A row of `charge` as the driver gives it. */
export interface ChargeRecord {
  readonly root_id: string;
  readonly position: string;
  readonly source: string;
  readonly event_id: string;
  readonly role: ChargeRole;
  readonly status: 'CHARGED' | 'REFUSED';
  readonly reason: string | null;
  readonly account_id: string;
  readonly product_id: string | null;
  readonly kind: ChargeKind;
  readonly identifier: string | null;
  readonly other_party: string | null;
  readonly event_at: Date;
  readonly booked_at: Date;
  readonly unit: Unit;
  readonly quantity: string;
  readonly net: string;
  readonly tax: string;
  readonly asset: string;
  readonly price_version_id: string | null;
  readonly reverses: string | null;
  readonly explanation: StoredExplanation | null;
}

/** What ChargeRecord holds, of the alias `charge`. */
export const CHARGE_COLUMNS = `charge.root_id, charge.position, charge.source, charge.event_id, charge.role, charge.status, charge.reason,
  charge.account_id, charge.product_id, charge.kind, charge.identifier, charge.other_party, charge.event_at, charge.booked_at, charge.unit,
  charge.quantity, charge.net, charge.tax, charge.asset, charge.price_version_id, charge.reverses, charge.explanation`;

const selectCharges = (visible: string): string => `
  select ${CHARGE_COLUMNS}
    from unnest($1::smallint[], $2::bigint[], $3::bigint[]) asked (shard, root_id, position)
    join charge on charge.shard = asked.shard and charge.root_id = asked.root_id and charge.position = asked.position
    join billing_account account on account.shard = charge.shard and account.id = charge.account_id
   where ${visible}`;

/** The key in the parts of an id; null where they are none. */
export function chargeKeyOf(parts: readonly string[] | null): ChargeKey | null {
  if (parts?.length !== 2) return null;
  const [rootId, position] = [wholePart(parts[0]), wholePart(parts[1])];
  return rootId === null || position === null ? null : { rootId, position };
}

export const keyText = ({ rootId, position }: ChargeKey): string => `${rootId}:${position}`;

/** Charges by key; null for what is unknown and for what is not the caller's. */
export function chargeLoader(context: RequestContext): DataLoader<ChargeKey, Charge | null, string> {
  return context.loader('charging.charge', () => new DataLoader(async (keys: readonly ChargeKey[]) => {
    const filter = accountFilter(context.caller, 4);
    const { rows } = await context.services.pool.query<ChargeRecord>(selectCharges(filter.sql), [...places(keys), ...filter.parameters]);
    const found = new Map(rows.map((row) => [`${row.root_id}:${row.position}`, chargeOf(row, context.caller)]));
    return keys.map((key) => found.get(keyText(key)) ?? null);
  }, { cacheKeyFn: keyText }));
}

/** Shards, roots and positions as three parameters. */
export const places = (keys: readonly ChargeKey[]): unknown[] =>
  [keys.map(({ rootId }) => shardOfId(rootId)), keys.map(({ rootId }) => rootId.toString()), keys.map(({ position }) => position.toString())];

const FEES: ReadonlySet<string> = new Set<ChargeKind>(['RECURRING_FEE', 'ONE_TIME_FEE']);
/** Whom a subscriber called is for the subscriber, and for the people who help. */
const SEES_OTHER_PARTY: readonly Role[] = ['SUBSCRIBER', 'CRM_AGENT'];

/** A charge as this caller may see it. */
export function chargeOf(row: ChargeRecord, caller: Caller): Charge {
  const currency = currencyOf(row.asset) ?? '';
  const [net, tax] = [BigInt(row.net), BigInt(row.tax)];
  const [rootId, position] = [BigInt(row.root_id), BigInt(row.position)];
  const isUsage = row.reverses === null && !FEES.has(row.kind);
  return Object.assign(new Charge(), {
    id: encodeId('Charge', rootId, position), kind: row.kind, role: row.role, startedAt: row.event_at, bookedAt: row.booked_at,
    quantity: quantityOf(quantity(BigInt(row.quantity)), row.unit), net: moneyOf(amount(net), currency), tax: moneyOf(amount(tax), currency),
    gross: moneyOf(amount(net + tax), currency), refusedBecause: row.status === 'REFUSED' ? row.reason as ErrorCode : null,
    rootId, position, accountId: BigInt(row.account_id), productKey: row.product_id === null ? null : BigInt(row.product_id),
    priceVersionKey: row.price_version_id, reverses: row.reverses === null ? null : BigInt(row.reverses), reason: row.reason,
    grossAmount: net + tax, taxAmount: tax, currency, explained: row.explanation ?? {},
    sent: isUsage ? {
      usageId: row.event_id, source: row.source, subscriber: row.identifier,
      otherParty: SEES_OTHER_PARTY.includes(caller.role) ? row.other_party : null,
    } : null,
  });
}

/** The usage that a charge is for; null for fees and refunds. */
export function usageOfCharge(charge: Charge): Usage | null {
  const { rootId, position, kind, startedAt, quantity: used, sent } = charge;
  return sent && Object.assign(new Usage(), {
    id: encodeId('Usage', rootId, position), kind: kind as UsageKind, startedAt, quantity: used, ...sent, charged: charge,
  });
}

interface RefundRecord {
  readonly ordinal: string;
  readonly gross: string;
}

/** By the key of usages, whose source is the product's own name for refunds: a shard holds few of them. */
const SELECT_REFUNDS = `
  select asked.ordinal, back.gross
    from unnest($1::smallint[], $2::bigint[], $3::bigint[]) with ordinality asked (shard, root_id, position, ordinal)
   cross join lateral (
     select -sum(refund.net + refund.tax)::bigint as gross from charge refund
      where refund.shard = asked.shard and refund.tenant_id = $4 and refund.source in ('refund', 'change')
        and refund.root_id = asked.root_id and refund.reverses = asked.position
     having count(*) > 0) back`;

/** What was given back of charges so far, gross; null where nothing was. Asked for charges that the caller was shown. */
export function refundedLoader({ loader, services, caller }: RequestContext): DataLoader<Charge, bigint | null, string> {
  return loader('charging.refunded', () => new DataLoader(async (charges: readonly Charge[]) => {
    const { rows } = await services.pool.query<RefundRecord>(SELECT_REFUNDS, [...places(charges), caller.tenantId]);
    const found = new Map(rows.map((row) => [row.ordinal, BigInt(row.gross)]));
    return charges.map((_, index) => found.get(`${index + 1}`) ?? null);
  }, { cacheKeyFn: keyText }));
}

/** The state that follows from what was given back. */
export function stateOf(charge: Charge, refunded: bigint | null): ChargeState {
  if (charge.refusedBecause !== null) return 'REFUSED';
  if (refunded === null) return 'CHARGED';
  return refunded >= charge.grossAmount ? 'REFUNDED' : 'PARTLY_REFUNDED';
}
