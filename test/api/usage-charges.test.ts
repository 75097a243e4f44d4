import { parseAmount } from '../../src/platform/money';
import { flatRate } from '../support/world';
import { AGENT, callerOf, dataUsage, FINANCE, openUsageWorld, spendable, Subscriber, UsageWorld, voice } from './usage-world';

let w: UsageWorld;
let next = 0;
type Line = Subscriber & { readonly number: string };

async function newcomer(offering = 'bundle', euros = 20n): Promise<Line> {
  next += 1;
  const number = `3538700${10_000 + next}`;
  return { ...await w.subscriber({ number, offering, euros }), number };
}

const MONEY = '{ amount currency }';
const CHARGE = `id kind role state startedAt bookedAt quantity { amount unit } net ${MONEY} tax ${MONEY} gross ${MONEY} refunded ${MONEY} refusedBecause
  usage { id usageId source subscriber otherParty } reversed { id } account { id } product { id }
  paidFrom { bucket { id kind name } amount unit }
  explanation { summary steps { rule detail quantity { amount unit } amount ${MONEY} } }`;

interface Shown {
  readonly id: string;
  readonly state: string;
  readonly gross: { readonly amount: string };
  readonly paidFrom: readonly { readonly bucket: { readonly kind: string; readonly name: string | null }; readonly amount: string; readonly unit: string }[];
  readonly explanation: { readonly summary: string; readonly steps: readonly { readonly rule: string; readonly amount: { readonly amount: string } | null }[] };
  readonly usage: { readonly usageId: string; readonly otherParty: string | null } | null;
}

async function charge(id: string, caller = FINANCE): Promise<Shown | null> {
  const { data, messages } = await w.ask(caller, `query($id: ID!) { charge(id: $id) { ${CHARGE} } }`, { id });
  expect(messages).toEqual([]);
  return data!.charge as Shown | null;
}
async function charged(usage: Record<string, unknown>): Promise<string> {
  const { results } = await w.send([usage]);
  expect(results[0]).toMatchObject({ status: 'CHARGED' });
  return results[0]!.charges[0]!.id;
}
const explained = ({ explanation }: Shown): bigint => explanation.steps.reduce((sum, { amount }) => sum + (amount ? parseAmount(amount.amount)! : 0n), 0n);
const nodeId = (type: string, ...parts: bigint[]): string => Buffer.from([type, ...parts].join(':')).toString('base64url');

beforeAll(async () => {
  w = await openUsageWorld();
  await w.world.offering({
    code: 'bundle', period: 'MONTH', fee: '5',
    usage: [
      { kind: 'VOICE', unit: 'SECOND', per: '60', rates: flatRate('0.10', '60', '0.02') },
      { kind: 'DATA', unit: 'BYTE', per: '1000000', rates: flatRate('0.123', '1000'), taxIncluded: true },
      { kind: 'SMS', unit: 'EVENT', per: '1', rates: flatRate('0.05') },
    ],
    allowances: [{ code: 'minutes', kind: 'VOICE', unit: 'SECOND', quantity: '90', step: '1' }],
  });
  await w.world.offering({ code: 'taxed', usage: [{ kind: 'VOICE', unit: 'SECOND', per: '60', rates: flatRate('0.10') }] });
  await w.db.ownerPool.query('alter table price_version disable trigger user');
  await w.db.ownerPool.query(`update price_version set tax_class = 'standard' where offering_version_id in (
    select v.id from product_offering_version v join product_offering o on o.id = v.offering_id where o.code = 'taxed')`);
});
afterAll(() => w.close());

