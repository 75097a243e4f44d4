import { Conductor } from '../../src/charging';
import { OrderDraft } from '../../src/ordering/order-draft';
import { Order } from '../../src/ordering/order.types';
import { Refusal } from '../../src/platform/errors';
import { createTestDatabase, TestDatabase } from '../support';
import { agentKey, worldConductor, WorldAccount } from '../support/world';
import { expectSoundBooks, openScenario, Scenario, voice } from './money-scenario';
import { add, agentOf, draft, launchBundle, modify, msisdn, openOrderingBench, OrderingBench, remove, simulated, statesOf } from './ordering-world';

/** Bundles: ordered whole, kept within their counts whatever is ordered later, and ended whole. */
let db: TestDatabase;
let conductor: Conductor;
let bench: OrderingBench;
const line = { code: 'line', period: 'CALENDAR_MONTH' as const, fee: '5', usage: [voice('0.60')] };
const big = { code: 'big', period: 'CALENDAR_MONTH' as const, fee: '7', usage: [voice('0.30')] };
const tv = { code: 'tv', period: 'CALENDAR_MONTH' as const, fee: '3' };
const NUMBERS = ['353860000001', '353860000002', '353860000003', '353860000004'];

beforeAll(async () => {
  db = await createTestDatabase();
  conductor = worldConductor(db, { lanes: 1 });
  bench = await openOrderingBench(db, conductor);
});
afterEach(() => expectSoundBooks(db));
afterAll(async () => {
  await bench.close();
  await conductor.drain();
  await db.dispose();
});

async function shop(): Promise<{ s: Scenario; account: WorldAccount }> {
  const s = await openScenario(db, conductor, '2031-01-01T00:00:00Z');
  for (const offering of [line, big, tv]) await s.offering(offering);
  await launchBundle(db, s.tenantId, { code: 'family', fee: '20', components: [
    { code: 'line', lower: 2, upper: 3 }, { code: 'big', lower: 0, upper: 1 }, { code: 'tv', lower: 0, upper: 1, byDefault: 1 }] });
  await launchBundle(db, s.tenantId, { code: 'home', components: [{ code: 'tv', lower: 1, upper: 2, byDefault: 2 }] });
  const account = await s.account();
  await s.topUp(account, '500');
  return { s, account };
}

const create = (s: Scenario, given: OrderDraft): Promise<Order> => bench.orders.create(agentOf(s.tenantId), () => given);
const run = async (s: Scenario, account: WorldAccount, items: OrderDraft['items']): Promise<Order> =>
  (await bench.runner().advance(await create(s, draft(account, items))))!;
const inFamily = (key: string, code: string, number?: string) => add(key, code, { bundledInKey: 'family', ...(number !== undefined && msisdn(number)) });
const family = (...lines: readonly ReturnType<typeof add>[]) => [add('family', 'family'), ...lines];
const twoLines = family(inFamily('a', 'line', NUMBERS[0]), inFamily('b', 'line', NUMBERS[1]));
const idOf = (order: Order, key: string): bigint => order.items.find((item) => item.key === key)!.productId;
const refusalOf = async (work: Promise<unknown>): Promise<object | string> => work.then(() => 'DONE', (error: Refusal) => error.userError ?? error);
const living = async (s: Scenario, account: WorldAccount) => (await s.rows<{ code: string; bundle: string | null }>(account, `
  select o.code, b.id::text as bundle from product p join product_offering_version v on v.id = p.offering_version_id join product_offering o on o.id = v.offering_id
    left join product b on b.shard = p.shard and b.id = p.bundled_in where p.root_id = $1 and p.state in ('PENDING_ACTIVE', 'ACTIVE') order by p.id`))
  .map(({ code, bundle }) => [code, bundle]);
const everything = async (s: Scenario, account: WorldAccount) => JSON.stringify([
  await s.rows(account, 'select * from product where root_id = $1 order by id'), await s.rows(account, 'select * from product_order where root_id = $1 order by id'),
  await s.rows(account, 'select * from product_order_item where root_id = $1 order by order_id, ordinal')]);

