import { NUMBERS } from '../../seeds/people';
import { OrderRunner } from '../../src/ordering';
import { SimulatedNetwork } from '../../src/ordering/simulated-network';
import { LiveApi, openLiveApi } from '../security/live-api';
import { got } from '../security/sweep/world';

/** A bundle from its draft to its products, as catalog manager, CRM integrator and subscriber type it. */
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

const shown = `offering { code version isBundle components { code lowerLimit upperLimit defaultCount offering { code version state } } } errors { code message path }`;
const ORDER = `mutation($input: ProductOrderCreateInput!) { productOrderCreate(input: $input) {
  order { id items { key bundledIn bundle { id } product { id } } }
  errors { code message path ... on BundleCountOutOfRange { bundleCode offeringCode count lowerLimit upperLimit } } } }`;
interface Ordered { readonly order: { readonly id: string; readonly items: readonly { readonly key: string }[] } | null; readonly errors: readonly object[] }
const order = (externalId: string, items: object[]): Promise<Ordered> =>
  got(api, 'crm', ORDER, { input: { externalId, channel: 'bundles', accountId, items } }, 'productOrderCreate');
const advance = (id: string): Promise<unknown> => {
  const key = BigInt(Buffer.from(id, 'base64url').toString().split(':')[1]!);
  return runner.advance({ shard: Number(key & 4095n), id: key });
};

it('is drafted and launched with its components, and shows them', async () => {
  const input = { code: 'family', name: 'Family', description: 'Two to three lines.', paymentModes: ['PREPAID'], periodKind: 'NONE', prices: [],
    components: [{ offering: 'mobile-prepaid', lowerLimit: 2, upperLimit: 3, defaultCount: 2 }] };
  const components = [{ code: 'mobile-prepaid', lowerLimit: 2, upperLimit: 3, defaultCount: 2, offering: { code: 'mobile-prepaid', version: 1, state: 'LAUNCHED' } }];
  expect(await got(api, 'catalog', `mutation($input: ProductOfferingDraftInput!) { productOfferingDraft(input: $input) { ${shown} } }`, { input }, 'productOfferingDraft'))
    .toEqual({ offering: { code: 'family', version: 1, isBundle: true, components }, errors: [] });
  await got(api, 'catalog', `mutation { productOfferingLaunch(input: { code: "family" }) { ${shown} } }`, {}, 'productOfferingLaunch', 'offering');
  const read = jest.spyOn(api.rooms.pool, 'query');
  const sold = await got<object[]>(api, 'alice', '{ productOfferings(first: 100) { nodes { code isBundle components { code offering { code } } } } }', {}, 'productOfferings', 'nodes');
  // The offerings, their components, and what of those is on sale.
  expect(read.mock.calls.length).toBeLessThanOrEqual(3);
  read.mockRestore();
  expect(sold).toContainEqual({ code: 'family', isBundle: true, components: [{ code: 'mobile-prepaid', offering: { code: 'mobile-prepaid' } }] });
  expect(sold).toContainEqual({ code: 'mobile-prepaid', isBundle: false, components: [] });
  const anonymous = await got(api, 'anonymous', '{ productOffering(code: "family", tenant: "demo") { components { offering { code } } } }', {}, 'productOffering', 'components');
  expect(anonymous).toEqual([{ offering: { code: 'mobile-prepaid' } }]);
});

const PRODUCT = `query($id: ID!, $after: Cursor) { product(id: $id) { state bundle { id } components(first: 2, after: $after) { nodes { id state bundle { id } } pageInfo { hasNextPage endCursor } } } }`;
interface Shown { readonly state: string; readonly components: { readonly nodes: readonly { readonly id: string }[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string } } }
const productOf = async (id: string, key: string): Promise<string> => {
  const { items } = await got<{ items: { key: string; product: { id: string } }[] }>(api, 'alice', 'query($id: ID!) { productOrder(id: $id) { items { key product { id } } } }', { id }, 'productOrder');
  return items.find((item) => item.key === key)!.product.id;
};

