import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NUMBERS } from '../../seeds/people';
import { quantity } from '../../src/platform/money';
import type { UsageEvent } from '../../src/usage/usage.types';
import { runTributary, violationsOf } from '../support';
import { call } from '../support/world';
import { ImportBench, openImportBench, ROOT } from './import-support';

/** Records (CDRs) of what was charged online, through the command: killed, repeated, repeated with another content. */
let bench: ImportBench;
beforeEach(async () => {
  bench = await openImportBench();
});
afterEach(() => bench.dispose());

const IDS = 1_500;
const AT = Date.parse('2015-02-02T10:00:00Z');
const MAPPING_TEXT = `
recordsOf: online
source: cdr
timeZone: UTC
usage:
  id: { template: "{id}/{sequence}" }
  chargingId: { column: id }
  kind: DATA
  subscriber: { value: { column: number } }
  startedAt: { column: at, formats: epoch-milliseconds }
  quantity: { column: bytes, unit: byte }
`;
const HEAD = 'id,sequence,number,at,bytes';
const row = (id: number | string, sequence: number, bytes: number): string => `${id},${sequence},${NUMBERS.oneSubscriber},${AT},${bytes}`;

/** Two partial usages of 600 and 400 bytes for each of the first so many charging ids. */
async function chargeOnline(ids: number): Promise<void> {
  const usage = (id: number, part: number): UsageEvent => call(NUMBERS.oneSubscriber, 0n, {
    tenantId: 3, source: 'smf', usageId: `${id}-${part}`, kind: 'DATA', unit: 'BYTE', direction: null, otherParty: null, startedAt: AT,
    quantity: quantity(part === 1 ? 600n : 400n), chargingId: `${id}`, attributes: { network: 'data', networkType: 'data' },
  });
  const all = Array.from({ length: ids }, (_, id) => [usage(id, 1), usage(id, 2)]).flat();
  const results = await bench.rooms.charging.chargeUsage(all, { delivered: true, lateLimitDays: null });
  expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['CHARGED']));
}

const one = async <T>(text: string): Promise<T> => (await bench.db.ownerPool.query(text)).rows[0] as T;
const dataCharges = async (): Promise<number> => (await one<{ n: number }>(`select count(*)::integer as n from charge where tenant_id = 3 and kind = 'DATA' and status = 'CHARGED'`)).n;
const records = async (): Promise<number> => (await one<{ n: number }>('select count(*)::integer as n from usage_record')).n;
const environment = (): Record<string, string> => ({ DATABASE_URL: bench.db.ownerUrl, TRIBUTARY_DEMO: '1', TRIBUTARY_TEST: '1' });
const command = (file: string, mapping: string, ...more: string[]): string[] =>
  ['usage', 'import', file, '--mapping', mapping, '--tenant', 'archive', '--historical', '--reason', 'a test of records', '--json', ...more];
interface Told { readonly rows: number; readonly counts: { charged: number; compared: number; duplicates: number; quarantined: object } }
async function imported(file: string, mapping: string, ...more: string[]): Promise<Told> {
  const { code, out, err } = await runTributary(command(file, mapping, ...more), environment());
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out) as Told;
}

