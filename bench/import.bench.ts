import { execFile } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createPool } from '../src/platform/db';
import { startEmbedded } from '../src/platform/embedded';
import { BenchRow } from './bench.types';
import { createFleet, migrateBench, numberOf } from './fleet';

const ROWS = 1_000_000;
const FEW_ROWS = 100_000;
const SUBSCRIBERS = 20_000;
const MAIN = join(__dirname, '..', 'src', 'cli', 'main.js');

const MAPPING = `
source: bench-import
timeZone: Europe/Dublin
usage:
  id: { template: "{index}" }
  kind: VOICE
  direction: OUTGOING
  subscriber: { value: { column: caller } }
  startedAt: { column: at, formats: "D/M/YYYY HH:mm:ss" }
  quantity: { column: seconds, unit: second }
  otherParty: { column: called }
`;

interface Summary {
  readonly rowsPerSecond: number;
  readonly peakMemoryBytes: number;
  readonly counts: { readonly charged: number };
}

/**
 * The import command in a process of its own, on a durable database of its own. The baseline of a million rows is the same
 * with a tenth of them: the cost of a row and the memory must not grow with the file.
 */
export async function run(rows = ROWS, fewRows = FEW_ROWS): Promise<BenchRow[]> {
  const folder = mkdtempSync(join('/var/tmp', 'tributary-bench-'));
  const database = await startEmbedded({ dataDir: folder, durable: true, database: 'bench' });
  try {
    await migrateBench(database.url);
    await plant(database.url);
    writeFileSync(join(folder, 'mapping.yaml'), MAPPING);
    const few = await importRows(folder, database.url, 0, fewRows);
    const many = await importRows(folder, database.url, fewRows, rows);
    const label = `import: ${rows.toLocaleString('en')} rows`;
    return [
      row(`${label}, against ${fewRows.toLocaleString('en')}`, many.rowsPerSecond, 'rows/s', few.rowsPerSecond),
      row(`${label}, peak memory`, Math.round(many.peakMemoryBytes / 1_000_000), 'MB', Math.round(few.peakMemoryBytes / 1_000_000)),
    ];
  } finally {
    await database.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const row = (name: string, value: number, unit: string, baseline: number): BenchRow => ({ name, value, unit, baseline, ratio: value / baseline });

async function plant(url: string): Promise<void> {
  const owner = createPool({ url, max: 1, name: 'bench owner', setRole: false });
  await createFleet(owner, SUBSCRIBERS);
  await owner.end();
}

async function importRows(folder: string, url: string, from: number, count: number): Promise<Summary> {
  const file = join(folder, 'usage.csv');
  await pipeline(Readable.from(blocks(from, count)), createWriteStream(file));
  const args = [MAIN, 'usage', 'import', file, '--mapping', join(folder, 'mapping.yaml'), '--tenant', 'bench', '--json'];
  const env = { ...process.env, NODE_ENV: 'production', DATABASE_URL: url, TRIBUTARY_DEMO: '1' };
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  const summary = JSON.parse(stdout) as Summary;
  if (summary.counts.charged !== count) throw new Error(`The import charged ${summary.counts.charged} of ${count} rows.`);
  return summary;
}

const BLOCK = 1_000;

function* blocks(from: number, count: number): Generator<string> {
  const yesterday = new Date(Date.now() - 86_400_000);
  const date = `${yesterday.getUTCDate()}/${yesterday.getUTCMonth() + 1}/${yesterday.getUTCFullYear()}`;
  yield 'index,caller,at,seconds,called\n';
  for (let start = from; start < from + count; start += BLOCK) {
    const lines = Array.from({ length: Math.min(BLOCK, from + count - start) }, (_, offset) => lineOf(start + offset, date));
    yield lines.join('');
  }
}

const two = (value: number): string => `${value}`.padStart(2, '0');

/** Callers are spread so that a batch of 500 meets about 500 accounts. */
function lineOf(index: number, date: string): string {
  const time = `${two(index % 24)}:${two(index % 60)}:${two((index * 7) % 60)}`;
  return `${index},${numberOf((index * 7_919) % SUBSCRIBERS)},${date} ${time},${1 + (index % 600)},353861111111\n`;
}
