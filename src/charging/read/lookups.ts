import type { Pool } from 'pg';
import { Gathered } from '../../platform/async';
import { bigints, ints } from '../../platform/db';
import { RootRef, shardedId, shardOfId } from '../../platform/root';

/** The roots of accounts of a tenant, in order; null where the tenant has no such account. */
export async function rootsOfAccounts(pool: Pool, tenantId: number, accountIds: readonly bigint[]): Promise<(RootRef | null)[]> {
  const { rows } = await pool.query<{ id: string; shard: number; root_id: string }>(
    `select a.id, a.shard, a.root_id from unnest($2::smallint[], $3::bigint[]) x(shard, id)
       join billing_account a on a.shard = x.shard and a.id = x.id where a.tenant_id = $1`,
    [tenantId, accountIds.map(shardOfId), accountIds.map(String)]);
  const found = new Map(rows.map((row) => [row.id, { shard: row.shard, rootId: BigInt(row.root_id) }]));
  return accountIds.map((id) => found.get(id.toString()) ?? null);
}

const ROOTS_OF_PRODUCTS = `
  select p.tenant_id || ':' || p.id as key, p.shard, p.root_id from unnest($1::smallint[], $2::smallint[], $3::bigint[]) x(tenant_id, shard, id)
    join product p on p.shard = x.shard and p.id = x.id and p.tenant_id = x.tenant_id`;
const ROOTS_OF_ACCOUNTS = `
  select a.tenant_id || ':' || a.id as key, a.shard, a.root_id from unnest($1::smallint[], $2::smallint[], $3::bigint[]) x(tenant_id, shard, id)
    join billing_account a on a.shard = x.shard and a.id = x.id and a.tenant_id = x.tenant_id`;
const LOOKED_UP_MAX = 1_000;

/** Finds the roots that moves are for: what many ask at once is read in one trip. */
export class RootFinder {
  private readonly accounts: Gathered<string, RootRef>;
  private readonly products: Gathered<string, RootRef>;

  constructor(private readonly pool: Pool) {
    this.accounts = new Gathered((keys) => this.read(ROOTS_OF_ACCOUNTS, keys), LOOKED_UP_MAX);
    this.products = new Gathered((keys) => this.read(ROOTS_OF_PRODUCTS, keys), LOOKED_UP_MAX);
  }

  /** The root of an account of a tenant; null where there is none. */
  ofAccount = async (tenantId: number, accountId: bigint): Promise<RootRef | null> => await this.accounts.ask(`${tenantId}:${accountId}`) ?? null;

  /** The root of a product of a tenant; null where there is none. */
  ofProduct = async (tenantId: number, productId: bigint): Promise<RootRef | null> => await this.products.ask(`${tenantId}:${productId}`) ?? null;

  private async read(text: string, keys: readonly string[]): Promise<Map<string, RootRef>> {
    const asked = keys.map((key) => key.split(':').map(BigInt) as [bigint, bigint]);
    const values = [bigints(asked, ([tenantId]) => tenantId), ints(asked, ([, id]) => shardOfId(id)), bigints(asked, ([, id]) => id)];
    const { rows } = await this.pool.query<{ key: string; shard: number; root_id: string }>(text, values);
    return new Map(rows.map(({ key, shard, root_id: rootId }) => [key, { shard, rootId: BigInt(rootId) }]));
  }
}

/** An offering version that is sold now. */
export interface SoldOffering {
  readonly id: string;
  readonly version: number;
  /** Whether it is a bundle: those are ordered with their components. */
  readonly isBundle: boolean;
}

/** The id of the version that is sold now; null where none is. */
export const findOffering = async (pool: Pool, tenantId: number, code: string): Promise<string | null> =>
  (await soldOffering(pool, tenantId, code))?.id ?? null;

/** The launched version of an offering that is valid at the tenant's business time now; null where none is sold. */
export async function soldOffering(pool: Pool, tenantId: number, code: string): Promise<SoldOffering | null> {
  const { rows } = await pool.query<SoldOffering>(
    `select v.id, v.version, exists (select from bundled_offering x where x.offering_version_id = v.id) as "isBundle" from tenant t
       join product_offering o on o.tenant_id = t.id and o.code = $2
       join product_offering_version v on v.offering_id = o.id and v.state = 'LAUNCHED'
        and tstzrange(v.valid_from, v.valid_until) @> clock_timestamp() + t.clock_offset_ms * interval '1 millisecond'
      where t.id = $1`, [tenantId, code]);
  return rows[0] ?? null;
}

/** A fresh product id in a shard. */
export async function nextProductId(pool: Pool, shard: number): Promise<bigint> {
  const { rows } = await pool.query<{ number: string }>(`select nextval('product_number') as number`);
  return shardedId(BigInt(rows[0]!.number), shard);
}

/** The id of an offering's price by both codes; null where there is none. */
export async function findPrice(pool: Pool, tenantId: number, offering: string, price: string): Promise<string | null> {
  const { rows } = await pool.query<{ id: string }>(
    `select p.id from product_offering o join price p on p.offering_id = o.id and p.code = $3
      where o.tenant_id = $1 and o.code = $2`, [tenantId, offering, price]);
  return rows[0]?.id ?? null;
}

/** Whether somebody owns one of the identifiers at an instant or later. */
export async function isTaken(
  pool: Pool, tenantId: number, identifiers: readonly { readonly kind: string; readonly value: string }[], from: number,
): Promise<boolean> {
  if (identifiers.length === 0) return false;
  const { rowCount } = await pool.query(
    `select from unnest($2::text[], $3::text[]) x(kind, value)
       join identifier i on i.tenant_id = $1 and i.kind = x.kind and i.value = x.value
      where i.valid_until is null or i.valid_until > to_timestamp($4::float8 / 1000) limit 1`,
    [tenantId, identifiers.map(({ kind }) => kind), identifiers.map(({ value }) => value), from]);
  return rowCount !== 0;
}
