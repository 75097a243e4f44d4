import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { priceLog, readLog } from './import-model';
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
      counts: { charged: 830, compared: 0, duplicates: 0, refused: {}, quarantined: {}, rejected: {} },
    });
    const after = await books(bench.db);
    const second = await bench.run(REAL);
    expect(second.counts).toEqual({ charged: 0, compared: 0, duplicates: 830, refused: {}, quarantined: {}, rejected: {} });
    expect(second.finishedBefore).not.toBeNull();
    expect(second.money[0].duplicates).toEqual(first.money[0].charged);
    expect(await books(bench.db)).toEqual(after);
  });

  it('has the totals that its publisher counted', async () => {
    const { rows } = await bench.db.ownerPool.query<{ event_id: string; kind: string; quantity: string }>(
      "select event_id, kind, quantity::text from charge where tenant_id = 3 and source = 'one-subscriber'");
    const types = new Map(readLog(readFileSync(REAL, 'utf8')).map(({ index, networkType }) => [`one-subscriber-${index}`, networkType]));
    const totals = new Map<string, readonly [number, bigint]>();
    for (const { event_id: id, kind, quantity } of rows) {
      const [count, units] = totals.get(`${kind} ${types.get(id)}`) ?? [0, 0n];
      totals.set(`${kind} ${types.get(id)}`, [count + 1, units + BigInt(quantity)]);
    }
    expect(Object.fromEntries(totals)).toEqual({
      'VOICE mobile': [319, 72_113n], 'VOICE landline': [42, 18_433n], 'VOICE voicemail': [27, 1_775n],
      'SMS mobile': [282, 282n], 'SMS world': [7, 7n], 'SMS special': [3, 3n], 'DATA data': [150, 5_164_350_000n],
    });
  });

  it('costs to the millionth what its tariff says', async () => {
    const { rows } = await bench.db.ownerPool.query<{ gross: string }>(
      "select (net + tax)::text as gross from charge where tenant_id = 3 and source = 'one-subscriber' order by position");
    expect(rows.map(({ gross }) => BigInt(gross))).toEqual(priceLog(readLog(readFileSync(REAL, 'utf8'))));
  });
});
