'use strict';
// Runs the server and restarts it when a source changes.
const { spawn } = require('node:child_process');
const { existsSync, watch } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
/** Editors write a file in several steps, and a checkout changes many files: wait until it is quiet. */
const QUIET_MS = 200;

let server;
let ending = false;
let restarting = false;

const startServer = () => {
  restarting = false;
  server = spawn(process.execPath, [join(root, 'bin', 'tributary.js'), 'start'], {
    cwd: root, stdio: 'inherit', env: { ...process.env, NODE_ENV: 'development' },
  });
  server.on('exit', (code) => {
    server = undefined;
    if (ending) process.exit(code ?? 1);
    if (restarting) startServer();
    else process.stderr.write('The server ended; it starts again at the next change.\n');
  });
};

const restart = () => {
  if (ending) return;
  restarting = true;
  if (server) server.kill('SIGTERM');
  else startServer();
};

/** An editor's file in between may be gone, or closed to us, before it can be watched; what counts comes with its own change. */
const passing = (error) => {
  if (error.code !== 'ENOENT' && error.code !== 'EACCES') throw error;
};

let timer;
for (const folder of ['src', 'migrations', 'seeds'].map((name) => join(root, name)).filter((path) => existsSync(path))) {
  watch(folder, { recursive: true }, (_event, file) => {
    if (!file || file.endsWith('.test.ts')) return;
    clearTimeout(timer);
    timer = setTimeout(restart, QUIET_MS);
  }).on('error', passing);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    ending = true;
    if (server) server.kill(signal);
    else process.exit(0);
  });
}
startServer();
