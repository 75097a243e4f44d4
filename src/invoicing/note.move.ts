import type { MoveError, ReadRow, RowWriter, SettleDecision, SettleDesk, SettleMove } from '../charging';
import { bigints, booleans, instants, ints, Statement, texts } from '../platform/db';
import { formatScaled, moneyAsset, parseDecimal } from '../platform/money';
import type { RootRef } from '../platform/root';
import { minorUnit, taxKey } from './bill.rules';
import { writeUnearned } from './note-deferral';
import { CreditableLine, CreditableTax, Note, NoteLine, noteOf, unearnedOf } from './note.rules';
import { PAYMENTS } from './receivable';

/** A credit note as it is asked for: what is taken back of which lines of one bill, each in the line's own tax sense. */
export interface NoteToCreate {
  readonly accountId: bigint;
  readonly sequence: number;
  readonly reason: string;
  /** Null = all that is left of the line; empty = all that is left of the bill. */
  readonly lines: readonly { readonly lineNo: number; readonly amount: bigint | null }[];
}

export interface NoteAnswer {
  readonly noteSequence: number;
}

/* The bill with what its earlier notes took back; lines and taxes each with their own share of it. What is earned is earned up to the last closed period. */
const billRead = (root: RootRef, { accountId, sequence }: NoteToCreate): Statement => ({
  name: 'note-bill',
  text: `select b.kind, b.currency, b.due, b.total, b.tenant_id,
                (select coalesce(sum(a.amount), 0)::bigint from payment_allocation a
                  where a.shard = b.shard and a.account_id = b.account_id and a.bill_sequence = b.sequence) as allocated,
                (select coalesce(sum(n.applied), 0)::bigint from credit_note n
                  where n.shard = b.shard and n.account_id = b.account_id and n.bill_sequence = b.sequence) as applied,
                (select coalesce(sum(n.total), 0)::bigint from credit_note n
                  where n.shard = b.shard and n.account_id = b.account_id and n.bill_sequence = b.sequence) as credited,
                (select coalesce(max(n.sequence), 0) from credit_note n where n.shard = b.shard and n.account_id = b.account_id) as last_note,
                closed.sequence as closed_sequence, closed.end_date::text as closed_until
           from customer_bill b
           join issued_document d on d.shard = b.shard and d.account_id = b.account_id and d.kind = b.kind and d.sequence = b.sequence
          cross join lateral (select p.sequence, p.end_date from bill_period p where p.shard = b.shard and p.account_id = b.account_id
                               order by p.sequence desc limit 1) closed
          where b.shard = $1 and b.account_id = $2 and b.sequence = $3`,
  values: [root.shard, accountId.toString(), sequence],
});

const linesRead = (root: RootRef, { accountId, sequence }: NoteToCreate): Statement => ({
  name: 'note-lines',
  text: `select l.line_no, l.tax_code, l.tax_rate::text as tax_rate, l.tax_included, l.revenue_account, l.amount, l.start_date::text, l.end_date::text,
                l.kind in ('RECURRING_FEE', 'SLA_CREDIT') and coalesce(v.recognition = 'OVER_PERIOD', false) as is_over_period,
                (select coalesce(sum(c.amount), 0)::bigint from credit_note n
                   join credit_note_line c on c.shard = n.shard and c.account_id = n.account_id and c.note_sequence = n.sequence and c.line_no = l.line_no
                  where n.shard = l.shard and n.account_id = l.account_id and n.bill_sequence = l.bill_sequence) as credited
           from customer_bill_line l left join price_version v on v.id = l.price_version_id
          where l.shard = $1 and l.account_id = $2 and l.bill_sequence = $3 order by l.line_no`,
  values: [root.shard, accountId.toString(), sequence],
});

const taxesRead = (root: RootRef, { accountId, sequence }: NoteToCreate): Statement => ({
  name: 'note-taxes',
  text: `select t.tax_code, t.tax_rate::text as tax_rate, t.tax_included, t.amount,
                (select coalesce(sum(c.tax), 0)::bigint from credit_note n
                   join credit_note_line c on c.shard = n.shard and c.account_id = n.account_id and c.note_sequence = n.sequence
                    and c.tax_code = t.tax_code and c.tax_rate = t.tax_rate and c.tax_included = t.tax_included
                  where n.shard = t.shard and n.account_id = t.account_id and n.bill_sequence = t.bill_sequence) as credited
           from bill_tax_item t where t.shard = $1 and t.account_id = $2 and t.bill_sequence = $3`,
  values: [root.shard, accountId.toString(), sequence],
});

interface NoteRow extends RootRef, Note {
  readonly accountId: bigint; readonly sequence: number; readonly billSequence: number; readonly position: bigint; readonly tenantId: number;
  readonly currency: string; readonly reason: string; readonly applied: bigint; readonly at: number;
}

