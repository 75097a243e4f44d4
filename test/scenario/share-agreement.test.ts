import { Refusal } from '../../src/platform/errors';
import { shareStep } from '../../src/revenue-share';
import { createTestDatabase, TestDatabase } from '../support';
import { worldConductor } from '../support/world';
import { expectSoundBooks, subscriber } from './money-scenario';
import { content, ItemSpec, openShareWorld, passSecond, proposal, SharePartner, ShareScenario, ShareWorld, sms } from './share-world';

/** Agreements take two people, hold by the clock, and are never edited; what is refused changes nothing. */
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

const STATES = `select coalesce(json_agg(json_build_array(a.code, v.version, v.state, v.valid_from, v.valid_until, v.decided_by) order by a.code, v.version), '[]')::text as told,
  (select catalog_version from tenant where id = $1)::text as version
  from agreement_version v join agreement a on a.id = v.agreement_id where v.tenant_id = $1`;
const told = async (s: ShareScenario): Promise<string> => JSON.stringify((await db.appPool.query(STATES, [s.tenantId])).rows);

interface Ground { readonly s: ShareScenario; readonly studio: SharePartner; readonly label: SharePartner }
async function ground(): Promise<Ground> {
  const s = await world.open('2031-01-10T12:00:00Z');
  await s.offering(content('pass', '0.10'));
  return { s, studio: await s.partner('Studio'), label: await s.partner('Label') };
}

/** Refused, and nothing but the audit trail shows that it was tried. */
async function expectRefused(s: ShareScenario, work: () => Promise<unknown>, code: string): Promise<void> {
  const before = await told(s);
  expect(await refusal(work())).toBe(code);
  expect(await told(s)).toBe(before);
}
const propose = (s: ShareScenario, items: readonly ItemSpec[], code = 'deal', validFrom?: string): Promise<bigint> =>
  world.services.agreements.propose(s.catalog, proposal(code, items, validFrom));
const approve = (s: ShareScenario, agreementId: bigint, version = 1): Promise<bigint> => world.services.agreements.approve(s.finance, { agreementId, version });

it.each<[string, (g: Ground) => readonly ItemSpec[], string]>([
  ['percentages above 100', ({ studio, label }) => [{ parts: [[studio, '70'], [label, '30.000001']] }], 'INVALID_INPUT items.0.parties'],
  ['a partner twice', ({ studio }) => [{ parts: [[studio, '10'], [studio, '10']] }], 'INVALID_INPUT items.0.parties.1.partnerId'],
  ['the same charges twice', ({ studio, label }) => [{ parts: [[studio, '10']] }, { parts: [[label, '10']] }], 'INVALID_INPUT items.1'],
  ['an unknown offering', ({ studio }) => [{ offering: 'nothing', parts: [[studio, '10']] }], 'NOT_FOUND items.0.offeringCode'],
  ['an unknown partner', ({ studio }) => [{ parts: [[{ ...studio, id: 4_000_000_000n }, '10']] }], 'NOT_FOUND items.0.parties.0.partnerId'],
])('a proposal of %s is refused', async (_, items, code) => {
  const g = await ground();
  await expectRefused(g.s, () => propose(g.s, items(g)), code);
});

it('a partner of another tenant is unknown', async () => {
  const [g, other] = [await ground(), await ground()];
  await expectRefused(g.s, () => propose(g.s, [{ parts: [[other.studio, '10']] }]), 'NOT_FOUND items.0.parties.0.partnerId');
  const agreementId = await propose(other.s, [{ parts: [[other.studio, '10']] }]);
  await expectRefused(other.s, () => approve(g.s, agreementId), 'NOT_FOUND agreementId');
});

it('who proposed does not approve; who approves does it once, however many at once', async () => {
  const { s, studio } = await ground();
  const agreementId = await propose(s, [{ parts: [[studio, '70']] }]);
  await expectRefused(s, () => world.services.agreements.approve(s.catalog, { agreementId, version: 1 }), 'NOT_ALLOWED');
  await expectRefused(s, () => propose(s, [{ parts: [[studio, '60']] }]), 'CONFLICT code');
  await expectRefused(s, () => approve(s, agreementId, 2), 'NOT_FOUND agreementId');
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => refusal(approve(s, agreementId))));
  expect(outcomes.sort()).toEqual([...Array.from({ length: 19 }, () => 'CONFLICT version'), 'done']);
  const { rows } = await db.appPool.query(`select result, count(*)::int as many from audit_log where tenant_id = $1 and operation = 'agreementApprove' group by 1 order by 1`, [s.tenantId]);
  expect(rows).toEqual([{ result: 'DONE', many: 1 }, { result: 'REFUSED', many: 21 }]);
});

it('a rejected version stays rejected, and the next one is proposed anew', async () => {
  const { s, studio } = await ground();
  const agreementId = await propose(s, [{ parts: [[studio, '70']] }]);
  await world.services.agreements.reject(s.finance, { agreementId, version: 1 }, 'too much');
  await expectRefused(s, () => approve(s, agreementId), 'CONFLICT version');
  await propose(s, [{ parts: [[studio, '60']] }]);
  await approve(s, agreementId, 2);
});

