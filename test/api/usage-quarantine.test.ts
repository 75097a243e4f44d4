import { flatRate } from '../support/world';
import { AGENT, callerOf, COUNTS, FINANCE, NETWORK, openUsageWorld, RESULT, Sent, SentResult, spendable, UsageWorld, voice } from './usage-world';

let w: UsageWorld;
let next = 0;
const source = (): string => `src-${next += 1}`;
const number = (): string => `3538900${10_000 + (next += 1)}`;

beforeAll(async () => {
  w = await openUsageWorld();
  await w.world.offering({ code: 'payg', usage: [{ kind: 'VOICE', unit: 'SECOND', per: '60', rates: flatRate('0.10') }] });
});
afterAll(() => w.close());

interface Listed {
  readonly nodes: readonly {
    readonly id: string; readonly usageId: string; readonly reason: { readonly code: string }; readonly attempts: number; readonly subscriber: string;
  }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}
async function list(filter: Record<string, unknown> = {}, caller = NETWORK): Promise<Listed> {
  const { data, messages } = await w.ask(caller, `query($source: String, $reason: ErrorCode, $first: Int, $after: Cursor) {
    quarantinedUsages(source: $source, reason: $reason, first: $first, after: $after) {
      nodes { id usageId source kind subscriber startedAt quantity { amount unit } reason { code message } attempts receivedAt }
      pageInfo { hasNextPage endCursor } } }`, { first: 20, ...filter });
  expect(messages).toEqual([]);
  return data!.quarantinedUsages as Listed;
}
type Driven = Sent & { readonly remaining: number; readonly endCursor: string | null };
async function redrive(input: Record<string, unknown>, caller = NETWORK): Promise<Driven> {
  const { data, messages } = await w.ask(caller, `mutation($input: QuarantinedUsageRedriveInput!) { quarantinedUsageRedrive(input: $input) {
    ${COUNTS} results { ${RESULT} } remaining endCursor errors { code path } } }`, { input });
  expect(messages).toEqual([]);
  return data!.quarantinedUsageRedrive as Driven;
}
const statuses = (results: readonly SentResult[]): string[] => results.map(({ status }) => status);

describe('a usage of an unknown number', () => {
  it('waits, is charged once its number has an owner, and its key then answers with the new outcome', async () => {
    const [sender, msisdn] = [source(), number()];
    const usage = voice(msisdn, '120');
    expect(await w.send([usage], { source: sender })).toMatchObject({ quarantined: 1 });
    expect(await w.send([usage], { source: sender })).toMatchObject({ quarantined: 1, duplicates: 0 });
    const { nodes } = await list({ source: sender, reason: 'UNKNOWN_SUBSCRIBER' });
    expect(nodes).toEqual([expect.objectContaining({
      usageId: usage.usageId, source: sender, kind: 'VOICE', subscriber: msisdn, startedAt: usage.startedAt, quantity: { amount: '120', unit: 'SECOND' },
      reason: { code: 'UNKNOWN_SUBSCRIBER', message: expect.stringContaining('owned') }, attempts: 2,
    })]);
    expect(statuses((await redrive({ ids: [nodes[0]!.id] })).results)).toEqual(['QUARANTINED']);

    const ann = await w.subscriber({ number: msisdn, offering: 'payg' });
    const driven = await redrive({ ids: [nodes[0]!.id] }, AGENT);
    expect(driven).toMatchObject({ accepted: 1, quarantined: 0, errors: [], results: [{ usageId: usage.usageId, status: 'CHARGED', duplicate: false, charges: [{ gross: { amount: '0.20' } }] }] });
    expect(await spendable(w, ann)).toBe(9_800_000n);
    expect((await list({ source: sender })).nodes).toEqual([]);
    expect((await w.send([usage], { source: sender })).results[0]).toEqual({ ...driven.results[0], duplicate: true });
    expect((await redrive({ ids: [nodes[0]!.id] })).results[0]).toEqual({ ...driven.results[0], duplicate: true });
    expect(await spendable(w, ann)).toBe(9_800_000n);
    const { rows } = await w.db.ownerPool.query('select state, closed_at is not null as closed from unguided_usage where event_id = $1', [usage.usageId]);
    expect(rows).toEqual([{ state: 'CLOSED', closed: true }]);
  });

  it('is charged though the money does not cover it: it was delivered', async () => {
    const [sender, msisdn] = [source(), number()];
    await w.send([voice(msisdn, '600')], { source: sender });
    await w.subscriber({ number: msisdn, offering: 'payg', euros: 0n });
    expect(await redrive({ source: sender })).toMatchObject({ accepted: 1, results: [{ charges: [{ gross: { amount: '1.00' } }] }], remaining: 0 });
  });
});

