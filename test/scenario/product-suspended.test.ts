import { Conductor } from '../../src/charging';
import type { SuspensionLevel, SuspensionReason } from '../../src/product';
import { createTestDatabase, TestDatabase } from '../support';
import { agentKey, flatRate, worldConductor } from '../support/world';
import { expectSoundBooks, openScenario, Scenario, subscriber, voice } from './money-scenario';

/** What a suspension stops, for every reason and level: usage that is barred says so, and nothing else is stopped. */
let db: TestDatabase;
let conductor: Conductor;
let s: Scenario;
let serial = 0;

beforeAll(async () => {
  db = await createTestDatabase();
  conductor = worldConductor(db, { lanes: 1 });
  s = await openScenario(db, conductor, '2031-01-10T00:00:00Z');
  await s.offering({ code: 'line', period: 'CALENDAR_MONTH', fee: '10', usage: [voice('0.60'), { kind: 'DATA', unit: 'BYTE', per: '1', rates: flatRate('0') }] });
});
afterAll(async () => {
  await expectSoundBooks(db);
  await conductor.drain();
  await db.dispose();
});

const REASONS: readonly Exclude<SuspensionReason, 'RENEWAL_UNPAID'>[] = ['CUSTOMER', 'NON_PAYMENT', 'FRAUD', 'LOST', 'REGULATOR'];
const STOPS: Readonly<Record<SuspensionLevel, readonly Use[]>> = { OUTGOING: ['calls out', 'data'], DATA: ['data'], ALL: ['calls out', 'calls in', 'data'] };
const USES = {
  'calls out': { direction: 'OUTGOING' },
  'calls in': { direction: 'INCOMING' },
  data: { kind: 'DATA', unit: 'BYTE', otherParty: null },
} as const;
type Use = keyof typeof USES;
const key = () => agentKey(s.tenantId, `s${(serial += 1)}`);

describe.each(REASONS)('by %s', (reason) => {
  it.each(Object.keys(STOPS) as readonly SuspensionLevel[])('at level %s', async (level) => {
    const number = `3538612${(serial += 1).toString().padStart(5, '0')}`;
    const account = await subscriber(s, number, 'line', '50');
    const productId = BigInt((await s.product(account)).id);
    const ask = async (use: Use, delivered = false) => {
      const { status, code } = await s.charge(number, { delivered, over: USES[use] });
      return [status, code];
    };
    for (const use of Object.keys(USES) as readonly Use[]) expect([use, await ask(use)]).toEqual([use, ['CHARGED', null]]);
    expect(await conductor.products.suspend(key(), { productId, reason, level })).toMatchObject({ ok: true });
    const spendable = await s.spendable(account);
    for (const use of STOPS[level]) {
      expect([use, await ask(use)]).toEqual([use, ['REFUSED', 'PRODUCT_SUSPENDED']]);
      // What was delivered all the same is put aside, not lost.
      expect([use, await ask(use, true)]).toEqual([use, ['QUARANTINED', 'PRODUCT_SUSPENDED']]);
    }
    expect(await s.spendable(account)).toBe(spendable);
    for (const use of (Object.keys(USES) as readonly Use[]).filter((one) => !STOPS[level].includes(one))) {
      expect([use, await ask(use)]).toEqual([use, ['CHARGED', null]]);
    }
    expect(await conductor.products.changeOffering(key(), { productId, offeringCode: 'line', offeringVersion: null, when: 'NOW', expectedVersion: null }))
      .toMatchObject({ ok: false, errors: [{ code: 'PRODUCT_SUSPENDED' }] });
    expect(await conductor.products.resume(key(), { productId, reason })).toMatchObject({ ok: true });
    for (const use of Object.keys(USES) as readonly Use[]) expect([use, await ask(use)]).toEqual([use, ['CHARGED', null]]);
  });
});

it('by RENEWAL_UNPAID everything stops until the fee is paid', async () => {
  const number = '353861299999';
  const account = await subscriber(s, number, 'line', '15');
  await s.moveTo('2031-02-02T00:00:00Z');
  for (const use of Object.keys(USES) as readonly Use[]) {
    expect(await s.charge(number, { over: USES[use] })).toMatchObject({ status: 'REFUSED', code: 'PRODUCT_SUSPENDED' });
  }
  await s.topUp(account, '20');
  expect(await s.charge(number)).toMatchObject({ status: 'CHARGED' });
});
