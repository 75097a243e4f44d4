import { divideRounded, formatAmount, amount, parseAmount, parseDecimal, pow10 } from '../platform/money';
import { epochDayOf, startOfEpochDay } from '../platform/time';
import { Page, wholeList } from './answers';
import { Unexpected } from './failure';

interface Money { readonly amount: string }

/** A charge, as finance reads it. */
export interface ChargeRead {
  readonly id: string;
  readonly kind: string;
  readonly bookedAt: string;
  readonly net: Money;
  readonly gross: Money;
  readonly product: { readonly offering: { readonly code: string } } | null;
}

/** A line of a bill, or of what is not billed yet, with the charges in it. */
export interface LineRead {
  readonly description: string;
  readonly amount: Money;
  readonly charges: Page<Pick<ChargeRead, 'id' | 'gross'>>;
}

/** All that was charged to an account, and where it went. */
export interface AccountFacts {
  readonly name: string;
  readonly charges: Page<ChargeRead>;
  readonly bills: readonly { readonly total: Money; readonly lines: Page<LineRead> }[];
  readonly unbilled: { readonly lines: Page<LineRead> } | null;
}

/** What was agreed on the charges of an offering and kind; the rest is the operator's own. */
export interface AgreedItem {
  readonly kind: string | null;
  readonly basis: 'NET' | 'GROSS';
  readonly offering: { readonly code: string } | null;
  readonly parties: readonly { readonly percent: string | null; readonly partner: { readonly name: string } }[];
}

/** A partner's statement, as the partner reads it. */
export interface StatementRead {
  readonly partner: { readonly name: string };
  readonly number: number;
  readonly period: { readonly from: string; readonly until: string };
  readonly payable: Money;
  readonly rounding: Money;
  readonly lines: Page<{
    readonly offering: { readonly name: string }; readonly kind: string; readonly percent: string | null; readonly count: string;
    readonly basis: { readonly amount: Money }; readonly share: Money;
    readonly shares: Page<{ readonly share: Money; readonly basis: { readonly amount: Money } }>;
  }>;
}

/** One equation of the reconciliation: the left side, the parts of the right side, and what they are off by, as texts. */
export interface Equation {
  readonly of: string;
  readonly whole: readonly [name: string, amount: string];
  readonly parts: readonly (readonly [name: string, amount: string])[];
  readonly off: string;
  readonly isExact: boolean;
}

const CURRENCY = 'EUR';

/** Millionths of a money text. */
function millionths({ amount: text }: Money): bigint {
  const value = parseAmount(text);
  if (value === null) throw new Unexpected(`"${text}" is no amount of money.`);
  return value;
}
const text = (value: bigint): string => formatAmount(amount(value), CURRENCY);
const sum = <T>(items: readonly T[], of: (item: T) => bigint): bigint => items.reduce((total, item) => total + of(item), 0n);

function equation(of: string, whole: readonly [string, bigint], parts: readonly (readonly [string, bigint])[]): Equation {
  const off = whole[1] - sum(parts, ([, part]) => part);
  return { of, whole: [whole[0], text(whole[1])], parts: parts.map(([name, part]) => [name, text(part)]), off: text(off), isExact: off === 0n };
}

/** "Nolan family: charged 1.00 = billed 0.60 + unbilled 0.40". */
export const equationText = ({ of, whole, parts, off, isExact }: Equation): string =>
  `${of}: ${whole.join(' ')} = ${parts.map((part) => part.join(' ')).join(' + ')}${isExact ? '' : `, OFF BY ${off}`}`;

/** @throws Unexpected with the equations that do not hold to the millionth. */
export function requireExact(equations: readonly Equation[]): void {
  const wrong = equations.filter(({ isExact }) => !isExact);
  if (wrong.length > 0) throw new Unexpected(`The reconciliation is off:\n${wrong.map(equationText).join('\n')}`);
}

/** Charged = billed + unbilled, to the millionth: the charges of the account against those in its bills' lines and in what is open. */
export function chargedIsBilled({ name, charges, bills, unbilled }: AccountFacts): Equation {
  const charged = wholeList(charges);
  const linesOf = (page: Page<LineRead>): readonly Pick<ChargeRead, 'id' | 'gross'>[] => wholeList(page).flatMap((line) => wholeList(line.charges));
  const billed = bills.flatMap(({ lines }) => linesOf(lines));
  const open = unbilled === null ? [] : linesOf(unbilled.lines);
  const seen = [...billed, ...open].map(({ id }) => id);
  if (new Set(seen).size !== seen.length) throw new Unexpected(`A charge of ${name} is billed twice.`);
  return equation(name, ['charged', sum(charged, ({ gross }) => millionths(gross))], [
    ['billed', sum(billed, ({ gross }) => millionths(gross))], ['unbilled', sum(open, ({ gross }) => millionths(gross))],
  ]);
}

/** What rounding to the cent, once a line and once a tax, added to the charges of the bills. */
export function roundingOf(accounts: readonly AccountFacts[]): string {
  const bills = accounts.flatMap((account) => account.bills);
  const charges = bills.flatMap(({ lines }) => wholeList(lines)).flatMap((line) => wholeList(line.charges));
  return text(sum(bills, ({ total }) => millionths(total)) - sum(charges, ({ gross }) => millionths(gross)));
}

/**
 * Shares + own part = revenue, to the millionth: the shares as the partner's statement lists them, the revenue as the
 * charges of the accounts tell it, and the own part reckoned from the agreement, charge by charge.
 */
export function sharesAndOwnPart(statement: StatementRead, agreed: readonly AgreedItem[], charges: readonly ChargeRead[], timeZone: string): Equation {
  const { partner, period } = statement;
  const start = (day: string): number => startOfEpochDay(timeZone, epochDayOf(day) ?? Number.NaN);
  const isOfPeriod = ({ bookedAt }: ChargeRead): boolean => Date.parse(bookedAt) >= start(period.from) && Date.parse(bookedAt) < start(period.until);
  const own = agreed.filter(({ parties }) => parties.some((party) => party.partner.name === partner.name));
  const shared = charges.filter(isOfPeriod).flatMap((charge) => {
    const item = own.find(({ kind, offering }) => (kind === null || kind === charge.kind) && (offering === null || offering.code === charge.product?.offering.code));
    return item === undefined ? [] : [{ basis: millionths(item.basis === 'NET' ? charge.net : charge.gross), item }];
  });
  const lines = wholeList(statement.lines);
  const shares = sum(lines.flatMap((line) => wholeList(line.shares)), ({ share }) => millionths(share));
  const printed = sum(lines, ({ share }) => millionths(share));
  if (printed !== shares + millionths(statement.rounding)) throw new Unexpected(`The lines of ${partner.name} are not their shares, rounded.`);
  return equation(partner.name, ['revenue', sum(shared, ({ basis }) => basis)], [
    ['shares', shares], ['own part', sum(shared, ({ basis, item }) => basis - sum(item.parties, ({ percent }) => percentOf(basis, percent)))],
  ]);
}

function percentOf(basis: bigint, percent: string | null): bigint {
  const exact = percent === null ? null : parseDecimal(percent);
  if (exact === null) throw new Unexpected('The tour reckons percentages alone.');
  return divideRounded(basis * exact.unscaled, pow10(exact.scale + 2), 'HALF_UP');
}