describe('an order of a bundle', () => {
  it('makes its own product first, then the components in it, each with its own price', async () => {
    const { s, account } = await shop();
    const done = await run(s, account, twoLines);
    expect(statesOf(done)).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED', 'COMPLETED']);
    const bundle = idOf(done, 'family').toString();
    expect(await living(s, account)).toEqual([['family', null], ['line', bundle], ['line', bundle]]);
    expect(await s.spendable(account)).toBe('470.00');
    expect(await s.charge(NUMBERS[1]!, { seconds: 60n })).toMatchObject({ status: 'CHARGED', gross: '0.60' });
    expect(done.items.map(({ reliesOn }) => reliesOn)).toEqual([[], ['family'], ['family']]);
  });

  it('that names no component gets the default ones', async () => {
    const { s, account } = await shop();
    const done = await run(s, account, [add('home', 'home')]);
    expect(done.items.map(({ key, bundledIn, reliesOn }) => [key, bundledIn, reliesOn])).toEqual([
      ['home', null, []], ['home/1', idOf(done, 'home'), ['home']], ['home/2', idOf(done, 'home'), ['home']]]);
    expect((await living(s, account)).map(([code]) => code)).toEqual(['home', 'tv', 'tv']);
  });

  it('is one of its bundle: what names a component gets no default one', async () => {
    const { s, account } = await shop();
    expect((await run(s, account, twoLines)).items).toHaveLength(3);
    expect((await run(s, account, [add('home', 'home'), add('t', 'tv', { bundledInKey: 'home' })])).items).toHaveLength(2);
  });

  it('whose own product fails drops its components; whose component fails is done in part, and mended by another', async () => {
    const { s, account } = await shop();
    const network = Object.assign(Object.create(simulated(db)) as ReturnType<typeof simulated>, {
      fulfil: async ({ itemKey }: { itemKey: string }) => (itemKey === 'b' || itemKey === 'home' ? { kind: 'FAILED', note: 'no' } : { kind: 'DONE' }) });
    const home = await bench.runner(network).advance(await create(s, draft(account, [add('home', 'home')])));
    expect(statesOf(home)).toEqual(['FAILED', 'FAILED', 'FAILED', 'FAILED']);
    const part = await bench.runner(network).advance(await create(s, draft(account, twoLines)));
    expect(statesOf(part)).toEqual(['PARTIAL', 'COMPLETED', 'COMPLETED', 'FAILED']);
    const bundledIn = idOf(part!, 'family');
    const mended = await bench.runner().advance(await create(s, draft(account, [add('b', 'line', { bundledIn })], { restarts: part!.id })));
    expect(statesOf(mended)).toEqual(['COMPLETED', 'COMPLETED']);
  });

  it.each<[string, OrderDraft['items'], object]>([
    ['too few', family(inFamily('a', 'line')), { bundleCode: 'family', offeringCode: 'line', count: 1, lowerLimit: 2, upperLimit: 3, path: ['items', '0'] }],
    ['too many', [...twoLines, inFamily('c', 'line'), inFamily('d', 'line')], { offeringCode: 'line', count: 4, lowerLimit: 2, upperLimit: 3 }],
    ['too many of an option', [...twoLines, inFamily('t', 'tv'), inFamily('u', 'tv')], { offeringCode: 'tv', count: 2, lowerLimit: 0, upperLimit: 1 }],
    ['nothing where each must be named', [add('family', 'family')], { offeringCode: 'line', count: 0, lowerLimit: 2, upperLimit: 3 }],
    ['what is no component', [add('home', 'home'), add('x', 'line', { bundledInKey: 'home' }), add('t', 'tv', { bundledInKey: 'home' })],
      { bundleCode: 'home', offeringCode: 'line', count: 1, lowerLimit: 0, upperLimit: 0 }],
    ['a component of what is no bundle', [add('x', 'line'), add('t', 'tv', { bundledInKey: 'x' })], { bundleCode: 'line', offeringCode: 'tv', count: 1, upperLimit: 0 }],
    ['a bundle in a bundle', [add('home', 'home'), add('x', 'family', { bundledInKey: 'home' })], { offeringCode: 'tv', count: 0, lowerLimit: 1, upperLimit: 2 }],
    ['a component of a circle', [add('home', 'home', { reliesOn: ['t'] }), add('t', 'tv', { bundledInKey: 'home' })], { path: ['items', '0', 'reliesOn'] }],
    ['a component of no item', [add('t', 'tv', { bundledInKey: 'nobody' })], { path: ['items', '0', 'reliesOn'] }],
    ['the key of what comes along', [add('home', 'home'), add('home/1', 'line')], { path: ['items', '1', 'key'] }],
  ])('is refused before anything starts: %s', async (_, items, expected) => {
    const { s, account } = await shop();
    const before = await everything(s, account);
    expect(await refusalOf(create(s, draft(account, items)))).toMatchObject({ code: 'INVALID_INPUT', ...expected });
    expect(await everything(s, account)).toBe(before);
  });

  it('says which component, how many, and what is right', async () => {
    const { s, account } = await shop();
    expect(await refusalOf(create(s, draft(account, family(inFamily('a', 'line')))))).toMatchObject({
      message: 'With this order the bundle family would hold 1 of line; right are 2 to 3.' });
  });

  it('of an offering that is no longer sold says which component', async () => {
    const { s, account } = await shop();
    await db.ownerPool.query(`update product_offering_version set state = 'RETIRED', valid_until = '2031-01-01' where name = 'tv' and tenant_id = $1`, [s.tenantId]);
    expect(await refusalOf(create(s, draft(account, [add('home', 'home')])))).toMatchObject({ code: 'OFFERING_NOT_SOLD', offeringCode: 'tv', soldVersion: null });
  });
});

