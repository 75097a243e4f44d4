import { Command, UsageError } from '../../cli/command';
import { Config, StartupError } from '../config';
import { createPool } from '../db';
import { openDatabase } from '../embedded';
import { DEMO_IDENTITIES, DemoIdentity, demoIdentity, DemoIdentityMissing, mintDemoToken } from './demo';
import { DemoKey } from './demo-key';

const list = (): string => DEMO_IDENTITIES.map(({ name, note }) => `  ${name.padEnd(14)} ${note}`).join('\n');

/** Prints a token of the demo, and nothing else, so that a script can take it as it is. */
export const command: Command = {
  name: 'token',
  summary: 'Print a token for a demo identity; without a name, list the identities.',
  usage: '[IDENTITY]',
  options: {},
  async run(args, io) {
    const [name, ...more] = args.positionals;
    if (more.length > 0) throw new UsageError('One identity at a time.');
    if (name === undefined) {
      io.out(args.json ? JSON.stringify(DEMO_IDENTITIES) : list());
      return 0;
    }
    const identity = demoIdentity(name);
    if (identity === undefined) throw new UsageError(`There is no demo identity "${name}". There are:\n${list()}`);
    const config = io.config();
    if (!config.demo) throw new StartupError('Demo tokens exist only in demo mode: here your own issuer makes the tokens.');
    const token = await mint(config, identity);
    io.out(args.json ? JSON.stringify({ identity: name, token }) : token);
    return 0;
  },
};

async function mint(config: Config, identity: DemoIdentity): Promise<string> {
  const database = await openDatabase(config);
  const pool = createPool({ url: database.appUrl, setRole: database.setRole, max: 1, name: 'tributary token' });
  try {
    return await mintDemoToken(await DemoKey.load(config.dataDir), pool, identity);
  } catch (error) {
    if (error instanceof DemoIdentityMissing || isBeforeFirstStart(error)) {
      throw new StartupError(`The database holds no demo data for ${identity.name} yet: start the server once in demo mode.`);
    }
    throw error;
  } finally {
    await pool.end();
    await database.close();
  }
}

/** 42P01: the schema was not migrated yet. 22023: the role that migrations make is not there yet. */
const isBeforeFirstStart = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === '42P01' || error.code === '22023');
