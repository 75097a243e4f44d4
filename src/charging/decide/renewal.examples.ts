import type { FeePrice, OfferingTerms } from '../../catalog';
import type { SetupAccount, SetupProduct } from '../../guiding';
import { amount } from '../../platform/money';
import { DEFAULT_SETTINGS } from '../../tenant';
import type { TenantFacts } from '../work/facts';

/** What the tables of renewals are written in: an account in Dublin, its product with one fee, and two tax classes. */
export const exampleFacts: TenantFacts = {
  tenantId: 1, catalogVersion: 1n, settings: DEFAULT_SETTINGS, lateLimits: new Map(), recordSources: new Set(), listPrices: new Map(), steps: [],
  taxRates: [
    { taxClass: 'none', taxCode: 'Z0', rate: { unscaled: 0n, scale: 0 }, validFrom: 0, validUntil: null },
    { taxClass: 'standard', taxCode: 'S20', rate: { unscaled: 20n, scale: 2 }, validFrom: 0, validUntil: Date.parse('2026-07-01T00:00:00Z') },
    { taxClass: 'standard', taxCode: 'S25', rate: { unscaled: 25n, scale: 2 }, validFrom: Date.parse('2026-07-01T00:00:00Z'), validUntil: null },
  ],
};
export const exampleAccount: SetupAccount = {
  id: 1n, customerId: 1n, payerId: 1n, currency: 'EUR', timeZone: 'Europe/Dublin', billCycleDay: 20, paymentMode: 'PREPAID', state: 'ACTIVE', ownLimit: null,
};
/** A prorated fee of so many cents a period. */
export const exampleFee = (cents: bigint, over: Partial<FeePrice> = {}): FeePrice => ({
  id: '1', priceId: '1', version: 1, name: 'Fee', priceType: 'RECURRING', currency: 'EUR', unit: 'EVENT', per: 1n, taxClass: 'none', taxIncluded: false,
  revenueAccount: 'revenue', recognition: 'AT_POINT', listPriced: false, amount: amount(cents * 10_000n), isProrated: true, isBilledInAdvance: false, ...over,
});
/** An active product with one fee. */
export function exampleProduct(terms: Partial<OfferingTerms>, startedAt: string, over: Partial<SetupProduct> = {}, price = exampleFee(2_800n)): SetupProduct {
  const start = Date.parse(startedAt);
  return {
    id: 1n, accountId: 1n, attachedTo: null, bundledIn: null, accountWide: true, state: 'ACTIVE', startedAt: start, endedAt: null, anchorAt: start, periodStart: null,
    periodEnd: null, nextRenewalAt: start, unpaidSince: null, nextTerms: null, formerTerms: [], version: 1, suspensions: [],
    terms: {
      versionId: '1', offeringId: '1', tenantId: 1, code: 'x', name: 'x', priority: 1, periodKind: 'CALENDAR_MONTH', periodLength: 1, autoRenew: true, isSlice: false,
      unpaidRenewal: 'SUSPEND', paidRenewalStarts: 'WHEN_PAID', paymentModes: ['PREPAID'], recurring: [price], oneTime: [], usage: [], allowances: [], ...terms,
    },
    assignments: [{ priceId: '1', price, compiled: null, from: start, until: null }], ...over,
  };
}
