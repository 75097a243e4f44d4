import { WorldAccount, call, flatRate } from '../support/world';
import { accountId, Answer, ApiNode, BalanceWorld, openBalanceWorld, openNode, Shown, tokenOf } from './balance-world';

let open: BalanceWorld;
let numbers = 0;
const CRM = tokenOf('CRM_AGENT', { moneyLimit: '50' });
const FINANCE = tokenOf('FINANCE');
const CHANNEL = tokenOf('CHANNEL', { subject: 'gateway', moneyLimit: '200' });
const euros = (value: string) => ({ amount: value, currency: 'EUR' });
const nextKey = () => `k${++numbers}`;
const nextNumber = () => `3538610${String(++numbers).padStart(5, '0')}`;

const ERRORS = 'errors { code path ... on LimitExceeded { limit { amount currency } } }';
const TOP_UP = `mutation($input: BalanceTopUpInput!) { balanceTopUp(input: $input) { topUp { id amount { amount currency } at spendableUntil newSpendable { amount } } ${ERRORS} } }`;
const ADJUST = `mutation($input: BalanceAdjustInput!) { balanceAdjust(input: $input) { adjustment { id amount { amount unit } balanceAfter { amount } } ${ERRORS} } }`;
const TRANSFER = `mutation($input: BalanceTransferInput!) { balanceTransfer(input: $input) { transfer { id amount { amount } } ${ERRORS} } }`;
const CONFIRM = `mutation($input: PaymentConfirmInput!) { paymentConfirm(input: $input) { payment { id amount { amount } state } ${ERRORS} } }`;
const VOUCHERS = `mutation($input: VoucherBatchCreateInput!) { voucherBatchCreate(input: $input) { voucherBatch { count codes } ${ERRORS} } }`;

async function change(token: string, mutation: string, input: Record<string, unknown>, node: ApiNode = open.node): Promise<Shown> {
  const { data, codes } = await node.ask(token, mutation, { input });
  if (!data) throw new Error(`Refused as a request: ${codes.join()}`);
  return Object.values(data)[0] as Shown;
}
const codesOf = (payload: Shown): string[] => payload.errors.map((error) => error.code);
const pathOf = (payload: Shown): string => payload.errors[0]?.path.join('.') ?? '';
const topUp = (token: string, account: WorldAccount, over: Record<string, unknown>) =>
  change(token, TOP_UP, { accountId: accountId(account), idempotencyKey: nextKey(), ...over });

async function vouchers(count: number, value = '10'): Promise<string[]> {
  const made = await change(FINANCE, VOUCHERS, { batch: nextKey(), count, amount: value, currency: 'EUR', validUntil: '2100-01-01T00:00:00Z' });
  return made.voucherBatch.codes.map(String);
}
const spendable = async (account: WorldAccount): Promise<bigint> => (await open.node.conductor.balances(1, [account.id]))[0]?.spendable ?? 0n;
const rowsOf = async (text: string, values: unknown[] = []): Promise<number> => (await open.db.ownerPool.query(text, values)).rowCount ?? 0;

async function line(account: WorldAccount, offering: string): Promise<string> {
  const number = nextNumber();
  const outcome = await open.node.conductor.activate({ tenantId: 1, caller: 'test', key: nextKey() }, {
    accountId: account.id, offeringCode: offering, startedAt: Date.now() - 3_600_000, identifiers: [{ kind: 'MSISDN', value: number }], attachedTo: null,
  });
  expect(outcome).toMatchObject({ ok: true });
  return number;
}

beforeAll(async () => {
  open = await openBalanceWorld();
  await open.world.offering({ code: 'payg', usage: [{ kind: 'VOICE', unit: 'SECOND', per: '60', rates: flatRate('0.10') }] });
  await open.world.offering({ code: 'minutes', period: 'MONTH', usage: [{ kind: 'VOICE', unit: 'SECOND', per: '60', rates: flatRate('0.10') }],
    allowances: [{ code: 'talk', kind: 'VOICE', unit: 'SECOND', quantity: '600', step: '1' }] });
});
afterAll(() => open.dispose());

