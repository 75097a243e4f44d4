import { encodeId, NodeType } from '../../../src/platform/graphql';
import { NUMBERS } from '../../../seeds/people';
import type { ServiceProfile } from '../../../src/slice';
import { identityOf, LiveApi } from '../live-api';
import type { OwnerName } from './scopes';

/** One object of each kind that an owner has, by the ids of the API. */
export interface Owned {
  readonly owner: OwnerName;
  readonly externalId: string;
  readonly number: string;
  readonly customerId: string;
  readonly partyId: string;
  readonly organizationId: string;
  readonly accountId: string;
  /** A prepaid account with a little money, on which a sharing group is founded. */
  readonly spareId: string;
  readonly groupId: string;
  readonly productId: string;
  /** A product that is a network slice, with one device in it. */
  readonly sliceId: string;
  readonly bucketId: string;
  readonly chargeId: string;
  readonly topUpId: string;
  readonly transferId: string;
  readonly adjustmentId: string;
  readonly usageId: string;
  readonly quarantinedId: string;
  /** An order that waits for its start. */
  readonly orderId: string;
  readonly offeringId: string;
  /** A partner with a published statement; Alice's is the one whom the demo's partner token acts for. */
  readonly partnerId: string;
  readonly settlementAccountId: string;
  readonly agreementId: string;
  readonly statementId: string;
  readonly billId: string;
  readonly billLineId: string;
  /** Within the series B-2020 of the owner's tenant; no two owners have the same. */
  readonly billNumber: string;
  readonly billRunId: string;
  /** Texts that only who reaches this owner may ever be shown. */
  readonly marks: readonly string[];
  /** Texts that only callers of the same tenant may ever be shown. */
  readonly tenantMarks: readonly string[];
}

const UNKNOWN = 4_611_686_018_427_387_000n;
const unknown = (type: NodeType, ...more: readonly string[]): string => encodeId(type, UNKNOWN, ...more);

/** Well-formed ids of what does not exist. */
export const NOBODY: Owned = {
  owner: 'nobody', externalId: 'nobody', number: '353209199999', customerId: unknown('Customer'), partyId: unknown('Individual'),
  organizationId: unknown('Organization'), accountId: unknown('BillingAccount'), spareId: unknown('BillingAccount'),
  groupId: unknown('SharingGroup'), productId: unknown('Product'), sliceId: unknown('Product'), bucketId: unknown('Bucket', '1'), chargeId: unknown('Charge', '1'), topUpId: unknown('TopUp', '1'),
  transferId: unknown('Transfer', '1'), adjustmentId: unknown('Adjustment', '1'),
  usageId: unknown('Usage', '1'), orderId: unknown('ProductOrder'), offeringId: unknown('ProductOffering'), partnerId: unknown('Partner'),
  settlementAccountId: unknown('SettlementAccount'), agreementId: unknown('Agreement'), statementId: unknown('RevenueShareStatement'), marks: [], tenantMarks: [],
  billId: unknown('CustomerBill', '1'), billLineId: unknown('AppliedCustomerBillingRate', '1', '1'), billNumber: '999', billRunId: unknown('BillRun'),
  quarantinedId: encodeId('QuarantinedUsage', Buffer.from('msc1').toString('base64url'), Buffer.from('no').toString('base64url'), Buffer.alloc(32).toString('base64url')),
};

interface Person {
  readonly owner: Exclude<OwnerName, 'nobody'>;
  readonly number: string;
  readonly agent: string;
  readonly network: string;
  readonly offering: string;
}
const PEOPLE: readonly Person[] = [
  { owner: 'alice', number: NUMBERS.alice, agent: 'crm', network: 'network', offering: 'mobile-prepaid' },
  { owner: 'bob', number: NUMBERS.bob, agent: 'crm', network: 'network', offering: 'mobile-postpaid' },
  { owner: 'zoe', number: NUMBERS.zoe, agent: 'other-crm', network: 'other-network', offering: 'mobile-prepaid' },
];

/** Reads one answer down a path; throws with the answer where it was refused. */
export async function got<T>(api: LiveApi, who: string, query: string, variables: Record<string, unknown>, ...path: readonly (string | number)[]): Promise<T> {
  const told = await api.ask(who, query, variables);
  const found = path.reduce<unknown>((at, key) => (at as Record<string | number, unknown> | null | undefined)?.[key], told.data);
  if (found === null || found === undefined) throw new Error(`${who}: ${query.slice(0, 80)} answered ${told.text}`);
  return found as T;
}