it('is ordered whole; its products know it, and it knows them, page by page', async () => {
  const wrong = await order('b-1', [{ key: 'f', action: 'ADD', offering: 'family' }, { key: 'a', action: 'ADD', offering: 'mobile-prepaid', bundledIn: 'f' }]);
  expect(wrong).toEqual({ order: null, errors: [{
    code: 'INVALID_INPUT', message: 'With this order the bundle family would hold 1 of mobile-prepaid; right are 2 to 3.', path: ['items', '0'],
    bundleCode: 'family', offeringCode: 'mobile-prepaid', count: 1, lowerLimit: 2, upperLimit: 3 }] });
  const made = await order('b-1', [{ key: 'f', action: 'ADD', offering: 'family' }, ...['a', 'b', 'c'].map((key) => ({ key, action: 'ADD', offering: 'mobile-prepaid', bundledIn: 'f' }))]);
  expect(made.order!.items).toEqual([
    { key: 'f', bundledIn: null, bundle: null, product: null }, ...['a', 'b', 'c'].map((key) => ({ key, bundledIn: 'f', bundle: null, product: null }))]);
  await advance(made.order!.id);
  const bundle = await productOf(made.order!.id, 'f');
  const first = await got<Shown>(api, 'alice', PRODUCT, { id: bundle }, 'product');
  expect(first).toMatchObject({ state: 'ACTIVE', bundle: null, components: { nodes: [{ state: 'ACTIVE', bundle: { id: bundle } }, { state: 'ACTIVE' }], pageInfo: { hasNextPage: true } } });
  const { endCursor } = first.components.pageInfo;
  expect((await got<Shown>(api, 'alice', PRODUCT, { id: bundle, after: endCursor }, 'product')).components).toMatchObject({ nodes: [{ bundle: { id: bundle } }], pageInfo: { hasNextPage: false } });
  const foreign = await api.ask('alice', PRODUCT, { id: await productOf(made.order!.id, 'a'), after: endCursor });
  expect(foreign.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
});

it('costs one statement for the components of all bundles of a page', async () => {
  const made = await order('b-2', [{ key: 'f', action: 'ADD', offering: 'family' }, { key: 'g', action: 'ADD', offering: 'family' }]);
  expect(made.order!.items.map(({ key }) => key)).toEqual(['f', 'g', 'f/1', 'f/2', 'g/1', 'g/2']);
  await advance(made.order!.id);
  const read = jest.spyOn(api.rooms.pool, 'query');
  const products = await got<{ components: { nodes: object[] } }[]>(api, 'crm',
    'query($id: ID!) { billingAccount(id: $id) { products(first: 50) { nodes { id bundle { id } components(first: 10) { nodes { id } } } } } }',
    { id: accountId }, 'billingAccount', 'products', 'nodes');
  // The account, its products, the bundles that they are in, and what is in them.
  expect(read.mock.calls.length).toBeLessThanOrEqual(4);
  read.mockRestore();
  expect(products.map(({ components }) => components.nodes.length).filter((count) => count > 0)).toEqual([3, 2, 2]);
});

it('a component is changed and ended by orders alone', async () => {
  const made = await order('b-3', [{ key: 'f', action: 'ADD', offering: 'family' }]);
  await advance(made.order!.id);
  const [bundle, one] = [await productOf(made.order!.id, 'f'), await productOf(made.order!.id, 'f/1')];
  const change = (field: string, input: object): Promise<unknown> =>
    got(api, 'crm', `mutation($input: ${field[0]!.toUpperCase()}${field.slice(1)}Input!) { ${field}(input: $input) { product { id } errors { code } } }`, { input }, field);
  const refused = { product: null, errors: [{ code: 'CONFLICT' }] };
  expect(await change('productTerminate', { productId: one, idempotencyKey: 'b1' })).toEqual(refused);
  expect(await change('productTerminate', { productId: bundle, idempotencyKey: 'b2' })).toEqual(refused);
  expect(await change('productChangeOffering', { productId: one, offeringCode: 'mobile-prepaid', idempotencyKey: 'b3' })).toEqual(refused);
  expect(await change('productChangeOffering', { productId: bundle, offeringCode: 'mobile-prepaid', idempotencyKey: 'b4' })).toEqual(refused);
  expect(await change('productActivate', { accountId, offeringCode: 'family', idempotencyKey: 'b5' })).toEqual({ product: null, errors: [{ code: 'INVALID_INPUT' }] });
  const ended = await order('b-4', [{ key: 'f', action: 'DELETE', productId: bundle }]);
  await advance(ended.order!.id);
  expect(await got<Shown>(api, 'crm', PRODUCT, { id: bundle }, 'product')).toMatchObject({ state: 'TERMINATED', components: { nodes: [{ state: 'TERMINATED' }, { state: 'TERMINATED' }] } });
});
