import { refuse } from '../platform/errors';
import { lockRoot, shardOfId } from '../platform/root';
import type { Change } from '../tenant';
import type { CreditLimit } from './account.rules';
import { AccountState, BillingAccountEntity } from './billing-account.entity';

/** Null for a foreign account as for an unknown one. */
function findAccount(change: Change, tenantId: number, id: bigint): Promise<BillingAccountEntity | null> {
  return change.manager.findOneBy(BillingAccountEntity, { shard: shardOfId(id), id, tenantId });
}

/** The account, if it may still change. @throws Refusal NOT_FOUND, CONFLICT (closed) at `path`. */
export async function requireOpen(change: Change, tenantId: number, id: bigint, path: readonly string[]): Promise<BillingAccountEntity> {
  return openOrRefuse(await findAccount(change, tenantId, id) ?? refuse('NOT_FOUND', 'No such billing account.', path), path);
}

const openOrRefuse = (account: BillingAccountEntity, path: readonly string[]): BillingAccountEntity =>
  account.state === 'CLOSED' ? refuse('CONFLICT', 'The billing account is closed.', path) : account;

/** The account as it stands under its root's lock. @throws Refusal NOT_FOUND at `path`. */
export async function lockAccount(
  change: Change, tenantId: number, id: bigint, path: readonly string[],
): Promise<BillingAccountEntity> {
  const unlocked = await findAccount(change, tenantId, id) ?? refuse('NOT_FOUND', 'No such billing account.', path);
  await lockRoot(change.client, unlocked);
  return change.manager.findOneByOrFail(BillingAccountEntity, { shard: unlocked.shard, id });
}

/** As lockAccount, for an account that may still change. @throws Refusal NOT_FOUND, CONFLICT (closed) at `path`. */
export async function lockOpenAccount(
  change: Change, tenantId: number, id: bigint, path: readonly string[],
): Promise<BillingAccountEntity> {
  return openOrRefuse(await lockAccount(change, tenantId, id, path), path);
}

/** A credit limit as the row holds it. */
export const limitColumns = (limit: CreditLimit | null): Pick<BillingAccountEntity, 'creditLimitKind' | 'creditLimit'> => ({
  creditLimitKind: limit?.kind ?? null,
  creditLimit: limit?.kind === 'AMOUNT' ? limit.amount : null,
});

/** Stores a new account and answers it as stored. */
export async function insertAccount(
  change: Change, row: Partial<BillingAccountEntity> & { readonly shard: number; readonly id: bigint },
): Promise<BillingAccountEntity> {
  await change.manager.insert(BillingAccountEntity, row);
  return change.manager.findOneByOrFail(BillingAccountEntity, { shard: row.shard, id: row.id });
}

/** Writes a new state with the next version. The root's lock is held. */
export async function moveAccount(change: Change, before: BillingAccountEntity, state: AccountState): Promise<BillingAccountEntity> {
  const key = { shard: before.shard, id: before.id };
  await change.manager.update(BillingAccountEntity, key, { version: before.version + 1, state });
  return change.manager.findOneByOrFail(BillingAccountEntity, key);
}

/** Writes a new name, a new credit limit, or both, with the next version. The root's lock is held. */
export async function updateAccount(
  change: Change, before: BillingAccountEntity, name: string | null, limit: CreditLimit | null,
): Promise<BillingAccountEntity> {
  const key = { shard: before.shard, id: before.id };
  await change.manager.update(BillingAccountEntity, key, {
    version: before.version + 1, ...(name === null ? {} : { name }), ...(limit ? limitColumns(limit) : {}),
  });
  return change.manager.findOneByOrFail(BillingAccountEntity, key);
}
