const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Where an earlier answer tells what a placeholder stands for: the first answer in which the path is there. */
const PATHS: Readonly<Record<string, string>> = {
  'ACCOUNT ID': 'viewer.accounts.0.id',
  'PRODUCT ID': 'viewer.accounts.0.products.nodes.0.id',
  'BUCKET ID': 'viewer.accounts.0.buckets.0.id',
  'VOUCHER CODE': 'voucherBatchCreate.voucherBatch.codes.0',
  'PAYMENT ID': 'paymentConfirm.payment.id',
  'CHARGE ID': 'usageCharge.results.0.charges.0.id',
  'PARTY ID': 'individualCreate.individual.id',
  'CUSTOMER ID': 'customerCreate.customer.id',
  'CUSTOMER ACCOUNT ID': 'customerByIdentifier.accounts.0.id',
  'CUSTOMER PRODUCT ID': 'customerByIdentifier.accounts.0.products.nodes.0.id',
  'ORDER ID': 'productOrderCreate.order.id',
  'SLICE ID': 'productOrder.items.0.product.id',
  'LATER ORDER ID': 'later.order.id',
  'OWN ORDER ID': 'mine.order.id',
  'NEW ACCOUNT ID': 'billingAccountCreate.billingAccount.id',
  'PARTNER ID': 'viewerPartner.id',
  'SETTLEMENT ACCOUNT ID': 'viewerPartner.settlementAccounts.0.id',
  'PERIOD START': 'viewerPartner.runningTotals.0.period.from',
  'AGREEMENT ID': 'agreementPropose.agreement.id',
  'STATEMENT ID': 'statementClose.statement.id',
  'ORGANIZATION ID': 'organizationCreate.organization.id',
  'NEW PARTNER ID': 'partnerCreate.partner.id',
  'RUN ID': 'billRunStart.billRun.id',
  'BILL ID': 'billingAccount.bills.nodes.0.id',
  'OWN BILL ID': 'viewer.accounts.0.bills.nodes.0.id',
  'VIEWER ID': 'viewer.id',
  'LINE ID': 'customerBill.lines.nodes.0.id',
};

/** How long ago, in milliseconds, the placeholders for instants are. */
const INSTANTS: Readonly<Record<string, number>> = { 'STARTED AT': MINUTE + 127_000, 'ENDED AT': MINUTE, YESTERDAY: DAY, 'NEXT WEEK': -7 * DAY,
  'SIX HOURS LATER': -7.25 * DAY, 'IN FIVE WEEKS': -35 * DAY };

/** The first day of the month after, and a morning of it. */
function nextMonth(now: number): { readonly day: string; readonly morning: string } {
  const date = new Date(now);
  const first = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1, 9));
  return { day: first.toISOString().slice(0, 10), morning: first.toISOString() };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const lookUp = (value: unknown, path: string): unknown =>
  path.split('.').reduce((found, key) => (isObject(found) ? found[key] : undefined), value);

/** What the words in capitals of the documents stand for, learnt from one answer after the other. */
export class Placeholders {
  private readonly known = new Map<string, string>();

  constructor(now: number) {
    for (const [word, ago] of Object.entries(INSTANTS)) this.known.set(word, new Date(now - ago).toISOString());
    const { day, morning } = nextMonth(now);
    this.known.set('CYCLE END', day).set('NEXT MONTH', morning).set('BILL SERIES', `B-${day.slice(0, 4)}`);
  }

  learn(data: unknown): void {
    for (const [word, path] of Object.entries(PATHS)) {
      const value = lookUp(data, path);
      if (typeof value === 'string' && !this.known.has(word)) this.known.set(word, value);
    }
  }

  /** The text with every quoted placeholder replaced; throws where one is not known (yet). */
  fill(text: string): string {
    return text.replace(/"([A-Z]{2,}(?: [A-Z]{2,})*)"/g, (quoted, word: string) => {
      if (!(word in PATHS) && !this.known.has(word) && word !== 'NOW') return quoted;
      const value = word === 'NOW' ? new Date().toISOString() : this.known.get(word);
      if (value === undefined) throw new Error(`No answer so far tells the ${word}.`);
      return `"${value}"`;
    });
  }
}