/** Gives every owner what can be owned, through the API, so that each probe has an object that really exists. */
export async function furnish(api: LiveApi): Promise<Readonly<Record<OwnerName, Owned>>> {
  const [alice, bob, zoe] = await Promise.all(PEOPLE.map((person) => furnishOne(api, person)));
  const sent = (owned: Omit<Owned, 'transferId'>, to: string): Promise<Owned> => withTransfer(api, owned, to);
  return { alice: await sent(alice!, alice!.accountId), bob: await sent(bob!, alice!.accountId), zoe: await sent(zoe!, zoe!.accountId), nobody: NOBODY };
}

/** A transfer from the spare account to a prepaid one. */
async function withTransfer(api: LiveApi, owned: Omit<Owned, 'transferId'>, toAccountId: string): Promise<Owned> {
  const { agent } = PEOPLE.find(({ owner }) => owner === owned.owner)!;
  const transferId = await got<string>(api, agent, 'mutation($input: BalanceTransferInput!) { balanceTransfer(input: $input) { transfer { id } errors { message } } }',
    { input: { fromAccountId: owned.spareId, toAccountId, amount: { amount: '1', currency: 'EUR' }, idempotencyKey: `sent-${owned.owner}` } }, 'balanceTransfer', 'transfer', 'id');
  return { ...owned, transferId, marks: [...owned.marks, transferId] };
}

const ACCOUNTS = `query($value: String!) { customerByIdentifier(kind: MSISDN, value: $value) { id party { id } accounts {
  id products { nodes { id offering { id } } } buckets { id kind } } } }`;

interface Found {
  readonly id: string;
  readonly party: { readonly id: string };
  readonly accounts: readonly { readonly id: string; readonly products: { readonly nodes: readonly { readonly id: string; readonly offering: { readonly id: string } }[] }; readonly buckets: readonly { readonly id: string; readonly kind: string }[] }[];
}

async function furnishOne(api: LiveApi, { owner, number, agent, network, offering }: Person): Promise<Omit<Owned, 'transferId'>> {
  const found = await got<Found>(api, agent, ACCOUNTS, { value: number }, 'customerByIdentifier');
  const account = found.accounts[0]!;
  const chargeId = await used(api, network, { msisdn: number }, `sweep-${owner}`);
  const strayNumber = `3532091777${owner.length}${owner.charCodeAt(0)}`.slice(0, 12);
  await used(api, network, { msisdn: strayNumber }, `stray-${owner}`);
  const quarantined = await got<{ id: string; usageId: string }[]>(api, network, '{ quarantinedUsages { nodes { id usageId } } }', {}, 'quarantinedUsages', 'nodes');
  const spareId = await spareAccount(api, agent, found.id);
  const topUpId = await got<string>(api, agent, 'mutation($input: BalanceTopUpInput!) { balanceTopUp(input: $input) { topUp { id } errors { message } } }',
    { input: { accountId: spareId, amount: { amount: '40', currency: 'EUR' }, idempotencyKey: `spare-${owner}` } }, 'balanceTopUp', 'topUp', 'id');
  const spareBucket = await got<string>(api, agent, 'query($id: ID!) { billingAccount(id: $id) { buckets { id } } }', { id: spareId }, 'billingAccount', 'buckets', 0, 'id');
  const adjustmentId = await got<string>(api, agent, 'mutation($input: BalanceAdjustInput!) { balanceAdjust(input: $input) { adjustment { id } errors { message } } }',
    { input: { bucketId: spareBucket, money: { amount: '1', currency: 'EUR' }, reason: 'security sweep', idempotencyKey: `mended-${owner}` } }, 'balanceAdjust', 'adjustment', 'id');
  const groupId = await got<string>(api, agent, 'mutation($input: SharingGroupCreateInput!) { sharingGroupCreate(input: $input) { sharingGroup { id } errors { message } } }',
    { input: { ownerAccountId: spareId, name: `Group ${owner}` } }, 'sharingGroupCreate', 'sharingGroup', 'id');
  const organizationId = await got<string>(api, agent, 'mutation($input: OrganizationCreateInput!) { organizationCreate(input: $input) { organization { id } } }',
    { input: { tradingName: `Works of ${owner}` } }, 'organizationCreate', 'organization', 'id');
  const usageId = await got<string>(api, agent, 'query($id: ID!) { charge(id: $id) { usage { id } } }', { id: chargeId }, 'charge', 'usage', 'id');
  const orderId = await got<string>(api, agent, 'mutation($input: ProductOrderCreateInput!) { productOrderCreate(input: $input) { order { id } errors { message } } }', { input: {
    externalId: `owned-${owner}`, channel: 'sweep', accountId: spareId, requestedStart: new Date(Date.now() + 30 * 86_400_000).toISOString(),
    items: [{ key: 'a', action: 'ADD', offering: 'mobile-prepaid' }] } }, 'productOrderCreate', 'order', 'id');
  const [product] = account.products.nodes;
  const sliceId = await sliced(api, owner, account.id);
  const ids = {
    customerId: found.id, partyId: found.party.id, accountId: account.id, spareId, groupId, organizationId, productId: product!.id, sliceId,
    bucketId: account.buckets.find(({ kind }) => kind !== 'UNIT')!.id, chargeId, usageId, topUpId, adjustmentId, orderId,
  };
  const bill = await billed(api, owner, account.id);
  const shared = {
    billRunId: bill.billRunId, quarantinedId: quarantined.find(({ usageId: id }) => id === `stray-${owner}`)!.id, offeringId: product!.offering.id,
    ...await partnership(api, owner, organizationId),
  };
  const chargingId = await compared(api, owner, account.id);
  return { owner, externalId: owner, number, ...ids, ...bill, ...shared, marks: [number, bill.billId, bill.billLineId, ...Object.values(ids)], tenantMarks: [...Object.values(shared), chargingId, identityOf(agent).subject, areaOf(owner)] };

  function spareAccount(one: LiveApi, who: string, customerId: string): Promise<string> {
    return got(one, who, 'mutation($input: BillingAccountCreateInput!) { billingAccountCreate(input: $input) { billingAccount { id } errors { message } } }',
      { input: { customerId, name: `Spare of ${owner} ${offering}`, currency: 'EUR', timeZone: 'Europe/Dublin', billCycleDay: 1, paymentMode: 'PREPAID' } },
      'billingAccountCreate', 'billingAccount', 'id');
  }
}