describe('charge', () => {
  it('tells what it cost, who paid and why, and its steps sum to it', async () => {
    const ann = await newcomer();
    const id = await charged(voice(ann.number, '127'));
    const shown = await charge(id);
    expect(shown).toMatchObject({
      id, kind: 'VOICE', role: 'RETAIL', state: 'CHARGED', startedAt: '2026-11-16T11:30:00.000Z', quantity: { amount: '127', unit: 'SECOND' },
      net: { amount: '0.12' }, tax: { amount: '0.00' }, gross: { amount: '0.12', currency: 'EUR' }, refunded: { amount: '0.00' }, refusedBecause: null,
      usage: { source: 'msc1', subscriber: ann.number, otherParty: null }, reversed: null,
      account: { id: nodeId('BillingAccount', ann.account.id) }, product: { id: nodeId('Product', ann.productId) },
      paidFrom: [{ bucket: { kind: 'UNIT', name: 'minutes' }, amount: '90', unit: 'SECOND' }, { bucket: { kind: 'MONEY', name: null }, amount: '0.12', unit: 'EUR' }],
    });
    expect(shown!.explanation.summary).toBe('127 seconds, 90 seconds of them from allowances: 0.12 EUR.');
    expect(shown!.explanation.steps.map(({ rule }) => rule)).toEqual(['ALLOWANCE', 'PRICE', 'STEP', 'CONNECT_FEE', 'PAYMENT']);
    expect(explained(shown!)).toBe(120_000n);
  });

  it.each<[string, string, (line: Line) => Record<string, unknown>, string, string[]]>([
    ['paid by an allowance alone', 'bundle', ({ number }) => voice(number, '60'), '0.00', ['ALLOWANCE']],
    ['with its tax in the price', 'bundle', ({ number }) => dataUsage(number, { quantity: { amount: '1234567', unit: 'BYTE' } }), '0.151905', ['PRICE', 'STEP', 'TAX', 'PAYMENT']],
    ['with its tax on top', 'taxed', ({ number }) => voice(number, '61'), '0.122', ['PRICE', 'STEP', 'TAX', 'PAYMENT']],
    ['of an emergency call', 'taxed', ({ number }) => voice(number, '61', {}, { otherParty: '112' }), '0.00', ['EMERGENCY']],
  ])('%s explains its gross exactly', async (_, offering, usage, gross, rules) => {
    const shown = await charge(await charged(usage(await newcomer(offering))));
    expect(shown!.gross.amount).toBe(gross);
    expect(shown!.explanation.steps.map(({ rule }) => rule)).toEqual(rules);
    expect(explained(shown!)).toBe(parseAmount(gross));
  });

  it('of a fee and of a refusal explain themselves too', async () => {
    // Three monthly fees leave one euro.
    const ann = await newcomer('bundle', 16n);
    expect(await w.send([voice(ann.number, '3600')])).toMatchObject({ refused: 1 });
    const { data } = await w.ask(ann.caller, `query($id: ID!) { billingAccount(id: $id) { charges(first: 10) { nodes { ${CHARGE} } } } }`,
      { id: nodeId('BillingAccount', ann.account.id) });
    const nodes = (data!.billingAccount as { charges: { nodes: Shown[] } }).charges.nodes;
    const refused = nodes.find(({ state }) => state === 'REFUSED')!;
    expect(refused).toMatchObject({ refusedBecause: 'INSUFFICIENT_BALANCE', gross: { amount: '0.00' }, paidFrom: [], explanation: { steps: [{ rule: 'REFUSAL' }] } });
    const fee = nodes.find(({ usage }) => usage === null)!;
    expect(fee).toMatchObject({ kind: 'RECURRING_FEE', gross: { amount: '5.00' }, explanation: { summary: 'A fee of 5.00 EUR.', steps: [{ rule: 'FEE' }, { rule: 'PAYMENT' }] } });
    expect(explained(fee)).toBe(5_000_000n);
  });

  it('is for its owner and staff alone, and the other party for the owner and care alone', async () => {
    const [ann, bob] = [await newcomer(), await newcomer()];
    const id = await charged(voice(ann.number, '60'));
    expect((await charge(id, ann.caller))!.usage!.otherParty).toBe('353861111111');
    expect((await charge(id, AGENT))!.usage!.otherParty).toBe('353861111111');
    expect((await charge(id, FINANCE))!.usage!.otherParty).toBeNull();
    expect(await charge(id, bob.caller)).toBeNull();
    expect(await charge(id, callerOf('FINANCE', { tenantId: 2 }))).toBeNull();
    expect(await charge(nodeId('Charge', ann.account.rootId, 9_999_999n))).toBeNull();
    expect(await charge(nodeId('Charge', ann.account.rootId))).toBeNull();
    expect(await charge('forged')).toBeNull();
    const { codes } = await w.ask(callerOf('NETWORK'), 'query($id: ID!) { charge(id: $id) { id } }', { id });
    expect(codes).toEqual(['FORBIDDEN']);
    const node = (caller: typeof FINANCE) => w.ask(caller, 'query($id: ID!) { node(id: $id) { id } }', { id });
    expect((await node(ann.caller)).data!.node).toEqual({ id });
    expect((await node(bob.caller)).data!.node).toBeNull();
  });
});

