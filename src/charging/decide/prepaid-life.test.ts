import type { Bucket, BucketKind } from '../../balance';
import { DAY_MS } from '../../platform/time';
import { hasLapsed, lapsesAt, lifeAfterTopUp } from './prepaid-life';

const CLASSES = [{ minimum: '5', days: 60 }, { minimum: '20', days: 180 }, { minimum: '50', days: 90 }];
const EURO = 1_000_000n;

/** [what, days from now to the end before, euro, days from now to the end after]; null = without end. */
test.each<[string, number | null, bigint, number | null]>([
  ['a first top-up starts the life of its class', null, 5n * EURO, 60],
  ['a larger one starts a longer life', null, 20n * EURO, 180],
  ['the longest class that is reached counts', null, 50n * EURO, 180],
  ['one micro below a class is below it', 30, 5n * EURO - 1n, 30],
  ['a running life is prolonged', 30, 5n * EURO, 60],
  ['and never shortened', 170, 5n * EURO, 170],
  ['below every class a running life goes on as it was', 3, 4n * EURO, 3],
  ['below every class a life that is over starts anew with the lowest', -3, 1n * EURO, 60],
  ['so does a purse that never had one', null, 1n * EURO, 60],
  ['a life that ends this instant is over', 0, 1n * EURO, 60],
])('%s', (_, before, value, after) => {
  const now = 1_000 * DAY_MS;
  const days = (count: number | null): number | null => (count === null ? null : now + count * DAY_MS);
  expect(lifeAfterTopUp(days(before), value, now, CLASSES)).toBe(days(after));
});

test('without classes money never lapses', () => expect(lifeAfterTopUp(null, EURO, 0, [])).toBeNull());

const ending = (kind: BucketKind, validUntil: number | null): Bucket => ({
  shard: 1, rootId: 1n, id: 1, tenantId: 1, accountId: 1n, productId: null, allowanceId: null, kind, asset: 'EUR/6', priority: 100, isShared: false,
  validFrom: 0, validUntil, value: 0n, reserved: 0n, granted: 0n, expired: 0n, creditLimit: 0n, overused: false, version: 0n, state: 'ACTIVE',
});
test.each<[BucketKind, number | null, number | null]>([
  ['UNIT', 10, 10], ['PROMOTION', 10, 10], ['MONEY', 10, 10 + 30 * DAY_MS], ['MONEY', null, null], ['CREDIT', 10, null],
])('%s that ends at %s lapses at %s', (kind, until, at) => {
  const bucket = ending(kind, until);
  expect(lapsesAt(bucket, 30)).toBe(at);
  if (at !== null) expect([hasLapsed(bucket, at - 1, 30), hasLapsed(bucket, at, 30)]).toEqual([false, true]);
});
