import type { MoveError, SettleDecision, SettleDesk, SettleMove } from '../charging';
import { allocate, Allocation, OpenBill } from './allocation.rules';
import { minorUnit } from './bill.rules';
import { openBills, openBillsOf, PAYMENTS, writeAllocations } from './receivable';

/** A payment as it is recorded. */
export interface PaymentToRecord {
  readonly accountId: bigint;
  readonly amount: bigint;
  readonly currency: string;
  /** The sender's own words for it, as on a bank statement. */
  readonly reference: string;
  readonly recordedBy: string;
  /** Bills to be paid with it, by number of their period; empty = the oldest first. */
  readonly told: readonly { readonly sequence: number; readonly amount: bigint }[];
}

export interface PaymentAnswer {
  readonly rootId: string;
  readonly position: string;
}

/** What a bucket holds at most, either way. */
const MOST = 10n ** 18n;

/** Records what an account has paid: what it owes falls by it, and its bills are paid. */
export const paymentMove = (payment: PaymentToRecord): SettleMove<PaymentAnswer> => ({
  operation: 'PAYMENT', accountId: payment.accountId, body: payment, reads: (root) => [openBills(root, payment.accountId)],
  decide: (desk, [bills = []]) => decidePayment(desk, payment, openBillsOf(bills)),
});

export function decidePayment(desk: SettleDesk, payment: PaymentToRecord, bills: readonly OpenBill[]): SettleDecision<PaymentAnswer> {
  const { accountId, amount, currency, told } = payment;
  const refuse = (code: MoveError['code'], message: string, ...path: string[]): SettleDecision<PaymentAnswer> => ({ errors: [{ code, message, path }], stored: false });
  const account = desk.accounts.get(accountId);
  if (!account || account.state === 'CLOSED') return refuse('NOT_FOUND', 'No such account.', 'accountId');
  const bucket = desk.creditBucket(accountId);
  if (!bucket) return refuse('NOT_ALLOWED', 'The account has no bills to pay: prepaid money is topped up, and a member\'s bills are its payer\'s.', 'accountId');
  if (account.currency !== currency) return refuse('CURRENCY_MISMATCH', `The account is kept in ${account.currency}.`, 'amount', 'currency');
  if (amount % minorUnit(currency) !== 0n) return refuse('INVALID_INPUT', `A payment in ${currency} is in whole minor units.`, 'amount', 'amount');
  if (bucket.value + amount > MOST) return refuse('LIMIT_EXCEEDED', 'The balance would hold more than 18 digits.', 'amount', 'amount');
  const fault = toldFault(payment, bills);
  if (fault) return { errors: [fault], stored: false };
  const { shard, rootId, tenantId, position, now } = desk;
  desk.moveExposure(accountId, { kind: 'PAYMENT', amount, account: 'billed_receivable', contra: 'cash' });
  desk.write(PAYMENTS, {
    shard, rootId, position, accountId, tenantId, kind: 'PAYMENT', recordedBy: payment.recordedBy, reference: payment.reference, amount, currency, receivedAt: now,
  });
  const allocations = told.length > 0 ? told.map((one): Allocation => ({ ...one, paymentPosition: position })) : allocate([{ position, left: amount }], bills);
  writeAllocations(desk, accountId, allocations);
  return { answer: { rootId: rootId.toString(), position: position.toString() } };
}

/** What is wrong with the bills that were told; null where nothing is. */
function toldFault({ told, amount, currency }: PaymentToRecord, bills: readonly OpenBill[]): MoveError | null {
  let sum = 0n;
  for (const [index, { sequence, amount: part }] of told.entries()) {
    const path = ['allocations', `${index}`];
    const bill = bills.find((one) => one.sequence === sequence);
    if (!bill) return { code: 'CONFLICT', message: 'Nothing is left to be paid of this bill.', path: [...path, 'billId'] };
    if (told.findIndex((one) => one.sequence === sequence) < index) return { code: 'INVALID_INPUT', message: 'A bill is told once.', path: [...path, 'billId'] };
    if (part > bill.remaining) return { code: 'CONFLICT', message: 'This is more than is left to be paid of the bill.', path: [...path, 'amount', 'amount'] };
    if (part % minorUnit(currency) !== 0n) return { code: 'INVALID_INPUT', message: 'A bill is paid in whole minor units.', path: [...path, 'amount', 'amount'] };
    sum += part;
  }
  return sum > amount ? { code: 'INVALID_INPUT', message: 'The bills are told more than was paid.', path: ['allocations'] } : null;
}
