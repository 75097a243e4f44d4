import DataLoader from 'dataloader';
import type { RequestContext } from '../context';
import { Charge, ChargeConnection } from '../charging/charge.type';
import { CHARGE_COLUMNS, chargeOf, ChargeRecord } from '../charging/charge.loader';
import { accountFilter } from '../party';
import { encodeCursor, foreignCursor, ownedPlace, Page, PageArgs, pageOf, pagesByOwner, wholeAfter, wholePart } from '../platform/graphql';
import { shardOfId } from '../platform/root';
import {
  AppliedCustomerBillingRate, BillTax, CustomerBill, billShown, type LineRule, lineShown, taxShown,
} from './bill.type';
import type { BillKey } from './bill.types';
import {
  allocationShown, BillAllocation, BillPayment, CreditNote, CreditNoteLine, noteLineShown, noteShown, PaymentPlace, paymentShown,
} from './payment.type';
import {
  AllocationRecord, BillRecord, LineRecord, NoteLineRecord, NoteRecord, PaymentRecord, SELECT_ALLOCATIONS_OF_BILLS, SELECT_ALLOCATIONS_OF_PAYMENTS, SELECT_CREDITS,
  SELECT_LINE_PAGES, SELECT_NOTE_LINES, SELECT_NOTES, SELECT_PAYMENT_PAGES, SELECT_PAYMENTS, SELECT_TAXES, selectBillPages, selectBills, selectLineCharges, TaxRecord,
} from './sql/read.sql';

export { ChargeConnection };

/** A bill or note within its account. */
export type DocumentOf = Pick<BillKey, 'accountId' | 'sequence'>;
const textOf = ({ accountId, sequence }: DocumentOf): string => `${accountId}:${sequence}`;
const documents = (keys: readonly DocumentOf[]): unknown[] =>
  [keys.map(({ accountId }) => shardOfId(accountId)), keys.map(({ accountId }) => accountId.toString()), keys.map(({ sequence }) => sequence)];

/** The key in the parts of an id; null where they are none. */
export function documentKeyOf(parts: readonly string[] | null): DocumentOf | null {
  if (parts?.length !== 2) return null;
  const [accountId, sequence] = [wholePart(parts[0]), wholePart(parts[1])];
  return accountId === null || sequence === null || sequence < 1n || sequence > 2_147_483_647n ? null : { accountId, sequence: parseInt(sequence.toString(), 10) };
}

type ByDocument<T> = DataLoader<DocumentOf, T, string>;

/** Issued bills by key; null for what is unknown and for what is not the caller's. */
export const billLoader = (context: RequestContext): ByDocument<CustomerBill | null> => context.loader('invoicing.bill', () =>
  new DataLoader(async (keys: readonly DocumentOf[]) => {
    const filter = accountFilter(context.caller, 4, 'account', 'BILLS');
    const { rows } = await context.services.pool.query<BillRecord>(selectBills(filter.sql), [...documents(keys), ...filter.parameters]);
    const found = new Map(rows.map((row) => [`${row.account_id}:${row.sequence}`, billShown(row)]));
    return keys.map((key) => found.get(textOf(key)) ?? null);
  }, { cacheKeyFn: textOf }));

const LAST = 2n ** 31n;

/** Pages of an account's bills, newest first; all accounts of one field in one statement. */
export function billPageLoader(context: RequestContext, page: PageArgs): DataLoader<bigint, Page<CustomerBill>, string> {
  const place = ownedPlace(page.after, 'customerBill', 1);
  const before = wholeAfter(place, LAST);
  return context.loader(`invoicing.bills.${page.first}.${page.after ?? ''}`, () => new DataLoader(async (keys: readonly bigint[]) => {
    const filter = accountFilter(context.caller, 5, 'account', 'BILLS');
    const { rows } = await context.services.pool.query<BillRecord>(selectBillPages(filter.sql),
      [keys.map(shardOfId), keys.map(String), before.toString(), page.first, ...filter.parameters]);
    // What a page shows is not read again where another field names it.
    for (const row of rows) billLoader(context).prime({ accountId: BigInt(row.account_id), sequence: row.sequence }, billShown(row));
    return pagesByOwner(keys, place, String, (key) => pageOf(rows.filter((row) => row.account_id === key.toString()), page, billShown,
      (row) => encodeCursor('customerBill', row.account_id, row.sequence)));
  }, { cacheKeyFn: String }));
}