describe('the history of a product', () => {
  interface History {
    readonly nodes: readonly { readonly usageId: string; readonly kind: string; readonly charge: { readonly gross: { readonly amount: string } } }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  }
  const USAGES = `query($id: ID!, $after: Cursor, $from: DateTime, $until: DateTime, $kinds: [UsageKind!], $first: Int) {
    product(id: $id) { usages(first: $first, after: $after, from: $from, until: $until, kinds: $kinds) {
      nodes { id usageId kind startedAt quantity { amount unit } otherParty charge { id gross ${MONEY} state } } pageInfo { hasNextPage endCursor } } } }`;
  async function history(line: Line, variables: Record<string, unknown> = {}, caller = line.caller): Promise<History | null> {
    const { data, messages } = await w.ask(caller, USAGES, { id: nodeId('Product', line.productId), first: 3, ...variables });
    expect(messages).toEqual([]);
    const product = data!.product as { usages: History } | null;
    return product && product.usages;
  }
  const ids = (page: History | null): string[] => page!.nodes.map(({ usageId }) => usageId);

  it('is paged newest first and stands still while new usage arrives', async () => {
    const ann = await newcomer();
    for (let i = 1; i <= 7; i += 1) await charged(voice(ann.number, '60', { usageId: `h${i}` }));
    const first = await history(ann);
    await charged(voice(ann.number, '60', { usageId: 'h8' }));
    const second = await history(ann, { after: first!.pageInfo.endCursor });
    const third = await history(ann, { after: second!.pageInfo.endCursor });
    expect([ids(first), ids(second), ids(third)]).toEqual([['h7', 'h6', 'h5'], ['h4', 'h3', 'h2'], ['h1']]);
    expect(third!.pageInfo.hasNextPage).toBe(false);
    expect(ids(await history(ann))[0]).toBe('h8');
  });

  it('is chosen by time, half-open, and by kind; fees, refunds and refusals are not in it', async () => {
    const ann = await newcomer();
    await charged(voice(ann.number, '60', { usageId: 't1', startedAt: '2026-11-15T10:00:00Z' }));
    await charged(voice(ann.number, '60', { usageId: 't2', startedAt: '2026-11-15T12:00:00+01:00' }));
    const id = await charged(dataUsage(ann.number, { quantity: { amount: '1000', unit: 'BYTE' } }, { usageId: 't3', startedAt: '2026-11-15T12:00:00Z' }));
    await w.ask(FINANCE, REFUND, { input: { chargeId: id, reason: 'GOODWILL', idempotencyKey: `t3-${ann.number}` } });
    const from = '2026-11-15T10:00:00Z';
    expect(ids(await history(ann))).toEqual(['t3', 't2', 't1']);
    expect(ids(await history(ann, { from, until: '2026-11-15T12:00:00Z' }))).toEqual(['t2', 't1']);
    expect(ids(await history(ann, { from: '2026-11-15T10:00:00.001Z' }))).toEqual(['t3', 't2']);
    expect(ids(await history(ann, { kinds: ['DATA'] }))).toEqual(['t3']);
    expect(ids(await history(ann, { kinds: [] }))).toEqual([]);
  });

  it('is empty of what is another\'s: product, account, tenant', async () => {
    const [ann, bob] = [await newcomer(), await newcomer()];
    await charged(voice(ann.number, '60'));
    expect(await history(ann, {}, bob.caller)).toBeNull();
    expect(await history(ann, {}, callerOf('CRM_AGENT', { tenantId: 2 }))).toBeNull();
    expect(ids(await history(bob))).toEqual([]);
    const { codes } = await w.ask(ann.caller, USAGES, { id: nodeId('Product', ann.productId), after: 'bm90aGluZw' });
    expect(codes).toEqual(['BAD_USER_INPUT']);
  });

  it('answers a page of an account\'s charges, newest first', async () => {
    const ann = await newcomer();
    const mine = [await charged(voice(ann.number, '60')), await charged(voice(ann.number, '60'))];
    const page = async (after: string | null) => {
      const { data } = await w.ask(ann.caller, `query($id: ID!, $after: Cursor) { billingAccount(id: $id) { charges(first: 2, after: $after) {
        nodes { id usage { charge { id } } } pageInfo { endCursor hasNextPage } } } }`, { id: nodeId('BillingAccount', ann.account.id), after });
      return (data!.billingAccount as { charges: { nodes: { id: string }[]; pageInfo: { endCursor: string; hasNextPage: boolean } } }).charges;
    };
    const first = await page(null);
    expect(first.nodes.map(({ id }) => id)).toEqual([...mine].reverse());
    const second = await page(first.pageInfo.endCursor);
    expect(second.nodes).toEqual([expect.objectContaining({ usage: null }), expect.objectContaining({ usage: null })]);
    expect(second.pageInfo.hasNextPage).toBe(true);
  });
});

