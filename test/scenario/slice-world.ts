import type { DataSource } from 'typeorm';
import { CatalogService, OfferingDraft, PriceDraft } from '../../src/catalog';
import { Conductor } from '../../src/charging';
import type { ItemDraft } from '../../src/ordering/order-draft';
import type { Caller } from '../../src/platform/auth/caller';
import { validatePrice } from '../../src/rating';
import { createSliceServices, SliceServices, SliceTermsDraft } from '../../src/slice';
import { Actor } from '../../src/tenant';
import { TestDatabase } from '../support';
import { WorldAccount } from '../support/world';
import { openScenario, Scenario } from './money-scenario';
import { add, agentOf, draft, openOrderingBench, OrderingBench } from './ordering-world';

const price = (more: Partial<PriceDraft> & Pick<PriceDraft, 'code'>): PriceDraft => ({
  name: more.code, currency: 'EUR', taxClass: 'none', taxIncluded: false, revenueAccount: 'slices', recognition: 'AT_POINT', listPriced: false, ...more,
});

/** 600.00 a calendar month, 0.10 a megabyte; by hours: 60.00 for six. */
export const sliceOffering = (code: string, more: Partial<OfferingDraft> = {}): OfferingDraft => ({
  code, name: code, description: code, priority: 100, paymentModes: ['POSTPAID'], periodKind: 'CALENDAR_MONTH', periodLength: 1, autoRenew: true,
  unpaidRenewal: 'SUSPEND', paidRenewalStarts: 'WHEN_PAID', allowances: [],
  prices: [
    price({ code: 'fee', recurring: { amount: '600', isProrated: true } }),
    price({ code: 'data', usage: { usageKind: 'DATA', unit: 'BYTE', per: 1_000_000n, timeZone: 'Europe/Dublin', conditions: [],
      rates: [{ zone: 'All', prefixes: [], connectFee: '0', steps: [{ from: 0n, amount: '0.10', increment: 1n }] }] } }),
  ], ...more,
});

export const sliceTerms = (more: Partial<SliceTermsDraft> = {}, profile: Partial<SliceTermsDraft['profile']> = {}): SliceTermsDraft => ({
  snssai: { sst: 1, sd: '00ab3f' }, payer: 'TENANT',
  profile: {
    downlinkThroughputGuaranteed: { amount: 10n, unit: 'MBIT_PER_SECOND' }, uplinkThroughputGuaranteed: { amount: 1_000n, unit: 'KBIT_PER_SECOND' },
    maxNumberOfUEs: 3n, sharing: 'SHARED', isMissionCritical: false, ...profile,
  }, ...more,
});

/** An operator that sells slices, with an area of 100 Mbit/s down, 100 up and 100 devices. */
export interface SliceShop {
  readonly s: Scenario;
  readonly services: SliceServices;
  readonly bench: OrderingBench;
  readonly data: DataSource;
  launch(offering: OfferingDraft, terms: SliceTermsDraft): Promise<string>;
  /** A postpaid account. */
  tenant(): Promise<WorldAccount>;
  caller: Caller;
  manager: Actor;
}

export const MANAGER = (tenantId: number): Actor => ({ tenantId, subject: 'catalog', role: 'CATALOG_MANAGER', requestId: 'test' });
export const AREA = 'dublin-4';

export async function openSliceShop(db: TestDatabase, conductor: Conductor, at = '2031-01-01T00:00:00Z'): Promise<SliceShop> {
  const s = await openScenario(db, conductor, at);
  const bench = await openOrderingBench(db, conductor);
  const catalog = new CatalogService(bench.data, validatePrice);
  const services = createSliceServices(bench.data, catalog);
  const manager = MANAGER(s.tenantId);
  await services.sliceAreas.set(manager, { code: AREA, name: 'Dublin 4', downlinkKbps: 100_000n, uplinkKbps: 100_000n, devices: 100n });
  return {
    s, services, bench, data: bench.data, manager,
    launch: async (offering, terms) => {
      const { version, versionId } = await services.sliceOfferings.draft(manager, offering, terms);
      await catalog.launch(manager, { code: offering.code, version, validFrom: null });
      return versionId;
    },
    tenant: () => s.account({ mode: 'POSTPAID', limit: null }),
    caller: { role: 'CRM_AGENT', tenantId: s.tenantId, subject: 'crm', customerId: null, partnerId: null, moneyLimit: null, tokenId: null, expiresAt: null },
  };
}

export const addSlice = (key: string, offering: string, slice: Partial<NonNullable<ItemDraft['slice']>> = {}): ItemDraft =>
  add(key, offering, { slice: { area: AREA, until: null, devices: [], ...slice } });

/** Orders one slice and runs its order; the id of its product. */
export async function orderSlice(shop: SliceShop, account: WorldAccount, offering: string, slice: Parameters<typeof addSlice>[2] = {}): Promise<bigint> {
  const order = await shop.bench.orders.create(agentOf(shop.s.tenantId), () => draft(account, [addSlice('a', offering, slice)]));
  const done = await shop.bench.runner().advance(order);
  expect(done).toMatchObject({ state: 'COMPLETED' });
  return order.items[0]!.productId;
}
