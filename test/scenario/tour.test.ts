import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TourResult } from '../../src/tour';
import { createTestDatabase, runTributary, temporaryFolder, TestDatabase } from '../support';

jest.setTimeout(120_000);

/** The tour as `npm run tour -- --json` takes it, and every figure that it ends with. */
describe('the tour', () => {
  const folder = temporaryFolder();
  let db: TestDatabase;
  let tour: TourResult;

  beforeAll(async () => {
    db = await createTestDatabase();
    const { code, out, err } = await runTributary(['tour', '--json', '--out', folder.path], {
      DATABASE_URL: db.ownerUrl, TRIBUTARY_DEMO: '1', TRIBUTARY_TEST: '1', TMPDIR: folder.path,
    });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    tour = JSON.parse(out) as TourResult;
  });

  afterAll(async () => {
    await db.dispose();
    folder.remove();
  });

  it('shows a subscriber the balance moving', () => {
    expect(tour.live.map(({ who, spendable, change }) => [who, spendable, change])).toEqual([
      ['alice', '15.01', null], ['alice', '14.756', '-0.254'], ['alice', '14.656', '-0.10'], ['alice', '14.233', '-0.423'], ['alice', '11.243', '-2.99'],
    ]);
  });

  it('bills the month, to the cent', () => {
    expect(tour.bills.map((bill) => [bill.documentNumber, bill.account, bill.net.amount, bill.tax.amount, bill.total.amount, bill.amountDue.amount])).toEqual([
      ['B-2026-000001', 'Nolan family', '74.59', '17.16', '91.75', '91.75'],
      ['B-2026-000002', 'Harbour Hospital', '4219.40', '970.46', '5189.86', '5189.86'],
      ['S-2026-000001', 'Alice\'s phone', '7.11', '1.64', '8.75', '0.00'],
    ]);
    const sums = new Map<string, number>();
    for (const { description, amount } of tour.bills[0]!.lines.nodes) sums.set(description, (sums.get(description) ?? 0) + Number(amount.amount) * 100);
    expect(Object.fromEntries(sums)).toEqual({
      'Family Bundle: Monthly fee': 4000, 'Family Line: Monthly fee': 3000, 'Family Line: Data': 1000, 'Family Line: Calls': 60,
      'Family Line: Messages': 18, 'Cinema Pass: Monthly fee': 499, 'Cinema Pass: Films': 598,
    });
  });

  it('bills the slice: what was measured, and what its hours down give back', () => {
    expect(tour.bills[1]!.lines.nodes.map(({ description, amount }) => [description, amount.amount])).toEqual([
      ['Hospital Slice: Monthly fee', '4000.00'], ['Hospital Slice: availability credit 10 %', '-400.00'], ['Hospital Slice: Volume', '14.40'],
      ['Hospital Slice: Devices above 100', '605.00'],
    ]);
  });

  it('writes the bills as PDF', () => {
    for (const { documentNumber, pdf } of tour.bills) {
      expect(pdf.file).toBe(join(folder.path, `${documentNumber}.pdf`));
      const written = readFileSync(pdf.file);
      expect([written.length, written.subarray(0, 5).toString()]).toEqual([pdf.bytes, '%PDF-']);
    }
  });

  it('settles what the partners are owed', () => {
    expect(tour.statements.map(({ partner, number, payable, rounding }) => [partner.name, number, payable.amount, rounding.amount])).toEqual([
      ['Lantern Films', 1, '8.52', '0.005364'], ['Quay Edge', 1, '1204.32', '0.00'],
    ]);
  });

  it('reconciles to the millionth', () => {
    expect(tour.reconciliation).toEqual([
      { of: 'Nolan family', whole: ['charged', '161.75'], parts: [['billed', '91.75'], ['unbilled', '70.00']], off: '0.00', isExact: true },
      { of: 'Harbour Hospital', whole: ['charged', '10109.862'], parts: [['billed', '5189.862'], ['unbilled', '4920.00']], off: '0.00', isExact: true },
      { of: 'Alice\'s phone', whole: ['charged', '8.757'], parts: [['billed', '8.757'], ['unbilled', '0.00']], off: '0.00', isExact: true },
      { of: 'Lantern Films', whole: ['revenue', '15.406505'], parts: [['shares', '8.514636'], ['own part', '6.891869']], off: '0.00', isExact: true },
      { of: 'Quay Edge', whole: ['revenue', '4014.40'], parts: [['shares', '1204.32'], ['own part', '2810.08']], off: '0.00', isExact: true },
    ]);
    expect(tour.rounding).toBe('-0.009');
  });

  it('leaves sound books, and nothing else', async () => {
    expect(tour.invariants).toBeGreaterThanOrEqual(20);
    const { rows } = await db.appPool.query<{ name: string }>('select name from tenant where id >= 100');
    expect(rows).toEqual([{ name: 'Harbour' }]);
  });
});