it('killed and repeated compares each record once and charges none that is known, and repeated with another content changes nothing', async () => {
  await chargeOnline(IDS);
  const charged = await dataCharges();
  const mapping = bench.file('records.yaml', MAPPING_TEXT);
  // Two partial records of each id, the second 10 bytes short for every tenth; and a hundred ids that were never charged online.
  const lines = [...Array.from({ length: IDS }, (_, id) => [row(id, 1, 700), row(id, 2, id % 10 === 0 ? 290 : 300)]).flat(),
    ...Array.from({ length: 100 }, (_, id) => row(`offline-${id}`, 1, 50))];
  const file = bench.file('records.csv', [HEAD, ...lines].join('\n'));
  expect(await imported(file, mapping, '--dry-run')).toMatchObject({ counts: { charged: 100, compared: 2 * IDS } });
  expect(await records()).toBe(0);

  const child = spawn(process.execPath, [join(ROOT, 'bin', 'tributary.js'), ...command(file, mapping)], {
    cwd: ROOT, env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'production', ...environment() }, stdio: 'ignore',
  });
  const ended = new Promise((resolve) => { child.once('close', resolve); });
  while ((await records()) < 500 && child.exitCode === null) await sleep(2);
  child.kill('SIGKILL');
  await ended;
  const between = await records();
  expect(between).toBeGreaterThanOrEqual(500);
  expect(between).toBeLessThan(lines.length);

  const told = await imported(file, mapping);
  expect(told.rows).toBe(lines.length);
  expect(told.counts.charged + told.counts.compared + told.counts.duplicates).toBe(lines.length);
  expect(told.counts.duplicates).toBe(between);
  expect(await records()).toBe(lines.length);
  expect(await dataCharges()).toBe(charged + 100);

  // The whole file again, and then the same records with one byte more.
  expect(await imported(file, mapping)).toMatchObject({ counts: { charged: 0, compared: 0, duplicates: lines.length } });
  const changed = bench.file('changed.csv', [HEAD, row(0, 1, 701), row('offline-0', 1, 51), row(1, 2, 300)].join('\n'));
  expect(await imported(changed, mapping)).toMatchObject({ counts: { charged: 0, compared: 0, duplicates: 1, quarantined: { USAGE_CONFLICT: 2 } } });
  // And as usage by a mapping that knows of no records: what was compared is not charged by that either.
  const plain = bench.file('plain.yaml', MAPPING_TEXT.replace('recordsOf: online', '').replace('  chargingId: { column: id }\n', ''));
  const few = bench.file('few.csv', [HEAD, ...lines.slice(0, 4)].join('\n'));
  expect(await imported(few, plain)).toMatchObject({ counts: { charged: 0, quarantined: { USAGE_CONFLICT: 4 } } });
  expect(await dataCharges()).toBe(charged + 100);

  const report = await runTributary(['usage', 'compare', '--tenant', 'archive', '--source', 'cdr', '--json'], environment());
  const { totals, largest } = JSON.parse(report.out) as { totals: object[]; largest: { chargingId: string; difference: string }[] };
  expect(totals).toEqual([expect.objectContaining({
    unit: 'BYTE', comparisons: IDS + 100, equal: IDS + 100 - IDS / 10, chargedMore: IDS / 10, recordedMore: 0, onlineUsages: 2 * IDS,
    records: lines.length, chargedRecords: 100, onlineQuantity: `${IDS * 1_000}`, chargedQuantity: '5000', chargedMoreBy: `${IDS}`, recordedMoreBy: '0',
  })]);
  expect(largest).toHaveLength(20);
  expect(new Set(largest.map(({ difference }) => difference))).toEqual(new Set(['10']));
  expect(await violationsOf(bench.db.appPool)).toEqual([]);
}, 180_000);

it.each<[string[], number, string]>([
  [['usage', 'compare'], 2, '--tenant is required.'],
  [['usage', 'compare', '--tenant', 'archive', '--from', 'yesterday'], 2, '--from is an instant such as 2026-11-01T00:00:00Z.'],
  [['usage', 'compare', '--tenant', 'archive', '--until', '2026-02-30'], 2, '--until is an instant'],
  [['usage', 'compare', '--tenant', 'nobody'], 1, 'There is no tenant with the code "nobody".'],
])('%j ends with code %i', async (args, code, said) => {
  const run = await runTributary(args, environment());
  expect(run).toMatchObject({ code, out: '' });
  expect(run.err).toContain(said);
});

it('says so where nothing was compared', async () =>
  expect(await runTributary(['usage', 'compare', '--tenant', 'archive'], environment())).toMatchObject({ code: 0, out: 'No records were compared.\n' }));
