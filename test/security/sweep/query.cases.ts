import { nodeLoader, NODE_TYPES, NodeType } from '../../../src/platform/graphql';
import { Probe, RootCases, UNOWNED } from './cases.types';
import { Scope, SCOPES } from './scopes';
import type { Owned } from './world';

const byId = (scope: Scope, id: keyof Owned): Record<string, Probe> => ({ id: { scope, name: (asked) => ({ id: asked[id] }) } });

const UNASKED: Record<string, Probe> = { all: { scope: UNOWNED, name: () => ({}) } };

/** Types that can be fetched by id: which id, and who reaches it. A type that is registered and not here fails the sweep. */
const NODES: Partial<Record<NodeType, readonly [keyof Owned, Scope]>> = {
  Customer: ['customerId', SCOPES.account], Individual: ['partyId', SCOPES.account], Organization: ['organizationId', SCOPES.office],
  BillingAccount: ['accountId', SCOPES.account], SharingGroup: ['groupId', SCOPES.account], Product: ['productId', SCOPES.account],
  Bucket: ['bucketId', SCOPES.account], Charge: ['chargeId', SCOPES.account], Usage: ['usageId', SCOPES.account],
  TopUp: ['topUpId', SCOPES.account], Transfer: ['transferId', SCOPES.account], Adjustment: ['adjustmentId', SCOPES.account],
  Partner: ['partnerId', SCOPES.partner], SettlementAccount: ['settlementAccountId', SCOPES.partner], Agreement: ['agreementId', SCOPES.agreement],
  RevenueShareStatement: ['statementId', SCOPES.statement],
  ProductOffering: ['offeringId', SCOPES.tenant], CustomerBill: ['billId', SCOPES.bill], QuarantinedUsage: ['quarantinedId', SCOPES.quarantine],
  ProductOrder: ['orderId', SCOPES.account],
};

/** One probe a registered type. @throws Error naming a registered type that the table above does not have. */
function nodeProbes(): Record<string, Probe> {
  const registered = NODE_TYPES.filter((type) => nodeLoader(type) !== undefined);
  return Object.fromEntries(registered.map((type) => {
    const row = NODES[type];
    if (!row) throw new Error(`node(id) gives a ${type}, which the sweep does not ask for.`);
    return [type, { scope: row[1], name: (asked: Owned) => ({ id: asked[row[0]] }) }];
  }));
}

/** Without a token the operator is named; with one it must not be. */
const shop = (isSignedIn: boolean): Record<string, unknown> => (isSignedIn ? {} : { tenant: 'demo' });
const isSignedIn = (role: string): boolean => role !== 'ANONYMOUS';

