import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { checkedExternalId, checkedName, lockPartner } from '../party';
import { refuse } from '../platform/errors';
import { Period, periodOf } from '../platform/time';
import { Actor, businessNow, changeAudited } from '../tenant';
import { figuresOf, StatementFigures, statementAfter, StatementStep } from './statement.rules';
import {
  awaitBatches, insertStatement, linesOf, lockStatement, postSettlement, readAccount, SettlementAccountRow, settledUnder, StatementRow, statementsOf, sumsOf,
} from './statement.store';

export interface StatementRef {
  readonly statementId: bigint;
  readonly expectedVersion: number;
  /** A partner's own token reaches only its own; null for who sees the whole tenant. */
  readonly partnerId: bigint | null;
}

const TYPE = 'RevenueShareStatement';

/** Statements of what partners are owed, from the close of a period to its settlement. */
export class StatementService {
  constructor(private readonly data: DataSource) {}

  /**
   * Closes a month of an account: calculates its statement. Closing a month again gives the same statement.
   * @throws Refusal NOT_FOUND, INVALID_INPUT (no first day), CONFLICT (not over, or an earlier one is open), OVERLOADED
   */
  close(actor: Actor, { accountId, periodFrom }: { readonly accountId: bigint; readonly periodFrom: string }): Promise<bigint> {
    const { tenantId } = actor;
    return changeAudited(this.data, actor, 'statementClose', { type: TYPE, id: '' }, async ({ client }) => {
      const account = await readAccount(client, tenantId, accountId) ?? refuse('NOT_FOUND', 'No such settlement account.', ['settlementAccountId']);
      await lockPartner(client, tenantId, BigInt(account.partner_id));
      const now = await businessNow(client, tenantId);
      const earlier = await statementsOf(client, account.id);
      const known = earlier.find(({ period_from: from }) => from === periodFrom);
      const id = known ? await recalculated(client, account, known, earlier) : await calculated(client, tenantId, account, earlier, periodFrom, now);
      return { result: BigInt(id), audit: { objectType: TYPE, objectId: id, after: { partnerId: account.partner_id, periodFrom } } };
    });
  }

  /** Numbers a calculated statement, posts its rounding, and shows it to the partner. @throws Refusal NOT_FOUND, CONFLICT */
  publish(actor: Actor, ref: StatementRef): Promise<bigint> {
    return this.step(actor, 'statementPublish', 'PUBLISH', ref, async (client, statement, now) => {
      const earlier = await statementsOf(client, statement.settlement_account_id);
      if (earlier.some((other) => other.state === 'CALCULATED' && other.period_from < statement.period_from)) {
        refuse('CONFLICT', 'An earlier statement of the account is not published.', ['statementId']);
      }
      const { rows: [last] } = await client.query<{ number: number }>(
        'select coalesce(max(number), 0)::int as number from share_statement where partner_id = $1', [statement.partner_id]);
      const number = (last?.number ?? 0) + 1;
      await postSettlement(client, statement, actor.tenantId, {
        kind: 'SHARE_ROUNDING', account: 'partner_payable', contra: 'rounding', amount: BigInt(statement.rounding), at: now });
      await client.query(`update share_statement set state = 'PUBLISHED', version = version + 1, number = $2, published_at = $3 where id = $1`,
        [statement.id, number, now]);
      return { sequence: number };
    });
  }

  /** The partner takes a published statement as right. @throws Refusal NOT_FOUND, CONFLICT */
  accept(actor: Actor, ref: StatementRef): Promise<bigint> {
    return this.step(actor, 'statementAccept', 'ACCEPT', ref, async (client, { id }, now) => {
      await client.query(`update share_statement set state = 'ACCEPTED', version = version + 1, answered_at = $2 where id = $1`, [id, now]);
      return {};
    });
  }

  /** The partner holds a published statement to be wrong. @throws Refusal NOT_FOUND, CONFLICT, INVALID_INPUT */
  dispute(actor: Actor, ref: StatementRef, reason: string): Promise<bigint> {
    const why = checkedName(reason, ['reason']);
    return this.step(actor, 'statementDispute', 'DISPUTE', ref, async (client, { id }, now) => {
      await client.query(`update share_statement set state = 'DISPUTED', version = version + 1, answered_at = $2, dispute_reason = $3 where id = $1`, [id, now, why]);
      return {};
    }, why);
  }

  /**
   * Books the payment of what a statement says is payable; a disputed one is settled as published, and what turns out to be
   * wrong is corrected on the next. The same key gives the first outcome again.
   * @throws Refusal NOT_FOUND, CONFLICT (state, suspended partner), INVALID_INPUT, IDEMPOTENCY_KEY_REUSED
   */
  async settle(actor: Actor, ref: Pick<StatementRef, 'statementId'>, { key, reference }: { readonly key: string; readonly reference: string }): Promise<bigint> {
    const object = { type: TYPE, id: ref.statementId.toString() };
    return changeAudited(this.data, actor, 'statementSettle', object, async ({ client }) => {
      checkedExternalId(reference, ['reference']);
      const { tenantId } = actor;
      const fullKey = `${actor.subject}\n${checkedExternalId(key, ['idempotencyKey'])}`;
      const statement = await this.lockedWithPartner(client, tenantId, ref.statementId);
      const before = await settledUnder(client, tenantId, fullKey);
      const audit = { objectType: TYPE, objectId: object.id, after: { partnerId: statement.partner_id, state: 'SETTLED', payableAmount: statement.payable } };
      if (before) {
        if (before.id === statement.id && before.settlement_reference === reference) return { result: ref.statementId, audit };
        refuse('IDEMPOTENCY_KEY_REUSED', 'The key settled another statement, or with another reference.', ['idempotencyKey']);
      }
      statementAfter(statement.state, 'SETTLE');
      const partner = await lockPartner(client, tenantId, BigInt(statement.partner_id));
      if (partner.state === 'SUSPENDED') refuse('CONFLICT', 'The partner is SUSPENDED: nothing is settled for now.', ['statementId']);
      const now = await businessNow(client, tenantId);
      await postSettlement(client, statement, tenantId, { kind: 'SETTLEMENT', account: 'cash', contra: 'partner_payable', amount: BigInt(statement.payable), at: now });
      await client.query(`update share_statement set state = 'SETTLED', version = version + 1, settled_at = $2, settlement_key = $3, settlement_reference = $4
        where id = $1`, [statement.id, now, fullKey, reference]);
      return { result: ref.statementId, audit };
    });
  }

