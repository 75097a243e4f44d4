import type { Pool } from 'pg';
import type { LocalDate } from '../platform/time';

/** Stretches of shards of a run, worked on beside each other: each has so many of the 4096 shards. */
export const PARTS = 16;
export const SHARDS_A_PART = 4096 / PARTS;

export interface BillRun {
  readonly id: bigint;
  readonly tenantId: number;
  readonly cycleEnd: LocalDate;
  readonly state: 'RUNNING' | 'DONE';
  readonly failure: string | null;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
}

interface RunRecord {
  readonly id: string; readonly tenant_id: number; readonly cycle_end: string; readonly state: BillRun['state']; readonly failure: string | null;
  readonly started_at: Date; readonly finished_at: Date | null;
}

const COLUMNS = `id, tenant_id, cycle_end::text as cycle_end, state, failure, started_at, finished_at`;

const runOf = (row: RunRecord): BillRun => ({
  id: BigInt(row.id), tenantId: row.tenant_id, cycleEnd: row.cycle_end, state: row.state, failure: row.failure, startedAt: row.started_at, finishedAt: row.finished_at,
});

export const INSERT_RUN = `
insert into bill_run (tenant_id, cycle_end, started_by, idempotency_key, body_hash, started_at)
values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning id`;
export const INSERT_PARTS = `insert into bill_run_part (run_id, part) select $1, n from generate_series(0, $2::int - 1) n`;
export const SELECT_RUN_BY_KEY = `select ${COLUMNS}, body_hash from bill_run where tenant_id = $1 and started_by = $2 and idempotency_key = $3`;

export type KeyedRun = RunRecord & { readonly body_hash: Buffer };
export const keyedRunOf = (row: KeyedRun): BillRun => runOf(row);

const SELECT_RUN = `select ${COLUMNS} from bill_run where tenant_id = $1 and id = $2`;
const SELECT_UNFINISHED = `select ${COLUMNS} from bill_run where state = 'RUNNING' order by id`;

export async function findRun(pool: Pool, tenantId: number, id: bigint): Promise<BillRun | null> {
  const { rows } = await pool.query<RunRecord>(SELECT_RUN, [tenantId, id.toString()]);
  return rows[0] ? runOf(rows[0]) : null;
}

/** Runs that no worker finished, whoever started them. */
export async function unfinishedRuns(pool: Pool): Promise<BillRun[]> {
  const { rows } = await pool.query<RunRecord>(SELECT_UNFINISHED);
  return rows.map(runOf);
}

/** All runs of the same cycle: what one left another finishes. */
export async function runsOfCycle(pool: Pool, { tenantId, cycleEnd }: BillRun): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>('select id from bill_run where tenant_id = $1 and cycle_end = $2', [tenantId, cycleEnd]);
  return rows.map((row) => row.id);
}

const LEASE = `interval '15 seconds'`;

const TAKE_PART = `
  update bill_run_part set leased_until = clock_timestamp() + ${LEASE}
   where run_id = $1 and part = (select part from bill_run_part where run_id = $1 and state = 'OPEN' and (leased_until is null or leased_until < clock_timestamp())
                                  order by part limit 1 for update skip locked) returning part`;
const COUNT_CHUNK = `
  update bill_run_part set accounts = accounts + $3 + $4, done = done + $3, failed = failed + $4, leased_until = clock_timestamp() + ${LEASE}
   where run_id = $1 and part = $2`;

/** The next open part for a worker, for a quarter of a minute; null where none is open. Parts of a worker that went away are open again then. */
export async function takePart(pool: Pool, runId: bigint): Promise<number | null> {
  const { rows } = await pool.query<{ part: number }>(TAKE_PART, [runId.toString()]);
  return rows[0]?.part ?? null;
}

const HOLD_MS = 5_000;
const HOLD_PART = `update bill_run_part set leased_until = clock_timestamp() + ${LEASE} where run_id = $1 and part = $2 and state = 'OPEN'`;

/** Prolongs a part's lease while its worker is busy, however long one chunk takes; clear it when the part is done. */
export function holdPart(pool: Pool, runId: bigint, part: number): NodeJS.Timeout {
  // One that is missed is made up for by the next.
  return setInterval(() => void pool.query(HOLD_PART, [runId.toString(), part]).catch(() => undefined), HOLD_MS).unref();
}

/** Whether parts are still open, with or without a worker. */
export async function openParts(pool: Pool, runId: bigint): Promise<number> {
  const { rows } = await pool.query<{ open: number }>(`select count(*)::int as open from bill_run_part where run_id = $1 and state = 'OPEN'`, [runId.toString()]);
  return rows[0]!.open;
}

/** Adds a chunk to a part's progress and prolongs its lease. */
export async function countChunk(pool: Pool, runId: bigint, part: number, done: number, failed: number): Promise<void> {
  await pool.query(COUNT_CHUNK, [runId.toString(), part, done, failed]);
}

export async function closePart(pool: Pool, runId: bigint, part: number): Promise<void> {
  await pool.query(`update bill_run_part set state = 'COMPUTED' where run_id = $1 and part = $2`, [runId.toString(), part]);
}

/** A run with accounts that failed is opened again where it is started again with its key. */
export async function reopenFailed(pool: Pool, runId: bigint): Promise<void> {
  await pool.query(`update bill_run_part set state = 'OPEN', leased_until = null, accounts = accounts - failed, failed = 0 where run_id = $1 and failed > 0`, [runId.toString()]);
  await pool.query(`update bill_run set state = 'RUNNING', finished_at = null where id = $1
    and exists (select from bill_run_part where run_id = $1 and state = 'OPEN')`, [runId.toString()]);
}

export async function finishRun(pool: Pool, runId: bigint, at: Date, failure: string | null): Promise<void> {
  await pool.query(`update bill_run set state = case when $3::text is null then 'DONE' else state end, finished_at = case when $3::text is null then $2::timestamptz end,
    failure = $3 where id = $1`, [runId.toString(), at, failure]);
}

/** How far a run is. */
export interface RunProgress {
  readonly accounts: number;
  readonly done: number;
  readonly failed: number;
  readonly bills: number;
  readonly issued: number;
  /** Net of its bills, by currency. */
  readonly net: readonly { readonly currency: string; readonly net: string }[];
}

export async function progressOf(pool: Pool, runId: bigint): Promise<RunProgress> {
  const { rows: [parts] } = await pool.query<{ accounts: number; done: number; failed: number }>(
    `select sum(accounts)::int as accounts, sum(done)::int as done, sum(failed)::int as failed from bill_run_part where run_id = $1`, [runId.toString()]);
  const { rows } = await pool.query<{ currency: string; bills: number; issued: number; net: string }>(`
    select b.currency, count(*)::int as bills, sum(b.net)::bigint as net,
           count(d.number)::int as issued
      from customer_bill b
      left join issued_document d on d.shard = b.shard and d.account_id = b.account_id and d.kind = b.kind and d.sequence = b.sequence
     where b.run_id = $1 and (b.line_count > 0 or b.due <> 0) group by b.currency order by b.currency`, [runId.toString()]);
  return {
    accounts: parts!.accounts, done: parts!.done, failed: parts!.failed, bills: rows.reduce((sum, row) => sum + row.bills, 0),
    issued: rows.reduce((sum, row) => sum + row.issued, 0), net: rows.map(({ currency, net }) => ({ currency, net })),
  };
}
