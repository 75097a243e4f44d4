import { Conductor } from '../../src/charging';
import { createTestDatabase, TestDatabase } from '../support';
import { worldConductor } from '../support/world';
import { Billing, openBilling } from './billing-support';
import { expectSoundBooks, openScenario, voice } from './money-scenario';

let db: TestDatabase;
let conductor: Conductor;
let billing: Billing;

beforeAll(async () => {
  db = await createTestDatabase();
  conductor = worldConductor(db);
  billing = await openBilling(db, conductor);
});
afterEach(() => expectSoundBooks(db));
afterAll(async () => {
  await billing.close();
  await conductor.drain();
  await db.dispose();
});

it('first', async () => {
  const s = await openScenario(db, conductor, '2031-01-01T12:00:00Z');
  await s.offering({ code: 'plan', period: 'BILL_CYCLE', fee: '28', feeProrated: true, feeTax: 'INCLUDED', usage: [voice('0.60')] });
  const a = await s.account({ mode: 'POSTPAID' });
  expect(await s.activate(a, 'plan', { number: '353860000001' })).toMatchObject({ ok: true });
  await s.charge('353860000001', { seconds: 127n });
  await s.moveTo('2031-02-03T00:00:00Z');
  await billing.bill(s.tenantId, '2031-02-01');
  console.log(await s.rows(a, 'select * from bill_period where root_id = $1'), await s.rows(a, 'select * from customer_bill where root_id = $1'), await s.rows(a, 'select * from customer_bill_line where root_id = $1'),
    await s.rows(a, 'select * from issued_document where root_id = $1'), await s.rows(a, 'select j.*, l.* from journal j join journal_line l using (shard, root_id, kind, reference) where root_id = $1'));
});
