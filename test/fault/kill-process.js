'use strict';
// A process of its own, so that nothing that the load is busy with delays the blow. Usage: kill-process.js process PID DELAY, or
// kill-process.js database POSTMASTER_PID_FILE DELAY LENGTH: for so many milliseconds every server of that cluster is struck.
const { existsSync, readdirSync, readFileSync } = require('node:fs');

const [kind, target, delay, length] = process.argv.slice(2);

function strike(pid) {
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch (error) {
    if (error.code === 'ESRCH') return false;
    throw error;
  }
}

/** Processes whose parent is the given one; none where there is no /proc. */
function childrenOf(pid) {
  if (!existsSync('/proc')) return [];
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((child) => {
    try {
      return Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${child}/stat`, 'utf8'))?.[1]) === pid;
    } catch (error) {
      if (['ENOENT', 'ESRCH'].includes(error.code)) return false;
      throw error;
    }
  });
}

function strikeDatabase() {
  if (!existsSync(target)) return 0;
  const pid = Number.parseInt(readFileSync(target, 'utf8'), 10);
  if (!Number.isInteger(pid)) return 0;
  return [pid, ...childrenOf(pid)].filter(strike).length;
}

function blow() {
  if (kind === 'process') return process.stdout.write(`${strike(Number(target)) ? 1 : 0}\n`);
  let killed = 0;
  const until = Date.now() + Number(length);
  const again = () => {
    killed += strikeDatabase();
    if (Date.now() < until) setTimeout(again, 100);
    else process.stdout.write(`${killed}\n`);
  };
  again();
}

process.stdin.once('data', () => {
  process.stdin.destroy();
  setTimeout(blow, Number(delay));
});
process.stdout.write('ready\n');