  private step(
    actor: Actor, operation: string, step: StatementStep, { statementId, expectedVersion, partnerId }: StatementRef,
    work: (client: PoolClient, statement: StatementRow, now: Date) => Promise<{ readonly [fact: string]: number }>, reason?: string,
  ): Promise<bigint> {
    const object = { type: TYPE, id: statementId.toString() };
    return changeAudited(this.data, actor, operation, object, async ({ client }) => {
      const statement = await this.lockedWithPartner(client, actor.tenantId, statementId, partnerId);
      const state = statementAfter(statement.state, step);
      if (statement.version !== expectedVersion) refuse('CONFLICT', `The statement has version ${statement.version}.`, ['expectedVersion']);
      const after = await work(client, statement, await businessNow(client, actor.tenantId));
      const audit = { objectType: TYPE, objectId: object.id, before: { state: statement.state }, after: { state, partnerId: statement.partner_id, ...after } };
      return { result: statementId, audit: reason === undefined ? audit : { ...audit, reason } };
    });
  }

  /** Locks the statement and then its partner, by whom statements are numbered. A partner reaches only what was published to it. */
  private async lockedWithPartner(client: PoolClient, tenantId: number, statementId: bigint, partnerId: bigint | null = null): Promise<StatementRow> {
    const statement = await lockStatement(client, tenantId, statementId);
    const isOwn = statement && (partnerId === null || (statement.partner_id === partnerId.toString() && statement.state !== 'CALCULATED'));
    if (!statement || !isOwn) return refuse('NOT_FOUND', 'No such statement.', ['statementId']);
    await lockPartner(client, tenantId, BigInt(statement.partner_id));
    return statement;
  }
}

/** The calendar month of the tenant's zone that holds an instant. */
export const monthOf = (timeZone: string, at: number): Period => periodOf({ kind: 'CALENDAR_MONTH' }, timeZone, at);

async function calculated(
  client: PoolClient, tenantId: number, account: SettlementAccountRow, earlier: readonly StatementRow[], periodFrom: string, now: Date,
): Promise<string> {
  const first = earlier.at(-1)?.period_until ?? monthOf(account.time_zone, account.opened_at.getTime()).startDate;
  if (periodFrom < first) refuse('INVALID_INPUT', `The first day of a period is asked for; the next is ${first}.`, ['periodFrom']);
  if (periodFrom > first) refuse('CONFLICT', `The period from ${first} is to be closed first.`, ['periodFrom']);
  const month = monthFrom(account.time_zone, first);
  if (now.getTime() < month.end) refuse('CONFLICT', `The period ends at ${new Date(month.end).toISOString()}.`, ['periodFrom']);
  await awaitBatches(client);
  const period = { from: month.startDate, until: month.endDate };
  const figures = await figuresFrom(client, account, period, earlier);
  return insertStatement(client, { tenantId, account, period, figures, at: now });
}

/** Noon of the first day lies in the month in every zone. */
const monthFrom = (timeZone: string, firstDay: string): Period => monthOf(timeZone, Date.parse(`${firstDay}T12:00:00Z`));

/** The same facts give the same figures: anything else is a broken promise, and is not papered over. */
async function recalculated(client: PoolClient, account: SettlementAccountRow, known: StatementRow, all: readonly StatementRow[]): Promise<string> {
  const earlier = all.filter(({ period_from: from }) => from < known.period_from);
  const figures = await figuresFrom(client, account, { from: known.period_from, until: known.period_until }, earlier);
  const stored = await linesOf(client, known.id);
  const isSame = textOf(figures.lines) === textOf(stored) && figures.share === BigInt(known.share) && figures.rounding === BigInt(known.rounding)
    && figures.carriedIn === BigInt(known.carried_in) && figures.payable === BigInt(known.payable);
  if (!isSame) throw new Error(`Statement ${known.id} is not what its period's charges share.`);
  return known.id;
}

const textOf = (lines: StatementFigures['lines']): string => JSON.stringify(lines.map((line) =>
  [line.versionId, line.item, line.offeringId, line.kind, line.adjustsId, line.basis, line.events, line.exact, line.share].map(String)));

async function figuresFrom(
  client: PoolClient, account: SettlementAccountRow, period: { readonly from: string; readonly until: string }, earlier: readonly StatementRow[],
): Promise<StatementFigures> {
  return figuresOf(await sumsOf(client, account, period), BigInt(earlier.at(-1)?.carried_forward ?? '0'), account.currency);
}
