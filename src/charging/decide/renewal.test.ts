import type { AllowanceTerms, FeePrice, OfferingTerms } from '../../catalog';
import { quantity } from '../../platform/money';
import { TaxRateMissing } from './fees';
import { feesUntil, grantOf, planRenewal } from './renewal';
import { exampleAccount as account, exampleFacts as facts, exampleFee as fee, exampleProduct as product } from './renewal.examples';

/*
 * Plans of renewals as tables: which period, and which fee. Everything is in Dublin, whose summer time of 2026 runs from
 * 29 March to 25 October.
 */
const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString().replace(':00.000Z', 'Z'));

/** [period kind, start, end of the first period, its fee in cents of 28.00 a period]. */
test.each<[OfferingTerms['periodKind'], string, string | null, bigint]>([
  ['NONE', '2026-02-15T12:00Z', null, 2_800n],
  ['CALENDAR_MONTH', '2026-02-01T12:00Z', '2026-03-01T00:00Z', 2_800n],
  ['CALENDAR_MONTH', '2026-02-15T12:00Z', '2026-03-01T00:00Z', 1_400n],
  ['CALENDAR_MONTH', '2026-02-28T23:59Z', '2026-03-01T00:00Z', 100n],
  ['CALENDAR_MONTH', '2024-02-15T12:00Z', '2024-03-01T00:00Z', 1_448n],
  ['CALENDAR_MONTH', '2026-03-29T12:00Z', '2026-03-31T23:00Z', 271n],
  ['CALENDAR_MONTH', '2026-10-25T00:30Z', '2026-11-01T00:00Z', 632n],
  ['BILL_CYCLE', '2026-02-06T12:00Z', '2026-02-20T00:00Z', 1_265n],
  ['BILL_CYCLE', '2026-02-20T00:00Z', '2026-03-20T00:00Z', 2_800n],
  ['MONTH', '2026-01-31T15:00Z', '2026-02-28T00:00Z', 2_800n],
  ['MONTH', '2024-02-29T15:00Z', '2024-03-29T00:00Z', 2_800n],
  ['WEEK', '2026-02-18T12:00Z', '2026-02-23T00:00Z', 2_000n],
  ['DAY', '2026-03-29T12:00Z', '2026-03-29T23:00Z', 2_800n],
  ['HOUR', '2026-03-29T00:30Z', '2026-03-29T01:30Z', 2_800n],
])('%s from %s ends %s and costs %s cents', (periodKind, start, end, cents) => {
  const plan = planRenewal(facts, product({ periodKind }, start), account, Date.parse(start));
  expect(iso(plan.end)).toBe(end);
  // Rounded to cents only to be readable here.
  expect(plan.fees.map(({ due }) => (due.gross + 5_000n) / 10_000n)).toEqual([cents]);
});

/** [anchor, the starts of the following periods]: always derived from the anchor, never from a clamped day. */
test.each<[string, readonly string[]]>([
  ['2026-01-31T15:00Z', ['2026-02-28T00:00Z', '2026-03-30T23:00Z', '2026-04-29T23:00Z', '2026-05-30T23:00Z']],
  ['2024-02-29T15:00Z', ['2024-03-29T00:00Z', '2024-04-28T23:00Z']],
  ['2025-01-29T15:00Z', ['2025-02-28T00:00Z', '2025-03-29T00:00Z', '2025-04-28T23:00Z']],
])('a month from %s meets the next without gap', (start, starts) => {
  const bought = product({ periodKind: 'MONTH' }, start);
  let at = Date.parse(start);
  for (const next of starts) {
    const { end } = planRenewal(facts, bought, account, at);
    expect(iso(end)).toBe(next);
    at = end!;
  }
});