describe('what an account shows', () => {
  const FIGURES = `query($id: ID!) { billingAccount(id: $id) { spendable { amount currency } money { amount } reserved { amount } promotional { amount }
    exposure { amount } spendableUntil graceUntil buckets { id kind value { amount unit } granted { amount } used { amount } usable { amount } version shared } } }`;
  const figures = async (account: WorldAccount): Promise<Shown> => {
    const { data, codes } = await open.node.ask(CRM, FIGURES, { id: accountId(account) });
    expect(codes).toEqual([]);
    return data!.billingAccount;
  };

  it('prepaid: paid and promotional money apart, with the life of the paid', async () => {
    const account = await open.world.account();
    await topUp(CRM, account, { amount: euros('10') });
    await topUp(CRM, account, { amount: euros('2.5'), promotional: true });
    const shown = await figures(account);
    expect(shown).toMatchObject({
      spendable: { amount: '12.50', currency: 'EUR' }, money: { amount: '10.00' }, promotional: { amount: '2.50' }, exposure: null,
      buckets: [{ kind: 'MONEY', used: null, usable: { amount: '10.00' }, version: '1' }, { kind: 'PROMOTION', granted: { amount: '2.50' }, used: { amount: '0.00' } }],
    });
    const life = Date.parse(shown.graceUntil) - Date.parse(shown.spendableUntil);
    expect(life).toBe(30 * 86_400_000);
    expect(Date.parse(shown.spendableUntil) - Date.now()).toBeGreaterThan(59 * 86_400_000);
  });

  it('postpaid and hybrid: exposure counts up, what is spendable is the rest of the limit', async () => {
    const postpaid = await open.world.account({ mode: 'POSTPAID', limit: 50_000_000n });
    const hybrid = await open.world.account({ mode: 'HYBRID', limit: 20_000_000n });
    await topUp(CRM, hybrid, { amount: euros('5') });
    for (const account of [postpaid, hybrid]) {
      const number = await line(account, 'payg');
      const [result] = await open.node.conductor.chargeUsage([call(number, 4_200n)], { delivered: false, lateLimitDays: undefined });
      expect(result).toMatchObject({ status: 'CHARGED' });
    }
    expect(await figures(postpaid)).toMatchObject({ money: null, exposure: { amount: '7.00' }, spendable: { amount: '43.00' }, spendableUntil: null });
    expect(await figures(hybrid)).toMatchObject({ money: { amount: '0.00' }, exposure: { amount: '2.00' }, spendable: { amount: '18.00' } });
  });

  it('allowances: granted, used and usable, with the product and the entries newest first', async () => {
    const account = await open.world.account();
    await topUp(CRM, account, { amount: euros('5') });
    const number = await line(account, 'minutes');
    for (const seconds of [100n, 50n]) await open.node.conductor.chargeUsage([call(number, seconds)], { delivered: false, lateLimitDays: undefined });
    const { data } = await open.node.ask(await open.ownerOf(account), `query($id: ID!) { billingAccount(id: $id) { products { nodes { buckets {
      allowance granted { amount unit } used { amount } usable { amount } product { id }
      moves: entries(first: 2) { nodes { version kind amount { amount unit } balanceAfter { amount } cause { kind usageId chargeId } } pageInfo { hasNextPage endCursor } } } } } } }`,
    { id: accountId(account) });
    const [bucket] = data!.billingAccount.products.nodes[0]!.buckets;
    expect(bucket).toMatchObject({ allowance: 'talk', granted: { amount: '600', unit: 'SECOND' }, used: { amount: '150' }, usable: { amount: '450' } });
    expect(bucket!.moves.nodes).toMatchObject([
      { version: '3', kind: 'CHARGE', amount: { amount: '-50', unit: 'SECOND' }, balanceAfter: { amount: '450' }, cause: { kind: 'USAGE' } },
      { version: '2', kind: 'CHARGE', amount: { amount: '-100' }, balanceAfter: { amount: '500' } },
    ]);
    expect(bucket!.moves.nodes[0]!.cause.chargeId).not.toBeNull();
    expect(bucket!.moves.pageInfo).toMatchObject({ hasNextPage: true });
  });

  it.each<[string, string, string, bigint[], string]>([
    ['before any use', '60', '90', [], '60'],
    ['after a step', '60', '90', [30n], '0'],
    ['after two calls of less than a step', '60', '150', [1n, 1n], '0'],
    ['in steps of a second', '1', '90', [30n], '60'],
  ])('an allowance: whole steps are usable, %s, in steps of %s of %s', async (_, step, quantity, calls, usable) => {
    const code = `steps-${nextKey()}`;
    await open.world.offering({ code, period: 'MONTH', usage: [{ kind: 'VOICE', unit: 'SECOND', per: '60', rates: flatRate('0.10') }],
      allowances: [{ code: 'talk', kind: 'VOICE', unit: 'SECOND', quantity, step }] });
    const account = await open.world.account({ mode: 'POSTPAID' });
    const number = await line(account, code);
    for (const seconds of calls) await open.node.conductor.chargeUsage([call(number, seconds)], { delivered: false, lateLimitDays: undefined });
    const { buckets } = await figures(account);
    expect(buckets.filter(({ kind }) => kind === 'UNIT')).toMatchObject([{ usable: { amount: usable } }]);
  });

  it('a product shows its buckets in the order of their use', async () => {
    const talk = (code: string, priority: number) => ({ code, kind: 'VOICE' as const, unit: 'SECOND' as const, quantity: '60', step: '1', priority });
    await open.world.offering({ code: 'three', period: 'MONTH', usage: [], allowances: [talk('last', 30), talk('first', 10), talk('second', 20)] });
    const account = await open.world.account({ mode: 'POSTPAID' });
    await line(account, 'three');
    const { data } = await open.node.ask(CRM, 'query($id: ID!) { billingAccount(id: $id) { products { nodes { buckets { allowance } } } } }', { id: accountId(account) });
    expect(data!.billingAccount.products.nodes[0]!.buckets.map(({ allowance }) => allowance)).toEqual(['first', 'second', 'last']);
  });

  it('a member of a sharing group sees the shared bucket, and nothing of what others did with it', async () => {
    await open.world.offering({ code: 'family', period: 'MONTH', usage: [{ kind: 'VOICE', unit: 'SECOND', per: '60', rates: flatRate('0.10') }],
      allowances: [{ code: 'pool', kind: 'VOICE', unit: 'SECOND', quantity: '6000', step: '1', shared: true }] });
    const owner = await open.world.account({ mode: 'POSTPAID' });
    const member = await open.world.account({ mode: 'POSTPAID', within: owner });
    const number = await line(owner, 'family');
    await open.node.conductor.chargeUsage([call(number, 100n)], { delivered: false, lateLimitDays: undefined });
    const query = `query($id: ID!) { billingAccount(id: $id) { buckets { shared allowance usable { amount } account { id } product { id } entries { nodes { version } } } } }`;
    const [seen] = (await open.node.ask(await open.ownerOf(member), query, { id: accountId(member) })).data!.billingAccount.buckets.filter(({ shared }) => shared);
    expect(seen).toEqual({ shared: true, allowance: 'pool', usable: { amount: '5900' }, account: null, product: null, entries: null });
    const [own] = (await open.node.ask(await open.ownerOf(owner), query, { id: accountId(owner) })).data!.billingAccount.buckets.filter(({ shared }) => shared);
    expect(own).toMatchObject({ account: { id: accountId(owner) }, entries: { nodes: [{ version: '2' }, { version: '1' }] } });
  });

  it('many accounts cost one reading of balances', async () => {
    const accounts = await Promise.all(Array.from({ length: 5 }, () => open.world.account()));
    const reads = jest.spyOn(open.node.conductor, 'balances');
    const fields = accounts.map((account, index) => `a${index}: billingAccount(id: "${accountId(account)}") { spendable { amount } money { amount } }`);
    const { codes } = await open.node.ask(CRM, `{ ${fields.join(' ')} }`);
    expect(codes).toEqual([]);
    expect(reads).toHaveBeenCalledTimes(1);
    reads.mockRestore();
  });

  it('a bucket by its id is the owner\'s and the staff\'s, for anybody else like an unknown one', async () => {
    const [mine, other] = [await open.world.account(), await open.world.account()];
    const id = (await figures(mine)).buckets[0]!.id;
    const node = async (token: string, wanted: string): Promise<Answer> => open.node.ask(token, 'query($id: ID!) { node(id: $id) { id } }', { id: wanted });
    expect(await node(await open.ownerOf(mine), id)).toEqual({ data: { node: { id } }, codes: [] });
    expect(await node(FINANCE, id)).toEqual({ data: { node: { id } }, codes: [] });
    const unknown = await node(await open.ownerOf(other), Buffer.from('Bucket:4096:0').toString('base64url'));
    expect(await node(await open.ownerOf(other), id)).toEqual(unknown);
    expect(await node(tokenOf('CRM_AGENT', { tenantId: 2 }), id)).toEqual(unknown);
  });
});

