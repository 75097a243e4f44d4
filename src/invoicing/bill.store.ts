import type { Pool, PoolClient } from 'pg';
import { bigints, booleans, inTransaction, instants, ints, texts } from '../platform/db';
import { formatScaled, moneyAsset } from '../platform/money';
import type { ExactDecimal } from '../platform/money';
import type { ClosedPeriod, ComputedBill } from './bill-facts';
import type { BillKey } from './bill.types';
import { Journal, side, writeJournals } from './journal';
import { INSERT_BILLS, INSERT_DEFERRALS, INSERT_LINES, INSERT_TAXES, PeriodRecord, SELECT_PERIODS } from './sql/bill.sql';

const rateText = ({ unscaled, scale }: ExactDecimal): string => formatScaled(unscaled, scale);

/** The name of a bill within its root's shard, for keys and journals. */
export const billReference = ({ accountId, sequence }: Pick<BillKey, 'accountId' | 'sequence'>): string => `${accountId}:${sequence}`;

/** Closed periods in the order asked for. */
export async function loadPeriods(pool: Pool, keys: readonly Pick<BillKey, 'shard' | 'accountId' | 'sequence'>[]): Promise<ClosedPeriod[]> {
  const { rows } = await pool.query<PeriodRecord>({ text: SELECT_PERIODS,
    values: [keys.map((key) => key.shard), keys.map((key) => key.accountId.toString()), keys.map((key) => key.sequence)] });
  return rows.map((row) => ({
    shard: row.shard, rootId: BigInt(row.root_id), accountId: BigInt(row.account_id), sequence: row.sequence, tenantId: row.tenant_id,
    kind: row.payment_mode === 'PREPAID' ? 'STATEMENT' : 'BILL', currency: row.currency,
    cycle: { zone: row.time_zone, day: row.bill_cycle_day,
      period: { start: row.period_start, end: row.period_end, startDate: row.start_date, endDate: row.end_date } },
    position: BigInt(row.position), previousEnd: row.previous_end, previousEndDate: row.previous_end_date,
    previousPosition: BigInt(row.previous_position), readFrom: BigInt(row.read_from), isMixed: row.is_mixed,
  }));
}

/** Stores computed bills with lines, taxes, what is earned and what is still to be earned, in one transaction. */
export function storeBills(pool: Pool, bills: readonly ComputedBill[], runId: bigint | null, bookedAt: number): Promise<void> {
  return inTransaction(pool, async (tx) => {
    await insertBills(tx, bills, runId);
    await insertLines(tx, bills);
    await insertTaxes(tx, bills);
    await insertDeferrals(tx, bills);
    await writeJournals(tx, bills.flatMap((bill) => releaseOf(bill, bookedAt)));
  });
}

async function insertBills(tx: PoolClient, rows: readonly ComputedBill[], runId: bigint | null): Promise<void> {
  await tx.query({ text: INSERT_BILLS, values: [
    ints(rows, (r) => r.period.shard), bigints(rows, (r) => r.period.rootId), bigints(rows, (r) => r.period.accountId), ints(rows, (r) => r.period.sequence),
    ints(rows, (r) => r.period.tenantId), bigints(rows, () => runId), texts(rows, (r) => r.bill.kind), texts(rows, (r) => r.bill.currency),
    ints(rows, (r) => r.bill.lines.length), bigints(rows, (r) => r.bill.lines.reduce((sum, line) => sum + line.chargeCount, 0n)),
    bigints(rows, (r) => r.bill.exactNet), bigints(rows, (r) => r.bill.exactTax), bigints(rows, (r) => r.bill.net), bigints(rows, (r) => r.bill.tax),
    bigints(rows, (r) => r.bill.total), bigints(rows, (r) => r.bill.prepaid), bigints(rows, (r) => r.bill.adjusted), bigints(rows, (r) => r.bill.due),
    bigints(rows, (r) => r.bill.rounding), bigints(rows, (r) => r.nextReadFrom)] });
}

