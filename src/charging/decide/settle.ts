import { Bucket } from '../../balance';
import { bigints, instants, ints, routedText, shardList } from '../../platform/db';
import { ExposureMove, RowWriter, SettleDecision, SettleDesk } from '../settle.types';
import { RootState } from '../work/root-state';
import { Work } from '../work/work';
import { MoveDecision, ReadRows, refused } from './move';

/** Lets a settle room decide on a locked root, and takes over what it decided. */
export function decideSettle<A>(
  work: Work, root: RootState, decide: (desk: SettleDesk, rows: ReadRows) => SettleDecision<A>, rows: ReadRows,
): MoveDecision {
  const desk = new Desk(work, root);
  const decided = decide(desk, rows);
  if ('errors' in decided) return refused(decided.errors, decided.stored);
  return { kind: 'DONE', position: desk.position, answer: decided.answer };
}

class Desk implements SettleDesk {
  private taken: bigint | null = null;

  constructor(private readonly work: Work, private readonly state: RootState) {}

  get shard(): number { return this.state.shard; }
  get rootId(): bigint { return this.state.rootId; }
  get tenantId(): number { return this.state.setup.tenantId; }
  get now(): number { return this.work.now(this.tenantId); }
  get accounts(): SettleDesk['accounts'] { return this.state.setup.accounts; }
  get openPeriod(): number | null { return this.state.openPeriod; }
  get position(): bigint { return (this.taken ??= this.state.nextPosition()); }

  creditBucket(accountId: bigint): Bucket | null {
    return [...this.state.buckets.values()].find((bucket) => bucket.kind === 'CREDIT' && bucket.accountId === accountId) ?? null;
  }

  moveExposure(accountId: bigint, move: ExposureMove): void {
    const bucket = this.creditBucket(accountId);
    if (!bucket) throw new Error('The exposure of an account without credit was to be moved.');
    this.work.move(bucket, this.state, this.position, move);
  }

  raiseOpenPeriod(start: number): void {
    this.state.openPeriod = start;
    this.work.write(OPEN_PERIODS, { shard: this.shard, rootId: this.rootId, start });
  }

  write<R>(writer: RowWriter<R>, row: R): void {
    this.work.write(writer, row);
  }
}

interface OpenPeriodRow { readonly shard: number; readonly rootId: bigint; readonly start: number }

const OPEN_PERIOD = routedText('b.shard', (where) => `update bucket b set open_period = x.open_period
  from unnest($2::smallint[], $3::bigint[], $4::timestamptz[]) x(shard, root_id, open_period)
 where b.shard = x.shard and b.root_id = x.root_id and b.id = 0 and ${where}`);

/** A root that several moves of a batch raised is written once, as the last of them left it. */
const OPEN_PERIODS: RowWriter<OpenPeriodRow> = {
  order: 0,
  make: (all) => {
    const rows = [...new Map(all.map((row) => [row.rootId, row])).values()];
    return {
      name: 'raise-open-period',
      text: OPEN_PERIOD(),
      values: [shardList(rows), ints(rows, (r) => r.shard), bigints(rows, (r) => r.rootId), instants(rows, (r) => r.start)],
    };
  },
};
