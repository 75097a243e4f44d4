import type { PoolClient } from 'pg';
import { bigints, instants, ints, texts } from '../platform/db';
import type { RootRef } from '../platform/root';
import { INSERT_JOURNAL_LINES, INSERT_JOURNALS } from './sql/bill.sql';

/** One side of a move without a bucket. Positive amounts are credits, in millionths. */
export interface JournalSide {
  readonly account: string;
  /** Set where the account is tax_payable. */
  readonly taxCode: string | null;
  readonly amount: bigint;
}

/** A move of the books that no bucket takes part in: two sides or more, which sum to zero. */
export interface Journal extends RootRef {
  readonly kind: 'BILL_ISSUE' | 'REVENUE_RELEASE';
  /** What it is about within its kind; a repeat meets it. */
  readonly reference: string;
  readonly tenantId: number;
  readonly asset: string;
  readonly bookedAt: number;
  /** Series and number of the document, where one is the reason. */
  readonly document: string | null;
  readonly sides: readonly JournalSide[];
}

export const side = (account: string, amount: bigint, taxCode: string | null = null): JournalSide => ({ account, taxCode, amount });

/** The sides that move something. */
export const moving = (sides: readonly JournalSide[]): JournalSide[] => sides.filter(({ amount }) => amount !== 0n);

/** Writes journals; what moves nothing is left out. */
export async function writeJournals(tx: PoolClient, all: readonly Journal[]): Promise<void> {
  const rows = all.filter((journal) => journal.sides.length > 0);
  if (rows.length === 0) return;
  for (const { kind, reference, sides } of rows) {
    if (sides.length < 2 || sides.reduce((sum, { amount }) => sum + amount, 0n) !== 0n) throw new Error(`Journal ${kind} ${reference} is not balanced.`);
  }
  await tx.query({ text: INSERT_JOURNALS, values: [ints(rows, (r) => r.shard), bigints(rows, (r) => r.rootId), texts(rows, (r) => r.kind),
    texts(rows, (r) => r.reference), ints(rows, (r) => r.tenantId), texts(rows, (r) => r.asset), instants(rows, (r) => r.bookedAt), texts(rows, (r) => r.document)] });
  const lines = rows.flatMap((journal) => journal.sides.map((one, index) => ({ journal, one, index })));
  await tx.query({ text: INSERT_JOURNAL_LINES, values: [ints(lines, (l) => l.journal.shard), bigints(lines, (l) => l.journal.rootId), texts(lines, (l) => l.journal.kind),
    texts(lines, (l) => l.journal.reference), ints(lines, (l) => l.index + 1), texts(lines, (l) => l.one.account), texts(lines, (l) => l.one.taxCode),
    bigints(lines, (l) => l.one.amount)] });
}
