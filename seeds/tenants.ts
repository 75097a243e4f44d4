import type { TenantSettings } from '../src/tenant';
import type { DialPlan } from '../src/usage/dial-plan';
import { SeedContext, seedActor } from './context';

/** A tenant to be there, with its sources of usage and the tax rates that hold from 2012 on. */
export interface TenantSeed {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly settings: Partial<TenantSettings>;
  /** Business time at which a sandbox tenant begins; null = real time. Its clock then runs on. */
  readonly clockStartsAt: string | null;
  readonly sources: readonly { readonly code: string; readonly lateLimitDays: number }[];
}

/** Ireland's numbering as the demo needs it: national numbers of 7 to 10 digits behind a 0, and codes inside the network. */
export const IRISH_DIAL_PLAN: DialPlan = {
  countryCode: '353',
  nationalPrefix: '0',
  internationalPrefixes: ['00'],
  emergencyNumbers: ['112', '999'],
  freephonePrefixes: ['3531800', '1800'],
  shortCodes: [
    { pattern: '171', name: 'Voicemail' },
    { pattern: '1901', name: 'Care line' },
    { pattern: '1800*', name: 'Freephone' },
    { pattern: '50300', name: 'Charity' },
    { pattern: '57500', name: 'Quiz' },
  ],
  nationalNumberLengths: [7, 10],
};

export const IRISH_SETTINGS: Partial<TenantSettings> = {
  dialPlan: IRISH_DIAL_PLAN,
  topUpClasses: [{ minimum: '5', days: 30 }, { minimum: '10', days: 90 }, { minimum: '20', days: 180 }],
  transferLimits: { perMove: '20', perDay: '50' },
  agentTopUpLimit: '100',
  agentCreditLimit: '1000',
};

const TAX_SINCE = new Date('2012-01-01T00:00:00Z');
const TAX_RATES = [
  { taxClass: 'standard', taxCode: 'vat-23', rate: '0.23' },
  { taxClass: 'reduced', taxCode: 'vat-13-5', rate: '0.135' },
  { taxClass: 'zero', taxCode: 'vat-0', rate: '0' },
];

const INSERT_TENANT = `
  insert into tenant (id, code, name, currency, time_zone, is_sandbox, clock_offset_ms, settings)
  values ($1, $2, $3, 'EUR', 'Europe/Dublin', true,
          coalesce((extract(epoch from $4::timestamptz - clock_timestamp()) * 1000)::bigint, 0), $5)
      on conflict do nothing`;

const INSERT_SOURCE = `
  insert into usage_source (tenant_id, code, late_limit_days) values ($1, $2, $3) on conflict do nothing`;

/** Makes the tenant, its sources and its tax rates, where they are not there yet. */
export async function ensureTenant(context: SeedContext, seed: TenantSeed): Promise<void> {
  await context.pool.query(INSERT_TENANT, [seed.id, seed.code, seed.name, seed.clockStartsAt, JSON.stringify(seed.settings)]);
  for (const { code, lateLimitDays } of seed.sources) await context.pool.query(INSERT_SOURCE, [seed.id, code, lateLimitDays]);
  context.services.tenants.invalidate();
  const { rows } = await context.pool.query<{ tax_class: string }>(
    'select distinct tax_class from tax_rate where tenant_id = $1', [seed.id]);
  const known = new Set(rows.map((row) => row.tax_class));
  for (const rate of TAX_RATES.filter(({ taxClass }) => !known.has(taxClass))) {
    await context.services.catalog.taxRateSet(seedActor(seed.id), { ...rate, validFrom: TAX_SINCE });
  }
}
