#!/usr/bin/env node
'use strict';
// Runs the command line from dist, and compiles the sources first where dist is missing or older than they are.
const { execFileSync } = require('node:child_process');
const { existsSync, readdirSync, statSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const main = join(root, 'dist', 'src', 'cli', 'main.js');
const sources = ['src', 'migrations', 'seeds'];

const newest = (path) => {
  const found = statSync(path, { throwIfNoEntry: false });
  // An editor's file in between is gone by now.
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  // A folder's own time counts too: it changes when a file is taken out of it.
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), found.mtimeMs);
};

const isStale = () => {
  if (!existsSync(main)) return true;
  const compiled = statSync(join(root, 'dist', '.built'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return sources.some((folder) => existsSync(join(root, folder)) && newest(join(root, folder)) > compiled);
};

if (isStale()) {
  if (process.stderr.isTTY) process.stderr.write('Compiling the sources …\n');
  try {
    execFileSync(process.execPath, [join(root, 'scripts', 'build.js')], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  } catch {
    process.stderr.write('The sources could not be compiled: run npm ci, then npm run build to see why.\n');
    process.exit(1);
  }
}
process.env.NODE_ENV ??= 'production';
require(main);
