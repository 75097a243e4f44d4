import { BenchRow } from './bench.types';

/** The benchmarks, each beside its baseline of the same run; loaded one after the other. */
const BENCHES: Readonly<Record<string, () => Promise<{ run: () => Promise<BenchRow[]> }>>> = {
  rating: () => import('./rating.bench.js'),
  charging: () => import('./charging.bench.js'),
  import: () => import('./import.bench.js'),
  share: () => import('./share.bench.js'),
  'bill-run': () => import('./bill-run.bench.js'),
  orders: () => import('./orders.bench.js'),
  customers: () => import('./customers.bench.js'),
};

const figure = (value: number): string => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2));

function line({ name, value, unit, baseline, ratio }: BenchRow): string {
  const beside = baseline === null || ratio === null ? '' : `${figure(baseline).padStart(12)}  ${ratio.toFixed(2)} x`;
  return `${name.padEnd(60)} ${figure(value).padStart(12)} ${unit.padEnd(12)} ${beside}`;
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const json = args.includes('--json');
  const wanted = args.filter((arg) => !arg.startsWith('--'));
  const unknown = wanted.find((name) => !(name in BENCHES));
  if (unknown !== undefined) throw new Error(`No benchmark ${unknown}; there are ${Object.keys(BENCHES).join(', ')}.`);
  if (!json) process.stdout.write(`${'figure'.padEnd(60)} ${'value'.padStart(12)} ${'unit'.padEnd(12)} ${'baseline'.padStart(12)}  ratio\n`);
  for (const [name, load] of Object.entries(BENCHES)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    for (const row of await (await load()).run()) process.stdout.write(`${json ? JSON.stringify(row) : line(row)}\n`);
  }
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
