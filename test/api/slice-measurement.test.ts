import 'reflect-metadata';
import { graphql } from 'graphql';
import { createAssurance } from '../../src/assurance';
import type { RequestContext, Services } from '../../src/context';
import type { Caller } from '../../src/platform/auth/caller';
import { encodeId } from '../../src/platform/graphql';
import { buildApiSchema } from '../../src/schema';
import { createTenantServices, TenantServices } from '../../src/tenant';
import { createTestDatabase, TestDatabase } from '../support';
import type { WorldAccount } from '../support/world';
import { expectSoundBooks } from '../scenario/money-scenario';
import { openShareWorld, ShareScenario, ShareWorld } from '../scenario/share-world';
import { devicesAbove, openSlices, SliceWorld, upDays, volumePerGb } from '../scenario/slice-support';
import { callerOf } from './usage-world';

jest.setTimeout(120_000);

const schema = buildApiSchema();
let db: TestDatabase;
let world: ShareWorld;
let tenants: TenantServices;
let s: ShareScenario;
let slices: SliceWorld;
let services: Partial<Services>;
let account: WorldAccount;
let product: bigint;

beforeAll(async () => {
  db = await createTestDatabase();
  world = await openShareWorld(db);
  tenants = createTenantServices(db.appPool, world.data);
});
beforeEach(async () => {
  s = await world.open('2031-01-01T00:00:00Z');
  tenants.tenants.invalidate();
  slices = await openSlices(db, world.conductor, s);
  services = { pool: db.appPool, data: world.data, charging: world.conductor, ...tenants,
    ...createAssurance({ pool: db.appPool, data: world.data, charging: world.conductor, tenants: tenants.tenants }).services };
  await slices.offering({ code: 'hospital', fee: '10000', usage: [devicesAbove(100n, '2.50'), volumePerGb('1.20')] });
  account = await s.account({ mode: 'POSTPAID', limit: null });
  product = await slices.begin(account, 'hospital');
  await s.moveTo('2031-01-20T12:00:00Z');
});
afterEach(async () => {
  await expectSoundBooks(db);
  await slices.close();
});
afterAll(async () => {
  await world.close();
  await db.dispose();
});

const who = (role: Parameters<typeof callerOf>[0]): Caller => callerOf(role, { tenantId: s.tenantId });
async function ask<T>(caller: Caller, source: string, variableValues: Record<string, unknown> = {}): Promise<T> {
  const loaders = new Map<string, unknown>();
  const contextValue: RequestContext = { caller, requestId: 'r', services: services as Services, loader: (key, build) => {
    if (!loaders.has(key)) loaders.set(key, build());
    return loaders.get(key) as ReturnType<typeof build>;
  } };
  const { data, errors } = await graphql({ schema, source, variableValues, contextValue });
  if (errors) throw errors[0]!.originalError ?? errors[0]!;
  return JSON.parse(JSON.stringify(data)) as T;
}

interface Result { readonly measurementId: string; readonly status: string; readonly isLate: boolean; readonly usage: { status: string; duplicate: boolean; charges: { net: { amount: string } }[]; error: { code: string } | null } | null; readonly error: { code: string; path: string[]; message: string } | null }
interface Report { readonly accepted: number; readonly duplicates: number; readonly putAside: number; readonly invalid: number; readonly results: readonly Result[]; readonly errors: readonly { code: string; path: string[] }[]; readonly endCursor?: string | null }
const RESULT = `accepted duplicates putAside invalid results { measurementId status isLate usage { status duplicate charges { net { amount } } error { code } } error { code path message } } errors { code path }`;
const report = async (measurements: readonly object[], source = 'nsacf'): Promise<Report> => (await ask<{ sliceMeasurementReport: Report }>(who('NETWORK'),
  `mutation($input: SliceMeasurementReportInput!) { sliceMeasurementReport(input: $input) { ${RESULT} } }`, { input: { source, measurements } })).sliceMeasurementReport;
