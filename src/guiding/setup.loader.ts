import type { Pool } from 'pg';
import { loadOfferingTerms, loadPriceVersions, OfferingTerms, PriceVersion } from '../catalog';
import { LruMap } from '../platform/cache';
import { bigints, ints, texts } from '../platform/db';
import { RootRef } from '../platform/root';
import { CompiledPrice, compilePrice } from '../rating';
import {
  deviceKey, identifierKey, PriceAssignment, tieredPrices, RootSetup, SetupAccount, SetupDevice, SetupIdentifier, SetupProduct, Suspension,
} from './setup.types';
import { SELECT_DEVICES, SELECT_IDENTIFIERS, SELECT_SETUPS } from './sql/setup.sql';

/** One root; a list without rows is null. */
interface SetupRow {
  shard: number; root_id: string; tenant_id: number; setup_version: string; next_bucket_id: number;
  accounts: AccountRow[] | null; products: ProductRow[] | null; assignments: AssignmentRow[] | null; suspensions: SuspensionRow[] | null;
}
interface AccountRow {
  id: string; customer_id: string; payer_id: string; currency: string; time_zone: string;
  bill_cycle_day: number; payment_mode: SetupAccount['paymentMode']; state: SetupAccount['state']; own_limit: string | null;
}
interface ProductRow {
  id: string; account_id: string; offering_version_id: string; attached_to: string | null; bundled_in: string | null;
  account_wide: boolean; state: SetupProduct['state']; version: number; started_at: number; ended_at: number | null;
  anchor_at: number; period_start: number | null; period_end: number | null; next_renewal_at: number | null;
  unpaid_since: number | null; next_offering_version_id: string | null; former_versions: { id: string; until: number }[];
}
interface AssignmentRow { product_id: string; price_id: string; price_version_id: string; from: number; until: number | null }
interface SuspensionRow extends Suspension { product_id: string }
interface IdentifierRow {
  root_id: string; kind: SetupIdentifier['kind']; value: string; account_id: string; product_id: string | null;
  from: number; until: number | null;
}

interface DeviceRow extends Omit<SetupDevice, 'accountId' | 'productId'> { root_id: string; account_id: string; product_id: string }

/** Loads what is set up under roots, many at once: two statements however many roots, two more for terms that are new, one for slices. */
export class SetupLoader {
  /** Launched versions never change, so they are kept without asking again. */
  private readonly terms = new LruMap<string, OfferingTerms>(10_000);
  private readonly prices = new LruMap<string, PriceVersion>(50_000);
  private readonly compiled = new LruMap<string, CompiledPrice>(20_000);

  constructor(private readonly pool: Pool) {}

  async load(roots: readonly RootRef[]): Promise<Map<bigint, RootSetup>> {
    const values = [ints(roots, (root) => root.shard), bigints(roots, (root) => root.rootId)];
    const { rows } = await this.pool.query<SetupRow>(SELECT_SETUPS, values);
    const identifiers = grouped((await this.pool.query<IdentifierRow>(SELECT_IDENTIFIERS, values)).rows, (row) => row.root_id);
    const [terms, prices] = await Promise.all([
      this.termsOf(rows.flatMap((row) => (row.products ?? []).flatMap(versionsOf))),
      this.pricesOf(rows.flatMap((row) => (row.assignments ?? []).map((assignment) => assignment.price_version_id))),
    ]);
    const devices = await this.devicesOf(rows.filter((row) => row.products?.some((product) => versionsOf(product).some((id) => terms.get(id)?.isSlice))));
    return new Map(rows.map((row) => [BigInt(row.root_id), {
      ...this.setupOf(row, identifiers.get(row.root_id) ?? [], terms, prices), devices: devices.get(row.root_id) ?? NO_DEVICES,
    }]));
  }

  private async devicesOf(rows: readonly SetupRow[]): Promise<ReadonlyMap<string, RootSetup['devices']>> {
    if (rows.length === 0) return new Map();
    const found = await this.pool.query<DeviceRow>(SELECT_DEVICES, [ints(rows, (row) => row.shard), texts(rows, (row) => row.root_id)]);
    return new Map([...grouped(found.rows, (row) => row.root_id)].map(([rootId, devices]) =>
      [rootId, grouped(devices.map(setupDevice), ({ snssai, kind, value }) => deviceKey(snssai, kind, value))]));
  }

