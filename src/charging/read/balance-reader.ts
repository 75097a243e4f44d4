import type { Pool } from 'pg';
import { availableIn, Bucket, bucketOf, BucketRecord, lockRoots, NOTHING_ENDED, RootRecord, selectOtherBuckets } from '../../balance';
import { holdsAt, RootSetup, SetupAccount, SetupCache, SetupProduct } from '../../guiding';
import { Amount, amount, maxBigint, minBigint } from '../../platform/money';
import { byPlace } from '../../platform/db';
import { RootRef } from '../../platform/root';
import { AccountBalanceView, BucketView, ProductView } from '../charging.api';
import { ChargeRow } from '../charge.types';
import { applyDue } from '../decide/due';
import { billCycleOf } from '../decide/periods';
import { allowanceOf, moneyBuckets } from '../decide/serving';
import { SPEND_KEY, spendCounter } from '../decide/spend';
import { businessTime, CounterKey, CounterRecord, selectCounters, selectTenant, TenantRecord } from '../sql/batch.sql';
import { FactsCache } from '../work/facts';
import { RootState } from '../work/root-state';
import { Work } from '../work/work';
import { rootsOfAccounts } from './lookups';

interface BalanceRows { readonly locks: RootRecord[]; readonly others: BucketRecord[]; readonly counters: CounterRecord[]; readonly now: number; readonly catalogVersion: bigint }
export interface BalanceStates { readonly roots: ReadonlyMap<bigint, RootState>; readonly work: Work; readonly now: number }

/** Reads balances as they would stand now: what fell due is applied in memory, nothing is written, no lock is taken. */
export class BalanceReader {
  constructor(private readonly pool: Pool, private readonly setups: SetupCache, private readonly facts: FactsCache) {}

  async read(tenantId: number, accountIds: readonly bigint[]): Promise<(AccountBalanceView | null)[]> {
    const roots = await rootsOfAccounts(this.pool, tenantId, accountIds);
    const distinct = [...new Map(roots.filter((root): root is RootRef => root !== null).map((root) => [root.rootId, root])).values()];
    if (distinct.length === 0) return roots.map(() => null);
    const states = await this.states(tenantId, distinct);
    return accountIds.map((id, index) => {
      const root = roots[index];
      const state = root && states.roots.get(root.rootId);
      const account = state?.setup.accounts.get(id);
      return state && account ? viewOf(states.work, state, account, states.now) : null;
    });
  }

  /** The charges of an account's root that fell due and are not booked yet: what the next batch that touches it books. */
  async due(tenantId: number, accountId: bigint): Promise<{ readonly charges: readonly ChargeRow[]; readonly now: number }> {
    const [root] = await rootsOfAccounts(this.pool, tenantId, [accountId]);
    if (!root) return { charges: [], now: await this.now(tenantId) };
    const { work, now } = await this.states(tenantId, [root]);
    return { charges: work.charges, now };
  }

  async now(tenantId: number): Promise<number> {
    const { text, values } = selectTenant(tenantId);
    const { rows } = await this.pool.query<TenantRecord>(text, [...values]);
    if (!rows[0]) throw new Error(`Tenant ${tenantId} does not exist.`);
    return businessTime(rows[0]);
  }

  /** The roots as they would stand now, in memory. Repeats while somebody changes a setup or the catalog between the two readings; three rounds have always been enough. */
  async states(tenantId: number, roots: readonly RootRef[]): Promise<BalanceStates> {
    let facts = await this.facts.ensure(tenantId);
    for (let round = 0; round < 10; round++) {
      await this.setups.ensure(roots);
      const { locks, others, counters, now, catalogVersion } = await this.rows(tenantId, roots);
      if (catalogVersion !== facts.catalogVersion) {
        facts = await this.facts.reload(tenantId);
        continue;
      }
      const stale = locks.filter((row) => this.setups.get(BigInt(row.root_id))?.version !== BigInt(row.setup_version));
      if (stale.length === 0) {
        const work = new Work(new Map([[tenantId, now]]), new Map([[tenantId, facts]]));
        work.fillCounters(counters);
        return { roots: new Map(locks.map((row) => [BigInt(row.root_id), this.stateOf(work, row, others, now)])), work, now };
      }
      for (const row of stale) this.setups.forget(BigInt(row.root_id));
    }
    throw new Error('The set-up of these accounts or the catalog is changing too fast to be read.');
  }