const NOTES: RowWriter<NoteRow> = {
  order: 10,
  make: (rows) => ({
    name: 'insert-credit-notes',
    text: `insert into credit_note (shard, root_id, account_id, sequence, bill_sequence, position, tenant_id, currency, reason, net, tax, total, applied, created_at)
           select * from unnest($1::smallint[], $2::bigint[], $3::bigint[], $4::int[], $5::int[], $6::bigint[], $7::smallint[], $8::text[], $9::text[],
             $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::timestamptz[])`,
    values: [ints(rows, (r) => r.shard), bigints(rows, (r) => r.rootId), bigints(rows, (r) => r.accountId), ints(rows, (r) => r.sequence),
      ints(rows, (r) => r.billSequence), bigints(rows, (r) => r.position), ints(rows, (r) => r.tenantId), texts(rows, (r) => r.currency),
      texts(rows, (r) => r.reason), bigints(rows, (r) => r.net), bigints(rows, (r) => r.tax), bigints(rows, (r) => r.total),
      bigints(rows, (r) => r.applied), instants(rows, (r) => r.at)],
  }),
};

interface NoteLineRow extends RootRef, NoteLine { readonly accountId: bigint; readonly noteSequence: number; readonly tenantId: number }

const NOTE_LINES: RowWriter<NoteLineRow> = {
  order: 20,
  make: (rows) => ({
    name: 'insert-credit-note-lines',
    text: `insert into credit_note_line (shard, root_id, account_id, note_sequence, line_no, tenant_id, tax_code, tax_rate, tax_included, amount, net, tax)
           select * from unnest($1::smallint[], $2::bigint[], $3::bigint[], $4::int[], $5::int[], $6::smallint[], $7::text[], $8::numeric[], $9::bool[],
             $10::bigint[], $11::bigint[], $12::bigint[])`,
    values: [ints(rows, (r) => r.shard), bigints(rows, (r) => r.rootId), bigints(rows, (r) => r.accountId), ints(rows, (r) => r.noteSequence),
      ints(rows, (r) => r.line.lineNo), ints(rows, (r) => r.tenantId), texts(rows, (r) => r.line.taxCode),
      texts(rows, (r) => formatScaled(r.line.taxRate.unscaled, r.line.taxRate.scale)), booleans(rows, (r) => r.line.taxIncluded),
      bigints(rows, (r) => r.amount), bigints(rows, (r) => r.net), bigints(rows, (r) => r.tax)],
  }),
};

/** Corrects an issued bill: what the account owes falls by the note, and what the bill does not need of it pays others. */
export const noteMove = (note: NoteToCreate): SettleMove<NoteAnswer> => ({
  operation: 'CREDIT_NOTE', accountId: note.accountId, body: note, reads: (root) => [billRead(root, note), linesRead(root, note), taxesRead(root, note)],
  decide: (desk, [bills = [], lines = [], taxes = []]) => decideNote(desk, note, bills[0], lines.map(lineOf), taxes.map(taxItemOf)),
});

const bigintOf = (value: unknown): bigint => BigInt(value as string);
const rateOf = (value: unknown): CreditableTax['taxRate'] => parseDecimal(value as string)!;
const senseOf = (row: ReadRow): Pick<CreditableTax, 'taxCode' | 'taxRate' | 'taxIncluded'> =>
  ({ taxCode: row.tax_code as string, taxRate: rateOf(row.tax_rate), taxIncluded: row.tax_included as boolean });
const lineOf = (row: ReadRow): CreditableLine => ({
  ...senseOf(row), lineNo: row.line_no as number, revenueAccount: row.revenue_account as string, amount: bigintOf(row.amount), credited: bigintOf(row.credited),
  startDate: row.start_date as string, endDate: row.end_date as string, isOverPeriod: row.is_over_period as boolean,
});
const taxItemOf = (row: ReadRow): CreditableTax => ({ ...senseOf(row), amount: bigintOf(row.amount), credited: bigintOf(row.credited) });

const fault = (code: MoveError['code'], message: string, ...path: string[]): { readonly errors: MoveError[]; readonly stored: false } =>
  ({ errors: [{ code, message, path }], stored: false });

function decideNote(
  desk: SettleDesk, note: NoteToCreate, bill: ReadRow | undefined, lines: readonly CreditableLine[], taxes: readonly CreditableTax[],
): SettleDecision<NoteAnswer> {
  if (!bill || bill.tenant_id !== desk.tenantId) return fault('NOT_FOUND', 'No such bill.', 'billId');
  if (bill.kind !== 'BILL' || !desk.creditBucket(note.accountId)) return fault('CONFLICT', 'A statement is corrected by refunds of its charges.', 'billId');
  const currency = bill.currency as string;
  const parts = partsOf(note, lines, currency);
  if ('errors' in parts) return parts;
  const made = noteOf(parts, lines, taxes, currency);
  if (made.total <= 0n) return fault('CONFLICT', 'Nothing is left to be taken back.', 'lines');
  if (bigintOf(bill.credited) + made.total > bigintOf(bill.total)) return fault('CONFLICT', 'The credit notes on a bill never exceed it.', 'lines');
  return book(desk, note, bill, made, currency);
}