/** What a partner has, as the rows that months of work leave. */
async function partnership({ database: { ownerPool } }: LiveApi, owner: string, organizationId: string): Promise<Pick<Owned, 'partnerId' | 'settlementAccountId' | 'agreementId' | 'statementId'>> {
  const one = async (text: string, ...values: unknown[]): Promise<Record<string, string>> => (await ownerPool.query<Record<string, string>>(text, values)).rows[0]!;
  const organization = Buffer.from(organizationId, 'base64url').toString().split(':')[1];
  const partner = owner === 'alice' ? await one(`select party_id, partner.tenant_id from partner join party on party.id = party_id where trading_name = 'Northlight Media'`)
    : await one('insert into partner (party_id, tenant_id, created_at) select id, tenant_id, now() from party where id = $1 returning party_id, tenant_id', organization);
  const { party_id: party, tenant_id: tenant } = partner;
  const account = await one(`insert into settlement_account (tenant_id, partner_id, currency, opened_at) values ($1, $2, 'GBP', now()) returning id`, tenant, party);
  const agreement = await one(`insert into agreement (tenant_id, code, name) values ($1, $2, $2) returning id`, tenant, `sweep-${owner}`);
  const version = await one(`insert into agreement_version (tenant_id, agreement_id, version, currency, proposed_by, proposed_at) values ($1, $2, 1, 'GBP', 'somebody', now()) returning id`, tenant, agreement.id);
  await ownerPool.query(`insert into agreement_item (agreement_version_id, item, tenant_id, kind, basis, residual_partner_id) values ($1, 0, $2, 'MMS', 'NET', $3)`, [version.id, tenant, party]);
  const statement = await one(`insert into share_statement (tenant_id, partner_id, settlement_account_id, period_from, period_until, currency, minor_unit, state, number, share,
      rounding, carried_in, carried_forward, payable, calculated_at, published_at)
    values ($1, $2, $3, '2025-01-01', '2025-02-01', 'GBP', 10000, 'PUBLISHED', 1, 0, 0, 0, 0, 0, now(), now()) returning id`, tenant, party, account.id);
  return {
    partnerId: encodeId('Partner', party!), settlementAccountId: encodeId('SettlementAccount', account.id!), agreementId: encodeId('Agreement', agreement.id!),
    statementId: encodeId('RevenueShareStatement', statement.id!),
  };
}

/** A comparison of a record with what was charged online, by a plain row; its charging id. */
async function compared({ database }: LiveApi, owner: string, accountId: string): Promise<string> {
  const [chargingId, key] = [`charging-id-of-${owner}`, Buffer.from(accountId, 'base64url').toString().split(':')[1]!];
  await database.ownerPool.query(`insert into usage_comparison select shard, root_id, $2, id, 'BYTE', 'cdr', tenant_id, now(), 9, 1, 8, 1, 0, 0
    from billing_account where id = $1`, [key, chargingId]);
  return chargingId;
}