const REFUND = `mutation($input: ChargeRefundInput!) { chargeRefund(input: $input) {
  refund { id charge { id state refunded ${MONEY} } reversal { id gross ${MONEY} quantity { amount } reversed { id } state explanation { steps { rule amount ${MONEY} } } }
    gross ${MONEY} returnedTo { bucket { kind } amount unit } }
  errors { code path } } }`;

describe('chargeRefund', () => {
  interface Payload { readonly refund: Record<string, never> | null; readonly errors: readonly { readonly code: string; readonly path: readonly string[] }[] }
  let keys = 0;
  async function refund(chargeId: string, over: Record<string, unknown> = {}, caller = FINANCE): Promise<Payload> {
    keys += 1;
    const { data, messages } = await w.ask(caller, REFUND, { input: { chargeId, reason: 'GOODWILL', idempotencyKey: `k${keys}`, ...over } });
    expect(messages).toEqual([]);
    return data!.chargeRefund as Payload;
  }

  it('gives all of a charge back, units too, once', async () => {
    const ann = await newcomer();
    const before = await spendable(w, ann);
    const id = await charged(voice(ann.number, '127'));
    const done = await refund(id, { idempotencyKey: 'whole', note: 'called twice' });
    expect(done).toMatchObject({ errors: [], refund: {
      charge: { id, state: 'REFUNDED', refunded: { amount: '0.12' } }, gross: { amount: '0.12', currency: 'EUR' },
      reversal: { gross: { amount: '-0.12' }, quantity: { amount: '-127' }, reversed: { id }, explanation: { steps: [{ rule: 'REFUND', amount: { amount: '-0.12' } }] } },
      returnedTo: [{ bucket: { kind: 'MONEY' }, amount: '0.12', unit: 'EUR' }, { bucket: { kind: 'UNIT' }, amount: '90', unit: 'SECOND' }],
    } });
    expect(await spendable(w, ann)).toBe(before);
    expect(await refund(id, { idempotencyKey: 'whole', note: 'called twice' })).toEqual(done);
    expect(await refund(id)).toMatchObject({ refund: null, errors: [{ code: 'CONFLICT', path: ['chargeId'] }] });
    expect(await refund(id, { idempotencyKey: 'whole', reason: 'DUPLICATE' })).toMatchObject({ errors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }] });
    const { results } = await w.send([voice(ann.number, '90')]);
    expect(results[0]!.charges[0]!.gross.amount).toBe('0.00');
    expect(await spendable(w, ann)).toBe(before);
  });

  it('gives money back in parts, never more than the charge', async () => {
    const ann = await newcomer();
    const id = await charged(voice(ann.number, '127'));
    const part = (amount: string) => refund(id, { amount: { amount, currency: 'EUR' } });
    expect(await part('0.05')).toMatchObject({ refund: { charge: { state: 'PARTLY_REFUNDED', refunded: { amount: '0.05' } }, returnedTo: [{ bucket: { kind: 'MONEY' } }] } });
    expect(await part('0.08')).toMatchObject({ refund: null, errors: [{ code: 'CONFLICT' }] });
    expect(await refund(id)).toMatchObject({ errors: [{ code: 'CONFLICT' }] });
    expect(await part('0.07')).toMatchObject({ refund: { charge: { state: 'REFUNDED', refunded: { amount: '0.12' } } } });
    expect((await charge(id))!.state).toBe('REFUNDED');
  });

  it.each<[string, Record<string, unknown>, string, string[]]>([
    ['another currency', { amount: { amount: '0.05', currency: 'USD' } }, 'CURRENCY_MISMATCH', ['amount', 'currency']],
    ['nothing', { amount: { amount: '0', currency: 'EUR' } }, 'INVALID_INPUT', ['amount']],
    ['a negative part', { amount: { amount: '-1', currency: 'EUR' } }, 'INVALID_INPUT', ['amount']],
    ['seven decimals', { amount: { amount: '0.0000001', currency: 'EUR' } }, 'INVALID_INPUT', ['amount', 'amount']],
    ['more than the charge', { amount: { amount: '0.13', currency: 'EUR' } }, 'INVALID_INPUT', ['amount']],
    ['an empty key', { idempotencyKey: '' }, 'INVALID_INPUT', ['idempotencyKey']],
    ['a broken note', { note: 'a\u0000b' }, 'INVALID_INPUT', ['note']],
    ['a forged id', { chargeId: 'Q2hhcmdlOjE' }, 'NOT_FOUND', ['chargeId']],
  ])('refuses %s and moves nothing', async (_, over, code, path) => {
    const ann = await newcomer();
    const id = await charged(voice(ann.number, '127'));
    const before = await spendable(w, ann);
    expect(await refund(id, over)).toMatchObject({ refund: null, errors: [{ code, path }] });
    expect(await spendable(w, ann)).toBe(before);
  });

  it('asked for twenty times at once gives back no more than the charge', async () => {
    const ann = await newcomer();
    const before = await spendable(w, ann);
    const id = await charged(voice(ann.number, '127'));
    const answers = await Promise.all(Array.from({ length: 20 }, () => refund(id, { amount: { amount: '0.05', currency: 'EUR' } })));
    expect(answers.filter(({ errors }) => errors.length === 0)).toHaveLength(2);
    expect(await spendable(w, ann)).toBe(before! - 20_000n);
  });

  it('is not for a refusal, nor for a refund', async () => {
    const ann = await newcomer('bundle', 16n);
    const id = await charged(voice(ann.number, '127'));
    await w.send([voice(ann.number, '3600')]);
    await refund(id);
    const { data } = await w.ask(FINANCE, 'query($id: ID!) { billingAccount(id: $id) { charges(first: 2) { nodes { id state reversed { id } } } } }',
      { id: nodeId('BillingAccount', ann.account.id) });
    const [reversal, refused] = (data!.billingAccount as { charges: { nodes: { id: string }[] } }).charges.nodes;
    expect([reversal, refused]).toEqual([expect.objectContaining({ reversed: { id } }), expect.objectContaining({ state: 'REFUSED' })]);
    for (const each of [reversal!, refused!]) expect(await refund(each.id)).toMatchObject({ refund: null, errors: [{ code: 'NOT_FOUND', path: ['chargeId'] }] });
  });

  it('is for agents within their limit and for finance, of their own tenant', async () => {
    const ann = await newcomer('bundle', 40n);
    const [small, large] = [await charged(voice(ann.number, '190')), await charged(voice(ann.number, '6000'))];
    expect(await refund(large, {}, AGENT)).toMatchObject({ errors: [{ code: 'LIMIT_EXCEEDED', path: ['chargeId'] }] });
    expect(await refund(large, { amount: { amount: '1.01', currency: 'EUR' } }, AGENT)).toMatchObject({ errors: [{ code: 'LIMIT_EXCEEDED' }] });
    expect(await refund(small, {}, callerOf('CRM_AGENT'))).toMatchObject({ errors: [{ code: 'LIMIT_EXCEEDED' }] });
    expect(await refund(small, {}, callerOf('CRM_AGENT', { moneyLimit: '1', moneyLimits: { EUR: '0.000001' } }))).toMatchObject({ errors: [{ code: 'LIMIT_EXCEEDED' }] });
    expect(await refund(small, {}, AGENT)).toMatchObject({ errors: [] });
    expect(await refund(large, {}, callerOf('FINANCE', { tenantId: 2 }))).toMatchObject({ errors: [{ code: 'NOT_FOUND' }] });
    expect(await refund(large)).toMatchObject({ errors: [] });
    const { codes } = await w.ask(ann.caller, REFUND, { input: { chargeId: small, reason: 'GOODWILL', idempotencyKey: 'own' } });
    expect(codes).toEqual(['FORBIDDEN']);
    const { rows } = await w.db.ownerPool.query(`select result, count(*)::int as times from audit_log where operation = 'chargeRefund'
      and object_id like $1 group by result order by result`, [`${ann.account.rootId}:%`]);
    expect(rows).toEqual([{ result: 'DONE', times: 2 }, { result: 'REFUSED', times: 4 }]);
  });
});