describe('a subscriber', () => {
  it('cannot make money by any combination of fields', async () => {
    const account = await open.world.account();
    const token = await open.ownerOf(account);
    const [code] = await vouchers(1);
    const { payment } = await change(CHANNEL, CONFIRM, { externalId: nextKey(), accountId: accountId(await open.world.account()), amount: euros('5') });
    const given = { amount: euros('5'), promotional: true, promotionalUntil: '2100-01-01T00:00:00Z', voucherCode: 'ABCD2345EFGH6789', paymentId: payment.id };
    const fields = Object.keys(given) as (keyof typeof given)[];
    for (let mask = 0; mask < 2 ** fields.length; mask++) {
      const chosen = Object.fromEntries(fields.filter((_, bit) => mask & (1 << bit)).map((field) => [field, given[field]]));
      const payload = await topUp(token, account, chosen);
      expect({ chosen, topUp: payload.topUp, refused: payload.errors.length }).toEqual({ chosen, topUp: null, refused: 1 });
    }
    expect(await spendable(account)).toBe(0n);
    expect(await topUp(token, account, { voucherCode: code })).toMatchObject({ topUp: { newSpendable: { amount: '10.00' } }, errors: [] });
  });

  it.each(['balanceAdjust', 'paymentConfirm', 'voucherBatchCreate', 'productActivate'])('may not call %s', async (mutation) => {
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
    const inputs: Record<string, unknown> = {
      balanceAdjust: { bucketId: 'x', money: euros('1'), reason: 'because', idempotencyKey: 'k' },
      paymentConfirm: { externalId: 'x', accountId: 'x', amount: euros('1') },
      voucherBatchCreate: { batch: 'x', count: 1, amount: '1', currency: 'EUR', validUntil: '2100-01-01T00:00:00Z' },
      productActivate: { accountId: 'x', offeringCode: 'payg', idempotencyKey: 'k' },
    };
    const answer = await open.node.ask(await open.ownerOf(await open.world.account()),
      `mutation($input: ${type}!) { ${mutation}(input: $input) { errors { code } } }`, { input: inputs[mutation] });
    expect(answer.codes).toEqual(['FORBIDDEN']);
  });

  it('tops up with the payment that the channel confirmed for the own account, once', async () => {
    const [mine, other] = [await open.world.account(), await open.world.account()];
    const input = { externalId: 'psp-1', accountId: accountId(mine), amount: euros('15') };
    const confirmed = await Promise.all(Array.from({ length: 5 }, () => change(CHANNEL, CONFIRM, input)));
    const { payment } = confirmed[0]!;
    for (const one of confirmed) expect(one).toMatchObject({ payment: { id: payment.id, state: 'CONFIRMED' }, errors: [] });
    expect(codesOf(await change(CHANNEL, CONFIRM, { ...input, amount: euros('16') }))).toEqual(['ALREADY_EXISTS']);
    expect(codesOf(await topUp(await open.ownerOf(other), other, { paymentId: payment.id }))).toEqual(['PAYMENT_NOT_CONFIRMED']);
    expect(await topUp(await open.ownerOf(mine), mine, { paymentId: payment.id })).toMatchObject({ topUp: { amount: { amount: '15.00' } } });
    expect(codesOf(await topUp(await open.ownerOf(mine), mine, { paymentId: payment.id }))).toEqual(['PAYMENT_NOT_CONFIRMED']);
    expect(await spendable(mine)).toBe(15_000_000n);
    expect(await rowsOf(`select from audit_log where operation = 'paymentConfirm' and object_id = 'psp-1' and result = 'DONE'`)).toBe(1);
  });

  it('finds a foreign account as little as an unknown one', async () => {
    const [mine, other] = [await open.world.account(), await open.world.account()];
    const token = await open.ownerOf(mine);
    const [code] = await vouchers(1);
    const foreign = await topUp(token, other, { voucherCode: code });
    const unknown = await topUp(token, { ...other, id: other.id + 4096n * 1_000_000n }, { voucherCode: code });
    expect(foreign).toEqual(unknown);
    expect(codesOf(foreign)).toEqual(['NOT_FOUND']);
    const move = { fromAccountId: accountId(other), toAccountId: accountId(mine), amount: euros('1'), idempotencyKey: nextKey() };
    expect(codesOf(await change(token, TRANSFER, move))).toEqual(['NOT_FOUND']);
  });
});