const id = (): string => encodeId('Product', product);
const told = ({ results }: Report): unknown[] => results.map(({ status, error }) => (error ? [status, error.code, error.path.slice(2).join('.')] : status));
const devices = (measurementId: string, over: object = {}, count = '120', at = '2031-01-10T08:00:00Z'): object => ({ measurementId, productId: id(), registeredDevices: { at, count }, ...over });
const volume = (measurementId: string, over: object = {}, bytes: object = {}): object =>
  ({ measurementId, productId: id(), volume: { from: '2031-01-10T08:00:00Z', until: '2031-01-10T09:00:00Z', uplinkBytes: '1000000000', downlinkBytes: '4000000000', ...bytes }, ...over });

describe('taking measurements in', () => {
  it('charges volume at once, each once by its id, and tells of conflicts', async () => {
    const first = await report([volume('v1'), devices('d1')]);
    expect(told(first)).toEqual(['ACCEPTED', 'ACCEPTED']);
    expect(first.results[0]!.usage).toEqual({ status: 'CHARGED', duplicate: false, charges: [{ net: { amount: '6.00' } }], error: null });
    const again = await report([volume('v1'), devices('d1'), devices('d1', {}, '121'), devices('d2'), devices('d2'), devices('d2', {}, '9')]);
    expect(told(again)).toEqual(['DUPLICATE', 'DUPLICATE', ['CONFLICT', 'USAGE_CONFLICT', ''], 'ACCEPTED', 'DUPLICATE', ['CONFLICT', 'USAGE_CONFLICT', '']]);
    expect(again.results[0]!.usage).toMatchObject({ status: 'CHARGED', duplicate: true });
    expect([again.accepted, again.duplicates, again.putAside, again.invalid]).toEqual([1, 3, 2, 0]);
    expect(await s.rows(account, `select count(*)::int as n from charge where root_id = $1 and kind = 'DATA'`)).toEqual([{ n: 1 }]);
    // The same id of another source is another measurement.
    expect(told(await report([volume('v1')], 'upf'))).toEqual(['ACCEPTED']);
  });

  it.each<[string, object, string]>([
    ['nothing measured', { productId: null }, ''],
    ['two things measured', { availability: { from: '2031-01-10T08:00:00Z', until: '2031-01-10T09:00:00Z', state: 'UP' } }, 'availability'],
    ['negative', { registeredDevices: { at: '2031-01-10T08:00:00Z', count: '-1' } }, 'registeredDevices.count'],
    ['no number', { registeredDevices: { at: '2031-01-10T08:00:00Z', count: '1e3' } }, 'registeredDevices.count'],
    ['no instant', { registeredDevices: { at: 'yesterday', count: '1' } }, 'registeredDevices.at'],
    ['in the future', { registeredDevices: { at: '2031-01-20T12:06:00Z', count: '1' } }, 'registeredDevices.at'],
    ['by two names', { snssai: { sst: 1, sd: '00AB3F' } }, ''],
    ['an id of another kind', { productId: encodeId('Charge', 1n, 2n) }, 'productId'],
    ['a tenant beside a product', { tenantIdentifier: 'x' }, 'tenantIdentifier'],
    ['no S-NSSAI', { productId: null, snssai: { sst: 1, sd: '00AB3' } }, 'snssai'],
    ['a broken id', { measurementId: 'a\u0000b' }, 'measurementId'],
    ['a broken tenant', { productId: null, snssai: { sst: 1 }, tenantIdentifier: 'a\u0000' }, 'tenantIdentifier'],
  ])('%s is invalid and harms no neighbour', async (_, over, path) => {
    expect(told(await report([devices('d1', over), devices('d2')]))).toEqual([['INVALID', 'INVALID_INPUT', path], 'ACCEPTED']);
  });

  it.each<[string, object, string]>([
    ['an end before its start', { until: '2031-01-10T07:59:59Z' }, 'volume.until'], ['days on end', { until: '2031-01-12T08:00:00Z' }, 'volume.until'],
    ['beyond 64 bits', { uplinkBytes: '9223372036854775807', downlinkBytes: '1' }, 'volume'], ['an end in the future', { from: '2031-01-20T11:00:00Z', until: '2031-01-20T13:00:00Z' }, 'volume.until'],
  ])('a volume with %s is invalid', async (_, bytes, path) => expect(told(await report([volume('v1', {}, bytes)]))).toEqual([['INVALID', 'INVALID_INPUT', path]]));

  it('names the source that counts where another one reports devices', async () => {
    const { results } = await report([devices('d1')], 'other');
    expect(results[0]).toMatchObject({ status: 'INVALID', error: { path: ['measurements', '0', 'registeredDevices'], message: 'Devices of this slice are counted by the source "nsacf".' } });
  });

  it('refuses a call that is none', async () => {
    expect((await report([], 'nsacf')).errors).toEqual([{ code: 'INVALID_INPUT', path: ['measurements'] }]);
    expect((await report([devices('d')], 'slice')).errors).toEqual([{ code: 'INVALID_INPUT', path: ['source'] }]);
  });
});