it('is not agreed for the past, nor against another agreement, nor before a version that is to come', async () => {
  const { s, studio, label } = await ground();
  const past = await propose(s, [{ parts: [[studio, '70']] }], 'past', '2031-01-01T00:00:00Z');
  await expectRefused(s, () => approve(s, past), 'INVALID_INPUT version');
  const soon = await propose(s, [{ parts: [[studio, '70']] }], 'soon', new Date(await world.conductor.now(s.tenantId) + 500).toISOString());
  await expectRefused(s, () => approve(s, soon), 'INVALID_INPUT version');
  await s.agree('deal', [{ offering: 'pass', kind: 'SMS', parts: [[studio, '70']] }]);
  const rival = await propose(s, [{ offering: 'pass', kind: 'SMS', parts: [[label, '10']] }], 'rival', '2031-06-01T00:00:00Z');
  await expectRefused(s, () => approve(s, rival), 'CONFLICT version');
  const wider = await propose(s, [{ offering: 'pass', parts: [[label, '10']] }], 'wider');
  await approve(s, wider);
  await s.agree('deal', [{ offering: 'pass', kind: 'SMS', parts: [[studio, '60']] }], '2031-03-01T00:00:00Z');
  const earlier = await propose(s, [{ offering: 'pass', kind: 'SMS', parts: [[studio, '50']] }], 'deal', '2031-02-01T00:00:00Z');
  await expectRefused(s, () => approve(s, earlier, 3), 'CONFLICT version');
});

it('takes partners who are active and have an account in the currency', async () => {
  const { s, studio } = await ground();
  const dollars = await s.partner('Dollars', 'USD');
  const unsettled = await propose(s, [{ parts: [[dollars, '10']] }], 'dollars');
  await expectRefused(s, () => approve(s, unsettled), 'CURRENCY_MISMATCH version');
  await world.services.partners.step(s.finance, 'partnerSuspend', 'SUSPEND', { partnerId: studio.id, expectedVersion: 3, reason: 'papers' });
  const agreementId = await propose(s, [{ parts: [[studio, '10']] }], 'suspended');
  await expectRefused(s, () => approve(s, agreementId), 'CONFLICT version');
});

it('a partner is parted with once no agreement holds, and by its version', async () => {
  const { s, studio } = await ground();
  const { partners, agreements } = world.services;
  const agreementId = await s.agree('deal', [{ parts: [[studio, '70']] }]);
  const terminate = (expectedVersion: number) => partners.step(s.finance, 'partnerTerminate', 'TERMINATE', { partnerId: studio.id, expectedVersion, reason: 'over' });
  expect(await refusal(terminate(3))).toBe('CONFLICT partnerId');
  await agreements.terminate(s.finance, { agreementId, version: 1 }, null, 'over');
  expect(await refusal(terminate(3))).toBe('CONFLICT partnerId');
  await passSecond(db, s.tenantId);
  expect(await refusal(terminate(2))).toBe('CONFLICT expectedVersion');
  await terminate(3);
  expect(await refusal(propose(s, [{ parts: [[studio, '10']] }], 'again'))).toBe('CONFLICT items.0.parties.0.partnerId');
  expect(await refusal(partners.openAccount(s.finance, { partnerId: studio.id, currency: 'USD' }))).toBe('CONFLICT partnerId');
});

it('holds on every node from its approval on: each batch checks the version under its lock', async () => {
  const { s, studio } = await ground();
  const other = worldConductor(db, { lanes: 1, steps: [shareStep] });
  const account = await subscriber(s, NUMBER, 'pass', '10');
  await s.charge(NUMBER, { ...sms, by: other });
  await s.agree('deal', [{ parts: [[studio, '70']] }]);
  await s.charge(NUMBER, { ...sms, by: other });
  await s.charge(NUMBER, sms);
  await s.agree('deal', [{ parts: [[studio, '50']] }]);
  await s.charge(NUMBER, sms);
  await s.charge(NUMBER, { ...sms, by: other });
  await other.drain();
  const [seventy, fifty] = [`${studio.id}:70000 0:30000`, `${studio.id}:50000 0:50000`];
  expect(await s.shares(account.rootId)).toEqual([null, seventy, seventy, fifty, fifty]);
});

it('cannot be changed as the application role once it is decided', async () => {
  const { s, studio } = await ground();
  await s.agree('deal', [{ parts: [[studio, '70']] }]);
  const as = (text: string): Promise<unknown> => db.appPool.query(text);
  await expect(as('update agreement_part set percent = 1')).rejects.toThrow('permission denied');
  await expect(as('update agreement_item set basis = $$GROSS$$')).rejects.toThrow('permission denied');
  await expect(as('delete from agreement_part')).rejects.toThrow('permission denied');
  await expect(as(`update agreement_version set valid_from = now() where tenant_id = ${s.tenantId}`)).rejects.toThrow('not edited');
  await expect(as(`update agreement_version set state = 'IN_PROCESS' where tenant_id = ${s.tenantId}`)).rejects.toThrow('not edited');
});
