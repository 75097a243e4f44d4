import { readFileSync } from 'node:fs';
import { parseAmount } from '../../src/platform/money';
import { sampleLines } from '../../src/usage/import/sample/sample.rules';
import { LogRow, priceLog, readLog, taxInside } from './import-model';
import { books, ImportBench, openImportBench, REASON, SAMPLE } from './import-support';

const ROWS = 900;
const SEED = 2014;

interface Charged {
  readonly event_id: string;
  readonly gross: string;
  readonly tax: string;
}

describe('the shipped sample', () => {
  let bench: ImportBench;
  let log: LogRow[];

  beforeAll(async () => {
    bench = await openImportBench();
    log = readLog(readFileSync(SAMPLE, 'utf8'));
  });
  afterAll(() => bench.dispose());

  it('is what the generator writes', () => {
    expect([...sampleLines({ rows: ROWS, seed: SEED, subscribers: 1 }), ''].join('\n')).toBe(readFileSync(SAMPLE, 'utf8'));
  });

  it('has every kind, both spellings of the date, and rows equal but for the index', () => {
    const kinds = new Set(log.map(({ item, networkType }) => `${item} ${networkType}`));
    expect([...kinds].sort()).toEqual([
      'call landline', 'call mobile', 'call voicemail', 'data data', 'sms mobile', 'sms special', 'sms world']);
    expect(log.some(({ date }) => /^\d\d\/\d\d\/\d\d \d\d:\d\d$/.test(date))).toBe(true);
    expect(log.some(({ date }) => /^\d{1,2}\/\d{1,2}\/\d{4} \d{1,2}:\d\d$/.test(date))).toBe(true);
    expect(new Set(log.map(({ index: _, ...rest }) => JSON.stringify(rest))).size).toBeLessThan(log.length);
  });

  it('costs to the millionth what its tariff says, allowances first, then money', async () => {
    const summary = await bench.run(SAMPLE);
    expect(summary.counts).toEqual({ charged: ROWS, compared: 0, duplicates: 0, refused: {}, quarantined: {}, rejected: {} });
    const { rows } = await bench.db.ownerPool.query<Charged>(`
      select event_id, (net + tax)::text as gross, tax::text as tax from charge
       where tenant_id = 3 and source = 'one-subscriber' order by position`);
    const expected = priceLog(log);
    expect(rows).toEqual(log.map(({ index }, at) => ({
      event_id: `one-subscriber-${index}`, gross: `${expected[at]}`, tax: `${taxInside(expected[at])}`,
    })));
    const total = expected.reduce((sum, gross) => sum + gross, 0n);
    expect(total).toBeGreaterThan(0n);
    expect(parseAmount(summary.money[0].charged.gross)).toBe(total);
  });

  it('again, and again under another name, changes nothing', async () => {
    const before = await books(bench.db);
    const copy = bench.file('copy.csv', readFileSync(SAMPLE));
    for (const file of [SAMPLE, copy]) {
      expect((await bench.run(file)).counts).toMatchObject({ charged: 0, duplicates: ROWS });
    }
    const more = bench.file('more.csv', `${readFileSync(SAMPLE, 'utf8')}`.replace(/\n/g, '\r\n'));
    expect(await bench.run(more)).toMatchObject({ finishedBefore: null, counts: { charged: 0, duplicates: ROWS } });
    expect(await books(bench.db)).toEqual(before);
  });

  it('stands in the audit log with its reason, and its source has no late limit from then on', async () => {
    const { rows } = await bench.db.ownerPool.query(`
      select operation, reason, result, after ->> 'rowCount' as rows from audit_log where tenant_id = 3 and object_type = 'UsageImport' order by sequence limit 1`);
    expect(rows).toEqual([{ operation: 'usage import --historical', reason: REASON, result: 'DONE', rows: `${ROWS}` }]);
    const sources = await bench.db.ownerPool.query("select is_historical from usage_source where tenant_id = 3 and code = 'one-subscriber'");
    expect(sources.rows).toEqual([{ is_historical: true }]);
  });

  it('is put aside as late where the run is not historical', async () => {
    const first = bench.file('two.csv', readFileSync(SAMPLE, 'utf8').split('\n').slice(0, 3).join('\n'));
    const summary = await bench.run(first, { source: 'msc-late', historicalReason: null });
    expect(summary.counts).toMatchObject({ charged: 0, quarantined: { USAGE_TOO_LATE: 2 } });
  });
});