/** Pages of the lines of bills that the caller was shown. */
export function linePageLoader(context: RequestContext, page: PageArgs): ByDocument<Page<AppliedCustomerBillingRate>> {
  const place = ownedPlace(page.after, 'billLine', 1);
  const after = wholeAfter(place, 0n);
  return context.loader(`invoicing.lines.${page.first}.${page.after ?? ''}`, () => new DataLoader(async (keys: readonly DocumentOf[]) => {
    const { rows } = await context.services.pool.query<LineRecord>(SELECT_LINE_PAGES, [...documents(keys), after.toString(), page.first]);
    return pagesByOwner(keys, place, textOf, (key) => pageOf(rows.filter((row) => `${row.account_id}:${row.bill_sequence}` === textOf(key)), page, lineShown,
      (row) => encodeCursor('billLine', textOf(key), row.line_no)));
  }, { cacheKeyFn: textOf }));
}

/** A loader of lists that hang on bills or notes that the caller was shown. */
function lists<R extends { readonly account_id: string }, T>(
  context: RequestContext, name: string, text: string, sequenceOf: (row: R) => number, show: (row: R) => T,
): ByDocument<T[]> {
  return context.loader(`invoicing.${name}`, () => new DataLoader(async (keys: readonly DocumentOf[]) => {
    const { rows } = await context.services.pool.query<R & Record<string, unknown>>(text, documents(keys));
    return keys.map((key) => rows.filter((row) => `${row.account_id}:${sequenceOf(row)}` === textOf(key)).map(show));
  }, { cacheKeyFn: textOf }));
}

export const taxesLoader = (context: RequestContext, currency: string): ByDocument<BillTax[]> =>
  lists<TaxRecord, BillTax>(context, `taxes.${currency}`, SELECT_TAXES, (row) => row.bill_sequence, (row) => taxShown(row, currency));
export const notesLoader = (context: RequestContext): ByDocument<CreditNote[]> =>
  lists<NoteRecord, CreditNote>(context, 'notes', SELECT_NOTES, (row) => row.bill_sequence, noteShown);
export const noteLinesLoader = (context: RequestContext): ByDocument<CreditNoteLine[]> =>
  lists<NoteLineRecord, CreditNoteLine>(context, 'noteLines', SELECT_NOTE_LINES, (row) => row.note_sequence, noteLineShown);
export const allocationsOfBillLoader = (context: RequestContext): ByDocument<BillAllocation[]> =>
  lists<AllocationRecord, BillAllocation>(context, 'billAllocations', SELECT_ALLOCATIONS_OF_BILLS, (row) => row.bill_sequence, allocationShown);

const placeText = ({ rootId, position }: PaymentPlace): string => `${rootId}:${position}`;
const places = (keys: readonly PaymentPlace[]): unknown[] =>
  [keys.map(({ rootId }) => shardOfId(rootId)), keys.map(({ rootId }) => rootId.toString()), keys.map(({ position }) => position.toString())];

/** Payments by place; asked for what the caller was shown. */
export const paymentLoader = (context: RequestContext): DataLoader<PaymentPlace, BillPayment | null, string> => context.loader('invoicing.payment', () =>
  new DataLoader(async (keys: readonly PaymentPlace[]) => {
    const { rows } = await context.services.pool.query<PaymentRecord>(SELECT_PAYMENTS, places(keys));
    const found = new Map(rows.map((row) => [`${row.root_id}:${row.position}`, paymentShown(row)]));
    return keys.map((key) => found.get(placeText(key)) ?? null);
  }, { cacheKeyFn: placeText }));