describe('the list', () => {
  it('is paged oldest first, by sender and reason', async () => {
    const sender = source();
    const usages = Array.from({ length: 5 }, () => voice(number(), '1'));
    for (const usage of usages) await w.send([usage], { source: sender });
    await w.send([voice(number(), '1', { startedAt: '2027-01-01T00:00:00Z' })], { source: sender });
    const first = await list({ source: sender, first: 3 });
    const second = await list({ source: sender, first: 3, after: first.pageInfo.endCursor });
    expect([...first.nodes, ...second.nodes].slice(0, 5).map(({ usageId }) => usageId)).toEqual(usages.map(({ usageId }) => usageId));
    expect(second.pageInfo.hasNextPage).toBe(false);
    expect((await list({ source: sender, reason: 'RATING_FAILED' })).nodes).toEqual([]);
    expect((await list({ source: sender })).nodes).toHaveLength(6);
  });

  it('holds ids and cursors of the longest names', async () => {
    const sender = '%'.repeat(64);
    const usage = voice(number(), '1', { usageId: '%'.repeat(128) });
    await w.send([usage], { source: sender });
    const { nodes, pageInfo } = await list({ source: sender });
    expect((await redrive({ ids: [nodes[0]!.id] })).results[0]).toMatchObject({ usageId: usage.usageId, status: 'QUARANTINED' });
    expect((await list({ source: sender, after: pageInfo.endCursor })).nodes).toEqual([]);
    const { data } = await w.ask(NETWORK, 'query($id: ID!) { node(id: $id) { id } }', { id: nodes[0]!.id });
    expect(data!.node).toEqual({ id: nodes[0]!.id });
  });

  it('is the own tenant\'s, and not for subscribers', async () => {
    const sender = source();
    await w.send([voice(number(), '1')], { source: sender });
    const { nodes } = await list({ source: sender });
    expect(nodes).toHaveLength(1);
    const foreign = callerOf('FINANCE', { tenantId: 2 });
    expect((await list({ source: sender }, foreign)).nodes).toEqual([]);
    expect(await redrive({ ids: [nodes[0]!.id] }, foreign)).toMatchObject({ results: [], errors: [{ code: 'NOT_FOUND', path: ['ids', '0'] }] });
    for (const role of ['SUBSCRIBER', 'CHANNEL', 'AUDITOR'] as const) {
      const { codes } = await w.ask(callerOf(role), '{ quarantinedUsages { nodes { id } } }');
      expect(codes).toEqual(['FORBIDDEN']);
    }
    const { data } = await w.ask(callerOf('SUBSCRIBER', { customerId: 1n }), 'query($id: ID!) { node(id: $id) { id } }', { id: nodes[0]!.id });
    expect(data!.node).toBeNull();
  });
});

describe('a re-drive', () => {
  it('of more than a thousand goes on behind its cursor, so that what stays put aside does not stop the rest', async () => {
    const [sender, lost, found] = [source(), number(), number()];
    await w.send(Array.from({ length: 1_000 }, () => voice(lost, '1')), { source: sender });
    await w.send([voice(found, '60'), voice(found, '60')], { source: sender });
    const ann = await w.subscriber({ number: found, offering: 'payg' });
    const first = await redrive({ source: sender, reason: 'UNKNOWN_SUBSCRIBER' }, FINANCE);
    expect(first).toMatchObject({ quarantined: 1_000, accepted: 0, remaining: 1_002 });
    const second = await redrive({ source: sender, reason: 'UNKNOWN_SUBSCRIBER', after: first.endCursor }, FINANCE);
    expect(second).toMatchObject({ quarantined: 0, accepted: 2, remaining: 1_000 });
    expect(await spendable(w, ann)).toBe(9_800_000n);
    const { rows } = await w.db.ownerPool.query(`select after from audit_log where operation = 'quarantinedUsageRedrive' order by sequence desc limit 1`);
    expect(rows).toEqual([{ after: { acceptLate: false, acceptedCount: '2', refusedCount: '0', quarantinedCount: '0' } }]);
  });

  it('charges what is beyond the late limit only where care or finance says so', async () => {
    const [sender, msisdn] = [source(), number()];
    const ann = await w.subscriber({ number: msisdn, offering: 'payg' });
    expect(await w.send([voice(msisdn, '60', { startedAt: '2026-09-02T00:00:00Z' })], { source: sender })).toMatchObject({ results: [{ error: { code: 'USAGE_TOO_LATE' } }] });
    const late = { source: sender, reason: 'USAGE_TOO_LATE' };
    expect(await redrive(late, FINANCE)).toMatchObject({ quarantined: 1 });
    expect(await redrive({ ...late, acceptLate: true }, NETWORK)).toMatchObject({ results: [], errors: [{ code: 'NOT_ALLOWED', path: ['acceptLate'] }], remaining: 1 });
    expect(await spendable(w, ann)).toBe(10_000_000n);
    expect(await redrive({ ...late, acceptLate: true }, FINANCE)).toMatchObject({ accepted: 1, remaining: 0 });
    expect(await spendable(w, ann)).toBe(9_900_000n);
  });

  it('by twenty callers at once charges once', async () => {
    const [sender, msisdn] = [source(), number()];
    await w.send([voice(msisdn, '60')], { source: sender });
    const ann = await w.subscriber({ number: msisdn, offering: 'payg' });
    const driven = await Promise.all(Array.from({ length: 20 }, () => redrive({ source: sender })));
    expect(driven.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(1);
    expect(await spendable(w, ann)).toBe(9_900_000n);
  });

  it.each<[string, Record<string, unknown>, string, string[]]>([
    ['ids beside a source', { ids: ['x'], source: 'a' }, 'INVALID_INPUT', ['ids']],
    ['no ids', { ids: [] }, 'INVALID_INPUT', ['ids']],
    ['1,001 ids', { ids: Array.from({ length: 1_001 }, () => 'x') }, 'INVALID_INPUT', ['ids']],
    ['a sender with U+0000', { source: 'a\u0000b' }, 'INVALID_INPUT', ['source']],
    ['a forged id', { ids: ['UXVhcmFudGluZWRVc2FnZTphOmI6Yw'] }, 'NOT_FOUND', ['ids', '0']],
  ])('of %s is refused', async (_, input, code, path) => {
    expect(await redrive(input)).toMatchObject({ results: [], errors: [{ code, path }] });
  });

  it.each(['bm90aGluZw', Buffer.from('~quarantine:1:99999999999999999:YQ:YQ:YQ').toString('base64url')])('behind the forged cursor %s is no fault of ours', async (after) => {
    const { codes } = await w.ask(NETWORK, 'query($after: Cursor) { quarantinedUsages(after: $after) { nodes { id } } }', { after });
    expect(codes).toEqual(['BAD_USER_INPUT']);
  });
});
