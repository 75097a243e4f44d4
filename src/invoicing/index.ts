/**
 * Bills: closing a period, computing its bill from facts, numbers, credit notes, payments of bills. A bill is a function of
 * facts (docs/adr/0006); charging knows nothing of it.
 */
import './services';
import { decodeId } from '../platform/graphql';
import { documentKeyOf } from './bill.loader';
import { BillLiveResolver } from './bill-live.resolver';
import { BillMutations } from './bill.mutations';
import {
  AccountBillResolver, BillAllocationResolver, BillLineResolver, BillPaymentResolver, BillPreviewResolver, BillResolver, CreditNoteResolver,
} from './bill.resolver';

export { BillRunService } from './bill-run.service';
export type { BeforeClose, Closing } from './bill-run.worker';
export { progressOf as runProgress } from './bill-run.store';
export { billDocument, type BillDocument } from './pdf/bill-document';
export { BILL_FILE } from './pdf/bill-file';
export { renderBill } from './pdf/bill-pdf';
export { recurringOfCustomers, type RecurringOfCustomer } from './recurring-check';

/** The key of a bill in its id; null where it is none. */
export const billIdParts = (id: string): ReturnType<typeof documentKeyOf> => documentKeyOf(decodeId(id, 'CustomerBill'));
export type { BillRun } from './bill-run.store';

/** Every resolver of the room. */
export const INVOICING_RESOLVERS = [
  BillResolver, BillLineResolver, BillPreviewResolver, BillAllocationResolver, BillPaymentResolver, CreditNoteResolver, AccountBillResolver, BillMutations,
  BillLiveResolver,
] as const;
