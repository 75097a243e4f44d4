import { amount, parseDecimal } from '../platform/money';
import { dateOfEpochDay, epochDayOf, localParts, Period, periodOf, startOfEpochDay } from '../platform/time';
import type { ChargeGroup } from './bill.types';
import { taxKey } from './bill.rules';
import type { GroupRecord, PriceRecord } from './sql/facts.sql';

/** The payer's bill cycle that the groups are cut by. */
export interface Cycle {
  readonly zone: string;
  readonly day: number;
  readonly period: Period;
}

/** What a cutover brought as unbilled, as the first line of the first bill: no charge stands behind it, and its tax is that of the system before. */
export function broughtOver(accountId: bigint, value: bigint, { period }: Cycle): ChargeGroup[] {
  return value === 0n ? [] : [{
    userAccountId: accountId, productId: null, priceVersionId: null, kind: 'BROUGHT_OVER', unit: 'EVENT', description: 'Brought over from the system before', purchaseOrder: null,
    period, taxCode: '', taxRate: parseDecimal('0')!, taxIncluded: false, revenueAccount: 'revenue', quantity: 0n, chargeCount: 0n, net: amount(value), tax: amount(0n),
  }];
}

/** The lines' groups of one bill, in the order in which they are shown. */
export function chargeGroups(rows: readonly GroupRecord[], prices: ReadonlyMap<string, PriceRecord>, cycle: Cycle): ChargeGroup[] {
  const groups = new Map<string, ChargeGroup>();
  const several = severalShortFees(rows, prices);
  for (const row of rows) {
    const group = groupOf(row, !row.is_rest && several.has(feeKey(row)), priceOf(row, prices), cycle);
    const key = keyOf(group);
    const known = groups.get(key);
    groups.set(key, known ? merged(known, group) : group);
  }
  return [...groups.values()].sort(inOrder);
}

function groupOf(row: GroupRecord, isSummed: boolean, price: PriceRecord | undefined, cycle: Cycle): ChargeGroup {
  const rate = parseDecimal(row.tax_rate ?? '0');
  if (!rate) throw new Error(`A tax rate is no decimal: ${row.tax_rate}.`);
  return {
    userAccountId: BigInt(row.account_id), productId: row.product_id === null ? null : BigInt(row.product_id),
    priceVersionId: row.price_version_id === null ? null : BigInt(row.price_version_id), kind: row.kind, unit: row.unit,
    description: descriptionOf(row, isSummed, price), purchaseOrder: row.purchase_order, period: ownPeriod(row, isSummed, cycle), taxCode: row.tax_code ?? '', taxRate: rate,
    taxIncluded: price?.tax_included ?? false, revenueAccount: price?.revenue_account ?? 'revenue', quantity: BigInt(row.quantity),
    chargeCount: BigInt(row.charges), net: amount(BigInt(row.net)), tax: amount(BigInt(row.tax)),
  };
}

/** A credit says of how many percent it is, where it knows; several of short periods may be of several. */
function descriptionOf({ kind, credit_percent: percent }: GroupRecord, isSummed: boolean, price: PriceRecord | undefined): string {
  if (!price) return 'Free of charge';
  if (kind !== 'SLA_CREDIT') return `${price.offering}: ${price.name}`;
  return isSummed || percent === null ? `${price.offering}: availability credit` : `${price.offering}: availability credit ${percent} %`;
}

const feeKey = ({ product_id: product, price_version_id: price, tax_rate: rate }: GroupRecord): string => `${product}|${price}|${rate}`;

const priceOf = ({ price_version_id: id }: GroupRecord, prices: ReadonlyMap<string, PriceRecord>): PriceRecord | undefined => (id === null ? undefined : prices.get(id));

/** Prices with periods of less than a week whose fees come more than once in a bill; the rest that a change gives back is none of them. */
function severalShortFees(rows: readonly GroupRecord[], prices: ReadonlyMap<string, PriceRecord>): ReadonlySet<string> {
  const starts = new Map<string, Set<number>>();
  for (const row of rows) {
    if (row.is_rest || row.fee_from === null || !priceOf(row, prices)?.is_short) continue;
    starts.set(feeKey(row), (starts.get(feeKey(row)) ?? new Set()).add(row.fee_from));
  }
  return new Set([...starts].filter(([, set]) => set.size > 1).map(([key]) => key));
}

/** A fee's own period, unless several of short periods are summed; else the bill cycle that holds the charges. */
export function ownPeriod(row: Pick<GroupRecord, 'fee_from' | 'fee_until' | 'late_day'>, isSummed: boolean, { zone, day, period }: Cycle): Period {
  const { fee_from: from, fee_until: until, late_day: late } = row;
  if (from !== null && until !== null && !isSummed) {
    return { start: from, end: until, startDate: dateAt(zone, from), endDate: dateAt(zone, until - 1, 1) };
  }
  const at = from ?? (late === null ? null : startOfEpochDay(zone, epochDayOf(late)!));
  if (at === null) return period;
  return periodOf({ kind: 'BILL_CYCLE', day }, zone, at);
}

const dateAt = (zone: string, at: number, days = 0): string => dateOfEpochDay(localParts(zone, at).epochDay + days);

const merged = (one: ChargeGroup, other: ChargeGroup): ChargeGroup => ({
  ...one, quantity: one.quantity + other.quantity, chargeCount: one.chargeCount + other.chargeCount,
  net: amount(one.net + other.net), tax: amount(one.tax + other.tax),
});

const keyOf = (group: ChargeGroup): string => [
  group.userAccountId, group.productId, group.priceVersionId, group.kind, group.unit, taxKey(group), group.period.start, group.period.end,
].join('|');

const TURN: Readonly<Record<string, number>> = { ONE_TIME_FEE: 0, RECURRING_FEE: 1, SLA_CREDIT: 2 };
const turnOf = ({ kind }: ChargeGroup): number => TURN[kind] ?? 3;
const compare = <T extends bigint | number | string>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

/** By account and product; fees before usage, older periods first, then by name. What is equal to a reader falls by its keys. */
function inOrder(a: ChargeGroup, b: ChargeGroup): number {
  return compare(a.userAccountId, b.userAccountId) || compare(a.productId ?? 0n, b.productId ?? 0n) || turnOf(a) - turnOf(b)
    || compare(a.kind, b.kind) || a.period.start - b.period.start || compare(a.description, b.description) || compare(keyOf(a), keyOf(b));
}