describe('a voucher', () => {
  it('used twice at once on two accounts goes to one', async () => {
    for (let round = 0; round < 5; round++) {
      const [code] = await vouchers(1);
      const accounts = [await open.world.account(), await open.world.account()];
      const outcomes = await Promise.all(accounts.map(async (account) => topUp(await open.ownerOf(account), account, { voucherCode: code })));
      expect(outcomes.filter((payload) => payload.topUp)).toHaveLength(1);
      expect(outcomes.flatMap(codesOf)).toEqual(['VOUCHER_INVALID']);
      const total = (await Promise.all(accounts.map(spendable))).reduce((sum, one) => sum + one, 0n);
      expect(total).toBe(10_000_000n);
    }
  });

  it('is stored hashed, of an unambiguous alphabet, and its batch is made once', async () => {
    const input = { batch: 'xmas', count: 500, amount: '1', currency: 'EUR', validUntil: '2100-01-01T00:00:00Z' };
    const { voucherBatch: { codes } } = await change(FINANCE, VOUCHERS, input);
    expect(new Set(codes).size).toBe(500);
    expect(codes.filter((code) => !/^[2-9A-HJKMNP-TW-Z]{16}$/.test(code))).toEqual([]);
    expect(codesOf(await change(FINANCE, VOUCHERS, input))).toEqual(['ALREADY_EXISTS']);
    const { rows } = await open.db.ownerPool.query<{ row: string }>(`select voucher::text as row from voucher where batch = 'xmas'`);
    expect(rows).toHaveLength(500);
    expect(rows.some(({ row }) => codes.some((code) => row.includes(code)))).toBe(false);
    expect(codesOf(await change(FINANCE, VOUCHERS, { ...input, batch: 'many', count: 10_001 }))).toEqual(['INVALID_INPUT']);
  });
});

