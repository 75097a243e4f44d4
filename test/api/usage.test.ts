import { flatRate } from '../support/world';
import { callerOf, FINANCE, NETWORK, openUsageWorld, spendable, Subscriber, UsageWorld, voice } from './usage-world';

let w: UsageWorld;
let ann: Subscriber;
let next = 0;

/** A fresh subscriber with 10 EUR, paying 0.10 EUR a minute and 0.05 EUR a message. */
async function newcomer(euros = 10n): Promise<Subscriber & { readonly number: string }> {
  next += 1;
  const number = `3538600${10_000 + next}`;
  return { ...await w.subscriber({ number, offering: 'payg', euros }), number };
}
const sms = (msisdn: string, otherParty: string, over = {}): Record<string, unknown> =>
  ({ ...voice(msisdn, '0', over), voice: undefined, sms: { otherParty } });

beforeAll(async () => {
  w = await openUsageWorld();
  const rate = (zone: string, prefixes: string[], amount: string) =>
    ({ zone, prefixes, connectFee: '0', steps: [{ from: '0', amount, increment: '1' }] });
  const payg = { code: 'payg', usage: [
    { kind: 'VOICE', unit: 'SECOND' as const, per: '60', rates: [rate('Freephone', ['3531800'], '0'), rate('Voicemail', ['171'], '0.02'), rate('All', ['*'], '0.10')] },
    { kind: 'SMS', unit: 'EVENT' as const, per: '1', rates: flatRate('0.05') },
  ] };
  await w.world.offering(payg);
  await w.world.offering({ code: 'ireland', usage: [{ kind: 'VOICE', unit: 'SECOND', per: '60', rates: [rate('Ireland', ['353'], '0.10')] }] });
  await w.world.offering({ code: 'cheap', usage: [{ kind: 'VOICE', unit: 'SECOND', per: '60', rates: flatRate('0.01') }] });
  await w.world.offering({ ...payg, code: 'america', allowances: [{ code: 'america', kind: 'VOICE', unit: 'SECOND', quantity: '6000', step: '1', prefixes: ['1'] }] });
  await w.other.offering(payg);
  ann = await w.subscriber({ number: '353860000001', offering: 'payg' });
});
afterAll(() => w.close());

