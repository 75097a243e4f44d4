import { isoInstant } from '../platform/db';
import { moneyAsset } from '../platform/money';
import { RootRef, StatementRunner } from '../platform/root';
import { BucketKind, ROOT_BUCKET_ID } from './bucket.types';

/** What the buckets of an account depend on. */
export interface AccountToOpen extends RootRef {
  readonly tenantId: number;
  readonly accountId: bigint;
  readonly payerId: bigint;
  readonly currency: string;
  readonly paymentMode: 'PREPAID' | 'POSTPAID' | 'HYBRID';
  /** AMOUNT with its amount in millionths, or UNLIMITED; null for a prepaid account. */
  readonly creditLimit: { readonly kind: 'AMOUNT'; readonly amount: bigint } | { readonly kind: 'UNLIMITED' } | null;
  readonly at: number;
}

const INSERT = `
insert into bucket (shard, root_id, id, tenant_id, account_id, kind, asset, credit_limit, valid_from, position, setup_version, next_bucket_id)
select $1, $2, x.id, $3, $4, x.kind, $5, case when x.kind = 'CREDIT' then $6::bigint else 0 end, $7,
       case when x.id = 0 then 0 end, case when x.id = 0 then 1 end, case when x.id = 0 then $8::int end
  from unnest($9::int[], $10::text[]) x(id, kind)`;

/**
 * Opens an account's money: prepaid money, a postpaid exposure, or (hybrid) both. Bucket 0 of a new root is its lock row;
 * an account that joins a root gets buckets only where it pays for itself. Call under the root's lock where it exists.
 */
export async function openBuckets(tx: StatementRunner, account: AccountToOpen): Promise<void> {
  const kinds = kindsOf(account);
  const isRoot = account.accountId === account.rootId;
  const first = isRoot ? ROOT_BUCKET_ID : await takeIds(tx, account, kinds.length);
  if (kinds.length === 0) return;
  const limit = account.creditLimit?.kind === 'AMOUNT' ? account.creditLimit.amount.toString() : null;
  await tx.query(INSERT, [account.shard, account.rootId.toString(), account.tenantId, account.accountId.toString(), moneyAsset(account.currency),
    limit, isoInstant(account.at), kinds.length, kinds.map((_, index) => first + index), kinds]);
}

const INSERT_ROOTS = `
insert into bucket (shard, root_id, id, tenant_id, account_id, kind, asset, credit_limit, valid_from, position, setup_version, next_bucket_id)
select x.shard, x.root_id, x.id, x.tenant_id, x.root_id, x.kind, x.asset, case when x.kind = 'CREDIT' then x.credit_limit else 0 end, x.valid_from,
       case when x.id = 0 then 0 end, case when x.id = 0 then 1 end, case when x.id = 0 then x.next_id end
  from json_to_recordset($1::json) x(shard smallint, root_id bigint, id int, tenant_id smallint, kind text, asset text, credit_limit bigint,
       valid_from timestamptz, next_id int)`;

/** As openBuckets, for many accounts, each a new root that pays for itself. */
export async function openRoots(tx: StatementRunner, accounts: readonly AccountToOpen[]): Promise<void> {
  const rows = accounts.flatMap((account) => kindsOf(account).map((kind, index, kinds) => ({
    shard: account.shard, root_id: account.rootId.toString(), id: ROOT_BUCKET_ID + index, tenant_id: account.tenantId, kind, asset: moneyAsset(account.currency),
    credit_limit: account.creditLimit?.kind === 'AMOUNT' ? account.creditLimit.amount.toString() : null, valid_from: isoInstant(account.at), next_id: kinds.length,
  })));
  await tx.query(INSERT_ROOTS, [JSON.stringify(rows)]);
}

/** Carries a new credit limit to the exposure. Lowering it below what is owed refuses new charges; nothing owed is lost. */
export async function changeLimit(tx: StatementRunner, account: AccountToOpen): Promise<void> {
  const limit = account.creditLimit?.kind === 'AMOUNT' ? account.creditLimit.amount.toString() : null;
  await tx.query(`update bucket set credit_limit = $4::bigint, overused = value - reserved < -$4::bigint is true
                   where shard = $1 and root_id = $2 and account_id = $3 and kind = 'CREDIT'`,
  [account.shard, account.rootId.toString(), account.accountId.toString(), limit]);
}

function kindsOf(account: AccountToOpen): BucketKind[] {
  if (account.payerId !== account.accountId) return [];
  if (account.paymentMode === 'POSTPAID') return ['CREDIT'];
  return account.paymentMode === 'HYBRID' ? ['MONEY', 'CREDIT'] : ['MONEY'];
}

async function takeIds(tx: StatementRunner, root: RootRef, count: number): Promise<number> {
  const result = await tx.query(
    `update bucket set next_bucket_id = next_bucket_id + $3, setup_version = setup_version + 1
      where shard = $1 and root_id = $2 and id = 0 returning next_bucket_id - $3 as first`, [root.shard, root.rootId.toString(), count]);
  return firstOf(result);
}

/** A pg client answers with rows, TypeORM's manager with [rows, count]. */
function firstOf(result: unknown): number {
  const rows = (Array.isArray(result) ? result[0] : (result as { rows: unknown[] }).rows) as { first: number }[];
  return rows[0]!.first;
}
