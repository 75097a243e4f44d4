import { parseAmount } from '../../src/platform/money';
import { flatRate } from '../support/world';
import { dataUsage, NOW, openUsageWorld, SentResult, spendable, Subscriber, UsageWorld, voice } from './usage-world';

/*
 * What comes in from real networks, row by row of the domain's catalogue of bad input, sent through the API to a real
 * database. Business time is 16 November 2026, noon, and runs on.
 */

let w: UsageWorld;
let next = 0;
type Line = Subscriber & { readonly number: string };

async function newcomer(offering = 'payg', euros = 50n, startedAt = '2026-09-10T00:00:00Z'): Promise<Line> {
  next += 1;
  const number = `3538800${10_000 + next}`;
  return { ...await w.subscriber({ number, offering, euros, startedAt }), number };
}
async function one(usage: Record<string, unknown>, over: { readonly delivered?: boolean } = {}): Promise<SentResult> {
  return (await w.send([usage], over)).results[0]!;
}
const gross = ({ charges }: SentResult): string | null => charges[0]?.gross.amount ?? null;
const minutesFromNow = (minutes: number): string => new Date(NOW + minutes * 60_000).toISOString();
const bytes = (amount: string) => ({ quantity: { amount, unit: 'BYTE' } });

/** Every node's picture of the root is old from here on. */
const raised = async ({ account }: Line): Promise<void> => {
  await w.db.ownerPool.query('update bucket set setup_version = setup_version + 1 where shard = $1 and root_id = $2 and id = 0',
    [account.shard, account.rootId.toString()]);
};

/** From 10 November on the one price of the line's product is another version of it. */
async function reprice(line: Line, perMinute: string, currency: string): Promise<void> {
  const product = line.productId.toString();
  await w.db.ownerPool.query(`
    with old as (
      update price_assignment set valid_until = '2026-11-10' where product_id = $1 returning *),
    made as (
      insert into price_version (tenant_id, price_id, offering_version_id, version, price_type, name, currency, unit, per, is_prorated, tax_class,
          tax_included, revenue_account, recognition, definition)
        select pv.tenant_id, pv.price_id, offering_version_id, 2, price_type, name, $3, unit, per, is_prorated, tax_class, tax_included, revenue_account,
          recognition, replace(definition::text, '"0.10"', to_json($2::text)::text)::json
          from old join price_version pv on pv.id = old.price_version_id returning id, price_id)
    insert into price_assignment (shard, root_id, product_id, tenant_id, price_id, price_version_id, valid_from)
      select old.shard, old.root_id, old.product_id, old.tenant_id, old.price_id, made.id, '2026-11-10' from old join made using (price_id)`,
  [product, perMinute, currency]);
  await raised(line);
}

const NIGHT = [{
  zone: 'All', prefixes: [], connectFee: '0', steps: [{ from: '0', amount: '0.60', increment: '1' }],
  windows: [{ name: 'Night', weekdays: [], dates: [], from: '00:00', until: '02:00', weight: 1, connectFee: '0', steps: [{ from: '0', amount: '0.06', increment: '1' }] }],
}];

beforeAll(async () => {
  w = await openUsageWorld();
  const voicePrice = (rates: unknown) => ({ kind: 'VOICE', unit: 'SECOND' as const, per: '60', rates });
  await w.world.offering({ code: 'payg', usage: [voicePrice(flatRate('0.10')), { kind: 'DATA', unit: 'BYTE', per: '1000000', rates: flatRate('1'), conditions: [] }] });
  await w.world.offering({ code: 'dated', usage: [voicePrice(flatRate('0.10'))] });
  await w.world.offering({ code: 'groups', usage: [
    { kind: 'DATA', unit: 'BYTE', per: '1000000', rates: flatRate('1'), conditions: [{ attribute: 'ratingGroup', in: ['10', '20'] }] }] });
  await w.world.offering({ code: 'night', usage: [voicePrice(NIGHT), { kind: 'DATA', unit: 'BYTE', per: '1000000', rates: NIGHT }] });
  await w.world.offering({ code: 'abroad', usage: [voicePrice(flatRate('0.10'))] });
  await w.world.offering({ code: 'crumbs', usage: [voicePrice(flatRate('0.001'))] });
  // A launched version is immutable; these tests write further price versions below the catalog.
  await w.db.ownerPool.query('alter table price_version disable trigger user');
});
afterAll(() => w.close());

