import { ChildProcess, execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { asOwner } from './owner';

const ROOT = join(__dirname, '..', '..');
const BIN = join(ROOT, 'bin', 'tributary.js');

/** Any number that no other advisory lock of the test cluster uses. */
const COMPILE_LOCK = 7_301_843;

/** One node of the product as a child process, started as `npm start` does it. */
export interface NodeProcess {
  readonly child: ChildProcess;
  /** Base address such as http://127.0.0.1:40123. */
  readonly address: string;
  /** All that it wrote so far. */
  readonly said: () => { readonly out: string; readonly err: string };
  /** Sends a signal and resolves with the exit code (null where the signal itself ended it). */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

export interface NodeRun {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Environment of a node: the caller's few variables, nothing of the test run's own DATABASE_URL or ports. */
function environment(env: Record<string, string>): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', NODE_ENV: 'production', ...env };
}

let compiled: Promise<void> | undefined;

/** Compiles the product where its sources changed; test files that come at once wait for the first. */
function ensureCompiled(): Promise<void> {
  compiled ??= compile();
  return compiled;
}

async function compile(): Promise<void> {
  await asOwner(process.env.TRIBUTARY_TEST_URL ?? '', async (owner) => {
    await owner.query('select pg_advisory_lock($1)', [COMPILE_LOCK]);
    await promisify(execFile)(process.execPath, [BIN, '--help'], { env: environment({}) });
  });
}

/** Starts a node and waits until it says that it is ready; rejects with its words where it ended instead. */
export async function startNode(env: Record<string, string>): Promise<NodeProcess> {
  await ensureCompiled();
  const child = spawn(process.execPath, [BIN, 'start'], { cwd: ROOT, env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] });
  const said = listen(child);
  const address = await new Promise<string>((ready, failed) => {
    child.stdout?.on('data', () => {
      const found = /GraphQL\s+(http\S+)\/graphql/.exec(said().out);
      if (found) ready(found[1]);
    });
    child.on('close', (code) => failed(new Error(`The node ended with ${code}: ${said().err}${said().out}`)));
  });
  return { child, address, said, end: (signal) => end(child, signal) };
}

/** Runs `tributary …` to its end. */
export async function runTributary(args: readonly string[], env: Record<string, string>): Promise<NodeRun> {
  await ensureCompiled();
  const child = spawn(process.execPath, [BIN, ...args], { cwd: ROOT, env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] });
  const said = listen(child);
  const code = await new Promise<number | null>((resolve) => { child.on('close', resolve); });
  return { code, ...said() };
}

function listen(child: ChildProcess): () => { out: string; err: string } {
  const said = { out: '', err: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => { said.out += text; });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => { said.err += text; });
  return () => said;
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once('close', resolve);
    child.kill(signal);
  });
}