export const allocationsOfPaymentLoader = (context: RequestContext): DataLoader<PaymentPlace, BillAllocation[], string> => context.loader('invoicing.paymentAllocations', () =>
  new DataLoader(async (keys: readonly PaymentPlace[]) => {
    const { rows } = await context.services.pool.query<AllocationRecord>(SELECT_ALLOCATIONS_OF_PAYMENTS, places(keys));
    return keys.map((key) => rows.filter((row) => `${row.root_id}:${row.payment_position}` === placeText(key)).map(allocationShown));
  }, { cacheKeyFn: placeText }));

const FIRST_POSITION = 2n ** 63n - 1n;

/** Pages of payments of accounts that the caller was shown, newest first. */
export function paymentPageLoader(context: RequestContext, page: PageArgs): DataLoader<bigint, Page<BillPayment>, string> {
  const place = ownedPlace(page.after, 'billPayment', 1);
  const before = wholeAfter(place, FIRST_POSITION);
  return context.loader(`invoicing.payments.${page.first}.${page.after ?? ''}`, () => new DataLoader(async (keys: readonly bigint[]) => {
    const { rows } = await context.services.pool.query<PaymentRecord>(SELECT_PAYMENT_PAGES, [keys.map(shardOfId), keys.map(String), before.toString(), page.first]);
    for (const row of rows) paymentLoader(context).prime({ rootId: BigInt(row.root_id), position: BigInt(row.position) }, paymentShown(row));
    return pagesByOwner(keys, place, String, (key) => pageOf(rows.filter((row) => row.account_id === key.toString()), page, paymentShown,
      (row) => encodeCursor('billPayment', row.account_id, row.position)));
  }, { cacheKeyFn: String }));
}

/** Money of accounts that no bill was paid with. */
export const creditLoader = (context: RequestContext): DataLoader<bigint, bigint, string> => context.loader('invoicing.credit', () =>
  new DataLoader(async (keys: readonly bigint[]) => {
    const { rows } = await context.services.pool.query<{ id: string; credit: string }>(SELECT_CREDITS, [keys.map(shardOfId), keys.map(String)]);
    const found = new Map(rows.map((row) => [row.id, BigInt(row.credit)]));
    return keys.map((key) => found.get(key.toString()) ?? 0n);
  }, { cacheKeyFn: String }));

/** A page of the charges of one line, in the order in which they were booked; only what the caller may see of the user's account. */
export async function lineCharges(context: RequestContext, { rule }: AppliedCustomerBillingRate, page: PageArgs): Promise<Page<Charge>> {
  const owner = ruleText(rule);
  const after = keyIn('lineCharge', page.after, owner);
  const filter = accountFilter(context.caller, 18);
  const { rows } = await context.services.pool.query<ChargeRecord>(selectLineCharges(CHARGE_COLUMNS, filter.sql), [
    rule.shard, rule.rootId.toString(), rule.readFrom, rule.position, rule.cycleEnd, rule.previousEnd, rule.previousPosition, rule.userAccountId.toString(),
    rule.productId?.toString() ?? null, rule.priceVersionId, rule.kind, rule.periodStart, rule.periodEnd, rule.taxCode, rule.taxRate,
    after.toString(), page.first, ...filter.parameters,
  ]);
  return pageOf(rows, page, (row) => chargeOf(row, context.caller), (row) => encodeCursor('lineCharge', owner, row.position));
}

/** Names a line by what its charges are found by, which is all that a line of a preview has. */
const ruleText = ({ previousPosition, userAccountId, productId, priceVersionId, kind, periodStart, taxCode, taxRate }: LineRule): string =>
  [previousPosition, userAccountId, productId, priceVersionId, kind, Date.parse(periodStart), taxCode, taxRate].join(' ');

/** The number in a cursor of one owner's list; 0 where none was given. @throws RequestError BAD_USER_INPUT */
export function keyIn(scope: string, cursor: string | null | undefined, owner: string): bigint {
  const place = ownedPlace(cursor, scope, 1);
  if (place !== null && place.owner !== owner) throw foreignCursor();
  return wholeAfter(place, 0n);
}