describe('the same usage again', () => {
  it('row 1: an exact duplicate is answered with the first result', async () => {
    const ann = await newcomer();
    const usage = voice(ann.number, '60');
    const first = await one(usage);
    expect(await one(usage)).toEqual({ ...first, duplicate: true });
    expect(await spendable(w, ann)).toBe(49_900_000n);
  });

  it('row 2: the same id with other content is put aside, and overwrites nothing', async () => {
    const ann = await newcomer();
    const usage = dataUsage(ann.number, bytes('1000000'));
    await one(usage);
    expect(await one({ ...usage, data: bytes('2000000') })).toMatchObject({ status: 'QUARANTINED', error: { code: 'USAGE_CONFLICT' } });
    expect(await spendable(w, ann)).toBe(49_000_000n);
    const { rows } = await w.db.ownerPool.query(`select body->>'quantity' as quantity, state from unguided_usage where event_id = $1`, [usage.usageId]);
    expect(rows).toEqual([{ quantity: '2000000', state: 'OPEN' }]);
  });
});

describe('the time of a usage', () => {
  it('row 4: out of order, each is priced by its own time', async () => {
    const [ann, bob] = [await newcomer('night'), await newcomer('night')];
    const early = (line: Line) => voice(line.number, '60', { startedAt: '2026-11-15T01:00:00Z' });
    const late = (line: Line) => voice(line.number, '60', { startedAt: '2026-11-15T12:00:00Z' });
    expect([gross(await one(early(ann))), gross(await one(late(ann)))]).toEqual(['0.06', '0.60']);
    expect([gross(await one(late(bob))), gross(await one(early(bob)))]).toEqual(['0.60', '0.06']);
    expect(await spendable(w, ann)).toBe(await spendable(w, bob));
  });

  it('row 5: late in an open period, it pays the price that was valid at its time', async () => {
    const ann = await newcomer('dated');
    await reprice(ann, '0.50', 'EUR');
    const { results } = await w.send(['2026-11-11T12:00:00Z', '2026-11-09T12:00:00Z', '2026-11-09T23:59:59.999Z', '2026-11-10T00:00:00Z']
      .map((startedAt) => voice(ann.number, '60', { startedAt })));
    expect(results.map(gross)).toEqual(['0.50', '0.10', '0.10', '0.50']);
  });

  it.each<[string, string, string, string | null]>([
    ['four minutes ahead', minutesFromNow(4), 'CHARGED', null],
    ['twenty minutes ahead', minutesFromNow(20), 'QUARANTINED', 'USAGE_IN_FUTURE'],
    ['59 days ago', minutesFromNow(-59 * 1440), 'CHARGED', null],
    ['61 days ago', minutesFromNow(-61 * 1440), 'QUARANTINED', 'USAGE_TOO_LATE'],
  ])('rows 6 and 7: %s', async (_, startedAt, status, code) => {
    const ann = await newcomer();
    expect(await one(voice(ann.number, '60', { startedAt }))).toMatchObject({ status, error: code && { code } });
    expect(await spendable(w, ann)).toBe(code ? 50_000_000n : 49_900_000n);
  });

  it.each<[string, Record<string, unknown>, string, string, string | null]>([
    ['zero is free', {}, '0', 'CHARGED', null],
    ['an end before the start', { endedAt: '2026-11-16T11:29:59.999Z' }, '60', 'QUARANTINED', 'USAGE_TOO_LONG'],
    ['an end a second and a day later', { startedAt: '2026-11-15T11:00:00Z', endedAt: '2026-11-16T11:00:01Z' }, '60', 'QUARANTINED', 'USAGE_TOO_LONG'],
    ['more seconds than a day has', {}, '86401', 'QUARANTINED', 'USAGE_TOO_LONG'],
    ['a wrapped counter', {}, '9223372036854775807', 'QUARANTINED', 'USAGE_TOO_LONG'],
  ])('row 8: %s', async (_, over, seconds, status, code) => {
    const ann = await newcomer();
    expect(await one(voice(ann.number, seconds, over), { delivered: true })).toMatchObject({ status, error: code && { code } });
    expect(await spendable(w, ann)).toBe(50_000_000n);
  });

  it('row 24: over a tariff boundary a call is cut by the clock, data takes the window of its start', async () => {
    const ann = await newcomer('night');
    const startedAt = '2026-11-15T23:50:00Z';
    expect(gross(await one(voice(ann.number, '1200', { startedAt })))).toBe('6.60');
    expect(gross(await one(dataUsage(ann.number, bytes('1000000'), { startedAt })))).toBe('0.60');
    expect(gross(await one(dataUsage(ann.number, bytes('1000000'), { startedAt: '2026-11-16T00:00:00Z' })))).toBe('0.06');
  });

  it('row 25: in the doubled hour the window holds twice, and the duration is that of UTC', async () => {
    const ann = await newcomer('night');
    // 01:30 in summer time; 02:00 in winter time, where the window ends, comes 90 minutes later.
    expect(gross(await one(voice(ann.number, '7200', { startedAt: '2026-10-25T00:30:00Z' })))).toBe('23.40');
    expect(gross(await one(voice(ann.number, '7200', { startedAt: '2026-10-25T01:30:00+01:00' })))).toBe('23.40');
    expect(await one(voice(ann.number, '60', { startedAt: '2026-10-25T01:30:00' }))).toMatchObject({ status: 'INVALID', error: { path: ['usages', '0', 'startedAt'] } });
  });
});