describe('a bundle that is there', () => {
  it('gets and loses components within its counts, and changes them for others of it', async () => {
    const { s, account } = await shop();
    const made = await run(s, account, twoLines);
    const bundledIn = idOf(made, 'family');
    const more = await run(s, account, [add('c', 'line', { bundledIn })]);
    expect(await refusalOf(create(s, draft(account, [add('d', 'line', { bundledIn })])))).toMatchObject({ code: 'INVALID_INPUT', count: 4, path: ['items', '0'] });
    await s.moveTo('2031-01-05T00:00:00Z');
    expect(statesOf(await run(s, account, [remove('a', idOf(made, 'a')), modify('c', idOf(more, 'c'), 'big'), add('e', 'line', { bundledIn })])))
      .toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED', 'COMPLETED']);
    expect((await living(s, account)).map(([code]) => code)).toEqual(['family', 'line', 'big', 'line']);
    expect(await refusalOf(create(s, draft(account, [remove('b', idOf(made, 'b'))])))).toMatchObject({ offeringCode: 'line', count: 1, lowerLimit: 2 });
    expect(await refusalOf(create(s, draft(account, [modify('b', idOf(made, 'b'), 'tv')])))).toMatchObject({ offeringCode: 'line', count: 1 });
  });

  it('counts what open orders will bring and take, and what will end', async () => {
    const { s, account } = await shop();
    const made = await run(s, account, [...twoLines, inFamily('c', 'line')]);
    const later = { requestedStart: Date.parse('2031-01-20T00:00:00Z') };
    const open = await create(s, draft(account, [remove('c', idOf(made, 'c'))], later));
    expect(await refusalOf(create(s, draft(account, [remove('b', idOf(made, 'b'))])))).toMatchObject({ offeringCode: 'line', count: 1 });
    await bench.orders.cancel(agentOf(s.tenantId), open.id, null);
    await run(s, account, [remove('c', idOf(made, 'c'), { takesEffect: 'PERIOD_END' })]);
    expect(await refusalOf(create(s, draft(account, [remove('b', idOf(made, 'b'))])))).toMatchObject({ offeringCode: 'line', count: 1 });
    const bundledIn = idOf(made, 'family');
    await create(s, draft(account, [add('t', 'tv', { bundledIn })], later));
    expect(await refusalOf(create(s, draft(account, [add('t', 'tv', { bundledIn })])))).toMatchObject({ offeringCode: 'tv', count: 2 });
    expect(await refusalOf(create(s, draft(account, [remove('f', bundledIn)])))).toMatchObject({ code: 'CONFLICT', path: ['items', '0', 'productId'] });
  });

  it('is left alone by others while an open order changes it', async () => {
    const { s, account } = await shop();
    await launchBundle(db, s.tenantId, { code: 'clan', components: [{ code: 'line', lower: 1, upper: 10 }] });
    const made = await run(s, account, [...twoLines, inFamily('c', 'line')]);
    const bundledIn = idOf(made, 'family');
    await create(s, draft(account, [modify('f', bundledIn, 'clan')], { requestedStart: Date.parse('2031-01-20T00:00:00Z') }));
    for (const [items, field] of [[[add('t', 'tv', { bundledIn })], 'bundledInProductId'], [[remove('c', idOf(made, 'c'))], 'productId'],
      [[modify('c', idOf(made, 'c'), 'big')], 'productId'], [[remove('f', bundledIn)], 'productId']] as const) {
      expect(await refusalOf(create(s, draft(account, items)))).toMatchObject({ code: 'CONFLICT', path: ['items', '0', field] });
    }
  });

  it('is never filled over its counts by orders that come at once', async () => {
    const { s, account } = await shop();
    const bundledIn = idOf(await run(s, account, twoLines), 'family');
    const answers = await Promise.all(Array.from({ length: 8 }, (_, at) => refusalOf(create(s, draft(account, [add(`n${at}`, 'line', { bundledIn })])))));
    expect(answers.filter((answer) => answer === 'DONE')).toHaveLength(1);
  });

  it('changes to another bundle that admits what it holds, and to no other', async () => {
    const { s, account } = await shop();
    await launchBundle(db, s.tenantId, { code: 'clan', fee: '30', components: [{ code: 'line', lower: 1, upper: 10 }] });
    const made = await run(s, account, twoLines);
    await s.moveTo('2031-01-05T00:00:00Z');
    const bundle = idOf(made, 'family');
    expect(await refusalOf(create(s, draft(account, [modify('f', bundle, 'home')])))).toMatchObject({ bundleCode: 'home', offeringCode: 'tv', count: 0, lowerLimit: 1 });
    expect(await refusalOf(create(s, draft(account, [modify('f', bundle, 'tv')])))).toMatchObject({ bundleCode: 'tv', offeringCode: 'line', count: 2, upperLimit: 0 });
    expect(statesOf(await run(s, account, [modify('f', bundle, 'clan')]))).toEqual(['COMPLETED', 'COMPLETED']);
    expect((await living(s, account)).map(([code]) => code)).toEqual(['clan', 'line', 'line']);
  });
});

