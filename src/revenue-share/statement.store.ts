import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import { refuse } from '../platform/errors';
import { moneyAsset } from '../platform/money';
import { minorUnit, type ShareSum, type StatementFigures, type StatementLine, type StatementState } from './statement.rules';

export interface SettlementAccountRow {
  readonly id: string;
  readonly partner_id: string;
  readonly currency: string;
  readonly opened_at: Date;
  readonly time_zone: string;
}

/** The account with its tenant's zone; null where the tenant has no such account. */
export async function readAccount(client: PoolClient, tenantId: number, accountId: bigint): Promise<SettlementAccountRow | null> {
  const { rows } = await client.query<SettlementAccountRow>(`
    select account.id, account.partner_id, account.currency, account.opened_at, tenant.time_zone
      from settlement_account account join tenant on tenant.id = account.tenant_id where account.tenant_id = $1 and account.id = $2`,
  [tenantId, accountId.toString()]);
  return rows[0] ?? null;
}

export interface StatementRow {
  readonly id: string;
  readonly partner_id: string;
  readonly settlement_account_id: string;
  readonly period_from: string;
  readonly period_until: string;
  readonly currency: string;
  readonly state: StatementState;
  readonly version: number;
  readonly share: string;
  readonly rounding: string;
  readonly carried_in: string;
  readonly payable: string;
  readonly carried_forward: string;
  readonly settlement_key: string | null;
  readonly settlement_reference: string | null;
}

const COLUMNS = `id, partner_id, settlement_account_id, period_from::text, period_until::text, currency, state, version, share, rounding,
  carried_in, payable, carried_forward, settlement_key, settlement_reference`;
const BY_ID = `select ${COLUMNS} from share_statement where tenant_id = $1 and id = $2 for update`;
const OF_ACCOUNT = `select ${COLUMNS} from share_statement where settlement_account_id = $1 order by period_from`;
const BY_KEY = `select ${COLUMNS} from share_statement where tenant_id = $1 and settlement_key = $2`;

/** A statement, locked; null where the tenant has none of this id. */
export const lockStatement = async (client: PoolClient, tenantId: number, id: bigint): Promise<StatementRow | null> =>
  (await client.query<StatementRow>(BY_ID, [tenantId, id.toString()])).rows[0] ?? null;

/** All statements of an account, the oldest first: one a month. */
export const statementsOf = async (client: PoolClient, accountId: string): Promise<readonly StatementRow[]> =>
  (await client.query<StatementRow>(OF_ACCOUNT, [accountId])).rows;

/** The statement that was settled under a key. */
export const settledUnder = async (client: PoolClient, tenantId: number, key: string): Promise<StatementRow | null> =>
  (await client.query<StatementRow>(BY_KEY, [tenantId, key])).rows[0] ?? null;

interface SumRow {
  readonly agreement_version_id: string; readonly item: number; readonly offering_id: string; readonly kind: string;
  readonly adjusts: string | null; readonly basis: string; readonly share: string; readonly events: string;
}

/** `key` is item, offering, kind and, of refunds of another month, the day of what they take back. */
const SELECT_SUMS = `
  select total.agreement_version_id, split_part(total.key, ':', 1)::int as item, split_part(total.key, ':', 2) as offering_id,
         split_part(total.key, ':', 3) as kind, earlier.id as adjusts, sum(total.basis)::text as basis, sum(total.share)::text as share,
         sum(total.events)::text as events
    from share_total total
    left join share_statement earlier on earlier.settlement_account_id = $5
     and nullif(split_part(total.key, ':', 4), '')::date >= earlier.period_from and nullif(split_part(total.key, ':', 4), '')::date < earlier.period_until
   where total.party_id = $1 and total.asset = $2 and total.day >= $3::date and total.day < $4::date
   group by 1, 2, 3, 4, 5`;

/** What a partner is owed of the charges booked in a period. */
export async function sumsOf(client: PoolClient, account: SettlementAccountRow, period: { readonly from: string; readonly until: string }): Promise<ShareSum[]> {
  const { rows } = await client.query<SumRow>(SELECT_SUMS,
    [account.partner_id, moneyAsset(account.currency), period.from, period.until, account.id]);
  return rows.map((row) => ({
    versionId: row.agreement_version_id, item: row.item, offeringId: row.offering_id, kind: row.kind, adjustsId: row.adjusts,
    basis: BigInt(row.basis), share: BigInt(row.share), events: BigInt(row.events),
  }));
}