describe('the same top-up 50 times at once', () => {
  it('on two nodes has one effect and equal answers', async () => {
    const other = await openNode(open.db);
    const account = await open.world.account();
    const input = { accountId: accountId(account), amount: euros('7'), idempotencyKey: nextKey() };
    const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => change(CRM, TOP_UP, input, index % 2 ? other : open.node)));
    await other.close();
    expect(answers[0]).toMatchObject({ topUp: { amount: { amount: '7.00' } }, errors: [] });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(await spendable(account)).toBe(7_000_000n);
    expect(await rowsOf('select from entry where root_id = $1', [account.rootId.toString()])).toBe(1);
    expect(codesOf(await change(CRM, TOP_UP, { ...input, amount: euros('8') }))).toEqual(['IDEMPOTENCY_KEY_REUSED']);
    expect(await rowsOf(`select from audit_log where operation = 'balanceTopUp' and object_id = $1 and result = 'DONE'`, [account.id.toString()])).toBe(1);
  });
});

describe('an agent', () => {
  it.each([
    ['above the token\'s limit', { amount: euros('50.01') }, 'LIMIT_EXCEEDED', 'amount.amount'],
    ['less than a cent', { amount: euros('1.001') }, 'INVALID_INPUT', 'amount.amount'],
    ['less than a cent of promotional money', { amount: euros('1.001'), promotional: true }, 'INVALID_INPUT', 'amount.amount'],
    ['nothing', { amount: euros('0') }, 'INVALID_INPUT', 'amount.amount'],
    ['a negative amount', { amount: euros('-1') }, 'INVALID_INPUT', 'amount.amount'],
    ['seven decimals', { amount: euros('1.0000001') }, 'INVALID_INPUT', 'amount.amount'],
    ['thirteen digits', { amount: euros('1000000000000') }, 'INVALID_INPUT', 'amount.amount'],
    ['another currency', { amount: { amount: '1', currency: 'USD' } }, 'CURRENCY_MISMATCH', 'amount.currency'],
    ['an empty key', { amount: euros('1'), idempotencyKey: '' }, 'INVALID_INPUT', 'idempotencyKey'],
    ['a long key', { amount: euros('1'), idempotencyKey: 'k'.repeat(129) }, 'INVALID_INPUT', 'idempotencyKey'],
    ['an unknown voucher', { voucherCode: 'ABCD2345EFGH6789' }, 'VOUCHER_INVALID', 'voucherCode'],
    ['a voucher of strange characters', { voucherCode: '\u0000\ud800' }, 'VOUCHER_INVALID', 'voucherCode'],
    ['a forged payment', { paymentId: Buffer.from('Payment:gateway:%00').toString('base64url') }, 'PAYMENT_NOT_CONFIRMED', 'paymentId'],
    ['an end of paid money', { amount: euros('1'), promotionalUntil: '2100-01-01T00:00:00Z' }, 'INVALID_INPUT', 'promotionalUntil'],
    ['promotional money of the past', { amount: euros('1'), promotional: true, promotionalUntil: '2001-01-01T00:00:00Z' }, 'INVALID_INPUT', 'promotionalUntil'],
  ])('is refused %s', async (_what, over, code, path) => {
    const account = await open.world.account();
    const payload = await topUp(CRM, account, over);
    expect([codesOf(payload), pathOf(payload), payload.topUp]).toEqual([[code], path, null]);
    expect(await spendable(account)).toBe(0n);
  });

  it.each([
    ['the tenant\'s limit, where the token\'s is wider', tokenOf('CRM_AGENT', { moneyLimit: '5000' }), '1000.01', 'LIMIT_EXCEEDED'],
    ['a token without a limit', tokenOf('CRM_AGENT'), '0.01', 'LIMIT_EXCEEDED'],
    ['another tenant', tokenOf('CRM_AGENT', { tenantId: 2, moneyLimit: '50' }), '1', 'NOT_FOUND'],
  ])('is held to %s', async (_what, token, value, code) => {
    const account = await open.world.account();
    expect(codesOf(await topUp(token, account, { amount: euros(value) }))).toEqual([code]);
    expect(await spendable(account)).toBe(0n);
  });

  it('corrects money within the limit and no units; finance corrects both; a debit takes no more than there is', async () => {
    const account = await open.world.account();
    await topUp(CRM, account, { amount: euros('20') });
    await line(account, 'minutes');
    const view = (await open.node.conductor.balances(1, [account.id]))[0]!;
    const idOf = (kind: string): string => {
      const bucket = view.buckets.find((one) => one.kind === kind)!;
      return Buffer.from(`Bucket:${bucket.rootId}:${bucket.id}`).toString('base64url');
    };
    const adjust = (token: string, over: Record<string, unknown>) => change(token, ADJUST, { reason: 'goodwill', idempotencyKey: nextKey(), ...over });
    const money = { bucketId: idOf('MONEY') };
    expect(await adjust(CRM, { ...money, money: euros('-5') })).toMatchObject({ adjustment: { amount: { amount: '-5.00' }, balanceAfter: { amount: '15.00' } } });
    expect(codesOf(await adjust(CRM, { ...money, money: euros('-51') }))).toEqual(['LIMIT_EXCEEDED']);
    expect(codesOf(await adjust(FINANCE, { ...money, money: euros('-16') }))).toEqual(['INSUFFICIENT_BALANCE']);
    expect(await adjust(FINANCE, { ...money, money: euros('500') })).toMatchObject({ adjustment: { balanceAfter: { amount: '515.00' } } });
    const units = { bucketId: idOf('UNIT'), quantity: { amount: '60', unit: 'SECOND' } };
    expect(codesOf(await adjust(CRM, units))).toEqual(['NOT_ALLOWED']);
    expect(await adjust(FINANCE, units)).toMatchObject({ adjustment: { amount: { amount: '60', unit: 'SECOND' }, balanceAfter: { amount: '660' } } });
    expect(codesOf(await adjust(FINANCE, { ...units, quantity: { amount: '60', unit: 'BYTE' } }))).toEqual(['CURRENCY_MISMATCH']);
    expect(codesOf(await adjust(FINANCE, { ...units, money: euros('1') }))).toEqual(['INVALID_INPUT']);
    expect(codesOf(await adjust(FINANCE, { ...money, money: euros('1'), reason: 'x' }))).toEqual(['INVALID_INPUT']);
    const { rows } = await open.db.ownerPool.query<{ result: string }>(
      `select result from audit_log where operation = 'balanceAdjust' order by sequence`);
    expect(rows.map(({ result }) => result)).toEqual(
      ['DONE', 'REFUSED', 'REFUSED', 'DONE', 'REFUSED', 'DONE', 'REFUSED', 'REFUSED', 'REFUSED']);
  });
});

