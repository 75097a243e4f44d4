import { flatRate, WorldAccount } from '../support/world';
import { accountId, BalanceWorld, openBalanceWorld, Shown, tokenOf } from './balance-world';

/** What a product shows when something fell due and nothing has touched it since: no scheduler runs here. */
let open: BalanceWorld;
let keys = 0;
const CRM = tokenOf('CRM_AGENT');
const PRODUCT = 'state endedAt period { from until } renewsAt renewalFee { amount } suspensions { reason level since until }';

beforeAll(async () => {
  open = await openBalanceWorld();
  await open.world.offering({ code: 'monthly', period: 'CALENDAR_MONTH', fee: '5', usage: [{ kind: 'VOICE', unit: 'SECOND', per: '60', rates: flatRate('0.10') }],
    allowances: [{ code: 'talk', kind: 'VOICE', unit: 'SECOND', quantity: '600', step: '1' }] });
});
afterAll(() => open.dispose());

async function moveTo(instant: string): Promise<void> {
  await open.db.ownerPool.query(
    `update tenant set clock_offset_ms = $1 - floor(extract(epoch from clock_timestamp()) * 1000) where id = 1`, [Date.parse(instant)]);
}

/** A prepaid account with money and the offering. */
async function subscriber(euros: bigint): Promise<WorldAccount> {
  const account = await open.world.account();
  const key = () => ({ tenantId: 1, caller: 'test', key: `s${++keys}` });
  const funding = { kind: 'AGENT' as const, amount: euros * 1_000_000n, currency: 'EUR', promotional: false, validUntil: null };
  expect(await open.node.conductor.topUp(key(), { accountId: account.id, funding } as never)).toMatchObject({ ok: true });
  expect(await open.node.conductor.activate(key(), {
    accountId: account.id, offeringCode: 'monthly', startedAt: null, identifiers: [], attachedTo: null,
  })).toMatchObject({ ok: true });
  return account;
}

async function shown(account: WorldAccount): Promise<Shown> {
  const { data, codes } = await open.node.ask(CRM, `query($id: ID!) { billingAccount(id: $id) { spendable { amount } products { nodes { ${PRODUCT} buckets { value { amount } validUntil } } } } }`,
    { id: accountId(account) });
  expect(codes).toEqual([]);
  return data!.billingAccount;
}

const month = (from: string, until: string) => ({ from: `${from}T00:00:00.000Z`, until: `${until}T00:00:00.000Z` });

it('shows the period, the renewal and the suspension that would stand, and writes nothing', async () => {
  await moveTo('2031-01-15T12:00:00Z');
  const account = await subscriber(12n);
  const stored = async () => (await open.db.ownerPool.query('select state, version, period_start, next_renewal_at from product where account_id = $1', [account.id.toString()])).rows;
  const before = await stored();

  await moveTo('2031-02-10T12:00:00Z');
  expect(await shown(account)).toMatchObject({ spendable: { amount: '2.00' }, products: { nodes: [{
    state: 'ACTIVE', endedAt: null, period: month('2031-02-01', '2031-03-01'), renewsAt: '2031-03-01T00:00:00.000Z', renewalFee: { amount: '5.00' }, suspensions: [],
    buckets: [{ value: { amount: '600' }, validUntil: '2031-03-01T00:00:00.000Z' }],
  }] } });

  await moveTo('2031-03-05T12:00:00Z');
  expect(await shown(account)).toMatchObject({ spendable: { amount: '2.00' }, products: { nodes: [{
    state: 'SUSPENDED', endedAt: null, period: month('2031-02-01', '2031-03-01'), renewsAt: '2031-03-06T00:00:00.000Z', renewalFee: { amount: '5.00' },
    suspensions: [{ reason: 'RENEWAL_UNPAID', level: 'ALL', since: '2031-03-01T00:00:00.000Z', until: null }], buckets: [],
  }] } });

  await moveTo('2031-04-05T12:00:00Z');
  expect(await shown(account)).toMatchObject({ products: { nodes: [{ state: 'TERMINATED', endedAt: '2031-03-31T00:00:00.000Z', renewsAt: null, renewalFee: null }] } });
  expect(await stored()).toEqual(before);
});

it('is one reading for all products and balances of a request', async () => {
  await moveTo('2031-05-15T12:00:00Z');
  const accounts = [await subscriber(20n), await subscriber(20n), await subscriber(20n)];
  const reads = jest.spyOn(open.node.conductor, 'balances');
  const fields = accounts.map((account, index) => `a${index}: billingAccount(id: "${accountId(account)}") { spendable { amount } products { nodes { ${PRODUCT} buckets { id } } } }`);
  const { data, codes } = await open.node.ask(CRM, `{ ${fields.join(' ')} }`);
  expect(codes).toEqual([]);
  expect(Object.values(data!).map(({ products }) => products.nodes[0]!.period.until)).toEqual(Array(3).fill('2031-05-31T23:00:00.000Z'));
  expect(reads).toHaveBeenCalledTimes(1);
  reads.mockRestore();
});

it('is read anew after a move of the same request', async () => {
  const account = await subscriber(20n);
  const { data: read } = await open.node.ask(CRM, 'query($id: ID!) { billingAccount(id: $id) { version products { nodes { id } } } }', { id: accountId(account) });
  const { version, products } = read!.billingAccount;
  const { data, codes } = await open.node.ask(CRM, `mutation($a: BillingAccountUpdateInput!, $b: ProductTerminateInput!) {
    a: billingAccountUpdate(input: $a) { billingAccount { products(first: 1) { nodes { state } } } errors { code } }
    b: productTerminate(input: $b) { product { state buckets { id } } errors { code } } }`, {
    a: { billingAccountId: accountId(account), expectedVersion: version, name: 'Renamed' }, b: { productId: products.nodes[0]!.id, idempotencyKey: 'anew' },
  });
  expect(codes).toEqual([]);
  expect(data).toEqual({
    a: { billingAccount: { products: { nodes: [{ state: 'ACTIVE' }] } }, errors: [] }, b: { product: { state: 'TERMINATED', buckets: [] }, errors: [] },
  });
});
