import { encodeId } from '../../src/platform/graphql';
import { violationsOf } from '../support';
import { agentKey, call, flatRate, WorldAccount } from '../support/world';
import { accountId, BalanceWorld, openBalanceWorld, Shown, tokenOf, Watcher } from './balance-world';

/** Bills through the API: who may read and make them, pages, payments, notes, and what is pushed. */
let b: BalanceWorld;
let account: WorldAccount;
let owner: string;
let stranger: string;
const finance = tokenOf('FINANCE');
const NUMBER = '353860000001';
let keys = 0;
const key = (): string => `key-${(keys += 1)}`;

const BILL = `id documentNumber series number state kind period { from until } dueDate net { amount currency } tax { amount } total { amount } amountDue { amount } remaining { amount } credited { amount }
  taxes { code rate isIncluded base { amount } amount { amount } }
  lines(first: 10) { nodes { id number description kind period { from until } quantity { amount unit } net { amount } amount { amount } chargeCount } pageInfo { hasNextPage } }
  payments { amount { amount } payment { id kind reference } } creditNotes { documentNumber total { amount } reason lines { lineId net { amount } tax { amount } } }`;
const BILLS = `query($id: ID!) { billingAccount(id: $id) { billCredit { amount } bills(first: 5) { nodes { ${BILL} } } billPayments(first: 5) { nodes { id amount { amount } unallocated { amount } allocations { amount { amount } bill { id } } } } } }`;
const START = 'mutation($input: BillRunStartInput!) { billRunStart(input: $input) { billRun { id state } errors { code path message } } }';
const PAY = 'mutation($input: BillPaymentRecordInput!) { billPaymentRecord(input: $input) { payment { id amount { amount } unallocated { amount } allocations { amount { amount } bill { id } } } errors { code path message } } }';
const NOTE = 'mutation($input: CreditNoteCreateInput!) { creditNoteCreate(input: $input) { creditNote { documentNumber total { amount } bill { state } } errors { code path message } } }';

const moveTo = async (instant: string): Promise<void> => {
  await b.db.ownerPool.query(`update tenant set clock_offset_ms = $1 - floor(extract(epoch from clock_timestamp()) * 1000)::bigint where id = 1`, [Date.parse(instant)]);
};
const run = async (cycleEnd: string, idempotencyKey = key()): Promise<string> => {
  const { data } = await b.node.ask(finance, START, { input: { cycleEnd, idempotencyKey } });
  const id = data!.billRunStart.billRun.id;
  for (let look = 0; look < 200; look += 1) {
    const { data: told } = await b.node.ask(finance, 'query($id: ID!) { billRun(id: $id) { state failure } }', { id });
    if (told!.billRun.state === 'DONE') return id;
    await new Promise((resolve) => { setTimeout(resolve, 25); });
  }
  throw new Error('The run did not end.');
};
const latest = async (token = finance) => (await b.node.ask(token, BILLS, { id: accountId(account) })).data!.billingAccount.bills.nodes[0]!;

beforeAll(async () => {
  b = await openBalanceWorld();
  await moveTo('2031-01-15T00:00:00Z');
  await b.world.offering({ code: 'plan', period: 'BILL_CYCLE', fee: '28', feeProrated: true, feeTax: 'INCLUDED', usage: [{ kind: 'VOICE', unit: 'SECOND', per: '60', rates: flatRate('0.60'), taxed: true }] });
  account = await b.world.account({ mode: 'POSTPAID' });
  owner = await b.ownerOf(account);
  stranger = await b.ownerOf(await b.world.account());
  await b.node.conductor.activate(agentKey(1, 'a', 't'), { accountId: account.id, offeringCode: 'plan', startedAt: Date.parse('2031-01-15T00:00:00Z'), identifiers: [{ kind: 'MSISDN', value: NUMBER }], attachedTo: null });
  await b.node.conductor.chargeUsage(Array.from({ length: 5 }, (_, index) => call(NUMBER, 60n, { startedAt: Date.parse('2031-01-15T00:00:00Z') + index })), { delivered: true, lateLimitDays: undefined });
});
afterEach(async () => expect(await violationsOf(b.db.appPool)).toEqual([]));
afterAll(() => b.dispose());

