'use strict';
// Compiles the sources into dist by SWC. Into a fresh folder that then takes dist's place: a migration that was renamed
// must not leave its old self behind, because every compiled migration is run.
const { execFileSync } = require('node:child_process');
const { existsSync, renameSync, rmSync, utimesSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const dist = join(root, 'dist');
const fresh = `${dist}.${process.pid}`;
const sources = ['src', 'migrations', 'seeds', 'bench', 'ormconfig.ts'].filter((name) => existsSync(join(root, name)));

const swc = join(root, 'node_modules', '@swc', 'cli', 'bin', 'swc.js');
try {
  const args = [...sources, '--out-dir', fresh, '--quiet', '--copy-files', '--ignore', '**/*.test.ts'];
  const startedAt = new Date();
  execFileSync(process.execPath, [swc, ...args], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  // Dated by the start, so that what was changed while we compiled counts as newer.
  writeFileSync(join(fresh, '.built'), '');
  utimesSync(join(fresh, '.built'), startedAt, startedAt);
  rmSync(dist, { recursive: true, force: true });
  renameSync(fresh, dist);
} catch (error) {
  rmSync(fresh, { recursive: true, force: true });
  if (error.status === undefined) throw error;
  process.exitCode = 1;
}