const SEND = `mutation($input: UsageChargeInput!) { usageCharge(input: $input) { results { status charges { id } error { code } } errors { code } } }`;

/** One message of now; the id of its charge, empty where it was put aside. */
async function used(api: LiveApi, network: string, subscriber: Record<string, string>, usageId: string): Promise<string> {
  const input = { source: 'msc1', usages: [{ usageId, subscriber, startedAt: new Date().toISOString(), sms: { otherParty: '0861111111' } }] };
  const result = await got<{ status: string; charges: { id: string }[] }>(api, network, SEND, { input }, 'usageCharge', 'results', 0);
  return result.charges[0]?.id ?? '';
}

const NUMBER_OF: Readonly<Record<Person['owner'], string>> = { alice: '101', bob: '102', zoe: '103' };

/** An issued bill of one line by plain rows, of a period before everything that the seeds plant. */
async function billed(api: LiveApi, owner: Person['owner'], accountId: string): Promise<Pick<Owned, 'billId' | 'billLineId' | 'billNumber' | 'billRunId'>> {
  const key = Buffer.from(accountId, 'base64url').toString().split(':')[1]!;
  const billNumber = NUMBER_OF[owner];
  const values = [key, billNumber];
  const run = async (text: string): Promise<{ id: string }[]> => (await api.database.ownerPool.query<{ id: string }>(text, values)).rows;
  const ACCOUNT = `(select a.*, $2::bigint as number, case when a.payment_mode = 'PREPAID' then 'STATEMENT' else 'BILL' end as document from billing_account a where a.id = $1::bigint) a`;
  const [made] = await run(`insert into bill_run (tenant_id, cycle_end, started_by, idempotency_key, body_hash, state, started_at, finished_at)
    select tenant_id, '2020-02-01', 'sweep', number::text, '', 'DONE', '2020-02-01', '2020-02-01' from ${ACCOUNT} returning id`);
  await run(`insert into bill_period select shard, root_id, id, 1, tenant_id, '2020-01-01', '2020-02-01', '2020-01-01', '2020-02-01', 1, '1970-01-01', 0, null, '2020-02-01' from ${ACCOUNT}`);
  await run(`insert into customer_bill select shard, root_id, id, 1, tenant_id, null, document, 'EUR', 1, 0, 10000000, 0, 10000000, 0, 10000000,
    case document when 'BILL' then 0 else 10000000 end, 0, case document when 'BILL' then 10000000 else 0 end, 0, 0 from ${ACCOUNT}`);
  await run(`insert into customer_bill_line select shard, root_id, id, 1, 1, tenant_id, id, null, null, 'ONE_TIME_FEE', 'EVENT', 'Sweep', '2020-01-01', '2020-02-01', '2020-01-01', '2020-02-01',
    '', 0, false, 'revenue', 1, 0, 10000000, 0, 10000000, 10000000 from ${ACCOUNT}`);
  await run(`insert into issued_document select shard, root_id, id, document, 1, tenant_id, tenant_id || ':B-2020', number, '2020-02-01', '2020-02-15' from ${ACCOUNT}`);
  await run(`insert into document_number select tenant_id || ':B-2020', number, tenant_id, document, id, 1, '2020-02-01', '2020-02-15', '', '' from ${ACCOUNT}`);
  return {
    billId: encodeId('CustomerBill', key, 1), billLineId: encodeId('AppliedCustomerBillingRate', key, 1, 1), billNumber, billRunId: encodeId('BillRun', made!.id),
  };
}

/** What months of measuring leave of a slice. */
async function measured(pool: LiveApi['database']['ownerPool'], product: string, area: string): Promise<void> {
  await pool.query(`insert into slice_measurement (shard, root_id, product_id, kind, starts_at, source, measurement_id, tenant_id, ends_at, is_up, received_at)
    select shard, root_id, id, 'AVAILABILITY', '2026-01-01', 'sweep', id::text, tenant_id, '2026-01-02', true, '2026-01-02' from product where id = $1`, [product]);
  await pool.query(`insert into slice_period (shard, product_id, period_start, revision, tenant_id, root_id, account_id, period_end, seen, samples, period_ms, verdict, computed_at, settled_at)
    select shard, id, '2026-01-01', 1, tenant_id, root_id, account_id, '2026-02-01', 1, 0, 1, 'CASE', '2026-02-01', '2026-02-01' from product where id = $1`, [product]);
  await pool.query(`insert into slice_maintenance (tenant_id, area_id, starts_at, ends_at, reason, agreed_at, agreed_by)
    select tenant_id, $2, '2026-01-03', '2026-01-04', 'swept', '2026-01-01', 'sweep' from product where id = $1`, [product, area]);
  await pool.query(`insert into unguided_measurement (shard, tenant_id, source, measurement_id, body_hash, body, reason, received_at)
    select shard, tenant_id, 'sweep', id::text, sha256(id::text::bytea), '{"slice":{"sst":9,"sd":null,"tenantIdentifier":null},"reading":{"kind":"DEVICES","from":0,"until":0,"count":"1"}}',
           'UNKNOWN_SLICE', '2026-01-01' from product where id = $1`, [product]);
}

