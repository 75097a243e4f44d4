import { checkInvariants } from '../../src/audit';
import { createTestDatabase, TestDatabase } from '../support';
import { worldConductor } from '../support/world';
import { openSliceShop, orderSlice, sliceOffering, SliceShop, sliceTerms } from './slice-world';

/** What the audit must find of slices: each row here spoils the books, and its invariant says so. */
let db: TestDatabase;
let shop: SliceShop;
let product: bigint;

beforeAll(async () => {
  db = await createTestDatabase();
  const conductor = worldConductor(db);
  shop = await openSliceShop(db, conductor);
  await shop.launch(sliceOffering('hospital'), sliceTerms());
  await shop.s.offering({ code: 'plain', period: 'CALENDAR_MONTH', fee: '1' });
  const account = await shop.tenant();
  product = await orderSlice(shop, account, 'hospital', { until: Date.parse('2031-03-01T00:00:00Z'), devices: [{ kind: 'IMSI', value: '262010000000001' }] });
  await orderSlice(shop, account, 'hospital');
  await conductor.drain();
});
afterAll(async () => {
  await shop.bench.close();
  await db.dispose();
});

it('the sound books have no violation', async () => expect(await checkInvariants(db.appPool)).toEqual([]));

it.each([
  ['24', 'more held at a coming instant than an area has', `update slice_area set downlink_kbps = 19999`],
  ['24', 'more devices held than an area admits', `update slice_area set devices = 5`],
  ['24', 'a slice whose capacity was given back', `update slice_reservation set state = 'RELEASED' where product_id = $product`],
  ['24', 'a slice whose capacity is held for a part of its life', `update slice_reservation set valid_until = '2031-02-01' where product_id = $product`],
  ['24', 'a slice whose capacity is held later than it began', `update slice_reservation set valid_from = '2031-01-02' where product_id = $product`],
  ['24', 'a slice without any capacity', `delete from slice_reservation where product_id = $product`],
  ['24', 'a slice that holds less than it guarantees', `update slice_reservation set downlink_kbps = 1 where product_id = $product`],
  ['24', 'capacity that is held for nobody', `update slice_reservation set item_key = 'z' where product_id = $product`],
  ['22', 'terms of another tenant', `update slice_terms set tenant_id = (select min(id) from tenant where id <> tenant_id)`],
  ['22', 'a reservation of another account', `update slice_reservation set account_id = 4096 where product_id = $product`],
  ['22', 'a reservation of an area of another tenant', `update slice_area set tenant_id = (select min(id) from tenant where id <> tenant_id)`],
  ['22', 'a device of no product', `update slice_device set product_id = 4096`],
  ['22', 'a device that another pays for than its slice says', `update slice_device set payer = 'DEVICE'`],
  ['25', 'an area that nobody set', `update slice_area set version = version + 1`],
  ['25', 'slice terms that nobody drafted', `insert into slice_terms select (select max(id) from product_offering_version), tenant_id, sst, sd, plmn, payer, profile, counting, objective from slice_terms limit 1`],
])('invariant %s catches %s', async (number, _, statement) => {
  const client = await db.ownerPool.connect();
  try {
    await client.query('begin');
    await client.query(`set local session_replication_role = replica`);
    await client.query({ text: `insert into tenant (id, code, name, currency, time_zone, is_sandbox, settings) select 90, 'afar', 'Afar', currency, time_zone, true, settings from tenant limit 1` });
    await client.query({ text: statement.replaceAll('$product', product.toString()) });
    const pool = { connect: async () => ({ query: client.query.bind(client), release: () => undefined }) } as unknown as TestDatabase['ownerPool'];
    expect((await checkInvariants(pool)).map((violation) => violation.invariant)).toContain(number);
  } finally {
    await client.query('rollback');
    client.release();
  }
});