describe('a usage', () => {
  it('is charged exactly, once, whatever its number looks like', async () => {
    const usage = voice('086 000 0001', '180');
    const first = await w.send([usage]);
    expect(first).toMatchObject({ accepted: 1, duplicates: 0, errors: [] });
    expect(first.results[0]).toMatchObject({
      status: 'CHARGED', duplicate: false, error: null,
      charges: [{ role: 'RETAIL', net: { amount: '0.30', currency: 'EUR' }, tax: { amount: '0.00' }, gross: { amount: '0.30', currency: 'EUR' } }],
    });
    const again = await w.send([{ ...usage, subscriber: { msisdn: '+353860000001' } }]);
    expect(again).toMatchObject({ accepted: 0, duplicates: 1 });
    expect(again.results[0]).toEqual({ ...first.results[0], duplicate: true });
    expect(await spendable(w, ann)).toBe(9_700_000n);
  });

  it('is charged once where a call holds it twice, and where twenty calls bring it at once', async () => {
    const bob = await newcomer();
    const usage = voice(bob.number, '60');
    const twins = await w.send([usage, usage]);
    expect(twins).toMatchObject({ accepted: 1, duplicates: 1 });
    const crowd = voice(bob.number, '60');
    const answers = await Promise.all(Array.from({ length: 20 }, () => w.send([crowd])));
    expect(answers.filter(({ accepted }) => accepted === 1)).toHaveLength(1);
    expect(answers.filter(({ duplicates }) => duplicates === 1)).toHaveLength(19);
    expect(await spendable(w, bob)).toBe(9_800_000n);
  });

  it('of another sender may have the same id', async () => {
    const bob = await newcomer();
    const usage = voice(bob.number, '60');
    await w.send([usage], { source: 'a' });
    expect(await w.send([usage], { source: 'b' })).toMatchObject({ accepted: 1, duplicates: 0 });
    expect(await spendable(w, bob)).toBe(9_800_000n);
  });

  it('with another content under the same id is put aside, and the first stands', async () => {
    const bob = await newcomer();
    const usage = voice(bob.number, '60');
    const first = await w.send([usage]);
    const conflict = await w.send([{ ...usage, voice: { ...(usage.voice as object), quantity: { amount: '61', unit: 'SECOND' } } }]);
    expect(conflict.results[0]).toMatchObject({ status: 'QUARANTINED', charges: [], error: { code: 'USAGE_CONFLICT', retryable: false } });
    expect((await w.send([usage])).results[0]).toEqual({ ...first.results[0], duplicate: true });
    expect(await spendable(w, bob)).toBe(9_900_000n);
  });

  it('is refused for want of money, finally and with nothing moved, unless it was delivered', async () => {
    const bob = await newcomer(0n);
    const usage = voice(bob.number, '60');
    expect((await w.send([usage])).results[0]).toMatchObject({ status: 'REFUSED', charges: [], error: { code: 'INSUFFICIENT_BALANCE', retryable: false } });
    expect(await w.send([usage], { delivered: true })).toMatchObject({ refused: 0, duplicates: 1, results: [{ status: 'REFUSED' }] });
    expect(await w.send([voice(bob.number, '60')], { delivered: true })).toMatchObject({ accepted: 1 });
    const { rows } = await w.db.ownerPool.query('select value from bucket where root_id = $1 and id = 0', [bob.account.rootId.toString()]);
    expect(rows).toEqual([{ value: '-100000' }]);
  });

  it('that nobody answered costs nothing, whatever length is stated', async () => {
    const bob = await newcomer();
    const { results } = await w.send([voice(bob.number, '30', {}, { answered: false })]);
    expect(results[0]).toMatchObject({ status: 'CHARGED', charges: [{ gross: { amount: '0.00' } }] });
    expect(await spendable(w, bob)).toBe(10_000_000n);
  });

  it('is priced by the number as the dial plan reads it', async () => {
    const bob = await newcomer();
    const { results } = await w.send([
      voice(bob.number, '60', {}, { otherParty: '1800 123 456' }), voice(bob.number, '60', {}, { otherParty: '+353 1800 123456' }),
      voice(bob.number, '60', {}, { otherParty: '171' }), voice(bob.number, '60', {}, { otherParty: '0044 20 7946 0000' }),
      sms(bob.number, '0861111111'),
    ]);
    expect(results.map(({ status, charges }) => [status, charges[0]?.gross.amount ?? null])).toEqual([
      ['INVALID', null], ['CHARGED', '0.00'], ['CHARGED', '0.02'], ['CHARGED', '0.10'], ['CHARGED', '0.05'],
    ]);
    expect(results[0]!.error).toMatchObject({ code: 'INVALID_INPUT', path: ['usages', '0', 'voice', 'otherParty'] });
  });
});

it('an add-on of the same priority prices before its base, however narrow the price of the base', async () => {
  const number = '353860000776';
  const { account, productId: attachedTo } = await w.subscriber({ number, offering: 'ireland' });
  const bill = async () => (await w.send([voice(number, '60')])).results[0]!.charges[0]!.gross.amount;
  expect(await bill()).toBe('0.10');
  const made = await w.world.conductor.activate({ tenantId: 1, caller: 'test', key: 'add-on' },
    { accountId: account.id, offeringCode: 'cheap', startedAt: Date.parse('2026-09-01T00:00:00Z'), identifiers: [], attachedTo });
  expect(made.ok).toBe(true);
  expect(await bill()).toBe('0.01');
});

it('a second product of equal rank and start is refused when it is ordered, and changes nothing', async () => {
  const { account, productId } = await w.subscriber({ number: '353860000775', offering: 'ireland' });
  const order = (key: string, over: object) => w.world.conductor.activate({ tenantId: 1, caller: 'test', key }, {
    accountId: account.id, offeringCode: 'ireland', startedAt: Date.parse('2026-09-01T00:00:00Z'), identifiers: [], attachedTo: null, ...over,
  });
  expect(await order('equal-1', {})).toMatchObject({ ok: false, errors: [{ code: 'CONFLICT', path: ['offeringCode'] }] });
  expect(await order('equal-2', { startedAt: Date.parse('2026-09-01T00:00:01Z') })).toMatchObject({ ok: true });
  expect(await order('equal-3', { attachedTo: productId })).toMatchObject({ ok: true });
  expect(await order('equal-4', { attachedTo: productId })).toMatchObject({ ok: false, errors: [{ code: 'CONFLICT' }] });
  const { rows } = await w.db.ownerPool.query('select count(*)::int as products from product where account_id = $1', [account.id.toString()]);
  expect(rows).toEqual([{ products: 3 }]);
});

