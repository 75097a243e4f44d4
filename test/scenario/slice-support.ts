import { MeasurementIntake, MeasurementResult } from '../../src/assurance/measurement.intake';
import { hashed } from '../../src/assurance/measurement.codec';
import type { Reading } from '../../src/assurance/measurement.types';
import { MeasuredSlice, slicesById } from '../../src/assurance/measured-slice';
import { periodAt } from '../../src/assurance/period.rules';
import { Settlement } from '../../src/assurance/settlement';
import type { PeriodRevision } from '../../src/assurance/slice-period';
import { CatalogService, OfferingDraft, PriceDraft } from '../../src/catalog';
import type { Conductor } from '../../src/charging';
import { validatePrice } from '../../src/rating';
import { createSliceServices, SliceTermsDraft } from '../../src/slice';
import type { AvailabilityObjective } from '../../src/slice/slice.types';
import { TenantDirectory } from '../../src/tenant';
import { TestDatabase } from '../support';
import { tell, WorldAccount } from '../support/world';
import { Scenario } from './money-scenario';
import { add, agentOf, draft, openOrderingBench } from './ordering-world';
import { MANAGER, sliceTerms } from './slice-world';

const price = (code: string, more: Partial<PriceDraft>): PriceDraft => ({
  code, name: code, currency: 'EUR', taxClass: 'standard', taxIncluded: false, revenueAccount: 'slices', recognition: 'AT_POINT', listPriced: false, ...more,
});
const rates = (amount: string) => [{ zone: 'All', prefixes: [], connectFee: '0', steps: [{ from: 0n, amount, increment: 1n }] }];

/** The price of a slice's devices above a number of them, and of its volume in GB. */
export const devicesAbove = (free: bigint, each: string): PriceDraft => price('devices', { usage: {
  usageKind: 'GENERIC', unit: 'EVENT', per: 1n, timeZone: 'Europe/Dublin', conditions: [{ attribute: 'metric', in: ['REGISTERED_DEVICES'] }], rates: rates('0'),
  tiers: { mode: 'GRADUATED', tiers: [{ upTo: free, amount: '0', flatAmount: '0' }, { upTo: null, amount: each, flatAmount: '0' }] },
} });
export const volumePerGb = (each: string): PriceDraft => price('volume', { usage: {
  usageKind: 'DATA', unit: 'BYTE', per: 1_000_000_000n, timeZone: 'Europe/Dublin', conditions: [{ attribute: 'metric', in: ['VOLUME'] }], rates: rates(each),
} });

export const OBJECTIVE: AvailabilityObjective = {
  targetPercent: '99.95', minimumCoveragePercent: '90', capPercent: '20', lowersSharing: true,
  bands: [{ below: '99.95', creditPercent: '5' }, { below: '99', creditPercent: '10' }, { below: '95', creditPercent: '25' }],
};
const COUNTING = { source: 'nsacf', intervalSeconds: 3_600 };

export interface SliceSpec {
  readonly code: string;
  readonly fee: string;
  readonly recognition?: PriceDraft['recognition'];
  readonly usage: readonly PriceDraft[];
  readonly cut?: Partial<Pick<OfferingDraft, 'periodKind' | 'periodLength' | 'autoRenew'>>;
  readonly terms?: Partial<SliceTermsDraft>;
}
export interface SliceWorld {
  readonly intake: MeasurementIntake;
  readonly settlement: Settlement;
  /** Drafts and launches an offering with slice terms. */
  offering(spec: SliceSpec): Promise<string>;
  /** Orders a slice that begins now; the key of its product. */
  begin(account: WorldAccount, code: string, more?: { until?: string; purchaseOrder?: string }): Promise<bigint>;
  report(product: bigint, readings: readonly Reading[], source?: string): Promise<MeasurementResult[]>;
  slice(product: bigint): Promise<MeasuredSlice>;
  /** Settles the period that holds an instant. */
  settle(product: bigint, at: string): Promise<PeriodRevision>;
  maintenance(from: string, until: string): Promise<void>;
  close(): Promise<void>;
}

