import type { AccountBalanceView, ChargingApi } from '../charging';
import { LiveHub, noSuchObject, OwnerCheck, PulledStream, SharedReads, WakeSignal, Watch } from '../live';
import type { RootRef } from '../platform/root';
import type { BalanceChangeReason } from './balance-changed.type';

/** A balance to be shown, and why. */
export interface BalanceNews {
  readonly view: AccountBalanceView;
  readonly reason: BalanceChangeReason;
}

export interface BalanceStreamSource {
  readonly live: LiveHub;
  readonly root: RootRef;
  readonly reads: SharedReads<AccountBalanceView | null>;
  /** `tenant:account`, as the shared reads know it. */
  readonly key: string;
  readonly isResumed: boolean;
  readonly isOwner: () => Promise<boolean>;
}

/**
 * The balance of an account as a stream: what stands now, then what is newer. Latest wins: changes that come while the
 * reader is busy are shown as one, because the balance is read only when the reader asks for the next.
 */
export function balanceStream({ live, root, reads, key, isResumed, isOwner }: BalanceStreamSource): PulledStream<BalanceNews> {
  const signal = new WakeSignal();
  const watch = live.watch(root, () => signal.ring());
  const teller = new BalanceTeller(watch, new OwnerCheck(watch, isOwner), () => reads.read(key), isResumed);
  return new PulledStream(signal, { pull: () => teller.next(), close: () => watch.close() });
}

/** Decides whether a reading is news. */
class BalanceTeller {
  private position = -1n;
  private shown: string | null = null;

  constructor(
    private readonly watch: Watch, private readonly owner: OwnerCheck, private readonly read: () => Promise<AccountBalanceView | null>,
    private readonly isResumed: boolean,
  ) {}

  async next(): Promise<BalanceNews | null> {
    // A changed set-up may bring another credit limit, which moves no position.
    const hasNewSetup = await this.owner.require();
    if (this.shown !== null && this.watch.position <= this.position && !hasNewSetup) return null;
    const view = await this.read();
    if (!view) throw noSuchObject();
    if (view.position < this.position) return null;
    this.position = view.position;
    const picture = pictureOf(view);
    // A refused usage moves the root on and leaves every balance as it was.
    if (picture === this.shown) return null;
    const reason = this.shown === null ? (this.isResumed ? 'RESYNC' : 'SNAPSHOT') : 'CHANGE';
    this.shown = picture;
    return { view, reason };
  }
}

const pictureOf = ({ spendable, buckets }: AccountBalanceView): string =>
  [String(spendable), ...buckets.map(({ id, version, reserved, validUntil }) => `${id}:${version}:${reserved}:${validUntil}`)].join(' ');

const MOST_ACCOUNTS = 200;
const readsOf = new WeakMap<ChargingApi, SharedReads<AccountBalanceView | null>>();

/** The shared readings of a process: all its subscriptions read balances through one. */
export function sharedBalances(charging: ChargingApi): SharedReads<AccountBalanceView | null> {
  let reads = readsOf.get(charging);
  if (!reads) readsOf.set(charging, reads = new SharedReads((keys) => readMany(charging, keys), MOST_ACCOUNTS));
  return reads;
}

export const balanceKey = (tenantId: number, accountId: bigint): string => `${tenantId}:${accountId}`;

async function readMany(charging: ChargingApi, keys: readonly string[]): Promise<(AccountBalanceView | null)[]> {
  const byTenant = new Map<string, string[]>();
  for (const key of keys) {
    const [tenant = '', account = ''] = key.split(':');
    byTenant.set(tenant, [...(byTenant.get(tenant) ?? []), account]);
  }
  const found = new Map<string, AccountBalanceView | null>();
  for (const [tenant, accounts] of byTenant) {
    const views = await charging.balances(parseInt(tenant, 10), accounts.map(BigInt));
    accounts.forEach((account, index) => found.set(`${tenant}:${account}`, views[index] ?? null));
  }
  return keys.map((key) => found.get(key) ?? null);
}
