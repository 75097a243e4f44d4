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
  { title: 'a hospital slice', example: '06-hospital-slice', tell: () => '4,000.00 a month, 100 devices, availability of 99.95 %' },
  {
    title: 'a streaming partner and an edge partner', example: '07-partners', tell: () => 'Lantern Films and Quay Edge',
    learn: {
      lanternOrganization: 'RecordPartners.lantern.organization.id', quayOrganization: 'RecordPartners.quay.organization.id',
      lantern: 'MakePartners.lantern.partner.id', quay: 'MakePartners.quay.partner.id',
      lanternSettlement: 'OpenLantern.settlementAccountOpen.settlementAccount.id', quaySettlement: 'OpenQuay.settlementAccountOpen.settlementAccount.id',
    },
  },
  {
    title: 'agreements, approved by a second person', example: '08-agreements', tell: () => '60 % of a pass, 50 % of a film, 30 % of the slice',
    learn: { filmsAgreement: 'Propose.films.agreement.id', sliceAgreement: 'Propose.slice.agreement.id' },
    expect: { 'Approve.films.agreement.versions.0.state': 'APPROVED', 'Approve.slice.agreement.versions.0.state': 'APPROVED' },
  },
  {
    title: 'customers and their accounts', example: '09-customers', tell: () => 'Alice prepaid, a family and a hospital on a bill',
    learn: {
      aliceParty: 'RecordParties.alice.individual.id', carolParty: 'RecordParties.carol.individual.id', hospitalParty: 'RecordParties.hospital.organization.id',
      alice: 'MakeCustomers.alice.customer.id', carol: 'MakeCustomers.carol.customer.id', hospital: 'MakeCustomers.hospital.customer.id',
      aliceAccount: 'OpenAccounts.alice.billingAccount.id', familyAccount: 'OpenAccounts.family.billingAccount.id',
      hospitalAccount: 'OpenAccounts.hospital.billingAccount.id',
    },
  },
  {
    title: 'a top-up', example: '10-top-up', learn: { payment: 'Confirm.paymentConfirm.payment.id' },
    tell: (a) => `Alice has ${money(a, 'TopUp.balanceTopUp.topUp.newSpendable')}`,
  },
  {
    title: 'orders', example: '11-orders', tell: () => 'a bundle with three lines, a prepaid line, a slice',
    learn: { familyOrder: 'OrderFamily.productOrderCreate.order.id', prepaidOrder: 'OrderPrepaid.productOrderCreate.order.id', sliceOrder: 'OrderSlice.productOrderCreate.order.id' },
  },
  {
    title: 'activation, told by subscription', example: '12-activation', tell: (a) => `${activeItems(a)} products`,
    learn: {
      aliceLine: 'PrepaidProgress.productOrderChanged.order.items.0.product.id', daveLine: 'FamilyProgress.productOrderChanged.order.items.2.product.id',
      slice: 'SliceProgress.productOrderChanged.order.items.0.product.id',
    },
    expect: { [`FamilyProgress.${DONE}`]: 'COMPLETED', [`PrepaidProgress.${DONE}`]: 'COMPLETED', [`SliceProgress.${DONE}`]: 'COMPLETED' },
  },
  { title: 'ten days pass', example: '13-some-days-later', tell: (a) => `it is ${textAt(a, 'TenDaysLater.tenantClockAdvance.businessTime').slice(0, 10)}` },
  {
    title: 'two content passes', example: '14-passes', tell: () => 'one from the balance, one on the bill',
    learn: { alicePassOrder: 'AliceBuysAPass.productOrderCreate.order.id', davePassOrder: 'DaveGetsAPass.productOrderCreate.order.id' },
    expect: { [`AlicePass.${DONE}`]: 'COMPLETED', [`DavePass.${DONE}`]: 'COMPLETED' },
  },
  {
    title: 'usage, seen live by its subscriber', example: '15-live-balance', isLive: true, tell: () => '4 usages, 4 pushes',
    expect: { [`ACall.${CHARGED}`]: 'CHARGED', [`AMessage.${CHARGED}`]: 'CHARGED', [`SomeData.${CHARGED}`]: 'CHARGED', [`ThreeFilms.${CHARGED}`]: 'CHARGED' },
  },
  {
    title: 'the family\'s usage', example: '16-family-usage', expect: { 'FamilyUsage.usageCharge.accepted': 7 },
    tell: (a) => `${textAt(a, 'FamilyUsage.usageCharge.accepted')} usages`,
  },
  {
    title: 'what each partner is owed so far', example: '17-partner-totals',
    tell: (a) => `${money(a, 'LanternRunning.viewerPartner.runningTotals.0.share')}, ${money(a, 'QuayRunning.viewerPartner.runningTotals.0.share')}`,
  },
  { title: 'twenty days pass', example: '18-last-evening', tell: (a) => `it is ${textAt(a, 'LastEvening.tenantClockAdvance.businessTime').slice(0, 10)}` },
  {
    title: 'what was measured of the slice', example: '19-measurements', tell: () => '342 devices at most, 12 GB, 8 hours down',
    expect: Object.fromEntries([0, 1, 2, 3, 4].map((at) => [`Measurements.sliceMeasurementReport.results.${at}.status`, 'ACCEPTED'])),
  },
  {
    title: 'the month ends, a bill run', example: '20-bill-run', learn: { run: 'StartRun.billRunStart.billRun.id' },
    expect: { 'RunProgress.billRunProgressed.state': 'DONE', 'RunProgress.billRunProgressed.failed': 0 },
    tell: (a) => `${textAt(a, 'RunProgress.billRunProgressed.issued')} documents, net ${money(a, 'RunProgress.billRunProgressed.net.0')}`,
  },
  {
    title: 'bills with their lines and charges', example: '21-bills', tell: (a) => `${money(a, 'Bills.family.bills.nodes.0.total')}, ${money(a, 'Bills.hospital.bills.nodes.0.total')}`,
      },
  {
    title: 'a payment', example: '22-payment',
    tell: (a) => `${money(a, 'Pay.billPaymentRecord.payment.amount')}, the bill is ${textAt(a, 'Pay.billPaymentRecord.payment.allocations.0.bill.state').toLowerCase()}`,
  },
  {
    title: 'the partners\' statements', example: '23-statements',
    learn: { lanternStatement: 'Close.lantern.statement.id', quayStatement: 'Close.quay.statement.id' },
    expect: { 'LanternStatement.statement.state': 'SETTLED', 'QuayStatement.statement.state': 'SETTLED' },
    tell: (a) => `published, accepted, settled: ${money(a, 'LanternStatement.statement.payable')}, ${money(a, 'QuayStatement.statement.payable')}`,
  },
  { title: 'what was charged, billed and shared', example: '24-books' },
];

function activeItems(answers: Answers): number {
  return Object.values(answers).reduce((count, data) => count + Number(valueAt(data, 'productOrderChanged.order.items.length')), 0);
}
