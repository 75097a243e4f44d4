import { setTimeout as sleep } from 'node:timers/promises';
import { graphql } from 'graphql';
import type { RequestContext } from '../../src/context';
import { ANONYMOUS_CALLER } from '../../src/platform/auth/caller';
import { Refusal } from '../../src/platform/errors';
import { buildApiSchema } from '../../src/schema';
import { createTestDatabase, TestDatabase } from '../support';
import { call, WorldAccount } from '../support/world';
import { expectSoundBooks, subscriber } from './money-scenario';
import { content, openShareWorld, SharePartner, ShareScenario, ShareWorld, sms } from './share-world';

/** Three months of a partner, to the last cent: closed, published, answered, settled; run again, killed, corrected. */
let db: TestDatabase;
let world: ShareWorld;
const NUMBER = '353860000001';

beforeAll(async () => {
  db = await createTestDatabase();
  world = await openShareWorld(db);
});
afterEach(() => expectSoundBooks(db));
afterAll(async () => {
  await world.close();
  await db.dispose();
});

async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'done';
  } catch (error) {
    if (error instanceof Refusal) return `${error.userError.code} ${error.userError.path.join('.')}`.trim();
    throw error;
  }
}

interface Shared { readonly s: ShareScenario; readonly studio: SharePartner; readonly account: WorldAccount }

/** 70 % of what messages cost, since 10 January 2031. */
async function shared(price = '0.008'): Promise<Shared> {
  const s = await world.open('2031-01-10T12:00:00Z');
  await s.offering(content('pass', price));
  const studio = await s.partner('Studio');
  await s.agree('pass', [{ offering: 'pass', parts: [[studio, '70']] }]);
  return { s, studio, account: await subscriber(s, NUMBER, 'pass', '100') };
}

/** Everything that a statement says, as text. */
const told = ({ rows }: { rows: object[] }): string => JSON.stringify(rows);
const allOf = async (s: ShareScenario): Promise<string> => `${told(await db.appPool.query('select * from share_statement where tenant_id = $1 order by id', [s.tenantId]))}
${told(await db.appPool.query('select * from share_statement_line where tenant_id = $1 order by 1, 2', [s.tenantId]))}`;
const postings = async (s: ShareScenario): Promise<Record<string, string>> => Object.fromEntries((await db.appPool.query<{ account: string; sum: string }>(
  `select account, sum(amount)::text as sum from posting where tenant_id = $1 and account in ('partner_payable', 'share_cost', 'rounding') group by account order by account`,
  [s.tenantId])).rows.map(({ account, sum }) => [account, sum]));

async function messages(s: ShareScenario, count: number): Promise<void> {
  const now = await world.conductor.now(s.tenantId);
  const events = Array.from({ length: count }, () => call(NUMBER, 1n, { tenantId: s.tenantId, kind: 'SMS', unit: 'EVENT', startedAt: now }));
  const results = await world.conductor.chargeUsage(events, { delivered: false, lateLimitDays: undefined });
  expect(results.every(({ status }) => status === 'CHARGED')).toBe(true);
}

it('three months: exact sums rounded once a line, a refund after publishing on the next, a negative total carried', async () => {
  const { s, studio, account } = await shared();
  await messages(s, 333);
  const dear = await s.charge(NUMBER, sms);
  await s.moveTo('2031-01-31T23:59:59Z');
  await messages(s, 1);
  await s.moveTo('2031-02-01T00:00:00Z');
  await messages(s, 10);
  const january = await s.closeMonth(studio.account, '2031-01-01');
  // 335 × 0.0056 = 1.876, which is 1.88.
  expect(await s.lines(january)).toEqual(['SMS 2680000 335 1876000 1880000']);
  await s.publish(january);
  expect(await s.statement(january)).toMatchObject({ state: 'PUBLISHED', number: 1, share: '1880000', rounding: '4000', payable: '1880000', carried_forward: '0' });
  expect(await postings(s)).toEqual({ partner_payable: '1936000', rounding: '-4000', share_cost: '-1932000' });

  await s.refund(account, dear.position!);
  await s.moveTo('2031-03-02T00:00:00Z');
  const february = await s.closeMonth(studio.account, '2031-02-01');
  expect(await s.lines(february)).toEqual(['SMS 80000 10 56000 60000', 'SMS -8000 1 -5600 -10000 of 1']);
  await s.publish(february);
  expect(await s.statement(february)).toMatchObject({ number: 2, share: '50000', rounding: '-400', payable: '50000' });

  for (const position of await positions(account, 20)) await s.refund(account, position);
  await s.moveTo('2031-04-01T00:00:00+01:00');
  const march = await s.closeMonth(studio.account, '2031-03-01');
  expect(await s.lines(march)).toEqual(['SMS -160000 20 -112000 -110000 of 1']);
  expect(await s.statement(march)).toMatchObject({ share: '-110000', payable: '0', carried_forward: '-110000' });
  await s.topUp(account, '10');
  await messages(s, 100);
  await s.moveTo('2031-05-01T00:00:00+01:00');
  const april = await s.closeMonth(studio.account, '2031-04-01');
  expect(await s.statement(april)).toMatchObject({ share: '560000', carried_in: '-110000', payable: '450000', carried_forward: '0' });
  expect(await refusal(s.publish(april))).toBe('CONFLICT statementId');
  await s.publish(march);
  expect(await s.publish(april).then(s.statement)).toMatchObject({ number: 4 });
});

