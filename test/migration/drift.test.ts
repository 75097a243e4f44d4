import 'reflect-metadata';
import { ownerDataSource } from '../../src/platform/db/data-source';
import { migrate } from '../../src/platform/db/migrate';
import { createTestDatabase, TestDatabase } from '../support';

/** Tables that TypeORM reads and writes: the cold rooms' master data. */
const MASTER_DATA = [
  'allowance', 'billing_account', 'bundled_offering', 'customer', 'identifier', 'party', 'price', 'price_assignment', 'price_version', 'product',
  'product_offering', 'product_offering_version', 'product_suspension', 'sharing_group', 'sharing_group_member', 'tax_rate', 'tenant',
  'usage_source',
];

describe('migrations', () => {
  let database: TestDatabase;
  beforeAll(async () => { database = await createTestDatabase(); });
  afterAll(() => database.dispose());

  /** What TypeORM would change so that the database fits the entities. */
  async function differences(): Promise<string[]> {
    const source = await ownerDataSource(database.ownerUrl).initialize();
    try {
      return (await source.driver.createSchemaBuilder().log()).upQueries.map(({ query }) => query);
    } finally {
      await source.destroy();
    }
  }

  it('leave nothing for the entities to change', async () => {
    expect(await differences()).toEqual([]);
  });

  it('have an entity for every table of master data', async () => {
    const source = await ownerDataSource(database.ownerUrl).initialize();
    const tables = source.entityMetadatas.map(({ tableName }) => tableName);
    await source.destroy();
    expect(tables).toEqual(expect.arrayContaining(MASTER_DATA));
  });

  it('are done once, whoever comes second', async () => {
    expect(await Promise.all([migrate(database.ownerUrl), migrate(database.ownerUrl)])).toEqual([[], []]);
  });

  it('are refused by a program that is older than the database', async () => {
    await database.ownerPool.query("insert into migration (timestamp, name) values (9999999999999, 'FromTheFuture9999999999999')");
    await expect(migrate(database.ownerUrl)).rejects.toThrow(/^The database was migrated by another version .*FromTheFuture/);
  });

  // Last, because each leaves its difference in the file's own database.
  it.each([
    ['a lost index', 'drop index identifier_root_idx', 'identifier_root_idx'],
    ['a lost check', 'alter table billing_account drop constraint billing_account_limit_check', 'billing_account_limit_check'],
    ['a lost exclusion', 'alter table identifier drop constraint identifier_owner_excl', 'identifier_owner_excl'],
    ['a lost foreign key', 'alter table customer drop constraint customer_party_fk', 'customer_party_fk'],
    ['a column nobody declared', 'alter table party add column nickname text', 'nickname'],
  ])('would be seen to have %s', async (_, planted, name) => {
    await database.ownerPool.query(planted);
    expect((await differences()).join('\n')).toContain(name);
  });
});