describe('a channel', () => {
  it('tops up within its limit and sees nothing of the account', async () => {
    const account = await open.world.account();
    expect(await topUp(CHANNEL, account, { amount: euros('200') })).toMatchObject({ topUp: { amount: { amount: '200.00' }, newSpendable: null } });
    const above = await topUp(CHANNEL, account, { amount: euros('201') });
    expect(above.errors).toEqual([{ code: 'LIMIT_EXCEEDED', path: ['amount', 'amount'], limit: { amount: '200.00', currency: 'EUR' } }]);
    expect(codesOf(await topUp(CHANNEL, account, { amount: euros('1'), promotional: true }))).toEqual(['NOT_ALLOWED']);
    const card = { externalId: '4111111111111111', accountId: accountId(account), amount: euros('5') };
    expect(codesOf(await change(CHANNEL, CONFIRM, card))).toEqual(['INVALID_INPUT']);
    expect((await open.node.ask(CHANNEL, 'query($id: ID!) { billingAccount(id: $id) { id } }', { id: accountId(account) })).codes).toEqual(['FORBIDDEN']);
  });
});

describe('a limit', () => {
  it('counts in the tenant\'s currency, and in another one only where the token names it', async () => {
    const account = await open.world.account({ currency: 'KWD' });
    const dinars = (value: string) => ({ amount: value, currency: 'KWD' });
    const both = { moneyLimit: '50', moneyLimits: { KWD: '15' } };
    const confirm = (token: string, value: string) => change(token, CONFIRM, { externalId: nextKey(), accountId: accountId(account), amount: dinars(value) });
    const correct = (token: string, value: string) => change(token, ADJUST, {
      bucketId: Buffer.from(`Bucket:${account.rootId}:0`).toString('base64url'), money: dinars(value), reason: 'goodwill', idempotencyKey: nextKey(),
    });
    const none = { code: 'LIMIT_EXCEEDED', limit: { amount: '0.000', currency: 'KWD' } };
    expect((await topUp(CRM, account, { amount: dinars('49') })).errors).toEqual([{ ...none, path: ['amount', 'amount'] }]);
    expect((await confirm(CHANNEL, '0.001')).errors).toEqual([{ ...none, path: ['amount', 'amount'] }]);
    expect((await correct(CRM, '49')).errors).toEqual([{ ...none, path: ['money', 'amount'] }]);
    expect(await spendable(account)).toBe(0n);
    expect(codesOf(await confirm(tokenOf('CHANNEL', both), '15'))).toEqual([]);
    expect((await confirm(tokenOf('CHANNEL', both), '15.001')).errors).toMatchObject([{ code: 'LIMIT_EXCEEDED', limit: { amount: '15.000', currency: 'KWD' } }]);
    expect(codesOf(await correct(tokenOf('CRM_AGENT', both), '15'))).toEqual([]);
    // The tenant's own limit of what agents fund is one of EUR.
    expect((await topUp(tokenOf('CRM_AGENT', both), account, { amount: dinars('1') })).errors).toMatchObject([none]);
    expect(await spendable(account)).toBe(15_000_000n);
  });
});