test.each<[string, Partial<FeePrice>, bigint, bigint, string]>([
  ['2026-02-01T00:00Z', { taxClass: 'standard' }, 28_000_000n, 5_600_000n, 'S20'],
  ['2026-02-01T00:00Z', { taxClass: 'standard', taxIncluded: true }, 23_333_333n, 4_666_667n, 'S20'],
  ['2026-08-01T00:00Z', { taxClass: 'standard' }, 28_000_000n, 7_000_000n, 'S25'],
  ['2026-02-15T00:00Z', { taxClass: 'standard', taxIncluded: true }, 11_666_667n, 2_333_333n, 'S20'],
  ['2026-02-15T00:00Z', { isProrated: false }, 28_000_000n, 0n, 'Z0'],
])('a fee of 28.00 from %s with %j: net %s, tax %s', (start, price, net, tax, taxCode) => {
  const plan = planRenewal(facts, product({}, start, {}, fee(2_800n, price)), account, Date.parse(start));
  expect(plan.fees[0]!.due).toEqual({ net, tax, gross: net + tax, taxCode });
});

test('a class without a rate is an error of its own, before anything is booked', () => {
  const strange = product({}, '2026-02-01T00:00Z', {}, fee(1n, { taxClass: 'strange' }));
  expect(() => planRenewal(facts, strange, account, strange.startedAt)).toThrow(TaxRateMissing);
});

test.each<[string, string, bigint]>([
  ['2026-02-10T12:00Z', '2026-02-10T12:00Z', 1_000n], ['2026-02-10T00:00Z', '2026-02-10T00:00Z', 900n], ['2026-03-01T00:00Z', '2026-03-01T00:00Z', 2_800n],
  ['2026-05-01T00:00Z', '2026-03-01T00:00Z', 2_800n],
])('a product that ends %s has its last period to %s, its day served, for %s cents', (ends, end, cents) => {
  const ending = product({}, '2026-01-01T00:00Z', { endedAt: Date.parse(ends) });
  const plan = planRenewal(facts, ending, account, Date.parse('2026-02-01T00:00Z'));
  expect([iso(plan.end), plan.fees[0]!.due.gross / 10_000n, plan.firstShare]).toEqual([end, cents, null]);
});

test('a start in the past owes every period since, once', () => {
  const since = product({}, '2026-01-17T00:00Z', {}, fee(3_100n));
  const keys = feesUntil(facts, since, account, Date.parse('2026-03-01T00:00Z'))?.map(({ at, due }) => [iso(at), due.gross]);
  expect(keys).toEqual([['2026-01-17T00:00Z', 15_000_000n], ['2026-02-01T00:00Z', 31_000_000n], ['2026-03-01T00:00Z', 31_000_000n]]);
  expect(feesUntil(facts, { ...since, terms: { ...since.terms, autoRenew: false } }, account, Date.parse('2026-03-01T00:00Z'))).toHaveLength(1);
  expect(feesUntil(facts, product({ periodKind: 'DAY' }, '2020-01-01T00:00Z'), account, Date.parse('2026-03-01T00:00Z'))).toBeNull();
});

const allowance = (over: Partial<AllowanceTerms>): AllowanceTerms => ({
  id: '1', code: 'a', name: 'a', usageKind: 'VOICE', unit: 'SECOND', quantity: quantity(100n), step: null, priority: 1, prefixes: [], conditions: [],
  isShared: false, firstGrant: 'PRORATED', renewal: 'RESET', rollOverMaximum: null, whenUsedUp: 'CHARGE', ...over,
});
const share = (numerator: bigint, denominator: bigint) => ({ numerator, denominator });
test.each<[string, Partial<AllowanceTerms>, ReturnType<typeof share> | null, bigint]>([
  ['whole for a whole period', {}, null, 100n], ['whole where the first grant is full', { firstGrant: 'FULL' }, share(1n, 28n), 100n],
  ['by days, up', {}, share(1n, 28n), 4n], ['up to a step', { step: quantity(30n) }, share(1n, 28n), 30n],
  ['never more than a whole one', { step: quantity(30n) }, share(27n, 28n), 100n], ['all days are all of it', { step: quantity(30n) }, share(28n, 28n), 100n],
])('a grant is %s', (_, terms, part, expected) => expect(grantOf(allowance(terms), part)).toBe(expected));
