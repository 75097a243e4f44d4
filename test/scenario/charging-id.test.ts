import { compareRecords } from '../../src/charging';
import type { UsageEvent } from '../../src/usage/usage.types';
import { createTestDatabase, TestDatabase, violationsOf } from '../support';
import { call, createWorld, flatRate, World, WorldAccount, agentKey } from '../support/world';
import { amount, quantity } from '../../src/platform/money';

/*
 * A record (CDR) of what was charged online is compared and not charged; any other is charged. Each row of the table is a
 * subscriber of his own: what is sent, in order, and what became of it and of the comparison of its charging id.
 */
let db: TestDatabase;
let world: World;
const SOURCE = 'cdr';

beforeAll(async () => {
  db = await createTestDatabase();
  world = await createWorld(db);
  await world.offering({ code: 'minutes', usage: [{ kind: 'VOICE', unit: 'SECOND', per: '60', rates: flatRate('0.60') }] });
  await db.ownerPool.query(`insert into usage_record_source values (1, '${SOURCE}'), (1, 'cdr-2')`);
});
afterAll(async () => {
  expect(await violationsOf(db.appPool)).toEqual([]);
  await world.close();
  await db.dispose();
});

let next = 0;
interface Line { readonly account: WorldAccount; readonly number: string; readonly imsi: string }
async function line(within?: WorldAccount): Promise<Line> {
  const [number, imsi] = [`3538600${20_000 + (next += 1)}`, `27201${1_000_000_000 + next}`];
  const account = within ?? await world.account();
  if (!within) {
    await world.conductor.topUp(agentKey(1, `t${number}`), { accountId: account.id,
      funding: { kind: 'AGENT', amount: amount(90_000_000n), currency: 'EUR', promotional: false, validUntil: null } });
  }
  expect(await world.conductor.activate(agentKey(1, `a${number}`), { accountId: account.id, offeringCode: 'minutes', startedAt: Date.now() - 400 * 86_400_000,
    identifiers: [{ kind: 'MSISDN', value: number }, { kind: 'IMSI', value: imsi }], attachedTo: null })).toMatchObject({ ok: true });
  return { account, number, imsi };
}

const online = (to: Line, seconds: bigint, chargingId: string, over: Partial<UsageEvent> = {}): UsageEvent => call(to.number, seconds, { chargingId, ...over });
const cdr = (to: Line, seconds: bigint, chargingId: string, over: Partial<UsageEvent> = {}): UsageEvent =>
  call(to.number, seconds, { chargingId, isRecord: true, source: SOURCE, ...over });
const send = async (...events: UsageEvent[]): Promise<string[]> =>
  (await world.conductor.chargeUsage(events, { delivered: true, lateLimitDays: undefined })).map(({ status, duplicate }) => (duplicate ? `${status} again` : status));
/** [online, its usages, recorded, records, charged as recorded] of each comparison of the line's root. */
const compared = async ({ account }: Line): Promise<(string | number)[][]> => (await db.appPool.query<Record<string, string | number>>(`
  select charging_id, online_quantity, online_usages, record_quantity, records, charged_quantity, charged_records from usage_comparison
   where root_id = $1 order by charging_id, source, unit, owner_id`, [account.rootId.toString()])).rows.map((row) => Object.values(row));
const spent = async ({ account }: Line): Promise<string> => (await db.appPool.query<{ spent: string }>(
  `select coalesce(sum(net + tax), 0)::text as spent from charge where root_id = $1`, [account.rootId.toString()])).rows[0]!.spent;

