import type { Pool, QueryResultRow } from 'pg';
import { isoInstant } from '../platform/db';
import { dateOfEpochDay, epochDayOf, LocalDate, localParts } from '../platform/time';
import { billOf } from './bill.rules';
import type { Bill, BillKey, BillKind } from './bill.types';
import { earnedUntil } from './earn.rules';
import { broughtOver, chargeGroups, Cycle } from './group.rules';
import {
  DeferredRecord, EarningRecord, GroupRecord, PriceRecord, SELECT_ADJUSTED, SELECT_BROUGHT, SELECT_DEFERRED, SELECT_EARNING, SELECT_GROUPS, SELECT_GROUPS_WITH_DUE,
  SELECT_PREPAID, SELECT_PREPAID_WITH_DUE, SELECT_PRICES, SELECT_READ_FROM,
} from './sql/facts.sql';

/** A payer's period as it was closed (or, in a preview, as it would be): everything that its bill depends on beside the charges. */
export interface ClosedPeriod extends BillKey {
  readonly tenantId: number;
  readonly kind: BillKind;
  readonly currency: string;
  readonly cycle: Cycle;
  /** Last position that the bill may hold. */
  readonly position: bigint;
  readonly previousEnd: number;
  readonly previousEndDate: LocalDate;
  readonly previousPosition: bigint;
  /** Position after which it reads: what is before is on earlier bills. */
  readonly readFrom: bigint;
  /** Whether prepaid or promotional money may have paid beside credit. */
  readonly isMixed: boolean;
}

/** A fee that is earned over its period, from its bill on. */
export interface NewDeferral {
  readonly position: bigint;
  readonly startDate: LocalDate;
  readonly endDate: LocalDate;
  readonly amount: bigint;
  readonly asset: string;
  readonly revenueAccount: string;
}

/** A bill with what its period leaves to the next. */
export interface ComputedBill {
  readonly period: ClosedPeriod;
  readonly bill: Bill;
  readonly nextReadFrom: bigint;
  readonly deferrals: readonly NewDeferral[];
  /** What was earned since the bill before, by revenue account. */
  readonly earned: ReadonlyMap<string, bigint>;
}

/** Computes bills from facts: the same periods give the same bills at any time. Reads only. */
export class BillFacts {
  constructor(private readonly pool: Pool) {}

  /** The bills of closed periods, in their order. */
  async compute(periods: readonly ClosedPeriod[]): Promise<ComputedBill[]> {
    const values = valuesOf(periods);
    const [groups, readFrom, adjusted, brought] = await Promise.all([
      this.rows<GroupRecord>(SELECT_GROUPS, values), this.rows<{ ordinal: number; read_from: string }>(SELECT_READ_FROM, values), this.adjusted(periods),
      this.brought(periods),
    ]);
    const prices = await this.prices(groups);
    const prepaid = await this.prepaid(periods, null);
    const deferrals = await this.deferrals(periods, groups, prices);
    const earning = await this.earning(periods);
    const rows = byOrdinal(groups);
    return periods.map((period, index) => {
      const fresh = deferrals.get(index + 1) ?? [];
      return {
        period, bill: billOf([...broughtOver(period.accountId, brought.get(index + 1) ?? 0n, period.cycle), ...chargeGroups(rows.get(index + 1) ?? [], prices, period.cycle)],
          { kind: period.kind, currency: period.currency, prepaid: prepaid.get(index + 1) ?? 0n, adjusted: adjusted.get(index + 1) ?? 0n }),
        nextReadFrom: BigInt(readFrom[index]!.read_from), deferrals: fresh,
        earned: earnedOf(period, fresh, earning.get(index + 1) ?? []),
      };
    });
  }

  /** The bill of one period with what fell due and is not booked yet: rows of `charge` as JSON. */
  async preview(period: ClosedPeriod, due: readonly object[]): Promise<Bill> {
    const rows = await this.rows<GroupRecord>(SELECT_GROUPS_WITH_DUE, [...valuesOf([period]), JSON.stringify(due)]);
    const prices = await this.prices(rows);
    const [prepaid, adjusted, brought] = [await this.prepaid([period], due), await this.adjusted([period]), await this.brought([period])];
    return billOf([...broughtOver(period.accountId, brought.get(1) ?? 0n, period.cycle), ...chargeGroups(rows, prices, period.cycle)],
      { kind: period.kind, currency: period.currency, prepaid: prepaid.get(1) ?? 0n, adjusted: adjusted.get(1) ?? 0n });
  }

  private async prices(rows: readonly GroupRecord[]): Promise<ReadonlyMap<string, PriceRecord>> {
    const ids = [...new Set(rows.flatMap((row) => row.price_version_id ?? []))];
    const found = await this.rows<PriceRecord>(SELECT_PRICES, [ids]);
    return new Map(found.map((row) => [row.id, row]));
  }

  /** By ordinal; only accounts that have such money are looked at, because it is read charge by charge. */
  private async prepaid(periods: readonly ClosedPeriod[], due: readonly object[] | null): Promise<ReadonlyMap<number, bigint>> {
    const asked = periods.flatMap((period, index) => (period.kind === 'BILL' && period.isMixed ? [{ period, ordinal: index + 1 }] : []));
    if (asked.length === 0) return new Map();
    const values = valuesOf(asked.map(({ period }) => period));
    const rows = await this.rows<{ ordinal: number; paid: string }>(
      due ? SELECT_PREPAID_WITH_DUE : SELECT_PREPAID, due ? [...values, JSON.stringify(due)] : values);
    return new Map(rows.map((row) => [asked[row.ordinal - 1]!.ordinal, BigInt(row.paid)]));
  }

