import type { RequestContext } from '../../context';
import { decodeId } from '../../platform/graphql';
import type { FileRoute } from '../../platform/server';
import { billLoader, documentKeyOf } from '../bill.loader';
import { billDocument } from './bill-document';
import { renderBill } from './bill-pdf';

/** A page of a PDF is some milliseconds of work: as dear as a hundred fields. */
const COST = 100;

/** `/bills/ID.pdf`: an issued bill or statement, for whom the field `customerBill` shows it too; the same bill gives the same file. */
export const BILL_FILE: FileRoute = {
  name: 'billPdf', before: '/bills/', after: '.pdf', contentType: 'application/pdf', cost: COST,
  read: async (context: RequestContext, id: string) => {
    const key = documentKeyOf(decodeId(id, 'CustomerBill'));
    const document = key && await billLoader(context).load(key) && await billDocument(context.services.pool, key);
    return document ? { fileName: `${document.number}.pdf`, content: await renderBill(document) } : null;
  },
};