async function insertLines(tx: PoolClient, bills: readonly ComputedBill[]): Promise<void> {
  const rows = bills.flatMap(({ period, bill }) => bill.lines.map((line, index) => ({ period, line, number: index + 1 })));
  if (rows.length === 0) return;
  await tx.query({ text: INSERT_LINES, values: [
    ints(rows, (r) => r.period.shard), bigints(rows, (r) => r.period.rootId), bigints(rows, (r) => r.period.accountId), ints(rows, (r) => r.period.sequence),
    ints(rows, (r) => r.number), ints(rows, (r) => r.period.tenantId), bigints(rows, (r) => r.line.userAccountId), bigints(rows, (r) => r.line.productId),
    bigints(rows, (r) => r.line.priceVersionId), texts(rows, (r) => r.line.kind), texts(rows, (r) => r.line.unit), texts(rows, (r) => r.line.description),
    instants(rows, (r) => r.line.period.start), instants(rows, (r) => r.line.period.end), texts(rows, (r) => r.line.period.startDate),
    texts(rows, (r) => r.line.period.endDate), texts(rows, (r) => r.line.taxCode), texts(rows, (r) => rateText(r.line.taxRate)),
    booleans(rows, (r) => r.line.taxIncluded), texts(rows, (r) => r.line.revenueAccount), bigints(rows, (r) => r.line.quantity),
    bigints(rows, (r) => r.line.chargeCount), bigints(rows, (r) => r.line.net), bigints(rows, (r) => r.line.tax), bigints(rows, (r) => r.line.amount),
    bigints(rows, (r) => r.line.netRounded), texts(rows, (r) => r.line.purchaseOrder)] });
}

async function insertTaxes(tx: PoolClient, bills: readonly ComputedBill[]): Promise<void> {
  const rows = bills.flatMap(({ period, bill }) => bill.taxes.map((item) => ({ period, item })));
  if (rows.length === 0) return;
  await tx.query({ text: INSERT_TAXES, values: [
    ints(rows, (r) => r.period.shard), bigints(rows, (r) => r.period.rootId), bigints(rows, (r) => r.period.accountId), ints(rows, (r) => r.period.sequence),
    texts(rows, (r) => r.item.taxCode), texts(rows, (r) => rateText(r.item.taxRate)), booleans(rows, (r) => r.item.taxIncluded),
    ints(rows, (r) => r.period.tenantId), bigints(rows, (r) => r.item.base), bigints(rows, (r) => r.item.amount), bigints(rows, (r) => r.item.exact)] });
}

async function insertDeferrals(tx: PoolClient, bills: readonly ComputedBill[]): Promise<void> {
  const rows = bills.flatMap(({ period, deferrals }) => deferrals.map((deferral) => ({ period, deferral })));
  if (rows.length === 0) return;
  await tx.query({ text: INSERT_DEFERRALS, values: [
    ints(rows, (r) => r.period.shard), bigints(rows, (r) => r.period.rootId), bigints(rows, (r) => r.period.accountId), bigints(rows, (r) => r.deferral.position),
    ints(rows, (r) => r.period.sequence), ints(rows, (r) => r.period.tenantId), texts(rows, (r) => r.deferral.startDate), texts(rows, (r) => r.deferral.endDate),
    bigints(rows, (r) => r.deferral.amount), texts(rows, (r) => r.deferral.asset), texts(rows, (r) => r.deferral.revenueAccount)] });
}

/** What the period earned of fees paid in advance: deferred revenue becomes revenue. */
function releaseOf({ period, earned }: ComputedBill, bookedAt: number): Journal[] {
  if (earned.size === 0) return [];
  const total = [...earned.values()].reduce((sum, value) => sum + value, 0n);
  const sides = [side('deferred_revenue', -total), ...[...earned].map(([account, value]) => side(account, value))].filter(({ amount }) => amount !== 0n);
  if (sides.length === 0) return [];
  const { shard, rootId, tenantId, currency } = period;
  return [{ shard, rootId, kind: 'REVENUE_RELEASE', reference: billReference(period), tenantId, asset: moneyAsset(currency), bookedAt, document: null, sides }];
}
