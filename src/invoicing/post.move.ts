import type { MoveKey, SettleDecision, SettleDesk, SettleMove } from '../charging';
import { allocate } from './allocation.rules';
import { billReference } from './bill.store';
import { freeCredits, freeCreditsOf, openBills, openBillsOf, PAYMENTS, writeAllocations } from './receivable';
import type { UnpostedRecord } from './sql/issue.sql';

/** Once a bill. */
export const postKey = (tenantId: number, accountId: bigint, sequence: number): MoveKey =>
  ({ tenantId, caller: 'billing', key: billReference({ accountId, sequence }) });

/**
 * What follows an issued bill: its rounding on what the account owes, the credit that a negative one leaves, and the payment
 * of open bills with credit that the account has. It is also what tells watchers that the bill is there.
 */
export function postMove(row: UnpostedRecord): SettleMove<{ readonly sequence: number }> {
  const accountId = BigInt(row.account_id);
  return {
    operation: 'BILL_ROUNDING', accountId, body: { sequence: row.sequence },
    reads: (root) => (row.kind === 'BILL' ? [openBills(root, accountId), freeCredits(root, accountId)] : []),
    decide: (desk, [bills = [], credits = []]) => decidePost(desk, accountId, row, { bills: openBillsOf(bills), credits: freeCreditsOf(credits) }),
  };
}

function decidePost(
  desk: SettleDesk, accountId: bigint, row: UnpostedRecord, open: { readonly bills: ReturnType<typeof openBillsOf>; readonly credits: ReturnType<typeof freeCreditsOf> },
): SettleDecision<{ readonly sequence: number }> {
  const answer = { sequence: row.sequence };
  if (row.kind !== 'BILL') return { answer };
  const [rounding, due] = [BigInt(row.rounding), BigInt(row.due)];
  if (rounding !== 0n) desk.moveExposure(accountId, { kind: 'ROUNDING', amount: rounding, account: 'unbilled_receivable', contra: 'rounding' });
  const credits = [...open.credits];
  if (due < 0n) {
    const { shard, rootId, tenantId, position, now } = desk;
    desk.write(PAYMENTS, {
      shard, rootId, position, accountId, tenantId, kind: 'BILL', recordedBy: 'billing', reference: billReference({ accountId, sequence: row.sequence }),
      amount: -due, currency: row.currency, receivedAt: now,
    });
    credits.push({ position, left: -due });
  }
  writeAllocations(desk, accountId, allocate(credits, open.bills));
  return { answer };
}
