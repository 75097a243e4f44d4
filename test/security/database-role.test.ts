import { createTestDatabase, TestDatabase } from '../support';

/** What the running product may do to its own database, tried as the role that it works as. */
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ seeded: true });
});
afterAll(() => database.dispose());

const DENIED = { code: '42501' };
/** Tables whose rows are never changed, beside what else may not be taken away. */
const KEPT = ['entry', 'charge', 'request', 'audit_log', 'price_version', 'allowance', 'customer_bill', 'customer_bill_line',
  'bill_tax_item', 'bill_period', 'document_number', 'issued_document', 'credit_note', 'credit_note_line', 'journal', 'journal_line', 'bill_payment', 'payment_allocation', 'deferral'] as const;

async function firstColumn(table: string): Promise<string> {
  const { rows } = await database.ownerPool.query<{ name: string }>(
    'select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum', [table]);
  return rows[0]!.name;
}

describe.each(KEPT)('%s', (table) => {
  test.each(['update', 'delete', 'truncate'])('refuses %s', async (verb) => {
    const column = await firstColumn(table);
    const text = { update: `update ${table} set ${column} = ${column}`, delete: `delete from ${table}`, truncate: `truncate ${table}` }[verb]!;
    await expect(database.appPool.query(text)).rejects.toMatchObject(DENIED);
    await expect(database.hotPool.query(text)).rejects.toMatchObject(DENIED);
  });
});

test('the trial was one: the owner may', async () => {
  const column = await firstColumn('charge');
  await expect(database.ownerPool.query(`update charge set ${column} = ${column}`)).resolves.toBeDefined();
});

test('it owns nothing, and has no privilege that makes or takes away anything', async () => {
  const owned = await database.appPool.query(`
    select c.relname from pg_class c where pg_get_userbyid(c.relowner) = 'tributary_app'
     union all select p.proname from pg_proc p where pg_get_userbyid(p.proowner) = 'tributary_app'
     union all select n.nspname from pg_namespace n where pg_get_userbyid(n.nspowner) = 'tributary_app'
     union all select d.datname from pg_database d where pg_get_userbyid(d.datdba) = 'tributary_app'`);
  expect(owned.rows).toEqual([]);
  const { rows } = await database.appPool.query(`
    select rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls from pg_roles where rolname = 'tributary_app'`);
  expect(rows).toEqual([{ rolsuper: false, rolcreaterole: false, rolcreatedb: false, rolreplication: false, rolbypassrls: false }]);
  const truncatable = await database.appPool.query(`
    select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind in ('r', 'p') and has_table_privilege('tributary_app', c.oid, 'truncate')`);
  expect(truncatable.rows).toEqual([]);
});

test.each([
  ['a table', 'create table mine (x int)'],
  ['a function', `create function mine() returns int language sql as 'select 1'`], ['a schema', 'create schema mine'],
  ['a role', 'create role mine'], ['a trigger', 'create trigger mine before update on charge for each row execute function suppress_redundant_updates_trigger()'],
  ['an extension', 'create extension pgcrypto'], ['a column', 'alter table charge add column mine int'], ['an end of a table', 'drop table charge'],
  ['a file', `copy charge to '/tmp/mine'`], ['a program', `copy charge to program 'cat'`],
])('it cannot make %s', async (_what, text) => {
  await expect(database.appPool.query(text)).rejects.toMatchObject({ code: expect.stringMatching(/^(42501|2BP01)$/) });
});

test('it cannot give itself a right', async () => {
  // PostgreSQL only warns that nothing was granted.
  await database.appPool.query('grant update on charge to tributary_app');
  const { rows } = await database.ownerPool.query(`select has_table_privilege('tributary_app', 'charge', 'update') as may`);
  expect(rows).toEqual([{ may: false }]);
});

test('functions that run as their owner name their search path', async () => {
  const { rows } = await database.ownerPool.query(`
    select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where n.nspname = 'public' and p.prosecdef and not coalesce(p.proconfig::text like '%search_path%', false)`);
  expect(rows).toEqual([]);
});