it('no allowance for a country pays for a code that begins alike', async () => {
  const number = '353860000777';
  await w.subscriber({ number, offering: 'america' });
  const bill = async (otherParty: string) => (await w.send([voice(number, '60', {}, { otherParty })])).results[0]!.charges[0]!.gross.amount;
  expect([await bill('0017145550100'), await bill('171')]).toEqual(['0.00', '0.02']);
});

it('a name and a service code are charged by a price that takes them, or put aside until there is one', async () => {
  const [number, strict] = ['353860000778', '353860000779'];
  await w.subscriber({ number, offering: 'payg' });
  await w.subscriber({ number: strict, offering: 'ireland' });
  const sent = await w.send([
    sms(number, 'AMAZON'), voice(number, '60', {}, { otherParty: '*100#' }), voice(strict, '60', {}, { otherParty: '*100#' }), voice(strict, '60', {}, { otherParty: '353 Taxi' }),
  ]);
  expect(sent).toMatchObject({ accepted: 2, quarantined: 2, invalid: 0 });
  expect(sent.results.map(({ status, charges, error }) => [status, charges[0]?.gross.amount ?? error!.code])).toEqual([
    ['CHARGED', '0.05'], ['CHARGED', '0.10'], ['QUARANTINED', 'RATING_FAILED'], ['QUARANTINED', 'RATING_FAILED'],
  ]);
  const open = await w.ask(NETWORK, '{ quarantinedUsages(first: 100) { nodes { usageId } } }');
  expect(JSON.stringify(open.data)).toContain(`"${sent.results[2]!.usageId}"`);
});

describe('an emergency call', () => {
  it('of a subscriber without money, even a barred one, is booked and free', async () => {
    const bob = await newcomer(0n);
    await w.db.ownerPool.query(`insert into product_suspension (shard, root_id, product_id, tenant_id, reason, level, valid_from)
      values ($1, $2, $3, 1, 'FRAUD', 'ALL', '2026-09-02')`, [bob.account.shard, bob.account.rootId.toString(), bob.productId.toString()]);
    const { results } = await w.send([voice(bob.number, '600', {}, { otherParty: '112' })]);
    expect(results[0]).toMatchObject({ status: 'CHARGED', charges: [{ gross: { amount: '0.00' } }], error: null });
  });

  it('of an unknown, or an impossible, number is taken in, free and without an account', async () => {
    const calls = [voice('353869999999', '600', {}, { otherParty: '112' }), voice('not a number', '600', {}, { otherParty: '999' })];
    const sent = await w.send(calls);
    expect(sent).toMatchObject({ accepted: 2, results: [{ status: 'CHARGED', charges: [], error: null }, { status: 'CHARGED', charges: [] }] });
    const open = await w.ask(NETWORK, '{ quarantinedUsages(first: 100) { nodes { usageId } } }');
    expect(JSON.stringify(open.data)).not.toContain(`"${calls[0]!.usageId as string}"`);
  });

  it('that comes back from an emergency number is free too, even without money', async () => {
    const bob = await newcomer(0n);
    const { results } = await w.send([voice(bob.number, '60', {}, { direction: 'INCOMING', otherParty: '112' })]);
    expect(results[0]).toMatchObject({ status: 'CHARGED', charges: [{ gross: { amount: '0.00' } }], error: null });
  });
});

