import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandIo, UsageError } from '../../src/cli/command';
import { DEMO_ALGORITHM, DEMO_AUDIENCE, DEMO_IDENTITIES, DEMO_ISSUER, DEMO_TOKEN_SECONDS, DemoKey, AuthService } from '../../src/platform/auth';
import { command } from '../../src/platform/auth/token.command';
import { loadConfig, StartupError } from '../../src/platform/config';
import { asOwner, createTestDatabase, inDatabase, TestDatabase } from '../support';

describe('tributary token', () => {
  let database: TestDatabase;
  const folder = mkdtempSync(join(tmpdir(), 'tributary-token-'));

  beforeAll(async () => {
    database = await createTestDatabase();
    await database.ownerPool.query(
      `insert into tenant (id, code, name, currency, time_zone, settings) values (1, 'demo', 'Demo', 'EUR', 'UTC', '{}')`);
  });

  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await database.dispose();
  });

  async function run(positionals: string[], options: { json?: boolean; env?: NodeJS.ProcessEnv } = {}): Promise<string> {
    const lines: string[] = [];
    const io: CommandIo = {
      out: (line) => lines.push(line), err: () => undefined, isTerminal: false,
      config: () => loadConfig({ DATABASE_URL: database.ownerUrl, TRIBUTARY_DEMO: '1', DATA_DIR: folder, ...options.env }),
    };
    const args = { positionals, text: () => undefined, flag: () => false, json: options.json ?? false };
    expect(await command.run(args, io)).toBe(0);
    return lines.join('\n');
  }

  it('prints a token that the server accepts, and nothing else', async () => {
    const token = await run(['crm']);
    const auth = new AuthService({
      keys: (await DemoKey.load(folder)).keys(), algorithm: DEMO_ALGORITHM, issuer: DEMO_ISSUER, audience: DEMO_AUDIENCE,
      maxLifetimeSeconds: DEMO_TOKEN_SECONDS, pool: database.appPool,
    });
    await auth.start();
    expect(await auth.authenticate(token, '192.0.2.1')).toMatchObject({ role: 'CRM_AGENT', tenantId: 1, moneyLimit: '50' });
    auth.stop();
  });

  it('answers programs in JSON', async () => {
    expect(JSON.parse(await run(['network'], { json: true }))).toEqual({ identity: 'network', token: expect.stringMatching(/^e[\w-]+\.e[\w-]+\.[\w-]+$/) });
    expect(JSON.parse(await run([], { json: true }))).toHaveLength(DEMO_IDENTITIES.length);
  });

  it('lists the identities where none is named', async () => {
    const lines = (await run([])).split('\n');
    expect(lines.map((line) => line.trim().split(' ')[0])).toEqual(DEMO_IDENTITIES.map(({ name }) => name));
  });

  it('says what is wrong in one sentence', async () => {
    await expect(run(['mallory'])).rejects.toThrow(UsageError);
    await expect(run(['alice', 'bob'])).rejects.toThrow(UsageError);
    await expect(run(['alice'])).rejects.toThrow(new StartupError(
      'The database holds no demo data for alice yet: start the server once in demo mode.'));
    const production = { TRIBUTARY_DEMO: '0', JWT_ISSUER: 'i', JWT_AUDIENCE: 'a', JWT_KEY_FILE: 'k' };
    await expect(run(['crm'], { env: production })).rejects.toThrow(/^Demo tokens exist only in demo mode/);
  });

  it('says the same on a database without any schema', async () => {
    const url = inDatabase(database.ownerUrl, `${database.name}_empty`);
    await asOwner(database.ownerUrl, (owner) => owner.query(`create database ${database.name}_empty template template0`));
    await expect(run(['alice'], { env: { DATABASE_URL: url } })).rejects.toThrow(/^The database holds no demo data for alice yet/);
    await asOwner(database.ownerUrl, (owner) => owner.query(`drop database ${database.name}_empty`));
  });
});
