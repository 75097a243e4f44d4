import fc from 'fast-check';
import type { Bucket, BucketKind } from '../../balance';
import { PaidPart, partOf, wholeOf } from './refund-parts';

const bucket = (id: number, kind: BucketKind): Bucket => ({
  shard: 1, rootId: 1n, id, tenantId: 1, accountId: 1n, productId: null, allowanceId: null, kind, asset: kind === 'UNIT' ? 'SECOND' : 'EUR/6', priority: 100,
  isShared: false, validFrom: 0, validUntil: null, value: 0n, reserved: 0n, granted: 0n, expired: 0n, creditLimit: 0n, overused: false, version: 0n, state: 'ACTIVE',
});
const part = (id: number, kind: BucketKind, paid: bigint, paidTax: bigint, returned = 0n, returnedTax = 0n): PaidPart =>
  ({ bucket: bucket(id, kind), contra: 'revenue', taxCode: 'S20', paid, paidTax, returned, returnedTax });
const shown = (parts: ReturnType<typeof partOf>) => parts.map(({ bucket: { id }, amount, tax }) => [id, amount, tax]);

const PAID = [part(3, 'UNIT', 50n, 0n), part(2, 'PROMOTION', 60n, 10n), part(1, 'MONEY', 600n, 100n), part(0, 'CREDIT', 6n, 1n)];

test.each<[bigint, readonly (readonly [number, bigint, bigint])[]]>([
  [1n, [[0, 1n, 0n]]], [6n, [[0, 6n, 1n]]], [12n, [[0, 6n, 1n], [1, 6n, 1n]]], [636n, [[0, 6n, 1n], [1, 600n, 100n], [2, 30n, 5n]]],
  [666n, [[0, 6n, 1n], [1, 600n, 100n], [2, 60n, 10n]]],
])('%s of 666 goes back to the last that paid first', (wanted, expected) => expect(shown(partOf(PAID, wanted))).toEqual(expected));

test('all of it is every bucket\'s own, units too', () => {
  expect(shown(wholeOf(PAID))).toEqual([[3, 50n, 0n], [2, 60n, 10n], [1, 600n, 100n], [0, 6n, 1n]]);
});

test('any parts that sum to the charge return to each bucket what it paid, with its tax, and never more before', () => {
  fc.assert(fc.property(fc.array(fc.bigInt({ min: 1n, max: 90n }), { minLength: 1, maxLength: 30 }), (wishes) => {
    let paid: readonly PaidPart[] = PAID;
    let left = 666n;
    for (const wish of [...wishes, 666n]) {
      const wanted = wish < left ? wish : left;
      const returned = partOf(paid, wanted);
      expect(returned.reduce((sum, { amount }) => sum + amount, 0n)).toBe(wanted);
      left -= wanted;
      paid = paid.map((one) => {
        const back = returned.find(({ bucket: { id } }) => id === one.bucket.id);
        return back ? { ...one, returned: one.returned + back.amount, returnedTax: one.returnedTax + back.tax } : one;
      });
      for (const one of paid) expect(one.returned <= one.paid && one.returnedTax <= one.paidTax && one.returnedTax >= 0n).toBe(true);
    }
    for (const one of paid.slice(1)) expect([one.returned, one.returnedTax]).toEqual([one.paid, one.paidTax]);
  }));
});
