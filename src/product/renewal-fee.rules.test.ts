import type { FeePrice, TaxRateTerms } from '../catalog';
import { amount } from '../platform/money';
import { AssignedFee, renewalFee } from './renewal-fee.rules';

const fee = (value: bigint, changes: Partial<FeePrice> = {}): FeePrice => ({
  id: '1', priceId: '1', version: 1, name: 'Fee', currency: 'EUR', unit: 'EVENT', per: 1n, taxClass: 'standard', taxIncluded: true,
  revenueAccount: 'revenue', recognition: 'OVER_PERIOD', listPriced: false, priceType: 'RECURRING', amount: amount(value), isProrated: true, isBilledInAdvance: false, ...changes,
});
const always = (price: FeePrice): AssignedFee => ({ price, from: 0, until: null });
const RATES: TaxRateTerms[] = [
  { taxClass: 'standard', taxCode: 'vat-21', rate: { unscaled: 21n, scale: 2 }, validFrom: 0, validUntil: 1_000 },
  { taxClass: 'standard', taxCode: 'vat-23', rate: { unscaled: 23n, scale: 2 }, validFrom: 1_000, validUntil: null },
];

describe('renewal fee', () => {
  it.each<[string, AssignedFee[], number, bigint | null]>([
    ['nothing recurs', [], 500, null],
    ['only a one-time fee', [always(fee(5n, { priceType: 'ONE_TIME' }))], 500, null],
    ['tax included', [always(fee(20_000_000n))], 500, 20_000_000n],
    ['tax of that time on top', [always(fee(10_000_000n, { taxIncluded: false }))], 999, 12_100_000n],
    ['tax of the next time on top', [always(fee(10_000_000n, { taxIncluded: false }))], 1_000, 12_300_000n],
    ['tax rounded half up at six decimals', [always(fee(50n, { taxIncluded: false }))], 1_000, 62n],
    ['two fees', [always(fee(10_000_000n, { taxIncluded: false })), always(fee(1_000_000n))], 1_000, 13_300_000n],
    ['an assignment that ended', [{ price: fee(7n), from: 0, until: 500 }, { price: fee(9n), from: 500, until: null }], 500, 9n],
    ['a class without a rate', [always(fee(7n, { taxIncluded: false, taxClass: 'unknown' }))], 500, null],
  ])('%s', (_, fees, at, expected) => {
    expect(renewalFee(fees, RATES, at)).toBe(expected);
  });
});
