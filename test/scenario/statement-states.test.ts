import { Refusal } from '../../src/platform/errors';
import { createTestDatabase, TestDatabase } from '../support';
import { expectSoundBooks, subscriber } from './money-scenario';
import { content, openShareWorld, SharePartner, ShareScenario, ShareWorld, sms } from './share-world';

/*
 * Life of a partner's statement, every state by every event, through the database. What is not in the table is refused
 * with a code and changes nothing. Each partner has its own statement of 0.01.
 */
let db: TestDatabase;
let world: ShareWorld;
let s: ShareScenario;
let partners: SharePartner[];

const STATES = ['OPEN', 'CALCULATED', 'PUBLISHED', 'ACCEPTED', 'DISPUTED', 'SETTLED'] as const;
const EVENTS = ['CLOSE', 'PUBLISH', 'ACCEPT', 'DISPUTE', 'SETTLE'] as const;
type State = (typeof STATES)[number];
type Event = (typeof EVENTS)[number];

/** State and version after it, "=" where nothing changes, or the code of the refusal. */
const TABLE: Readonly<Record<State, Readonly<Record<Event, string>>>> = {
  OPEN: { CLOSE: 'CONFLICT', PUBLISH: 'NOT_FOUND', ACCEPT: 'NOT_FOUND', DISPUTE: 'NOT_FOUND', SETTLE: 'NOT_FOUND' },
  CALCULATED: { CLOSE: '=', PUBLISH: 'PUBLISHED 2', ACCEPT: 'NOT_FOUND', DISPUTE: 'NOT_FOUND', SETTLE: 'CONFLICT' },
  PUBLISHED: { CLOSE: '=', PUBLISH: 'CONFLICT', ACCEPT: 'ACCEPTED 3', DISPUTE: 'DISPUTED 3', SETTLE: 'CONFLICT' },
  ACCEPTED: { CLOSE: '=', PUBLISH: 'CONFLICT', ACCEPT: 'CONFLICT', DISPUTE: 'CONFLICT', SETTLE: 'SETTLED 4' },
  DISPUTED: { CLOSE: '=', PUBLISH: 'CONFLICT', ACCEPT: 'CONFLICT', DISPUTE: 'CONFLICT', SETTLE: 'SETTLED 4' },
  SETTLED: { CLOSE: '=', PUBLISH: 'CONFLICT', ACCEPT: 'CONFLICT', DISPUTE: 'CONFLICT', SETTLE: 'CONFLICT' },
};
const CASES = STATES.flatMap((state) => EVENTS.map((event) => [state, event, TABLE[state][event]] as const));
const NOWHERE = 4_000_000_000n;
const MARCH = '2031-03-01';

beforeAll(async () => {
  db = await createTestDatabase();
  world = await openShareWorld(db);
  s = await world.open('2031-02-10T12:00:00Z');
  partners = [];
  for (let index = 0; index < CASES.length; index += 1) partners.push(await s.partner(`Partner ${index}`));
  // Two levels about other charges, because a level has twenty parties at most.
  await s.offering(content('one', '1'));
  await s.offering(content('two', '1'));
  await s.agree('one', [{ offering: 'one', parts: partners.slice(0, 20).map((partner) => [partner, '1'] as const) }]);
  await s.agree('two', [{ offering: 'two', parts: partners.slice(20).map((partner) => [partner, '1'] as const) }]);
  await subscriber(s, '353860000001', 'one', '10');
  await subscriber(s, '353860000002', 'two', '10');
  for (const number of ['353860000001', '353860000002']) expect(await s.charge(number, sms)).toMatchObject({ status: 'CHARGED' });
  await s.moveTo('2031-03-10T00:00:00Z');
}, 60_000);
afterAll(async () => {
  await expectSoundBooks(db);
  await world.close();
  await db.dispose();
});

const byPartner = () => ({ tenantId: s.tenantId, subject: 'partner', role: 'PARTNER', requestId: 'r' });
async function ref(partner: SharePartner, id: bigint) {
  const { rows: [row] } = await db.appPool.query<{ version: number }>('select version from share_statement where id = $1', [id.toString()]);
  return { statementId: id, expectedVersion: row?.version ?? 1, partnerId: partner.id };
}

async function fire(event: Event, partner: SharePartner, id: bigint, name: string): Promise<unknown> {
  const { statements } = world.services;
  const own = await ref(partner, id);
  switch (event) {
    case 'CLOSE': return statements.close(s.finance, { accountId: partner.account, periodFrom: id === NOWHERE ? MARCH : '2031-02-01' });
    case 'PUBLISH': return statements.publish(s.finance, { ...own, partnerId: null });
    case 'ACCEPT': return statements.accept(byPartner(), own);
    case 'DISPUTE': return statements.dispute(byPartner(), own, 'a share is missing');
    case 'SETTLE': return statements.settle(s.finance, { statementId: id }, { key: `${name}-${partner.id}`, reference: 'TRANSFER' });
  }
}

const WAY: Readonly<Record<State, readonly Event[]>> = {
  OPEN: [], CALCULATED: [], PUBLISHED: ['PUBLISH'], ACCEPTED: ['PUBLISH', 'ACCEPT'], DISPUTED: ['PUBLISH', 'DISPUTE'], SETTLED: ['PUBLISH', 'ACCEPT', 'SETTLE'],
};
/** OPEN is March, which is under way; every other state is that of February's statement. */
async function make(state: State, partner: SharePartner): Promise<bigint> {
  const february = await s.closeMonth(partner.account, '2031-02-01');
  if (state === 'OPEN') return NOWHERE;
  for (const event of WAY[state]) await fire(event, partner, february, 'make');
  return february;
}

const standing = async ({ id }: SharePartner): Promise<string> => JSON.stringify((await db.appPool.query(`select
  (select json_agg(x order by x.id) from share_statement x where x.partner_id = $1) as statements,
  (select json_agg(l order by l.statement_id, l.line) from share_statement_line l join share_statement x on x.id = l.statement_id where x.partner_id = $1) as lines,
  (select json_agg(e order by e.statement_id, e.kind) from settlement_entry e join share_statement x on x.id = e.statement_id where x.partner_id = $1) as entries`, [id.toString()])).rows);

it.each(CASES.map((one, index) => [...one, index] as const))('%s, %s: %s', async (state, event, expected, index) => {
  const partner = partners[index]!;
  const id = await make(state, partner);
  const before = await standing(partner);
  let said = 'done';
  try {
    await fire(event, partner, id, 'event');
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    said = error.userError.code;
  }
  if (expected === '=' || /^[A-Z_]+$/.test(expected)) {
    expect([said, await standing(partner) === before]).toEqual([expected === '=' ? 'done' : expected, true]);
  } else {
    const { state: after, version, share } = await s.statement(id);
    expect([said, `${after} ${version}`, share]).toEqual(['done', expected, '10000']);
  }
});
