import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rise } from '../main';
import { DEMO_TOKEN_SECONDS, DemoKey, mintToken } from '../platform/auth';
import { Config, StartupError } from '../platform/config';
import { openDatabase } from '../platform/embedded';
import type { StopStack } from '../platform/process';
import { EXAMPLES_FOLDER, TourHost, Unexpected } from '../tour';
import { dispatch } from './dispatch';

/** Business time at which the story begins: its examples name the days that follow. */
const STARTS_AT = '2026-06-01T08:00:00Z';
const TIME_ZONE = 'Europe/Dublin';

/** A folder of the tour's own, into which PostgreSQL's account can come too; gone with the stack, with all in it. */
export async function ownFolder(stack: StopStack): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-tour-'));
  stack.push(() => remove(folder));
  await chmod(folder, 0o755);
  return folder;
}

const remove = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true, maxRetries: 5 });

/** The demo on a database in the folder and a free port; the usual port where people are to go on with it. */
export function tourConfig(config: Config, folder: string, isKept: boolean): Config {
  if (!config.demo) {
    throw new StartupError('The tour makes a tenant of its own beside the demo\'s: name a database for it and set TRIBUTARY_DEMO=1, or unset DATABASE_URL.');
  }
  return { ...config, dataDir: folder, port: isKept ? config.port : 0, logLevel: 'silent' };
}

/** Starts the database, enters the tenant of the tour by the command line, starts the product: what the tour needs of its host. */
export async function startHost(config: Config, stack: StopStack, folder: string): Promise<TourHost> {
  const database = await openDatabase(config);
  stack.push(async () => {
    await database.close();
    // It lies elsewhere where its account could not come into the tour's folder.
    if (database.folder !== undefined) await remove(database.folder);
  });
  const tributary = commandLine(config);
  const tenant = config.databaseUrl === undefined ? 'tour' : `tour-${Date.now()}`;
  await tributary('tenant', 'create', tenant, '--name', 'Harbour', '--currency', 'EUR', '--time-zone', TIME_ZONE, '--sandbox',
    '--starts-at', STARTS_AT, '--settings', join(EXAMPLES_FOLDER, 'operator.json'));
  const { address } = await rise(config, stack);
  const key = await DemoKey.load(config.dataDir);
  return { address, tenant, timeZone: TIME_ZONE, folder, tributary, mint: (identity) => mintToken(key, identity, DEMO_TOKEN_SECONDS) };
}

/** `tributary …` as a person types it; the documents that it answers. */
const commandLine = (config: Config): TourHost['tributary'] => async (...argv) => {
  const said = { out: [] as string[], err: [] as string[] };
  const io = { out: (line: string) => void said.out.push(line), err: (line: string) => void said.err.push(line), isTerminal: false, config: () => config };
  const code = await dispatch([...argv, '--json'], io);
  if (code !== 0) throw new Unexpected(`tributary ${argv.join(' ')} ended with ${code}:\n${[...said.err, ...said.out].join('\n')}`);
  return said.out.map((line) => JSON.parse(line) as unknown);
};
