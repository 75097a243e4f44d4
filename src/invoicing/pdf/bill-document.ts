import type { Pool } from 'pg';
import { amount, formatScaled, MONEY_SCALE, minorDigits } from '../../platform/money';
import { shardOfId } from '../../platform/root';
import { rateText } from '../bill.type';
import { documentName } from '../issue.rules';
import { BillRecord, LineRecord, SELECT_LINE_PAGES, SELECT_TAXES, selectBills, TaxRecord } from '../sql/read.sql';

/** Everything that is printed of a bill, as texts. */
export interface BillDocument {
  readonly title: 'Bill' | 'Statement';
  readonly seller: string;
  readonly customer: string;
  readonly account: string;
  readonly number: string;
  readonly issuedAt: Date;
  readonly issuedOn: string;
  readonly dueOn: string;
  readonly period: string;
  readonly currency: string;
  readonly lines: readonly { readonly description: string; readonly period: string; readonly quantity: string; readonly tax: string; readonly amount: string }[];
  readonly taxes: readonly { readonly label: string; readonly base: string; readonly amount: string }[];
  readonly net: string;
  readonly tax: string;
  readonly total: string;
  /** Label and amount of what is taken off the total. */
  readonly deductions: readonly (readonly [string, string])[];
  readonly due: string;
  readonly isOwed: boolean;
}

interface Parties { readonly seller: string; readonly customer: string; readonly account: string; readonly time_zone: string }

const PARTIES = `
select t.name as seller, coalesce(p.trading_name, concat_ws(' ', p.given_name, p.family_name)) as customer, a.name as account, t.time_zone
  from billing_account a join tenant t on t.id = a.tenant_id join customer c on c.id = a.customer_id join party p on p.id = c.party_id
 where a.shard = $1 and a.id = $2`;
const BILL = selectBills('true');
const MOST_LINES = 100_000;

/** What is printed of an issued bill; null where there is none. The caller has decided who may have it. */
export async function billDocument(pool: Pool, key: { readonly accountId: bigint; readonly sequence: number }): Promise<BillDocument | null> {
  const values = [[shardOfId(key.accountId)], [key.accountId.toString()], [key.sequence]];
  const [{ rows: [bill] }, { rows: lines }, { rows: taxes }, { rows: [parties] }] = await Promise.all([
    pool.query<BillRecord>({ text: BILL, values }), pool.query<LineRecord>({ text: SELECT_LINE_PAGES, values: [...values, '0', MOST_LINES] }),
    pool.query<TaxRecord>({ text: SELECT_TAXES, values }), pool.query<Parties>(PARTIES, [shardOfId(key.accountId), key.accountId.toString()]),
  ]);
  return bill && parties ? printed(bill, lines, taxes, parties) : null;
}

function printed(
  bill: BillRecord, lines: readonly LineRecord[], taxes: readonly TaxRecord[],
  { seller, customer, account, time_zone: zone }: Parties,
): BillDocument {
  const { currency } = bill;
  const money = (text: string): string => shownMoney(BigInt(text), currency);
  const deductions: (readonly [string, string])[] = [];
  if (bill.prepaid !== '0') deductions.push(['Paid from prepaid money', shownMoney(-BigInt(bill.prepaid), currency)]);
  if (bill.adjusted !== '0') deductions.push(['Corrections', shownMoney(-BigInt(bill.adjusted), currency)]);
  return {
    title: bill.kind === 'BILL' ? 'Bill' : 'Statement', seller, customer, account, number: documentName(bill.series, BigInt(bill.number)), issuedAt: bill.issued_at,
    issuedOn: localDay(bill.issued_at, zone), dueOn: day(bill.due_date), period: range(bill.start_date, bill.end_date), currency,
    lines: lines.map((line) => ({
      description: line.purchase_order === null ? line.description : `${line.description}\nPurchase order ${line.purchase_order}`, period: range(line.start_date, line.end_date), quantity: shownQuantity(line), tax: `${percent(line.tax_rate)}${line.tax_included ? ' incl.' : ''}`, amount: money(line.amount),
    })),
    taxes: taxes.map((tax) => ({ label: taxLabel(tax), base: money(tax.base), amount: money(tax.amount) })),
    net: money(bill.net), tax: money(bill.tax), total: money(bill.total), deductions, due: money(bill.due), isOwed: bill.kind === 'BILL' && BigInt(bill.due) > 0n,
  };
}

/** With the currency's own digits and groups of three: "1,234.50". */
export function shownMoney(value: bigint, currency: string): string {
  const [whole = '', fraction] = formatScaled(amount(value), MONEY_SCALE, minorDigits(currency)).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

const percent = (rate: string): string => `${rateText(formatRate(rate))} %`;
/** "0.230000" is "23". */
function formatRate(rate: string): string {
  const [whole = '0', fraction = ''] = rate.split('.');
  const digits = `${whole}${fraction.padEnd(2, '0').slice(0, 2)}`.replace(/^0+(?=\d)/, '');
  const rest = fraction.slice(2).replace(/0+$/, '');
  return rest ? `${digits}.${rest}` : digits;
}

const taxLabel = ({ tax_code: code, tax_rate: rate, tax_included: isIncluded }: TaxRecord): string =>
  `${code || 'No tax'}  ${percent(rate)}${isIncluded ? ', in the prices' : ''}`;

function shownQuantity({ kind, unit, quantity, charge_count: count }: LineRecord): string {
  const value = BigInt(quantity);
  if (kind === 'BROUGHT_OVER') return '';
  if (kind.endsWith('_FEE') || kind === 'SLA_CREDIT') return count;
  if (unit === 'EVENT') return quantity;
  if (unit === 'BYTE') return `${formatScaled((value * 100n) / 1_000_000n, 2, 2)} MB`;
  const sign = value < 0n ? '-' : '';
  const seconds = value < 0n ? -value : value;
  const two = (part: bigint): string => part.toString().padStart(2, '0');
  return `${sign}${seconds / 3600n}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** "2026-02-01" is "1 Feb 2026": a fixed form, so that the same bill is the same file everywhere. */
const day = (date: string): string => `${+date.slice(8)} ${MONTHS[+date.slice(5, 7) - 1]} ${date.slice(0, 4)}`;
const dayBefore = (date: string): string => new Date(Date.parse(date) - 86_400_000).toISOString().slice(0, 10);
/** People read a period with its last day. */
const range = (from: string, until: string): string => (dayBefore(until) === from ? day(from) : `${day(from)} – ${day(dayBefore(until))}`);
const localDay = (at: Date, zone: string): string => day(new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(at));
