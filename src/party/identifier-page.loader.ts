import DataLoader from 'dataloader';
import type { RequestContext } from '../context';
import { encodeCursor, foreignCursor, OwnedPlace, ownedPlace, Page, PageArgs, pageOf, pagesByOwner, wholePart } from '../platform/graphql';
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
  const place = ownedPlace(page.after, SCOPE, 3);
  const after = keysOf(place);
  const build = (): DataLoader<bigint, Page<AssignedIdentifier>, string> => new DataLoader(async (keys: readonly bigint[]) => {
    const rows = await readPages(context, keys, page.first, after);
    return pagesByOwner(keys, place, String, (key) => pageOf(rows.get(key.toString()) ?? [], page, (row) => assignedIdentifierOf(identifierOf(row)),
      (row) => encodeCursor(SCOPE, key, row.fromMicroseconds, row.kind, row.value)));
  }, { cacheKeyFn: String });
  return context.loader(`party.identifiers.${page.first}.${page.after ?? ''}`, build);
}

/** The sort keys after which the page begins; null for the beginning. */
function keysOf(place: OwnedPlace | null): readonly string[] | null {
  if (place === null) return null;
  if (wholePart(place.keys[0]) === null || place.keys.join('').includes('\0')) throw foreignCursor();
  return place.keys;
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