/** How every query is asked. */
export const queryCases = (): RootCases => ({
  agreement: { document: 'query($id: ID!) { agreement(id: $id) { id code versions { version items { parties { partner { id } } } } } }', probes: byId(SCOPES.agreement, 'agreementId') },
  agreements: { document: '{ agreements(first: 100) { nodes { id code name } } }', probes: UNASKED },
  auditLog: { document: '{ auditLog(first: 50) { nodes { actor operation objectId before after reason } } }', probes: UNASKED },
  billingAccount: {
    document: 'query($id: ID!) { billingAccount(id: $id) { id name identifiers { nodes { value } } customer { name } } }', probes: byId(SCOPES.account, 'accountId'),
  },
  billPreview: { document: 'query($id: ID!) { billPreview(accountId: $id) { total { amount } lines { nodes { description } } } }', probes: byId(SCOPES.account, 'accountId') },
  billRun: { document: 'query($id: ID!) { billRun(id: $id) { id state } }', probes: byId(SCOPES.finance, 'billRunId') },
  businessTime: { document: '{ t: __typename businessTime @skip(if: false) }', probes: UNASKED },
  charge: { document: 'query($id: ID!) { charge(id: $id) { id gross { amount } usage { subscriber } } }', probes: byId(SCOPES.account, 'chargeId') },
  customer: { document: 'query($id: ID!) { customer(id: $id) { id name party { id } accounts { id } } }', probes: byId(SCOPES.account, 'customerId') },
  customerByIdentifier: {
    document: 'query($value: String!) { customerByIdentifier(kind: MSISDN, value: $value) { id name } }',
    probes: { value: { scope: SCOPES.account, name: ({ number }) => ({ value: number }) } },
  },
  customers: {
    document: 'query($externalId: String) { customers(first: 100, externalId: $externalId) { nodes { id name accounts { id } } } }',
    probes: { all: { scope: UNOWNED, name: () => ({}) }, externalId: { scope: SCOPES.account, name: ({ externalId }) => ({ externalId }) } },
  },
  customerBill: {
    document: 'query($id: ID!) { customerBill(id: $id) { id total { amount } lines { nodes { id charges { nodes { id } } } } account { id } payments { amount { amount } } } }', probes: byId(SCOPES.bill, 'billId'),
  },
  customerBillByNumber: {
    document: 'query($number: BigInt!) { customerBillByNumber(series: "B-2020", number: $number) { id } }',
    probes: { number: { scope: SCOPES.bill, name: ({ billNumber }) => ({ number: billNumber }) } },
  },
  node: { document: 'query($id: ID!) { node(id: $id) { __typename id } }', probes: nodeProbes() },
  partner: { document: 'query($id: ID!) { partner(id: $id) { id name settlementAccounts { id } } }', probes: byId(SCOPES.partner, 'partnerId') },
  partners: { document: '{ partners(first: 100) { nodes { id name settlementAccounts { id } } } }', probes: UNASKED },
  product: { document: 'query($id: ID!) { product(id: $id) { id account { id } } }', probes: byId(SCOPES.account, 'productId') },
  productOrder: { document: 'query($id: ID!) { productOrder(id: $id) { id account { id } items { product { id } } } }', probes: byId(SCOPES.account, 'orderId') },
  productOffering: {
    document: 'query($id: ID!, $tenant: String) { productOffering(id: $id, tenant: $tenant) { id name versions { id } } }',
    probes: { id: { scope: SCOPES.tenant, name: ({ offeringId }, { identity }) => ({ id: offeringId, ...shop(isSignedIn(identity.role)) }) } },
  },
  productOfferings: {
    document: 'query($tenant: String) { productOfferings(first: 100, tenant: $tenant) { nodes { id code } } }',
    probes: { all: { scope: UNOWNED, name: (_asked, { identity }) => shop(isSignedIn(identity.role)) } },
  },
  quarantinedUsages: { document: '{ quarantinedUsages(first: 100) { nodes { id subscriber } } }', probes: UNASKED },
  sliceAreas: { document: '{ sliceAreas(first: 100) { nodes { code name capacity { devices } reserved { devices } free { downlinkKbps } } } }', probes: UNASKED },
  sliceMaintenances: { document: '{ sliceMaintenances(first: 100) { nodes { area from until reason } } }', probes: UNASKED },
  // Of which product, who reads all slices of a tenant may know; the marks of the sweep are of accounts.
  slicePeriods: { document: '{ slicePeriods(first: 100) { nodes { from verdict creditPercent } } }', probes: UNASKED },
  unguidedSliceMeasurements: { document: '{ unguidedSliceMeasurements(first: 100) { nodes { measurementId source snssai reason } } }', probes: UNASKED },
  sliceProduct: { document: 'query($id: ID!) { sliceProduct(id: $id) { id area product { id } devices { nodes { identifier } } usage { volume { amount } } objectives { name } costSoFar { amount } periods { nodes { productId } } measurements { nodes { measurementId } } } }', probes: byId(SCOPES.slice, 'sliceId') },
  statement: { document: 'query($id: ID!) { statement(id: $id) { id partner { id } lines { nodes { number shares { nodes { number } } } } } }', probes: byId(SCOPES.statement, 'statementId') },
  usageComparisons: { document: '{ usageComparisons(first: 100) { nodes { chargingId source } } }', probes: UNASKED },
  viewerPartner: { document: '{ viewerPartner { id name settlementAccounts { id } runningTotals { share { amount } } statements { nodes { id } } } }', probes: UNASKED },
  viewer: { document: '{ viewer { id name party { id } accounts { id } } }', probes: UNASKED },
});
