import type { RowWriter, SettleDecision, SettleDesk, SettleMove } from '../charging';
import { bigints, instants, ints, Statement, texts } from '../platform/db';
import type { RootRef } from '../platform/root';
import { Period, periodOf } from '../platform/time';

/** What a closing answers: the period's number and the last position that its bill may hold. */
export interface Closed {
  readonly sequence: number;
  readonly position: string;
}

interface PeriodRow extends RootRef {
  readonly accountId: bigint;
  readonly tenantId: number;
  readonly sequence: number;
  readonly period: Period;
  readonly position: bigint;
  readonly previousEnd: number;
  readonly previousPosition: bigint;
  readonly openPeriod: number | null;
  readonly closedAt: number;
}

const PERIODS: RowWriter<PeriodRow> = {
  order: 10,
  make: (rows) => ({
    name: 'insert-bill-periods',
    text: `insert into bill_period (shard, root_id, account_id, sequence, tenant_id, period_start, period_end, start_date, end_date, position,
             previous_end, previous_position, open_period, closed_at)
           select * from unnest($1::smallint[], $2::bigint[], $3::bigint[], $4::int[], $5::smallint[], $6::timestamptz[], $7::timestamptz[], $8::date[],
             $9::date[], $10::bigint[], $11::timestamptz[], $12::bigint[], $13::timestamptz[], $14::timestamptz[])`,
    values: [ints(rows, (r) => r.shard), bigints(rows, (r) => r.rootId), bigints(rows, (r) => r.accountId), ints(rows, (r) => r.sequence),
      ints(rows, (r) => r.tenantId), instants(rows, (r) => r.period.start), instants(rows, (r) => r.period.end), texts(rows, (r) => r.period.startDate),
      texts(rows, (r) => r.period.endDate), bigints(rows, (r) => r.position), instants(rows, (r) => r.previousEnd),
      bigints(rows, (r) => r.previousPosition), instants(rows, (r) => r.openPeriod), instants(rows, (r) => r.closedAt)],
  }),
};

/** The last closing of every payer of the root. */
const lastClosings = (root: RootRef): Statement => ({
  name: 'last-closings',
  text: `select distinct on (p.account_id) p.account_id, p.sequence, p.position, floor(extract(epoch from p.period_end) * 1000)::float8 as period_end
           from bill_period p where p.shard = $1 and p.root_id = $2 order by p.account_id, p.sequence desc`,
  values: [root.shard, root.rootId.toString()],
});

interface ClosingRow { readonly account_id: string; readonly sequence: number; readonly position: string; readonly period_end: number }

/**
 * Closes the bill period of a payer that ends at `end`: everything up to this place in the root's order belongs to its bill
 * or to an earlier one. The root's oldest open period moves on as far as every payer of the root is closed.
 */
export const closeMove = (accountId: bigint, end: number): SettleMove<Closed> => ({
  operation: 'BILL_CLOSE', accountId, body: { end }, reads: (root) => [lastClosings(root)],
  decide: (desk, [rows = []]) => decideClose(desk, accountId, end, rows as unknown as ClosingRow[]),
});

export const closeKey = (tenantId: number, accountId: bigint, end: number): { tenantId: number; caller: string; key: string } =>
  ({ tenantId, caller: 'billing', key: `${accountId}:${new Date(end).toISOString()}` });

function decideClose(desk: SettleDesk, accountId: bigint, end: number, closings: readonly ClosingRow[]): SettleDecision<Closed> {
  const refuse = (message: string): SettleDecision<Closed> => ({ errors: [{ code: 'CONFLICT', message, path: [] }], stored: false });
  const account = desk.accounts.get(accountId);
  if (!account || account.payerId !== accountId) return refuse('The account does not pay for itself.');
  const period = periodOf({ kind: 'BILL_CYCLE', day: account.billCycleDay }, account.timeZone, end - 1);
  if (period.end !== end) return refuse('No bill period of the account ends then.');
  if (desk.now < end) return refuse('The bill period is not over yet.');
  const last = closings.find((row) => row.account_id === accountId.toString());
  if (last && last.period_end >= end) return refuse('The bill period was closed before.');
  const sequence = (last?.sequence ?? 0) + 1;
  const openPeriod = raisedTo(desk, accountId, end, closings);
  const { shard, rootId, tenantId, position } = desk;
  if (openPeriod !== null) desk.raiseOpenPeriod(openPeriod);
  desk.write(PERIODS, {
    shard, rootId, accountId, tenantId, sequence, period, position, previousEnd: last?.period_end ?? 0,
    previousPosition: BigInt(last?.position ?? '0'), openPeriod, closedAt: desk.now,
  });
  return { answer: { sequence, position: position.toString() } };
}

/** What the root's oldest open period moves to; null where a payer of the root is not closed as far. */
function raisedTo(desk: SettleDesk, accountId: bigint, end: number, closings: readonly ClosingRow[]): number | null {
  let least = end;
  for (const { id, payerId } of desk.accounts.values()) {
    if (id !== payerId || id === accountId) continue;
    const closed = closings.find((row) => row.account_id === id.toString())?.period_end;
    if (closed === undefined) return null;
    if (closed < least) least = closed;
  }
  return desk.openPeriod !== null && desk.openPeriod >= least ? null : least;
}
