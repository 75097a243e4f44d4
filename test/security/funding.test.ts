import { bytesOf, LiveApi, openLiveApi, Told } from './live-api';
import { digestOf } from './sweep/digest';
import { OwnerName } from './sweep/scopes';
import { furnish, got, Owned } from './sweep/world';

/** A subscriber's token alone never creates money, and the ways of paying tell nothing about other people's. */
let api: LiveApi;
let world: Readonly<Record<OwnerName, Owned>>;
beforeAll(async () => {
  api = await openLiveApi();
  world = await furnish(api);
}, 120_000);
afterAll(() => api.close());

const TOP_UP = 'mutation($input: BalanceTopUpInput!) { balanceTopUp(input: $input) { topUp { amount { amount } } errors { code message path } } }';
const BATCH = 'mutation($input: VoucherBatchCreateInput!) { voucherBatchCreate(input: $input) { voucherBatch { codes } errors { code } } }';
const CONFIRM = 'mutation($input: PaymentConfirmInput!) { paymentConfirm(input: $input) { payment { id } errors { code } } }';
const MONEY = '{ viewer { accounts { id money { amount } spendable { amount } buckets { id value { amount } } } } }';

let serial = 0;
const topUp = (who: string, accountId: string, funding: Record<string, unknown>): Promise<Told> => {
  serial += 1;
  return api.ask(who, TOP_UP, { input: { accountId, idempotencyKey: `funding-${serial}`, ...funding } });
};
const voucher = async (validUntil = '2099-01-01T00:00:00Z'): Promise<string> => {
  serial += 1;
  const input = { batch: `b${serial}`, count: 1, amount: '5', currency: 'EUR', validUntil };
  return (await got<string[]>(api, 'finance', BATCH, { input }, 'voucherBatchCreate', 'voucherBatch', 'codes'))[0]!;
};
const confirmed = (accountId: string): Promise<string> => {
  serial += 1;
  return got(api, 'channel', CONFIRM, { input: { externalId: `p${serial}`, accountId, amount: { amount: '5', currency: 'EUR' } } }, 'paymentConfirm', 'payment', 'id');
};
const balanceOf = async (who: string): Promise<string> => JSON.stringify((await api.ask(who, MONEY)).data);
const code = ({ data }: Told): string | undefined => (data?.balanceTopUp as { errors: { code: string }[] } | null)?.errors[0]?.code;

test('an unknown voucher, one that was used and one of another tenant answer byte for byte alike', async () => {
  const used = await voucher();
  expect(code(await topUp('alice', world.alice.accountId, { voucherCode: used }))).toBeUndefined();
  const foreign = await voucher();
  const answers = [
    await topUp('alice', world.alice.accountId, { voucherCode: 'AAAA-BBBB-CCCC-DDDD' }),
    await topUp('alice', world.alice.accountId, { voucherCode: used }),
    await topUp('alice', world.alice.accountId, { voucherCode: '!' }),
  ];
  const abroad = await topUp('zoe', world.zoe.accountId, { voucherCode: foreign });
  expect(new Set([...answers, abroad].map(bytesOf)).size).toBe(1);
  expect(code(abroad)).toBe('VOUCHER_INVALID');
  expect(code(await topUp('alice', world.alice.accountId, { voucherCode: foreign }))).toBeUndefined();
});

test('guessing vouchers is stopped, and nobody else by it', async () => {
  const good = await voucher();
  const guesses = await Promise.all(Array.from({ length: 30 }, () => topUp('bob', world.bob.accountId, { voucherCode: 'AAAA-BBBB-CCCC-DDDD' })));
  expect(guesses.filter((told) => code(told) === 'VOUCHER_INVALID')).toHaveLength(10);
  const stopped = await topUp('bob', world.bob.spareId, { voucherCode: good });
  expect(stopped.errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) } }]);
  expect(code(await topUp('bob', world.bob.spareId, { paymentId: await confirmed(world.bob.spareId) }))).toBeUndefined();
  expect(code(await topUp('alice', world.alice.accountId, { voucherCode: good }))).toBeUndefined();
});

test('a payment funds the account that was paid for, once', async () => {
  const payment = await confirmed(world.alice.accountId);
  const before = await balanceOf('bob');
  const stranger = await topUp('bob', world.bob.spareId, { paymentId: payment });
  const unknown = await topUp('bob', world.bob.spareId, { paymentId: Buffer.from('Payment:demo-channel:none').toString('base64url') });
  const abroad = await topUp('zoe', world.zoe.accountId, { paymentId: payment });
  expect(new Set([stranger, unknown, abroad].map(bytesOf)).size).toBe(1);
  expect(await balanceOf('bob')).toBe(before);
  expect(code(await topUp('alice', world.alice.accountId, { paymentId: payment }))).toBeUndefined();
  expect(bytesOf(await topUp('alice', world.alice.accountId, { paymentId: payment }))).toBe(bytesOf(unknown));
});

