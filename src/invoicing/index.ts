/**
 * Bills: closing a period, computing its bill from facts, numbers, credit notes, payments of bills. A bill is a function of
 * facts (docs/adr/0006); charging knows nothing of it.
 */
export { BillRunService } from './bill-run.service';
export type { BillRun } from './bill-run.store';