it('previews the open period, with the charges of each line', async () => {
  const query = 'query($id: ID!) { billPreview(accountId: $id) { kind period { from until } total { amount } taxes { amount { amount } } lines { nodes { id number chargeCount charges(first: 3) { nodes { gross { amount } } pageInfo { hasNextPage endCursor } } } } } }';
  const { data } = await b.node.ask(owner, query, { id: accountId(account) });
  expect(data!.billPreview).toMatchObject({ kind: 'BILL', period: { from: '2031-01-01', until: '2031-02-01' }, total: { amount: '18.95' } });
  expect(data!.billPreview.lines.nodes).toMatchObject([{ id: null, chargeCount: '1', charges: { nodes: [{ gross: { amount: '15.354839' } }] } },
    { chargeCount: '5', charges: { nodes: [{ gross: { amount: '0.72' } }, {}, {}], pageInfo: { hasNextPage: true } } }]);
  expect((await b.node.ask(stranger, query, { id: accountId(account) })).data).toEqual({ billPreview: null });
});

it('a run makes the bill, tells its progress, and the owner is told of the bill', async () => {
  await moveTo('2031-02-02T00:00:00Z');
  const client = b.node.socket(owner);
  const bills = new Watcher<{ reason: string; cursor: string; bill: { documentNumber: string } | null }>(client, 'subscription($id: ID!, $after: Cursor) { customerBillIssued(accountId: $id, after: $after) { reason cursor bill { documentNumber total { amount } } } }',
    { id: accountId(account) }, 'customerBillIssued');
  const beginning = await bills.until(({ reason }) => reason === 'SNAPSHOT');
  const id = await run('2031-02-01', 'run-feb');
  expect(await bills.until(({ reason }) => reason === 'NEW')).toMatchObject({ bill: { documentNumber: 'B-2031-000001', total: { amount: '18.95' } } });
  const again = new Watcher<{ reason: string }>(client, 'subscription($id: ID!, $after: Cursor) { customerBillIssued(accountId: $id, after: $after) { reason bill { documentNumber } } }',
    { id: accountId(account), after: beginning.cursor }, 'customerBillIssued');
  expect(await again.until(() => true)).toMatchObject({ reason: 'NEW', bill: { documentNumber: 'B-2031-000001' } });
  const progress = new Watcher<{ state: string; bills: number }>(b.node.socket(finance), 'subscription($id: ID!) { billRunProgressed(billRunId: $id) { state accounts done failed bills issued net { amount currency } } }', { id }, 'billRunProgressed');
  expect(await progress.until(({ state }) => state === 'DONE')).toMatchObject({ bills: 1, issued: 1, failed: 0, net: [{ amount: '15.79', currency: 'EUR' }] });
  await progress.end();
  bills.stop();
  again.stop();
  expect(await latest(owner)).toMatchObject({
    documentNumber: 'B-2031-000001', series: 'B-2031', number: '1', state: 'SENT', period: { from: '2031-01-01', until: '2031-02-01' }, dueDate: '2031-02-16',
    net: { amount: '15.79', currency: 'EUR' }, tax: { amount: '3.16' }, total: { amount: '18.95' }, remaining: { amount: '18.95' },
    taxes: [{ code: 'S20', rate: '0.2', isIncluded: false, base: { amount: '3.00' }, amount: { amount: '0.60' } }, { isIncluded: true, base: { amount: '12.79' }, amount: { amount: '2.56' } }],
    lines: { nodes: [{ description: 'plan: fee', kind: 'RECURRING_FEE', amount: { amount: '15.35' } }, { kind: 'VOICE', quantity: { amount: '300', unit: 'SECOND' }, chargeCount: '5' }] },
  });
});

it('the same key takes up the same run; another day under it, and a day to come, are refused', async () => {
  const first = await run('2031-02-01', 'run-feb');
  expect(await run('2031-02-01', 'run-feb')).toBe(first);
  const codes = async (input: object) => (await b.node.ask(finance, START, { input })).data!.billRunStart.errors.map(({ code: one }) => one);
  expect(await codes({ cycleEnd: '2031-01-01', idempotencyKey: 'run-feb' })).toEqual(['IDEMPOTENCY_KEY_REUSED']);
  expect(await codes({ cycleEnd: '2031-03-01', idempotencyKey: key() })).toEqual(['INVALID_INPUT']);
  expect(await codes({ cycleEnd: '2031-02-01', idempotencyKey: '' })).toEqual(['INVALID_INPUT']);
  const { rows } = await b.db.ownerPool.query(`select count(*)::int as runs from audit_log where operation = 'billRunStart' and result = 'DONE'`);
  expect(rows).toEqual([{ runs: 1 }]);
});

