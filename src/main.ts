import 'reflect-metadata';
import { BILL_FILE } from './invoicing';
import { DemoKey } from './platform/auth/demo-key';
import { Config, loadConfig, StartupError } from './platform/config';
import { prepareDatabase } from './platform/db/prepare';
import { openDatabase } from './platform/embedded';
import { createLogger } from './platform/observe';
import { firstSignal, npmGone, StopStack } from './platform/process';
import { startServer } from './platform/server';
import { buildApiSchema } from './schema';
import { plantDemo } from './demo';
import { openAuth, openRooms, Rooms } from './services';
import { addresses, demoGuide } from './welcome';

/** Runs the product until a signal; the exit code. A StartupError says in one sentence why it could not start. */
export async function start(config: Config): Promise<number> {
  const stack = new StopStack();
  try {
    const told = await greeting(config, await rise(config, stack));
    // Listened for before it is said that we are ready: until here a signal simply ends the process, and nothing is lost.
    const asked = Promise.race([firstSignal(), npmGone()]);
    process.stdout.write(`${told}\n`);
    await asked;
  } finally {
    await stack.stop();
  }
  return 0;
}

/** The product as it stands when it serves. */
export interface Risen {
  /** Base address of the server, such as http://127.0.0.1:4000. */
  readonly address: string;
  /** Folder of the embedded database; undefined with DATABASE_URL. */
  readonly folder: string | undefined;
  readonly services: Rooms;
}

/** Starts everything in order; the stack stops it again. */
export async function rise(config: Config, stack: StopStack): Promise<Risen> {
  const database = await openDatabase(config);
  stack.push(() => database.close());
  await prepareDatabase({ ...database, test: config.test });
  const log = createLogger(config.logLevel);
  const rooms = await openRooms(config, database, log, stack, { schedules: true });
  if (config.demo) await plantDemo(rooms, log);
  const services = { ...rooms, auth: await openAuth(config, rooms, log, stack) };
  const server = await listening(config, () => startServer({ config, services, schema: buildApiSchema(), files: [BILL_FILE], log }));
  stack.push(() => server.stop());
  stack.push(() => server.drain());
  return { address: server.address, folder: database.folder, services };
}

/** What to tell the person who started it. The addresses come last, because a terminal shows the end of what was written. */
async function greeting(config: Config, risen: Risen): Promise<string> {
  const told = addresses(risen);
  return config.demo ? `${await demoGuide(risen.services.pool, await DemoKey.load(config.dataDir))}\n\n${told}` : told;
}

async function listening<T>({ host, port }: Config, listen: () => Promise<T>): Promise<T> {
  try {
    return await listen();
  } catch (error) {
    const sentences: Record<string, string> = {
      EADDRINUSE: `Port ${port} of ${host} is taken by another program: end that one, or set PORT to a free port.`,
      EACCES: `This account may not listen on port ${port}: set PORT to 1024 or more.`,
      EADDRNOTAVAIL: `This machine has no address ${host}: set HOST to one that it has, or to 0.0.0.0.`,
      ENOTFOUND: `The name ${host} is not known: set HOST to an address of this machine, or to 0.0.0.0.`,
    };
    const sentence = sentences[(error as { code?: string }).code ?? ''];
    if (sentence === undefined) throw error;
    throw new StartupError(sentence);
  }
}

async function main(): Promise<void> {
  try {
    process.exitCode = await start(loadConfig(process.env));
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

if (require.main === module) void main();