type Case = readonly [what: string, events: (line: Line) => UsageEvent[], statuses: readonly string[], comparisons: readonly (readonly (string | number)[])[], cents: number];
const OLD = Date.now() - 300 * 86_400_000;
const CASES: readonly Case[] = [
  ['one record of one usage, equal', (l) => [online(l, 60n, 'a'), cdr(l, 60n, 'a')], ['CHARGED', 'COMPARED'], [['a', '60', 1, '60', 1, '0', 0]], 60],
  ['partial usages, one record, less', (l) => [online(l, 30n, 'a'), online(l, 40n, 'a'), cdr(l, 60n, 'a')], ['CHARGED', 'CHARGED', 'COMPARED'], [['a', '70', 2, '60', 1, '0', 0]], 70],
  ['partial records add up, more', (l) => [online(l, 60n, 'a'), cdr(l, 50n, 'a'), cdr(l, 20n, 'a')], ['CHARGED', 'COMPARED', 'COMPARED'], [['a', '60', 1, '70', 2, '0', 0]], 60],
  ['an id that nothing was charged under', (l) => [online(l, 60n, 'a'), cdr(l, 30n, 'b')], ['CHARGED', 'CHARGED'], [['b', '0', 0, '30', 1, '30', 1]], 90],
  ['a partial record between partial usages', (l) => [online(l, 10n, 'a'), cdr(l, 10n, 'a'), online(l, 20n, 'a'), cdr(l, 20n, 'a')], ['CHARGED', 'COMPARED', 'CHARGED', 'COMPARED'], [['a', '30', 2, '30', 2, '0', 0]], 30],
  ['a record before its online usage: both are charged, and told', (l) => [cdr(l, 60n, 'a'), online(l, 60n, 'a')], ['CHARGED', 'CHARGED'], [['a', '60', 1, '60', 1, '60', 1]], 120],
  ['an outage charged by records, then online', (l) => [cdr(l, 40n, 'a'), online(l, 60n, 'a'), cdr(l, 60n, 'a')], ['CHARGED', 'CHARGED', 'COMPARED'], [['a', '60', 1, '100', 2, '40', 1]], 100],
  ['online usage without an id is not remembered', (l) => [call(l.number, 60n), cdr(l, 60n, 'a')], ['CHARGED', 'CHARGED'], [['a', '0', 0, '60', 1, '60', 1]], 120],
  ['a record without an id', (l) => [online(l, 60n, 'a'), call(l.number, 5n, { source: SOURCE })], ['CHARGED', 'CHARGED'], [], 65],
  ['the record names the SIM, the online usage the number', (l) => [online(l, 60n, 'a'), cdr(l, 60n, 'a', { subscriber: { kind: 'IMSI', value: l.imsi } })], ['CHARGED', 'COMPARED'], [['a', '60', 1, '60', 1, '0', 0]], 60],
  ['a record far beyond the late limit', (l) => [online(l, 60n, 'a'), cdr(l, 60n, 'a', { startedAt: OLD })], ['CHARGED', 'COMPARED'], [['a', '60', 1, '60', 1, '0', 0]], 60],
  ['one beyond it of an unknown id waits', (l) => [cdr(l, 60n, 'a', { startedAt: OLD })], ['QUARANTINED'], [], 0],
  ['a record in another unit', (l) => [online(l, 60n, 'a'), cdr(l, 0n, 'a', { kind: 'DATA', unit: 'BYTE', quantity: quantity(5_000n) })], ['CHARGED', 'COMPARED'], [['a', '0', 0, '5000', 1, '0', 0]], 60],
  ['records of two senders are compared each by itself', (l) => [online(l, 60n, 'a'), cdr(l, 60n, 'a'), cdr(l, 59n, 'a', { source: 'cdr-2' })], ['CHARGED', 'COMPARED', 'COMPARED'], [['a', '60', 1, '60', 1, '0', 0], ['a', '60', 1, '59', 1, '0', 0]], 60],
  ['what no price knows online is not charged, and so not known', (l) => [online(l, 0n, 'a', { kind: 'DATA', unit: 'BYTE', quantity: quantity(9n) }), cdr(l, 6n, 'a')], ['QUARANTINED', 'CHARGED'], [['a', '0', 0, '6', 1, '6', 1]], 6],
];

it.each(CASES)('%s: one by one', async (_, events, statuses, comparisons, cents) => {
  const own = await line();
  const found: string[] = [];
  for (const event of events(own)) found.push(...await send(event));
  expect(found).toEqual(statuses);
  expect(await compared(own)).toEqual(comparisons);
  expect(await spent(own)).toBe(`${cents * 10_000}`);
});

it.each(CASES)('%s: in one batch, and all of it again', async (_, events, statuses, comparisons, cents) => {
  const own = await line();
  const all = events(own);
  expect(await send(...all)).toEqual(statuses);
  const again = statuses.map((status) => (status === 'QUARANTINED' ? status : `${status} again`));
  expect(await send(...all)).toEqual(again);
  expect(await send(...all, ...all)).toEqual([...again, ...again]);
  expect(await compared(own)).toEqual(comparisons);
  expect(await spent(own)).toBe(`${cents * 10_000}`);
});

