import type { Role } from '../../src/platform/auth/caller';
import { quantity } from '../../src/platform/money';
import type { UsageEvent } from '../../src/usage/usage.types';
import { call, flatRate } from '../support/world';
import { callerOf, FINANCE, NETWORK, NOW, openUsageWorld, UsageWorld, voice } from './usage-world';

let w: UsageWorld;
const NUMBER = '353890020001';

beforeAll(async () => {
  w = await openUsageWorld();
  await w.world.offering({ code: 'payg', usage: [{ kind: 'VOICE', unit: 'SECOND', per: '60', rates: flatRate('0.10') }] });
  await w.subscriber({ number: NUMBER, offering: 'payg' });
  const records = (source: string, from: number, of: readonly bigint[]): UsageEvent[] => of.map((seconds, index) => call(NUMBER, 0n, {
    source, usageId: `r${index}`, chargingId: `s${from + index}`, isRecord: true, quantity: quantity(seconds), startedAt: NOW - 60_000 + index }));
  const usages = [1, 2, 3, 4].map((id) => voice(NUMBER, '60', { chargingId: `s${id}`, startedAt: new Date(NOW - 60_000).toISOString() }));
  expect(await w.send(usages)).toMatchObject({ accepted: 4 });
  const options = { delivered: true, lateLimitDays: undefined };
  await w.world.conductor.chargeUsage(records('cdr', 1, [60n, 50n, 90n, 60n]), options);
  await w.world.conductor.chargeUsage(records('other', 3, [60n, 60n, 5n]), options);
});
afterAll(() => w.close());

const LIST = `query($differing: Boolean, $source: String, $first: Int, $after: Cursor) {
  usageComparisons(differing: $differing, source: $source, first: $first, after: $after) {
    nodes { chargingId source startedAt online { amount unit } onlineUsages recorded { amount unit } records chargedAsRecorded { amount unit } chargedRecords difference { amount unit } }
    pageInfo { hasNextPage endCursor } } }`;
interface Listed {
  readonly nodes: readonly { readonly chargingId: string; readonly source: string; readonly difference: { readonly amount: string } }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
}
async function list(variables: Record<string, unknown> = {}, caller = FINANCE): Promise<Listed> {
  const { data, messages } = await w.ask(caller, LIST, variables);
  expect(messages).toEqual([]);
  return data!.usageComparisons as Listed;
}
const told = ({ nodes }: Listed): string[] => nodes.map(({ chargingId, source, difference }) => `${source} ${chargingId} ${difference.amount}`);

it('lists what records say beside what was charged', async () => {
  const { nodes } = await list({ source: 'cdr' });
  expect(nodes[1]).toEqual({
    chargingId: 's2', source: 'cdr', startedAt: new Date(NOW - 59_999).toISOString(), online: { amount: '60', unit: 'SECOND' }, onlineUsages: 1,
    recorded: { amount: '50', unit: 'SECOND' }, records: 1, chargedAsRecorded: { amount: '0', unit: 'SECOND' }, chargedRecords: 0, difference: { amount: '10', unit: 'SECOND' },
  });
  expect(told({ nodes } as Listed)).toEqual(['cdr s1 0', 'cdr s2 10', 'cdr s3 -30', 'cdr s4 0']);
});

it('filters by difference and sender, page by page', async () => {
  expect(told(await list({ differing: true }))).toEqual(['cdr s2 10', 'cdr s3 -30']);
  expect(told(await list({ differing: true, source: 'other' }))).toEqual([]);
  expect(told(await list({ source: 'other' }))).toEqual(['other s3 0', 'other s4 0', 'other s5 0']);
  const seen: string[] = [];
  for (let after: string | null = null, more = true; more;) {
    const page: Listed = await list({ first: 3, after });
    seen.push(...told(page));
    [after, more] = [page.pageInfo.endCursor, page.pageInfo.hasNextPage];
  }
  expect(seen).toHaveLength(7);
  expect(new Set(seen).size).toBe(7);
  expect(told(await list({ source: 'a\u0000b' }))).toEqual([]);
});

it('names no subscriber, and nothing of another tenant', async () => {
  expect(JSON.stringify(await list())).not.toContain(NUMBER);
  expect((await list({}, callerOf('FINANCE', { tenantId: 2 }))).nodes).toEqual([]);
});

it.each<[Role, boolean]>([['FINANCE', true], ['NETWORK', true], ['AUDITOR', true], ['CRM_AGENT', false], ['SUBSCRIBER', false], ['PARTNER', false], ['ADMIN', false]])(
  'admits %s: %s', async (role, admitted) => {
    const { codes } = await w.ask(callerOf(role), LIST, {});
    expect(codes).toEqual(admitted ? [] : ['FORBIDDEN']);
  });

it.each([['x'.repeat(65)], ['é'], ['a\u0000'], [' 4711'], ['']])('a charging id %j is refused with its path, and its neighbour is charged', async (chargingId) => {
  const sent = await w.send([voice(NUMBER, '1', { chargingId }), voice(NUMBER, '1', { chargingId: 'x'.repeat(64) })]);
  expect(sent).toMatchObject({ accepted: 1, invalid: 1, results: [{ status: 'INVALID', error: { code: 'INVALID_INPUT', path: ['usages', '0', 'chargingId'] } }, { status: 'CHARGED' }] });
});

it('the same usage under another charging id is another usage', async () => {
  const usage = voice(NUMBER, '1', { chargingId: 'one' });
  expect(await w.send([usage, usage])).toMatchObject({ accepted: 1, duplicates: 1 });
  expect(await w.send([{ ...usage, chargingId: 'two' }])).toMatchObject({ quarantined: 1, results: [{ error: { code: 'USAGE_CONFLICT' } }] });
});

it('a record that waited is told as compared when it is driven again', async () => {
  const number = '353890020002';
  const record = call(number, 60n, { source: 'late', chargingId: 'waits', isRecord: true, startedAt: NOW - 30_000 });
  await w.world.conductor.chargeUsage([record], { delivered: true, lateLimitDays: undefined });
  await w.subscriber({ number, offering: 'payg' });
  await w.send([voice(number, '60', { chargingId: 'waits', startedAt: new Date(NOW - 30_000).toISOString() })]);
  const { data, messages } = await w.ask(NETWORK, `mutation { quarantinedUsageRedrive(input: { source: "late" }) {
    accepted compared duplicates results { status charges { id } error { code } } remaining } }`);
  expect(messages).toEqual([]);
  expect(data!.quarantinedUsageRedrive).toEqual({ accepted: 0, compared: 1, duplicates: 0, results: [{ status: 'COMPARED', charges: [], error: null }], remaining: 0 });
});
