import fc from 'fast-check';
import { Amount, amount, quantity } from '../platform/money';
import type { Bucket, BucketKind } from './bucket.types';
import { byMoneyTurn, byTurn, planMoney, planUnits, ServingBucket, spreadTax, withOverUse } from './pay.rules';

const bucket = (id: number, over: Partial<Bucket> = {}): Bucket => ({
  shard: 1, rootId: 1n, id, tenantId: 1, accountId: 1n, productId: null, allowanceId: null, kind: 'UNIT', asset: 'SECOND', priority: 100,
  isShared: false, validFrom: 0, validUntil: null, value: 0n, reserved: 0n, granted: 0n, expired: 0n, creditLimit: 0n, overused: false,
  version: 0n, state: 'ACTIVE', ...over,
});
const money = (id: number, kind: BucketKind, value: bigint, over: Partial<Bucket> = {}): Bucket => bucket(id, { kind, value, asset: 'EUR/6', ...over });
const serving = (id: number, over: Partial<Omit<ServingBucket, 'bucket'>> & { bucket?: Partial<Bucket> } = {}): ServingBucket =>
  ({ scope: 0, isOwn: true, step: quantity(1n), isBlocking: false, ...over, bucket: bucket(id, over.bucket) });

describe('the turn of unit buckets', () => {
  /** Of each pair the first goes first; `scope` says whether it does so too where scope goes before priority. */
  test.each<[string, ServingBucket, ServingBucket, boolean]>([
    ['the lower priority', serving(2, { bucket: { priority: 1 } }), serving(1, { bucket: { priority: 2, validUntil: 5 }, scope: 0 }), true],
    ['the lower priority before a narrower scope', serving(2, { bucket: { priority: 1 } }), serving(1, { bucket: { priority: 2 }, scope: 3 }), false],
    ['the sooner expiry', serving(2, { bucket: { validUntil: 5 } }), serving(1, { bucket: { validUntil: 6 } }), true],
    ['an expiry before none', serving(2, { bucket: { validUntil: 5 } }), serving(1), true],
    ['the sooner expiry before a narrower scope', serving(2, { bucket: { validUntil: 5 } }), serving(1, { scope: 2, bucket: { validUntil: 6 } }), false],
    ['the narrower scope', serving(2, { scope: 2 }), serving(1, { scope: 1 }), true],
    ['own before shared', serving(2), serving(1, { isOwn: false }), true],
    ['the narrower scope before own', serving(2, { scope: 1, isOwn: false }), serving(1), true],
    ['the older', serving(1), serving(2), true],
  ])('%s', (_, first, second, alsoByScope) => {
    expect([second, first].sort(byTurn(false))).toEqual([first, second]);
    expect([second, first].sort(byTurn(true))[0]).toBe(alsoByScope ? first : second);
  });
});