describe('a record', () => {
  it('of another line of the same account is not taken for this one\'s', async () => {
    const own = await line();
    const other = await line(own.account);
    expect(await send(online(own, 60n, 'a'), cdr(other, 60n, 'a'))).toEqual(['CHARGED', 'CHARGED']);
  });

  it('that comes again with another content is put aside; neither changes what stands', async () => {
    const own = await line();
    const record = cdr(own, 60n, 'a', { usageId: 'same' });
    await send(online(own, 60n, 'a'), record);
    expect(await send(cdr(own, 61n, 'a', { usageId: 'same' }))).toEqual(['QUARANTINED']);
    expect(await send(cdr(own, 60n, 'b', { usageId: 'same' }))).toEqual(['QUARANTINED']);
    expect(await send(record)).toEqual(['COMPARED again']);
    expect(await compared(own)).toEqual([['a', '60', 1, '60', 1, '0', 0]]);
  });

  it('that was compared is not charged by whoever sends it as usage, with its charging id or without', async () => {
    const own = await line();
    const at = { usageId: 'once', source: SOURCE, startedAt: Date.now() - 9_000 };
    expect(await send(online(own, 60n, 'a'), cdr(own, 60n, 'a', at))).toEqual(['CHARGED', 'COMPARED']);
    expect(await send(online(own, 60n, 'a', at))).toEqual(['COMPARED again']);
    expect(await send(call(own.number, 60n, at))).toEqual(['QUARANTINED']);
    expect(await spent(own)).toBe('600000');
  });

  it('that waited in quarantine for its owner is compared when it is driven again', async () => {
    const number = `3538600${20_000 + next + 1}`;
    const record = call(number, 60n, { chargingId: 'a', isRecord: true, source: SOURCE });
    expect(await send(record)).toEqual(['QUARANTINED']);
    const own = await line();
    expect(own.number).toBe(number);
    await send(online(own, 60n, 'a'));
    expect(await send(record)).toEqual(['COMPARED']);
    const { rows } = await db.appPool.query(`select state from unguided_usage where event_id = $1`, [record.usageId]);
    expect(rows).toEqual([{ state: 'CLOSED' }]);
  });
});

it('twenty usages and records of one id at once, in any order, charge each usage and count each record once', async () => {
  const own = await line();
  await send(online(own, 1n, 'a'));
  const all = Array.from({ length: 20 }, (_, index) => (index % 2 ? cdr(own, 2n, 'a') : online(own, 3n, 'a')));
  const found = (await Promise.all([...all, ...all].map((event) => send(event)))).flat();
  expect(found.filter((status) => status === 'CHARGED')).toHaveLength(10);
  expect(found.filter((status) => status === 'COMPARED')).toHaveLength(10);
  expect(await compared(own)).toEqual([['a', '31', 11, '20', 10, '0', 0]]);
});

it('usage without a charging id writes none of the tables', async () => {
  const count = async () => (await db.appPool.query(`select (select count(*) from online_usage), (select count(*) from usage_record), (select count(*) from usage_comparison)`)).rows;
  const own = await line();
  const before = await count();
  await send(call(own.number, 1n), call(own.number, 1n, { source: SOURCE }));
  expect(await count()).toEqual(before);
});

it('the report tells the totals of a sender and a time, and the largest differences, by charging id alone', async () => {
  const own = await line();
  const startedAt = Date.now() - 5_000;
  const record = (seconds: bigint, chargingId: string): UsageEvent => cdr(own, seconds, chargingId, { source: 'report', startedAt });
  await send(...['r1', 'r2', 'r3'].map((id) => online(own, 60n, id)));
  await send(record(60n, 'r1'), record(50n, 'r2'), record(90n, 'r3'), record(10n, 'r4'));
  const scope = { tenantId: 1, source: 'report', from: null, until: null };
  const report = await compareRecords(db.appPool, scope);
  expect(report.totals).toEqual([{
    unit: 'SECOND', comparisons: 4, equal: 2, chargedMore: 1, recordedMore: 1, onlineUsages: 3, records: 4, chargedRecords: 1, onlineQuantity: '180',
    recordQuantity: '210', chargedQuantity: '10', chargedMoreBy: '10', recordedMoreBy: '30',
  }]);
  expect(report.largest.map(({ chargingId, difference }) => [chargingId, difference])).toEqual([['r3', '-30'], ['r2', '10']]);
  expect(JSON.stringify(report)).not.toContain(own.number);
  const iso = new Date(startedAt).toISOString();
  expect((await compareRecords(db.appPool, { ...scope, from: iso })).totals).toHaveLength(1);
  expect((await compareRecords(db.appPool, { ...scope, until: iso })).totals).toEqual([]);
  expect((await compareRecords(db.appPool, { ...scope, tenantId: 2 })).totals).toEqual([]);
});