describe('a call', () => {
  it('of 1,000 usages with bad ones among them charges the good ones, in the order asked', async () => {
    const bob = await newcomer(100n);
    const usages: Record<string, unknown>[] = Array.from({ length: 1_000 }, () => voice(bob.number, '6'));
    usages[0] = { ...usages[0], usageId: 'a\u0000b' };
    usages[499] = { ...usages[499], startedAt: 'yesterday' };
    usages[998] = { ...usages[998], subscriber: { msisdn: '353869999998' } };
    const sent = await w.send(usages);
    expect(sent).toMatchObject({ accepted: 997, invalid: 2, quarantined: 1, duplicates: 0, refused: 0, failed: 0 });
    expect(sent.results.map(({ usageId }) => usageId)).toEqual(usages.map(({ usageId }) => usageId));
    expect(sent.results[0]!.error).toMatchObject({ code: 'INVALID_INPUT', path: ['usages', '0', 'usageId'], retryable: false });
    expect(sent.results[499]!.error!.path).toEqual(['usages', '499', 'startedAt']);
    expect(sent.results[998]).toMatchObject({ status: 'QUARANTINED', error: { code: 'UNKNOWN_SUBSCRIBER', retryable: true } });
    expect(await spendable(w, bob)).toBe(100_000_000n - 997n * 10_000n);
  });

  it.each<[string, object[], string, string]>([
    ['no usage', [], 'msc1', 'usages'],
    ['1,001 usages', Array.from({ length: 1_001 }, () => voice('353860000001', '1')), 'msc1', 'usages'],
    ['a name of the product\'s own', [voice('353860000001', '1')], 'refund', 'source'],
    ['a name that is too long', [voice('353860000001', '1')], 'm'.repeat(65), 'source'],
    ['a name with a line end', [voice('353860000001', '1')], 'msc\n1', 'source'],
  ])('with %s is refused as a whole', async (_, usages, source, path) => {
    const before = await spendable(w, ann);
    expect(await w.send(usages, { source })).toMatchObject({ accepted: 0, results: [], errors: [{ code: 'INVALID_INPUT', path: [path] }] });
    expect(await spendable(w, ann)).toBe(before);
  });

  it.each(['SUBSCRIBER', 'CRM_AGENT', 'FINANCE', 'CHANNEL', 'ADMIN', 'ANONYMOUS'] as const)('by %s is not admitted', async (role) => {
    const { codes } = await w.ask(callerOf(role), 'mutation($input: UsageChargeInput!) { usageCharge(input: $input) { accepted } }',
      { input: { source: 'msc1', usages: [voice('353860000001', '1')] } });
    expect(codes).toEqual([role === 'ANONYMOUS' ? 'UNAUTHENTICATED' : 'FORBIDDEN']);
  });

  it('of another tenant neither reaches the subscriber nor sees what was sent', async () => {
    const usage = voice('353860000001', '60');
    const before = await spendable(w, ann);
    expect(await w.send([usage], { tenantId: 2 })).toMatchObject({ results: [{ status: 'QUARANTINED', error: { code: 'UNKNOWN_SUBSCRIBER' } }] });
    expect(await spendable(w, ann)).toBe(before);
    expect(await w.send([usage])).toMatchObject({ accepted: 1 });
    const { data } = await w.ask(FINANCE, '{ quarantinedUsages(first: 100) { nodes { usageId } } }');
    expect(JSON.stringify(data)).not.toContain(`"${usage.usageId as string}"`);
  });
});

it('a node that is full says so item by item, has done nothing, and takes the same usages later', async () => {
  const full = await openUsageWorld({ lanes: 1, queueMax: 5 });
  await full.world.offering({ code: 'payg', usage: [{ kind: 'VOICE', unit: 'SECOND', per: '60', rates: flatRate('0.10') }] });
  const bob = await full.subscriber({ number: '353860000009', offering: 'payg' });
  const usages = Array.from({ length: 20 }, () => voice('353860000009', '60'));
  const sent = await full.send(usages);
  expect(sent).toMatchObject({ accepted: 0, failed: 20 });
  expect(sent.results[7]).toMatchObject({ status: 'FAILED', charges: [], error: { code: 'OVERLOADED', retryable: true } });
  expect(await spendable(full, bob)).toBe(10_000_000n);
  for (let i = 0; i < 20; i += 5) expect(await full.send(usages.slice(i, i + 5))).toMatchObject({ accepted: 5, duplicates: 0 });
  expect(await spendable(full, bob)).toBe(8_000_000n);
  await full.close();
});
