import { BillRunService, BillRunServiceDeps } from './bill-run.service';

/** What the invoicing room adds to the process's services. */
export interface InvoicingServices {
  readonly billRuns: BillRunService;
}

declare module '../context' {
  interface Services extends InvoicingServices {}
}

/** Builds the room's services; runs under way end after the chunks at hand. */
export function openInvoicing(deps: BillRunServiceDeps): { readonly services: InvoicingServices; close(): Promise<void> } {
  const billRuns = new BillRunService(deps);
  return { services: { billRuns }, close: () => billRuns.close() };
}
