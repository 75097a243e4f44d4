import * as fc from 'fast-check';
import { parseAmount, parseDecimal } from '../platform/money';
import { periodOf } from '../platform/time';
import { allocate } from './allocation.rules';
import { stateOfBill } from './bill.type';
import { earnedUntil } from './earn.rules';
import { chargeGroups } from './group.rules';
import { chainHash, documentName, dueDateOf, isSeriesName, seriesKey, seriesName, seriesNameOf, yearOf } from './issue.rules';
import { CreditableLine, CreditableTax, noteOf, unearnedOf } from './note.rules';
import type { GroupRecord, PriceRecord } from './sql/facts.sql';

const money = (text: string): bigint => parseAmount(text)!;

test.each<[string, string, string, string, string]>([
  ['28', '2031-02-01', '2031-03-01', '2031-01-31', '0'], ['28', '2031-02-01', '2031-03-01', '2031-02-01', '0'], ['28', '2031-02-01', '2031-03-01', '2031-02-15', '14'],
  ['28', '2031-02-01', '2031-03-01', '2031-03-01', '28'], ['28', '2031-02-01', '2031-03-01', '2032-01-01', '28'], ['-28', '2031-02-01', '2031-03-01', '2031-02-02', '-1'],
  ['10', '2031-01-01', '2031-01-04', '2031-01-02', '3.333333'], ['10', '2031-01-01', '2031-01-04', '2031-01-03', '6.666667'],
])('of %s for %s to %s is earned before %s: %s', (value, startDate, endDate, until, expected) => {
  expect(earnedUntil({ startDate, endDate, amount: money(value) }, until)).toBe(money(expected));
});

describe('payments are allocated oldest bill first', () => {
  test.each<[string, [bigint, bigint][], [number, bigint][], [bigint, number, bigint][]]>([
    ['exactly', [[1n, 30n]], [[1, 30n]], [[1n, 1, 30n]]],
    ['over two bills, the second in part', [[1n, 50n]], [[1, 30n], [2, 40n]], [[1n, 1, 30n], [1n, 2, 20n]]],
    ['two payments over one bill', [[1n, 10n], [2n, 50n]], [[1, 30n]], [[1n, 1, 10n], [2n, 1, 20n]]],
    ['nothing to pay', [[1n, 10n]], [], []],
    ['nothing to pay with', [], [[1, 30n]], []],
  ])('%s', (_, credits, bills, expected) => {
    const found = allocate(credits.map(([position, left]) => ({ position, left })), bills.map(([sequence, remaining]) => ({ sequence, remaining })));
    expect(found.map(({ paymentPosition, sequence, amount: part }) => [paymentPosition, sequence, part])).toEqual(expected);
  });

  it('and never more than there is on either side', () => {
    const sizes = fc.array(fc.bigInt({ min: 1n, max: 1_000n }), { maxLength: 8 });
    fc.assert(fc.property(sizes, sizes, (credits, bills) => {
      const found = allocate(credits.map((left, at) => ({ position: BigInt(at), left })), bills.map((remaining, sequence) => ({ sequence, remaining })));
      const sum = (values: readonly bigint[]): bigint => values.reduce((total, one) => total + one, 0n);
      const [have, owe] = [sum(credits), sum(bills)];
      expect(sum(found.map((one) => one.amount))).toBe(have < owe ? have : owe);
      credits.forEach((left, at) => expect(sum(found.filter((one) => one.paymentPosition === BigInt(at)).map((one) => one.amount)) <= left).toBe(true));
      bills.forEach((remaining, at) => expect(sum(found.filter((one) => one.sequence === at).map((one) => one.amount)) <= remaining).toBe(true));
    }));
  });
});

