import DataLoader from 'dataloader';
import type { RequestContext } from '../context';
import { decodeCursor, encodeCursor, Page, PageArgs, pageOf, requestError, wholePart } from '../platform/graphql';
import { shardOfId } from '../platform/root';
import { accountFilter } from './access';
import { AssignedIdentifier, assignedIdentifierOf } from './identifier.type';
import { groupRows, identifierOf, IdentifierRow } from './rows';
import { identifierPagesSql } from './sql/identifier.sql';

const SCOPE = 'identifiers';

interface PlacedRow extends IdentifierRow {
  readonly fromMicroseconds: string;
}

/** Pages of the identifiers of accounts, in the order of their start; all accounts of one field in one statement. */
export function identifierPageLoader(context: RequestContext, page: PageArgs): DataLoader<bigint, Page<AssignedIdentifier>, string> {
  const after = placeOf(page.after);
  const build = (): DataLoader<bigint, Page<AssignedIdentifier>, string> => new DataLoader(async (keys: readonly bigint[]) => {
    const rows = await readPages(context, keys, page.first, after);
    return keys.map((key) => pageOf(rows.get(key.toString()) ?? [], page, (row) => assignedIdentifierOf(identifierOf(row)),
      (row) => encodeCursor(SCOPE, row.fromMicroseconds, row.kind, row.value)));
  }, { cacheKeyFn: String });
  return context.loader(`party.identifiers.${page.first}.${page.after ?? ''}`, build);
}

/** The sort keys after which the page begins; null for the beginning. */
function placeOf(cursor: string | null | undefined): readonly string[] | null {
  if (cursor === null || cursor === undefined) return null;
  const place = decodeCursor(cursor, SCOPE);
  if (place?.length === 3 && wholePart(place[0]) !== null && !place.join('').includes('\0')) return place;
  throw requestError('BAD_USER_INPUT', 'The cursor is not one of this list.');
}

async function readPages(
  context: RequestContext, accountIds: readonly bigint[], first: number, after: readonly string[] | null,
): Promise<ReadonlyMap<string, PlacedRow[]>> {
  const filter = accountFilter(context.caller, 7);
  const { rows } = await context.services.pool.query<PlacedRow>(identifierPagesSql(filter), [
    accountIds.map(shardOfId), accountIds.map(String), first, ...(after ?? [null, null, null]), ...filter.parameters,
  ]);
  return groupRows(rows, (row) => row.accountId);
}