describe('whose it is', () => {
  it('row 9: an unknown subscriber is put aside, delivered or not', async () => {
    for (const delivered of [true, false]) {
      expect(await one(voice('353899999999', '60'), { delivered })).toMatchObject({ status: 'QUARANTINED', error: { code: 'UNKNOWN_SUBSCRIBER', retryable: true } });
    }
  });

  it('row 10: a product that was not active yet does not serve it, though it is active now', async () => {
    const ann = await newcomer('payg', 50n, '2026-10-10T00:00:00Z');
    await w.db.ownerPool.query(`update identifier set valid_from = '2026-09-20' where value = $1`, [ann.number]);
    await raised(ann);
    expect(await one(voice(ann.number, '60', { startedAt: '2026-10-01T00:00:00Z' }))).toMatchObject({ status: 'QUARANTINED', error: { code: 'PRODUCT_NOT_ACTIVE' } });
    expect(await one(voice(ann.number, '60', { startedAt: '2026-10-10T00:00:00Z' }))).toMatchObject({ status: 'CHARGED' });
    expect(await spendable(w, ann)).toBe(49_900_000n);
  });

  it('row 11: a recycled number belongs to who owned it at the time', async () => {
    const ann = await newcomer('payg', 50n, '2026-09-20T00:00:00Z');
    await w.db.ownerPool.query(`update identifier set valid_until = '2026-10-15' where value = $1`, [ann.number]);
    await raised(ann);
    const bob = await w.subscriber({ number: ann.number, offering: 'payg', euros: 50n, startedAt: '2026-11-01T00:00:00Z' });
    const { results } = await w.send(['2026-10-14T23:59:59.999Z', '2026-10-15T00:00:00Z', '2026-11-01T00:00:00Z'].map((startedAt) => voice(ann.number, '60', { startedAt })));
    expect(results.map(({ status }) => status)).toEqual(['CHARGED', 'QUARANTINED', 'CHARGED']);
    expect(await spendable(w, ann)).toBe(49_900_000n);
    expect(await spendable(w, bob)).toBe(49_900_000n);
  });
});

