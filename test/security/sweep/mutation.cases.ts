import type { OfferingDraft } from '../../../src/catalog';
import { Call, Probe, RootCase, RootCases, UNOWNED, Variables } from './cases.types';
import { Scope, SCOPES } from './scopes';
import { areaOf, deviceOf, type Owned } from './world';

/** `input` takes one input object, whose name follows from the field's; the payload is asked for its object and errors. */
function change(
  field: string, selection: string, probes: Readonly<Record<string, Probe>>, type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`,
): RootCase {
  return { document: `mutation($input: ${type}!) { ${field}(input: $input) { ${selection} errors { code message path } } }`, probes };
}

type Input = (asked: Owned, call: Call) => Variables;
const naming = (scope: Scope, input: Input, ...mayRefuse: readonly string[]): Probe =>
  ({ scope, name: (asked, call) => ({ input: input(asked, call) }), mayRefuse });
const once = (input: Input, ...mayRefuse: readonly string[]): Readonly<Record<string, Probe>> => ({ all: naming(UNOWNED, input, ...mayRefuse) });

const ONE_EURO = { amount: '1', currency: 'EUR' };
const key = ({ serial }: Call): { idempotencyKey: string } => ({ idempotencyKey: serial });
const account = (customerId: string, { serial }: Call): Variables =>
  ({ customerId, name: `Account ${serial}`, currency: 'EUR', timeZone: 'Europe/Dublin', billCycleDay: 1, paymentMode: 'PREPAID' });
const DRAFT: Omit<OfferingDraft, 'code' | 'prices' | 'allowances'> = {
  name: 'Sweep', description: 'Swept.', paymentModes: ['PREPAID'], periodKind: 'NONE', periodLength: 1, autoRenew: true, priority: 100,
  unpaidRenewal: 'SUSPEND', paidRenewalStarts: 'WHEN_PAID',
};
/** What does not fit the other object of the input, although the caller reaches both. */
const MISFIT = ['NOT_FOUND', 'CONFLICT', 'INVALID_INPUT', 'NOT_ALLOWED'];
const LATER = '2099-01-01T00:00:00Z';

const BEGUN = Date.now();
/** An end that is always before the one named last. */
const everEarlier = (): string => new Date(BEGUN + 365 * 86_400_000 - (Date.now() - BEGUN)).toISOString();

/** Why a product that is reached may still not change like this. */
const CHANGES = ['CONFLICT', 'INVALID_INPUT', 'NOT_ALLOWED', 'INSUFFICIENT_BALANCE', 'CREDIT_LIMIT_REACHED'];

/** A customer of the caller's own tenant, for probes that ask for another object beside it. */
const CRM_CUSTOMER: Readonly<Record<string, 'alice' | 'zoe'>> = { demo: 'alice', other: 'zoe' };

const proposal = (code: string, more: Variables): Variables =>
  ({ code, name: 'Sweep', currency: 'EUR', items: [{ kind: 'MMS', basis: 'NET', ...more }] });

/** How every mutation is asked; `world` gives the caller's own object where a probe names a second one. */
export const mutationCases = (world: Readonly<Record<string, Owned>>): RootCases => {
  const own = ({ identity }: Call): Owned => world[CRM_CUSTOMER[identity.tenant] ?? 'alice']!;
  /** As own, and of a subscriber the own one. */
  const mine = (call: Call): Owned => (call.identity.role === 'SUBSCRIBER' ? world[call.identity.name]! : own(call));
  // Version 0 is nobody's: what exists is told apart from what does not, and nothing changes for the probes to come.
  const step = (field: string): RootCase => change(field, 'billingAccount { id }', {
    account: naming(SCOPES.office, ({ accountId }) => ({ billingAccountId: accountId, expectedVersion: 0, reason: 'security sweep' }), 'CONFLICT'),
  }, 'BillingAccountStepInput');
  return {
    agreementPropose: change('agreementPropose', 'agreement { id }', {
      party: naming(SCOPES.partner, ({ partnerId }, { serial }) => proposal(serial, { parties: [{ partnerId, percent: '1' }] })),
      residual: naming(SCOPES.partner, ({ partnerId }, { serial }) => proposal(serial, { parties: [], residualPartnerId: partnerId })),
    }),
    agreementApprove: change('agreementApprove', 'agreement { id }', { agreement: naming(SCOPES.agreement, ({ agreementId }) => ({ agreementId, version: 1 }), 'CONFLICT') }),
    agreementReject: change('agreementReject', 'agreement { id }', {
      agreement: naming(SCOPES.agreement, ({ agreementId }) => ({ agreementId, version: 1, reason: 'security sweep' }), 'CONFLICT') }),
    balanceAdjust: change('balanceAdjust', 'adjustment { id }', {
      bucket: naming(SCOPES.account, ({ bucketId }, call) => ({ bucketId, money: ONE_EURO, reason: 'security sweep', ...key(call) }), 'NOT_ALLOWED'),
    }),
    balanceTopUp: change('balanceTopUp', 'topUp { id account { id } }', {
      amount: naming(SCOPES.topUp, ({ accountId }, call) => ({ accountId, amount: ONE_EURO, ...key(call) }), 'NOT_ALLOWED'),
      voucher: naming(SCOPES.topUp, ({ accountId }, call) => ({ accountId, voucherCode: 'AAAA-BBBB-CCCC-DDDD', ...key(call) }), 'VOUCHER_INVALID'),
      payment: naming(SCOPES.topUp, ({ accountId }, call) => ({ accountId, paymentId: 'UGF5bWVudDpubzpubw', ...key(call) }), 'PAYMENT_NOT_CONFIRMED'),
    }),
    balanceTransfer: change('balanceTransfer', 'transfer { id }', {
      from: naming(SCOPES.account, ({ spareId }, call) => ({ fromAccountId: spareId, toAccountId: own(call).accountId, amount: ONE_EURO, ...key(call) }),
        'INSUFFICIENT_BALANCE'),
      // A postpaid account receives nothing, whoever asks: then it is told as one that does not exist.
      to: naming(SCOPES.prepaid, ({ accountId }, call) =>
        ({ fromAccountId: (world[call.identity.name] ?? own(call)).spareId, toAccountId: accountId, amount: ONE_EURO, ...key(call) }),
      'NOT_ALLOWED', 'INVALID_INPUT', 'INSUFFICIENT_BALANCE'),
    }),
    billPaymentRecord: change('billPaymentRecord', 'payment { id allocations { bill { id } } }', {
      account: naming(SCOPES.payment, ({ accountId }, call) => ({ accountId, amount: ONE_EURO, reference: 'sweep', ...key(call) }), 'NOT_ALLOWED'),
      bill: naming(SCOPES.payment, ({ accountId, billId }, call) =>
        ({ accountId, amount: ONE_EURO, reference: 'sweep', allocations: [{ billId, amount: ONE_EURO }], ...key(call) }), 'NOT_ALLOWED', 'CONFLICT'),
      billOfAnother: naming(SCOPES.payment, ({ billId }, call) =>
        ({ accountId: own(call).spareId, amount: ONE_EURO, reference: 'sweep', allocations: [{ billId, amount: ONE_EURO }], ...key(call) }), ...MISFIT),
    }),
    billRunStart: change('billRunStart', 'billRun { id }', once((_asked, call) => ({ cycleEnd: '2020-01-17', ...key(call) }))),
    creditNoteCreate: change('creditNoteCreate', 'creditNote { id }', {
      bill: naming(SCOPES.finance, ({ billId }, call) => ({ billId, reason: 'security sweep', ...key(call) }), 'CONFLICT'),
      line: naming(SCOPES.finance, ({ billId, billLineId }, call) => ({ billId, lines: [{ lineId: billLineId }], reason: 'security sweep', ...key(call) }), 'CONFLICT'),
      lineOfAnother: naming(SCOPES.finance, ({ billLineId }, call) => ({ billId: own(call).billId, lines: [{ lineId: billLineId }], reason: 'security sweep', ...key(call) }), ...MISFIT),
    }),
    billingAccountCreate: change('billingAccountCreate', 'billingAccount { id }', {
      customer: naming(SCOPES.office, ({ customerId }, call) => account(customerId, call)),
      parent: naming(SCOPES.office, ({ accountId }, call) => ({ ...account(own(call).customerId, call), parentId: accountId })),
      payer: naming(SCOPES.office, ({ accountId }, call) => ({ ...account(own(call).customerId, call), payerId: accountId }), 'CONFLICT'),
      group: naming(SCOPES.office, ({ groupId }, call) => ({ ...account(own(call).customerId, call), sharingGroupId: groupId })),
    }),
    billingAccountSuspend: step('billingAccountSuspend'),
    billingAccountResume: step('billingAccountResume'),
    billingAccountClose: step('billingAccountClose'),
    billingAccountUpdate: change('billingAccountUpdate', 'billingAccount { id }', {
      account: naming(SCOPES.office, ({ accountId }, { serial }) => ({ billingAccountId: accountId, expectedVersion: 1, name: `Renamed ${serial}` }), 'CONFLICT'),
    }),
    chargeRefund: change('chargeRefund', 'refund { id }', {
      charge: naming(SCOPES.account, ({ chargeId }, call) => ({ chargeId, reason: 'GOODWILL', ...key(call) }), 'CONFLICT'),
    }),
    customerCreate: change('customerCreate', 'customer { id }', {
      party: naming(SCOPES.office, ({ organizationId }, { serial }) => ({ partyId: organizationId, externalId: serial })),
    }),
    identifierAssign: change('identifierAssign', 'identifier { value }', {
      account: naming(SCOPES.office, ({ accountId }, { serial }) => ({ billingAccountId: accountId, kind: 'LINE_ID', value: `line-${serial}` })),
      product: naming(SCOPES.office, (asked, { serial }) =>
        ({ billingAccountId: asked.accountId, productId: asked.productId, kind: 'LINE_ID', value: `line-${serial}` })),
      productOfAnother: naming(SCOPES.office, ({ productId }, call) =>
        ({ billingAccountId: own(call).spareId, productId, kind: 'LINE_ID', value: `line-${call.serial}` }), ...MISFIT),
    }),
    individualCreate: change('individualCreate', 'individual { id }', once((_asked, { serial }) => ({ familyName: `Sweep ${serial}` }))),
    organizationCreate: change('organizationCreate', 'organization { id }', once((_asked, { serial }) => ({ tradingName: `Sweep ${serial}` }))),
    partnerCreate: change('partnerCreate', 'partner { id }', {
      organization: naming(SCOPES.office, ({ organizationId }) => ({ organizationId }), 'ALREADY_EXISTS') }),
    partnerValidate: change('partnerValidate', 'partner { id }', { partner: naming(SCOPES.partner, ({ partnerId }) => ({ partnerId, expectedVersion: 1 }), 'CONFLICT') }),
    partnerActivate: change('partnerActivate', 'partner { id }', { partner: naming(SCOPES.partner, ({ partnerId }) => ({ partnerId, expectedVersion: 1 }), 'CONFLICT') }),
    partnerSuspend: change('partnerSuspend', 'partner { id }', {
      partner: naming(SCOPES.partner, ({ partnerId }) => ({ partnerId, expectedVersion: 1, reason: 'security sweep' }), 'CONFLICT') }),
    paymentConfirm: change('paymentConfirm', 'payment { id }', {
      account: naming(SCOPES.topUp, ({ accountId }, { serial }) => ({ accountId, externalId: serial, amount: ONE_EURO })),
    }),
    productActivate: change('productActivate', 'product { id }', {
      account: naming(SCOPES.office, ({ accountId }, call) => ({ accountId, offeringCode: 'mobile-prepaid', ...key(call) }), 'NOT_ALLOWED'),
      attachedTo: naming(SCOPES.office, ({ productId }, call) =>
        ({ accountId: own(call).spareId, offeringCode: 'mobile-prepaid', attachedTo: productId, ...key(call) }), ...MISFIT),
    }),
    productOrderCreate: change('productOrderCreate', 'order { id }', {
      account: naming(SCOPES.account, ({ accountId }, { serial }) =>
        ({ externalId: serial, channel: 'sweep', accountId, items: [{ key: 'a', action: 'ADD', offering: 'mobile-prepaid' }] })),
      product: naming(SCOPES.account, ({ accountId, productId }, { serial }) =>
        ({ externalId: serial, channel: 'sweep', accountId, items: [{ key: 'a', action: 'DELETE', productId }] }), ...CHANGES),
      productOfAnother: naming(SCOPES.account, ({ productId }, call) =>
        ({ externalId: call.serial, channel: 'sweep', accountId: mine(call).spareId, items: [{ key: 'a', action: 'DELETE', productId }] }), ...MISFIT),
      attached: naming(SCOPES.account, ({ productId }, call) => ({ externalId: call.serial, channel: 'sweep', accountId: mine(call).spareId,
        items: [{ key: 'a', action: 'ADD', offering: 'mobile-prepaid', attachedToProductId: productId }] }), ...MISFIT),
      bundle: naming(SCOPES.account, ({ productId }, call) => ({ externalId: call.serial, channel: 'sweep', accountId: mine(call).spareId,
        items: [{ key: 'a', action: 'ADD', offering: 'mobile-prepaid', bundledInProductId: productId }] }), ...MISFIT),
      restarted: naming(SCOPES.account, ({ orderId }, call) => ({ externalId: call.serial, channel: 'sweep', accountId: mine(call).spareId, restarts: orderId,
        items: [{ key: 'a', action: 'ADD', offering: 'mobile-prepaid' }] }), ...MISFIT),
    }),
    productOrderCancel: change('productOrderCancel', 'order { id }', {
      order: naming(SCOPES.account, ({ orderId }) => ({ orderId }), 'CONFLICT'),
    }),
    productOrderItemReport: change('productOrderItemReport', 'receipt { orderId state }', {
      order: naming(SCOPES.network, ({ orderId }) => ({ orderId, itemKey: 'a', outcome: 'FAILED' }), 'CONFLICT'),
    }),
    productOfferingDraft: change('productOfferingDraft', 'offering { id }', once((_asked, { serial }) => ({
      ...DRAFT, code: serial, allowances: [],
      prices: [{ code: 'fee', name: 'Fee', currency: 'EUR', taxClass: 'standard', taxIncluded: true, revenueAccount: 'sweep', recognition: 'AT_POINT', oneTime: { amount: '1' } }],
    }))),
    productOfferingLaunch: change('productOfferingLaunch', 'offering { id }', once((_asked, { serial }) => ({ code: serial }), 'NOT_FOUND')),
    productOfferingRetire: change('productOfferingRetire', 'offering { id }', once(() => ({ code: 'home-internet', at: LATER }))),
    sliceAreaSet: change('sliceAreaSet', 'area { code }', once((_asked, { serial }) => ({ code: serial, name: 'Sweep', downlinkKbps: '1', uplinkKbps: '1', devices: '1' }))),
    sliceDeviceAdmit: change('sliceDeviceAdmit', 'device { identifier }', {
      // A device that nobody has is the operator's to admit.
      product: naming(SCOPES.account, ({ sliceId }, { serial }) => ({ productId: sliceId, identifier: { kind: 'DEVICE_ID', value: serial } }), 'NOT_ALLOWED'),
      noSlice: naming(() => false, ({ productId }, { serial }) => ({ productId, identifier: { kind: 'DEVICE_ID', value: serial } })),
    }),
    sliceDeviceRemove: change('sliceDeviceRemove', 'device { identifier }', {
      product: naming(SCOPES.account, ({ sliceId, owner }) => ({ productId: sliceId, identifier: { kind: 'DEVICE_ID', value: deviceOf(owner) }, at: everEarlier() })),
    }),
    sliceMaintenanceAgree: change('sliceMaintenanceAgree', 'maintenance { area }', {
      area: naming(SCOPES.network, ({ owner }, { serial }) => ({ area: areaOf(owner), from: '2098-12-31T00:00:00Z', until: LATER, reason: `sweep ${serial}` })) }),
    sliceMeasurementReport: { keptIn: 'unguided_measurement', ...change('sliceMeasurementReport', 'results { status error { code message } }', {
      slice: naming(SCOPES.network, ({ sliceId }, { serial }) => ({ source: 'sweep', measurements: [
        { measurementId: serial, productId: sliceId, availability: { from: new Date(Date.now() - 3_600_000).toISOString(), until: new Date().toISOString(), state: 'UP' } }] })),
    }) },
    slicePeriodDecide: change('slicePeriodDecide', 'period { revision }', {
      slice: naming(SCOPES.finance, ({ sliceId }, call) => ({ productId: sliceId, periodStart: '2026-01-01T00:00:00Z', creditPercent: '101', reason: 'security sweep', ...key(call) }), 'INVALID_INPUT') }),
    slicePeriodSettle: change('slicePeriodSettle', 'period { revision }', {
      slice: naming(SCOPES.finance, ({ sliceId }, call) => ({ productId: sliceId, periodEnd: '2026-01-17T00:00:00Z', ...key(call) }), 'INVALID_INPUT') }),
    sliceOfferingDraft: change('sliceOfferingDraft', 'offering { id }', once((_asked, { serial }) => ({
      offering: { ...DRAFT, code: serial, paymentModes: ['POSTPAID'], periodKind: 'CALENDAR_MONTH', allowances: [], prices: [{
        code: 'fee', name: 'Fee', currency: 'EUR', taxClass: 'standard', taxIncluded: true, revenueAccount: 'sweep', recognition: 'AT_POINT', recurring: { amount: '1' } }] },
      slice: { snssai: { sst: 1 }, payer: 'TENANT', profile: { downlinkThroughputGuaranteed: { amount: '1' }, uplinkThroughputGuaranteed: { amount: '1' }, maxNumberOfUEs: '1' } },
    }))),
    quarantinedUsageRedrive: change('quarantinedUsageRedrive', 'accepted', {
      ids: naming(SCOPES.quarantine, ({ quarantinedId }) => ({ ids: [quarantinedId] })),
      filter: naming(UNOWNED, () => ({ source: 'msc1' })),
    }),
    settlementAccountOpen: change('settlementAccountOpen', 'settlementAccount { id }', {
      partner: naming(SCOPES.partner, ({ partnerId }) => ({ partnerId, currency: 'USD' }), 'ALREADY_EXISTS') }),
    sharingGroupCreate: change('sharingGroupCreate', 'sharingGroup { id }', {
      owner: naming(SCOPES.office, ({ accountId }, { serial }) => ({ ownerAccountId: accountId, name: serial })),
    }),
    statementClose: change('statementClose', 'statement { id }', {
      account: naming(SCOPES.partner, ({ settlementAccountId }) => ({ settlementAccountId, periodFrom: '2099-01-01' }), 'CONFLICT') }),
    statementPublish: change('statementPublish', 'statement { id }', {
      statement: naming(SCOPES.statement, ({ statementId }) => ({ statementId, expectedVersion: 1 }), 'CONFLICT') }),
    statementAccept: change('statementAccept', 'statement { id }', {
      statement: naming(SCOPES.statement, ({ statementId }) => ({ statementId, expectedVersion: 1 }), 'CONFLICT') }),
    statementDispute: change('statementDispute', 'statement { id }', {
      statement: naming(SCOPES.statement, ({ statementId }) => ({ statementId, expectedVersion: 1, reason: 'security sweep' }), 'CONFLICT') }),
    statementSettle: change('statementSettle', 'statement { id }', {
      statement: naming(SCOPES.statement, ({ statementId }, { serial }) => ({ statementId, reference: serial, idempotencyKey: serial }), 'CONFLICT') }),
    taxRateSet: change('taxRateSet', 'taxRate { rate }', once((_asked, { serial }) => ({ taxClass: serial, taxCode: 'x-1', rate: '0.1' }))),
    tenantClockAdvance: change('tenantClockAdvance', 'businessTime', once(() => ({ until: new Date(Date.now() + 600_000).toISOString() }))),
    tokenRevoke: change('tokenRevoke', 'revocation { __typename }', once((_asked, { serial }) => ({ subject: `nobody-${serial}`, reason: 'security sweep' }))),
    unguidedSliceMeasurementRedrive: change('unguidedSliceMeasurementRedrive', 'accepted', once(() => ({ reason: 'AMBIGUOUS' }))),
    usageCharge: { keptIn: 'unguided_usage', ...change('usageCharge', 'results { status charges { id } error { code message } }', {
      subscriber: naming(SCOPES.tenant, ({ number }, { serial }) => ({
        source: 'msc1', usages: [{ usageId: serial, subscriber: { msisdn: number }, startedAt: new Date().toISOString(), sms: { otherParty: '0861111111' } }],
      })),
    }) },
    voucherBatchCreate: change('voucherBatchCreate', 'voucherBatch { count }', once((_asked, { serial }) =>
      ({ batch: serial, count: 1, amount: '5', currency: 'EUR', validUntil: LATER }))),
    productChangeOffering: change('productChangeOffering', 'product { id }', {
      product: naming(SCOPES.account, ({ productId }, call) => ({ productId, offeringCode: 'mobile-prepaid', ...key(call) }), ...CHANGES),
    }),
    productSuspend: change('productSuspend', 'product { id }', {
      product: naming(SCOPES.office, ({ productId }, call) => ({ productId, reason: 'FRAUD', ...key(call) }), ...CHANGES),
    }),
    productResume: change('productResume', 'product { id }', {
      product: naming(SCOPES.office, ({ productId }, call) => ({ productId, reason: 'FRAUD', ...key(call) }), ...CHANGES),
    }),
    productEndWithdraw: change('productEndWithdraw', 'product { id }', {
      product: naming(SCOPES.office, ({ productId }, call) => ({ productId, ...key(call) }), ...CHANGES),
    }),
    // The last ones take away what the others stand on.
    agreementTerminate: change('agreementTerminate', 'agreement { id }', {
      agreement: naming(SCOPES.agreement, ({ agreementId }) => ({ agreementId, version: 1, at: LATER, reason: 'security sweep' }), 'CONFLICT') }),
    partnerTerminate: change('partnerTerminate', 'partner { id }', {
      partner: naming(SCOPES.partner, ({ partnerId }) => ({ partnerId, expectedVersion: 1, reason: 'security sweep' }), 'CONFLICT') }),
    identifierRelease: change('identifierRelease', 'identifier { value }', {
      valueOfAnother: naming(SCOPES.office, ({ number }, call) => ({ billingAccountId: own(call).spareId, kind: 'MSISDN', value: number }), ...MISFIT),
      account: naming(SCOPES.office, ({ accountId, number }) => ({ billingAccountId: accountId, kind: 'MSISDN', value: number })),
    }),
    productTerminate: change('productTerminate', 'product { id }', {
      product: naming(SCOPES.office, ({ productId }, call) => ({ productId, ...key(call) })),
    }),
  };
};
