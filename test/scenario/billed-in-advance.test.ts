import { createTestDatabase, TestDatabase } from '../support';
import { agentKey, flatRate, WorldAccount } from '../support/world';
import { Billing, BOOKS, LINES, openBilling, untracedLines } from './billing-support';
import { expectSoundBooks, voice } from './money-scenario';
import { openShareWorld, ShareScenario, ShareWorld } from './share-world';

/*
 * One recurring price of 28.00 a month from the middle of January on, once billed in advance and once not: what each bill
 * holds was worked out by hand. Usage is in arrears in both.
 */
let db: TestDatabase;
let world: ShareWorld;
let billing: Billing;
let s: ShareScenario;
let ahead: WorldAccount;
let behind: WorldAccount;

beforeAll(async () => {
  db = await createTestDatabase();
  world = await openShareWorld(db);
  billing = await openBilling(db, world.conductor);
  s = await world.open('2031-01-15T00:00:00Z');
  const fee = { fee: '28', feeProrated: true, recognition: 'OVER_PERIOD' as const, usage: [voice('0.60')] };
  await s.offering({ code: 'ahead', period: 'BILL_CYCLE', ...fee, feeInAdvance: true });
  await s.offering({ code: 'behind', period: 'BILL_CYCLE', ...fee });
  await s.offering({ code: 'weekly', period: 'WEEK', fee: '7', feeInAdvance: true, usage: [{ kind: 'SMS', unit: 'EVENT', per: '1', rates: flatRate('0.01') }] });
  [ahead, behind] = [await s.account({ mode: 'POSTPAID', limit: null }), await s.account({ mode: 'POSTPAID', limit: null })];
});
afterEach(async () => {
  await expectSoundBooks(db);
  expect(await untracedLines(db)).toEqual([]);
});
afterAll(async () => {
  await billing.close();
  await world.close();
  await db.dispose();
});

const done = async (outcome: Promise<{ readonly ok: boolean }>): Promise<void> => expect(await outcome).toMatchObject({ ok: true });
const linesOf = async (account: WorldAccount, bill: number): Promise<string[]> =>
  (await s.rows<{ bill: number; kind: string; from: string; until: string; amount: string }>(account, LINES))
    .filter((row) => row.bill === bill).map(({ kind, from, until, amount }) => `${kind} ${from} ${until} ${amount}`);
const deferred = async (account: WorldAccount): Promise<string | undefined> =>
  (await s.rows<{ account: string; balance: string }>(account, BOOKS)).find((row) => row.account === 'deferred_revenue')?.balance;

it('is on the bill made when its month begins, with the days since the start', async () => {
  await done(s.activate(ahead, 'ahead', { number: '353860000001', at: '2031-01-15T00:00:00Z' }));
  await done(s.activate(behind, 'behind', { number: '353860000002', at: '2031-01-15T00:00:00Z' }));
  await s.moveTo('2031-01-20T10:00:00Z');
  for (const number of ['353860000001', '353860000002']) await s.charge(number, { seconds: 60n, at: '2031-01-20T10:00:00Z' });
  await s.moveTo('2031-02-01T06:00:00Z');
  await billing.bill(s.tenantId, '2031-02-01');
  // 17 of 31 days of 28.00, then February whole.
  expect(await linesOf(ahead, 1)).toEqual(['RECURRING_FEE 2031-01-15 2031-02-01 15.35', 'RECURRING_FEE 2031-02-01 2031-03-01 28', 'VOICE 2031-01-01 2031-02-01 0.6']);
  expect(await linesOf(behind, 1)).toEqual(['RECURRING_FEE 2031-01-15 2031-02-01 15.35', 'VOICE 2031-01-01 2031-02-01 0.6']);
  // Nothing of February is earned yet, by whichever bill it comes.
  expect(await deferred(ahead)).toBe('28');
});

it('follows month by month; a change in the month credits the rest of what was billed ahead', async () => {
  await s.moveTo('2031-02-15T00:00:00Z');
  await s.charge('353860000001', { seconds: 120n, at: '2031-02-15T00:00:00Z' });
  await s.moveTo('2031-03-01T06:00:00Z');
  await billing.bill(s.tenantId, '2031-03-01');
  expect(await linesOf(ahead, 2)).toEqual(['RECURRING_FEE 2031-03-01 2031-04-01 28', 'VOICE 2031-02-01 2031-03-01 1.2']);
  expect(await linesOf(behind, 2)).toEqual(['RECURRING_FEE 2031-02-01 2031-03-01 28']);
  await s.moveTo('2031-03-11T00:00:00Z');
  await done(world.conductor.products.changeOffering(agentKey(s.tenantId, 'change', 'care'), {
    productId: BigInt((await s.product(ahead)).id), offeringCode: 'behind', offeringVersion: null, when: 'NOW', expectedVersion: null,
  }));
  await s.moveTo('2031-04-01T06:00:00Z');
  await billing.bill(s.tenantId, '2031-04-01');
  // 21 of 31 days of March go back and are charged anew; the new price is not billed in advance.
  expect(await linesOf(ahead, 3)).toEqual(['RECURRING_FEE 2031-03-11 2031-04-01 -18.97', 'RECURRING_FEE 2031-03-11 2031-04-01 18.97']);
  expect(await linesOf(behind, 3)).toEqual(['RECURRING_FEE 2031-03-01 2031-04-01 28']);
});

it('changes nothing for periods that begin inside a cycle', async () => {
  const weekly = await s.account({ mode: 'POSTPAID', limit: null });
  await done(s.activate(weekly, 'weekly', { number: '353860000003', at: '2031-04-01T06:00:00Z' }));
  await s.moveTo('2031-05-01T06:00:00Z');
  await billing.bill(s.tenantId, '2031-05-01');
  // Weeks from 1, 8, 15, 22 and 29 April: each began in the cycle that the bill is for.
  expect(await linesOf(weekly, 1)).toHaveLength(5);
});
