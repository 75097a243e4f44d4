import { NUMBERS } from '../../seeds/people';
import { changesAudited } from '../security/sweep/digest';
import { LiveApi, openLiveApi } from '../security/live-api';
import { got } from '../security/sweep/world';
import { OrderRunner } from '../../src/ordering';
import { SimulatedNetwork } from '../../src/ordering/simulated-network';

/** Orders and product changes as a CRM integrator types them. */
let api: LiveApi;
let runner: OrderRunner;
let accountId: string;
beforeAll(async () => {
  api = await openLiveApi();
  accountId = await got<string>(api, 'crm', 'query($value: String!) { customerByIdentifier(kind: MSISDN, value: $value) { accounts { id } } }',
    { value: NUMBERS.alice }, 'customerByIdentifier', 'accounts', 0, 'id');
  const { pool, charging, orders } = api.rooms;
  runner = new OrderRunner({ pool, charging, topics: orders.topics, network: new SimulatedNetwork(pool, { delayMs: 0, failPerMille: 0, duplicates: 0 }) });
  await got(api, 'crm', 'mutation($input: BalanceTopUpInput!) { balanceTopUp(input: $input) { topUp { id } errors { message } } }',
    { input: { accountId, amount: { amount: '50', currency: 'EUR' }, idempotencyKey: 'orders' } }, 'balanceTopUp', 'topUp', 'id');
}, 120_000);
afterAll(() => api.close());

const CREATE = `mutation($input: ProductOrderCreateInput!) { productOrderCreate(input: $input) {
  order { id state version externalId channel requestedStart completedAt items { key action state when reliesOn errorCode note identifiers { kind value } offering { code version } product { id } } }
  errors { code message path ... on OfferingVersionNotSold { offeringCode soldVersion } } } }`;
interface Shown { readonly id: string; readonly state: string; readonly version: number; readonly items: { readonly product: { readonly id: string } | null }[] }
const create = async (externalId: string, items: object[], more: object = {}): Promise<{ order: Shown | null; errors: object[] }> =>
  got(api, 'crm', CREATE, { input: { externalId, channel: 'crm', accountId, items, ...more } }, 'productOrderCreate');
const refOf = (id: string): { shard: number; id: bigint } => {
  const key = BigInt(Buffer.from(id, 'base64url').toString().split(':')[1]!);
  return { shard: Number(key & 4095n), id: key };
};
const change = async (field: string, input: object, selection = 'state version'): Promise<{ product: Record<string, unknown> | null; errors: { code: string }[] }> =>
  got(api, 'crm', `mutation($input: ${field[0]!.toUpperCase()}${field.slice(1)}Input!) { ${field}(input: $input) { product { ${selection} } errors { code message path } } }`, { input }, field);

it('takes an order, shows it, and lists it on the account', async () => {
  const made = await create('api-1', [{ key: 'a', action: 'ADD', offering: 'mobile-prepaid', identifiers: [{ kind: 'MSISDN', value: '+353861230001' }] }]);
  expect(made).toMatchObject({ errors: [], order: { state: 'ACKNOWLEDGED', externalId: 'api-1', items: [{ key: 'a', state: 'ACKNOWLEDGED', offering: { code: 'mobile-prepaid' },
    product: null, identifiers: [{ kind: 'MSISDN', value: '353861230001' }] }] } });
  await runner.advance(refOf(made.order!.id));
  const shown = await got<Shown>(api, 'alice', 'query($id: ID!) { productOrder(id: $id) { state version completedAt account { id } items { state product { id state } } } }',
    { id: made.order!.id }, 'productOrder');
  expect(shown).toMatchObject({ state: 'COMPLETED', account: { id: accountId }, items: [{ state: 'COMPLETED', product: { state: 'ACTIVE' } }] });
  const listed = await got(api, 'crm', 'query($id: ID!) { billingAccount(id: $id) { productOrders(first: 1) { nodes { externalId } pageInfo { hasNextPage endCursor } } } }',
    { id: accountId }, 'billingAccount', 'productOrders');
  expect(listed).toMatchObject({ nodes: [{ externalId: 'api-1' }] });
  expect(await create('api-1', [{ key: 'a', action: 'ADD', offering: 'mobile-prepaid', identifiers: [{ kind: 'MSISDN', value: '+353861230001' }] }]))
    .toMatchObject({ order: { id: made.order!.id, state: 'COMPLETED' } });
});

