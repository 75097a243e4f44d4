import { Command, CommandArgs, UsageError } from '../../cli/command';
import { Config, StartupError } from '../config';
import { createPool } from '../db';
import { openDatabase } from '../embedded';
import { decodeNumericId, NodeType } from '../graphql/node-id';
import { DEMO_TOKEN_SECONDS } from './auth.options';
import { Role, SIGNED_IN } from './caller';
import { DEMO_IDENTITIES, DemoIdentity, demoIdentity, DemoIdentityMissing, mintDemoToken } from './demo';
import { DemoKey, mintToken, TokenIdentity } from './demo-key';

const list = (): string => DEMO_IDENTITIES.map(({ name, note }) => `  ${name.padEnd(14)} ${note}`).join('\n');

/** Prints a token of the demo, and nothing else, so that a script can take it as it is. */
export const command: Command = {
  name: 'token',
  summary: 'Print a token for a demo identity; without a name, list the identities.',
  usage: '[IDENTITY | --tenant CODE --role ROLE]',
  options: {
    tenant: { type: 'string', placeholder: 'CODE', description: 'Instead of an identity: the operator whose token it is.' },
    role: { type: 'string', placeholder: 'ROLE', description: 'Its role.' },
    customer: { type: 'string', placeholder: 'ID', description: 'Id of the customer, as the API gives it; for SUBSCRIBER.' },
    partner: { type: 'string', placeholder: 'ID', description: 'Id of the partner, as the API gives it; for PARTNER.' },
    limit: { type: 'string', placeholder: 'AMOUNT', description: 'Largest single move of money; for CRM_AGENT and CHANNEL.' },
  },
  async run(args, io) {
    if (args.text('tenant') !== undefined || args.text('role') !== undefined) {
      const identity = namedIdentity(args);
      const token = await mintToken(await DemoKey.load(demoOf(io.config()).dataDir), identity, DEMO_TOKEN_SECONDS);
      io.out(args.json ? JSON.stringify({ identity: identity.subject, token }) : token);
      return 0;
    }
    const [name, ...more] = args.positionals;
    if (more.length > 0) throw new UsageError('One identity at a time.');
    if (name === undefined) {
      io.out(args.json ? JSON.stringify(DEMO_IDENTITIES) : list());
      return 0;
    }
    const identity = demoIdentity(name);
    if (identity === undefined) throw new UsageError(`There is no demo identity "${name}". There are:\n${list()}`);
    const token = await mint(demoOf(io.config()), identity);
    io.out(args.json ? JSON.stringify({ identity: name, token }) : token);
    return 0;
  },
};

function demoOf(config: Config): Config {
  if (!config.demo) throw new StartupError('Demo tokens exist only in demo mode: here your own issuer makes the tokens.');
  return config;
}

/** The identity that the options describe, such as one of a tenant made by `tenant create`. */
function namedIdentity(args: CommandArgs): TokenIdentity {
  const [tenant, wanted, limit] = [args.text('tenant'), args.text('role'), args.text('limit')];
  if (tenant === undefined || wanted === undefined || args.positionals.length > 0) throw new UsageError('--tenant and --role go together, without an identity.');
  const role = SIGNED_IN.find((known) => known === wanted);
  if (role === undefined) throw new UsageError(`--role is one of ${SIGNED_IN.join(', ')}.`);
  const customerId = numberFor(args, role, 'SUBSCRIBER', 'customer', 'Customer');
  const partnerId = numberFor(args, role, 'PARTNER', 'partner', 'Partner');
  const subject = [tenant, role.toLowerCase(), customerId ?? partnerId].filter((part) => part !== undefined).join('-');
  return { tenant, role, limit, subject, customerId, partnerId };
}

function numberFor(args: CommandArgs, role: Role, needs: Role, option: string, type: NodeType): bigint | undefined {
  if (role !== needs) return undefined;
  const number = decodeNumericId(args.text(option) ?? '', type);
  if (number === null) throw new UsageError(`--${option} is the id that the API gave for the ${option}.`);
  return number;
}

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
