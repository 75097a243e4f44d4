import type { Pool } from 'pg';
import type { Unit } from '../platform/money';

/** Which comparisons a report is about. */
export interface ComparisonScope {
  readonly tenantId: number;
  /** Null = of every sender. */
  readonly source: string | null;
  /** Start of the usage from here, RFC 3339; null = from the beginning. */
  readonly from: string | null;
  /** And before here; null = without end. */
  readonly until: string | null;
}

/** Charging ids of one unit, by how what was charged stands to what the records say. Quantities are integer texts in the unit. */
export interface ComparisonTotal {
  readonly unit: Unit;
  readonly comparisons: number;
  readonly equal: number;
  /** More was charged than the records say. */
  readonly chargedMore: number;
  /** The records say more than was charged. */
  readonly recordedMore: number;
  readonly onlineUsages: number;
  readonly records: number;
  readonly chargedRecords: number;
  readonly onlineQuantity: string;
  readonly recordQuantity: string;
  readonly chargedQuantity: string;
  readonly chargedMoreBy: string;
  readonly recordedMoreBy: string;
}

/** One of the largest differences. It names no subscriber. */
export interface ComparisonDifference {
  readonly chargingId: string;
  readonly source: string;
  readonly unit: Unit;
  readonly startedAt: Date;
  readonly onlineQuantity: string;
  readonly recordQuantity: string;
  readonly chargedQuantity: string;
  /** Charged less recorded, signed. */
  readonly difference: string;
}

export interface ComparisonReport {
  readonly totals: readonly ComparisonTotal[];
  /** The largest by amount, of each unit. */
  readonly largest: readonly ComparisonDifference[];
}

const LISTED = 20;
const WANTED = `tenant_id = $1 and ($2::text is null or source = $2) and started_at >= coalesce($3::timestamptz, '-infinity')
     and started_at < coalesce($4::timestamptz, 'infinity')`;

const TOTALS = `
  select unit, count(*)::integer as comparisons, (count(*) filter (where by = 0))::integer as equal,
         (count(*) filter (where by > 0))::integer as "chargedMore", (count(*) filter (where by < 0))::integer as "recordedMore",
         sum(online_usages)::integer as "onlineUsages", sum(records)::integer as records, sum(charged_records)::integer as "chargedRecords",
         sum(online_quantity)::text as "onlineQuantity", sum(record_quantity)::text as "recordQuantity", sum(charged_quantity)::text as "chargedQuantity",
         coalesce(sum(by) filter (where by > 0), 0)::text as "chargedMoreBy", coalesce(-sum(by) filter (where by < 0), 0)::text as "recordedMoreBy"
    from (select *, online_quantity + charged_quantity - record_quantity as by from usage_comparison where ${WANTED}) compared
   group by unit order by unit`;

const LARGEST = `
  select charging_id as "chargingId", source, unit, started_at as "startedAt", online_quantity::text as "onlineQuantity",
         record_quantity::text as "recordQuantity", charged_quantity::text as "chargedQuantity", by::text as difference
    from (select *, online_quantity + charged_quantity - record_quantity as by,
                 row_number() over (partition by unit order by abs(online_quantity + charged_quantity - record_quantity) desc, started_at, charging_id, source) as place
            from usage_comparison where ${WANTED} and online_quantity + charged_quantity <> record_quantity) compared
   where place <= $5 order by unit, place`;

/** What the records say beside what was charged. */
export async function compareRecords(pool: Pool, { tenantId, source, from, until }: ComparisonScope): Promise<ComparisonReport> {
  const values = [tenantId, source, from, until];
  const [totals, largest] = await Promise.all([
    pool.query<ComparisonTotal>(TOTALS, values), pool.query<ComparisonDifference>(LARGEST, [...values, LISTED]),
  ]);
  return { totals: totals.rows, largest: largest.rows };
}