describe('how much it is', () => {
  it.each(['-1', '1.5', '1e3', '0x10', ' 1', '', '9223372036854775808', '18446744073709551615'])('rows 13 and 14: %j units are refused', async (amount) => {
    const ann = await newcomer();
    expect(await one(dataUsage(ann.number, bytes(amount)))).toMatchObject({ status: 'INVALID', error: { code: 'INVALID_INPUT', path: ['usages', '0', 'data', 'quantity', 'amount'], retryable: false } });
    expect(await spendable(w, ann)).toBe(50_000_000n);
  });

  it('row 14: above 2^53 every unit counts', async () => {
    const ann = await newcomer();
    const result = await one(dataUsage(ann.number, bytes('9007199254740993')), { delivered: true });
    expect(gross(result)).toBe('9007199254.740993');
    const { data } = await w.ask(ann.caller, 'query($id: ID!) { charge(id: $id) { quantity { amount } } }', { id: result.charges[0]!.id });
    expect(data!.charge).toEqual({ quantity: { amount: '9007199254740993' } });
  });

  it('row 14: a JSON number is refused with its place, never rounded', async () => {
    const ann = await newcomer();
    const usages = [dataUsage(ann.number, bytes('1')), dataUsage(ann.number, { quantity: { amount: 9007199254740992, unit: 'BYTE' } })];
    await expect(w.send(usages)).rejects.toThrow('"input.usages[1].data.quantity.amount"');
    expect(await spendable(w, ann)).toBe(50_000_000n);
  });

  it.each<[string, Record<string, unknown>, string, number]>([
    ['only directions: their sum', { uplinkVolume: '400000', downlinkVolume: '600000' }, '1.00', 0],
    ['total and directions agree', { ...bytes('1000000'), uplinkVolume: '400000', downlinkVolume: '600000' }, '1.00', 0],
    ['they differ: the total, with a warning', { ...bytes('1000000'), uplinkVolume: '400000', downlinkVolume: '700000' }, '1.00', 1],
  ])('row 15: %s', async (_, data, expected, warnings) => {
    const result = await one(dataUsage((await newcomer()).number, data));
    expect(gross(result)).toBe(expected);
    expect(result.warnings).toEqual(Array.from({ length: warnings }, () => ({ path: ['usages', '0', 'data', 'quantity'] })));
  });
});

describe('what it costs', () => {
  it('row 22: an unknown rating group is put aside, the others go on', async () => {
    const ann = await newcomer('groups');
    const { results } = await w.send([['10'], ['99'], ['20'], []].map(([value]) =>
      dataUsage(ann.number, bytes('1000000'), { attributes: value ? [{ name: 'ratingGroup', value }] : [] })));
    expect(results.map(({ status, error }) => error?.code ?? status)).toEqual(['CHARGED', 'RATING_FAILED', 'CHARGED', 'RATING_FAILED']);
    expect(await spendable(w, ann)).toBe(48_000_000n);
  });

  it('row 23: without a price nothing is guessed', async () => {
    const ann = await newcomer('groups');
    expect(await one(voice(ann.number, '60'), { delivered: true })).toMatchObject({ status: 'QUARANTINED', charges: [], error: { code: 'RATING_FAILED' } });
    expect(await spendable(w, ann)).toBe(50_000_000n);
  });

  it('row 27: a price in another currency is never taken from this one', async () => {
    const ann = await newcomer('abroad');
    await reprice(ann, '0.10', 'USD');
    expect(await one(voice(ann.number, '60'), { delivered: true })).toMatchObject({ status: 'QUARANTINED', error: { code: 'CURRENCY_MISMATCH' } });
    expect(await spendable(w, ann)).toBe(50_000_000n);
    expect(gross(await one(voice(ann.number, '60', { startedAt: '2026-11-09T12:00:00Z' })))).toBe('0.10');
  });

  it('row 27: units are never read as other units', async () => {
    const ann = await newcomer();
    expect(await one(voice(ann.number, '60', {}, { quantity: { amount: '60', unit: 'BYTE' } }))).toMatchObject({ status: 'INVALID', error: { path: ['usages', '0', 'voice', 'quantity', 'unit'] } });
  });

  it('row 28: each of many small charges is exact to six decimals, and together they are what was taken', async () => {
    const ann = await newcomer('crumbs');
    const { results } = await w.send(Array.from({ length: 300 }, (_, index) => voice(ann.number, `${index % 3 * 10 + 10}`)));
    expect(results.slice(0, 3).map(gross)).toEqual(['0.000167', '0.000333', '0.0005']);
    const total = results.reduce((sum, result) => sum + parseAmount(gross(result)!)!, 0n);
    expect(total).toBe(100_000n);
    expect(await spendable(w, ann)).toBe(50_000_000n - total);
  });
});