describe('whose measurement it is (domain row 48)', () => {
  const named = (measurementId: string, snssai: object, over: object = {}): object => devices(measurementId, { productId: null, snssai, ...over });

  it('reads every spelling of one S-NSSAI, and none of another', async () => {
    expect(told(await report([named('a', { sst: 1, sd: '00ab3f' }), named('b', { sst: 1, sd: '0x00AB3F' }), named('c', { sst: 1 }), named('d', { sst: 1, sd: 'FFFFFF' }), named('e', { sst: 1, sd: '000000' })])))
      .toEqual(['ACCEPTED', 'ACCEPTED', ['UNGUIDED', 'NOT_FOUND', ''], ['UNGUIDED', 'NOT_FOUND', ''], ['UNGUIDED', 'NOT_FOUND', '']]);
  });

  it('puts aside what is of no product then or of several, and takes it in when that is mended', async () => {
    const other = await s.account({ mode: 'POSTPAID', limit: null });
    await slices.begin(other, 'hospital');
    await db.ownerPool.query(`update customer set external_id = 'st-james' where id = (select customer_id from billing_account where id = $1)`, [account.id.toString()]);
    await s.moveTo('2031-01-21T12:00:00Z');
    const [early, both, one, none] = (await report([
      named('early', { sst: 1, sd: '00AB3F' }, { registeredDevices: { at: '2030-12-31T08:00:00Z', count: '1' } }),
      named('both', { sst: 1, sd: '00AB3F' }, { registeredDevices: { at: '2031-01-21T08:00:00Z', count: '1' } }),
      named('one', { sst: 1, sd: '00AB3F' }, { tenantIdentifier: 'st-james', registeredDevices: { at: '2031-01-21T08:00:00Z', count: '1' } }),
      named('none', { sst: 1, sd: '00AB3F' }, { tenantIdentifier: 'mater', registeredDevices: { at: '2031-01-21T08:00:00Z', count: '1' } }),
    ])).results;
    expect([early, both, one, none].map((result) => [result!.status, result!.error?.code])).toEqual([
      ['UNGUIDED', 'PRODUCT_NOT_ACTIVE'], ['UNGUIDED', 'CONFLICT'], ['ACCEPTED', undefined], ['UNGUIDED', 'NOT_FOUND'],
    ]);
    const LIST = '{ unguidedSliceMeasurements { nodes { measurementId reason snssai tenantIdentifier attempts } } }';
    interface List { unguidedSliceMeasurements: { nodes: { measurementId: string; reason: string; attempts: number }[] } }
    expect((await ask<List>(who('NETWORK'), LIST)).unguidedSliceMeasurements.nodes.map(({ measurementId, reason }) => `${measurementId} ${reason}`).sort())
      .toEqual(['both AMBIGUOUS', 'early NOT_ACTIVE', 'none UNKNOWN_SLICE']);
    await db.ownerPool.query(`update customer set external_id = 'mater' where id = (select customer_id from billing_account where id = $1)`, [other.id.toString()]);
    const { unguidedSliceMeasurementRedrive: driven } = await ask<{ unguidedSliceMeasurementRedrive: Report }>(who('FINANCE'),
      `mutation { unguidedSliceMeasurementRedrive(input: {}) { ${RESULT} endCursor } }`);
    expect(driven.results.map(({ measurementId, status }) => `${measurementId} ${status}`).sort()).toEqual(['both UNGUIDED', 'early UNGUIDED', 'none ACCEPTED']);
    const left = (await ask<List>(who('NETWORK'), LIST)).unguidedSliceMeasurements.nodes;
    expect(left.map(({ measurementId, attempts }) => `${measurementId} ${attempts}`).sort()).toEqual(['both 2', 'early 2']);
    await db.ownerPool.query(`update customer set external_id = null where external_id in ('mater', 'st-james')`);
  });

  it('shows in the result what charging put aside', async () => {
    await slices.offering({ code: 'unpriced', fee: '1', usage: [], terms: { snssai: { sst: 7 } } });
    product = await slices.begin(await s.account({ mode: 'POSTPAID', limit: null }), 'unpriced');
    await s.moveTo('2031-01-21T12:00:00Z');
    const { results: [result] } = await report([volume('v9', {}, { from: '2031-01-21T08:00:00Z', until: '2031-01-21T09:00:00Z' })]);
    expect(result).toMatchObject({ status: 'ACCEPTED', usage: { status: 'QUARANTINED', error: { code: 'RATING_FAILED' } } });
  });
});

