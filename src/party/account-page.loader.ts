import DataLoader from 'dataloader';
import type { RequestContext } from '../context';
import { decodeCursor, encodeCursor, Page, PageArgs, pageOf, requestError, wholePart } from '../platform/graphql';
import { accountFilter } from './access';
import { BillingAccount, billingAccountOf } from './billing-account.type';
import { ACCOUNT_COLUMNS, accountOf, AccountRow, groupRows } from './rows';

/** What the accounts of a page hang on, and the predicate that finds them by an index; `owner.key` is its id. */
const RELATIONS = {
  customer: 'account.customer_id = owner.key',
  parent: 'account.parent_id = owner.key',
  root: 'account.shard = (owner.key & 4095)::smallint and account.root_id = owner.key',
} as const;
export type AccountRelation = keyof typeof RELATIONS;

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
  const after = afterId(relation, page.after);
  const build = (): DataLoader<bigint, Page<BillingAccount>, string> => new DataLoader(async (keys: readonly bigint[]) => {
    const rows = await readPages(context, relation, keys, page.first, after);
    return keys.map((key) => pageOf(rows.get(key.toString()) ?? [], page,
      (row) => billingAccountOf(accountOf(row)), (row) => encodeCursor(scopeOf(relation), row.id)));
  }, { cacheKeyFn: String });
  return context.loader(`party.accounts.${relation}.${page.first}.${after}`, build);
}

const scopeOf = (relation: AccountRelation): string => `accounts.${relation}`;

function afterId(relation: AccountRelation, cursor: string | null | undefined): bigint {
  if (cursor === null || cursor === undefined) return 0n;
  const id = wholePart(decodeCursor(cursor, scopeOf(relation))?.[0]);
  if (id === null) throw requestError('BAD_USER_INPUT', 'The cursor is not one of this list.');
  return id;
}

async function readPages(
  context: RequestContext, relation: AccountRelation, keys: readonly bigint[], first: number, after: bigint,
): Promise<ReadonlyMap<string, OwnedRow[]>> {
  const filter = accountFilter(context.caller, 4);
  const { rows } = await context.services.pool.query<OwnedRow>(
    `select page.*, owner.key as "ownerKey"
       from unnest($1::bigint[]) owner (key)
       cross join lateral (
         select ${ACCOUNT_COLUMNS} from billing_account account
          where ${RELATIONS[relation]} and account.id > $2::bigint and ${filter.sql}
          order by account.id limit $3::integer + 1) page
      order by owner.key, page.id`,
    [keys.map(String), after.toString(), first, ...filter.parameters]);
  return groupRows(rows, (row) => row.ownerKey);
}
