import { NUMBERS } from '../../seeds/people';
import { OrderRunner } from '../../src/ordering';
import { SimulatedNetwork } from '../../src/ordering/simulated-network';
import { bytesOf, LiveApi, openLiveApi } from '../security/live-api';
import { got, NOBODY } from '../security/sweep/world';

/** Subscribers who order for themselves: what they may, and what they never learn of others. */
let api: LiveApi;
let runner: OrderRunner;
const accounts = { alice: '', bob: '' };
beforeAll(async () => {
  api = await openLiveApi();
  const { pool, charging, orders } = api.rooms;
  runner = new OrderRunner({ pool, charging, topics: orders.topics, network: new SimulatedNetwork(pool, { delayMs: 0, failPerMille: 0, duplicates: 0 }) });
  for (const name of ['alice', 'bob'] as const) {
    accounts[name] = await got<string>(api, 'crm', 'query($value: String!) { customerByIdentifier(kind: MSISDN, value: $value) { accounts { id } } }',
      { value: NUMBERS[name] }, 'customerByIdentifier', 'accounts', 0, 'id');
  }
  await got(api, 'crm', 'mutation($input: BalanceTopUpInput!) { balanceTopUp(input: $input) { topUp { id } errors { message } } }',
    { input: { accountId: accounts.alice, amount: { amount: '50', currency: 'EUR' }, idempotencyKey: 'orders' } }, 'balanceTopUp', 'topUp', 'id');
}, 120_000);
afterAll(() => api.close());

const CREATE = `mutation($input: ProductOrderCreateInput!) { productOrderCreate(input: $input) { order { id state version channel externalId isSelfService } errors { code message path } } }`;
const CANCEL = `mutation($input: ProductOrderCancelInput!) { productOrderCancel(input: $input) { order { id state } errors { code message path } } }`;
interface Made { readonly order: { readonly id: string; readonly state: string } | null; readonly errors: readonly { readonly code: string }[] }
const PASS = [{ key: 'a', action: 'ADD', offering: 'mobile-prepaid' }];
const inputOf = (name: 'alice' | 'bob', externalId: string, more: object = {}): object => ({ externalId, channel: 'app', accountId: accounts[name], items: PASS, ...more });
const create = (who: string, input: object): Promise<Made> => got<Made>(api, who, CREATE, { input }, 'productOrderCreate');
const refOf = (id: string): { shard: number; id: bigint } => {
  const key = BigInt(Buffer.from(id, 'base64url').toString().split(':')[1]!);
  return { shard: Number(key & 4095n), id: key };
};
const soon = (): string => new Date(Date.now() + 86_400_000).toISOString();
const audited = async (): Promise<number> => (await api.database.ownerPool.query(`select from audit_log where operation like 'productOrder%'`)).rowCount!;

it('orders, watches, reads and changes what is the own, without an audit row', async () => {
  const before = await audited();
  const made = await create('alice', inputOf('alice', 'self-1'));
  expect(made).toMatchObject({ order: { state: 'ACKNOWLEDGED', version: 1, channel: 'app', externalId: 'self-1', isSelfService: true }, errors: [] });
  const { id } = made.order!;
  const sockets = await Promise.all(['alice', 'crm', 'bob'].map(async (name) => ({ name, ...await watching(name, id) })));
  await runner.advance(refOf(id));
  for (const { name, states } of sockets) {
    expect([name, (await states()).at(-1)]).toEqual([name, name === 'bob' ? 'NOT_FOUND' : 'COMPLETED']);
  }
  const products = await got<{ product: { id: string } }[]>(api, 'alice', 'query($id: ID!) { productOrder(id: $id) { items { product { id state } } } }', { id }, 'productOrder', 'items');
  const ending = await create('alice', inputOf('alice', 'self-2', { items: [{ key: 'a', action: 'DELETE', productId: products[0]!.product.id }] }));
  expect(await runner.advance(refOf(ending.order!.id))).toMatchObject({ state: 'COMPLETED' });
  const later = await create('alice', inputOf('alice', 'self-3', { requestedStart: soon() }));
  expect(await got(api, 'alice', CANCEL, { input: { orderId: later.order!.id, expectedVersion: 1 } }, 'productOrderCancel')).toMatchObject({ order: { state: 'CANCELLED' }, errors: [] });
  expect(await audited()).toBe(before);
});

