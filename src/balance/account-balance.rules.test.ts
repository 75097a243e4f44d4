import { byUse } from './account-balance.rules';

const bucket = (id: number, priority: number, validUntil: number | null) => ({ id, priority, validUntil });

test.each<[string, ReturnType<typeof bucket>[], number[]]>([
  ['priority', [bucket(1, 100, 5), bucket(2, 10, 9)], [2, 1]],
  ['the sooner end', [bucket(1, 100, 9), bucket(2, 100, 5)], [2, 1]],
  ['one with an end before one without', [bucket(1, 100, null), bucket(2, 100, 5)], [2, 1]],
  ['the older', [bucket(10, 100, 5), bucket(9, 100, 5)], [9, 10]],
  ['two without an end by age', [bucket(3, 100, null), bucket(2, 100, null)], [2, 3]],
])('buckets in the order of their use: %s', (_, buckets, expected) => {
  expect([...buckets].sort(byUse).map(({ id }) => id)).toEqual(expected);
  expect([...buckets].reverse().sort(byUse).map(({ id }) => id)).toEqual(expected);
});