const BATCHES = `
  select distinct virtualtransaction as batch from pg_locks
   where locktype = 'relation' and database = (select oid from pg_database where datname = current_database())
     and relation = 'bucket'::regclass and mode in ('RowShareLock', 'RowExclusiveLock') and pid <> pg_backend_pid()`;
const LOOK_MS = 20;
const PATIENCE_MS = 3_000;

/**
 * Waits until the batches are gone that may have read the clock before now: a batch locks its roots' buckets first and reads
 * the clock then. Whatever begins later reads a later time, so a period that is over by now takes nothing in any more.
 * @throws Refusal OVERLOADED where one of them goes on too long.
 */
export async function awaitBatches(client: PoolClient): Promise<void> {
  let open = new Set((await client.query<{ batch: string }>(BATCHES)).rows.map(({ batch }) => batch));
  for (let waited = 0; open.size > 0; waited += LOOK_MS) {
    if (waited >= PATIENCE_MS) refuse('OVERLOADED', 'Charging is busy with the period\'s last charges; nothing was done. Repeat in a moment.');
    await sleep(LOOK_MS);
    const now = new Set((await client.query<{ batch: string }>(BATCHES)).rows.map(({ batch }) => batch));
    open = new Set([...open].filter((batch) => now.has(batch)));
  }
}

interface NewStatement {
  readonly tenantId: number;
  readonly account: SettlementAccountRow;
  readonly period: { readonly from: string; readonly until: string };
  readonly figures: StatementFigures;
  readonly at: Date;
}

/** Stores a statement with its lines, CALCULATED. */
export async function insertStatement(client: PoolClient, { tenantId, account, period, figures, at }: NewStatement): Promise<string> {
  const { rows } = await client.query<{ id: string }>(`
    insert into share_statement (tenant_id, partner_id, settlement_account_id, period_from, period_until, currency, share, rounding, carried_in,
      carried_forward, payable, calculated_at, minor_unit) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning id`,
  [tenantId, account.partner_id, account.id, period.from, period.until, account.currency, figures.share.toString(), figures.rounding.toString(),
    figures.carriedIn.toString(), figures.carriedForward.toString(), figures.payable.toString(), at, minorUnit(account.currency).toString()]);
  const { id } = rows[0]!;
  const { lines } = figures;
  await client.query(`
    insert into share_statement_line (statement_id, line, tenant_id, agreement_version_id, item, offering_id, kind, adjusts_id, basis, events, exact, share)
    select $1, x.line, $2, x.version_id, x.item, x.offering_id, x.kind, x.adjusts_id, x.basis, x.events, x.exact, x.share
      from unnest($3::bigint[], $4::smallint[], $5::bigint[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[])
           with ordinality x(version_id, item, offering_id, kind, adjusts_id, basis, events, exact, share, line)`,
  [id, tenantId, lines.map((l) => l.versionId), lines.map((l) => l.item), lines.map((l) => l.offeringId), lines.map((l) => l.kind),
    lines.map((l) => l.adjustsId), lines.map((l) => l.basis.toString()), lines.map((l) => l.events.toString()), lines.map((l) => l.exact.toString()),
    lines.map((l) => l.share.toString())]);
  return id;
}

interface LineRow extends SumRow { readonly exact: string }

/** The lines of a statement as they were calculated. */
export async function linesOf(client: PoolClient, statementId: string): Promise<StatementLine[]> {
  const { rows } = await client.query<LineRow>(`
    select agreement_version_id, item, offering_id::text, kind, adjusts_id as adjusts, basis, events, exact, share
      from share_statement_line where statement_id = $1 order by line`, [statementId]);
  return rows.map((row) => ({
    versionId: row.agreement_version_id, item: row.item, offeringId: row.offering_id, kind: row.kind, adjustsId: row.adjusts,
    basis: BigInt(row.basis), events: BigInt(row.events), exact: BigInt(row.exact), share: BigInt(row.share),
  }));
}

/** Posts both sides of what a statement moves; nothing where it moves nothing. */
export async function postSettlement(
  client: PoolClient, statement: Pick<StatementRow, 'id' | 'currency'>, tenantId: number,
  { kind, account, contra, amount, at }: { readonly kind: string; readonly account: string; readonly contra: string; readonly amount: bigint; readonly at: Date },
): Promise<void> {
  if (amount === 0n) return;
  await client.query(`insert into settlement_entry (tenant_id, statement_id, kind, account, contra, amount, asset, booked_at) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [tenantId, statement.id, kind, account, contra, amount.toString(), moneyAsset(statement.currency), at]);
}
