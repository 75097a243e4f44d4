import { getNamedType, isInputObjectType, lexicographicSortSchema, printSchema } from 'graphql';
import { createPool } from '../../src/platform/db';
import { encodeId, isMoneyMove } from '../../src/platform/graphql';
import { databaseProbe, migrationsProbe, ServerServices } from '../../src/platform/server';
import { buildApiSchema, printApiSchema } from '../../src/schema';
import { createTestDatabase } from '../support';
import { ask, FakeAuth, startTestServer } from './server.fixture';

type TestDatabase = Awaited<ReturnType<typeof createTestDatabase>>;
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.dispose());

test('a migrated database is ready for the application role', async () => {
  expect(await databaseProbe(database.appPool).check()).toBeNull();
  expect(await migrationsProbe(database.appPool).check()).toBeNull();
});

test('a database that lacks a migration is not ready', async () => {
  await database.ownerPool.query('create table kept as select * from migration');
  await database.ownerPool.query('delete from migration where id = (select max(id) from migration)');
  expect(await migrationsProbe(database.appPool).check()).toBe('migrations are missing');
  await database.ownerPool.query('insert into migration select * from kept where id not in (select id from migration)');
  await database.ownerPool.query('drop table kept');
});

test('a node whose clock is off is not ready', async () => {
  const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 6_000);
  try {
    expect(await databaseProbe(database.appPool).check()).toMatch(/clocks/);
  } finally {
    now.mockRestore();
  }
});

test('an unreachable database makes the node not ready, in words that do not name it', async () => {
  const pool = createPool({ url: 'postgresql://nobody:secret99@127.0.0.1:1/none', max: 1, name: 'none', setRole: false });
  const server = await startTestServer({}, { probes: [databaseProbe(pool)] });
  try {
    const response = await fetch(`${server.address}/health/ready`);
    expect([response.status, await response.text()]).toEqual([503, '{"status":"not ready","checks":{"database":"failed"}}']);
  } finally {
    await server.stop();
    await pool.end();
  }
});

test('the real schema is served under the same rules', async () => {
  const services = { auth: new FakeAuth(), pool: database.appPool } as unknown as ServerServices;
  const server = await startTestServer({}, { schema: buildApiSchema(), services, probes: undefined });
  try {
    const unknown = 'query ($id: ID!) { node(id: $id) { id } }';
    for (const id of ['', 'x', encodeId('Voucher', 'none'), Buffer.from('Nonsense:1').toString('base64url')]) {
      expect(await ask(server, unknown, { variables: { id } })).toMatchObject({ status: 200, data: { node: null }, errors: [] });
    }
    expect(await ask(server, unknown, { variables: { id: 'x' }, token: null })).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    const ready = await fetch(`${server.address}/health/ready`);
    expect(await ready.json()).toEqual({ status: 'ready', checks: { database: 'ok', migrations: 'ok' } });
  } finally {
    await server.stop();
  }
});

test('a mutation that takes an idempotency key is marked as a money move', () => {
  const mutations = Object.values(buildApiSchema().getMutationType()?.getFields() ?? {});
  const keyed = mutations.filter(({ args }) => args.map(({ type }) => getNamedType(type)).some(
    (type) => isInputObjectType(type) && 'idempotencyKey' in type.getFields(),
  ));
  expect(keyed.filter((mutation) => !isMoneyMove(mutation)).map(({ name }) => name)).toEqual([]);
});

test('the schema is printed sorted', () => {
  const schema = buildApiSchema();
  expect(printApiSchema()).toBe(`${printSchema(lexicographicSortSchema(schema))}\n`);
});