describe('units', () => {
  const has = ({ value, reserved }: Bucket): bigint => value - reserved;
  const bucketOf = (id: number, value: bigint, step: bigint | null, isBlocking = false, reserved = 0n): ServingBucket =>
    serving(id, { bucket: { value, reserved }, step: step === null ? null : quantity(step), isBlocking });

  /** [what, buckets, used, takes as [bucket, units, covered], left, blocked by]; the price's increment is 60. */
  test.each<[string, ServingBucket[], bigint, (readonly [number, bigint, bigint])[], bigint, number | null]>([
    ['nothing used takes nothing', [bucketOf(1, 100n, 1n)], 0n, [], 0n, null],
    ['all of it', [bucketOf(1, 100n, 1n)], 40n, [[1, 40n, 40n]], 0n, null],
    ['127 s, 30 s left in 1 s steps', [bucketOf(1, 30n, 1n)], 127n, [[1, 30n, 30n]], 97n, null],
    ['one after the other', [bucketOf(1, 30n, 1n), bucketOf(2, 50n, 1n)], 60n, [[1, 30n, 30n], [2, 30n, 30n]], 0n, null],
    ['in whole steps, a started one is whole', [bucketOf(1, 100n, 30n)], 40n, [[1, 60n, 40n]], 0n, null],
    ['a remainder below one step is not taken', [bucketOf(1, 29n, 30n), bucketOf(2, 100n, 1n)], 40n, [[2, 40n, 40n]], 0n, null],
    ['only the whole steps that are there', [bucketOf(1, 50n, 30n)], 100n, [[1, 30n, 30n]], 70n, null],
    ['without a step, the increment of the price', [bucketOf(1, 130n, null)], 61n, [[1, 120n, 61n]], 0n, null],
    ['a hold is not there', [bucketOf(1, 100n, 1n, false, 90n)], 20n, [[1, 10n, 10n]], 10n, null],
    ['less than nothing gives nothing', [bucketOf(1, 0n, 1n, false, 90n)], 20n, [], 20n, null],
    ['a blocking one that covers lets go on', [bucketOf(1, 100n, 1n, true)], 100n, [[1, 100n, 100n]], 0n, null],
    ['a blocking one that cannot stops what is behind it', [bucketOf(1, 99n, 1n, true), bucketOf(2, 99n, 1n)], 100n, [[1, 99n, 99n]], 1n, 1],
    ['an empty blocking one stops', [bucketOf(1, 0n, 1n, true), bucketOf(2, 99n, 1n)], 5n, [], 5n, 1],
    ['what is before a blocking one pays first', [bucketOf(1, 4n, 1n), bucketOf(2, 1n, 1n, true)], 5n, [[1, 4n, 4n], [2, 1n, 1n]], 0n, null],
  ])('%s', (_, buckets, used, takes, left, blocked) => {
    const plan = planUnits(buckets, quantity(used), has, () => quantity(60n));
    expect(plan.takes.map((take) => [take.bucket.id, take.units, take.covers])).toEqual(takes);
    expect([plan.remaining, plan.blockedBy?.id ?? null]).toEqual([left, blocked]);
  });

  test('the increment is that of the step where the bucket begins', () => {
    const asked: bigint[] = [];
    planUnits([bucketOf(1, 30n, 1n), bucketOf(2, 200n, null)], quantity(100n), has, (offset) => quantity((asked.push(offset), 20n)));
    expect(asked).toEqual([30n]);
  });
});

describe('the turn of money', () => {
  const of = (...buckets: Bucket[]): number[] => buckets.sort(byMoneyTurn).map(({ id }) => id);
  test.each<[string, Bucket[], number[]]>([
    ['promotional, paid, credit', [money(0, 'CREDIT', 0n), money(1, 'MONEY', 0n), money(2, 'PROMOTION', 0n)], [2, 1, 0]],
    ['the promotion that ends first', [money(1, 'PROMOTION', 0n, { validUntil: 9 }), money(2, 'PROMOTION', 0n, { validUntil: 8 }), money(3, 'PROMOTION', 0n)], [2, 1, 3]],
    ['priority before end', [money(1, 'PROMOTION', 0n, { validUntil: 8 }), money(2, 'PROMOTION', 0n, { priority: 1, validUntil: 9 })], [2, 1]],
    ['the older', [money(4, 'PROMOTION', 0n), money(3, 'PROMOTION', 0n)], [3, 4]],
  ])('%s', (_, buckets, ids) => expect(of(...buckets)).toEqual(ids));
});

