import * as fc from 'fast-check';
import { HeldAmount, peakOf } from './peak.rules';

const held = (from: number, until: number | null, amount: bigint): HeldAmount => ({ from, until, amount });

it.each<[string, HeldAmount[], number, number | null, bigint, number]>([
  ['nothing held', [], 5, 10, 0n, 5],
  ['all before it', [held(0, 5, 3n)], 5, 10, 0n, 5],
  ['all after it', [held(10, 20, 3n)], 5, 10, 0n, 5],
  ['over the whole of it', [held(0, null, 3n)], 5, 10, 3n, 5],
  ['begins inside', [held(7, 8, 3n)], 5, 10, 3n, 7],
  ['begins at its first instant', [held(5, 6, 3n)], 5, 10, 3n, 5],
  ['one follows the other at once', [held(0, 7, 3n), held(7, null, 3n)], 5, 10, 3n, 5],
  ['two overlap for an instant', [held(0, 8, 3n), held(7, null, 4n)], 5, 10, 7n, 7],
  ['the first of two equal heights counts', [held(6, 7, 3n), held(8, 9, 3n)], 5, 10, 3n, 6],
  ['a window without end sees all that comes', [held(1_000, 1_001, 9n), held(0, null, 1n)], 5, null, 10n, 1_000],
  ['an empty range holds nothing', [held(7, 7, 9n)], 5, 10, 0n, 5],
])('%s', (_, list, from, until, highest, at) => expect(peakOf(list, from, until)).toEqual({ highest, at }));

it('is the highest of the sums at every instant', () => {
  const range = fc.tuple(fc.nat(20), fc.option(fc.nat(10)), fc.bigInt(0n, 9n)).map(([from, length, amount]) => held(from, length === null ? null : from + length, amount));
  fc.assert(fc.property(fc.array(range), fc.nat(20), fc.integer({ min: 1, max: 10 }), (list, from, length) => {
    const sums = Array.from({ length }, (_, step) => list.filter((one) => one.from <= from + step && (one.until === null || from + step < one.until))
      .reduce((sum, { amount }) => sum + amount, 0n));
    const highest = sums.reduce((most, sum) => (sum > most ? sum : most), 0n);
    expect(peakOf(list, from, from + length)).toEqual({ highest, at: from + sums.indexOf(highest) });
  }));
});