const positions = async (account: WorldAccount, count: number): Promise<bigint[]> => (await db.appPool.query<{ position: string }>(
  `select position from charge where root_id = $1 and kind = 'SMS' and reverses is null order by position limit $2`, [account.rootId.toString(), count])).rows
  .map(({ position }) => BigInt(position));

it('1,000 messages at 0.008 share 5.60: not a cent is rounded on the way', async () => {
  const { s, studio } = await shared();
  for (let n = 0; n < 2; n++) await messages(s, 500);
  await s.moveTo('2031-02-01T00:00:00Z');
  const january = await s.closeMonth(studio.account, '2031-01-01');
  expect(await s.lines(january)).toEqual(['SMS 8000000 1000 5600000 5600000']);
  expect(await s.statement(january)).toMatchObject({ share: '5600000', rounding: '0' });
});

describe('a period', () => {
  it('is closed once it is over, in order, by its first day', async () => {
    const { s, studio } = await shared();
    const before = await allOf(s);
    expect(await refusal(s.closeMonth(studio.account, '2031-01-01'))).toBe('CONFLICT periodFrom');
    await s.moveTo('2031-03-15T00:00:00Z');
    expect(await refusal(s.closeMonth(studio.account, '2031-02-01'))).toBe('CONFLICT periodFrom');
    expect(await refusal(s.closeMonth(studio.account, '2030-12-01'))).toBe('INVALID_INPUT periodFrom');
    expect(await refusal(s.closeMonth(studio.account, '2031-01-02'))).toBe('CONFLICT periodFrom');
    expect(await refusal(s.closeMonth(4_000_000_000n, '2031-01-01'))).toBe('NOT_FOUND settlementAccountId');
    expect(await allOf(s)).toBe(before);
    await s.closeMonth(studio.account, '2031-01-01');
    await s.closeMonth(studio.account, '2031-02-01');
    expect(await refusal(s.closeMonth(studio.account, '2031-03-01'))).toBe('CONFLICT periodFrom');
  });

  it('waits for the batches that read the clock before its end', async () => {
    const { s, studio, account } = await shared();
    await s.moveTo('2031-01-31T23:59:59.900Z');
    const client = await db.hotPool.connect();
    await client.query('begin');
    // As a batch does: the lock first, then the clock; its charge is booked in January and commits late.
    await client.query('select 1 from bucket where shard = $1 and root_id = $2 and id = 0 for update', [account.shard, account.rootId.toString()]);
    await s.moveTo('2031-02-01T00:00:00Z');
    let closed = false;
    const closing = s.closeMonth(studio.account, '2031-01-01').then((id) => {
      closed = true;
      return id;
    });
    await sleep(300);
    expect(closed).toBe(false);
    await client.query('rollback');
    client.release();
    expect(await s.statement(await closing)).toMatchObject({ state: 'CALCULATED', share: '0' });
  });
});

