import type { Client } from 'pg';
import { StartupError } from '../config/startup-error';
import { withConnection } from './connect';
import { APP_ROLE } from './pool';

/** Where the checks look. */
export interface CheckedDatabase {
  readonly ownerUrl: string;
  /** Login of the running product; the owner's again where it works by `set role`. */
  readonly appUrl: string;
  readonly setRole: boolean;
  /** True in tests of the product. */
  readonly test: boolean;
}

/** Largest difference to the database clock at start-up, in milliseconds. */
const MAX_SKEW_MS = 1000;

const OLDEST = 150_000;

interface Facts {
  readonly database: string;
  readonly version: number;
  readonly version_text: string;
  readonly fsync: string;
  readonly full_page_writes: string;
  /** The role of the running product exists; the login is a member of it; the login may make it, or give it to itself. */
  readonly has_role: boolean;
  readonly is_member: boolean;
  readonly may_make: boolean;
}

/** Before the first migration: refuses a server that would lose acknowledged charges, is too old or tells another time. */
export function checkServer(database: CheckedDatabase): Promise<void> {
  return withConnection(database.ownerUrl, 'DATABASE_URL', async (owner) => {
    const facts = await readFacts(owner);
    const complaint = complaintAbout(facts, database.test) ?? skewComplaint(await measureSkew(owner)) ?? roleComplaint(facts);
    if (complaint) throw new StartupError(complaint);
  });
}

async function readFacts(owner: Client): Promise<Facts> {
  const { rows } = await owner.query<Facts>(`
    select current_database() as database, current_setting('server_version_num')::int as version,
           current_setting('server_version') as version_text,
           current_setting('fsync') as fsync, current_setting('full_page_writes') as full_page_writes,
           app.oid is not null as has_role, coalesce(pg_has_role(app.oid, 'member'), false) as is_member,
           login.rolsuper or (login.rolcreaterole and (app.oid is null or current_setting('server_version_num')::int < 160000
             or pg_has_role(app.oid, 'member with admin option'))) as may_make
      from pg_roles login left join pg_roles app on app.rolname = $1
     where login.rolname = current_user`, [APP_ROLE]);
  return rows[0];
}

/** What is wrong with the server, or undefined. Tests may switch durability off, in databases named `test_…` alone. */
export function complaintAbout(facts: Facts, test: boolean): string | undefined {
  if (facts.version < OLDEST) {
    return `The database is PostgreSQL ${facts.version_text}, and 15 is the oldest that works: upgrade it, or change DATABASE_URL.`;
  }
  if (test && facts.database.startsWith('test_')) return undefined;
  const off = (['fsync', 'full_page_writes'] as const).filter((name) => facts[name] !== 'on');
  if (off.length === 0) return undefined;
  return `The database runs with ${off.join(' and ')} off and would lose charges in a power cut: set ${off.join(' and ')} to on `
    + 'in postgresql.conf.';
}

/** What keeps the login from having the product's role, or undefined; said before a migration stumbles over it. */
export function roleComplaint(facts: Pick<Facts, 'has_role' | 'is_member' | 'may_make'>): string | undefined {
  if (facts.is_member || facts.may_make) return undefined;
  const make = facts.has_role ? '' : `"create role ${APP_ROLE} nologin" and `;
  return `The login of DATABASE_URL may not make the role ${APP_ROLE}, which the product works as: run ${make}`
    + `"grant ${APP_ROLE} to <that login>" as an administrator of the database.`;
}

/** Milliseconds that the database clock is ahead of ours (negative: behind), with the network's doubt in our favour. */
async function measureSkew(owner: Client): Promise<number> {
  const before = Date.now();
  const { rows } = await owner.query<{ now: Date }>('select clock_timestamp() as now');
  return skew(before, rows[0].now.getTime(), Date.now());
}

/** The database read its clock at some moment between `before` and `after` of ours; all three in epoch ms. */
export function skew(before: number, database: number, after: number): number {
  if (database > after) return database - after;
  return database < before ? database - before : 0;
}

/** The sentence for too large a skew in milliseconds, or undefined. */
export function skewComplaint(skewMs: number): string | undefined {
  const size = skewMs < 0 ? -skewMs : skewMs;
  if (size <= MAX_SKEW_MS) return undefined;
  return `The clock of this machine is ${size} ms ${skewMs > 0 ? 'behind' : 'ahead of'} the database's, and ${MAX_SKEW_MS} is the most `
    + 'that is allowed: synchronise both clocks (NTP).';
}

/** After the migrations: refuses where the product could not work as the role that cannot change what is booked. */
export function checkAppRole(database: CheckedDatabase): Promise<void> {
  const { setRole, appUrl } = database;
  return withConnection(appUrl, setRole ? 'DATABASE_URL' : 'APP_DATABASE_URL', (login) => (
    setRole ? requireSetRole(login) : requireMember(login)
  ));
}

async function requireSetRole(login: Client): Promise<void> {
  try {
    await login.query("select set_config('role', $1, false)", [APP_ROLE]);
  } catch (error) {
    // 42501: not a member; 22023: no such role.
    if (!['42501', '22023'].includes((error as { code?: string }).code ?? '')) throw error;
    throw new StartupError(`The login of DATABASE_URL cannot work as ${APP_ROLE}: run "grant ${APP_ROLE} to <that login>" as an `
      + 'administrator of the database, or set APP_DATABASE_URL to a login that is a member of it.');
  }
}

async function requireMember(login: Client): Promise<void> {
  const { rows } = await login.query<{ member: boolean; mighty: boolean }>(`
    select pg_has_role(current_user, oid, 'usage') as member,
           (select rolsuper from pg_roles where rolname = current_user) as mighty
      from pg_roles where rolname = $1`, [APP_ROLE]);
  if (rows[0]?.mighty) throw new StartupError('The login of APP_DATABASE_URL is a superuser: give the product an ordinary login.');
  if (!rows[0]?.member) {
    throw new StartupError(`The login of APP_DATABASE_URL is not a member of ${APP_ROLE}: run "grant ${APP_ROLE} to <that login>".`);
  }
}