it('lines lead to their charges page by page', async () => {
  const { id } = await latest();
  const first = 'query($id: ID!) { customerBill(id: $id) { lines(first: 1) { pageInfo { endCursor } } } }';
  const line: string = (await b.node.ask(finance, first, { id })).data!.customerBill.lines.pageInfo.endCursor;
  const query = 'query($id: ID!, $line: Cursor, $after: Cursor) { customerBill(id: $id) { lines(first: 1, after: $line) { nodes { charges(first: 2, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } } } } }';
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const page: Shown = (await b.node.ask(finance, query, { id, line, after })).data!.customerBill.lines.nodes[0]!.charges;
    seen.push(...page.nodes.map((node) => node.id));
    after = (page.pageInfo.hasNextPage as unknown as boolean) ? page.pageInfo.endCursor : null;
  } while (after !== null);
  expect(new Set(seen).size).toBe(5);
});

it('who may read a bill, by id, node and number; foreign and unknown answer alike', async () => {
  const { id } = await latest();
  const byId = 'query($id: ID!) { customerBill(id: $id) { documentNumber lines { nodes { charges { nodes { id } } } } } node(id: $id) { id } }';
  const byNumber = 'query { customerBillByNumber(series: "B-2031", number: "1") { id } }';
  for (const token of [owner, finance, tokenOf('CRM_AGENT'), tokenOf('AUDITOR')]) {
    expect((await b.node.ask(token, byId, { id })).data).toMatchObject({ customerBill: { documentNumber: 'B-2031-000001' }, node: { id } });
    expect((await b.node.ask(token, byNumber)).data).toEqual({ customerBillByNumber: { id } });
  }
  const unknown = encodeId('CustomerBill', account.id, 99);
  for (const token of [stranger, tokenOf('FINANCE', { tenantId: 2 })]) {
    expect((await b.node.ask(token, byId, { id })).data).toEqual({ customerBill: null, node: null });
    expect((await b.node.ask(token, byId, { id: unknown })).data).toEqual({ customerBill: null, node: null });
    expect((await b.node.ask(token, byNumber)).data).toEqual({ customerBillByNumber: null });
  }
  for (const role of ['PARTNER', 'NETWORK', 'CHANNEL', 'CATALOG_MANAGER'] as const) expect((await b.node.ask(tokenOf(role as never), byNumber)).codes).not.toEqual([]);
  // An auditor sees the figures and not whom somebody called.
  expect((await b.node.ask(tokenOf('AUDITOR'), byId, { id })).data!.customerBill.lines.nodes.flatMap((line) => [...line.charges.nodes])).toEqual([]);
});

it('a channel records payments within its limit; the oldest bill is paid first; the owner is told', async () => {
  const channel = tokenOf('CHANNEL', { moneyLimit: '50' });
  const payments = new Watcher<{ reason: string; payment: { reference: string } | null }>(b.node.socket(owner),
    'subscription($id: ID!) { billPaymentReceived(accountId: $id) { reason payment { reference amount { amount } } } }', { id: accountId(account) }, 'billPaymentReceived');
  await payments.until(({ reason }) => reason === 'SNAPSHOT');
  const input = { accountId: accountId(account), amount: { amount: '10', currency: 'EUR' }, reference: 'IBAN transfer 17', idempotencyKey: 'bank-17' };
  const first = (await b.node.ask(channel, PAY, { input })).data!.billPaymentRecord;
  expect(first).toMatchObject({ errors: [], payment: { amount: { amount: '10.00' }, unallocated: { amount: '0.00' }, allocations: [{ amount: { amount: '10.00' }, bill: null }] } });
  expect((await b.node.ask(channel, PAY, { input })).data!.billPaymentRecord.payment.id).toBe(first.payment.id);
  expect(await payments.until(({ reason }) => reason === 'NEW')).toMatchObject({ payment: { reference: 'IBAN transfer 17' } });
  payments.stop();
  expect(await latest()).toMatchObject({ state: 'PARTIALLY_PAID', remaining: { amount: '8.95' }, payments: [{ amount: { amount: '10.00' }, payment: { kind: 'PAYMENT' } }] });
  const code = async (token: string, over: object) => {
    const { data, codes } = await b.node.ask(token, PAY, { input: { ...input, idempotencyKey: key(), ...over } });
    return data?.billPaymentRecord?.errors.map(({ code: one }) => one)[0] ?? codes[0];
  };
  expect(await code(channel, { idempotencyKey: 'bank-17', amount: { amount: '11', currency: 'EUR' } })).toBe('IDEMPOTENCY_KEY_REUSED');
  expect(await code(channel, { amount: { amount: '50.01', currency: 'EUR' } })).toBe('LIMIT_EXCEEDED');
  expect(await code(finance, { amount: { amount: '5', currency: 'USD' } })).toBe('CURRENCY_MISMATCH');
  expect(await code(finance, { amount: { amount: '-5', currency: 'EUR' } })).toBe('INVALID_INPUT');
  expect(await code(finance, { reference: ' ' })).toBe('INVALID_INPUT');
  expect(await code(finance, { allocations: [{ billId: encodeId('CustomerBill', 1n, 1), amount: { amount: '1', currency: 'EUR' } }] })).toBe('NOT_FOUND');
  expect(await code(finance, { accountId: encodeId('BillingAccount', 99n) })).toBe('NOT_FOUND');
  expect(await code(tokenOf('FINANCE', { tenantId: 2 }), {})).toBe('NOT_FOUND');
  expect(await code(owner, {})).toBe('FORBIDDEN');
  expect(await latest()).toMatchObject({ remaining: { amount: '8.95' } });
});

