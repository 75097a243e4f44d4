import { createHash } from 'node:crypto';

/**
 * The root account is the unit of locking, ordering and placing: the top of the accounts that share buckets or a
 * credit limit, itself by default. Its shard is written into the low 12 bits of every id that hangs on it.
 */
export interface RootRef {
  readonly shard: number;
  readonly rootId: bigint;
}

export const SHARD_COUNT = 4096;
const SHARD_BITS = 12n;
const SHARD_MASK = 4095n;

/**
 * Shard of a new root from its account number: the first two bytes of SHA-256 over the decimal text, low 12 bits.
 * Never changed: the shard is stored when the root is created and never computed again.
 */
export function shardOfNumber(accountNumber: bigint): number {
  return shardOfText(accountNumber.toString());
}

/** Shard of a usage that has no root yet, from its source and id. */
export const shardOfUsage = (source: string, usageId: string): number => shardOfText(`${source}\n${usageId}`);

function shardOfText(text: string): number {
  return createHash('sha256').update(text).digest().readUInt16BE(0) % SHARD_COUNT;
}

/** The id of an object that lives with a root: its own number above, the root's shard in the low 12 bits. */
export const shardedId = (number: bigint, shard: number): bigint => (number << SHARD_BITS) | BigInt(shard);

/** The shard that an id carries. */
export const shardOfId = (id: bigint): number => Number(id & SHARD_MASK);

/** One text per root, for maps. */
export const rootKey = (root: RootRef): string => root.rootId.toString();

/** Anything that runs a statement with parameters: a pg client or TypeORM's entity manager. */
export interface StatementRunner {
  query(text: string, parameters?: unknown[]): Promise<unknown>;
}

/** Takes the root's lock, waiting; call it before any change of what hangs on the root. */
export async function lockRoot(tx: StatementRunner, root: RootRef): Promise<void> {
  await tx.query('select 1 from bucket where shard = $1 and root_id = $2 and id = 0 for update', [root.shard, root.rootId]);
}

/**
 * Tells every node that its picture of this root (accounts, products, limits, identifiers, prices) is old. Call it in
 * the transaction of the change, after lockRoot.
 */
export async function raiseSetupVersion(tx: StatementRunner, root: RootRef): Promise<void> {
  await tx.query('update bucket set setup_version = setup_version + 1 where shard = $1 and root_id = $2 and id = 0',
    [root.shard, root.rootId]);
}