describe('a statement (F16)', () => {
  it('is the same however often it is run, by however many', async () => {
    const { s, studio, account } = await shared();
    await messages(s, 100);
    await s.moveTo('2031-02-01T00:00:00Z');
    const ids = await Promise.all(Array.from({ length: 8 }, () => s.closeMonth(studio.account, '2031-01-01')));
    expect(new Set(ids).size).toBe(1);
    const calculated = await allOf(s);
    await s.refund(account, (await positions(account, 1))[0]!);
    await messages(s, 10);
    expect(await s.closeMonth(studio.account, '2031-01-01')).toBe(ids[0]);
    expect(await allOf(s)).toBe(calculated);
    await s.publish(ids[0]!);
    const published = await allOf(s);
    expect(await s.closeMonth(studio.account, '2031-01-01')).toBe(ids[0]);
    expect(await allOf(s)).toBe(published);
  });

  it('is there whole or not at all when the closing, or the publishing, is killed', async () => {
    const { s, studio } = await shared();
    await messages(s, 100);
    await s.moveTo('2031-02-01T00:00:00Z');
    await killed(studio, () => s.closeMonth(studio.account, '2031-01-01'));
    expect((await db.appPool.query('select from share_statement where tenant_id = $1', [s.tenantId])).rowCount).toBe(0);
    const january = await s.closeMonth(studio.account, '2031-01-01');
    const calculated = await allOf(s);
    await killed(studio, () => s.publish(january));
    expect(await allOf(s)).toBe(calculated);
    await s.publish(january);
    expect(await s.statement(january)).toMatchObject({ state: 'PUBLISHED', number: 1, share: '560000' });
  });

  it('goes forward only, by its version, and is settled once', async () => {
    const { s, studio } = await shared();
    await messages(s, 100);
    await s.moveTo('2031-02-01T00:00:00Z');
    const january = await s.closeMonth(studio.account, '2031-01-01');
    const { statements } = world.services;
    const by = { tenantId: s.tenantId, subject: 'studio', role: 'PARTNER', requestId: 'r' };
    const ref = (expectedVersion: number, partnerId: bigint | null = studio.id) => ({ statementId: january, expectedVersion, partnerId });
    expect(await refusal(statements.accept(by, ref(1)))).toBe('NOT_FOUND statementId');
    expect(await refusal(statements.settle(s.finance, { statementId: january }, { key: 'k', reference: 'r' }))).toBe('CONFLICT statementId');
    await s.publish(january);
    expect(await refusal(statements.publish(s.finance, ref(2, null)))).toBe('CONFLICT statementId');
    expect(await refusal(statements.accept(by, ref(1)))).toBe('CONFLICT expectedVersion');
    expect(await refusal(statements.accept(by, ref(2, studio.id + 1n)))).toBe('NOT_FOUND statementId');
    expect(await refusal(statements.accept({ ...by, tenantId: 1 }, ref(2)))).toBe('NOT_FOUND statementId');
    await statements.accept(by, ref(2));
    expect(await refusal(statements.dispute(by, ref(3), 'no'))).toBe('CONFLICT statementId');
    const settled = await Promise.all(Array.from({ length: 20 }, () => refusal(statements.settle(s.finance, { statementId: january }, { key: 'k', reference: 'TRANSFER-1' }))));
    expect(new Set(settled)).toEqual(new Set(['done']));
    expect(await refusal(statements.settle(s.finance, { statementId: january }, { key: 'k', reference: 'TRANSFER-2' }))).toBe('IDEMPOTENCY_KEY_REUSED idempotencyKey');
    expect(await refusal(statements.settle(s.finance, { statementId: january }, { key: 'other', reference: 'TRANSFER-1' }))).toBe('CONFLICT statementId');
    expect(await postings(s)).toEqual({ partner_payable: '0', share_cost: '-560000' });
  });

  it('that is disputed is settled as it was published; a suspended partner is not settled', async () => {
    const { s, studio } = await shared();
    await messages(s, 100);
    await s.moveTo('2031-02-01T00:00:00Z');
    const january = await s.closeMonth(studio.account, '2031-01-01');
    await s.publish(january);
    const { statements, partners } = world.services;
    await statements.dispute({ ...s.finance, role: 'PARTNER' }, { statementId: january, expectedVersion: 2, partnerId: studio.id }, 'line 1 is short');
    await partners.step(s.finance, 'partnerSuspend', 'SUSPEND', { partnerId: studio.id, expectedVersion: 3, reason: 'papers' });
    const settle = () => statements.settle(s.finance, { statementId: january }, { key: 'k', reference: 'TRANSFER-1' });
    expect(await refusal(settle())).toBe('CONFLICT statementId');
    await partners.step(s.finance, 'partnerActivate', 'ACTIVATE', { partnerId: studio.id, expectedVersion: 4, reason: null });
    await settle();
    expect(await s.statement(january)).toMatchObject({ state: 'SETTLED', payable: '560000' });
  });

  it('cannot be changed as the application role', async () => {
    const { s, studio } = await shared();
    await messages(s, 1);
    await s.moveTo('2031-02-01T00:00:00Z');
    const january = await s.closeMonth(studio.account, '2031-01-01');
    const as = (text: string): Promise<unknown> => db.appPool.query(text, [january.toString()]);
    await expect(as('update share_statement set share = 0 where id = $1')).rejects.toThrow('permission denied');
    await expect(as('update share_statement_line set share = 0 where statement_id = $1')).rejects.toThrow('permission denied');
    await expect(as('delete from share_statement_line where statement_id = $1')).rejects.toThrow('permission denied');
    await expect(as(`update share_statement set state = 'SETTLED', version = version + 1 where id = $1`)).rejects.toThrow(/share_statement|goes forward/);
  });
});

