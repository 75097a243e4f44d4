import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** A killer that stands ready. */
export interface Killer {
  /** Starts its delay; resolves with the number of processes that it killed. */
  go(): Promise<number>;
}

/** Starts a killer; its arguments are those of kill-process.js. */
export async function startKiller(...args: readonly (string | number)[]): Promise<Killer> {
  const child = spawn(process.execPath, [join(__dirname, 'kill-process.js'), ...args.map(String)], { stdio: ['pipe', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => { said += text; });
  await new Promise<void>((ready) => { child.stdout.once('data', () => ready()); });
  return {
    go: () => new Promise((done, failed) => {
      child.once('close', (code) => (code === 0 ? done(Number(said.trim().split('\n').at(-1))) : failed(new Error(`The killer ended with ${code}.`))));
      child.stdin.end('go\n');
    }),
  };
}

/** Random numbers from 0 to below 1 that a seed repeats (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
