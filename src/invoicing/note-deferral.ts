import type { RowWriter, SettleDesk } from '../charging';
import { bigints, ints, texts } from '../platform/db';
import type { RootRef } from '../platform/root';
import type { LocalDate } from '../platform/time';
import type { CreditableLine } from './note.rules';

/** What a note takes back of a fee that was deferred. */
export interface Unearned {
  readonly accountId: bigint;
  /** The last closed period: its bill and those before it have earned what they earn. */
  readonly sequence: number;
  /** Its end: from that day on the fee is still to be earned. */
  readonly until: LocalDate;
  readonly line: CreditableLine;
  readonly unearned: bigint;
  readonly asset: string;
}

interface DeferralRow extends RootRef, Unearned { readonly position: bigint; readonly tenantId: number }

const fromOf = ({ until, line }: Unearned): LocalDate => (until > line.startDate ? until : line.startDate);

const DEFERRALS: RowWriter<DeferralRow> = {
  order: 50,
  make: (rows) => ({
    name: 'insert-note-deferrals',
    text: `insert into deferral (shard, root_id, account_id, position, note_line, bill_sequence, tenant_id, start_date, end_date, amount, asset, revenue_account)
           select * from unnest($1::smallint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::int[], $6::int[], $7::smallint[], $8::date[], $9::date[],
             $10::bigint[], $11::text[], $12::text[])`,
    values: [ints(rows, (r) => r.shard), bigints(rows, (r) => r.rootId), bigints(rows, (r) => r.accountId), bigints(rows, (r) => r.position),
      ints(rows, (r) => r.line.lineNo), ints(rows, (r) => r.sequence), ints(rows, (r) => r.tenantId), texts(rows, fromOf), texts(rows, (r) => r.line.endDate),
      bigints(rows, (r) => -r.unearned), texts(rows, (r) => r.asset), texts(rows, (r) => r.line.revenueAccount)],
  }),
};

/** The opposite of a deferral for the days that are left: later bills earn so much less of the fee. */
export function writeUnearned(desk: SettleDesk, unearned: Unearned): void {
  const { shard, rootId, tenantId, position } = desk;
  desk.write(DEFERRALS, { ...unearned, shard, rootId, tenantId, position });
}
