import { PulledStream, WakeSignal } from '../live';
import { decodeCursor, encodeCursor, moneyOf, requestError, wholePart } from '../platform/graphql';
import { amount } from '../platform/money';
import { AccruedReason, RevenueShareAccrued } from './accrued.type';
import type { RunningTotals } from './running-totals';

/** How often a watcher looks; a total is a sum over all shards, so no single charge rings for it. */
const LOOK_MS = 1_000;
const SCOPE = 'accrued';

/** What a cursor remembers: whose, which month and currency, and the total. */
export interface SeenTotal {
  readonly from: string;
  readonly currency: string;
  readonly total: bigint;
}

/** @throws RequestError BAD_USER_INPUT where the cursor is malformed or of another partner, which are not told apart. */
export function seenTotal(cursor: string | null | undefined, partnerId: bigint): SeenTotal | null {
  if (cursor === null || cursor === undefined) return null;
  const [partner, from, currency, total] = decodeCursor(cursor, SCOPE) ?? [];
  const value = wholePart(total);
  if (wholePart(partner) !== partnerId || from === undefined || currency === undefined || value === null) {
    throw requestError('BAD_USER_INPUT', 'The cursor is not one of this subscription.');
  }
  return { from, currency, total: value };
}

export interface AccruedSource {
  readonly partnerId: bigint;
  readonly seen: SeenTotal | null;
  readonly read: () => Promise<RunningTotals>;
}

/**
 * The running total as state: a snapshot for every currency, then one message for each offering that moved. Nothing waits
 * but the last total that was shown, however slow the reader.
 */
export function accruedStream(source: AccruedSource): PulledStream<RevenueShareAccrued> {
  const signal = new WakeSignal();
  const timer = setInterval(() => signal.ring(), LOOK_MS);
  const teller = new AccruedTeller(source);
  return new PulledStream(signal, { pull: () => teller.next(), close: () => clearInterval(timer) });
}

class AccruedTeller {
  private shown: RunningTotals | null = null;
  private waiting: RevenueShareAccrued[] = [];

  constructor(private readonly source: AccruedSource) {}

  async next(): Promise<RevenueShareAccrued | null> {
    if (this.waiting.length === 0) this.waiting = this.newsOf(await this.source.read());
    return this.waiting.shift() ?? null;
  }

  private newsOf(now: RunningTotals): RevenueShareAccrued[] {
    const { shown } = this;
    this.shown = now;
    if (!shown) return this.beginning(now);
    return now.currencies.flatMap(({ currency, byOffering }) => {
      const before = shown.from === now.from ? shown.currencies.find((known) => known.currency === currency)?.byOffering : undefined;
      let total = before ? sumOf(before) : 0n;
      return [...byOffering].flatMap(([offering, share]) => {
        const more = share - (before?.get(offering) ?? 0n);
        total += more;
        return more === 0n ? [] : [this.message(now, currency, 'ACCRUAL', { share: more, total, offering })];
      });
    });
  }

  private beginning(now: RunningTotals): RevenueShareAccrued[] {
    const { seen } = this.source;
    return now.currencies.flatMap(({ currency, byOffering }) => {
      const total = sumOf(byOffering);
      if (!seen || seen.currency !== currency) return [this.message(now, currency, 'SNAPSHOT', { share: 0n, total, offering: null })];
      if (seen.from !== now.from) return [this.message(now, currency, 'RESUME_EXPIRED', { share: 0n, total, offering: null })];
      return total === seen.total ? [] : [this.message(now, currency, 'ACCRUAL', { share: total - seen.total, total, offering: null })];
    });
  }

  private message(
    { at, from, until }: RunningTotals, currency: string, reason: AccruedReason,
    { share, total, offering }: { readonly share: bigint; readonly total: bigint; readonly offering: string | null },
  ): RevenueShareAccrued {
    return Object.assign(new RevenueShareAccrued(), {
      cursor: encodeCursor(SCOPE, this.source.partnerId, from, currency, total), reason, at, period: { from, until },
      share: moneyOf(amount(share), currency), periodTotal: moneyOf(amount(total), currency), offeringKey: offering,
    });
  }
}

const sumOf = (byOffering: ReadonlyMap<string, bigint>): bigint => [...byOffering.values()].reduce((sum, share) => sum + share, 0n);