describe('money that is paid in exists in its currency', () => {
  it.each<[string, string, string[]]>([
    ['10', 'JPY', []], ['10.5', 'JPY', ['INVALID_INPUT']], ['10.50', 'HUF', []], ['1.01', 'EUR', []], ['1.001', 'EUR', ['INVALID_INPUT']],
    ['1.234', 'KWD', []], ['1.2345', 'KWD', ['INVALID_INPUT']],
  ])('vouchers of %s %s', async (amount, currency, codes) => {
    const made = await change(FINANCE, VOUCHERS, { batch: nextKey(), count: 1, amount, currency, validUntil: '2100-01-01T00:00:00Z' });
    expect(codesOf(made)).toEqual(codes);
    if (codes.length > 0) expect([pathOf(made), made.voucherBatch]).toEqual(['amount', null]);
  });

  it('in a payment, a top-up and a transfer', async () => {
    const [yen, one, two] = [await open.world.account({ currency: 'JPY' }), await open.world.account(), await open.world.account()];
    const money = { amount: '10.5', currency: 'JPY' };
    const answers = [
      await change(CHANNEL, CONFIRM, { externalId: 'psp-yen', accountId: accountId(yen), amount: money }), await topUp(CRM, yen, { amount: money }),
      await change(await open.ownerOf(one), TRANSFER, { fromAccountId: accountId(one), toAccountId: accountId(two), amount: euros('1.001'), idempotencyKey: nextKey() }),
    ];
    expect(answers.map(({ errors }) => errors)).toEqual(Array(3).fill([{ code: 'INVALID_INPUT', path: ['amount', 'amount'] }]));
    expect(await rowsOf(`select from payment where external_id = 'psp-yen'`)).toBe(0);
    expect(await rowsOf('select from entry where root_id = any($1::bigint[])', [[yen, one, two].map(({ rootId }) => rootId.toString())])).toBe(0);
  });

  it('but a correction may be finer', async () => {
    const account = await open.world.account();
    const adjusted = await change(FINANCE, ADJUST, { bucketId: Buffer.from(`Bucket:${account.rootId}:0`).toString('base64url'), money: euros('1.000001'), reason: 'rounding', idempotencyKey: nextKey() });
    expect(adjusted).toMatchObject({ adjustment: { amount: { amount: '1.000001' } }, errors: [] });
  });
});

describe('transfers', () => {
  it('in opposite directions at once neither deadlock nor make money', async () => {
    const [one, two] = [await open.world.account(), await open.world.account()];
    for (const account of [one, two]) await topUp(CRM, account, { amount: euros('40') });
    const tokens = [await open.ownerOf(one), await open.ownerOf(two)];
    const move = (from: number) => change(tokens[from]!, TRANSFER, {
      fromAccountId: accountId([one, two][from]!), toAccountId: accountId([two, one][from]!), amount: euros('0.5'), idempotencyKey: nextKey(),
    });
    const outcomes = await Promise.all(Array.from({ length: 60 }, (_, index) => move(index % 2)));
    expect(outcomes.flatMap(codesOf)).toEqual([]);
    expect([await spendable(one), await spendable(two)]).toEqual([40_000_000n, 40_000_000n]);
    const roots = [one.rootId.toString(), two.rootId.toString()];
    expect(await rowsOf(`select from entry where kind = 'TRANSFER' and root_id = any($1::bigint[])`, [roots])).toBe(120);
    const over = { fromAccountId: accountId(one), toAccountId: accountId(two), amount: euros('50.01'), idempotencyKey: nextKey() };
    expect(codesOf(await change(tokens[0]!, TRANSFER, over))).toEqual(['LIMIT_EXCEEDED']);
  });
});

