import { GuidedUsage } from '../../guiding';
import { CounterState } from '../charge.types';
import { RootState } from '../work/root-state';
import { Work } from '../work/work';
import { billCycleOf } from './periods';

/** Key of the counter of what an account's usage took from its payer in a bill cycle. */
export const SPEND_KEY = 'spend';

/**
 * What a member whom another account pays for spent in the payer's bill cycle of the usage; null where he has no limit of
 * his own. His limit bounds usage only: fees are what the payer agreed to.
 */
export function spendCounter(work: Work, root: RootState, { account, payer }: Pick<GuidedUsage, 'account' | 'payer'>, at: number): CounterState | null {
  return account.ownLimit === null ? null : work.counter(root, account.id, SPEND_KEY, billCycleOf(payer, at).start);
}

/** Whether a charge would pass the member's own limit, which may only be tighter than the payer's (money-rules 3.4). */
export const passesOwnLimit = ({ account }: Pick<GuidedUsage, 'account'>, spend: CounterState | null, gross: bigint): boolean =>
  spend !== null && account.ownLimit !== null && gross > 0n && spend.amount + gross > account.ownLimit;
