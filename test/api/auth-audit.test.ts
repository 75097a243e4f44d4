import { graphql, GraphQLSchema } from 'graphql';
import { createLocalJWKSet } from 'jose';
import type { JSONWebKeySet } from 'jose';
import { AuditLogResolver, recordAudit, TokenRevocationResolver, verifyAuditChain } from '../../src/audit';
import type { RequestContext, Services } from '../../src/context';
import { AuthenticationFailed, AuthService, Caller, Role } from '../../src/platform/auth';
import { inTransaction } from '../../src/platform/db';
import { SimpleUserError } from '../../src/platform/errors';
import { buildHouseSchema } from '../../src/platform/graphql';
import { createTestDatabase, TestDatabase } from '../support';
import { AUDIENCE, ISSUER, TestKey } from './auth-issuer';

const REVOKE = `mutation ($input: TokenRevokeInput!) {
  tokenRevoke(input: $input) { revocation { kind value until } errors { code message path } }
}`;
const LOG = `query ($filter: AuditLogFilter, $first: Int! = 20, $after: Cursor) {
  auditLog(filter: $filter, first: $first, after: $after) {
    nodes { sequence actor role operation objectType objectId before after reason requestId result hash }
    pageInfo { hasNextPage endCursor }
  }
}`;

interface Answer {
  readonly tokenRevoke: { revocation: { kind: string; value: string; until: string } | null; errors: { code: string; path: string[] }[] };
  readonly auditLog: { nodes: { sequence: string; [field: string]: string | null }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
}

interface Result {
  readonly data: Partial<Answer> | null | undefined;
  readonly code: unknown;
}

describe('stopping tokens and reading the audit log', () => {
  let database: TestDatabase;
  let auth: AuthService;
  let key: TestKey;
  const schema: GraphQLSchema = buildHouseSchema([AuditLogResolver, TokenRevocationResolver], [SimpleUserError]);

  beforeAll(async () => {
    database = await createTestDatabase();
    await database.ownerPool.query(
      `insert into tenant (id, code, name, currency, time_zone, settings)
       values (1, 'blue', 'Blue', 'EUR', 'UTC', '{}'), (2, 'green', 'Green', 'EUR', 'UTC', '{}')`);
    key = await TestKey.make('k1');
    auth = new AuthService({
      keys: createLocalJWKSet({ keys: [key.jwk] } as JSONWebKeySet), algorithm: 'ES256', issuer: ISSUER, audience: AUDIENCE,
      maxLifetimeSeconds: 900, pool: database.appPool, refreshMs: 60_000,
    });
    await auth.start();
  });

  afterAll(async () => {
    auth.stop();
    await database.dispose();
  });

  const callerOf = (role: Role, tenantId = 1): Caller => ({
    role, tenantId, subject: `${role.toLowerCase()}-1`, customerId: null, partnerId: null, moneyLimit: null, tokenId: 'x', expiresAt: null,
  });

  async function ask(role: Role, source: string, variableValues: Record<string, unknown>, tenantId = 1): Promise<Result> {
    const contextValue: RequestContext = {
      caller: callerOf(role, tenantId), requestId: 'req-1', services: { pool: database.appPool, auth } as Services, loader: (_, build) => build(),
    };
    const { data, errors } = await graphql({ schema, source, variableValues, contextValue });
    return { data: data as unknown as Partial<Answer> | null | undefined, code: errors?.[0]?.extensions.code };
  }

  const revoke = async (input: object, tenantId = 1): Promise<Answer['tokenRevoke'] | undefined> =>
    (await ask('ADMIN', REVOKE, { input }, tenantId)).data?.tokenRevoke;

  const log = async (variables: object, tenantId = 1): Promise<Answer['auditLog'] | undefined> =>
    (await ask('AUDITOR', LOG, { ...variables }, tenantId)).data?.auditLog;

  it('stops a token at once, for as long as any token may live, with one audit row', async () => {
    const token = await key.token({ jti: 'stolen' });
    const caller = await auth.authenticate(token, '192.0.2.1');
    const answer = await revoke({ tokenId: 'stolen', reason: 'Lost by ann@example.com' });
    expect(answer).toMatchObject({ errors: [], revocation: { kind: 'TOKEN', value: 'stolen' } });
    const seconds = (Date.parse(answer?.revocation?.until ?? '') - Date.now()) / 1000;
    expect(seconds).toBeGreaterThan(1000);
    expect(seconds).toBeLessThan(1030);
    expect(auth.isRevoked(caller)).toBe(true);
    await expect(auth.authenticate(token, '192.0.2.1')).rejects.toThrow(AuthenticationFailed);
    const rows = (await log({ filter: { objectId: 'stolen' } }))?.nodes;
    expect(rows).toHaveLength(1);
    expect(rows?.[0]).toMatchObject({
      actor: 'admin-1', role: 'ADMIN', operation: 'tokenRevoke', objectType: 'TokenRevocation', before: null,
      reason: 'Lost by [redacted]', requestId: 'req-1', result: 'DONE', hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('stops a subject of its own tenant only', async () => {
    await revoke({ subject: 'both', reason: 'left the company' });
    await expect(auth.authenticate(await key.token({ sub: 'both' }), '192.0.2.2')).rejects.toThrow(AuthenticationFailed);
    expect(await auth.authenticate(await key.token({ sub: 'both', tenant: 'green' }), '192.0.2.3')).toMatchObject({ tenantId: 2 });
  });

  it('said twice, keeps one revocation with the later end', async () => {
    const first = await revoke({ tokenId: 'twice', reason: 'first' });
    const second = await revoke({ tokenId: 'twice', reason: 'second' });
    expect(Date.parse(second?.revocation?.until ?? '')).toBeGreaterThanOrEqual(Date.parse(first?.revocation?.until ?? ''));
    const { rows } = await database.appPool.query(`select reason from revoked_token where value = 'twice'`);
    expect(rows).toEqual([{ reason: 'second' }]);
  });

  it.each([
    ['neither token nor subject', { reason: 'why not' }, ['input']],
    ['both', { tokenId: 'a', subject: 'b', reason: 'why not' }, ['input']],
    ['a blank in the id', { tokenId: 'a b', reason: 'why not' }, ['input', 'tokenId']],
    ['an id too long', { subject: 'x'.repeat(201), reason: 'why not' }, ['input', 'subject']],
    ['no reason to speak of', { tokenId: 'a', reason: ' x ' }, ['input', 'reason']],
    ['U+0000 in the reason', { tokenId: 'a', reason: 'abc\u0000def' }, ['input', 'reason']],
    ['half a character in the reason', { tokenId: 'a', reason: 'abc\ud800' }, ['input', 'reason']],
  ])('refuses %s, stores nothing, and leaves an audit row', async (_, input, path) => {
    const count = async (): Promise<unknown> => (await database.appPool.query('select count(*) from revoked_token')).rows;
    const before = await count();
    expect(await revoke(input)).toMatchObject({ revocation: null, errors: [{ code: 'INVALID_INPUT', path }] });
    expect(await count()).toEqual(before);
    expect((await log({ first: 1 }))?.nodes[0]).toMatchObject({ result: 'REFUSED', after: '{"errorCode":"INVALID_INPUT"}' });
  });

  it.each<[string, string, readonly Role[]]>([
    ['tokenRevoke', REVOKE, ['ADMIN']],
    ['auditLog', LOG, ['ADMIN', 'AUDITOR']],
  ])('%s is for its roles alone', async (_, source, admitted) => {
    const roles: Role[] = ['SUBSCRIBER', 'CRM_AGENT', 'PARTNER', 'CATALOG_MANAGER', 'FINANCE', 'NETWORK', 'AUDITOR', 'ADMIN', 'CHANNEL', 'ANONYMOUS'];
    for (const role of roles) {
      const { code } = await ask(role, source, { input: { tokenId: 'role', reason: 'role test' } });
      expect([role, code]).toEqual([role, admitted.includes(role) ? undefined : role === 'ANONYMOUS' ? 'UNAUTHENTICATED' : 'FORBIDDEN']);
    }
  });

  it('pages the newest first, of the own tenant only, by filter', async () => {
    const write = (objectId: string, tenantId: number): Promise<bigint> => inTransaction(database.appPool, (tx) => recordAudit(tx, {
      tenantId, actor: 'finance-1', role: 'FINANCE', operation: 'bucketAdjust', objectType: 'Bucket', objectId, requestId: 'r', result: 'DONE',
    }));
    // More than nine, because as texts 9 comes after 10.
    for (let id = 1; id <= 11; id += 1) await write(`${id}`, 2);
    await write('12', 1);
    const filter = { operation: 'bucketAdjust', actor: 'finance-1', result: 'DONE', from: '2020-01-01T00:00:00Z', until: '9999-01-01T00:00:00Z' };
    const one = await log({ filter, first: 3 }, 2);
    expect(one?.nodes.map((row) => row.objectId)).toEqual(['11', '10', '9']);
    expect(one?.pageInfo.hasNextPage).toBe(true);
    const two = await log({ filter, first: 100, after: one?.pageInfo.endCursor }, 2);
    expect(two?.nodes.map((row) => row.objectId)).toEqual(['8', '7', '6', '5', '4', '3', '2', '1']);
    expect(two?.pageInfo.hasNextPage).toBe(false);
    expect((await log({ filter }))?.nodes.map((row) => row.objectId)).toEqual(['12']);
    expect((await log({ filter: { ...filter, until: '2020-01-01T00:00:00Z' } }, 2))?.nodes).toEqual([]);
  });

  it.each([
    ['a cursor of another list', { after: Buffer.from('~charge:1').toString('base64url') }],
    ['a forged cursor', { after: Buffer.from('~auditRecord:1x').toString('base64url') }],
    ['U+0000 in a filter', { filter: { actor: 'a\u0000' } }],
  ])('refuses %s', async (_, variables) => {
    expect((await ask('AUDITOR', LOG, variables)).code).toBe('BAD_USER_INPUT');
  });

  it('leaves chains that verify', async () => {
    expect((await verifyAuditChain(database.appPool, 1)).brokenAt).toBeNull();
    expect(await verifyAuditChain(database.appPool, 2)).toEqual({ rows: 11n, brokenAt: null });
  });
});
