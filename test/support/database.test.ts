import { createTestDatabase } from './database';

describe('test databases', () => {
  it('are independent copies of the template', async () => {
    const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase({ seeded: true })]);
    await one.ownerPool.query('create table only_in_one ()');
    const found = await two.ownerPool.query("select to_regclass('only_in_one') as there");
    expect(found.rows).toEqual([{ there: null }]);
    await one.dispose();
    await two.dispose();
  });

  it('run on the asked major version', async () => {
    const database = await createTestDatabase();
    const { rows } = await database.ownerPool.query<{ major: string }>(
      "select current_setting('server_version_num')::int / 10000 || '' as major",
    );
    expect(rows[0].major).toBe(process.env.TRIBUTARY_TEST_PG ?? '18');
    await database.dispose();
  });

  it('refuse to go quietly where a connection was not given back', async () => {
    const database = await createTestDatabase();
    const leaked = await database.ownerPool.connect();
    leaked.on('error', () => undefined);
    await expect(database.dispose()).rejects.toThrow(/not ended: test owner/);
    leaked.release(true);
  });
});
