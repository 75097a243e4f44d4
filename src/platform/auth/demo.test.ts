import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, TestDatabase } from '../../../test/support';
import { AuthService } from './auth.service';
import { DEMO_TOKEN_SECONDS } from './auth.options';
import { DEMO_IDENTITIES, demoIdentity, DemoIdentityMissing, mintDemoToken } from './demo';
import { DEMO_ALGORITHM, DEMO_AUDIENCE, DEMO_ISSUER, DemoKey, mintToken } from './demo-key';
import { SIGNED_IN } from './caller';

describe('the demo', () => {
  let database: TestDatabase;
  let auth: AuthService;
  let key: DemoKey;
  const folder = mkdtempSync(join(tmpdir(), 'tributary-demo-'));

  beforeAll(async () => {
    database = await createTestDatabase();
    await database.ownerPool.query(
      `insert into tenant (id, code, name, currency, time_zone, settings) values (7, 'demo', 'Demo', 'EUR', 'UTC', '{}')`);
    key = await DemoKey.load(join(folder, 'new', 'data'));
    auth = new AuthService({
      keys: key.keys(), algorithm: DEMO_ALGORITHM, issuer: DEMO_ISSUER, audience: DEMO_AUDIENCE,
      maxLifetimeSeconds: DEMO_TOKEN_SECONDS, pool: database.appPool,
    });
    await auth.start();
  });

  afterAll(async () => {
    auth.stop();
    rmSync(folder, { recursive: true });
    await database.dispose();
  });

  it('makes its key once, for its owner\'s eyes only, also where two start at once', async () => {
    const data = join(folder, 'race');
    const keys = await Promise.all([DemoKey.load(data), DemoKey.load(data), DemoKey.load(data)]);
    expect(readdirSync(data)).toEqual(['demo-key.json']);
    expect(statSync(join(data, 'demo-key.json')).mode & 0o777).toBe(0o600);
    const before = readFileSync(join(data, 'demo-key.json'), 'utf8');
    await DemoKey.load(data);
    expect(readFileSync(join(data, 'demo-key.json'), 'utf8')).toBe(before);
    const token = await mintToken(keys[0], { role: 'ADMIN', tenant: 'demo', subject: 'a' }, 60);
    const verifier = new AuthService({
      keys: keys[2].keys(), algorithm: DEMO_ALGORITHM, issuer: DEMO_ISSUER, audience: DEMO_AUDIENCE, maxLifetimeSeconds: 60, pool: database.appPool,
    });
    await verifier.start();
    expect(await verifier.authenticate(token, '192.0.2.1')).toMatchObject({ role: 'ADMIN', tenantId: 7, subject: 'a' });
    verifier.stop();
  });

  it('mints tokens for twelve hours that carry who one is', async () => {
    const token = await mintToken(key, { role: 'SUBSCRIBER', tenant: 'demo', subject: 'alice', customerId: 9007199254740993n }, DEMO_TOKEN_SECONDS);
    const caller = await auth.authenticate(token, '192.0.2.1');
    expect(caller).toMatchObject({ role: 'SUBSCRIBER', tenantId: 7, customerId: 9007199254740993n });
    expect((caller.expiresAt ?? 0) - Date.now()).toBeGreaterThan(DEMO_TOKEN_SECONDS * 1000 - 5_000);
  });

  it('finds the customer of a subscriber by its external id, in its own tenant', async () => {
    const customer = { name: 'x', role: 'SUBSCRIBER', tenant: 'demo', subject: 'x', customerExternalId: 'C-1', note: '' } as const;
    await expect(mintDemoToken(key, database.appPool, customer)).rejects.toThrow(DemoIdentityMissing);
    const { rows } = await database.ownerPool.query<{ id: string }>(
      `with p as (insert into party (tenant_id, kind, family_name) values (7, 'INDIVIDUAL', 'X') returning id)
       insert into customer (tenant_id, party_id, external_id) select 7, id, 'C-1' from p returning id`);
    const caller = await auth.authenticate(await mintDemoToken(key, database.appPool, customer), '192.0.2.1');
    expect(caller.customerId).toBe(BigInt(rows[0].id));
    await expect(mintDemoToken(key, database.appPool, { ...customer, tenant: 'other' })).rejects.toThrow(DemoIdentityMissing);
  });

  it('has one identity for every role, with names of their own', () => {
    const roles = new Set(DEMO_IDENTITIES.map(({ role }) => role));
    expect(SIGNED_IN.filter((role) => !roles.has(role))).toEqual([]);
    expect(new Set(DEMO_IDENTITIES.map(({ name }) => name)).size).toBe(DEMO_IDENTITIES.length);
    expect(new Set(DEMO_IDENTITIES.map(({ tenant, subject }) => `${tenant} ${subject}`)).size).toBe(DEMO_IDENTITIES.length);
    expect(demoIdentity('alice')).toMatchObject({ role: 'SUBSCRIBER' });
    expect(demoIdentity('nobody')).toBeUndefined();
  });
});