it('says which version is sold, and audits what it refuses', async () => {
  const before = await changesAudited(api.database.ownerPool);
  expect(await create('api-2', [{ key: 'a', action: 'ADD', offering: 'mobile-prepaid', offeringVersion: 99 }])).toEqual({
    order: null, errors: [{ code: 'OFFERING_NOT_SOLD', message: expect.stringContaining('is the one sold now'), path: ['items', '0', 'offeringVersion'], offeringCode: 'mobile-prepaid', soldVersion: 1 }] });
  expect(await changesAudited(api.database.ownerPool)).toBe(before);
  const { rows } = await api.database.ownerPool.query(`select operation, result, after ->> 'errorCode' as code from audit_log order by tenant_id, sequence desc limit 1`);
  expect(rows[0]).toMatchObject({ operation: 'productOrderCreate', result: 'REFUSED', code: 'OFFERING_NOT_SOLD' });
});

it('tells the progress of an order: as it stands, then newer, then the end', async () => {
  const made = await create('api-3', [{ key: 'a', action: 'ADD', offering: 'mobile-prepaid' }]);
  const socket = await api.socket('alice');
  try {
    socket.subscribe('s', 'subscription($id: ID!) { productOrderChanged(orderId: $id) { cursor order { state version } } }', { id: made.order!.id });
    await socket.until(({ type }) => type === 'next');
    await runner.advance(refOf(made.order!.id));
    await socket.until(({ type, id }) => type === 'complete' && id === 's');
    const told = socket.messages.filter(({ type }) => type === 'next').map(({ payload }) => orderIn(payload));
    expect([told[0], told.at(-1)]).toMatchObject([{ state: 'ACKNOWLEDGED', version: 1 }, { state: 'COMPLETED' }]);
    const versions = told.map(({ version }) => version);
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
  } finally {
    socket.socket.close();
  }
});

const orderIn = (payload: unknown): { readonly state: string; readonly version: number } =>
  (payload as { data: { productOrderChanged: { order: { state: string; version: number } } } }).data.productOrderChanged.order;

it('suspends, resumes, changes and keeps a product, with its dated history', async () => {
  const made = await create('api-4', [{ key: 'a', action: 'ADD', offering: 'mobile-prepaid' }]);
  const done = await runner.advance(refOf(made.order!.id));
  const shown = await got<Shown>(api, 'crm', 'query($id: ID!) { productOrder(id: $id) { items { product { id } } } }', { id: made.order!.id }, 'productOrder');
  expect(done!.state).toBe('COMPLETED');
  const productId = shown.items[0]!.product!.id;
  expect(await change('productSuspend', { productId, reason: 'LOST', idempotencyKey: 's1' }, 'state suspensions { reason level since until }'))
    .toMatchObject({ product: { state: 'SUSPENDED', suspensions: [{ reason: 'LOST', level: 'ALL', until: null }] }, errors: [] });
  expect(await change('productSuspend', { productId, reason: 'RENEWAL_UNPAID', idempotencyKey: 's2' })).toMatchObject({ product: null, errors: [{ code: 'INVALID_INPUT' }] });
  expect(await change('productChangeOffering', { productId, offeringCode: 'mobile-prepaid', idempotencyKey: 's3' })).toMatchObject({ errors: [{ code: 'PRODUCT_SUSPENDED' }] });
  expect(await change('productResume', { productId, reason: 'LOST', idempotencyKey: 's4' })).toMatchObject({ product: { state: 'ACTIVE' } });
  expect(await change('productChangeOffering', { productId, offeringCode: 'mobile-prepaid', idempotencyKey: 's5' })).toMatchObject({ errors: [{ code: 'INVALID_INPUT' }] });
  expect(await change('productEndWithdraw', { productId, idempotencyKey: 's6' })).toMatchObject({ errors: [{ code: 'CONFLICT' }] });
  expect(await got(api, 'crm', `query($id: ID!) { product(id: $id) { pendingChange { at } suspensionHistory { nodes { reason since until } }
    history(first: 2) { nodes { state at version offering { code } } pageInfo { hasNextPage } } } }`, { id: productId }, 'product')).toMatchObject({
    pendingChange: null, suspensionHistory: { nodes: [{ reason: 'LOST', until: expect.any(String) }] },
    history: { nodes: [{ state: 'PENDING_ACTIVE' }, { state: 'ACTIVE', offering: { code: 'mobile-prepaid' } }], pageInfo: { hasNextPage: true } },
  });
});