describe('a move by its id', () => {
  const NODE = `query($id: ID!) { node(id: $id) { __typename ... on TopUp { amount { amount } account { id } } ... on Transfer { amount { amount } }
    ... on Adjustment { change: amount { amount } balanceAfter { amount } } } }`;
  const node = async (token: string, id: string): Promise<unknown> => (await open.node.ask(token, NODE, { id })).data!.node;

  it('is the owner\'s and the staff\'s, each side of a transfer its own; for anybody else like an unknown one', async () => {
    const [ann, bob] = [await open.world.account(), await open.world.account()];
    const [annsToken, bobsToken] = [await open.ownerOf(ann), await open.ownerOf(bob)];
    const put = (await topUp(CRM, ann, { amount: euros('20') })).topUp;
    const sent = (await change(annsToken, TRANSFER, { fromAccountId: accountId(ann), toAccountId: accountId(bob), amount: euros('5'), idempotencyKey: nextKey() })).transfer;
    const mended = (await change(FINANCE, ADJUST, { bucketId: await bucketOf(bob), money: euros('-1'), reason: 'a test', idempotencyKey: nextKey() })).adjustment;
    expect(await node(annsToken, put.id)).toEqual({ __typename: 'TopUp', amount: { amount: '20.00' }, account: { id: accountId(ann) } });
    expect(await node(CRM, sent.id)).toEqual({ __typename: 'Transfer', amount: { amount: '5.00' } });
    const arrived = await open.node.ask(bobsToken, `query($id: ID!) { billingAccount(id: $id) { buckets { moves: entries(first: 2) { nodes { cause { moveId } } } } } }`, { id: accountId(bob) });
    const causes = arrived.data!.billingAccount.buckets[0]!.moves.nodes.map(({ cause }) => String(cause.moveId));
    expect(await node(bobsToken, causes[1]!)).toEqual({ __typename: 'Transfer', amount: { amount: '5.00' } });
    expect(await node(bobsToken, mended.id)).toEqual({ __typename: 'Adjustment', change: { amount: '-1.00' }, balanceAfter: { amount: '4.00' } });
    expect([await node(bobsToken, put.id), await node(bobsToken, sent.id), await node(annsToken, causes[1]!), await node(annsToken, mended.id)]).toEqual([null, null, null, null]);
    // One kind's id never shows another's object.
    expect(await node(CRM, Buffer.from(Buffer.from(put.id, 'base64url').toString().replace('TopUp', 'Adjustment')).toString('base64url'))).toBeNull();
  });

  async function bucketOf(account: WorldAccount): Promise<string> {
    const { data } = await open.node.ask(CRM, 'query($id: ID!) { billingAccount(id: $id) { buckets { id } } }', { id: accountId(account) });
    return String(data!.billingAccount.buckets[0]!.id);
  }
});

describe('a product', () => {
  const ACTIVATE = `mutation($input: ProductActivateInput!) { productActivate(input: $input) { product { id state buckets { allowance usable { amount unit } } } ${ERRORS} } }`;
  const TERMINATE = `mutation($input: ProductTerminateInput!) { productTerminate(input: $input) { product { state endedAt } ${ERRORS} } }`;

  it('is activated once per key, with its buckets, and ended', async () => {
    const account = await open.world.account();
    const input = { accountId: accountId(account), offeringCode: 'minutes', identifiers: [{ kind: 'MSISDN', value: `+${nextNumber()}` }], idempotencyKey: nextKey() };
    const answers = await Promise.all([change(CRM, ACTIVATE, input), change(CRM, ACTIVATE, input)]);
    expect(answers[0]).toMatchObject({ product: { state: 'ACTIVE', buckets: [{ allowance: 'talk', usable: { amount: '600', unit: 'SECOND' } }] }, errors: [] });
    expect(answers[1]!.product.id).toBe(answers[0]!.product.id);
    expect(codesOf(await change(CRM, ACTIVATE, { ...input, idempotencyKey: nextKey() }))).toEqual(['ALREADY_EXISTS']);
    expect(codesOf(await change(CRM, ACTIVATE, { ...input, offeringCode: 'nothing', idempotencyKey: nextKey() }))).toEqual(['OFFERING_NOT_SOLD']);
    const wrong = { ...input, identifiers: [{ kind: 'MSISDN', value: 'abc' }], idempotencyKey: nextKey() };
    expect(pathOf(await change(CRM, ACTIVATE, wrong))).toBe('identifiers.0.value');
    const ended = await change(CRM, TERMINATE, { productId: answers[0]!.product.id, idempotencyKey: nextKey() });
    expect(ended).toMatchObject({ product: { state: 'TERMINATED' }, errors: [] });
    expect(codesOf(await change(CRM, TERMINATE, { productId: answers[0]!.product.id, idempotencyKey: nextKey() }))).toEqual(['CONFLICT']);
    expect(await rowsOf(`select from audit_log where operation = 'productActivate' and result = 'DONE'`)).toBe(1);
  });
});

it('the ledger balances after all of it', async () => {
  const { rows } = await open.db.ownerPool.query(`select asset, sum(amount)::text as sum from posting group by asset having sum(amount) <> 0`);
  expect(rows).toEqual([]);
});