test('no combination of fields gives a subscriber money of his own making', async () => {
  const before = [await digestOf(api.database.ownerPool), await balanceOf('alice')];
  const amount = { amount: '5', currency: 'EUR' };
  const tries = [
    { amount }, { amount, promotional: true }, { promotional: true }, {}, { amount, voucherCode: 'AAAA-BBBB-CCCC-DDDD' }, { amount, paymentId: 'x' },
    { promotional: true, voucherCode: 'AAAA-BBBB-CCCC-DDDD' }, { amount: { amount: '-5', currency: 'EUR' } }, { amount, promotionalUntil: '2099-01-01T00:00:00Z' },
  ];
  for (const funding of tries) {
    const told = await topUp('alice', world.alice.accountId, funding);
    expect(['NOT_ALLOWED', 'INVALID_INPUT']).toContain(code(told));
  }
  expect([await digestOf(api.database.ownerPool), await balanceOf('alice')]).toEqual(before);
});

test('a negative or zero transfer takes nothing from the receiver', async () => {
  const TRANSFER = 'mutation($input: BalanceTransferInput!) { balanceTransfer(input: $input) { transfer { id } errors { code } } }';
  const before = await digestOf(api.database.ownerPool);
  for (const amount of ['-1', '0', '-0.000001', '0.0000001']) {
    serial += 1;
    const input = { fromAccountId: world.alice.accountId, toAccountId: world.bob.spareId, amount: { amount, currency: 'EUR' }, idempotencyKey: `t${serial}` };
    expect((await api.ask('alice', TRANSFER, { input })).data).toMatchObject({ balanceTransfer: { transfer: null, errors: [{ code: 'INVALID_INPUT' }] } });
  }
  expect(await digestOf(api.database.ownerPool)).toEqual(before);
});

test('a limit in the token holds for agents and channels, and another caller may use the same key', async () => {
  const above = { amount: { amount: '50.01', currency: 'EUR' } };
  expect(code(await topUp('crm', world.alice.accountId, above))).toBe('LIMIT_EXCEEDED');
  expect(code(await topUp('channel', world.alice.accountId, { amount: { amount: '200.01', currency: 'EUR' } }))).toBe('LIMIT_EXCEEDED');
  const input = { accountId: world.alice.accountId, idempotencyKey: 'the-same-key', amount: { amount: '1', currency: 'EUR' } };
  const own = await api.ask('crm', TOP_UP, { input });
  const other = await api.ask('channel', TOP_UP, { input: { ...input, amount: { amount: '2', currency: 'EUR' } } });
  expect([code(own), code(other)]).toEqual([undefined, undefined]);
  expect((await api.ask('crm', TOP_UP, { input: { ...input, amount: { amount: '3', currency: 'EUR' } } })).text).toContain('IDEMPOTENCY_KEY_REUSED');
});

test('a draft is for catalog managers alone, by id and by code', async () => {
  const DRAFT = `mutation { productOfferingDraft(input: { code: "secret-plan", name: "Secret", description: "Not yet.", paymentModes: [PREPAID], periodKind: NONE,
    prices: [{ code: "fee", name: "Fee", currency: "EUR", taxClass: "standard", taxIncluded: true, revenueAccount: "x", recognition: AT_POINT, oneTime: { amount: "1" } }] })
    { offering { id } errors { message } } }`;
  const id = await got<string>(api, 'catalog', DRAFT, {}, 'productOfferingDraft', 'offering', 'id');
  const byId = 'query($id: ID!, $tenant: String) { productOffering(id: $id, tenant: $tenant) { name } }';
  const byCode = 'query($code: String!, $tenant: String) { productOffering(code: $code, tenant: $tenant) { name } }';
  expect((await api.ask('catalog', byId, { id })).data).toEqual({ productOffering: { name: 'Secret' } });
  for (const name of ['anonymous', 'alice', 'crm', 'finance', 'network', 'partner', 'auditor', 'admin', 'zoe']) {
    const shop = name === 'anonymous' ? { tenant: 'demo' } : {};
    expect((await api.ask(name, byId, { id, ...shop })).data).toEqual({ productOffering: null });
    expect((await api.ask(name, byCode, { code: 'secret-plan', ...shop })).data).toEqual({ productOffering: null });
    if (name !== 'anonymous') expect((await api.ask(name, 'query($id: ID!) { node(id: $id) { id } }', { id })).data).toEqual({ node: null });
    expect((await api.ask(name, 'query($tenant: String) { productOfferings(first: 100, tenant: $tenant) { nodes { code } } }', shop)).text).not.toContain('secret-plan');
  }
});