describe('a credit note', () => {
  const rate = parseDecimal('0.20')!;
  const line = (lineNo: number, value: string, credited = '0', taxIncluded = false): CreditableLine =>
    ({ lineNo, taxCode: 'S20', taxRate: rate, taxIncluded, revenueAccount: 'revenue', amount: money(value), credited: money(credited),
      startDate: '2031-02-01', endDate: '2031-03-01', isOverPeriod: true });
  const tax = (value: string, credited = '0', taxIncluded = false): CreditableTax => ({ taxCode: 'S20', taxRate: rate, taxIncluded, amount: money(value), credited: money(credited) });

  test.each<[string, CreditableLine[], CreditableTax, [number, string][], string[]]>([
    ['a part bears the line\'s tax', [line(1, '10')], tax('2'), [[1, '2.50']], ['2.50', '0.50', '3']],
    ['all of the bill takes back its tax, not each line\'s', [line(1, '0.02'), line(2, '0.02')], tax('0.01'), [[1, '0.02'], [2, '0.02']], ['0.04', '0.01', '0.05']],
    ['the last part takes what is left of the tax', [line(1, '0.12', '0.06')], tax('0.02', '0.01'), [[1, '0.06']], ['0.06', '0.01', '0.07']],
    ['parts never take more than is left of the tax', [line(1, '0.09', '0.03')], tax('0.02', '0.02'), [[1, '0.03']], ['0.03', '0', '0.03']],
    ['tax inside', [line(1, '28', '0', true)], tax('4.67', '0', true), [[1, '28']], ['23.33', '4.67', '28']],
    ['a part with tax inside', [line(1, '28', '0', true)], tax('4.67', '0', true), [[1, '6']], ['5', '1', '6']],
  ])('%s', (_, lines, item, parts, expected) => {
    const note = noteOf(parts.map(([lineNo, value]) => ({ line: lines.find((one) => one.lineNo === lineNo)!, amount: money(value) })), lines, [item], 'EUR');
    expect([note.net, note.tax, note.total]).toEqual(expected.map(money));
    expect(note.lines.reduce((sum, one) => sum + one.net + one.tax, 0n)).toBe(note.total);
  });

  test.each([
    ['before its period', true, '2031-01-31', '14'], ['on its first day', true, '2031-02-01', '14'], ['on its 15th', true, '2031-02-15', '7'],
    ['after it', true, '2031-03-01', '0'], ['earned at once', false, '2031-01-31', '0'],
  ])('of a fee of February, %s: %s', (_, isOverPeriod, on, unearned) => {
    const [one] = noteOf([{ line: { ...line(1, '28'), isOverPeriod }, amount: money('14') }], [line(1, '28')], [tax('5.6')], 'EUR').lines;
    expect(unearnedOf(one!, on)).toBe(money(unearned));
  });
});

describe('charges are grouped to lines', () => {
  const cycle = { zone: 'Europe/Dublin', day: 1, period: periodOf({ kind: 'BILL_CYCLE', day: 1 }, 'Europe/Dublin', Date.parse('2031-02-10T00:00:00Z')) };
  const price: PriceRecord = { id: '7', name: 'Voice', tax_included: true, revenue_account: 'revenue', recognition: 'AT_POINT', offering: 'Plan', is_short: false };
  const record = (over: Partial<GroupRecord>): GroupRecord => ({
    ordinal: 1, account_id: '1', product_id: '2', price_version_id: '7', kind: 'VOICE', unit: 'SECOND', tax_code: 'S20', tax_rate: '0.200000', fee_from: null,
    fee_until: null, is_rest: false, late_day: null, quantity: '10', charges: '1', net: '100', tax: '20', credit_percent: null, purchase_order: null, ...over,
  });
  const at = (text: string): number => Date.parse(text);
  const shown = (rows: GroupRecord[]) => chargeGroups(rows, new Map([['7', price], ['8', { ...price, id: '8', is_short: true }]]), cycle).map((g) => [g.kind, g.period.startDate, g.period.endDate, g.quantity, g.net]);

  test.each<[string, GroupRecord[], unknown[][]]>([
    ['usage by its bill cycle', [record({})], [['VOICE', '2031-02-01', '2031-03-01', 10n, 100n]]],
    ['late usage by its own cycle, days of it together', [record({ late_day: '2031-01-03' }), record({ late_day: '2031-01-31' }), record({})],
      [['VOICE', '2031-01-01', '2031-02-01', 20n, 200n], ['VOICE', '2031-02-01', '2031-03-01', 10n, 100n]]],
    ['a rate change splits', [record({}), record({ tax_rate: '0.210000' })], [['VOICE', '2031-02-01', '2031-03-01', 10n, 100n], ['VOICE', '2031-02-01', '2031-03-01', 10n, 100n]]],
    ['a fee by its own period, before usage', [record({}), record({ kind: 'RECURRING_FEE', fee_from: at('2031-02-10T00:00:00Z'), fee_until: at('2031-03-10T00:00:00Z') })],
      [['RECURRING_FEE', '2031-02-10', '2031-03-10', 10n, 100n], ['VOICE', '2031-02-01', '2031-03-01', 10n, 100n]]],
    ['one short fee by its own days', [record({ kind: 'RECURRING_FEE', price_version_id: '8', fee_from: at('2031-02-27T09:00:00Z'), fee_until: at('2031-03-01T00:00:00Z') })],
      [['RECURRING_FEE', '2031-02-27', '2031-03-01', 10n, 100n]]],
    ['fees of days are summed', ['10', '11', '12'].map((day) => record({ kind: 'RECURRING_FEE', price_version_id: '8', fee_from: at(`2031-02-${day}T00:00:00Z`), fee_until: at(`2031-02-${+day + 1}T00:00:00Z`) })),
      [['RECURRING_FEE', '2031-02-01', '2031-03-01', 30n, 300n]]],
    ['short rests of longer periods by their own days', ['25', '26'].map((day) => record({ kind: 'RECURRING_FEE', fee_from: at(`2031-02-${day}T00:00:00Z`), fee_until: at('2031-03-01T00:00:00Z') })),
      ['25', '26'].map((day) => ['RECURRING_FEE', `2031-02-${day}`, '2031-03-01', 10n, 100n])],
    ['what a change gives back has a line of its own, however short', ['01', '25', '26'].map((day) =>
      record({ kind: 'RECURRING_FEE', is_rest: day !== '01', fee_from: at(`2031-02-${day}T00:00:00Z`), fee_until: at('2031-03-01T00:00:00Z') })),
      ['01', '25', '26'].map((day) => ['RECURRING_FEE', `2031-02-${day}`, '2031-03-01', 10n, 100n])],
  ])('%s', (_, rows, expected) => expect(shown(rows)).toEqual(expected));

  it('gives one order, whatever the order of the rows', () => {
    const rows = [record({}), record({ product_id: '1' }), record({ kind: 'SMS' }), record({ late_day: '2031-01-03' }), record({ kind: 'ONE_TIME_FEE' }), record({ account_id: '9' })];
    const expected = shown(rows);
    fc.assert(fc.property(fc.shuffledSubarray(rows, { minLength: rows.length }), (mixed) => expect(shown(mixed)).toEqual(expected)));
  });
});

