import { ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChargingApi } from '../../src/charging';
import { ImportInterrupted, ImportStopped, openChecked, readMapping } from '../../src/usage/import';
import { sampleLines } from '../../src/usage/import/sample/sample.rules';
import { runTributary } from '../support';
import { priceLog, readLog } from './import-model';
import { books, ImportBench, MAPPING, openImportBench, REASON, ROOT } from './import-support';

const ROWS = 6_000;
const LOG = [...sampleLines({ rows: ROWS, seed: 5, subscribers: 1 })].join('\n');
const total = (text: string): string => priceLog(readLog(text)).reduce((sum, gross) => sum + gross, 0n).toString();

let bench: ImportBench;
beforeEach(async () => {
  bench = await openImportBench();
});
afterEach(() => bench.dispose());

describe('the command', () => {
  const environment = (): Record<string, string> => ({ DATABASE_URL: bench.db.ownerUrl, TRIBUTARY_DEMO: '1', TRIBUTARY_TEST: '1' });
  const command = (file: string, ...more: string[]): string[] =>
    ['usage', 'import', file, '--mapping', MAPPING, '--tenant', 'archive', '--historical', '--reason', REASON, '--json', ...more];
  const start = (file: string): ChildProcess => spawn(process.execPath, [join(ROOT, 'bin', 'tributary.js'), ...command(file)], {
    cwd: ROOT, env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'production', ...environment() }, stdio: ['ignore', 'ignore', 'pipe'],
  });
  const charges = async (): Promise<number> => +(await books(bench.db)).charges;

  it('killed in the middle and run again charges each row once', async () => {
    const file = bench.file('log.csv', LOG);
    await runTributary(['--help'], {});
    for (const least of [1, 1_500]) {
      const child = start(file);
      const ended = new Promise((resolve) => { child.once('close', resolve); });
      while ((await charges()) < least && child.exitCode === null) await sleep(5);
      child.kill('SIGKILL');
      await ended;
    }
    const between = await charges();
    expect(between).toBeGreaterThanOrEqual(1_500);
    expect(between).toBeLessThan(ROWS);
    const { code, out, err } = await runTributary(command(file), environment());
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const summary = JSON.parse(out) as { rows: number; counts: { charged: number; duplicates: number } };
    expect(summary).toMatchObject({ rows: ROWS, finishedBefore: null });
    expect(summary.counts.charged + summary.counts.duplicates).toBe(ROWS);
    expect(await books(bench.db)).toMatchObject({ charges: `${ROWS}`, gross: total(LOG), quarantined: '0' });
  }, 120_000);

  it('asked to stop says how far it came, and the same command goes on from there', async () => {
    const file = bench.file('log.csv', LOG);
    await runTributary(['--help'], {});
    const child = start(file);
    let said = '';
    child.stderr!.setEncoding('utf8').on('data', (text: string) => { said += text; });
    const ended = new Promise<number | null>((resolve) => { child.once('close', resolve); });
    while ((await charges()) === 0 && child.exitCode === null) await sleep(5);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(said).toMatch(/^Stopped after row \d+; the same command goes on from there\.\n$/);
    const done = +/\d+/.exec(said)![0] - 1;
    expect(done).toBeLessThan(ROWS);
    expect(await charges()).toBe(done);
    const { code, out } = await runTributary(command(file), environment());
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ rows: ROWS, resumedAfterRows: done, counts: { charged: ROWS, duplicates: 0 } });
    expect(await books(bench.db)).toMatchObject({ charges: `${ROWS}`, gross: total(LOG) });
  }, 120_000);

  it('tells a dry run, and stores nothing', async () => {
    const before = await books(bench.db);
    const file = bench.file('dry.csv', LOG.split('\n').slice(0, 101).join('\n'));
    const { code, out } = await runTributary(command(file, '--dry-run'), environment());
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ dryRun: true, rows: 100, counts: { charged: 100, quarantined: {}, rejected: {} } });
    expect(await books(bench.db)).toEqual(before);
    expect((await bench.db.ownerPool.query("select from usage_import union all select from audit_log where operation like 'usage import%'")).rowCount).toBe(0);
  });

  it.each<[string[], number, string]>([
    [['usage', 'import'], 2, 'Name one file to import.'],
    [['usage', 'import', 'f', '--tenant', 'archive'], 2, '--mapping is required.'],
    [['usage', 'import', 'f', '--mapping', MAPPING, '--tenant', 'archive', '--historical'], 2, '--historical needs --reason'],
    [['usage', 'import', 'f', '--mapping', MAPPING, '--tenant', 'archive', '--rejects', './f'], 2, '--rejects must name another file'],
    [['usage', 'import', '/nowhere', '--mapping', MAPPING, '--tenant', 'archive'], 1, '/nowhere: there is no such file that can be read.'],
    [['usage', 'import', MAPPING, '--mapping', '/nowhere.yaml', '--tenant', 'archive'], 1, '/nowhere.yaml: there is no such mapping file'],
    [['usage', 'import', join(ROOT, 'imports', 'sample-usage.csv'), '--mapping', MAPPING, '--tenant', 'nobody'], 1, 'There is no tenant with the code "nobody"'],
    [['usage', 'generate', '--rows', '-1', '--seed', '1', '--out', 'f'], 2, ''],
    [['usage', 'generate', '--rows', '1', '--seed', '1', '--out', '/nowhere/f'], 1, 'The file /nowhere/f cannot be written'],
  ])('%j ends with code %i', async (args, code, said) => {
    const run = await runTributary(args, environment());
    expect(run).toMatchObject({ code, out: '' });
    expect(run.err).toContain(said);
  });
});

