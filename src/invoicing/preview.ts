import type { Pool } from 'pg';
import type { ChargeRow, ChargingApi } from '../charging';
import { isoInstant } from '../platform/db';
import { shardOfId } from '../platform/root';
import { periodOf } from '../platform/time';
import { BillFacts, ClosedPeriod } from './bill-facts';
import type { Bill } from './bill.types';

/** What is after every position. */
const ANYTHING = 2n ** 62n;

interface PayerRecord {
  readonly shard: number; readonly root_id: string; readonly tenant_id: number; readonly currency: string; readonly payment_mode: string; readonly time_zone: string;
  readonly bill_cycle_day: number; readonly sequence: number | null; readonly position: string | null; readonly period_end: number | null;
  readonly end_date: string | null; readonly read_from: string | null; readonly is_mixed: boolean;
}

/* The payer with its last closed period. One that is closed and whose bill is not computed yet reads as far back as is needed. */
const SELECT_PAYER = `
select a.shard, a.root_id, a.tenant_id, a.currency, a.payment_mode, a.time_zone, a.bill_cycle_day, p.sequence, p.position,
       floor(extract(epoch from p.period_end) * 1000)::float8 as period_end, p.end_date::text as end_date, b.read_from,
       exists (select from bucket m where m.shard = a.shard and m.root_id = a.root_id and m.account_id = a.id and m.kind in ('MONEY', 'PROMOTION')) as is_mixed
  from billing_account a
  left join lateral (select p.* from bill_period p where p.shard = a.shard and p.account_id = a.id order by p.sequence desc limit 1) p on true
  left join customer_bill b on b.shard = a.shard and b.account_id = a.id and b.sequence = p.sequence
 where a.shard = $1 and a.id = $2 and a.payer_id = a.id`;

export interface Preview {
  readonly period: ClosedPeriod;
  readonly bill: Bill;
  readonly at: number;
}

/**
 * The bill of a payer's period under way as it would be now, with what fell due and is not booked yet; null where the account
 * pays nothing itself. The same function as the bill, with another bound; nothing is written.
 */
export async function previewBill(pool: Pool, charging: Pick<ChargingApi, 'dueCharges'>, tenantId: number, accountId: bigint): Promise<Preview | null> {
  const { charges, now } = await charging.dueCharges(tenantId, accountId);
  const { rows: [row] } = await pool.query<PayerRecord>(SELECT_PAYER, [shardOfId(accountId), accountId.toString()]);
  if (!row) return null;
  const period = openPeriodOf(row, accountId, now);
  const bill = await new BillFacts(pool).preview(period, charges.map(asRow));
  return { period, bill, at: now };
}

function openPeriodOf(row: PayerRecord, accountId: bigint, now: number): ClosedPeriod {
  const period = periodOf({ kind: 'BILL_CYCLE', day: row.bill_cycle_day }, row.time_zone, now);
  return {
    shard: row.shard, rootId: BigInt(row.root_id), accountId, sequence: (row.sequence ?? 0) + 1, tenantId: row.tenant_id,
    kind: row.payment_mode === 'PREPAID' ? 'STATEMENT' : 'BILL', currency: row.currency,
    cycle: { zone: row.time_zone, day: row.bill_cycle_day, period }, position: ANYTHING, previousEnd: row.period_end ?? 0,
    previousEndDate: row.end_date ?? '1970-01-01', previousPosition: BigInt(row.position ?? '0'), readFrom: BigInt(row.read_from ?? '0'), isMixed: row.is_mixed,
  };
}

/** A charge in memory as a row of its table. */
const asRow = (charge: ChargeRow): object => ({
  shard: charge.shard, root_id: charge.rootId.toString(), position: charge.position.toString(), tenant_id: charge.tenantId, source: charge.source,
  event_id: charge.eventId, role: charge.role, party: charge.party.toString(), status: charge.status, account_id: charge.accountId.toString(),
  product_id: charge.productId?.toString() ?? null, kind: charge.kind, event_at: isoInstant(charge.eventAt), bill_period: isoInstant(charge.billPeriod),
  unit: charge.unit, quantity: charge.quantity.toString(), net: charge.net.toString(), tax: charge.tax.toString(), asset: charge.asset,
  price_version_id: charge.priceVersionId?.toString() ?? null, reverses: null, explanation: charge.explanation === null ? null : JSON.parse(charge.explanation) as object,
});
