import type { DataSource } from 'typeorm';
import { AllowanceDraft, CatalogService, OfferingDraft, PriceDraft, UsagePriceDraft } from '../../src/catalog';
import { appDataSource } from '../../src/platform/db';
import { validatePrice } from '../../src/rating';
import type { Actor } from '../../src/tenant/change';
import { createTestDatabase, TestDatabase } from '../support';

export const manager: Actor = { tenantId: 1, subject: 'catalog-1', role: 'CATALOG_MANAGER', requestId: 'test' };
export const otherManager: Actor = { ...manager, tenantId: 2, subject: 'catalog-2' };

/** A test database with two tenants, the class `standard` at 23 % since 2010 in each, and the catalog's service. */
export interface CatalogBench {
  readonly database: TestDatabase;
  readonly data: DataSource;
  readonly catalog: CatalogService;
  close(): Promise<void>;
}

export async function openCatalogBench(): Promise<CatalogBench> {
  const database = await createTestDatabase();
  await database.ownerPool.query(`
    insert into tenant (id, code, name, currency, time_zone, is_sandbox, settings)
    values (1, 'one', 'One', 'EUR', 'Europe/Dublin', true, '{}'), (2, 'two', 'Two', 'EUR', 'Europe/Dublin', false, '{}')`);
  const data = await appDataSource(database.ownerUrl, true).initialize();
  const catalog = new CatalogService(data, validatePrice);
  for (const actor of [manager, otherManager]) {
    await catalog.taxRateSet(actor, { taxClass: 'standard', taxCode: 'vat-23', rate: '0.23', validFrom: new Date('2010-01-01T00:00:00Z') });
  }
  const close = async (): Promise<void> => {
    await data.destroy();
    await database.dispose();
  };
  return { database, data, catalog, close };
}

export const priceBase = {
  name: 'Price', currency: 'EUR', taxClass: 'standard', taxIncluded: true, revenueAccount: 'voice', recognition: 'AT_POINT', listPriced: false,
} as const;

export const callPrice: UsagePriceDraft = {
  usageKind: 'VOICE', unit: 'SECOND', per: 60n, timeZone: 'Europe/Dublin', conditions: [],
  rates: [{ zone: 'Everywhere', prefixes: ['*'], connectFee: '0', steps: [{ from: 0n, amount: '0.20', increment: 1n }] }],
};

export const calls: PriceDraft = { ...priceBase, code: 'calls', usage: callPrice };
export const fee: PriceDraft = {
  ...priceBase, code: 'fee', recognition: 'OVER_PERIOD', revenueAccount: 'subscription', recurring: { amount: '20', isProrated: true },
};

export const minutes: AllowanceDraft = {
  code: 'minutes', name: '100 minutes', usageKind: 'VOICE', unit: 'SECOND', quantity: 6_000n, step: 60n, priority: 100, prefixes: ['353'],
  conditions: [{ attribute: 'direction', in: ['OUTGOING'] }], isShared: false, firstGrant: 'PRORATED', renewal: 'ROLL_OVER',
  rollOverMaximum: 3_000n, whenUsedUp: 'CHARGE',
};

/** A sound monthly offering; each test bends what it looks at. */
export const offering = (changes: Partial<OfferingDraft> = {}): OfferingDraft => ({
  code: 'basic', name: 'Basic', description: 'Calls and a fee.', priority: 100, paymentModes: ['PREPAID', 'POSTPAID'],
  periodKind: 'BILL_CYCLE', periodLength: 1, autoRenew: true, unpaidRenewal: 'SUSPEND', paidRenewalStarts: 'WHEN_PAID',
  prices: [calls, fee], allowances: [minutes], ...changes,
});