  private async rows(tenantId: number, roots: readonly RootRef[]): Promise<BalanceRows> {
    const client = await this.pool.connect();
    try {
      await client.query('begin isolation level repeatable read read only');
      const run = async <T>({ text, values }: { text: string; values: readonly unknown[] }): Promise<T[]> =>
        (await client.query(text, [...values])).rows as T[];
      const [locks, others]: [RootRecord[], BucketRecord[]] = [[], []];
      for (const placed of byPlace(roots, (root) => root.shard)) {
        locks.push(...await run<RootRecord>(lockRoots(placed, 'READ')));
        others.push(...await run<BucketRecord>(selectOtherBuckets(placed.map((root) => ({ ...root, since: NOTHING_ENDED })))));
      }
      const tenants = await run<TenantRecord>(selectTenant(tenantId));
      const now = businessTime(tenants[0]!);
      const keys = spendKeysOf(roots.map((root) => this.setups.get(root.rootId)), now);
      const counters = keys.length > 0 ? await run<CounterRecord>(selectCounters(keys)) : [];
      return { locks, others, counters, now, catalogVersion: BigInt(tenants[0]!.catalog_version) };
    } finally {
      await client.query('rollback').catch(() => undefined);
      client.release();
    }
  }

  private stateOf(work: Work, row: RootRecord, others: readonly BucketRecord[], now: number): RootState {
    const setup = this.setups.get(BigInt(row.root_id))!;
    const state = new RootState(setup, bucketOf(row), {
      position: BigInt(row.position), nextBucketId: row.next_bucket_id, openPeriod: row.open_period,
    });
    for (const other of others) if (other.root_id === row.root_id) state.buckets.set(other.id, bucketOf(other));
    const stored = state.position;
    applyDue(work, state, now);
    // What is shown as due is not yet an event: the position stays the one that is stored.
    state.position = stored;
    return state;
  }
}

/** The counters of what members with a limit of their own have taken from their payers in the current bill cycle. */
function spendKeysOf(setups: readonly (RootSetup | undefined)[], now: number): CounterKey[] {
  return setups.flatMap((setup) => [...(setup?.accounts.values() ?? [])].filter((account) => account.ownLimit !== null).map((account) => ({
    shard: setup!.shard, rootId: setup!.rootId, ownerId: account.id, key: SPEND_KEY,
    periodStart: billCycleOf(setup!.accounts.get(account.payerId) ?? account, now).start,
  })));
}

function viewOf(work: Work, state: RootState, account: SetupAccount, now: number): AccountBalanceView {
  const payer = state.setup.accounts.get(account.payerId) ?? account;
  const own = [...state.buckets.values()].filter((bucket) => bucket.state === 'ACTIVE'
    && (bucket.accountId === account.id || (bucket.kind === 'UNIT' && bucket.isShared)));
  return {
    shard: state.shard, rootId: state.rootId, accountId: account.id, position: state.position, currency: account.currency,
    spendable: withinOwnLimit(work, state, account, payer, spendableOf(moneyBuckets(state, payer, payer.currency, now)), now), buckets: own.map((bucket) => bucketView(state, bucket)),
    products: [...state.products.values()].filter(({ accountId }) => accountId === account.id).map((product) => productView(product, now)), at: now,
  };
}

/** A member may take from the payer what the payer has, and no more than is left of his own limit. */
function withinOwnLimit(work: Work, state: RootState, account: SetupAccount, payer: SetupAccount, spendable: Amount | null, now: number): Amount | null {
  const spent = spendCounter(work, state, { account, payer }, now);
  if (!spent || account.ownLimit === null) return spendable;
  const left = amount(maxBigint(account.ownLimit - spent.amount, 0n));
  return spendable === null ? left : minBigint(spendable, left);
}

function spendableOf(purses: readonly Bucket[]): Amount | null {
  let sum = 0n;
  for (const purse of purses) {
    const available = availableIn(purse);
    if (available === null) return null;
    sum += available;
  }
  return amount(sum);
}

const productView = ({ id, state, endedAt, periodStart, periodEnd, nextRenewalAt, suspensions }: SetupProduct, now: number): ProductView => ({
  id, state, endedAt, periodStart, periodEnd, nextRenewalAt,
  suspensions: suspensions.filter((suspension) => holdsAt(suspension, now)).sort((a, b) => a.from - b.from || (a.reason < b.reason ? -1 : 1)),
});

const bucketView = (state: RootState, bucket: Bucket): BucketView => ({
  shard: bucket.shard, rootId: bucket.rootId, id: bucket.id, accountId: bucket.accountId, productId: bucket.productId,
  allowanceId: bucket.allowanceId, kind: bucket.kind, asset: bucket.asset, value: bucket.value, reserved: bucket.reserved,
  granted: bucket.granted, creditLimit: bucket.creditLimit, version: bucket.version, state: bucket.state, isShared: bucket.isShared,
  priority: bucket.priority, step: allowanceOf(state, bucket)?.terms.step ?? null, validFrom: bucket.validFrom, validUntil: bucket.validUntil,
});