export const deviceOf = (owner: OwnerName): string => `device-${owner}`;
export const areaOf = (owner: OwnerName): string => `area-${owner}`;

/** Ids that do not begin as others end: the opaque forms of 1 and 12 would begin alike. */
const SLICE_VERSION: Readonly<Record<Person['owner'], string>> = { alice: '9001', bob: '9002', zoe: '9003' };

/** A slice that runs, by the rows that its order leaves. */
async function sliced({ database: { ownerPool } }: LiveApi, owner: Person['owner'], accountId: string): Promise<string> {
  const account = Buffer.from(accountId, 'base64url').toString().split(':')[1]!;
  const one = async (text: string, ...values: unknown[]): Promise<string> => (await ownerPool.query<{ id: string }>(text, values)).rows[0]!.id;
  const tenant = `(select tenant_id from billing_account where id = ${account})`;
  const offering = await one(`insert into product_offering (tenant_id, code) values (${tenant}, $1) returning id`, `slice-${owner}`);
  const version = await one(`insert into product_offering_version (id, tenant_id, offering_id, version, name, description, state, valid_from, valid_until, priority, payment_modes, period_kind,
      period_length, auto_renew, unpaid_renewal, paid_renewal_starts)
    values ($2, ${tenant}, $1, 1, 'Slice', 'Slice', 'IN_DESIGN', '2020-01-01', '2020-01-02', 100, '{POSTPAID}', 'CALENDAR_MONTH', 1, true, 'SUSPEND', 'WHEN_PAID') returning id`, offering, SLICE_VERSION[owner]);
  const profile: ServiceProfile = {
    downlinkGuaranteedKbps: '1', uplinkGuaranteedKbps: '1', downlinkMaximumKbps: null, uplinkMaximumKbps: null, downlinkPerDeviceKbps: null, uplinkPerDeviceKbps: null,
    maximumDevices: '1000', maximumPduSessions: null, latencyMilliseconds: null, jitterMilliseconds: null, deviceVelocity: null, isolation: null, sharing: 'SHARED',
    isMissionCritical: false,
  };
  await ownerPool.query(`insert into slice_terms (offering_version_id, tenant_id, sst, payer, profile) values ($1, ${tenant}, 1, 'TENANT', $2)`, [version, JSON.stringify(profile)]);
  await ownerPool.query(`update product_offering_version set state = 'LAUNCHED' where id = $1`, [version]);
  const area = await one(`insert into slice_area (tenant_id, code, name, downlink_kbps, uplink_kbps, devices) values (${tenant}, $1, 'Area', 9, 9, 9000) returning id`, areaOf(owner));
  const product = await one(`insert into product (shard, root_id, id, tenant_id, account_id, offering_version_id, account_wide, state, started_at, anchor_at, version)
    select shard, root_id, (nextval('product_number') << 12) | shard, tenant_id, id, $1, false, 'ACTIVE', '2026-01-01', '2026-01-01', 1 from billing_account where id = ${account} returning id`, version);
  await ownerPool.query(`insert into slice_reservation (tenant_id, product_id, shard, root_id, account_id, order_id, item_key, area_id, offering_version_id, snssai, valid_from, downlink_kbps, uplink_kbps, devices)
    select tenant_id, id, shard, root_id, account_id, 1, 'a', $2, $3, '1', started_at, 1, 1, 1000 from product where id = $1`, [product, area, version]);
  await ownerPool.query(`insert into slice_device (tenant_id, snssai, kind, value, valid_from, shard, root_id, account_id, product_id, payer)
    select tenant_id, '1', 'DEVICE_ID', $2, started_at, shard, root_id, account_id, id, 'TENANT' from product where id = $1`, [product, deviceOf(owner)]);
  await ownerPool.query(`update bucket set setup_version = setup_version + 1 where id = 0 and root_id = (select root_id from product where id = $1)`, [product]);
  await measured(ownerPool, product, area);
  return encodeId('Product', product);
}