  private setupOf(
    row: SetupRow, identifiers: readonly IdentifierRow[], terms: ReadonlyMap<string, OfferingTerms>, prices: ReadonlyMap<string, PriceVersion>,
  ): Omit<RootSetup, 'devices'> {
    const assignments = grouped(row.assignments ?? [], (found) => found.product_id);
    const suspensions = grouped(row.suspensions ?? [], (found) => found.product_id);
    const accounts = (row.accounts ?? []).map(setupAccount);
    const products = (row.products ?? []).map((found) => setupProduct(found, terms,
      suspensions.get(found.id) ?? [], (assignments.get(found.id) ?? []).map((assignment) => this.assignmentOf(assignment, prices))));
    return {
      shard: row.shard, rootId: BigInt(row.root_id), tenantId: row.tenant_id, version: BigInt(row.setup_version),
      hasOtherBuckets: row.next_bucket_id > 1,
      hasCounters: accounts.some((account) => account.ownLimit !== null)
        || products.some((product) => tieredPrices(product).size > 0),
      accounts: new Map(accounts.map((account) => [account.id, account])),
      products: new Map(products.map((product) => [product.id, product])),
      identifiers: grouped(identifiers.map(setupIdentifier), (found) => identifierKey(found.kind, found.value)),
    };
  }

  /** Terms of offering versions by id, from memory where known. */
  async termsOf(versionIds: readonly string[]): Promise<ReadonlyMap<string, OfferingTerms>> {
    return filled(versionIds, this.terms, (missing) => loadOfferingTerms(this.pool, missing));
  }

  /** A usage price ready for rating, compiled once. */
  compile(price: PriceVersion): CompiledPrice | null {
    if (price.priceType !== 'USAGE') return null;
    let found = this.compiled.get(price.id);
    if (!found) this.compiled.set(price.id, (found = compilePrice(price)));
    return found;
  }

  private async pricesOf(ids: readonly string[]): Promise<ReadonlyMap<string, PriceVersion>> {
    return filled(ids, this.prices, (missing) => loadPriceVersions(this.pool, missing));
  }

  private assignmentOf(row: AssignmentRow, prices: ReadonlyMap<string, PriceVersion>): PriceAssignment {
    const price = prices.get(row.price_version_id)!;
    return { priceId: row.price_id, price, compiled: this.compile(price), from: row.from, until: row.until };
  }
}

async function filled<V>(
  ids: readonly string[], cache: LruMap<string, V>, load: (missing: bigint[]) => Promise<Map<string, V>>,
): Promise<ReadonlyMap<string, V>> {
  const found = new Map<string, V>();
  const missing = new Set<string>();
  for (const id of ids) {
    const known = cache.get(id);
    if (known) found.set(id, known);
    else missing.add(id);
  }
  if (missing.size === 0) return found;
  for (const [id, value] of await load([...missing].map(BigInt))) {
    cache.set(id, value);
    found.set(id, value);
  }
  return found;
}

function grouped<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

const setupAccount = (row: AccountRow): SetupAccount => ({
  id: BigInt(row.id), customerId: BigInt(row.customer_id), payerId: BigInt(row.payer_id), currency: row.currency,
  timeZone: row.time_zone, billCycleDay: row.bill_cycle_day, paymentMode: row.payment_mode, state: row.state,
  ownLimit: row.own_limit === null ? null : BigInt(row.own_limit),
});

const NO_DEVICES: RootSetup['devices'] = new Map();

const setupDevice = (row: DeviceRow): SetupDevice => ({
  snssai: row.snssai, kind: row.kind, value: row.value, accountId: BigInt(row.account_id), productId: BigInt(row.product_id), from: row.from, until: row.until,
});

const setupIdentifier = (row: IdentifierRow): SetupIdentifier => ({
  kind: row.kind, value: row.value, accountId: BigInt(row.account_id),
  productId: row.product_id === null ? null : BigInt(row.product_id), from: row.from, until: row.until,
});

/** Every offering version that a product is, was, or is to become. */
const versionsOf = (row: ProductRow): string[] =>
  [row.offering_version_id, ...(row.next_offering_version_id ? [row.next_offering_version_id] : []), ...row.former_versions.map(({ id }) => id)];

const setupProduct = (
  row: ProductRow, terms: ReadonlyMap<string, OfferingTerms>, suspensions: readonly Suspension[], assignments: readonly PriceAssignment[],
): SetupProduct => ({
  id: BigInt(row.id), accountId: BigInt(row.account_id), terms: terms.get(row.offering_version_id)!,
  nextTerms: row.next_offering_version_id === null ? null : terms.get(row.next_offering_version_id)!,
  formerTerms: row.former_versions.map(({ id, until }) => ({ terms: terms.get(id)!, until })),
  attachedTo: row.attached_to === null ? null : BigInt(row.attached_to),
  bundledIn: row.bundled_in === null ? null : BigInt(row.bundled_in), accountWide: row.account_wide, state: row.state,
  startedAt: row.started_at, endedAt: row.ended_at, anchorAt: row.anchor_at, periodStart: row.period_start,
  periodEnd: row.period_end, nextRenewalAt: row.next_renewal_at, unpaidSince: row.unpaid_since, version: row.version,
  suspensions, assignments,
});