function partsOf(note: NoteToCreate, lines: readonly CreditableLine[], currency: string): { line: CreditableLine; amount: bigint }[] | ReturnType<typeof fault> {
  const leftOf = (line: CreditableLine): bigint => line.amount - line.credited;
  // All of a bill is its credits as well: the note is what the bill came to.
  if (note.lines.length === 0) return lines.filter((line) => leftOf(line) !== 0n).map((line) => ({ line, amount: leftOf(line) }));
  const parts: { line: CreditableLine; amount: bigint }[] = [];
  for (const [index, { lineNo, amount }] of note.lines.entries()) {
    const path = ['lines', `${index}`];
    const line = lines.find((one) => one.lineNo === lineNo);
    if (!line) return fault('NOT_FOUND', 'No such line of this bill.', ...path, 'lineId');
    if (parts.some((part) => part.line === line)) return fault('INVALID_INPUT', 'A line is named once.', ...path, 'lineId');
    const value = amount ?? leftOf(line);
    if (value <= 0n || value > leftOf(line)) return fault('CONFLICT', 'At most what is left of the line can be taken back.', ...path, 'amount');
    if (value % minorUnit(currency) !== 0n) return fault('INVALID_INPUT', 'A bill is corrected in whole minor units.', ...path, 'amount', 'amount');
    parts.push({ line, amount: value });
  }
  const over = parts.findIndex(({ line }) => isBeyondTax(parts, lines, taxKey(line)));
  return over < 0 ? parts : fault('CONFLICT', 'The bill credits lines of the same tax: at most what is left of them together can be taken back.', 'lines', `${over}`, 'amount');
}

/** Whether more is taken back at one tax than its lines, credits among them, have left. */
function isBeyondTax(parts: readonly { readonly line: CreditableLine; readonly amount: bigint }[], lines: readonly CreditableLine[], key: string): boolean {
  const taken = parts.reduce((sum, { line, amount }) => (taxKey(line) === key ? sum + amount : sum), 0n);
  const left = lines.reduce((sum, line) => (taxKey(line) === key ? sum + line.amount - line.credited : sum), 0n);
  return taken > left;
}

function book(desk: SettleDesk, note: NoteToCreate, bill: ReadRow, made: Note, currency: string): SettleDecision<NoteAnswer> {
  const { shard, rootId, tenantId, position, now } = desk;
  const { accountId, sequence: billSequence, reason } = note;
  const open = bigintOf(bill.due) - bigintOf(bill.allocated) - bigintOf(bill.applied);
  const most = open > 0n ? open : 0n;
  const applied = made.total < most ? made.total : most;
  const sequence = (bill.last_note as number) + 1;
  for (const line of made.lines) bookLine(desk, note, bill, line, currency);
  desk.write(NOTES, { ...made, shard, rootId, accountId, sequence, billSequence, position, tenantId, currency, reason, applied, at: now });
  for (const line of made.lines) desk.write(NOTE_LINES, { ...line, shard, rootId, accountId, noteSequence: sequence, tenantId });
  if (made.total > applied) {
    desk.write(PAYMENTS, {
      shard, rootId, position, accountId, tenantId, kind: 'CREDIT_NOTE', recordedBy: 'billing', reference: `${accountId}:${sequence}`,
      amount: made.total - applied, currency, receivedAt: now,
    });
  }
  return { answer: { noteSequence: sequence } };
}

/** Takes a line back from revenue, and from what is deferred as far as its days are still to come. */
function bookLine(desk: SettleDesk, { accountId }: NoteToCreate, bill: ReadRow, made: NoteLine, currency: string): void {
  const { line, net, tax } = made;
  const until = bill.closed_until as string;
  const unearned = unearnedOf(made, until);
  const sides = [{ contra: line.revenueAccount, net: net - unearned }, { contra: 'deferred_revenue', net: unearned }].filter((side) => side.net !== 0n);
  for (const [index, side] of (sides.length > 0 ? sides : [{ contra: line.revenueAccount, net }]).entries()) {
    const taxed = index === 0 ? tax : 0n;
    desk.moveExposure(accountId, {
      kind: 'CREDIT_NOTE', amount: side.net + taxed, account: 'billed_receivable', contra: side.contra, tax: -taxed, taxCode: taxed === 0n ? null : line.taxCode,
    });
  }
  if (unearned !== 0n) writeUnearned(desk, { accountId, sequence: bill.closed_sequence as number, until, line, unearned, asset: moneyAsset(currency) });
}
