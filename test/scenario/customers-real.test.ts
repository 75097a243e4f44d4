import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isReconciled } from '../../src/onboarding';
import { formatAmount } from '../../src/platform/money';
import { violationsOf } from '../support';
import { bill, importFile, moveClock, reconcileFile } from './customers-support';
import { ImportBench, openImportBench, ROOT } from './import-support';

jest.setTimeout(240_000);

const REAL = join(ROOT, '..', 'shared', 'data', 'telco-customers.csv');
const isHere = existsSync(REAL);
if (!isHere) process.stderr.write('The real customers are not on this machine: their import is not tested (docs/customers-import.md says where to get them).\n');

(isHere ? describe : describe.skip)('7,043 real customers', () => {
  let bench: ImportBench;

  beforeAll(async () => {
    bench = await openImportBench();
  });
  afterAll(() => bench.dispose());

  it('come in through the orders, to the last row, and once', async () => {
    const rejectsPath = join(bench.folder, 'rejects.csv');
    expect(await importFile(bench.rooms, REAL, { rejectsPath })).toMatchObject({ rows: 7_043, imported: 7_043, products: 29_202, unchanged: 0, underWay: 0, rejected: {}, rejectsFile: null });
    expect(await importFile(bench.rooms, REAL, { rejectsPath })).toMatchObject({ rows: 7_043, imported: 0, products: 0, unchanged: 7_043, rejected: {} });
    const { rows } = await bench.db.ownerPool.query(`
      select count(*)::int as orders, count(*) filter (where state = 'COMPLETED')::int as completed,
             (select count(*)::int from product_order_item i join product p on p.shard = i.shard and p.id = i.product_id and p.state = 'ACTIVE') as active
        from product_order where channel = 'telco-churn'`);
    expect(rows).toEqual([{ orders: 7_043, completed: 7_043, active: 29_202 }]);
  });

  it('are billed the list price, to the cent, and no more than 4.80 from what the file says', async () => {
    const now = await bench.rooms.clock.now(1);
    const cycleEnd = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)).toISOString().slice(0, 10);
    await moveClock(bench.rooms, `${cycleEnd}T12:00:00Z`);
    await bill(bench.rooms, cycleEnd);
    const found = await reconcileFile(bench.rooms, REAL, cycleEnd);
    const money = ([found.list, found.billed, found.file, found.largest[0]!.difference] as const).map((value) => formatAmount(value, 'EUR'));
    expect(money).toEqual(['456360.00', '456360.00', '456116.60', '-4.80']);
    expect(found).toMatchObject({ rows: 7_043, products: 29_202, unlisted: 0, beyond: 0, unbilled: 0, unreadable: 0 });
    expect(isReconciled(found)).toBe(true);
    expect(await violationsOf(bench.db.ownerPool)).toEqual([]);
  });
});