describe('the end of a bundle', () => {
  it('takes everything in it along, before itself', async () => {
    const { s, account } = await shop();
    const made = await run(s, account, twoLines);
    await s.moveTo('2031-01-05T00:00:00Z');
    const ended = await run(s, account, [remove('b', idOf(made, 'b')), remove('f', idOf(made, 'family'))]);
    expect(ended.items.map(({ key, action, reliesOn, state }) => [key, action, reliesOn, state])).toEqual([
      ['b', 'DELETE', [], 'COMPLETED'], ['f', 'DELETE', ['b', 'f/1'], 'COMPLETED'], ['f/1', 'DELETE', [], 'COMPLETED']]);
    expect(await living(s, account)).toEqual([]);
    expect(await s.charge(NUMBERS[0]!)).toMatchObject({ status: 'QUARANTINED' });
  });

  it('at the end of its period ends all then, also what has a period of its own', async () => {
    const { s, account } = await shop();
    await s.offering({ code: 'weekly', period: 'WEEK', fee: '1' });
    await launchBundle(db, s.tenantId, { code: 'mixed', fee: '9', components: [{ code: 'weekly', lower: 1, upper: 2, byDefault: 2 }] });
    const made = await run(s, account, [add('m', 'mixed')]);
    await run(s, account, [remove('one', idOf(made, 'm/1'), { takesEffect: 'PERIOD_END' })]);
    expect(statesOf(await run(s, account, [remove('m', idOf(made, 'm'), { takesEffect: 'PERIOD_END' })]))).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED']);
    const ends = await s.rows<{ ended_at: Date }>(account, 'select ended_at from product where root_id = $1 order by id');
    expect(ends.map(({ ended_at: end }) => end.toISOString().slice(0, 10))).toEqual(['2031-02-01', '2031-01-06', '2031-02-01']);
  });

  it.each<[string, (made: Order) => OrderDraft['items'], object]>([
    ['a component is changed', (made) => [remove('f', idOf(made, 'family')), modify('a', idOf(made, 'a'), 'big')], { code: 'INVALID_INPUT', path: ['items', '1', 'action'] }],
    ['a component ends later', (made) => [remove('f', idOf(made, 'family')), remove('a', idOf(made, 'a'), { takesEffect: 'PERIOD_END' })], { code: 'INVALID_INPUT', path: ['items', '1', 'when'] }],
    ['a component is added', (made) => [remove('f', idOf(made, 'family')), add('t', 'tv', { bundledIn: idOf(made, 'family') })], { code: 'INVALID_INPUT', path: ['items', '1', 'bundledInProductId'] }],
  ])('is refused where in the same order %s', async (_, items, expected) => {
    const { s, account } = await shop();
    const made = await run(s, account, twoLines);
    const before = await everything(s, account);
    expect(await refusalOf(create(s, draft(account, items(made))))).toMatchObject(expected);
    expect(await everything(s, account)).toBe(before);
  });

  it('does not come before that of its components, whoever asks for it, and is taken back with theirs', async () => {
    const { s, account } = await shop();
    const made = await run(s, account, twoLines);
    const [productId, a] = [idOf(made, 'family'), idOf(made, 'a')];
    const key = (name: string) => agentKey(s.tenantId, name);
    expect(await conductor.terminate(key('t'), { productId, at: null })).toMatchObject({ ok: false, errors: [{ code: 'CONFLICT' }] });
    await run(s, account, [remove('f', productId, { takesEffect: 'PERIOD_END' })]);
    expect(await conductor.products.withdrawEnd(key('w1'), { productId: a })).toMatchObject({ ok: false, errors: [{ code: 'CONFLICT' }] });
    expect(await conductor.products.withdrawEnd(key('w2'), { productId })).toMatchObject({ ok: true });
    expect(await conductor.products.withdrawEnd(key('w3'), { productId: a })).toMatchObject({ ok: true });
    await conductor.terminate(key('t2'), { productId: idOf(made, 'b'), at: null });
  });
});

it('a bundle is made by an order alone', async () => {
  const { s, account } = await shop();
  expect(await s.activate(account, 'home')).toMatchObject({ ok: false, errors: [{ code: 'INVALID_INPUT' }] });
  const made = await run(s, account, [add('t', 'tv')]);
  await s.moveTo('2031-01-05T00:00:00Z');
  expect(await conductor.products.changeOffering(agentKey(s.tenantId, 'c'), {
    productId: idOf(made, 't'), offeringCode: 'home', offeringVersion: null, when: 'NOW', expectedVersion: null,
  })).toMatchObject({ ok: false, errors: [{ code: 'INVALID_INPUT' }] });
});
