import DataLoader from 'dataloader';
import type { RequestContext } from '../context';
import { partnerFilter, SqlFilter } from '../party';
import type { Caller, Role } from '../platform/auth/caller';
import { encodeCursor, foreignCursor, moneyOf, OwnedPlace, ownedPlace, Page, PageArgs, pageOf, pagesByOwner, wholeAfter, wholePart } from '../platform/graphql';
import { amount } from '../platform/money';
import { LINE_PAGES, RUNNING_TOTALS, SHARE_PAGES, STATEMENT_DAYS, statementPagesSql, statementsByIdSql } from './sql/statement.sql';
import { monthOf } from './statement.service';
import {
  DayRecord, dayOf, LineRecord, lineOf, RevenueShare, RevenueShareDay, RevenueShareLine, RevenueShareStatement, RunningShareTotal, ShareRecord, shareOf,
  StatementRecord, statementOf,
} from './statement.type';

/** Who reads statements; a partner its own, and those only that were published to it. */
export const STATEMENT_READERS: readonly Role[] = ['PARTNER', 'FINANCE', 'AUDITOR'];

function statementFilter(caller: Caller, firstParameter: number): SqlFilter {
  if (!STATEMENT_READERS.includes(caller.role)) return { sql: 'false', parameters: [] };
  const filter = partnerFilter(caller, firstParameter, { tenant: 'statement.tenant_id', partner: 'statement.partner_id' });
  return caller.role === 'PARTNER' ? { ...filter, sql: `${filter.sql} and statement.state <> 'CALCULATED'` } : filter;
}

/** Statements by key; null for what is unknown and for what is not the caller's. */
export function statementLoader(context: RequestContext): DataLoader<bigint, RevenueShareStatement | null, string> {
  return context.loader('share.statement', () => new DataLoader(async (keys: readonly bigint[]) => {
    const filter = statementFilter(context.caller, 2);
    const { rows } = await context.services.pool.query<StatementRecord>(statementsByIdSql(filter.sql), [keys.map(String), ...filter.parameters]);
    const found = new Map(rows.map((row) => [row.id, statementOf(row)]));
    return keys.map((key) => found.get(key.toString()) ?? null);
  }, { cacheKeyFn: String }));
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Pages of the statements of partners, the newest first. */
export function statementPageLoader(context: RequestContext, page: PageArgs): DataLoader<bigint, Page<RevenueShareStatement>, string> {
  const place = ownedPlace(page.after, 'statement', 2);
  const [day = '9999-12-31', id = `${2n ** 62n}`] = place?.keys ?? [];
  if (!DAY.test(day) || wholePart(id) === null) throw foreignCursor();
  return context.loader(`share.statements.${page.first}.${page.after ?? ''}`, () => new DataLoader(async (keys: readonly bigint[]) => {
    const filter = statementFilter(context.caller, 5);
    const { rows } = await context.services.pool.query<StatementRecord>(
      statementPagesSql(filter.sql), [keys.map(String), day, id, page.first, ...filter.parameters]);
    return pagesByOwner(keys, place, String, (key) => pageOf(rows.filter((row) => row.partner_id === key.toString()), page, statementOf,
      (row) => encodeCursor('statement', row.partner_id, row.period_from, row.id)));
  }, { cacheKeyFn: String }));
}

/** Pages of the lines of statements that the caller was shown. */
export function linePageLoader({ loader, services }: RequestContext, page: PageArgs): DataLoader<bigint, Page<RevenueShareLine>, string> {
  const place = ownedPlace(page.after, 'statementLine', 1);
  const after = numberAfter(place);
  return loader(`share.lines.${page.first}.${page.after ?? ''}`, () => new DataLoader(async (keys: readonly bigint[]) => {
    const { rows } = await services.pool.query<LineRecord>(LINE_PAGES, [keys.map(String), after.toString(), page.first]);
    return pagesByOwner(keys, place, String, (key) => pageOf(rows.filter((row) => row.statement_id === key.toString()), page, lineOf,
      (row) => encodeCursor('statementLine', row.statement_id, row.line)));
  }, { cacheKeyFn: String }));
}

type LineKey = Pick<RevenueShareLine, 'statementKey' | 'number'>;
interface PlacedShare extends ShareRecord { readonly statement_id: string; readonly line: number }

/** Pages of the shares of lines that the caller was shown. A cursor counts, because it must not name whose charge it is. */
export function sharePageLoader({ loader, services }: RequestContext, page: PageArgs): DataLoader<LineKey, Page<RevenueShare>, string> {
  const place = ownedPlace(page.after, 'share', 1);
  const after = numberAfter(place);
  return loader(`share.shares.${page.first}.${page.after ?? ''}`, () => new DataLoader(async (lines: readonly LineKey[]) => {
    const { rows } = await services.pool.query<PlacedShare>(SHARE_PAGES,
      [lines.map(({ statementKey }) => statementKey.toString()), lines.map(({ number }) => number), after.toString(), page.first]);
    return pagesByOwner(lines, place, lineText, (line) => pageOf(rows.filter((row) => `${row.statement_id}:${row.line}` === lineText(line)), page, shareOf,
      (row) => encodeCursor('share', lineText(line), row.number)));
  }, { cacheKeyFn: lineText }));
}

const lineText = ({ statementKey, number }: LineKey): string => `${statementKey}:${number}`;

/** The number in a place, which is an integer column's. */
function numberAfter(place: OwnedPlace | null): bigint {
  const number = wholeAfter(place, 0n);
  if (number > 2_000_000_000n) throw foreignCursor();
  return number;
}

/** The days of statements that the caller was shown: at most 31 each. */
export function dayLoader({ loader, services }: RequestContext): DataLoader<bigint, RevenueShareDay[], string> {
  return loader('share.days', () => new DataLoader(async (keys: readonly bigint[]) => {
    const { rows } = await services.pool.query<DayRecord>(STATEMENT_DAYS, [keys.map(String)]);
    return keys.map((key) => rows.filter((row) => row.statement_id === key.toString()).map(dayOf));
  }, { cacheKeyFn: String }));
}

interface RunningRecord { readonly partner_id: string; readonly currency: string; readonly offering_id: string | null; readonly share: string | null }

/** What partners that the caller was shown are owed of the running month: one sum a settlement account. */
export function runningTotalLoader({ loader, services, caller }: RequestContext): DataLoader<bigint, RunningShareTotal[], string> {
  return loader('share.running', () => new DataLoader(async (keys: readonly bigint[]) => {
    const asOf = await services.clock.now(caller.tenantId);
    const { timeZone } = await services.tenants.require(caller.tenantId);
    const { startDate: from, endDate: until } = monthOf(timeZone, asOf.getTime());
    const { rows } = await services.pool.query<RunningRecord>(RUNNING_TOTALS, [keys.map(String), from, until]);
    return keys.map((key) => {
      const sums = new Map<string, bigint>();
      for (const row of rows) if (row.partner_id === key.toString()) sums.set(row.currency, (sums.get(row.currency) ?? 0n) + BigInt(row.share ?? '0'));
      return [...sums].map(([currency, share]) => ({ currency, period: { from, until }, share: moneyOf(amount(share), currency), asOf }));
    });
  }, { cacheKeyFn: String }));
}