const WHOLE_VIEW = `{ viewerPartner { name settlementAccounts { id } runningTotals { share { amount } } statements { nodes { number lines(first: 20) { nodes {
  share { amount } offering { name } adjusts { number } shares(first: 5) { nodes { share { amount } } } } } byDay { date } } } } }`;

it('a partner\'s whole view takes twelve statements at most, however many it has', async () => {
  const { s, studio, account } = await shared();
  await messages(s, 30);
  for (const [index, [month, next]] of ([['2031-01', '2031-02'], ['2031-02', '2031-03'], ['2031-03', '2031-04']] as const).entries()) {
    await s.moveTo(`${next}-02T00:00:00+01:00`);
    await s.publish(await s.closeMonth(studio.account, `${month}-01`));
    await s.refund(account, (await positions(account, 30))[index]!);
  }
  const loaders = new Map<string, unknown>();
  const contextValue = {
    caller: { ...ANONYMOUS_CALLER, role: 'PARTNER', tenantId: s.tenantId, partnerId: studio.id }, requestId: 'r', services: { ...world.services, pool: db.appPool },
    loader: <T>(key: string, build: () => T): T => loaders.get(key) as T ?? (loaders.set(key, build()), loaders.get(key) as T),
  } as unknown as RequestContext;
  await world.services.tenants.require(s.tenantId);
  const spied = jest.spyOn(db.appPool, 'query');
  const { data, errors } = await graphql({ schema: buildApiSchema(), source: WHOLE_VIEW, contextValue });
  const statements = spied.mock.calls.length;
  spied.mockRestore();
  expect(errors).toBeUndefined();
  expect((data as { viewerPartner: { statements: { nodes: unknown[] } } }).viewerPartner.statements.nodes).toHaveLength(3);
  expect(statements).toBeLessThanOrEqual(12);
});

/** Holds the partner, lets the work come to wait for it, and ends the back end that waits. */
async function killed(studio: SharePartner, work: () => Promise<unknown>): Promise<void> {
  const holder = await db.ownerPool.connect();
  await holder.query('begin');
  await holder.query('select 1 from partner where party_id = $1 for update', [studio.id.toString()]);
  const failed = expect(work()).rejects.toThrow();
  for (let ended = 0; ended === 0;) {
    await sleep(50);
    ended = (await db.ownerPool.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like '%from partner%' and pid <> pg_backend_pid()`)).rowCount ?? 0;
  }
  await failed;
  await holder.query('rollback');
  holder.release();
}

it('a partner that is parted with in mid-month is owed what was charged until then, and its last statement is closed and settled', async () => {
  const { s, studio } = await shared();
  const { agreements, partners, statements } = world.services;
  const { rows: [agreement] } = await db.appPool.query<{ id: string }>('select id from agreement where tenant_id = $1', [s.tenantId]);
  await messages(s, 100);
  await agreements.terminate(s.finance, { agreementId: BigInt(agreement!.id), version: 1 }, new Date('2031-01-20T00:00:00Z'), 'over');
  await s.moveTo('2031-01-25T12:00:00Z');
  // Late usage of before the end still shares, usage of after it does not.
  expect(await s.charge(NUMBER, { ...sms, at: '2031-01-19T23:59:59Z', delivered: true })).toMatchObject({ status: 'CHARGED' });
  await messages(s, 50);
  await partners.step(s.finance, 'partnerTerminate', 'TERMINATE', { partnerId: studio.id, expectedVersion: 3, reason: 'over' });
  await s.moveTo('2031-02-01T00:00:00Z');
  const january = await s.closeMonth(studio.account, '2031-01-01');
  // 101 × 0.0056 = 0.5656
  expect(await s.lines(january)).toEqual(['SMS 808000 101 565600 570000']);
  await s.publish(january);
  await statements.accept({ ...s.finance, role: 'PARTNER' }, { statementId: january, expectedVersion: 2, partnerId: studio.id });
  await statements.settle(s.finance, { statementId: january }, { key: 'last', reference: 'TRANSFER-9' });
  expect(await s.statement(january)).toMatchObject({ state: 'SETTLED', payable: '570000' });
});