describe('row 50: poison', () => {
  it.each<[string, (line: Line) => Record<string, unknown>, string[]]>([
    ['U+0000 in an id', ({ number }) => voice(number, '60', { usageId: 'a\u0000' }), ['usageId']],
    ['half a character in an id', ({ number }) => voice(number, '60', { usageId: '\ud800' }), ['usageId']],
    ['half a character in an attribute', ({ number }) => voice(number, '60', { attributes: [{ name: 'place', value: 'x\udc00' }] }), ['attributes', '0', 'value']],
    ['U+0000 in a number', ({ number }) => voice(`${number}\u0000`, '60'), ['subscriber', 'msisdn']],
    ['SQL in a number', () => voice('1\'; drop table charge; --', '60'), ['subscriber', 'msisdn']],
    ['an id of a megabyte', ({ number }) => voice(number, '60', { usageId: 'u'.repeat(1_000_000) }), ['usageId']],
    ['a number of a megabyte', () => voice('3'.repeat(1_000_000), '60'), ['subscriber', 'msisdn']],
  ])('%s is its own error, its neighbours are charged, nothing is stored of it', async (_, poison, path) => {
    const ann = await newcomer();
    const sent = await w.send([voice(ann.number, '60'), poison(ann), voice(ann.number, '60')]);
    expect(sent).toMatchObject({ accepted: 2, invalid: 1 });
    expect(sent.results[1]).toMatchObject({ status: 'INVALID', error: { code: 'INVALID_INPUT', path: ['usages', '1', ...path], retryable: false } });
    expect(sent.results[1]!.usageId.length).toBeLessThanOrEqual(128);
    expect(await spendable(w, ann)).toBe(49_800_000n);
    const { rows } = await w.db.ownerPool.query('select count(*)::int as stored from charge where root_id = $1 and source = $2', [ann.account.rootId.toString(), 'msc1']);
    expect(rows).toEqual([{ stored: 2 }]);
  });

  it('an amount that the books cannot hold is its own error, its neighbours are charged', async () => {
    const [ann, bob] = [await newcomer(), await newcomer()];
    // Just below the bound of one usage: 10,000 million euro each, and a bucket holds a hundred of them.
    const vast = () => dataUsage(ann.number, bytes('9999999999999999'));
    const many = await w.send(Array.from({ length: 100 }, vast), { delivered: true });
    expect(many).toMatchObject({ accepted: 100 });
    const sent = await w.send([voice(bob.number, '60'), vast(), voice(bob.number, '60')], { delivered: true });
    expect(sent).toMatchObject({ accepted: 2, quarantined: 1, results: [{}, { status: 'QUARANTINED', error: { code: 'RATING_FAILED' } }, {}] });
    expect(await spendable(w, bob)).toBe(49_800_000n);
  });

  it('a counter that wrapped is put aside, whatever it counts', async () => {
    const ann = await newcomer();
    const sent = await w.send([dataUsage(ann.number, bytes('9223372036854775807')), voice(ann.number, '60')], { delivered: true });
    expect(sent).toMatchObject({ accepted: 1, quarantined: 1, results: [{ status: 'QUARANTINED', error: { code: 'USAGE_TOO_LONG' } }, {}] });
    expect(await spendable(w, ann)).toBe(49_900_000n);
  });
});