it.each([['at its beginning', false, 1], ['in a dry run', true, 1], ['in its check', false, 0]])('an import that is stopped %s', async (_, isDryRun, rows) => {
  const stop = new AbortController();
  const file = bench.file('log.csv', LOG);
  if (rows === 0) stop.abort();
  const stopped = rows === 0 ? openChecked(file, readMapping(readFileSync(MAPPING, 'utf8'), MAPPING), stop.signal)
    : bench.run(file, { stop: stop.signal, isDryRun, rooms: { ...bench.rooms, get pool() {
      // Asked for by the import itself, before its first row.
      stop.abort();
      return bench.rooms.pool;
    } } });
  await expect(stopped).rejects.toThrow('Stopped before the first row; nothing was stored.');
  await expect(stopped).rejects.toBeInstanceOf(ImportInterrupted);
});

describe('an import that was interrupted', () => {
  const BAD = 'x,no date,1,sms,2014-11,Three,mobile';
  /** Every tenth row is bad, so that the rejects file must go on where it was, too. */
  const withBad = (lines: readonly string[]): string => lines.flatMap((line, index) => (index % 10 === 9 ? [line, BAD] : [line])).join('\n');
  const lines = LOG.split('\n').slice(0, 2_001);
  const rejected = Math.floor(lines.length / 10);

  it('goes on behind its checkpoint, and its rejects file holds each bad row once', async () => {
    const file = bench.file('bad.csv', withBad(lines));
    const rejectsPath = join(bench.folder, 'bad.rejects.csv');
    await expect(bench.run(file, { rejectsPath, checkpointMs: 0, rooms: failing(40) })).rejects.toThrow('The database is gone.');
    const summary = await bench.run(file, { rejectsPath, checkpointMs: 100 });
    expect(summary.resumedAfterRows).toBeGreaterThan(0);
    expect(summary).toMatchObject({ rows: 2_000 + rejected, counts: { charged: 2_000, rejected: { INVALID_TIME: rejected } } });
    const written = readFileSync(rejectsPath, 'utf8').trimEnd().split('\n').slice(1).map((line) => +line.split(',')[0]);
    expect(written).toHaveLength(rejected);
    expect(new Set(written).size).toBe(rejected);
    expect(await books(bench.db)).toMatchObject({ charges: '2000', gross: total(lines.join('\n')) });
  });

  it('repeats what was not handled in time, in order, and stops where that does not help', async () => {
    const file = bench.file('busy.csv', lines.join('\n'));
    let calls = 0;
    const busy = charging((api, events, options) => {
      calls += 1;
      return calls % 2 === 1 ? Promise.resolve(events.map(({ usageId }) => overloaded(usageId))) : api.chargeUsage(events, options);
    });
    expect((await bench.run(file, { rooms: busy, pauseMs: 1 })).counts).toMatchObject({ charged: 2_000 });
    expect(await books(bench.db)).toMatchObject({ charges: '2000', gross: total(lines.join('\n')) });
    const broken = Object.assign(new Error('terminating connection'), { code: '57P01' });
    let breaks = 3;
    const flaky = charging((api, events, options) => (breaks-- > 0 ? Promise.reject(broken) : api.chargeUsage(events, options)));
    expect((await bench.run(bench.file('flaky.csv', lines.slice(0, 10).join('\n')), { rooms: flaky, pauseMs: 1 })).counts).toMatchObject({ duplicates: 9 });
    const away = charging((_, events) => Promise.resolve(events.map(({ usageId }) => overloaded(usageId))));
    await expect(bench.run(bench.file('away.csv', lines.slice(0, 2).join('\n')), { rooms: away, pauseMs: 1 })).rejects.toThrow(ImportStopped);
  });

  const overloaded = (usageId: string) => ({
    usageId, status: 'FAILED' as const, duplicate: false, charge: null,
    error: { code: 'OVERLOADED' as const, message: 'The queue is full.', path: [], retryable: true },
  });

  /** The rooms with a charging path that answers otherwise. */
  function charging(charge: (api: ChargingApi, ...args: Parameters<ChargingApi['chargeUsage']>) => ReturnType<ChargingApi['chargeUsage']>): ImportBench['rooms'] {
    const api = bench.rooms.charging;
    const other = Object.create(api, { chargeUsage: { value: (...args: Parameters<ChargingApi['chargeUsage']>) => charge(api, ...args) } }) as ChargingApi;
    return { ...bench.rooms, charging: other };
  }

  /** Charges so many chunks, then fails. */
  function failing(chunks: number): ImportBench['rooms'] {
    let left = chunks;
    return charging((api, events, options) => {
      if (left === 0) return Promise.reject(new Error('The database is gone.'));
      left -= 1;
      return api.chargeUsage(events, options);
    });
  }
});