interface Pushed {
  readonly data?: { readonly productOrderChanged: { readonly order: { readonly state: string } } };
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

/** What a subscriber of the order's progress is told: the states until the stream ends, or the code with which it was refused. */
async function watching(name: string, id: string): Promise<{ readonly states: () => Promise<string[]> }> {
  const socket = await api.socket(name);
  socket.subscribe('s', 'subscription($id: ID!) { productOrderChanged(orderId: $id) { order { state } } }', { id });
  await socket.until(({ type }) => type === 'next' || type === 'error');
  return { states: async () => {
    await socket.until(({ type, id: of }) => of === 's' && (type === 'complete' || type === 'error'));
    socket.socket.close();
    const told = socket.messages.filter(({ id: of, type }) => of === 's' && type === 'next').map(({ payload }) => payload as Pushed);
    return told.map(({ data, errors }) => data?.productOrderChanged.order.state ?? errors![0]!.extensions.code);
  } };
}

it('cancels an order that an agent took for the own account', async () => {
  const made = await create('crm', inputOf('alice', 'for-alice', { channel: 'shop', requestedStart: soon() }));
  expect(made).toMatchObject({ order: { isSelfService: false } });
  expect(await got(api, 'alice', CANCEL, { input: { orderId: made.order!.id } }, 'productOrderCancel')).toMatchObject({ order: { state: 'CANCELLED' } });
});

it.each<[string, object, string]>([
  ['a number', { items: [{ key: 'a', action: 'ADD', offering: 'mobile-prepaid', identifiers: [{ kind: 'MSISDN', value: NUMBERS.bob }] }] }, 'NOT_ALLOWED'],
  ['a number that nobody has', { items: [{ key: 'a', action: 'ADD', offering: 'mobile-prepaid', identifiers: [{ kind: 'MSISDN', value: '353860099999' }] }] }, 'NOT_ALLOWED'],
  ['a device in a slice', { items: [{ ...PASS[0], slice: { area: 'dublin-4', devices: [{ kind: 'MSISDN', value: NUMBERS.bob }] } }] }, 'NOT_ALLOWED'],
  ['a device in a slice, the own one', { items: [{ ...PASS[0], slice: { area: 'dublin-4', devices: [{ kind: 'MSISDN', value: NUMBERS.alice }] } }] }, 'NOT_ALLOWED'],
  ['a draft', { items: [{ key: 'a', action: 'ADD', offering: 'draft' }] }, 'OFFERING_NOT_SOLD'],
  ['a start in the past', { requestedStart: '2020-01-01T00:00:00Z' }, 'INVALID_INPUT'],
])('is refused %s', async (_, more, code) => {
  await api.ask('catalog', `mutation { productOfferingDraft(input: { code: "draft", name: "Draft", description: "Not yet.", paymentModes: [PREPAID], periodKind: NONE,
    prices: [{ code: "fee", name: "Fee", currency: "EUR", taxClass: "standard", taxIncluded: true, revenueAccount: "drafts", recognition: AT_POINT, oneTime: { amount: "1" } }] }) { errors { code } } }`);
  expect(await create('alice', inputOf('alice', `refused-${code}`, more))).toMatchObject({ order: null, errors: [{ code }] });
});

it('learns nothing of foreign accounts, products and orders: each answer is that for what does not exist', async () => {
  const bobs = await create('crm', inputOf('bob', 'of-bob', { channel: 'shop', requestedStart: soon() }));
  const product = await got<string>(api, 'crm', 'query($id: ID!) { billingAccount(id: $id) { products(first: 1) { nodes { id } } } }', { id: accounts.bob }, 'billingAccount', 'products', 'nodes', 0, 'id');
  const asked = (named: { account: string; product: string; order: string }): [string, object][] => [
    [CREATE, inputOf('alice', 'probe', { accountId: named.account })],
    [CREATE, inputOf('alice', 'probe', { items: [{ key: 'a', action: 'DELETE', productId: named.product }] })],
    [CREATE, inputOf('alice', 'probe', { items: [{ key: 'a', action: 'MODIFY', productId: named.product, productVersion: 1, offering: 'mobile-prepaid' }] })],
    [CREATE, inputOf('alice', 'probe', { items: [{ ...PASS[0], attachedToProductId: named.product }] })],
    [CREATE, inputOf('alice', 'probe', { items: [{ ...PASS[0], bundledInProductId: named.product }] })],
    [CREATE, inputOf('alice', 'probe', { restarts: named.order })],
    [CANCEL, { orderId: named.order }],
    [CANCEL, { orderId: named.order, expectedVersion: 7 }],
  ];
  const bytes = async (named: Parameters<typeof asked>[0]): Promise<string[]> => {
    const told = [];
    for (const [query, input] of asked(named)) told.push(bytesOf(await api.ask('alice', query, { input })));
    return told;
  };
  const foreign = await bytes({ account: accounts.bob, product, order: bobs.order!.id });
  expect(foreign).toEqual(await bytes({ account: NOBODY.accountId, product: NOBODY.productId, order: NOBODY.orderId }));
  for (const text of foreign) expect(text).toContain('NOT_FOUND');
});

it('has external ids of its own: no answer tells that somebody else has one', async () => {
  const staff = await create('crm', inputOf('bob', 'shared-id', { requestedStart: soon() }));
  const bobs = await create('bob', inputOf('bob', 'shared-id', { requestedStart: soon() }));
  const given = inputOf('alice', 'shared-id', { requestedStart: soon() });
  const own = await create('alice', given);
  expect(new Set([staff, bobs, own].map(({ order }) => order!.id)).size).toBe(3);
  expect((await create('alice', given)).order!.id).toBe(own.order!.id);
  expect(await create('alice', { ...given, requestedStart: null })).toMatchObject({ order: null, errors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }] });
  // Nor by a channel that spells out where another customer's ids are kept.
  const { rows } = await api.database.ownerPool.query<{ channel: string }>(`select channel from product_order_key where external_id = 'shared-id'`);
  const spaces = rows.map(({ channel }) => channel).filter((channel) => channel !== 'app');
  expect(spaces).toHaveLength(2);
  for (const channel of spaces) expect(await create('crm', inputOf('alice', 'shared-id', { channel }))).toMatchObject({ errors: [{ code: 'INVALID_INPUT', message: expect.stringContaining('channel') as string }] });
});