it('finance takes a line back at its own rate, and the rest of the bill; never more', async () => {
  const bill = await latest();
  const voice = bill.lines.nodes[1]!;
  const input = { billId: bill.id, lines: [{ lineId: voice.id, amount: { amount: '1.00', currency: 'EUR' } }], reason: 'Calls of the network test', idempotencyKey: 'note-1' };
  const made = (await b.node.ask(finance, NOTE, { input })).data!.creditNoteCreate;
  expect(made).toMatchObject({ errors: [], creditNote: { documentNumber: 'C-2031-000001', total: { amount: '1.20' }, bill: { state: 'PARTIALLY_PAID' } } });
  expect((await b.node.ask(finance, NOTE, { input })).data!.creditNoteCreate).toEqual(made);
  const code = async (token: string, over: object) => {
    const { data, codes } = await b.node.ask(token, NOTE, { input: { ...input, idempotencyKey: key(), ...over } });
    return data?.creditNoteCreate?.errors.map(({ code: one }) => one)[0] ?? codes[0];
  };
  expect(await code(finance, { lines: [{ lineId: voice.id, amount: { amount: '2.01', currency: 'EUR' } }] })).toBe('CONFLICT');
  expect(await code(finance, { lines: [{ lineId: voice.id, amount: { amount: '1', currency: 'USD' } }] })).toBe('CURRENCY_MISMATCH');
  expect(await code(finance, { lines: [] })).toBe('INVALID_INPUT');
  expect(await code(finance, { lines: [{ lineId: encodeId('AppliedCustomerBillingRate', account.id, 2, 1) }] })).toBe('NOT_FOUND');
  expect(await code(finance, { reason: 'x' })).toBe('INVALID_INPUT');
  expect(await code(tokenOf('FINANCE', { tenantId: 2 }), {})).toBe('NOT_FOUND');
  expect(await code(owner, {})).toBe('FORBIDDEN');
  // All that is left: 17.75, of which 7.75 are open; 10.00 become credit of the account.
  expect((await b.node.ask(finance, NOTE, { input: { billId: bill.id, reason: 'Goodwill', idempotencyKey: key() } })).data!.creditNoteCreate)
    .toMatchObject({ errors: [], creditNote: { documentNumber: 'C-2031-000002', total: { amount: '17.75' }, bill: { state: 'SETTLED' } } });
  expect(await code(finance, { lines: null })).toBe('CONFLICT');
  const { data } = await b.node.ask(owner, BILLS, { id: accountId(account) });
  expect(data!.billingAccount).toMatchObject({ billCredit: { amount: '10.00' }, bills: { nodes: [{ remaining: { amount: '0.00' }, credited: { amount: '18.95' }, creditNotes: [{ reason: 'Calls of the network test' }, { reason: 'Goodwill' }] }] } });
});

it('credit of the account pays the next bill', async () => {
  await moveTo('2031-03-01T00:00:01Z');
  await run('2031-03-01');
  expect(await latest(owner)).toMatchObject({ total: { amount: '28.00' }, state: 'PARTIALLY_PAID', remaining: { amount: '18.00' }, payments: [{ amount: { amount: '10.00' }, payment: { kind: 'CREDIT_NOTE' } }] });
});