describe('money', () => {
  const promo = money(2, 'PROMOTION', 30n);
  const paid = money(1, 'MONEY', 100n);
  const credit = money(0, 'CREDIT', -40n, { creditLimit: 90n });
  const unlimited = money(0, 'CREDIT', -40n, { creditLimit: null });
  const owing = money(1, 'MONEY', -7n);

  /** [what, buckets in turn, due, takes, short, takes with over-use]. */
  test.each<[string, Bucket[], bigint, (readonly [number, bigint])[], bigint, (readonly [number, bigint])[]]>([
    ['nothing due', [promo, paid], 0n, [], 0n, []],
    ['the first is enough', [promo, paid], 30n, [[2, 30n]], 0n, [[2, 30n]]],
    ['the second pays the rest', [promo, paid], 31n, [[2, 30n], [1, 1n]], 0n, [[2, 30n], [1, 1n]]],
    ['paid money, then credit to its limit', [paid, credit], 150n, [[1, 100n], [0, 50n]], 0n, [[1, 100n], [0, 50n]]],
    ['what is short falls on credit', [paid, credit], 151n, [[1, 100n], [0, 50n]], 1n, [[1, 100n], [0, 51n]]],
    ['what is short falls on paid money where there is no credit', [promo, paid], 140n, [[2, 30n], [1, 100n]], 10n, [[2, 30n], [1, 110n]]],
    ['a purse below zero gives nothing, and takes all over-use', [owing], 5n, [], 5n, [[1, 5n]]],
    ['unlimited credit is never short', [promo, unlimited], 10n ** 15n, [[2, 30n], [0, 10n ** 15n - 30n]], 0n, [[2, 30n], [0, 10n ** 15n - 30n]]],
    ['promotional money never goes below zero', [promo], 31n, [[2, 30n]], 1n, [[2, 30n]]],
    ['a negative due goes back to the last', [promo, paid, credit], -9n, [[0, -9n]], 0n, [[0, -9n]]],
    ['a negative due with nobody to take it is left over', [], -9n, [], -9n, []],
    ['nobody to pay', [], 9n, [], 9n, []],
  ])('%s', (_, buckets, due, takes, short, overUsed) => {
    const plan = planMoney(buckets, amount(due));
    expect([plan.takes.map((take) => [take.bucket.id, take.gross]), plan.short]).toEqual([takes, short]);
    expect(withOverUse(plan, buckets).takes.map((take) => [take.bucket.id, take.gross])).toEqual(overUsed);
  });

  test('what lapsed is there for whoever asks for it', () => {
    const lapsed = money(1, 'MONEY', 0n, { expired: 50n });
    expect(planMoney([lapsed], amount(60n), ({ value, expired }) => value + expired)).toMatchObject({ takes: [{ gross: 50n }], short: 10n });
  });

  test('takes sum to the due or leave it short, and never more than is there', () => {
    const purse = fc.record({ value: fc.bigInt({ min: -100n, max: 1_000n }), limit: fc.option(fc.bigInt({ min: 0n, max: 500n }), { freq: 6 }) });
    fc.assert(fc.property(fc.array(purse, { maxLength: 5 }), fc.bigInt({ min: 0n, max: 3_000n }), (purses, due) => {
      const buckets = purses.map(({ value, limit }, id) => money(id, 'MONEY', value, { creditLimit: limit }));
      const plan = planMoney(buckets, amount(due));
      const sum = plan.takes.reduce((total, take) => total + take.gross, 0n);
      expect(sum + plan.short).toBe(due);
      for (const { bucket: { value, creditLimit }, gross } of plan.takes) expect(gross > 0n && (creditLimit === null || value + creditLimit >= gross)).toBe(true);
      const over = withOverUse(plan, buckets);
      expect(over.takes.reduce((total, take) => total + take.gross, 0n) + over.short).toBe(due);
      expect(over.short === 0n || buckets.length === 0).toBe(true);
    }));
  });
});

describe('tax over purses', () => {
  const spread = (parts: readonly bigint[], tax: bigint): readonly Amount[] =>
    spreadTax(parts.map((gross, id) => ({ bucket: money(id, 'MONEY', gross), gross: amount(gross) })), amount(parts.reduce((a, b) => a + b, 0n)), amount(tax));
  test.each<[readonly bigint[], bigint, readonly bigint[]]>([
    [[], 0n, []], [[6n], 1n, [1n]], [[3n, 3n], 1n, [0n, 1n]], [[60n, 60n], 20n, [10n, 10n]], [[1n, 1n, 4n], 1n, [0n, 0n, 1n]], [[-6n], -1n, [-1n]],
  ])('%j of which %s is tax', (parts, tax, expected) => expect(spread(parts, tax)).toEqual(expected));

  test('always sums to the tax of the charge', () => {
    fc.assert(fc.property(fc.array(fc.bigInt({ min: 1n, max: 10n ** 9n }), { minLength: 1, maxLength: 6 }), fc.bigInt({ min: 0n, max: 10n ** 8n }), (parts, tax) => {
      expect(spread(parts, tax).reduce((sum, part) => sum + part, 0n)).toBe(tax);
    }));
  });
});
