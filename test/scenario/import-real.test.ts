import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { books, ImportBench, openImportBench, ROOT } from './import-support';

const REAL = join(ROOT, '..', 'shared', 'data', 'one-subscriber-usage.csv');
const isHere = existsSync(REAL);
if (!isHere) process.stderr.write('The real usage log is not on this machine: its import is not tested (docs/import.md says where to get it).\n');

(isHere ? describe : describe.skip)('the real log of one subscriber', () => {
  let bench: ImportBench;

  beforeAll(async () => {
    bench = await openImportBench();
  });
  afterAll(() => bench.dispose());

  it('is charged to the last row, and again changes nothing', async () => {
    const first = await bench.run(REAL);
    expect(first).toMatchObject({
      rows: 830, rejectsFile: null, finishedBefore: null,
      counts: { charged: 830, duplicates: 0, refused: {}, quarantined: {}, rejected: {} },
    });
    const after = await books(bench.db);
    const second = await bench.run(REAL);
    expect(second.counts).toEqual({ charged: 0, duplicates: 830, refused: {}, quarantined: {}, rejected: {} });
    expect(second.finishedBefore).not.toBeNull();
    expect(second.money[0].duplicates).toEqual(first.money[0].charged);
    expect(await books(bench.db)).toEqual(after);
  });

  it('has the totals that its publisher counted', async () => {
    const { rows } = await bench.db.ownerPool.query(`
      select kind, count(*)::int as count, sum(quantity)::text as units from charge
       where tenant_id = 3 and source = 'one-subscriber' group by kind order by kind`);
    expect(rows).toEqual([
      { kind: 'DATA', count: 150, units: '5164350000' }, { kind: 'SMS', count: 292, units: '292' }, { kind: 'VOICE', count: 388, units: '92321' },
    ]);
  });
});
