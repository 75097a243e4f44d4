import { SetupAccount } from '../../guiding';
import { Period, periodOf } from '../../platform/time';
import { RootState } from '../work/root-state';

/** The payer's bill cycle period that holds an instant. */
export const billCycleOf = (payer: Pick<SetupAccount, 'billCycleDay' | 'timeZone'>, at: number): Period =>
  periodOf({ kind: 'BILL_CYCLE', day: payer.billCycleDay }, payer.timeZone, at);

/** The bill period a charge belongs to: the event's own if it is still open, else the open one. */
export function billPeriodOf(root: RootState, payer: SetupAccount, at: number): number {
  const own = billCycleOf(payer, at).start;
  return root.openPeriod !== null && own < root.openPeriod ? root.openPeriod : own;
}
