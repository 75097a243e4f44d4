import * as fc from 'fast-check';
import { Amount, amount, parseAmount, parseDecimal } from '../platform/money';
import type { Period } from '../platform/time';
import { billOf, spreadNet, taxInside, taxOnTop, toMinor } from './bill.rules';
import type { ChargeGroup } from './bill.types';

const money = (text: string): Amount => parseAmount(text)!;
const rate = (text: string) => parseDecimal(text)!;
const PERIOD: Period = { start: 0, end: 1, startDate: '2031-01-01', endDate: '2031-02-01' };

/** A group by its exact net and tax. */
const group = (net: string, tax: string, over: Partial<ChargeGroup> = {}): ChargeGroup => ({
  userAccountId: 1n, productId: 1n, priceVersionId: 1n, kind: 'VOICE', unit: 'SECOND', description: 'Calls', purchaseOrder: null, period: PERIOD, taxCode: 'S20', taxRate: rate('0.20'),
  taxIncluded: false, revenueAccount: 'revenue', quantity: 1n, chargeCount: 1n, net: money(net), tax: money(tax), ...over,
});
const EUR = { kind: 'BILL' as const, currency: 'EUR', prepaid: 0n, adjusted: 0n };

test.each<[string, string, string]>([
  ['0.004999', 'EUR', '0'], ['0.005', 'EUR', '0.01'], ['-0.005', 'EUR', '-0.01'], ['1.494999', 'EUR', '1.49'], ['0.5', 'JPY', '1'], ['1234.499999', 'JPY', '1234'],
  ['0.0005', 'KWD', '0.001'], ['0.000499', 'KWD', '0'], ['-12.3455', 'KWD', '-12.346'],
])('%s in minor units of %s is %s', (value, currency, expected) => expect(toMinor(money(value), currency)).toBe(money(expected)));

test.each<[string, string, string, string, string]>([
  ['100', '0.23', 'EUR', '23', '18.70'], ['0.05', '0.20', 'EUR', '0.01', '0.01'], ['0.02', '0.20', 'EUR', '0', '0'], ['1005', '0.10', 'JPY', '101', '91'],
  ['10.005', '0.05', 'KWD', '0.500', '0.476'], ['-100', '0.23', 'EUR', '-23', '-18.70'], ['100', '0', 'EUR', '0', '0'],
])('tax on %s at %s in %s: %s on top, %s inside', (value, percent, currency, onTop, inside) => {
  expect([taxOnTop(money(value), rate(percent), currency), taxInside(money(value), rate(percent), currency)]).toEqual([money(onTop), money(inside)]);
});

test.each<[string, string[], string, string[]]>([
  ['the largest remainder takes the cent', ['0.10', '0.10', '0.10'], '0.25', ['0.09', '0.08', '0.08']],
  ['equal remainders go by place', ['1.00', '1.00'], '1.67', ['0.84', '0.83']],
  ['a refund beside a fee', ['28.00', '-5.00'], '19.17', ['23.34', '-4.17']],
  ['one line is the whole', ['28.00'], '23.33', ['23.33']],
])('spread: %s', (_, grosses, net, expected) => {
  expect(spreadNet(grosses.map(money), money(net), rate('0.20'), 'EUR')).toEqual(expected.map(money));
});

it('spreads any amounts so that the parts sum to the net, each within a cent of its own', () => {
  fc.assert(fc.property(fc.array(fc.bigInt({ min: -1_000_000n, max: 1_000_000n }), { minLength: 1, maxLength: 30 }), fc.integer({ min: 0, max: 99 }), (cents, percent) => {
    const grosses = cents.map((one) => one * 10_000n);
    const sum = grosses.reduce((total, one) => total + one, 0n);
    const share = rate(`0.${percent.toString().padStart(2, '0')}`);
    const net = sum - taxInside(sum, share, 'EUR');
    const nets = spreadNet(grosses, net, share, 'EUR');
    expect(nets.reduce((total, one) => total + one, 0n)).toBe(net);
    nets.forEach((one, index) => {
      const exact = (grosses[index]! * 100n) / BigInt(100 + percent);
      expect(one - exact <= 10_001n && exact - one <= 10_001n).toBe(true);
    });
  }));
});

/** [what, groups, settlement, expected net, tax, total, prepaid, due, rounding] */
const BILLS: readonly (readonly [string, ChargeGroup[], Partial<typeof EUR> | { kind: 'STATEMENT' }, string[]])[] = [
  ['nothing', [], {}, ['0', '0', '0', '0', '0', '0']],
  ['lines are rounded, not charges', [group('0.333333', '0.066667'), group('0.333333', '0.066667', { productId: 2n })], {}, ['0.66', '0.13', '0.79', '0', '0.79', '0.01']],
  ['tax is on the sum of rounded nets', [group('0.024', '0.0048'), group('0.024', '0.0048', { productId: 2n })], {}, ['0.04', '0.01', '0.05', '0', '0.05', '0.0076']],
  ['tax inside', [group('23.333333', '4.666667', { taxIncluded: true })], {}, ['23.33', '4.67', '28', '0', '28', '0']],
  ['two rates of one code', [group('10', '2'), group('10', '2.1', { taxRate: rate('0.21') })], {}, ['20', '4.1', '24.1', '0', '24.1', '0']],
  ['a refund beyond the charges', [group('-5', '-1')], {}, ['-5', '-1', '-6', '0', '-6', '0']],
  ['hybrid: prepaid money paid a part', [group('10', '2')], { prepaid: money('4.123456') }, ['10', '2', '12', '4.12', '7.88', '-0.003456']],
  ['goodwill lowers what is due', [group('10', '2')], { adjusted: money('5') }, ['10', '2', '12', '0', '7', '0']],
  ['a statement: nothing due, nothing moved', [group('10.111111', '2.022222')], { kind: 'STATEMENT' }, ['10.11', '2.02', '12.13', '12.13', '0', '0']],
];

test.each(BILLS)('bill: %s', (_, groups, settlement, expected) => {
  const { net, tax, total, prepaid, due, rounding } = billOf(groups, { ...EUR, ...settlement });
  expect([net, tax, total, prepaid, due, rounding]).toEqual(expected.map(money));
});

it('is exact for any charges: net is its lines, total is net and tax, and rounding is all that separates it from its charges', () => {
  const charges = fc.array(fc.record({ net: fc.bigInt({ min: -1_000_000_000n, max: 1_000_000_000n }), included: fc.boolean(), tax: fc.constantFrom('0.00', '0.20', '0.23') }), { maxLength: 20 });
  fc.assert(fc.property(charges, fc.constantFrom('EUR', 'JPY', 'KWD'), (rows, currency) => {
    const groups = rows.map(({ net, included, tax }, index) => group('0', '0', {
      net: amount(net), tax: amount((net * BigInt(tax.slice(2))) / 100n), taxIncluded: included, taxRate: rate(tax), productId: BigInt(index), taxCode: tax,
    }));
    const bill = billOf(groups, { ...EUR, currency });
    expect(bill.lines.reduce((sum, line) => sum + line.netRounded, 0n)).toBe(bill.net);
    expect(bill.net + bill.tax).toBe(bill.total);
    expect(bill.exactNet + bill.exactTax - bill.rounding).toBe(bill.due);
    for (const value of [bill.net, bill.tax, bill.due]) expect(toMinor(value, currency)).toBe(value);
  }));
});