describe('what ends between two steps is done by the next', () => {
  const broken = new Error('the process ended');

  it('a volume that was kept and not charged is charged by the repeat', async () => {
    const { charging } = services as Services;
    const intake = (services as Services).measurements;
    Object.assign(intake, { charging: { now: () => charging.now(s.tenantId), chargeUsage: () => Promise.reject(broken) } });
    await expect(report([volume('v1')])).rejects.toBe(broken);
    expect(await s.rows(account, `select count(*)::int as n from charge where root_id = $1 and kind = 'DATA'`)).toEqual([{ n: 0 }]);
    Object.assign(intake, { charging });
    const { results: [result] } = await report([volume('v1')]);
    expect(result).toMatchObject({ status: 'DUPLICATE', usage: { status: 'CHARGED', duplicate: false } });
  });

  it('or by the settlement of its period', async () => {
    const { charging } = services as Services;
    Object.assign((services as Services).measurements, { charging: { now: () => charging.now(s.tenantId), chargeUsage: () => Promise.reject(broken) } });
    await expect(report([volume('v1')])).rejects.toBe(broken);
    await s.moveTo('2031-02-01T01:00:00Z');
    await slices.settle(product, '2031-01-15T00:00:00Z');
    expect(await s.rows(account, `select net::text from charge where root_id = $1 and kind = 'DATA'`)).toEqual([{ net: '6000000' }]);
  });

  it('or, where its period was settled before it came, by the next bill run', async () => {
    await s.moveTo('2031-02-01T01:00:00Z');
    const dues = [{ shard: account.shard, accountId: account.id, end: Date.parse('2031-02-01T00:00:00Z') }];
    await slices.settlement.settleDue(s.tenantId, dues);
    await s.moveTo('2031-02-03T00:00:00Z');
    const { charging } = services as Services;
    Object.assign((services as Services).measurements, { charging: { now: () => charging.now(s.tenantId), chargeUsage: () => Promise.reject(broken) } });
    await expect(report([volume('v1'), volume('v2', {}, { from: '2031-02-02T08:00:00Z', until: '2031-02-02T09:00:00Z' })])).rejects.toBe(broken);
    // That of February is for February's own settlement.
    for (let run = 0; run < 2; run += 1) await slices.settlement.settleDue(s.tenantId, dues);
    expect(await s.rows(account, `select event_id, net::text from charge where root_id = $1 and kind = 'DATA'`)).toEqual([{ event_id: 'volume:5:nsacf:v1', net: '6000000' }]);
    expect(await s.rows(account, 'select revision from slice_period where root_id = $1')).toEqual([{ revision: 1 }]);
  });

  it.each(['creditFee', 'chargeUsage', 'fill'] as const)('a settlement that ends at %s', async (where) => {
    await slices.report(product, [...upDays('2031-01-01T00:00:00Z', '2031-01-15T00:00:00Z'), { kind: 'AVAILABILITY', from: Date.parse('2031-01-15T00:00:00Z'), until: Date.parse('2031-01-20T00:00:00Z'), isUp: false },
      { kind: 'DEVICES', from: Date.parse('2031-01-15T00:00:00Z'), until: Date.parse('2031-01-15T00:00:00Z'), count: 300n }]);
    await s.moveTo('2031-02-01T01:00:00Z');
    await slices.report(product, upDays('2031-01-20T00:00:00Z', '2031-02-01T00:00:00Z'));
    const { charging } = services as Services;
    const half = new Proxy(charging, { get: (target, name: keyof typeof charging) => {
      if (name === 'products' && where === 'creditFee') return { creditFee: async (...args: Parameters<typeof charging.products.creditFee>) => { await charging.products.creditFee(...args); throw broken; } };
      if (name === 'chargeUsage' && where === 'chargeUsage') return async (...args: Parameters<typeof charging.chargeUsage>) => { const done = await charging.chargeUsage(...args); if (args[0].length > 0) throw broken; return done; };
      const value = target[name] as unknown;
      return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    } });
    const pool = new Proxy(db.appPool, { get: (target, name: 'query') => (name === 'query' && where === 'fill'
      ? (text: string, values: unknown[]) => (text.includes('update slice_period') ? Promise.reject(broken) : target.query(text, values)) : target[name]) });
    Object.assign(slices.settlement, { deps: { pool, charging: half, tenants: tenants.tenants } });
    await expect(slices.settle(product, '2031-01-15T00:00:00Z')).rejects.toBe(broken);
    Object.assign(slices.settlement, { deps: { pool: db.appPool, charging, tenants: tenants.tenants } });
    const settled = await slices.settle(product, '2031-01-15T00:00:00Z');
    expect(settled).toMatchObject({ revision: 1, isSettled: true });
    expect(await s.rows(account, `select kind, net::text from charge where root_id = $1 and (kind in ('SLA_CREDIT', 'GENERIC')) order by kind`))
      .toEqual([{ kind: 'GENERIC', net: '500000000' }, { kind: 'SLA_CREDIT', net: '-2000000000' }]);
  });
});