const ms = (text: string): number => Date.parse(text);
export const devices = (at: string, count: bigint): Reading => ({ kind: 'DEVICES', from: ms(at), until: ms(at), count });
export const volume = (from: string, until: string, uplink: bigint, downlink: bigint): Reading => ({ kind: 'VOLUME', from: ms(from), until: ms(until), uplink, downlink });
export const up = (from: string, until: string): Reading => ({ kind: 'AVAILABILITY', from: ms(from), until: ms(until), isUp: true });
export const down = (from: string, until: string): Reading => ({ kind: 'AVAILABILITY', from: ms(from), until: ms(until), isUp: false });

/** Days of reports without a gap, at most a day each. */
export function upDays(from: string, until: string): Reading[] {
  const readings: Reading[] = [];
  for (let at = ms(from); at < ms(until); at += 86_400_000) {
    readings.push({ kind: 'AVAILABILITY', from: at, until: at + 86_400_000 < ms(until) ? at + 86_400_000 : ms(until), isUp: true });
  }
  return readings;
}

let ids = 0;
const AREA = 'campus';

export async function openSlices(db: TestDatabase, conductor: Conductor, s: Scenario): Promise<SliceWorld> {
  const { tenantId } = s;
  const bench = await openOrderingBench(db, conductor);
  const catalog = new CatalogService(bench.data, validatePrice);
  const services = createSliceServices(bench.data, catalog);
  const manager = MANAGER(tenantId);
  await services.sliceAreas.set(manager, { code: AREA, name: 'Campus', downlinkKbps: 1_000_000n, uplinkKbps: 1_000_000n, devices: 100_000n });
  const intake = new MeasurementIntake(db.appPool, conductor);
  const settlement = new Settlement({ pool: db.appPool, charging: conductor, tenants: new TenantDirectory(db.appPool) });
  const slice = async (product: bigint): Promise<MeasuredSlice> => (await slicesById(db.appPool, tenantId, [product])).get(product)!;
  return {
    intake, settlement, slice, close: () => bench.close(),
    offering: async ({ code, fee, recognition = 'AT_POINT', usage, cut = {}, terms = {} }) => {
      const offering: OfferingDraft = {
        code, name: code, description: code, priority: 100, paymentModes: ['POSTPAID'], periodKind: 'CALENDAR_MONTH', periodLength: 1, autoRenew: true,
        unpaidRenewal: 'SUSPEND', paidRenewalStarts: 'WHEN_PAID', allowances: [], prices: [price('fee', { recognition, recurring: { amount: fee, isProrated: false } }), ...usage], ...cut,
      };
      const { version, versionId } = await services.sliceOfferings.draft(manager, offering, sliceTerms({ counting: COUNTING, objective: OBJECTIVE, ...terms }));
      await catalog.launch(manager, { code, version, validFrom: null });
      return versionId;
    },
    begin: async (account, code, { until, purchaseOrder } = {}) => {
      const order = await bench.orders.create(agentOf(tenantId), () => draft(account,
        [add('a', code, { slice: { area: AREA, until: until === undefined ? null : ms(until), devices: [] } })], purchaseOrder === undefined ? {} : { purchaseOrder }));
      expect(await bench.runner().advance(order)).toMatchObject({ state: 'COMPLETED' });
      return order.items[0]!.productId;
    },
    report: (product, readings, source = 'nsacf') => intake.take(tenantId,
      readings.map((reading) => hashed({ source, measurementId: `m${(ids += 1)}`, slice: { productId: product }, reading })), 60),
    settle: async (product, at) => settlement.settle(await slice(product), periodAt(await slice(product), ms(at))!),
    maintenance: async (from, until) => {
      const { rows } = await db.ownerPool.query<{ id: string }>(`insert into slice_maintenance (tenant_id, area_id, starts_at, ends_at, reason, agreed_at, agreed_by)
        select $1, id, $3, $4, 'planned', $5, 'test' from slice_area where tenant_id = $1 and code = $2 returning id`, [tenantId, AREA, from, until, new Date(ms(from) - 1)]);
      await tell(db, tenantId, rows.map(({ id }) => ['sliceMaintenanceAgree', id] as const));
    },
  };
}