test.each<[bigint, bigint, bigint, string]>([
  [100n, 0n, 0n, 'SENT'], [100n, 40n, 0n, 'PARTIALLY_PAID'], [100n, 100n, 0n, 'SETTLED'], [100n, 0n, 100n, 'SETTLED'], [100n, 0n, 40n, 'SENT'],
  [100n, 60n, 40n, 'SETTLED'], [0n, 0n, 0n, 'SETTLED'], [-5n, 0n, 0n, 'SETTLED'],
])('a bill of %s with %s paid and %s taken back is %s', (due, allocated, applied, expected) => expect(stateOfBill(due, allocated, applied)).toBe(expected));

describe('documents', () => {
  it('are named by kind, year and number', () => {
    const series = seriesKey(3, seriesName('CREDIT_NOTE', '2031'));
    expect([series, seriesNameOf(series), documentName(series, 17n), documentName(series, 12_345_678n)]).toEqual(['3:C-2031', 'C-2031', 'C-2031-000017', 'C-2031-12345678']);
  });
  test.each([['B-2031', true], ['X-2031', false], ['B-31', false], ['1:B-2031', false]])('%s is a series: %s', (text, expected) => expect(isSeriesName(text)).toBe(expected));
  test.each([['2031-12-31T23:30:00Z', 'Europe/Dublin', '2031', '2032-01-14'], ['2031-12-31T23:30:00Z', 'Europe/Berlin', '2032', '2032-01-15']])(
    'issued at %s in %s: year %s, due %s', (at, zone, year, due) => expect([yearOf(zone, Date.parse(at)), dueDateOf(zone, Date.parse(at), 14)]).toEqual([year, due]));
  it('are chained: any fact of a link changes its hash', () => {
    const link = { series: '1:B-2031', number: 1n, kind: 'BILL' as const, accountId: 5n, sequence: 1, issuedAt: 1, dueDate: '2031-01-01', bodyHash: Buffer.alloc(32) };
    const first = chainHash(Buffer.alloc(32), link);
    const others = [{ ...link, number: 2n }, { ...link, accountId: 6n }, { ...link, sequence: 2 }, { ...link, issuedAt: 2 }, { ...link, dueDate: '2031-01-02' }, { ...link, bodyHash: Buffer.alloc(32, 1) }];
    expect(new Set([first, chainHash(first, link), ...others.map((one) => chainHash(Buffer.alloc(32), one))].map((hash) => hash.toString('hex'))).size).toBe(others.length + 2);
  });
});