describe('cases, and settling by hand', () => {
  interface Period { readonly revision: number; readonly verdict: string; readonly creditPercent: string | null; readonly decidedBy: string | null; readonly isSettled: boolean }
  interface Payload { readonly period: Period | null; readonly errors: readonly { code: string; path: string[] }[] }
  const PERIOD = 'period { revision verdict creditPercent decidedBy isSettled } errors { code path }';
  const settle = async (over: object = {}): Promise<Payload> => (await ask<{ slicePeriodSettle: Payload }>(who('FINANCE'), `mutation($input: SlicePeriodSettleInput!) { slicePeriodSettle(input: $input) { ${PERIOD} } }`,
    { input: { productId: id(), periodEnd: '2031-02-01T00:00:00Z', idempotencyKey: 'k1', ...over } })).slicePeriodSettle;
  const decide = async (over: object = {}): Promise<Payload> => (await ask<{ slicePeriodDecide: Payload }>(who('FINANCE'), `mutation($input: SlicePeriodDecideInput!) { slicePeriodDecide(input: $input) { ${PERIOD} } }`,
    { input: { productId: id(), periodStart: new Date((await slices.slice(product)).startedAt).toISOString(), creditPercent: '15', reason: 'the collector was down', idempotencyKey: 'd1', ...over } })).slicePeriodDecide;
  const audits = async (operation: string): Promise<number> => (await db.ownerPool.query('select 1 from audit_log where tenant_id = $1 and operation = $2', [s.tenantId, operation])).rowCount!;

  it('settles once a key, and says why not', async () => {
    expect((await settle()).errors).toMatchObject([{ code: 'CONFLICT', path: ['periodEnd'] }]);
    await s.moveTo('2031-02-01T01:00:00Z');
    expect((await settle({ periodEnd: '2031-02-02T00:00:00Z' })).errors).toMatchObject([{ code: 'INVALID_INPUT', path: ['periodEnd'] }]);
    expect((await settle({ productId: encodeId('Product', 1n) })).errors).toMatchObject([{ code: 'NOT_FOUND' }]);
    expect((await settle()).period).toMatchObject({ revision: 1, verdict: 'CASE', creditPercent: null });
    expect((await settle()).period).toMatchObject({ revision: 1 });
    expect((await settle({ periodEnd: '2031-03-01T00:00:00Z' })).errors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
    // Three that were refused inside, one that was done; repeats leave none.
    expect(await audits('slicePeriodSettle')).toBe(4);
  });

  it('settles the earlier periods first, so that none is left out', async () => {
    await report([devices('d1', {}, '342')]);
    await s.moveTo('2031-03-01T01:00:00Z');
    expect((await settle({ periodEnd: '2031-03-01T00:00:00Z' })).period).toMatchObject({ revision: 1 });
    expect(await s.rows(account, `select net::text from charge where root_id = $1 and kind = 'GENERIC'`)).toEqual([{ net: '605000000' }]);
    expect(await s.rows(account, `select to_char(period_end at time zone 'UTC', 'MM-DD') as until, revision from slice_period where root_id = $1 order by period_start`))
      .toEqual([{ until: '02-01', revision: 1 }, { until: '03-01', revision: 1 }]);
  });

  it('a case is decided once, within the cap, and its credit is booked', async () => {
    expect((await decide()).errors).toMatchObject([{ code: 'NOT_FOUND', path: ['periodStart'] }]);
    await s.moveTo('2031-02-01T01:00:00Z');
    await settle();
    expect((await decide({ creditPercent: '20.01' })).errors).toMatchObject([{ code: 'INVALID_INPUT', path: ['creditPercent'] }]);
    expect((await decide({ reason: '' })).errors).toMatchObject([{ code: 'INVALID_INPUT', path: ['reason'] }]);
    expect((await decide()).period).toEqual({ revision: 2, verdict: 'CASE', creditPercent: '15', decidedBy: 'finance-1', isSettled: true });
    expect((await decide()).period).toMatchObject({ revision: 2, creditPercent: '15' });
    expect((await decide({ creditPercent: '14' })).errors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
    expect((await decide({ idempotencyKey: 'd2' })).errors).toMatchObject([{ code: 'CONFLICT', path: ['periodStart'] }]);
    expect(await s.rows(account, `select net::text, tax::text from charge where root_id = $1 and kind = 'SLA_CREDIT'`)).toEqual([{ net: '-1500000000', tax: '-300000000' }]);
    const list = await ask<{ slicePeriods: { nodes: Period[] } }>(who('FINANCE'), '{ slicePeriods(verdict: CASE, isDecided: true) { nodes { revision decidedBy } } waiting: slicePeriods(verdict: CASE, isDecided: false) { nodes { revision } } }');
    expect(list).toEqual({ slicePeriods: { nodes: [{ revision: 2, decidedBy: 'finance-1' }] }, waiting: { nodes: [] } });
    // What comes late and leaves it a case leaves the decision; what makes a verdict replaces it.
    await slices.report(product, upDays('2031-01-01T00:00:00Z', '2031-01-05T00:00:00Z'));
    expect(await slices.settle(product, '2031-01-15T00:00:00Z')).toMatchObject({ revision: 3, facts: { creditPercent: '15', decision: { by: 'finance-1' } } });
    await slices.report(product, upDays('2031-01-05T00:00:00Z', '2031-02-01T00:00:00Z'));
    expect(await slices.settle(product, '2031-01-15T00:00:00Z')).toMatchObject({ revision: 4, facts: { creditPercent: '0', decision: null, availability: { verdict: 'MET' } } });
    expect(await s.rows(account, `select sum(net)::text as net, sum(tax)::text as tax from charge where root_id = $1 and kind = 'SLA_CREDIT'`)).toEqual([{ net: '0', tax: '0' }]);
  });
});

describe('agreed maintenance', () => {
  const agree = async (over: object = {}): Promise<{ maintenance: { area: string; from: string } | null; errors: { code: string; path: string[] }[] }> =>
    (await ask<{ sliceMaintenanceAgree: Awaited<ReturnType<typeof agree>> }>(who('NETWORK'), 'mutation($input: SliceMaintenanceAgreeInput!) { sliceMaintenanceAgree(input: $input) { maintenance { area from } errors { code path } } }',
      { input: { area: 'campus', from: '2031-01-25T00:00:00Z', until: '2031-01-25T04:00:00Z', reason: 'new software', ...over } })).sliceMaintenanceAgree;

  it('is recorded before it begins, in an area that is there', async () => {
    expect((await agree()).maintenance).toEqual({ area: 'campus', from: '2031-01-25T00:00:00.000Z' });
    expect((await agree()).errors).toEqual([]);
    expect((await agree({ from: '2031-01-20T11:00:00Z', until: '2031-01-20T14:00:00Z' })).errors).toEqual([{ code: 'CONFLICT', path: ['from'] }]);
    expect((await agree({ area: 'nowhere' })).errors).toEqual([{ code: 'NOT_FOUND', path: ['area'] }]);
    expect((await agree({ until: '2031-01-25T00:00:00Z' })).errors).toEqual([{ code: 'INVALID_INPUT', path: ['until'] }]);
    const list = await ask<{ sliceMaintenances: { nodes: unknown[] } }>(who('AUDITOR'), '{ sliceMaintenances(area: "campus") { nodes { area from until reason } } none: sliceMaintenances(area: "a\\u0000") { nodes { area } } }');
    expect(list).toEqual({ sliceMaintenances: { nodes: [{ area: 'campus', from: '2031-01-25T00:00:00.000Z', until: '2031-01-25T04:00:00.000Z', reason: 'new software' }] }, none: { nodes: [] } });
  });
});

test('a slice shows its use, its objective so far, its settled periods, its measurements and its cost', async () => {
  await slices.maintenance('2031-01-18T00:00:00Z', '2031-01-18T06:00:00Z');
  await report([devices('d1', {}, '150'), devices('d2', {}, '130', '2031-01-12T08:00:00Z'), volume('v1'),
    { measurementId: 'down', productId: id(), availability: { from: '2031-01-18T05:00:00Z', until: '2031-01-18T07:00:00Z', state: 'DOWN' } }]);
  await slices.report(product, upDays('2031-01-02T00:00:00Z', '2031-01-20T12:00:00Z'));
  const FIELDS = `query($id: ID!, $at: DateTime) { sliceProduct(id: $id) { costSoFar { amount } usage { registeredNow registeredPeak sampledAt volume { amount unit } }
    objectives(at: $at) { name target availabilityPercent measuredMinutes gapMinutes maintenanceMinutes downMinutes coveragePercent verdict credit { amount } }
    periods { nodes { revision registeredPeak samples expectedSamples verdict creditPercent } }
    measurements(metric: REGISTERED_DEVICES, first: 1) { nodes { registeredDevices measurementId } pageInfo { hasNextPage endCursor } } } }`;
  interface Shown { readonly sliceProduct: Record<string, unknown> & { readonly measurements: { readonly pageInfo: { endCursor: string } }; readonly objectives: Record<string, string>[] } }
  const { sliceProduct: shown } = await ask<Shown>(who('FINANCE'), FIELDS, { id: id() });
  expect(shown).toMatchObject({
    costSoFar: { amount: '10006.00' }, usage: { registeredNow: '130', registeredPeak: '150', sampledAt: '2031-01-12T08:00:00.000Z', volume: { amount: '5000000000', unit: 'BYTE' } },
    periods: { nodes: [] }, measurements: { nodes: [{ registeredDevices: '150', measurementId: 'd1' }], pageInfo: { hasNextPage: true } },
  });
  // From the 2nd to noon of the 20th without six hours: 438 hours measured, one of them down; a day was not reported.
  expect(shown.objectives).toEqual([expect.objectContaining({
    name: 'availability', target: '99.95', measuredMinutes: '26280', downMinutes: '60', maintenanceMinutes: '360', availabilityPercent: '99.771689', verdict: null, credit: { amount: '0.00' },
  })]);
  const next = await ask<{ sliceProduct: { measurements: { nodes: { measurementId: string }[] } } }>(who('FINANCE'),
    'query($id: ID!, $after: Cursor) { sliceProduct(id: $id) { measurements(metric: REGISTERED_DEVICES, after: $after) { nodes { measurementId } } } }', { id: id(), after: shown.measurements.pageInfo.endCursor });
  expect(next.sliceProduct.measurements.nodes).toEqual([{ measurementId: 'd2' }]);
  await s.moveTo('2031-02-01T01:00:00Z');
  await slices.report(product, upDays('2031-01-20T12:00:00Z', '2031-02-01T00:00:00Z'));
  await slices.settle(product, '2031-01-15T00:00:00Z');
  const { sliceProduct: settled } = await ask<Shown>(who('FINANCE'), FIELDS, { id: id(), at: '2031-01-15T00:00:00Z' });
  expect(settled).toMatchObject({
    objectives: [{ verdict: 'MISSED', credit: { amount: '500.00' } }], periods: { nodes: [{ revision: 1, registeredPeak: '150', samples: '2', expectedSamples: '743', verdict: 'MISSED', creditPercent: '5' }] },
  });
});
