import { checkInvariants } from '../../src/audit';
import { Conductor } from '../../src/charging';
import { createTestDatabase, TestDatabase } from '../support';
import { worldConductor } from '../support/world';
import { openScenario } from './money-scenario';
import { devices, devicesAbove, down, openSlices, SliceWorld, upDays } from './slice-support';

/** What the audit must find of settled periods: each row here spoils the books, and its invariant says so. */
let db: TestDatabase;
let conductor: Conductor;
let slices: SliceWorld;

beforeAll(async () => {
  db = await createTestDatabase();
  conductor = worldConductor(db);
  const s = await openScenario(db, conductor, '2031-01-01T00:00:00Z');
  slices = await openSlices(db, conductor, s);
  await slices.offering({ code: 'hospital', fee: '10000', usage: [devicesAbove(100n, '2.50')] });
  const product = await slices.begin(await s.account({ mode: 'POSTPAID', limit: null }), 'hospital');
  await slices.maintenance('2031-01-20T00:00:00Z', '2031-01-20T01:00:00Z');
  await s.moveTo('2031-02-01T01:00:00Z');
  await slices.report(product, [devices('2031-01-10T00:00:00Z', 300n), ...upDays('2031-01-01T00:00:00Z', '2031-02-01T00:00:00Z'), down('2031-01-02T00:00:00Z', '2031-01-02T02:00:00Z')]);
  await slices.settle(product, '2031-01-15T00:00:00Z');
  await conductor.drain();
});
afterAll(async () => {
  await slices.close();
  await db.dispose();
});

it('the sound books have no violation', async () => expect(await checkInvariants(db.appPool)).toEqual([]));

it.each([
  ['17', 'a fee of which more was given back than it was', `update charge set net = -20000000000 where kind = 'SLA_CREDIT'`],
  ['17', 'a credit that was taken back more than it was', `update charge set net = 1, tax = 0 where kind = 'SLA_CREDIT'`],
  ['17', 'a settled count that is no usage', `update slice_period set device_usage_id = 'nothing'`],
  ['17', 'a count that was not of its peak', `update slice_period set peak = 301`],
  ['17', 'a hole in the revisions', `update slice_period set revision = 2`],
  ['07', 'a credit whose money never moved', `update charge set net = net - 1 where kind = 'SLA_CREDIT'`],
  ['22', 'a period of no product', `update slice_period set product_id = 4096`],
  ['22', 'a measurement of another root', `update slice_measurement set root_id = 4096`],
  ['25', 'maintenance that nobody agreed', `insert into slice_maintenance (tenant_id, area_id, starts_at, ends_at, reason, agreed_at, agreed_by) select tenant_id, area_id, starts_at, ends_at, reason, agreed_at, agreed_by from slice_maintenance`],
  ['25', 'a decision that nobody made', `insert into slice_period_request select shard, tenant_id, 'slicePeriodDecide', 'x', 'k', '', product_id, period_start from slice_period`],
])('invariant %s catches %s', async (number, _, statement) => {
  const client = await db.ownerPool.connect();
  try {
    await client.query('begin');
    await client.query(`set local session_replication_role = replica`);
    await client.query({ text: statement });
    const pool = { connect: async () => ({ query: client.query.bind(client), release: () => undefined }) } as unknown as TestDatabase['ownerPool'];
    expect((await checkInvariants(pool)).map((violation) => violation.invariant)).toContain(number);
  } finally {
    await client.query('rollback');
    client.release();
  }
});