  private async adjusted(periods: readonly ClosedPeriod[]): Promise<ReadonlyMap<number, bigint>> {
    const rows = await this.rows<{ ordinal: number; adjusted: string }>(SELECT_ADJUSTED, valuesOf(periods));
    return new Map(rows.map((row) => [row.ordinal, BigInt(row.adjusted)]));
  }

  private async brought(periods: readonly ClosedPeriod[]): Promise<ReadonlyMap<number, bigint>> {
    const rows = await this.rows<{ ordinal: number; brought: string }>(SELECT_BROUGHT, valuesOf(periods));
    return new Map(rows.map((row) => [row.ordinal, BigInt(row.brought)]));
  }

  private async deferrals(
    periods: readonly ClosedPeriod[], groups: readonly GroupRecord[], prices: ReadonlyMap<string, PriceRecord>,
  ): Promise<ReadonlyMap<number, NewDeferral[]>> {
    const isDeferred = ({ kind, price_version_id: id }: GroupRecord): boolean =>
      (kind === 'RECURRING_FEE' || kind === 'SLA_CREDIT') && id !== null && prices.get(id)?.recognition === 'OVER_PERIOD';
    const asked = [...new Set(groups.filter(isDeferred).map((row) => row.ordinal))];
    if (asked.length === 0) return new Map();
    const rows = await this.rows<DeferredRecord>(SELECT_DEFERRED, valuesOf(asked.map((ordinal) => periods[ordinal - 1]!)));
    const found = new Map<number, NewDeferral[]>();
    for (const row of rows) {
      const ordinal = asked[row.ordinal - 1]!;
      found.set(ordinal, [...(found.get(ordinal) ?? []), deferralOf(row, periods[ordinal - 1]!.cycle)]);
    }
    return found;
  }

  private async earning(periods: readonly ClosedPeriod[]): Promise<ReadonlyMap<number, EarningRecord[]>> {
    return byOrdinal(await this.rows<EarningRecord>(SELECT_EARNING,
      [periods.map((p) => p.shard), periods.map((p) => p.accountId.toString()), periods.map((p) => p.previousEndDate),
        periods.map((p) => p.sequence)]));
  }

  private async rows<R extends QueryResultRow>(text: string, values: unknown[]): Promise<R[]> {
    return (await this.pool.query<R>({ text, values })).rows;
  }
}

const valuesOf = (periods: readonly ClosedPeriod[]): unknown[] => [
  periods.map((p) => p.shard), periods.map((p) => p.rootId.toString()), periods.map((p) => p.accountId.toString()), periods.map((p) => p.cycle.zone),
  periods.map((p) => isoInstant(p.cycle.period.start)), periods.map((p) => isoInstant(p.cycle.period.end)), periods.map((p) => p.readFrom.toString()),
  periods.map((p) => p.position.toString()), periods.map((p) => isoInstant(p.previousEnd)), periods.map((p) => p.previousPosition.toString()),
];

function byOrdinal<T extends { readonly ordinal: number }>(rows: readonly T[]): ReadonlyMap<number, T[]> {
  const found = new Map<number, T[]>();
  for (const row of rows) {
    const list = found.get(row.ordinal);
    if (list) list.push(row);
    else found.set(row.ordinal, [row]);
  }
  return found;
}

const dateAt = (zone: string, at: number): LocalDate => dateOfEpochDay(localParts(zone, at).epochDay);
const dayAfter = (date: LocalDate): LocalDate => dateOfEpochDay(epochDayOf(date)! + 1);

/** A fee without an end is earned at once: its period is the day of its start. */
function deferralOf(row: DeferredRecord, { zone }: Cycle): NewDeferral {
  const startDate = dateAt(zone, row.fee_from);
  const endDate = row.fee_until === null ? dayAfter(startDate) : dateAt(zone, row.fee_until);
  return {
    position: BigInt(row.position), startDate, endDate: endDate > startDate ? endDate : dayAfter(startDate), amount: BigInt(row.net),
    asset: row.asset, revenueAccount: row.revenue_account,
  };
}

function earnedOf({ cycle, previousEndDate }: ClosedPeriod, fresh: readonly NewDeferral[], earlier: readonly EarningRecord[]): ReadonlyMap<string, bigint> {
  const until = cycle.period.endDate;
  const earned = new Map<string, bigint>();
  const add = (account: string, value: bigint): void => { earned.set(account, (earned.get(account) ?? 0n) + value); };
  for (const one of fresh) add(one.revenueAccount, earnedUntil(one, until));
  for (const { start_date: startDate, end_date: endDate, amount, revenue_account: account } of earlier) {
    const deferred = { startDate, endDate, amount: BigInt(amount) };
    add(account, earnedUntil(deferred, until) - earnedUntil(deferred, previousEndDate));
  }
  return new Map([...earned].filter(([, value]) => value !== 0n).sort(([a], [b]) => (a < b ? -1 : 1)));
}
