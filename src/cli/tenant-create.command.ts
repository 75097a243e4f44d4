import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { StartupError } from '../platform/config';
import { createPool } from '../platform/db';
import { prepareDatabase } from '../platform/db/prepare';
import { openDatabase } from '../platform/embedded';
import { createTenant, NewTenant, SettingsInvalid, TenantRefused } from '../tenant';
import { Command, CommandArgs, UsageError } from './command';

/** Enters an operator on this installation; everything else of it comes by the API. */
export const command: Command = {
  name: 'tenant create',
  summary: 'Enter an operator: a tenant without catalog or customers, ready for the API.',
  usage: 'CODE --name NAME --currency CODE --time-zone ZONE',
  options: {
    name: { type: 'string', placeholder: 'NAME', description: 'Name for people.' },
    currency: { type: 'string', placeholder: 'CODE', description: 'Its own currency, ISO 4217; accounts may have others.' },
    'time-zone': { type: 'string', placeholder: 'ZONE', description: 'IANA zone of its own months, such as Europe/Dublin.' },
    settings: { type: 'string', placeholder: 'FILE', description: 'JSON file of its settings; what it leaves out takes the default.' },
    sandbox: { type: 'boolean', description: 'For trying out: an admin may move its clock forward. It stays one.' },
    'starts-at': { type: 'string', placeholder: 'INSTANT', description: 'Business time at which a sandbox begins, RFC 3339; default: now.' },
  },
  async run(args, io) {
    const tenant = await tenantOf(args);
    const database = await openDatabase(io.config());
    const pool = createPool({ url: database.appUrl, setRole: database.setRole, max: 1, name: 'tributary tenant' });
    try {
      await prepareDatabase({ ...database, test: io.config().test });
      const id = await createTenant(pool, { subject: `command:${userInfo().username}`, role: 'OPERATOR', requestId: randomUUID() }, tenant);
      io.out(args.json ? JSON.stringify({ id, code: tenant.code }) : `The tenant ${tenant.code} is there.`);
      return 0;
    } catch (error) {
      if (error instanceof TenantRefused || error instanceof SettingsInvalid) throw new StartupError(error.message);
      throw error;
    } finally {
      await pool.end();
      await database.close();
    }
  },
};

async function tenantOf(args: CommandArgs): Promise<NewTenant> {
  const [code, ...more] = args.positionals;
  if (code === undefined || more.length > 0) throw new UsageError('Name one tenant by its code.');
  const startsAt = args.text('starts-at');
  if (startsAt !== undefined && Number.isNaN(Date.parse(startsAt))) throw new UsageError('--starts-at is an instant such as 2026-06-01T08:00:00Z.');
  return {
    code, name: required(args, 'name'), currency: required(args, 'currency'), timeZone: required(args, 'time-zone'),
    isSandbox: args.flag('sandbox'), startsAt: startsAt === undefined ? null : new Date(startsAt), settings: await settingsOf(args.text('settings')),
  };
}

function required(args: CommandArgs, name: string): string {
  const value = args.text(name);
  if (!value) throw new UsageError(`--${name} is required.`);
  return value;
}

async function settingsOf(file: string | undefined): Promise<unknown> {
  if (file === undefined) return {};
  try {
    return JSON.parse(await readFile(file, 'utf8')) as unknown;
  } catch (error) {
    throw new StartupError(`The settings ${file} cannot be read (${(error as Error).message}).`);
  }
}
