import * as fc from 'fast-check';
import type { PriceTiers } from '../catalog/price.types';
import { formatAmount } from '../platform/money';
import { exampleChoice, ExamplePrice, exampleSpan, exampleUsage, flatRate } from './rating.examples';
import { priceSpan } from './price';

const tiers = (mode: PriceTiers['mode']): PriceTiers => ({
  mode,
  tiers: [
    { upTo: '100', amount: '0.10', flatAmount: '1' },
    { upTo: '1000', amount: '0.05', flatAmount: '2' },
    { upTo: null, amount: '0.01', flatAmount: '0' },
  ],
});
const tiered = (mode: PriceTiers['mode'], more: ExamplePrice = {}): ExamplePrice => ({
  usageKind: 'SMS', rates: [flatRate('0')], tiers: tiers(mode), ...more,
});

function priced(price: ExamplePrice, units: bigint, counterBefore = 0n) {
  const usage = exampleUsage(units, undefined, { kind: price.usageKind });
  return priceSpan(usage, exampleChoice(price), exampleSpan(units, 0n, counterBefore));
}

test.each<[string, PriceTiers['mode'], bigint, bigint, string]>([
  ['nothing used', 'GRADUATED', 0n, 0n, '0.00'],
  ['the first unit brings the first flat amount', 'GRADUATED', 1n, 0n, '1.10'],
  ['the bound belongs to its tier', 'GRADUATED', 100n, 0n, '11.00'],
  ['one above enters the next', 'GRADUATED', 101n, 0n, '13.05'],
  ['the open tier', 'GRADUATED', 1001n, 0n, '58.01'],
  ['a later unit pays no flat amount again', 'GRADUATED', 1n, 50n, '0.10'],
  ['over the bound', 'GRADUATED', 2n, 99n, '2.15'],
  ['over two bounds', 'GRADUATED', 1000n, 1n, '56.91'],
  ['nothing more', 'GRADUATED', 0n, 50n, '0.00'],
  ['all units at the first tier', 'VOLUME', 100n, 0n, '11.00'],
  ['all units at the second', 'VOLUME', 101n, 0n, '7.05'],
  ['entering a cheaper tier gives back', 'VOLUME', 1n, 100n, '-3.95'],
  ['all at the last', 'VOLUME', 2000n, 0n, '20.00'],
  ['10^15 units cost no more time', 'VOLUME', 10n ** 15n, 0n, '10000000000000.00'],
])('%s, %s: %s units after %s', (_, mode, units, before, expected) => {
  const { amount, counterAdds } = priced(tiered(mode), units, before);
  expect([formatAmount(amount, 'EUR'), counterAdds]).toEqual([expected, units]);
});

test('the counter counts what is billed, free units apart', () => {
  const perMinute = tiered('GRADUATED', { usageKind: 'VOICE', per: 60n, rates: [flatRate('0', '60', '0.5')], freeUnits: '30' });
  const { amount, billed, counterAdds } = priced(perMinute, 91n);
  // 61 s beyond the free ones bill 120 s: connect fee 0.50, flat amounts 1 + 2, 100 s at 0.10 and 20 s at 0.05 a minute.
  expect([formatAmount(amount, 'EUR'), billed, counterAdds]).toEqual(['3.683333', 120n, 120n]);
});

test('a price without tiers adds nothing to a counter', () => {
  expect(priced({ usageKind: 'SMS' }, 5n, 7n).counterAdds).toBe(0n);
});

const counts = fc.array(fc.bigInt({ min: 0n, max: 400n }), { minLength: 1, maxLength: 12 });
test.each(['GRADUATED', 'VOLUME'] as const)('%s charges of a period sum to the price of its total, in any order', (mode) => {
  // Per 7 units hardly any cumulative amount comes out even, so every rounding counts.
  const price = tiered(mode, { per: 7n });
  fc.assert(fc.property(counts, (events) => {
    let used = 0n;
    let sum = 0n;
    for (const units of events) {
      sum += priced(price, units, used).amount;
      used += units;
    }
    expect(sum).toBe(priced(price, used).amount);
  }));
});
