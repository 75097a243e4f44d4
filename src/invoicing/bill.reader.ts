import type { RequestContext } from '../context';
import { isoInstant } from '../platform/db';
import { moneyOf } from '../platform/graphql';
import { billLoader } from './bill.loader';
import { BillPreview, computedLine, taxesOfBill } from './bill-preview.type';
import type { CustomerBill } from './bill.type';
import { isSeriesName, seriesKey } from './issue.rules';
import { previewBill } from './preview';

const BY_NUMBER = `select account_id, sequence from document_number where series = $1 and number = $2 and kind in ('BILL', 'STATEMENT')`;
const MOST_NUMBER = 2n ** 62n;

/** The bill with a number of the caller's own tenant; null where there is none, or it is not the caller's. */
export async function findByNumber(context: RequestContext, series: string, number: bigint): Promise<CustomerBill | null> {
  if (!isSeriesName(series) || number < 1n || number > MOST_NUMBER) return null;
  const { rows: [row] } = await context.services.pool.query<{ account_id: string; sequence: number }>(BY_NUMBER,
    [seriesKey(context.caller.tenantId, series), number.toString()]);
  return row ? billLoader(context).load({ accountId: BigInt(row.account_id), sequence: row.sequence }) : null;
}

/** The preview of an account that the caller may see; null where another account pays. */
export async function shownPreview({ services, caller }: RequestContext, accountId: bigint): Promise<BillPreview | null> {
  const preview = await previewBill(services.pool, services.charging, caller.tenantId, accountId);
  if (!preview) return null;
  const { bill, period, at } = preview;
  const money = (value: typeof bill.net): ReturnType<typeof moneyOf> => moneyOf(value, bill.currency);
  const { startDate: from, endDate: until } = period.cycle.period;
  const bounds = {
    shard: period.shard, rootId: period.rootId, readFrom: period.readFrom.toString(), position: period.position.toString(),
    cycleEnd: isoInstant(period.cycle.period.end), previousEnd: isoInstant(period.previousEnd), previousPosition: period.previousPosition.toString(),
  };
  return Object.assign(new BillPreview(), {
    kind: bill.kind, period: { from, until }, asOf: new Date(at), net: money(bill.net), tax: money(bill.tax), total: money(bill.total),
    paidFromPrepaid: money(bill.prepaid), corrections: money(bill.adjusted), amountDue: money(bill.due), taxes: taxesOfBill(bill),
    accountKey: accountId.toString(), allLines: bill.lines.map((line, index) => computedLine(line, index + 1, bill.currency, bounds)),
  });
}
