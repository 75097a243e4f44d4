import type { ReadRow, RowWriter, SettleDesk } from '../charging';
import { bigints, instants, ints, Statement, texts } from '../platform/db';
import type { RootRef } from '../platform/root';
import { Allocation, FreeCredit, OpenBill } from './allocation.rules';

/** What was paid to an account: a payment, a bill that came out negative, or the part of a credit note that its bill did not need. */
export interface PaymentRow extends RootRef {
  readonly position: bigint;
  readonly accountId: bigint;
  readonly tenantId: number;
  readonly kind: 'PAYMENT' | 'BILL' | 'CREDIT_NOTE';
  readonly recordedBy: string;
  readonly reference: string;
  readonly amount: bigint;
  readonly currency: string;
  readonly receivedAt: number;
}

export const PAYMENTS: RowWriter<PaymentRow> = {
  order: 30,
  make: (rows) => ({
    name: 'insert-bill-payments',
    text: `insert into bill_payment (shard, root_id, position, account_id, tenant_id, kind, recorded_by, reference, amount, currency, received_at)
           select * from unnest($1::smallint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::smallint[], $6::text[], $7::text[], $8::text[],
             $9::bigint[], $10::text[], $11::timestamptz[])`,
    values: [ints(rows, (r) => r.shard), bigints(rows, (r) => r.rootId), bigints(rows, (r) => r.position), bigints(rows, (r) => r.accountId),
      ints(rows, (r) => r.tenantId), texts(rows, (r) => r.kind), texts(rows, (r) => r.recordedBy), texts(rows, (r) => r.reference),
      bigints(rows, (r) => r.amount), texts(rows, (r) => r.currency), instants(rows, (r) => r.receivedAt)],
  }),
};

interface AllocationRow extends RootRef, Allocation {
  readonly accountId: bigint;
  readonly position: bigint;
  readonly tenantId: number;
  readonly at: number;
}

const ALLOCATIONS: RowWriter<AllocationRow> = {
  order: 40,
  make: (rows) => ({
    name: 'insert-allocations',
    text: `insert into payment_allocation (shard, root_id, account_id, bill_sequence, payment_position, position, tenant_id, amount, allocated_at)
           select * from unnest($1::smallint[], $2::bigint[], $3::bigint[], $4::int[], $5::bigint[], $6::bigint[], $7::smallint[], $8::bigint[],
             $9::timestamptz[])`,
    values: [ints(rows, (r) => r.shard), bigints(rows, (r) => r.rootId), bigints(rows, (r) => r.accountId), ints(rows, (r) => r.sequence),
      bigints(rows, (r) => r.paymentPosition), bigints(rows, (r) => r.position), ints(rows, (r) => r.tenantId), bigints(rows, (r) => r.amount),
      instants(rows, (r) => r.at)],
  }),
};

export function writeAllocations(desk: SettleDesk, accountId: bigint, allocations: readonly Allocation[]): void {
  const { shard, rootId, tenantId, position, now } = desk;
  for (const one of allocations) desk.write(ALLOCATIONS, { ...one, shard, rootId, accountId, position, tenantId, at: now });
}

/** Issued bills of the account that something is left to be paid of, oldest first. */
export const openBills = (root: RootRef, accountId: bigint): Statement => ({
  name: 'open-bills',
  text: `select b.sequence, b.due - coalesce(a.amount, 0) - coalesce(n.applied, 0) as remaining
           from customer_bill b
           join issued_document d on d.shard = b.shard and d.account_id = b.account_id and d.kind = 'BILL' and d.sequence = b.sequence
           left join lateral (select sum(a.amount)::bigint as amount from payment_allocation a
                               where a.shard = b.shard and a.account_id = b.account_id and a.bill_sequence = b.sequence) a on true
           left join lateral (select sum(n.applied)::bigint as applied from credit_note n
                               where n.shard = b.shard and n.account_id = b.account_id and n.bill_sequence = b.sequence) n on true
          where b.shard = $1 and b.account_id = $2 and b.kind = 'BILL' and b.due > coalesce(a.amount, 0) + coalesce(n.applied, 0)
          order by b.sequence`,
  values: [root.shard, accountId.toString()],
});

export const openBillsOf = (rows: readonly ReadRow[]): OpenBill[] =>
  rows.map((row) => ({ sequence: row.sequence as number, remaining: BigInt(row.remaining as string) }));

/** Money of the account that no bill was paid with, oldest first. */
export const freeCredits = (root: RootRef, accountId: bigint): Statement => ({
  name: 'free-credits',
  text: `select p.position, p.amount - coalesce(a.amount, 0) as left_over
           from bill_payment p
           left join lateral (select sum(a.amount)::bigint as amount from payment_allocation a
                               where a.shard = p.shard and a.root_id = p.root_id and a.payment_position = p.position) a on true
          where p.shard = $1 and p.account_id = $2 and p.amount > coalesce(a.amount, 0)
          order by p.position`,
  values: [root.shard, accountId.toString()],
});

export const freeCreditsOf = (rows: readonly ReadRow[]): FreeCredit[] =>
  rows.map((row) => ({ position: BigInt(row.position as string), left: BigInt(row.left_over as string) }));
