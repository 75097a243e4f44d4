import { amount } from '../platform/money';
import { isReconciled, keepLargest, Reconciled, ReconciledRow } from './reconcile.run';

const row = (customer: string, difference: bigint): ReconciledRow =>
  ({ customer, file: amount(100n), list: amount(100n), billed: amount(100n + difference), difference: amount(difference) });

it.each<[string, readonly bigint[], number, readonly bigint[]]>([
  ['in any order', [1n, -3n, 2n], 5, [-3n, 2n, 1n]],
  ['no more than asked for', [1n, -3n, 2n, 4n], 2, [4n, -3n]],
  ['what is equal says nothing', [0n, 0n], 3, []],
  ['small ones do not drive out large ones', [5n, 4n, 1n, 1n, 1n], 2, [5n, 4n]],
])('the largest differences: %s', (_, given, most, expected) => {
  const largest: ReconciledRow[] = [];
  given.forEach((difference, index) => keepLargest(largest, row(`c${index}`, difference), most));
  expect(largest.map(({ difference }) => difference)).toEqual(expected);
});

it('of equal differences the first stays first', () => {
  const largest: ReconciledRow[] = [];
  for (const [name, difference] of [['a', 2n], ['b', -2n], ['c', 2n]] as const) keepLargest(largest, row(name, difference), 2);
  expect(largest.map(({ customer }) => customer)).toEqual(['a', 'b']);
});

const FOUND: Reconciled = {
  rows: 3, products: 3, file: amount(0n), list: amount(0n), billed: amount(0n), unlisted: 0, beyond: 0, unbilled: 0, unreadable: 1, repeated: 1, largest: [], faults: [],
};
it.each<[keyof Reconciled, boolean]>([['unreadable', true], ['repeated', true], ['unlisted', false], ['beyond', false], ['unbilled', false]])('a %s row: agrees is %p', (what, expected) => {
  expect(isReconciled({ ...FOUND, [what]: 1 })).toBe(expected);
});
