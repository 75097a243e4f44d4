import DataLoader from 'dataloader';
import type { RequestContext } from '../context';
import { encodeCursor, foreignCursor, OwnedPlace, ownedPlace, Page, PageArgs, pageOf, pagesByOwner, wholePart } from '../platform/graphql';
import { accountFilter } from './access';
import { BillingAccount, billingAccountOf } from './billing-account.type';
import { accountOf, AccountRow, groupRows } from './rows';
import { accountPagesSql, AccountRelation } from './sql/account.sql';

interface OwnedRow extends AccountRow {
  readonly ownerKey: string;
}

/**
 * Pages of the accounts of a customer, below a parent or in a root, in the order of their ids; only what the caller may
 * see. All owners of one field in one statement.
 */
export function accountPageLoader(
  context: RequestContext, relation: AccountRelation, page: PageArgs,
): DataLoader<bigint, Page<BillingAccount>, string> {
  const place = ownedPlace(page.after, scopeOf(relation), 1);
  const after = afterId(place);
  const build = (): DataLoader<bigint, Page<BillingAccount>, string> => new DataLoader(async (keys: readonly bigint[]) => {
    const rows = await readPages(context, relation, keys, page.first, after);
    return pagesByOwner(keys, place, String, (key) => pageOf(rows.get(key.toString()) ?? [], page,
      (row) => billingAccountOf(accountOf(row)), (row) => encodeCursor(scopeOf(relation), key, row.id)));
  }, { cacheKeyFn: String });
  return context.loader(`party.accounts.${relation}.${page.first}.${page.after ?? ''}`, build);
}

const scopeOf = (relation: AccountRelation): string => `accounts.${relation}`;

function afterId(place: OwnedPlace | null): bigint {
  if (place === null) return 0n;
  const id = wholePart(place.keys[0]);
  if (id === null) throw foreignCursor();
  return id;
}

async function readPages(
  context: RequestContext, relation: AccountRelation, keys: readonly bigint[], first: number, after: bigint,
): Promise<ReadonlyMap<string, OwnedRow[]>> {
  const filter = accountFilter(context.caller, 4);
  const { rows } = await context.services.pool.query<OwnedRow>(
    accountPagesSql(relation, filter), [keys.map(String), after.toString(), first, ...filter.parameters]);
  return groupRows(rows, (row) => row.ownerKey);
}
