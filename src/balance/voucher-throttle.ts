import type { Caller } from '../platform/auth/caller';
import { FailureCounts } from '../platform/auth/failure-counts';
import { Refusal } from '../platform/errors';
import { requestError } from '../platform/graphql';

const WINDOW_MS = 15 * 60_000;
const MOST_FAILURES = 10;
const CALLERS = 100_000;

/**
 * Holds back who guesses codes of vouchers: ten refused ones in 15 minutes, then none is looked at until the window of the
 * first ends. Counted per subscriber; agents and channels speak for many, so theirs are counted per account. One key's
 * vouchers are looked at one after the other, because guesses sent at once would all be looked at before the first fails.
 */
export class VoucherThrottle {
  private readonly failures: FailureCounts;
  private readonly lastTurns = new Map<string, Promise<void>>();

  constructor(clock?: () => number) {
    this.failures = new FailureCounts(WINDOW_MS, CALLERS, clock);
  }

  /**
   * Redeems a voucher when it is the key's turn.
   * @throws RequestError RATE_LIMITED with the time to wait; what `redeem` throws.
   */
  async redeem<T>({ role, tenantId, subject }: Caller, accountId: string, redeem: () => Promise<T>): Promise<T> {
    const key = `${tenantId}:${role === 'SUBSCRIBER' ? '' : accountId}:${subject}`;
    const turn = (this.lastTurns.get(key) ?? Promise.resolve()).then(() => this.judged(key, redeem));
    const done = turn.then(() => undefined, () => undefined);
    this.lastTurns.set(key, done);
    try {
      return await turn;
    } finally {
      if (this.lastTurns.get(key) === done) this.lastTurns.delete(key);
    }
  }

  private async judged<T>(key: string, redeem: () => Promise<T>): Promise<T> {
    if (this.failures.of(key) >= MOST_FAILURES) {
      throw requestError('RATE_LIMITED', 'Too many vouchers were refused.', this.failures.secondsLeft(key));
    }
    try {
      return await redeem();
    } catch (error) {
      if (error instanceof Refusal && error.userError.code === 'VOUCHER_INVALID') this.failures.raise(key);
      throw error;
    }
  }
}
