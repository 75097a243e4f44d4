import 'reflect-metadata';
import { ownerDataSource } from '../../src/platform/db/data-source';
import { migrate } from '../../src/platform/db/migrate';
import { createTestDatabase, TestDatabase } from '../support';

describe('migrations', () => {
  let database: TestDatabase;
  beforeAll(async () => { database = await createTestDatabase(); });
  afterAll(() => database.dispose());

  it('leave nothing for the entities to change', async () => {
    const source = await ownerDataSource(database.ownerUrl).initialize();
    try {
      expect(source.entityMetadatas.length).toBeGreaterThan(0);
      const { upQueries } = await source.driver.createSchemaBuilder().log();
      expect(upQueries.map(({ query }) => query)).toEqual([]);
    } finally {
      await source.destroy();
    }
  });

  it('are done once, whoever comes second', async () => {
    expect(await Promise.all([migrate(database.ownerUrl), migrate(database.ownerUrl)])).toEqual([[], []]);
  });

  it('are refused by a program that is older than the database', async () => {
    await database.ownerPool.query("insert into migration (timestamp, name) values (9999999999999, 'FromTheFuture9999999999999')");
    await expect(migrate(database.ownerUrl)).rejects.toThrow(/^The database was migrated by another version .*FromTheFuture/);
  });
});
