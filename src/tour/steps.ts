import { formatAmount, parseAmount } from '../platform/money';
import { Answers, textAt, valueAt } from './answers';

/** One step of the story: a file of examples/ whose operations are sent in their order. */
export interface Step {
  readonly title: string;
  /** File of examples/, without its ending. */
  readonly example: string;
  /** Names for the ids that later operations need as variables of that name: where the answers tell them. */
  readonly learn?: Readonly<Record<string, string>>;
  /** What must stand in the answers. */
  readonly expect?: Readonly<Record<string, unknown>>;
  /** What to add to the step's line. */
  readonly tell?: (answers: Answers) => string;
  /** True where the file's subscription is watched while its other operations are sent. */
  readonly isLive?: boolean;
}

export const money = (answers: unknown, path: string): string => {
  const [value, currency] = [parseAmount(textAt(answers, `${path}.amount`)), textAt(answers, `${path}.currency`)];
  return value === null ? '' : `${formatAmount(value, currency)} ${currency}`;
};

const CHARGED = 'usageCharge.results.0.status';
const DONE = 'productOrderChanged.order.state';

/** The story, from an operator that sells nothing to a month that is billed, shared and reconciled. */
export const STEPS: readonly Step[] = [
  { title: 'an operator that sells nothing yet', example: '01-empty-shop', expect: { 'EmptyShop.productOfferings.nodes.length': 0 } },
  { title: 'tax rates', example: '02-tax-rates', tell: (a) => `standard ${textAt(a, 'TaxRates.standard.taxRate.rate')}, zero` },
  { title: 'a family bundle', example: '03-family-bundle', tell: () => '40.00 a month for 50 GB, 10.00 a line' },
  { title: 'a prepaid offering', example: '04-prepaid', tell: () => '0.12 a minute, 0.10 a message, 0.01 a MB' },
  { title: 'a content pass', example: '05-cinema-pass', tell: () => '4.99 a month with two films' },
  {
    title: 'a streaming partner', example: '06-partner', tell: () => 'Lantern Films, settled in EUR',
    learn: {
      lantern: 'RecordPartner.organizationCreate.organization.id', partner: 'MakePartner.partnerCreate.partner.id',
      settlementAccount: 'OpenPartner.settlementAccountOpen.settlementAccount.id',
    },
  },
  {
    title: 'an agreement, approved by a second person', example: '07-agreement', tell: () => '60 % of the fee, 50 % of a film',
    learn: { agreement: 'Propose.agreementPropose.agreement.id' }, expect: { 'Approve.agreementApprove.agreement.versions.0.state': 'APPROVED' },
  },
  {
    title: 'customers and their accounts', example: '08-customers', tell: () => 'Alice prepaid, Carol for her family on a bill',
    learn: {
      aliceParty: 'RecordPeople.alice.individual.id', carolParty: 'RecordPeople.carol.individual.id',
      alice: 'MakeCustomers.alice.customer.id', carol: 'MakeCustomers.carol.customer.id',
      aliceAccount: 'OpenAccounts.alice.billingAccount.id', familyAccount: 'OpenAccounts.family.billingAccount.id',
    },
  },
  {
    title: 'a top-up', example: '09-top-up', learn: { payment: 'Confirm.paymentConfirm.payment.id' },
    tell: (a) => `Alice has ${money(a, 'TopUp.balanceTopUp.topUp.newSpendable')}`,
  },
  {
    title: 'orders', example: '10-orders', tell: () => 'a bundle with three lines in one, a prepaid line',
    learn: { familyOrder: 'OrderFamily.productOrderCreate.order.id', prepaidOrder: 'OrderPrepaid.productOrderCreate.order.id' },
  },
  {
    title: 'activation, told by subscription', example: '11-activation', tell: (a) => `${activeItems(a)} products`,
    learn: {
      aliceLine: 'PrepaidProgress.productOrderChanged.order.items.0.product.id', daveLine: 'FamilyProgress.productOrderChanged.order.items.2.product.id',
    },
    expect: { [`FamilyProgress.${DONE}`]: 'COMPLETED', [`PrepaidProgress.${DONE}`]: 'COMPLETED' },
  },
  { title: 'ten days pass', example: '12-some-days-later', tell: (a) => `it is ${textAt(a, 'TenDaysLater.tenantClockAdvance.businessTime').slice(0, 10)}` },
  {
    title: 'two content passes', example: '13-passes', tell: () => 'one from the balance, one on the bill',
    learn: { alicePassOrder: 'AliceBuysAPass.productOrderCreate.order.id', davePassOrder: 'DaveGetsAPass.productOrderCreate.order.id' },
    expect: { [`AlicePass.${DONE}`]: 'COMPLETED', [`DavePass.${DONE}`]: 'COMPLETED' },
  },
  {
    title: 'usage, seen live by its subscriber', example: '14-live-balance', isLive: true, tell: () => '4 usages, 4 pushes',
    expect: { [`ACall.${CHARGED}`]: 'CHARGED', [`AMessage.${CHARGED}`]: 'CHARGED', [`SomeData.${CHARGED}`]: 'CHARGED', [`ThreeFilms.${CHARGED}`]: 'CHARGED' },
  },
  {
    title: 'the family\'s usage', example: '15-family-usage', expect: { 'FamilyUsage.usageCharge.accepted': 7 },
    tell: (a) => `${textAt(a, 'FamilyUsage.usageCharge.accepted')} usages`,
  },
  { title: 'what the partner is owed so far', example: '16-partner-total', tell: (a) => money(a, 'Running.viewerPartner.runningTotals.0.share') },
  {
    title: 'the month ends, a bill run', example: '17-month-end', learn: { run: 'StartRun.billRunStart.billRun.id' },
    expect: { 'RunProgress.billRunProgressed.state': 'DONE', 'RunProgress.billRunProgressed.failed': 0 },
    tell: (a) => `${textAt(a, 'RunProgress.billRunProgressed.issued')} documents, net ${money(a, 'RunProgress.billRunProgressed.net.0')}`,
  },
  {
    title: 'bills with their lines and charges', example: '18-bills', tell: (a) => money(a, 'Bills.family.bills.nodes.0.total'),
    learn: { familyBill: 'Bills.family.bills.nodes.0.id', aliceBill: 'Bills.alice.bills.nodes.0.id' },
  },
  {
    title: 'a payment', example: '19-payment',
    tell: (a) => `${money(a, 'Pay.billPaymentRecord.payment.amount')}, the bill is ${textAt(a, 'Pay.billPaymentRecord.payment.allocations.0.bill.state').toLowerCase()}`,
  },
  {
    title: 'the partner\'s statement', example: '20-statement', learn: { statement: 'Close.statementClose.statement.id' },
    expect: { 'Statement.statement.state': 'SETTLED' },
    tell: (a) => `published, accepted, settled: ${money(a, 'Statement.statement.payable')}`,
  },
  { title: 'what was charged, billed and shared', example: '21-books' },
];

function activeItems(answers: Answers): number {
  return Object.values(answers).reduce((count, data) => count + Number(valueAt(data, 'productOrderChanged.order.items.length')), 0);
}
