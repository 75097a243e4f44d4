import { DISTRIBUTION } from '../../src/platform/db/distribution.plan';
import { distribute, keysOf, mayStay } from '../../src/platform/db/distribute';
import { createTestDatabase, runTributary, TestDatabase } from '../support';

let db: TestDatabase;
beforeAll(async () => { db = await createTestDatabase(); });
afterAll(() => db.dispose());

const tablesOf = async (): Promise<string[]> => (await db.ownerPool.query<{ name: string }>(`
  select relname as name from pg_class where relkind in ('r', 'p') and relnamespace = current_schema()::regnamespace`))
  .rows.map(({ name }) => name);

interface Key { table: string; name: string; kind: string; columns: string[] }

/** Primary, unique and exclusion keys with their columns in order. */
const uniqueKeys = async (): Promise<Key[]> => (await db.ownerPool.query<Key>(`
  select c.relname as table, i.relname as name, case when x.indisprimary then 'primary' else 'unique' end as kind,
         array(select a.attname::text from unnest(x.indkey::int2[]) with ordinality k(number, place)
                 join pg_attribute a on a.attrelid = c.oid and a.attnum = k.number order by k.place) as columns
    from pg_index x join pg_class c on c.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
   where c.relnamespace = current_schema()::regnamespace and (x.indisunique or x.indisexclusion)`)).rows;

const byShard = Object.entries(DISTRIBUTION).flatMap(([table, spread]) =>
  (spread.kind === 'DISTRIBUTED' && spread.by === 'shard' ? [table] : []));

describe('the plan of the spread', () => {
  it('has every table of the schema, and no other', async () => {
    expect(Object.keys(DISTRIBUTION).sort()).toEqual((await tablesOf()).sort());
  });

  it('has every table with a column shard that does not live by a value of its own', async () => {
    const { rows } = await db.ownerPool.query<{ name: string }>(`
      select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'shard'
       where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace`);
    // Found by a device's number, or held under the lock of an area: the shard only says where the owner lives.
    const elsewhere = ['identifier', 'slice_device', 'slice_reservation'];
    expect([...byShard, ...elsewhere].sort()).toEqual(rows.map(({ name }) => name).sort());
  });

  it('names columns that exist and may not be null', async () => {
    for (const [table, spread] of Object.entries(DISTRIBUTION)) {
      if (spread.kind !== 'DISTRIBUTED') continue;
      const { rows } = await db.ownerPool.query(
        'select attnotnull as needed from pg_attribute where attrelid = $1::regclass and attname = $2', [table, spread.by]);
      expect({ table, rows }).toEqual({ table, rows: [{ needed: true }] });
    }
  });

  it('puts a table of its own name first in every group', () => {
    const first = new Map<string, string>();
    for (const [table, spread] of Object.entries(DISTRIBUTION)) {
      if (spread.kind === 'DISTRIBUTED' && !first.has(spread.group)) first.set(spread.group, table);
    }
    expect([...first].filter(([group, table]) => group !== table)).toEqual([]);
  });
});

describe('the keys of the schema', () => {
  it('start with shard on every table that lives by it', async () => {
    const keys = (await uniqueKeys()).filter(({ table }) => byShard.includes(table));
    expect(keys.length).toBeGreaterThanOrEqual(byShard.length);
    expect(keys.filter(({ columns }) => columns[0] !== 'shard')).toEqual([]);
    expect(new Set(keys.filter(({ kind }) => kind === 'primary').map(({ table }) => table)).size).toBe(byShard.length);
  });

  it('contain the column that the table is spread by: no machine could check the others', async () => {
    const missing = (await uniqueKeys()).filter(({ table, columns }) => {
      const spread = DISTRIBUTION[table];
      return spread?.kind === 'DISTRIBUTED' && !columns.includes(spread.by);
    });
    expect(missing).toEqual([]);
  });

  it('between tables of one group start with shard at both ends', async () => {
    const keys = (await keysOf(db.ownerPool, byShard)).filter(({ references }) => byShard.includes(references));
    expect(keys.map(({ name }) => name)).toEqual(expect.arrayContaining(['product_account_fk', 'price_assignment_product_fk']));
    expect(keys.filter(({ definition }) => !/^FOREIGN KEY \(shard, .*REFERENCES \w+\(shard, /.test(definition))).toEqual([]);
  });

  it('none points at a charge or an entry', async () => {
    expect((await keysOf(db.ownerPool, ['charge', 'entry']))).toEqual([]);
  });

  it('leave the spread only where they name a table that stays whole', async () => {
    const dropped = (await keysOf(db.ownerPool, Object.keys(DISTRIBUTION))).filter((key) => !mayStay(key));
    expect([...new Set(dropped.map(({ references }) => references))]).toEqual(['tenant']);
  });
});

describe('tributary db distribute', () => {
  it('changes nothing where the extension is missing', async () => {
    const before = await keysOf(db.ownerPool, Object.keys(DISTRIBUTION));
    expect(await distribute(db.ownerUrl)).toEqual({ kind: 'NO_EXTENSION' });
    expect(await keysOf(db.ownerPool, Object.keys(DISTRIBUTION))).toEqual(before);
  });

  it('says so in one sentence, ends with 1, and speaks JSON when asked', async () => {
    const env = { DATABASE_URL: db.ownerUrl, TRIBUTARY_DEMO: '1', TRIBUTARY_TEST: '1' };
    expect(await runTributary(['db', 'distribute'], env)).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^The database has no extension citus: .*\n$/) });
    expect(await runTributary(['db', 'distribute', '--json'], env)).toMatchObject({ code: 1, out: '{"kind":"NO_EXTENSION"}\n', err: '' });
  });
});
